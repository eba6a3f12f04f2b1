"""Verb: plans as Stripe's products, so that its reports speak of the same things as ours."""

from collections.abc import Iterable

from pos_billing.collection.models import PlanProduct
from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe import keys
from pos_billing.collection.stripe.installation import owner
from pos_billing.plans.models import Plan


def products_sync(
    stripe_account: str, plan_ids: Iterable[int] | None = None, *, selling: bool = False
) -> dict[int, str]:
    """Tell Stripe of plans that it does not know, or knows by another name or as still sold.

    ``plan_ids``: these alone; otherwise all of the current Seller's. Returns the product of each plan. A product has
    the id that we give it: to tell Stripe twice is harmless. Plans that Stripe knows well cost no call.
    ``selling``: they are about to stand on an invoice. Stripe sells no archived product, and an archived plan is still
    billed for its last month: its product is active until the next telling of all plans.
    """
    plans = Plan.objects.filter(placeholder=False)
    if plan_ids is not None:
        plans = plans.filter(pk__in=list(plan_ids))
    told = {row.plan_id: row for row in PlanProduct.objects.filter(stripe_account=stripe_account, plan__in=plans)}
    ours, products = owner(), {}
    for plan in plans.order_by("pk"):
        active = selling or plan.archived_on is None
        known = told.get(plan.pk)
        product = known.product_id if known else keys.product_id(ours, plan.pk)
        if known is None or (known.name, known.active) != (plan.name, active):
            stripe_api.product_save(
                product,
                name=plan.name,
                active=active,
                stripe_account=stripe_account,
                metadata={**ours.metadata, keys.PLAN: str(plan.pk)},
            )
            PlanProduct.objects.update_or_create(
                plan=plan,
                stripe_account=stripe_account,
                defaults={"product_id": product, "name": plan.name, "active": active},
            )
        products[plan.pk] = product
    return products


def products_forget(stripe_account: str) -> None:
    """Believe no longer what Stripe was told of plans: the next invoice tells it again."""
    PlanProduct.objects.filter(stripe_account=stripe_account).delete()
