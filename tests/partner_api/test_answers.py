"""Every shape of answer that FACTS of the Portal's API name, and what is no answer at all."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from pos_billing.partner_api import answers
from pos_billing.partner_api.errors import PortalUnreadable
from pos_billing.partner_api.values import DatedHost, Endpoint, ListedHost, PlanType, PortalPartner

UUID_TEXT = "5b1dbe24-4d5c-4a6a-8a4e-0d1e86b7f6a1"
ONE = UUID(UUID_TEXT)


@pytest.mark.parametrize(
    "wrap", [lambda items: {"data": items}, lambda items: items, lambda items: {"partners": items}]
)
def test_partners(wrap):
    given = wrap([{"id": 1, "name": "Acme"}, {"id": "b2", "name": None}])
    assert answers.partners_of(given) == (PortalPartner("1", "Acme"), PortalPartner("b2", ""))


@pytest.mark.parametrize("wrap", [lambda item: item, lambda item: {"data": item}])
def test_a_partner_with_plan_types(wrap):
    given = wrap(
        {
            "id": 1,
            "name": "Acme",
            "email": "a@example.com",
            "created_at": "2018-01-01T00:00:00Z",
            "instance_billing_plan_types": [
                {
                    "id": 7,
                    "name": "Production 110",
                    "code": "p110",
                    "description": "",
                    "price": 11000,
                    "currency": "usd",
                },
                {"id": 8, "name": "Free", "price": "110.50", "currency": None},
                {"id": 9, "name": "Odd", "price": None},
            ],
        }
    )
    assert answers.partner_of(given) == PortalPartner(
        "1",
        "Acme",
        (
            PlanType("7", "Production 110", "11000", "USD"),
            PlanType("8", "Free", "110.50", None),
            PlanType("9", "Odd", None, None),
        ),
    )


def test_a_partner_without_plan_types_says_nothing_about_them():
    assert answers.partner_of({"id": 1, "name": "Acme"}).plan_types is None


@pytest.mark.parametrize("wrap", [lambda items: {"data": items}, lambda items: {"endpoints": items}])
def test_endpoints(wrap):
    given = wrap([{"id": 3, "name": "production-sydney", "url": "https://x", "region": "sydney"}])
    assert answers.endpoints_of(given) == (Endpoint("3", "production-sydney"),)


@pytest.mark.parametrize(
    "wrap", [lambda items: {"data": items}, lambda items: items, lambda items: {"instances": items}]
)
def test_a_page_of_instances(wrap):
    page = answers.instances_of(wrap([{"name": "one", "uuid": UUID_TEXT}, {"name": "x", "uuid": "no"}, {"name": "y"}]))
    assert (page.uuids, page.unreadable, page.entries, page.total_pages) == ((ONE,), 2, 3, None)


@pytest.mark.parametrize(
    "place", [{"total_pages": 4}, {"meta": {"total_pages": 4}}, {"pagination": {"total_pages": 4}}]
)
def test_the_number_of_pages_where_it_is_given(place):
    assert answers.instances_of({"data": [], **place}).total_pages == 4


@pytest.mark.parametrize("wrap", [lambda item: item, lambda item: {"data": item}])
def test_an_instance(wrap):
    detail = answers.instance_of(
        wrap(
            {
                "name": "one",
                "uuid": UUID_TEXT,
                "endpoint": {"id": 3, "name": "staging-oregon"},
                "partner": {"id": 1, "name": "Acme"},
            }
        )
    )
    assert (detail.uuid, detail.name, detail.endpoint_name, detail.partner_id) == (ONE, "one", "staging-oregon", "1")
    bare = answers.instance_of(wrap({"name": "one", "uuid": UUID_TEXT, "endpoint": None}))
    assert (bare.endpoint_id, bare.partner_id, bare.created_at) == (None, None, None)


def test_of_a_configuration_only_domains_are_kept():
    given = {
        "data": {
            "domains": [
                {
                    "name": "shop.example.com",
                    "created_at": "2018-12-12T23:30:00.000Z",
                    "redirect_to": None,
                    "redirect_code": None,
                    "use_as_default": True,
                },
                {"name": "", "created_at": "2018-12-12T00:00:00Z"},
                {"name": "undated.example.com", "created_at": "soon"},
            ],
            "attributes": {"admin_password": "secret"},
            "integrations": {"stripe": {"secret_key": "secret"}},
        }
    }
    hosts = answers.configured_hosts_of(given)
    moment = datetime(2018, 12, 12, 23, 30, tzinfo=UTC)
    assert hosts == (DatedHost("shop.example.com", moment), DatedHost("undated.example.com", None))
    assert "secret" not in repr(hosts)


@pytest.mark.parametrize("given", [{"data": {}}, {"data": {"domains": None}}, {"data": {"domains": {}}}, {}, [], None])
def test_a_configuration_without_a_list_of_domains_is_unreadable_not_empty(given):
    with pytest.raises(PortalUnreadable):
        answers.configured_hosts_of(given)


def test_a_configuration_with_no_domains_is_empty():
    assert answers.configured_hosts_of({"domains": []}) == ()


@pytest.mark.parametrize("wrap", [lambda items: items, lambda items: {"data": items}])
def test_domains_of_version_2(wrap):
    given = wrap(
        [
            {
                "status": "ready",
                "attributes": {
                    "domain_name": "shop.example.com",
                    "instance_uuid": UUID_TEXT,
                    "data_center": "x",
                    "setup_type": "cname",
                    "config": {"_domains": [{"name": "www.shop.example.com", "use_as_default": True}, {"name": None}]},
                },
            },
            {"status": "", "attributes": {"domain_name": "one.platform-os.com"}},
            {"status": "unknown", "attributes": {"domain_name": "x.example.com", "config": {"_domains": None}}},
            {"status": "ready"},
        ]
    )
    assert answers.listed_hosts_of(given) == (
        ListedHost("shop.example.com", "ready"),
        ListedHost("www.shop.example.com", "ready"),
        ListedHost("one.platform-os.com", ""),
        ListedHost("x.example.com", "unknown"),
    )


@pytest.mark.parametrize(
    "read", [answers.partners_of, answers.endpoints_of, answers.instances_of, answers.listed_hosts_of]
)
@pytest.mark.parametrize(
    "given", [None, "text", 7, {}, {"data": None}, {"data": "x"}, [1], {"data": [None]}, {"errors": ["x"]}]
)
def test_what_is_no_list_is_unreadable(read, given):
    with pytest.raises(PortalUnreadable):
        read(given)


@pytest.mark.parametrize("given", [None, [], "x", {"data": None}, {"data": []}, {"data": {"name": "no uuid"}}, {}])
def test_what_is_no_instance_is_unreadable(given):
    with pytest.raises(PortalUnreadable):
        answers.instance_of(given)


@pytest.mark.parametrize(
    ("text", "sydney", "oregon"),
    [
        ("2018-12-12T23:30:00.000Z", date(2018, 12, 13), date(2018, 12, 12)),
        ("2018-12-12T23:30:00+11:00", date(2018, 12, 12), date(2018, 12, 12)),
        ("2018-12-12 03:30:00 UTC", date(2018, 12, 12), date(2018, 12, 11)),
        ("2018-12-12T03:30:00", date(2018, 12, 12), date(2018, 12, 11)),
        ("2018-12-12", date(2018, 12, 12), date(2018, 12, 12)),
        ("", None, None),
        ("yesterday", None, None),
    ],
)
def test_a_moment_falls_on_a_day_of_the_time_zone(text, sydney, oregon):
    moment = answers.moment_of(text)
    assert answers.day_of(moment, ZoneInfo("Australia/Sydney")) == sydney
    assert answers.day_of(moment, ZoneInfo("America/Los_Angeles")) == oregon
    assert answers.moment_of(None) is None
