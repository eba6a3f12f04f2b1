"""Charging cards: collect, charge, try again, reconcile."""
