"""Billing of platformOS Instances: a statement is the difference between what is due and what has been billed."""

__version__ = "0.1.0"
