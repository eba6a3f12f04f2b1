"""What rates the past anew is shown before it is saved, on both sides, with profit, by client and Instance; what may
be done but should be known first is confirmed."""

from datetime import date

import pytest

from pos_billing.plans.commands import fee_add, plan_create, plan_grant, price_change
from pos_billing.plans.models import Account, Assignment, Plan, Price, SellerSettings
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.run import preview_of
from tests.web import scenario
from tests.web.two_steps import saved, shown, token_of

HOME, SELLING = "/dashboard/billing/", "/admin/billing/selling/"
NOTED = {"by": "tests", "why": "as agreed"}
TERMS = {"name": "Business", "description": "", "granted_to_all": "on"}


@pytest.fixture(autouse=True)
def today(it_is):
    """It is 20 March 2019 for every page."""
    it_is(date(2019, 3, 20))


@pytest.fixture
def owner(example, client_for, member):
    return client_for("agency_one", user=member("agency_one", "owner"))


@pytest.fixture
def finance(example, client_for, staff):
    return client_for("public", user=staff)


def billed(example) -> None:
    """Statements of 1 February and 1 March."""
    scenario.bill_both(example.partner, date(2019, 2, 1))
    scenario.bill_both(example.partner, date(2019, 3, 1))


def test_begins_of_a_plan_in_use_is_shown_before_it_is_saved(owner, example):
    billed(example)
    plan = example.plans["own"]
    asked = {
        **TERMS,
        "parent": example.plans["parent"].pk,
        "environments": ["production"],
        "begins": "assignment",
        "timing": "arrears",
        "why": "From now on",
    }
    page = shown(owner, f"{HOME}plans/{plan.pk}/change/", asked)
    # What was reached back to goes: December 20 of 31 days, 96.77; January 1 to 19: 150.00 − 150.00 × 12 ÷ 31 (58.06)
    # = 91.94. Together −188.71; March (150.00) stays.
    assert "−$188.71" in page
    assert "−$96.77" in page
    assert "−$91.94" in page
    assert "the platform bills you the same as before" in page
    assert page.index('id="foreseen-card"') < page.index('for="id_name"'), "it stands above the form"
    with in_seller("agency_one"):
        assert Plan.objects.get(pk=plan.pk).begins == "first_custom_domain"
    saved(owner, f"{HOME}plans/{plan.pk}/change/", asked)
    with in_seller("agency_one"):
        assert Plan.objects.get(pk=plan.pk).begins == "assignment"
        assert preview_of("agency_one", as_of=date(2019, 4, 1)).total == 15000 - 18871


def test_a_new_name_alone_is_saved_at_once(owner, example):
    plan = example.plans["own"]
    asked = {
        **TERMS,
        "name": "Business+",
        "parent": example.plans["parent"].pk,
        "environments": ["production"],
        "begins": "first_custom_domain",
        "timing": "arrears",
        "why": "Nicer",
    }
    assert owner.post(f"{HOME}plans/{plan.pk}/change/", asked).status_code == 302


def test_further_environments_are_shown_before_they_are_saved(finance, example):
    """Staging days that the plan did not serve are charged once it does."""
    plan, shop = example.plans["parent"], example.instances["shop"]
    shop.environments.update(environment="staging")
    asked = {
        "name": plan.name,
        "description": "",
        "granted_to_all": "on",
        "environments": ["production", "staging"],
        "begins": "first_custom_domain",
        "timing": "arrears",
        "why": "Also staging",
    }
    page = shown(finance, f"{SELLING}plans/{plan.pk}/change/", asked)
    # staging is charged from the day of the assignment, 20 January: 12 of 31 days of 110.00 = 42.58; February, March.
    assert "+$42.58" in page
    assert "+$262.58" in page
    assert "Agency One" in page
    assert "the Partners bear it" in page


def test_a_fee_from_a_past_day_is_shown_before_it_is_saved(owner, example):
    plan = example.plans["own"]
    address = f"{HOME}plans/{plan.pk}/fees/add/"
    asked = {"name": "Support", "metric": "", "cents": "31", "day": "2019-01-01", "why": "Agreed"}
    page = shown(owner, address, asked)
    assert "+$93.00" in page  # January, February and March, 31.00 each
    assert "Greengrocer &amp; Sons" in page
    with in_seller("agency_one"):
        assert plan.fees.count() == 1
    saved(owner, address, asked)
    with in_seller("agency_one"):
        assert plan.fees.count() == 2


