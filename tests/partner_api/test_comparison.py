"""The pure comparison: what is told, what is only proposed, what is left alone; and that telling it all converges."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from pos_billing.partner_api.compared import Change, HeldHost, Pair
from pos_billing.partner_api.comparison import compare, in_order, too_many_missing, without_shared_hosts
from pos_billing.partner_api.endpoints import environment_of
from pos_billing.partner_api.kinds import Kind
from pos_billing.partner_api.spool import Reading
from pos_billing.partner_api.values import SeenHost
from tests.partner_api.comparing import ONE, SCENE, TODAY, domain, found, registered, said, seen


def test_what_agrees_is_no_change():
    hosts = (SeenHost("shop.example.com", date(2018, 12, 12)),)
    assert found(registered(domains=(domain("shop.example.com"),)), seen(hosts=hosts)) == []


def test_a_new_instance_comes_with_its_domains():
    hosts = (SeenHost("a.example.com", date(2018, 12, 12)), SeenHost("shop.platform-os.com", date(2018, 8, 2)))
    new, *domains = found(None, seen(hosts=hosts))
    assert (new.kind, new.day, new.partner, new.after) == (
        Kind.INSTANCE_APPEARED,
        date(2018, 8, 1),
        1,
        "production, production-sydney, Acme",
    )
    assert [(change.kind, change.host, change.day) for change in domains] == [
        (Kind.DOMAIN_ADDED, "a.example.com", date(2018, 12, 12)),
        (Kind.DOMAIN_ADDED, "shop.platform-os.com", date(2018, 8, 2)),
    ]


def test_a_new_instance_without_any_day_exists_from_the_day_it_was_first_seen():
    assert found(None, seen(created_on=None))[0].day == TODAY


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"partner_id": "99", "partner_name": "New"}, "Partner New of the Portal is linked to no Account: put 99 into"),
        ({"partner_id": None}, "does not say which Partner"),
        ({"created_on": None, "hosts": None}, "Its domains could not be read"),
        ({"environment": None, "data_center": "sydney"}, "The environment of endpoint sydney is not known"),
    ],
)
def test_a_new_instance_that_cannot_be_placed_is_left_out_with_the_reason(values, reason):
    (left_out,) = found(None, seen(**({"hosts": (SeenHost("a.example.com", TODAY),)} | values)))
    assert left_out.kind is Kind.NOT_CREATED
    assert reason in left_out.after


def test_name_place_environment_and_partner():
    theirs = seen(name="store", data_center="staging-oregon", environment="staging", partner_id="12")
    assert said(registered(), theirs) == [
        (Kind.INSTANCE_RENAMED, "store", TODAY),
        (Kind.DATA_CENTER_CHANGED, "staging-oregon", TODAY),
        (Kind.ENVIRONMENT_CHANGED, "staging", TODAY),
        (Kind.INSTANCE_TRANSFERRED, "Bolt", TODAY),
    ]


def test_what_an_answer_leaves_out_changes_nothing():
    theirs = seen(data_center=None, environment=None, partner_id=None, hosts=None, listed_hosts=None)
    assert found(registered(domains=(domain("a.example.com"),)), theirs) == []


def test_an_instance_of_a_partner_that_is_not_linked_stays_where_it_is():
    (change,) = found(registered(), seen(partner_id="99"))
    assert change.kind is Kind.NOT_CREATED


def test_a_domain_is_removed_on_the_day_it_was_last_seen():
    ours = registered(domains=(domain("a.example.com"),), domains_read_on=date(2019, 3, 2))
    assert said(ours, seen()) == [(Kind.DOMAIN_REMOVED, "a.example.com", date(2019, 3, 2))]
    assert said(replace(ours, domains_read_on=None), seen()) == [(Kind.DOMAIN_REMOVED, "a.example.com", TODAY)]
    late = registered(domains=(domain("a.example.com", date(2019, 3, 5)),), domains_read_on=date(2019, 3, 2))
    assert said(late, seen()) == [(Kind.DOMAIN_REMOVED, "a.example.com", date(2019, 3, 5))]


def test_a_domain_that_the_list_of_domains_still_shows_is_not_removed():
    assert found(registered(domains=(domain("a.example.com"),)), seen(listed_hosts=("a.example.com",))) == []


def test_another_day_is_proposed_never_changed():
    hosts = (SeenHost("a.example.com", date(2018, 12, 1)),)
    (change,) = found(registered(domains=(domain("a.example.com"),)), seen(hosts=hosts))
    assert (change.kind, change.before, change.after, change.day) == (
        Kind.DOMAIN_DAY_DIFFERS,
        "2018-12-12",
        "2018-12-01",
        date(2018, 12, 1),
    )


def test_a_custom_domain_without_a_day_is_proposed_one_of_the_platform_is_not():
    hosts = (SeenHost("a.example.com", None), SeenHost("shop.platform-os.com", None))
    theirs = seen(hosts=hosts, listed_hosts=("b.example.com", "x.platform-os.com"))
    assert said(registered(), theirs) == [
        (Kind.DOMAIN_WITHOUT_DAY, "a.example.com", TODAY),
        (Kind.DOMAIN_WITHOUT_DAY, "b.example.com", TODAY),
    ]
    assert found(registered(domains=(domain("a.example.com"),)), seen(hosts=hosts)) == []


@pytest.mark.parametrize(
    ("earlier", "day"),
    [
        (domain("a.example.com", date(2018, 12, 12), date(2019, 2, 1)), date(2019, 2, 1)),
        (domain("a.example.com", date(2018, 12, 12), date(2018, 12, 12)), TODAY),
        (domain("a.example.com", date(2018, 10, 1), date(2018, 11, 1)), date(2018, 12, 12)),
    ],
)
def test_a_domain_that_comes_back_never_stands_twice_on_one_day(earlier, day):
    hosts = (SeenHost("a.example.com", date(2018, 12, 12)),)
    assert said(registered(domains=(earlier,)), seen(hosts=hosts)) == [(Kind.DOMAIN_ADDED, "a.example.com", day)]


def test_a_returned_domain_keeps_the_day_it_came_back():
    ours = registered(
        domains=(
            domain("a.example.com", date(2018, 12, 12), date(2019, 2, 1)),
            domain("a.example.com", date(2019, 2, 1)),
        )
    )
    assert found(ours, seen(hosts=(SeenHost("a.example.com", date(2018, 12, 12)),))) == []


def test_an_instance_that_is_gone_is_proposed_for_the_day_it_was_last_seen():
    (change,) = found(registered(seen_on=date(2019, 3, 4)), None, Reading.GONE)
    assert (change.kind, change.day) == (Kind.INSTANCE_VANISHED, date(2019, 3, 4))


@pytest.mark.parametrize("ours", [registered(seen_on=None), registered(deleted_on=date(2019, 3, 1)), None])
def test_what_was_never_seen_or_is_deleted_cannot_vanish(ours):
    assert found(ours, None, Reading.GONE) == []


@pytest.mark.parametrize("reading", [Reading.LISTED, Reading.UNCLEAR])
def test_an_instance_that_could_not_be_read_says_nothing(reading):
    assert found(registered(domains=(domain("a.example.com"),)), None, reading) == []


def test_a_deleted_instance_that_is_listed_is_proposed_and_nothing_else_of_it():
    ours = registered(deleted_on=date(2019, 3, 1), domains=(domain("a.example.com"),))
    (change,) = found(ours, seen(name="other"))
    assert (change.kind, change.about) == (Kind.INSTANCE_RETURNED, "2019-03-01")


def test_a_domain_leaves_one_instance_before_it_joins_another():
    two = UUID(int=2)
    pairs = [
        Pair(ONE, Reading.READ, seen(name="b", hosts=(SeenHost("x.example.com", TODAY),)), registered(name="b")),
        Pair(two, Reading.READ, seen(uuid=two), registered(uuid=two, id=6, domains=(domain("x.example.com"),))),
    ]
    changes = without_shared_hosts(in_order(compare(pairs, SCENE)), [HeldHost("x.example.com", 6, "shop", None)])
    assert [(c.kind, c.instance_id) for c in changes if c.host] == [(Kind.DOMAIN_REMOVED, 6), (Kind.DOMAIN_ADDED, 5)]


def test_a_domain_that_another_instance_keeps_is_a_finding():
    added = Change(Kind.DOMAIN_ADDED, ONE, "shop", 5, TODAY, "x.example.com")
    (change,) = without_shared_hosts([added], [HeldHost("x.example.com", 6, "other", None)])
    assert (change.kind, change.before) == (Kind.DOMAIN_ELSEWHERE, "other")
    assert without_shared_hosts([added], [HeldHost("x.example.com", 5, "shop", date(2019, 1, 1))]) == [added]


def test_a_domain_stands_on_its_new_instance_from_the_day_it_left_the_old_one():
    added = Change(Kind.DOMAIN_ADDED, ONE, "shop", 5, date(2018, 12, 12), "x.example.com")
    left_before = HeldHost("x.example.com", 6, "other", date(2019, 2, 1))
    assert without_shared_hosts([added], [left_before])[0].day == date(2019, 2, 1)
    leaves_now = Change(Kind.DOMAIN_REMOVED, UUID(int=2), "third", 7, date(2019, 3, 9), "x.example.com")
    kept = HeldHost("x.example.com", 7, "third", None)
    assert without_shared_hosts([leaves_now, added], [left_before, kept])[1].day == date(2019, 3, 9)


def test_of_two_instances_that_claim_a_domain_neither_gets_it():
    claims = [Change(Kind.DOMAIN_ADDED, UUID(int=n), "shop", n, TODAY, "x.example.com") for n in (1, 2)]
    assert {change.kind for change in without_shared_hosts(claims, [])} == {Kind.DOMAIN_ELSEWHERE}


@pytest.mark.parametrize(
    ("missing", "known", "limit", "too_many"),
    [
        (0, 0, 10, False),
        (1, 1, 0, False),
        (1, 5, 10, False),
        (2, 5, 10, True),
        (10, 100, 10, False),
        (11, 100, 10, True),
        (100, 100, 100, False),
    ],
)
def test_when_too_many_are_missing(missing, known, limit, too_many):
    assert too_many_missing(missing, known, limit) is too_many


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        ("production-sydney", "production"),
        ("staging-oregon", "staging"),
        ("Staging_London", "staging"),
        ("dev-x", "dev"),
        ("qa", "qa"),
        ("sydney", None),
        ("productionish-x", None),
        ("", None),
    ],
)
def test_the_name_of_an_endpoint_tells_the_environment_or_nothing_does(name, environment):
    assert environment_of(name, {}) == environment
    assert environment_of(name, {name: "dev"}) == "dev"
