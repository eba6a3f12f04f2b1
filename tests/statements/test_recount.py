"""The second opinion of a proof and the rules agree on every single day: a table of lives, each with its own turn."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection

from pos_billing.facts.days import change_from
from pos_billing.instances.commands import domain_add, domain_remove, placement_begin, placement_end
from pos_billing.instances.hosts import platform_pattern
from pos_billing.instances.models import EnvironmentPeriod
from pos_billing.plans.commands import (
    account_create,
    assignment_change,
    dedicated_environment_register,
    instance_transfer,
    seller_settings_change,
)
from pos_billing.plans.models import Plan, SellerSettings
from pos_billing.plans.partner_accounts import placeholder
from pos_billing.plans.queries import catalogue, dedicated_facts_of, facts_of, seller_suffixes
from pos_billing.rating.timeline import timeline
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.recount import _verdicts
from tests.statements.billing_scenario import EVERYWHERE, SAID

FIRST, LAST, AS_OF = date(2018, 12, 1), date(2019, 2, 28), date(2019, 2, 15)
DOMAIN = date(2018, 12, 12)


@pytest.fixture
def lives(scenario, agency_two):
    """What lives are made of: more plans, a second client and Partner, a server."""
    scenario.other = agency_two
    wide = scenario.plan("Wide", 5000, environments=EVERYWHERE)
    scenario.wide = scenario.plan("Wide sold", 7000, schema=scenario.schema, parent=wide, environments=EVERYWHERE)
    staging = scenario.plan("Staging", 2000, environments=["staging"])
    scenario.staging = scenario.plan(
        "Staging sold", 3000, schema=scenario.schema, parent=staging, environments=["staging"]
    )
    shop = scenario.plan("Storefront", 4000, begins="assignment")
    scenario.storefront = scenario.plan(
        "Storefront sold", 6000, schema=scenario.schema, parent=shop, begins="assignment"
    )
    server = scenario.plan("Server", 50000, environments=["dedicated"])
    scenario.server = scenario.plan(
        "Server sold", 60000, schema=scenario.schema, parent=server, environments=["dedicated"]
    )
    with in_seller(scenario.schema):
        scenario.baker = account_create(name="Baker", **SAID)
    scenario.box = dedicated_environment_register(name="box", partner=scenario.partner, created_on=FIRST, **SAID)
    return scenario


def assigned(w, plan, day, account=None, until=None):
    """The Partner assigns a plan to the Instance of the life, to Greengrocer if nobody else is named."""
    with in_seller(w.schema):
        assignment_change(w.it, plan=plan, account=account or w.client, day=day, until=until, **SAID)


def unbilled(w, day, account, until=None):
    """The Partner says who has the Instance, while no plan is chosen."""
    with in_seller(w.schema):
        assignment_change(w.it, plan=Plan.objects.get(placeholder=True), account=account, day=day, until=until, **SAID)


def on_platform(w, plan, day, until=None):
    assignment_change(w.it, plan=plan, account=None, day=day, until=until, **SAID)


def never_there(w):
    """A Domain that was removed on the day it was added, before one that stayed."""
    early = domain_add(w.it, host="never.example.com", added_on=date(2018, 12, 5), **SAID)
    domain_remove(early, day=date(2018, 12, 5), **SAID)


def placed(w, day, end=None):
    placement_begin(w.it, dedicated_environment=w.box, day=day, **SAID)
    if end is not None:
        placement_end(w.it, day=end, **SAID)


def server_billed(w, day, until=None):
    with in_seller(w.schema):
        assignment_change(w.box, plan=w.server, account=w.baker, day=day, until=until, **SAID)


def server_billed_by_the_platform_alone(w, day):
    assignment_change(w.box, plan=Plan.objects.get(pk=w.server.parent_id), account=None, day=day, **SAID)


def staged(w, day, environment="staging"):
    change_from(EnvironmentPeriod, {"instance": w.it}, day, {"environment": environment})


def floors(w, day):
    for schema in ("public", w.schema):
        with in_seller(schema):
            seller_settings_change(floor=day, **SAID)


LIVES: dict[str, list[Callable]] = {
    "nothing": [],
    "reach": [lambda w: assigned(w, w.own, date(2019, 1, 20))],
    "a domain that was never there": [never_there, lambda w: assigned(w, w.own, date(2019, 1, 20))],
    "plan on the day of reading": [lambda w: assigned(w, w.own, AS_OF)],
    "plan a day after it": [lambda w: assigned(w, w.own, AS_OF + timedelta(1))],
    "floor": [lambda w: floors(w, date(2018, 12, 20)), lambda w: assigned(w, w.own, date(2019, 1, 20))],
    "floor on the domain's day": [lambda w: floors(w, DOMAIN), lambda w: assigned(w, w.own, DOMAIN)],
    "two clients": [
        lambda w: unbilled(w, DOMAIN, w.client),
        lambda w: unbilled(w, date(2019, 1, 1), w.baker),
        lambda w: assigned(w, w.own, date(2019, 1, 20), w.baker),
    ],
    "another client in between": [
        lambda w: unbilled(w, DOMAIN, w.client),
        lambda w: unbilled(w, date(2019, 1, 1), w.baker),
        lambda w: assigned(w, w.own, date(2019, 1, 20)),
    ],
    "not known in between": [
        lambda w: unbilled(w, DOMAIN, w.client, until=date(2019, 1, 5)),
        lambda w: assigned(w, w.own, date(2019, 1, 20)),
    ],
    "client known later": [
        lambda w: unbilled(w, date(2019, 1, 5), w.client),
        lambda w: assigned(w, w.own, date(2019, 1, 20)),
    ],
    "client changes after the day of reading": [
        lambda w: unbilled(w, DOMAIN, w.client),
        lambda w: unbilled(w, AS_OF + timedelta(1), w.baker),
    ],
    "client changes on the day of reading": [
        lambda w: unbilled(w, DOMAIN, w.client),
        lambda w: unbilled(w, AS_OF, w.baker),
    ],
    "other Partner": [lambda w: instance_transfer(w.it, partner=w.other, day=date(2019, 1, 9), **SAID)],
    "other Partner and back": [
        lambda w: instance_transfer(w.it, partner=w.other, day=date(2019, 1, 9), **SAID),
        lambda w: instance_transfer(w.it, partner=w.partner, day=date(2019, 1, 19), **SAID),
        lambda w: assigned(w, w.own, date(2019, 1, 25)),
    ],
    "other Partner after the day of reading": [
        lambda w: instance_transfer(w.it, partner=w.other, day=AS_OF + timedelta(1), **SAID),
    ],
    "sold, then another Partner's": [
        lambda w: assigned(w, w.own, date(2019, 1, 3)),
        lambda w: instance_transfer(w.it, partner=w.other, day=date(2019, 1, 9), **SAID),
    ],
    "deleted on Unbilled": [lambda w: w.delete(w.it, date(2019, 1, 9))],
    "begins with its assignment": [
        lambda w: assigned(w, w.storefront, date(2019, 1, 9)),
        lambda w: assigned(w, w.own, date(2019, 2, 1)),
    ],
    "begins with its assignment, before the domain": [lambda w: assigned(w, w.storefront, date(2018, 12, 5))],
    "two stretches": [
        lambda w: on_platform(w, w.parent, date(2018, 12, 20), until=date(2019, 1, 5)),
        lambda w: on_platform(w, Plan.objects.get(pk=w.wide.parent_id), date(2019, 1, 25)),
    ],
    "staging for a while": [
        lambda w: assigned(w, w.wide, date(2018, 12, 3)),
        lambda w: staged(w, date(2019, 1, 3)),
        lambda w: staged(w, date(2019, 1, 20), "production"),
    ],
    "not served": [lambda w: assigned(w, w.own, date(2018, 12, 20)), lambda w: staged(w, date(2019, 1, 3))],
    "Unbilled staging, then production": [
        lambda w: staged(w, FIRST),
        lambda w: staged(w, date(2019, 1, 3), "production"),
        lambda w: assigned(w, w.own, date(2019, 1, 20)),
    ],
    "staging plan passed over": [
        lambda w: staged(w, date(2019, 1, 3)),
        lambda w: assigned(w, w.staging, date(2019, 1, 3), until=date(2019, 1, 10)),
        lambda w: staged(w, date(2019, 1, 10), "production"),
        lambda w: assigned(w, w.own, date(2019, 1, 20)),
    ],
    "placed, server not billed": [
        lambda w: assigned(w, w.own, date(2018, 12, 20)),
        lambda w: placed(w, date(2019, 1, 5)),
    ],
    "placed, server billed for a while": [
        lambda w: assigned(w, w.own, date(2018, 12, 20)),
        lambda w: placed(w, date(2019, 1, 5), date(2019, 2, 5)),
        lambda w: server_billed(w, date(2019, 1, 10)),
        lambda w: assignment_change(w.box, plan=placeholder(), account=None, day=date(2019, 1, 25), **SAID),
    ],
    "placed, the platform alone bills the server": [
        lambda w: assigned(w, w.own, date(2018, 12, 20)),
        lambda w: placed(w, date(2019, 1, 5)),
        lambda w: server_billed_by_the_platform_alone(w, date(2019, 1, 10)),
    ],
    "placed on Unbilled": [
        lambda w: placed(w, date(2018, 12, 20), date(2019, 1, 5)),
        lambda w: server_billed(w, date(2018, 12, 28)),
        lambda w: assigned(w, w.own, date(2019, 1, 20)),
    ],
    "placed, the plan serves no server": [
        lambda w: assigned(w, w.own, date(2018, 12, 20)),
        lambda w: placed(w, date(2019, 1, 5)),
        lambda w: server_billed_by_the_platform_alone(w, date(2019, 1, 10)),
        lambda w: Plan.objects.filter(pk=w.server.parent_id).update(environments=["production"]),
    ],
}


def verdicts(kind: str, subject: int) -> dict[date, tuple]:
    """What SQL says of each day: why not, who pays, under which plan."""
    seller = SellerSettings.objects.get()
    parameters = {
        "first": FIRST, "last": LAST, "as_of": AS_OF, "floor": seller.floor or date.min, "subject": subject,
        "platform_hosts": platform_pattern(seller_suffixes(seller)),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_verdicts(kind)} SELECT day, reason, account_id, plan_id FROM verdict WHERE id = %(subject)s", parameters
        )
        return {day: (reason, None if reason else (account, plan)) for day, reason, account, plan in cursor.fetchall()}


def rules(kind: str, subject: int) -> dict[date, tuple]:
    """What the rules say of each day."""
    of = facts_of if kind == "instance" else dedicated_facts_of
    said = {}
    for segment in timeline(of([subject])[subject], catalogue(), AS_OF, SellerSettings.objects.get().floor):
        day = max(segment.span.start, FIRST)
        while day < segment.span.end and day <= LAST:
            paid = None if segment.reason else (segment.account, segment.assigned.plan)
            said[day] = (segment.reason and segment.reason.value, paid)
            day += timedelta(1)
    return said


@pytest.mark.parametrize("life", LIVES)
def test_every_day_is_judged_alike(lives, life):
    lives.it = lives.instance("it", created=FIRST)
    domain_add(lives.it, host="stays.example.com", added_on=DOMAIN, **SAID)
    for happened in LIVES[life]:
        happened(lives)
    compared = 0
    for schema in ("public", lives.schema, lives.other.schema_name):
        with in_seller(schema):
            for kind, subject in (("instance", lives.it.pk), ("dedicated", lives.box.pk)):
                judged = verdicts(kind, subject)
                if judged:
                    assert judged == rules(kind, subject), (schema, kind)
                    compared += len(judged)
    assert compared > 100