@pytest.mark.parametrize(
    ("change", "texts"),
    [
        # December (20 of 31 days, 96.77) and January (150.00) are not charged any more
        ({"floor": "2019-02-01"}, ("−$246.77", "−$96.77", "−$150.00")),
        # the Domain that began it is not custom: nothing is charged at all, December to February are given back
        ({"platform_suffixes": "greengrocer.example.com"}, ("−$546.77",)),
        ({"launch_on": "2019-06-01"}, ("come out the same",)),
    ],
)
def test_settings_that_rate_the_past_anew_are_shown_before_they_are_saved(owner, example, change, texts):
    billed(example)
    asked = {
        "time_zone": "UTC",
        "launch_on": "2019-02-01",
        "first_payment_on": "",
        "floor": "",
        "cut_off": "",
        "platform_suffixes": "",
        "why": "As agreed",
        **change,
    }
    page = shown(owner, f"{HOME}settings/charged/", asked)
    for text in texts:
        assert text in page
    with in_seller("agency_one"):
        settings = SellerSettings.objects.get()
    assert (settings.floor, settings.platform_suffixes, settings.launch_on) == (None, [], date(2019, 2, 1))
    saved(owner, f"{HOME}settings/charged/", asked, confirmed=True)
    with in_seller("agency_one"):
        assert SellerSettings.objects.filter(floor=None, platform_suffixes=[], launch_on=date(2019, 2, 1)).count() == 0


def test_a_cut_off_after_the_next_statements_is_refused_in_words(owner, example):
    asked = {"time_zone": "UTC", "cut_off": "2019-06-01", "platform_suffixes": "", "why": "x"}
    answer = owner.post(f"{HOME}settings/charged/", asked)
    assert answer.status_code == 422
    field = answer.content.decode().split('for="id_cut_off"')[1]
    assert "after the day of this run" in field


def test_an_ending_of_ones_own_is_warned_of_and_must_be_confirmed(owner, example):
    asked = {
        "time_zone": "UTC",
        "launch_on": "2019-02-01",
        "first_payment_on": "",
        "floor": "",
        "cut_off": "",
        "platform_suffixes": "greengrocer.example.com",
        "why": "Ours",
    }
    address = f"{HOME}settings/charged/"
    page = shown(owner, address, asked)
    told = "The platform goes on charging you for 1 Instance"
    assert told in page
    assert "greengrocer (www.greengrocer.example.com, since 12 Dec 2018)" in page
    unconfirmed = owner.post(address, {**asked, "save": "1", "seen": token_of(page)})
    assert unconfirmed.status_code == 200
    assert "Tick the box below" in unconfirmed.content.decode()
    with in_seller("agency_one"):
        assert SellerSettings.objects.get().platform_suffixes == []
    saved(owner, address, asked, confirmed=True)
    listed = owner.get(f"{HOME}settings/").content.decode()
    assert "The platform charges you for these Instances and your clients do not pay," in listed
    one = owner.get(f"{HOME}instances/{example.instances['shop'].pk}/").content.decode()
    assert "The platform charges you for this Instance since 12 Dec 2018" in one


def test_a_plan_below_its_cost_is_made_only_after_it_was_confirmed(owner, example):
    asked = {
        **TERMS,
        "name": "Cheap",
        "parent": example.plans["parent"].pk,
        "environments": ["production"],
        "begins": "first_custom_domain",
        "timing": "arrears",
        "cents": "100",
        "from_day": "2019-03-01",
        "why": "New",
    }
    page = shown(owner, f"{HOME}plans/new/", asked)
    # 110.00 − 100.00
    assert "Cheap bills $100.00 a month and costs you $110.00 from 1 Mar 2019 on: it loses $10.00 a month" in page
    assert "Production 110 ($110.00 a month)" in page
    with in_seller("agency_one"):
        assert not Plan.objects.filter(name="Cheap").exists()
    saved(owner, f"{HOME}plans/new/", asked, confirmed=True)
    with in_seller("agency_one"):
        assert Plan.objects.filter(name="Cheap").exists()
    listed = owner.get(f"{HOME}plans/").content.decode()
    assert 'bad-money" data-label="Earns a month">−$10.00' in listed


def test_what_was_confirmed_is_what_is_saved(owner, example):
    """A price lowered further after the warning was seen is warned of anew."""
    plan = example.plans["own"]
    with in_seller("agency_one"):
        fee = plan.fees.get()
    address = f"{HOME}plans/{plan.pk}/fees/{fee.pk}/price/"
    asked = {"cents": "105", "day": "2019-03-01", "until": "", "why": "x"}
    token = token_of(shown(owner, address, asked))
    with in_seller("public"):
        price_change(example.plans["parent"].fees.get(), day=date(2019, 3, 1), cents=13000, **NOTED)
    again = owner.post(address, {**asked, "save": "1", "seen": token, "confirmed": "1"})
    assert again.status_code == 200
    assert "costs you $130.00" in again.content.decode()
    with in_seller("agency_one"):
        assert fee.prices.count() == 1


