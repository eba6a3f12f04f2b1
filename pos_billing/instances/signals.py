"""What other packages hear of the register, inside the transaction of the change."""

from django.dispatch import Signal

subjects_changed = Signal()
"""The days on which subjects exist, or whose they are, changed. ``instances`` and ``dedicated_environments`` are ids,
``by`` is who changed them. Whoever keeps something for each of those days listens (``plans.ownership``)."""
