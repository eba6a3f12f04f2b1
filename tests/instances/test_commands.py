"""Commands on the register: what holds afterwards, what is refused, who and why in the history, what is touched."""

from datetime import date
from uuid import UUID

import pytest

from pos_billing.facts.errors import Refused
from pos_billing.instances import commands
from pos_billing.instances.models import ChangeNote, DedicatedChangeNote, Domain, Instance

NOTED = {"by": "support@example.com", "why": "ticket 4711"}
CREATED, DAY = date(2018, 11, 20), date(2019, 2, 1)
UUID_ONE = UUID("0f9e9a4e-7b56-4d5e-8c53-2a6f7c1d0001")


@pytest.fixture
def shop(agency_one) -> Instance:
    return commands.instance_create(
        name="Shop", environment="production", created_on=CREATED, partner=agency_one, uuid=UUID_ONE, **NOTED
    )


@pytest.fixture
def server(agency_one):
    return commands.dedicated_environment_create(name="Server", partner=agency_one, created_on=CREATED, **NOTED)


def refused(field: str, message: str, command: str, /, *args, **values) -> None:
    with pytest.raises(Refused, match=message or None) as found:
        getattr(commands, command)(*args, **{**NOTED, **values})
    assert found.value.field == field


def periods(rows, value: str) -> list[tuple]:
    return [(row.days.lower, row.days.upper, getattr(row, value)) for row in rows.order_by("days")]


def test_a_new_instance_has_its_facts_from_the_day_it_was_created(shop, agency_one):
    """Environment, status and Partner hold from that day, for good."""
    assert periods(shop.environments, "environment") == [(CREATED, None, "production")]
    assert periods(shop.statuses, "status") == [(CREATED, None, "active")]
    assert periods(shop.ownerships, "partner") == [(CREATED, None, agency_one)]


@pytest.mark.parametrize(
    ("field", "message", "values"),
    [
        ("name", "", {"name": "  "}),
        ("name", "", {"name": "x" * 201}),
        ("environment", "not one of", {"environment": "moon"}),
        ("status", "not one of", {"status": "asleep"}),
        ("status", "deleted afterwards", {"status": "deleted"}),
        ("created_on", "not a possible day", {"created_on": date(219, 1, 1)}),
        ("created_on", "not a possible day", {"created_on": date(2200, 1, 1)}),
        ("tags", "at most 5", {"tags": list("abcdef")}),
        ("tags", "at most 50", {"tags": ["x" * 51]}),
        ("uuid", "already", {"uuid": UUID_ONE}),
        ("by", "who", {"by": ""}),
        ("why", "why", {"why": "  "}),
    ],
)
def test_an_instance_that_cannot_be_is_refused(shop, agency_one, field, message, values):
    """Nothing of it is left in the register."""
    given = {"name": "New", "environment": "production", "created_on": CREATED, "partner": agency_one, **values}
    refused(field, message, "instance_create", **given)
    assert Instance.objects.count() == 1


def test_an_instance_belongs_to_a_partner(platform):
    """The platform itself owns none."""
    refused(
        "partner", "not to the platform", "instance_create",
        name="New", environment="production", created_on=CREATED, partner=platform,
    )  # fmt: skip


def test_tags_are_trimmed_and_kept_once(shop):
    """In the order they were given; a name of blanks is refused."""
    assert commands.instance_retag(shop, tags=[" shop ", "", "gold", "shop"], **NOTED).tags == ["shop", "gold"]
    assert commands.instance_rename(shop, name=" Greengrocer ", **NOTED).name == "Greengrocer"
    refused("name", "", "instance_rename", shop, name=" ")
    refused("tags", "at most 5", "instance_retag", shop, tags=list("abcdef"))