def test_a_parents_price_names_the_partners_who_pay_more_and_the_plans_that_lose(finance, example, agency_two):
    with in_seller("agency_two"):
        plan_create(
            name="Untouched", parent=example.plans["parent"], environments=["production"], granted_to_all=True,
            fees=[{"name": "Hosting", "cents": 50000}], from_day=date(2019, 1, 1), **NOTED,
        )  # fmt: skip
    plan = example.plans["parent"]
    fee = plan.fees.get()
    asked = {"cents": "160", "day": "2019-03-01", "until": "", "why": "Costs rose"}
    address = f"{SELLING}plans/{plan.pk}/fees/{fee.pk}/price/"
    page = shown(finance, address, asked)
    # March: 160.00 − 110.00
    assert "+$50.00" in page
    partners = page.split('aria-label="By Partner"')[2].split("</table>")[0]
    assert "Agency One" in partners
    assert "+$50.00" in partners
    assert "−$50.00" in partners
    # 160.00 − 150.00
    assert "Business of Agency One bills $150.00 a month and costs it $160.00 from 1 Mar 2019 on" in page
    assert "it loses $10.00 a month on each (1 assigned)" in page
    assert "Untouched" not in page
    saved(finance, address, asked, confirmed=True)
    assert Price.objects.filter(fee=fee, cents=16000).exists()


def test_use_that_the_plan_does_not_charge_or_charges_less_is_warned_of(owner, example):
    with in_seller("public"):
        fee_add(
            example.plans["parent"], name="Calls", metric="api_calls", included=1000,
            tiers=[{"up_to": None, "cents": 200, "per": 100}], day=date(2018, 8, 1), **NOTED,
        )  # fmt: skip
    plan = example.plans["own"]
    asked = {
        "name": "Calls",
        "metric": "api_calls",
        "cents": "",
        "included": "5000",
        "tiers-0-cents": "3.00",
        "tiers-0-per": "100",
        "day": "2019-03-01",
        "why": "x",
    }
    page = shown(owner, f"{HOME}plans/{plan.pk}/fees/add/", asked)
    assert "Look at this first" not in page, "it lost as much or more before: without the fee all of it was lost"
    saved(owner, f"{HOME}plans/{plan.pk}/fees/add/", asked)
    with in_seller("agency_one"):
        fee = plan.fees.get(metric="api_calls")
    more = {"included": "20000", "tiers-0-cents": "3.00", "tiers-0-per": "100", "day": "2019-03-01", "until": "",
            "filled_for": "2019-03-01", "why": "x"}  # fmt: skip
    page = shown(owner, f"{HOME}plans/{plan.pk}/fees/{fee.pk}/price/", more)
    # 20,000 calls: nothing billed; (20,000 − 1,000) ÷ 100 × 2.00 = 380.00 paid
    assert "for 20,000 calls and costs you $380.00" in page


def test_a_metered_price_is_filled_with_what_holds_and_half_an_edit_drops_no_tier(owner, example):
    plan = example.plans["own"]
    tiers = [{"up_to": 50000, "cents": 200, "per": 100}, {"up_to": None, "cents": 100, "per": 100}]
    with in_seller("agency_one"):
        fee = fee_add(plan, name="Calls", metric="api_calls", included=1000, tiers=tiers, day=date(2019, 1, 1), **NOTED)
        price_change(fee, day=date(2019, 3, 1), tiers=[{"up_to": None, "cents": 300, "per": 100}], **NOTED)
    address = f"{HOME}plans/{plan.pk}/fees/{fee.pk}/price/"
    form = owner.get(f"{address}?day=2019-02-01").content.decode()
    for text in ('name="tiers-0-up_to" value="50000"', 'name="tiers-0-cents" value="2.00"', 'value="1000"',
                 'name="tiers-1-cents" value="1.00"', 'name="tiers-1-per" value="100"'):  # fmt: skip
        assert text in form
    assert 'name="tiers-0-cents" value="3.00"' in owner.get(address).content.decode()
    filled = {
        "included": "2000",
        "tiers-0-up_to": "50000",
        "tiers-0-cents": "2.00",
        "tiers-0-per": "100",
        "tiers-1-cents": "1.00",
        "tiers-1-per": "100",
        "filled_for": "2019-02-01",
        "day": "2019-02-01",
        "until": "",
        "why": "More included",
    }
    saved(owner, address, filled)
    with in_seller("agency_one"):
        price = fee.prices.get(days__contains=date(2019, 2, 1))
    assert (price.included, price.tiers) == (2000, tiers)


