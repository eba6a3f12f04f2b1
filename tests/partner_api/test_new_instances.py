"""Many new Instances at once are the same facts as one by one, and one bad one does not keep the others out."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pos_billing.facts.errors import Refused
from pos_billing.instances.models import Instance
from pos_billing.partner_api.kinds import FindingOutcome, Kind
from pos_billing.plans.commands import NewInstance, instances_create_many
from tests.partner_api.facts import domains, periods, plans_of

SAID = {"by": "tests", "why": "they are new"}


def facts(uuid, schema):
    """Everything the register and both ledgers say of an Instance, without its keys."""
    instance = Instance.objects.get(uuid=uuid)
    return (
        instance.data_center,
        instance.created_on,
        periods(instance.environments, "environment"),
        periods(instance.statuses, "status"),
        periods(instance.ownerships, "partner_id"),
        [(host.split(".")[1:], added, removed) for host, added, removed in domains(uuid)],
        plans_of(uuid, "public"),
        plans_of(uuid, schema),
    )


def test_together_they_are_the_same_as_one_by_one(synced):
    def added(number):
        return synced.portal.add_instance(
            f"shop {number}",
            partner=1 + number % 2,
            endpoint=1 + number % 2,
            domains={f"w{number}.example.com": "2018-12-12T10:00:00Z", f"s{number}.platform-os.com": "2018-08-01"},
        )

    alone = []
    for number in (0, 1):
        alone.append(added(number))
        synced.sync()
    together = [added(2), added(3)]
    report = synced.sync()
    assert report.counts["applied"] == 6
    for schema, one, other in zip(("agency_one", "agency_two"), alone, together, strict=True):
        assert facts(one, schema) == facts(other, schema)


def test_as_many_queries_for_fifty_as_for_two(synced):
    def count(number):
        new_instances = [newcomer(synced, f"shop {key}") for key in range(number)]
        with CaptureQueriesContext(connection) as queries:
            instances_create_many(new_instances, **SAID)
        return len(queries)

    assert count(50) == count(2)


def test_one_that_is_refused_does_not_keep_the_others_out(synced):
    good = [synced.portal.add_instance(f"shop {number}") for number in range(5)]
    bad = synced.portal.add_instance("n" * 201)
    taken = synced.portal.add_instance("old", domains={"a.example.com": "1889-01-01T00:00:00Z"})
    report = synced.sync()
    assert Instance.objects.filter(uuid__in=good).count() == 5
    assert not Instance.objects.filter(uuid__in=[bad, taken]).exists()
    refused = [(entry.kind, entry.reason) for entry in report.entries if entry.outcome is FindingOutcome.REFUSED]
    assert [kind for kind, _ in refused] == [Kind.INSTANCE_APPEARED, Kind.INSTANCE_APPEARED, Kind.DOMAIN_ADDED]
    assert "200 characters" in refused[0][1]
    assert "1990" in refused[1][1]
    assert refused[2][1] == "Its Instance could not be taken over."


def newcomer(synced, name, **values):
    given = {
        "uuid": uuid4(),
        "name": name,
        "environment": "production",
        "data_center": "production-sydney",
        "created_on": date(2018, 8, 1),
        "partner": synced.one,
    }
    return NewInstance(**(given | values))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": " "}, "has no name"),
        ({"environment": "moon"}, "moon"),
        ({"created_on": date(1, 1, 1)}, "1990"),
        ({"domains": (("a.example.com", date(2018, 7, 31)),)}, "created on 1 Aug 2018"),
        ({"domains": (("not a host", date(2018, 8, 1)),)}, "not a host"),
        ({"domains": (("taken.example.com", date(2019, 8, 1)),)}, "taken.example.com belongs to first then"),
    ],
)
def test_what_one_by_one_would_be_refused_is_refused_together(synced, values, message):
    taken = newcomer(synced, "first", domains=(("taken.example.com", date(2018, 8, 1)),))
    instances_create_many([taken], **SAID)
    with pytest.raises(Refused, match=message):
        instances_create_many([newcomer(synced, "good"), newcomer(synced, **({"name": "bad"} | values))], **SAID)
    assert list(Instance.objects.values_list("name", flat=True)) == ["first"]


def test_a_uuid_or_a_host_twice_is_refused(synced):
    one = newcomer(synced, "one", domains=(("a.example.com", date(2018, 8, 1)),))
    for other in (newcomer(synced, "two", uuid=one.uuid), newcomer(synced, "two", domains=one.domains)):
        with pytest.raises(Refused):
            instances_create_many([one, other], **SAID)
    assert not Instance.objects.exists()
