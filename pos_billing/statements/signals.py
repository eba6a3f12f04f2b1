"""What the layers above listen to."""

from django.dispatch import Signal

statements_issued = Signal()
"""Sent once a run, in its Seller's schema and inside its transaction, when it issued at least one statement.

``schema``: the Seller; ``run``: the ``BillingRun``; ``statement_ids``: the new statements in order of number. A
receiver that raises undoes the whole run. Receivers put jobs into the same transaction (PDF, e-mail, collection).
"""