def test_status_and_environment_change_from_a_day_on(shop):
    """A change said for an earlier day holds up to the one that is known."""
    commands.instance_unpublish(shop, day=date(2019, 3, 1), **NOTED)
    commands.instance_publish(shop, day=date(2019, 4, 1), **NOTED)
    commands.instance_change_environment(shop, environment="staging", day=date(2019, 3, 1), **NOTED)
    commands.instance_change_environment(shop, environment="qa", day=DAY, **NOTED)
    assert [row[2] for row in periods(shop.statuses, "status")] == ["active", "unpublished", "active"]
    assert periods(shop.environments, "environment") == [
        (CREATED, DAY, "production"), (DAY, date(2019, 3, 1), "qa"), (date(2019, 3, 1), None, "staging"),
    ]  # fmt: skip
    refused("environment", "not one of", "instance_change_environment", shop, environment="moon", day=DAY)
    refused("day", "was created on", "instance_unpublish", shop, day=date(2018, 11, 19))


def test_deletion_is_corrected_and_taken_back(shop):
    """The status before it holds again, and nothing can be said of days after it."""
    commands.instance_unpublish(shop, day=date(2019, 1, 1), **NOTED)
    commands.instance_delete(shop, day=date(2019, 3, 1), **NOTED)
    commands.instance_delete(shop, day=DAY, **NOTED)
    assert periods(shop.statuses, "status") == [
        (CREATED, date(2019, 1, 1), "active"), (date(2019, 1, 1), DAY, "unpublished"), (DAY, None, "deleted"),
    ]  # fmt: skip
    refused("day", "was deleted on", "instance_publish", shop, day=DAY)
    refused("added_on", "was deleted on", "domain_add", shop, host="www.example.com", added_on=DAY)
    revived = commands.instance_undelete(shop, **NOTED)
    assert revived.deleted_on is None
    assert periods(shop.statuses, "status")[1:] == [(date(2019, 1, 1), None, "unpublished")]
    refused("instance", "is not deleted", "instance_undelete", shop)


def test_a_deletion_that_contradicts_other_days_is_refused(shop):
    """Before it was created, or before a Domain was added."""
    commands.domain_add(shop, host="www.example.com", added_on=DAY, **NOTED)
    refused("day", "was created on", "instance_delete", shop, day=date(2018, 11, 19))
    refused("day", "was added on", "instance_delete", shop, day=date(2019, 1, 31))
    assert commands.instance_delete(shop, day=DAY, **NOTED).deleted_on == DAY


def test_the_day_of_creation_is_corrected_both_ways(shop):
    """What held first holds from the corrected day; what would be left before it is named."""
    for day in (date(2018, 11, 1), date(2018, 12, 1)):
        assert commands.instance_correct_creation(shop, created_on=day, **NOTED).created_on == day
        for rows in (shop.environments, shop.statuses, shop.ownerships):
            assert rows.get().days.lower == day
    commands.instance_unpublish(shop, day=date(2019, 3, 1), **NOTED)
    refused("created_on", "status changed on", "instance_correct_creation", shop, created_on=date(2019, 3, 1))
    commands.domain_add(shop, host="www.example.com", added_on=DAY, **NOTED)
    refused("created_on", "Domain of", "instance_correct_creation", shop, created_on=date(2019, 2, 2))
    commands.instance_delete(shop, day=date(2019, 5, 1), **NOTED)
    refused("created_on", "was deleted on", "instance_correct_creation", shop, created_on=date(2019, 5, 2))


def test_a_domain_is_added_once_in_any_spelling(shop):
    """Adding it again is the same Domain."""
    domain = commands.domain_add(shop, host="HTTPS://WWW.Example.com/", added_on=DAY, **NOTED)
    assert domain.host == "www.example.com"
    assert commands.domain_add(shop, host="www.example.com.", added_on=DAY, **NOTED) == domain
    refused("host", "IP address", "domain_add", shop, host="192.0.2.1", added_on=DAY)
    refused("added_on", "was created on", "domain_add", shop, host="b.example.com", added_on=date(2018, 11, 19))


