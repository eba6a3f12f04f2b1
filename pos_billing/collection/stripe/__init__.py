"""The one door to Stripe: what is asked of it, in whose name, and its objects as plain values."""