def test_another_day_shows_the_price_of_that_day_and_keeps_what_was_typed(owner, example):
    plan = example.plans["own"]
    tiers = [{"up_to": 50000, "cents": 200, "per": 100}, {"up_to": None, "cents": 100, "per": 100}]
    with in_seller("agency_one"):
        fee = fee_add(plan, name="Calls", metric="api_calls", included=1000, tiers=tiers, day=date(2019, 1, 1), **NOTED)
        price_change(fee, day=date(2019, 3, 1), tiers=[{"up_to": None, "cents": 300, "per": 100}], **NOTED)
    address = f"{HOME}plans/{plan.pk}/fees/{fee.pk}/price/"
    asked = {"included": "2000", "tiers-0-cents": "3.00", "tiers-0-per": "100", "filled_for": "2019-03-20",
             "day": "2019-02-01", "until": "", "why": "x"}  # fmt: skip
    answer = owner.post(address, asked)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "On 1 Feb 2019 another price holds." in page
    assert 'name="tiers-0-up_to" value="50000"' in page
    assert 'name="tiers-1-cents" value="1.00"' in page
    assert 'name="included" value="2000"' in page
    assert 'name="filled_for" value="2019-02-01"' in page


def test_assigning_from_a_past_day_says_until_when_it_holds_and_offers_to_replace(owner, example):
    made = scenario.instance_of(example.partner, "bakery", date(2019, 1, 1), domain="www.bakery.example.com")
    with in_seller("public"):
        payer = Account.objects.get(partner=example.partner)
        scenario.assign(made, example.plans["parent"], payer, date(2019, 1, 1))
    with in_seller("agency_one"):
        glide = scenario.plan_of("Glide", 12000, parent=example.plans["parent"])
        client = example.clients["second"]
        scenario.assign(made, Plan.objects.get(placeholder=True), None, date(2019, 1, 1), date(2019, 2, 7))
        scenario.assign(made, glide, client, date(2019, 2, 7))
        plan = Plan.objects.get(name="Business")
    shop = example.instances["shop"]
    asked = {"instance": [made.pk, shop.pk], "plan": plan.pk, "account": client.pk, "day": "2019-01-20", "until": "",
             "why": "Agreed"}  # fmt: skip
    page = shown(owner, f"{HOME}assign/", asked)
    told = "bakery: until 7 Feb 2019, then Glide, assigned 7 Feb 2019. Today it is on Glide."
    assert told in page
    assert "greengrocer: until" not in page
    first = owner.post(f"{HOME}assign/", {**asked, "save": "1", "seen": token_of(page)}, follow=True)
    assert told in first.content.decode()
    page = saved(owner, f"{HOME}assign/", {**asked, "replace_later": "on"})
    assert "It does not hold for good everywhere" not in page
    with in_seller("agency_one"):
        assert Assignment.objects.get(instance=made, days__contains=date(2019, 3, 20)).plan == plan


def test_mixed_environments_say_which_plan_serves_which_and_are_split(owner, example):
    staging = scenario.instance_of(example.partner, "bakery-staging", date(2019, 1, 1), environment="staging")
    with in_seller("agency_one"):
        scenario.plan_of("Staging 20", 2000, parent=example.plans["parent"], environments=("staging",))
        scenario.assign(staging, Plan.objects.get(placeholder=True), None, date(2019, 1, 1))
    shop = example.instances["shop"]
    page = owner.get(f"{HOME}assign/?instance={shop.pk}&instance={staging.pk}").content.decode()
    assert "No plan serves all of these environments" in page
    assert "Production: Business." in page
    assert "Staging: Staging 20." in page
    assert f'href="{HOME}assign/?instance={staging.pk}"' in page
    alone = owner.get(f"{HOME}assign/?instance={staging.pk}").content.decode()
    assert "Staging 20</option>" in alone
    assert "No plan serves" not in alone
    everything = owner.get(f"{HOME}assign/?all=1").content.decode()
    assert f'href="{HOME}assign/?all=1&amp;environment=staging"' in everything


def test_withdrawing_archiving_and_closing_say_first_who_keeps_it(finance, example):
    plan, account = example.plans["parent"], Account.objects.get(partner=example.partner)
    plan_grant(plan, account, **NOTED)
    page = saved(finance, f"{SELLING}plans/{plan.pk}/grants/{plan.grants.get().pk}/withdraw/", {"why": "Not any more"})
    assert "1 assignment of Agency One of Production 110 stays as it is." in page
    assert "Plans that stand on it cannot be assigned to anything more: Business of Agency One." in page
    assert not plan.grants.exists()
    page = shown(finance, f"{SELLING}plans/{plan.pk}/archive/", {"day": "2019-03-20", "why": "Old"})
    assert "1 assignment of Production 110 stays as it is." in page
    assert "Business of Agency One" in page