def test_a_host_belongs_to_one_instance_a_day(shop, agency_one):
    """From the day it is removed there it is free here; correcting a day back into the other's is refused."""
    other = commands.instance_create(
        name="Other", environment="production", created_on=CREATED, partner=agency_one, **NOTED
    )
    first = commands.domain_add(shop, host="www.example.com", added_on=date(2019, 1, 1), **NOTED)
    refused("host", "belongs to Shop", "domain_add", other, host="www.example.com", added_on=DAY)
    commands.domain_remove(first, day=DAY, **NOTED)
    refused("host", "belongs to Shop", "domain_add", other, host="www.example.com", added_on=date(2019, 1, 31))
    second = commands.domain_add(other, host="www.example.com", added_on=DAY, **NOTED)
    refused("host", "belongs to Shop", "domain_correct_day", second, added_on=date(2019, 1, 31))
    refused("host", "belongs to Other", "domain_remove", first, day=date(2019, 2, 2))
    refused("added_on", "cannot be removed before", "domain_correct_day", first, added_on=date(2019, 2, 2))
    refused("day", "cannot be removed before", "domain_remove", first, day=date(2018, 12, 31))


def test_a_domain_removed_on_its_first_day_was_never_there(shop, agency_one):
    """It takes its host from nobody."""
    other = commands.instance_create(
        name="Other", environment="production", created_on=CREATED, partner=agency_one, **NOTED
    )
    never = commands.domain_add(shop, host="www.example.com", added_on=DAY, **NOTED)
    commands.domain_remove(never, day=DAY, **NOTED)
    commands.domain_add(other, host="www.example.com", added_on=date(2019, 1, 1), **NOTED)
    assert Domain.objects.filter(host="www.example.com").count() == 2


def test_a_placement_is_between_the_days_of_both(shop, server, agency_two):
    """Of one Partner, from a day on which both exist."""
    stranger = commands.dedicated_environment_create(name="Theirs", partner=agency_two, created_on=CREATED, **NOTED)
    refused("dedicated_environment", "another Partner's", "placement_begin",
            shop, dedicated_environment=stranger, day=DAY)  # fmt: skip
    refused("day", "was created on", "placement_begin",
            shop, dedicated_environment=server, day=date(2018, 11, 19))  # fmt: skip
    refused("day", "is not placed on", "placement_end", shop, day=DAY)
    placement = commands.placement_begin(shop, dedicated_environment=server, day=DAY, **NOTED)
    assert (placement.days.lower, placement.days.upper) == (DAY, None)
    refused("day", "placed on a dedicated", "instance_change_owner", shop, partner=agency_two, day=date(2019, 3, 1))
    refused("day", "placed on it", "dedicated_environment_remove", server, day=date(2019, 1, 31))
    commands.placement_end(shop, day=date(2019, 3, 1), **NOTED)
    assert periods(shop.placements, "dedicated_environment") == [(DAY, date(2019, 3, 1), server)]


def test_a_placement_told_late_ends_where_the_instance_went_to_another_partner(shop, server, agency_two):
    """It was Agency One's until 1 March: from then on it cannot stand on Agency One's server."""
    commands.instance_change_owner(shop, partner=agency_two, day=date(2019, 3, 1), **NOTED)
    placement = commands.placement_begin(shop, dedicated_environment=server, day=DAY, **NOTED)
    assert (placement.days.lower, placement.days.upper) == (DAY, date(2019, 3, 1))


def test_a_corrected_day_of_removal_takes_placements_along(shop, server):
    """Later: they go on up to the new day, and one that ended by itself still ends there. Earlier: they end there."""
    commands.placement_begin(shop, dedicated_environment=server, day=DAY, **NOTED)
    commands.placement_end(shop, day=date(2019, 4, 10), **NOTED)
    for day, until in (
        (date(2019, 3, 1), date(2019, 3, 1)), (date(2019, 4, 1), date(2019, 4, 1)),
        (date(2019, 5, 1), date(2019, 4, 10)), (date(2019, 3, 15), date(2019, 3, 15)),
        (date(2019, 4, 20), date(2019, 4, 10)),
    ):  # fmt: skip
        commands.dedicated_environment_remove(server, day=day, **NOTED)
        assert periods(shop.placements, "dedicated_environment") == [(DAY, until, server)]


