"""Cures for what dj-stripe 2.11 does wrong (measured; see docs/going-live-with-stripe.md). Applied once, at start.

1. Objects of connected accounts are kept as the platform's own: dj-stripe turns them into plain dictionaries before it
   reads whose they are. While an event of a connected account is worked on, that account owns what is stored, and what
   is asked of Stripe is asked of that account.
2. Two events of one object that are worked on at the same time overwrite each other, and an older state can win for
   good: they wait for each other on an advisory lock (`webhooks`).
3. With DEBUG on, a header lets anybody choose the secret that signatures are checked with, and an endpoint's row can
   switch the check off: neither is listened to (`webhooks`).
"""

from contextvars import ContextVar
from typing import Any

from djstripe.models import Account
from djstripe.models.base import StripeModel

_account: ContextVar[str] = ContextVar("pos_billing_stripe_account", default="")


def work_for(account_id: str) -> None:
    """From now on, in this thread, dj-stripe works for this account (``""``: the platform's)."""
    _account.set(account_id)


def apply() -> None:
    """Put the cures in the place of dj-stripe's methods. Doing it twice does nothing."""
    if getattr(StripeModel, "_pos_billing_cured", False):
        return
    to_record = StripeModel._stripe_object_to_record.__func__
    retrieve = StripeModel.api_retrieve

    def _stripe_object_to_record(cls: type[StripeModel], data: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """dj-stripe's own, with the owner that the object really has."""
        owner = kwargs.get("stripe_account") or getattr(data, "stripe_account", None) or _account.get()
        record: dict[str, Any] = to_record(cls, data, *args, **kwargs)
        if owner and cls is not Account and "djstripe_owner_account" in record:
            record["djstripe_owner_account"] = Account._get_or_retrieve(
                id=str(owner), **({"api_key": kwargs["api_key"]} if kwargs.get("api_key") else {})
            )
        return record

    def api_retrieve(self: StripeModel, api_key: str | None = None, stripe_account: str | None = None) -> Any:
        """dj-stripe's own, asking the account that the event came from unless another is named."""
        if not stripe_account and not isinstance(self, Account):
            stripe_account = _account.get() or None
        return retrieve(self, api_key=api_key, stripe_account=stripe_account)

    StripeModel._stripe_object_to_record = classmethod(_stripe_object_to_record)
    StripeModel.api_retrieve = api_retrieve
    StripeModel._pos_billing_cured = True
