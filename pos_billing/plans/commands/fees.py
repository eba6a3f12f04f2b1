"""Fees and their prices through time."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pos_billing.facts.days import as_days, change_from
from pos_billing.facts.errors import Refused, refuse_invalid
from pos_billing.facts.history import recorded
from pos_billing.plans.commands.checks import locked, sane_day
from pos_billing.plans.losses import losses_warned
from pos_billing.plans.models import Plan, Price, UsageFee
from pos_billing.plans.pricing import NewFee, flat_terms, metered_terms, new_fee


def fee_add(
    plan: Plan,
    *,
    name: str,
    metric: str = "",
    cents: int = 0,
    included: int = 0,
    tiers: Iterable[Mapping[str, Any]] = (),
    day: date,
    by: str,
    why: str,
) -> UsageFee:
    """Add a fee to the plan, with its price from ``day`` on: flat ``cents`` a month, or metered.

    Subjects that have the plan already are charged it from that day. Raises ``Refused`` for a name the plan has, an
    unknown metric, bad tiers, and for Unbilled, which has no fees. Warns of what then loses money.
    """
    given = {"name": name, "metric": metric, "cents": cents, "included": included, "tiers": list(tiers)}
    fee = new_fee(given)
    sane_day("day", day)
    with recorded("fee_add", by=by, why=why), losses_warned(plan, day, "cents"):
        return fee_make(locked(plan), fee, day)


def fee_make(plan: Plan, fee: NewFee, day: date) -> UsageFee:
    """Make a checked fee of a locked plan, inside the caller's command."""
    if plan.placeholder:
        raise Refused(
            "plan", "Unbilled has no fees: it says that no plan was chosen yet.", code="unbilled_without_fees"
        )
    row = UsageFee(plan=plan, name=fee.name, metric=fee.metric)
    refuse_invalid(row)
    row.save(force_insert=True)
    Price.objects.create(fee=row, days=as_days(day), **fee.terms.values)
    return row


def price_change(
    fee: UsageFee,
    *,
    day: date,
    cents: int | None = None,
    included: int | None = None,
    tiers: Iterable[Mapping[str, Any]] | None = None,
    until: date | None = None,
    by: str,
    why: str,
) -> Price:
    """The fee costs something else from ``day`` until ``until`` (``None``: the next change that is known).

    A flat fee takes ``cents``; a metered one ``included`` and ``tiers``, of which the one left out stays as it was on
    ``day``. Months that were billed are adjusted by the next run. Returns the price of ``day``. Warns of what then
    loses money: this plan, or on the platform the Partners' plans on it.
    """
    sane_day("day", day)
    if until is not None:
        sane_day("until", until)
    with recorded("price_change", by=by, why=why), losses_warned(fee.plan, day, "tiers" if fee.metric else "cents"):
        row = locked(fee)
        if not row.metric:
            if cents is None or included is not None or tiers is not None:
                raise Refused("cents", f"{row} is a flat fee: give its cents a month.", code="flat_price_needs_cents")
            terms = flat_terms(cents)
        else:
            if cents is not None or (included is None and tiers is None):
                raise Refused(
                    "tiers",
                    f"{row} is metered: give the included quantity, the tiers, or both.",
                    code="metered_price_needs_tiers",
                )
            before = row.prices.filter(days__contains=day).first() or row.prices.order_by("days").first()
            terms = metered_terms(
                before.included if included is None and before else included,
                before.tiers if tiers is None and before else tiers or (),
            )
        change_from(Price, {"fee": row}, day, terms.values, until=until)
        return row.prices.get(days__contains=day)
