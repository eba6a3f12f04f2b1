"""Plan types of the Portal beside our plans: differences are told, with what to do, and nothing is changed."""

from datetime import date

import pytest

from pos_billing.partner_api.kinds import FindingOutcome, Kind
from pos_billing.plans.commands import plan_archive, plan_create
from pos_billing.plans.models import Price
from pos_billing.sellers.schemas import in_seller
from pos_billing.sync.plan_types import cents_of

SAID = {"by": "tests", "why": "a plan"}


@pytest.mark.parametrize(
    ("price", "unit", "cents"),
    [
        ("11000", "cents", 11000),
        ("11000.0", "cents", 11000),
        ("110.5", "cents", None),
        ("0", "cents", 0),
        ("110", "dollars", 11000),
        ("110.5", "dollars", 11050),
        ("110.50", "dollars", 11050),
        ("0.01", "dollars", 1),
        ("110.500", "dollars", 11050),
        ("110.505", "dollars", None),
        ("-1", "dollars", None),
        ("1,000", "dollars", None),
        ("", "cents", None),
        ("1e3", "cents", None),
        ("10000000.00", "dollars", 1_000_000_000),
    ],
)
def test_a_price_becomes_whole_cents_or_nothing(price, unit, cents):
    assert cents_of(price, unit) == cents


@pytest.fixture
def plan(synced):
    return plan_create(
        name="Production 110",
        environments=["production"],
        begins="first_custom_domain",
        timing="arrears",
        granted_to_all=True,
        fees=[{"name": "Hosting", "cents": 11000}],
        external_id="7",
        from_day=date(2018, 1, 1),
        **SAID,
    )


def plan_type(**values):
    return {"id": 7, "name": "Production 110", "code": "p", "price": 11000, "currency": "USD"} | values


def said(synced, *plan_types, **settings):
    for partner in synced.portal.partners.values():
        partner["instance_billing_plan_types"] = list(plan_types)
    report = synced.sync(**settings)
    assert {(entry.kind, entry.outcome) for entry in report.entries} <= {
        (Kind.PLAN_TYPE_DIFFERS, FindingOutcome.ATTENTION)
    }
    return [(entry.subject, entry.text) for entry in report.entries]


def test_what_agrees_is_not_mentioned(synced, plan):
    assert said(synced, plan_type()) == []
    assert said(synced, plan_type(price="110.00"), price_unit="dollars") == []


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"price": 12000}, "It costs $120.00 a month in the Portal and $110.00 here."),
        ({"price": 110.0}, "It costs $1.10 a month in the Portal and $110.00 here."),
        ({"price": "a lot"}, "Its price 'a lot' is not a price in cents."),
        ({"name": "Production 120"}, "It is called Production 110 here."),
        ({"currency": "aud"}, "Its currency is AUD; only USD is billed."),
    ],
)
def test_a_difference_is_told_once_for_all_partners_and_changes_nothing(synced, plan, values, text):
    ((_, told),) = said(synced, plan_type(**values))
    assert told == text
    assert Price.objects.get(fee__plan=plan).cents == 11000


def test_an_unknown_plan_type_is_told_for_each_partner(synced):
    assert said(synced, plan_type(id=8)) == [
        ("plan type Production 110 (8) of Agency One", "No plan here has its id."),
        ("plan type Production 110 (8) of Agency Two", "No plan here has its id."),
    ]


def test_an_archived_plan_that_is_still_offered(synced, plan):
    plan_archive(plan, day=date(2019, 1, 1), **SAID)
    assert said(synced, plan_type()) == [
        ("plan type Production 110 (7)", "The Portal still offers it; Production 110 is archived here.")
    ]


def test_a_partners_own_plan_is_looked_for_in_its_schema(synced, plan):
    with in_seller("agency_one"):
        plan_create(
            name="Shop",
            parent=plan.pk,
            environments=["production"],
            begins="first_custom_domain",
            timing="arrears",
            granted_to_all=True,
            fees=[{"name": "Hosting", "cents": 15000}],
            external_id="9",
            from_day=date(2018, 1, 1),
            **SAID,
        )
    ours = plan_type(id=9, name="Shop", price=15000)
    assert said(synced, ours) == [("plan type Shop (9) of Agency Two", "No plan here has its id.")]
