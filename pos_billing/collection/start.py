"""What collection connects when Django starts."""


def connect() -> None:
    """Cure dj-stripe, listen to its webhooks, and put jobs into the queue when something happens."""
    from pos_billing.collection import (
        djstripe_cures,
        jobs,  # noqa: F401  (connects its receivers)
        webhooks,  # noqa: F401  (connects its receivers)
    )

    djstripe_cures.apply()
