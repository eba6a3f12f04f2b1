"""Deleting an Instance sets its host names free; taking the deletion back takes them again."""

from datetime import date

import pytest

from pos_billing.facts.errors import Refused
from pos_billing.instances import commands
from pos_billing.instances.models import Domain

NOTED = {"by": "support@example.com", "why": "ticket 4712"}
CREATED, DELETED = date(2018, 11, 20), date(2019, 2, 1)


@pytest.fixture
def instances(agency_one):
    """Two Instances, the first of which has two Domains, one of them removed long ago."""
    made = [
        commands.instance_create(name=name, environment="production", created_on=CREATED, partner=agency_one, **NOTED)
        for name in ("Shop", "Blog")
    ]
    for host in ("old.example.com", "www.example.com"):
        commands.domain_add(made[0], host=host, added_on=date(2018, 12, 1), **NOTED)
    commands.domain_remove(Domain.objects.get(host="old.example.com"), day=date(2018, 12, 24), **NOTED)
    return made


def days(host):
    return list(Domain.objects.filter(host=host).order_by("added_on").values_list("added_on", "removed_on"))


def test_the_host_of_a_deleted_instance_may_be_added_elsewhere(instances):
    shop, blog = instances
    commands.instance_delete(shop, day=DELETED, **NOTED)
    assert days("www.example.com") == [(date(2018, 12, 1), DELETED)]
    assert days("old.example.com") == [(date(2018, 12, 1), date(2018, 12, 24))]

    commands.domain_add(blog, host="www.example.com", added_on=DELETED, **NOTED)
    with pytest.raises(Refused) as refused:
        commands.instance_undelete(shop, **NOTED)
    assert refused.value.field == "host"


def test_taken_back_or_corrected_the_domains_go_on(instances):
    shop, _ = instances
    commands.instance_delete(shop, day=DELETED, **NOTED)
    commands.instance_delete(shop, day=date(2019, 3, 1), **NOTED)
    assert days("www.example.com") == [(date(2018, 12, 1), date(2019, 3, 1))]

    commands.instance_undelete(shop, **NOTED)
    assert days("www.example.com") == [(date(2018, 12, 1), None)]
    assert days("old.example.com") == [(date(2018, 12, 1), date(2018, 12, 24))]
