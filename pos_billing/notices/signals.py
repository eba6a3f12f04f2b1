"""What this package tells those who listen."""

from django.dispatch import Signal

notice_made = Signal()
"""Sent inside the transaction that made a ``notice``."""
