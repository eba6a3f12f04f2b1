"""Verb: an Account as a customer of Stripe's."""

from pos_billing.collection.models import StripeCustomer
from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe import keys
from pos_billing.collection.stripe.installation import owner
from pos_billing.collection.stripe.values import StripeKeySpent
from pos_billing.plans.models import Account


def customer_of(account: Account, stripe_account: str) -> str:
    """The id of the Account's customer, made at Stripe when there is none.

    That Stripe is being asked is written down before: whoever finds that note without an id looks for a customer by
    its metadata first, because a key older than a day would make a second one.
    """
    row, begun = StripeCustomer.objects.get_or_create(account=account, stripe_account=stripe_account)
    if row.customer_id:
        return row.customer_id
    ours = owner()
    metadata = keys.customer_metadata(ours, account.pk)
    found = "" if begun else stripe_api.customer_find(metadata, stripe_account=stripe_account)
    if not found:
        key = keys.customer_key(ours, account.pk) + (f":{row.key_attempt}" if row.key_attempt else "")
        try:
            found = stripe_api.customer_create(
                name=account.name, email=account.email, metadata=metadata, key=key, stripe_account=stripe_account
            )
        except StripeKeySpent:
            StripeCustomer.objects.filter(pk=row.pk).update(key_attempt=row.key_attempt + 1)
            raise
    StripeCustomer.objects.filter(pk=row.pk).update(customer_id=found)
    return found


def account_of_customer(customer_id: str) -> Account | None:
    """The Account of the current Seller that is this customer."""
    if not customer_id:
        return None
    row = StripeCustomer.objects.filter(customer_id=customer_id).select_related("account").first()
    return row.account if row else None