def test_placements_end_with_the_server(shop, server):
    """Also one that begins while the removal is known, whatever comes after it."""
    later = commands.dedicated_environment_create(name="Later", partner=shop.ownerships.get().partner,
                                                  created_on=CREATED, **NOTED)  # fmt: skip
    commands.placement_begin(shop, dedicated_environment=server, day=DAY, **NOTED)
    commands.dedicated_environment_remove(server, day=date(2019, 3, 1), **NOTED)
    assert periods(shop.placements, "dedicated_environment") == [(DAY, date(2019, 3, 1), server)]
    commands.placement_begin(shop, dedicated_environment=later, day=date(2019, 5, 1), **NOTED)
    commands.placement_end(shop, day=DAY, **NOTED)
    placement = commands.placement_begin(shop, dedicated_environment=server, day=date(2019, 2, 10), **NOTED)
    assert (placement.days.lower, placement.days.upper) == (date(2019, 2, 10), date(2019, 3, 1))
    assert periods(shop.placements, "dedicated_environment")[-1] == (date(2019, 5, 1), None, later)
    refused("day", "was removed on", "placement_begin", shop, dedicated_environment=server, day=date(2019, 3, 1))
    refused("day", "cannot be removed before", "dedicated_environment_remove", server, day=date(2018, 11, 1))


COMMANDS = {
    "instance_rename": (lambda shop, **_: {"name": "Grocer"}, "instance", False),
    "instance_relocate": (lambda shop, **_: {"data_center": "production-oregon"}, "instance", False),
    "instance_retag": (lambda shop, **_: {"tags": ["gold"]}, "instance", False),
    "instance_correct_creation": (lambda shop, **_: {"created_on": date(2018, 11, 1)}, "instance", True),
    "instance_delete": (lambda shop, **_: {"day": DAY}, "instance", True),
    "instance_unpublish": (lambda shop, **_: {"day": DAY}, "statuses", False),
    "instance_change_environment": (lambda shop, **_: {"environment": "qa", "day": DAY}, "environments", True),
    "instance_change_owner": (lambda shop, other, **_: {"partner": other, "day": DAY}, "ownerships", True),
    "domain_add": (lambda shop, **_: {"host": "www.example.com", "added_on": DAY}, "domains", True),
    "placement_begin": (lambda shop, server, **_: {"dedicated_environment": server, "day": DAY}, "placements", True),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_history_keeps_who_and_why_and_the_run_is_told(shop, server, agency_two, name):
    """Each command by its name; notes for the next run are written for what can move an amount, and only for it."""
    values, concerned, touches = COMMANDS[name]
    ChangeNote.objects.all().delete()
    getattr(commands, name)(shop, **values(shop, other=agency_two, server=server), **NOTED)
    model = Instance if concerned == "instance" else getattr(shop, concerned).model
    newest = model.pgh_event_model.objects.order_by("-pgh_id").first()
    assert newest.pgh_context.metadata == {"command": name, **NOTED}
    assert ChangeNote.objects.filter(instance_id=shop.pk).exists() is touches


def test_servers_are_kept_and_noted_too(shop, server):
    """A placement concerns the dedicated environment as well; so does its removal."""
    DedicatedChangeNote.objects.all().delete()
    commands.placement_begin(shop, dedicated_environment=server, day=DAY, **NOTED)
    assert DedicatedChangeNote.objects.filter(dedicated_environment_id=server.pk).exists()
    DedicatedChangeNote.objects.all().delete()
    commands.dedicated_environment_remove(server, day=date(2019, 3, 1), **NOTED)
    assert DedicatedChangeNote.objects.filter(dedicated_environment_id=server.pk).exists()
    newest = type(server).pgh_event_model.objects.order_by("-pgh_id").first()
    assert newest.pgh_context.metadata == {"command": "dedicated_environment_remove", **NOTED}
