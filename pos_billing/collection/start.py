"""What collection connects when Django starts."""


def connect() -> None:
    """Cure dj-stripe, listen to its webhooks, and put jobs into the queue when something happens."""
    from pos_billing.collection import jobs, webhooks  # noqa: F401  (they connect their receivers)
    from pos_billing.collection.stripe import djstripe_patches

    djstripe_patches.apply()
