"""What this package tells those who listen."""

from django.dispatch import Signal

money_moved = Signal()
"""Sent inside the transaction that moved money: ``account``, ``statement_ids`` that it concerns, ``on`` (the day)."""

step_done = Signal()
"""Sent after each step of a collection is stored and before the next begins: ``step``, ``statement_id``.

Tests end the process here.
"""

card_added = Signal()
"""Sent inside the transaction that gave an ``account`` another card to charge; ``statement_ids`` wait for it."""

collection_wanted = Signal()
"""Sent inside a transaction after which ``statement_ids`` should be collected, or looked at again, at once."""
