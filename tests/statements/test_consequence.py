"""What a change would do is said by the code that bills, and nothing of it happens."""

from datetime import date

import pytest

from pos_billing.facts.errors import Refused
from pos_billing.instances.commands import domain_correct_day, instance_delete
from pos_billing.instances.models import Domain
from pos_billing.rating.facts import Subject
from pos_billing.statements.consequence import consequence_of
from tests.statements.billing_scenario import SAID, statements


def test_consequence_of_a_corrected_domain(scenario):
    shop = scenario.instance(domain_on=date(2018, 12, 12))
    scenario.assign(shop, date(2019, 1, 20))
    for schema in ("public", scenario.schema):
        scenario.run(date(2019, 2, 1), schema)
    domain = Domain.objects.get(instance=shop)
    subject = Subject("instance", shop.pk)
    found = consequence_of(
        lambda: domain_correct_day(domain, added_on=date(2018, 12, 1), **SAID),
        [subject],
        date(2019, 3, 1),
        schemas=["public", scenario.schema],
    )
    assert found["public"].by_month == {date(2018, 12, 1): 3903}
    # 150.00 − 96.77
    assert found[scenario.schema].cents == 5323
    [moved] = found["public"].moved
    assert (moved.before, moved.after, moved.subject, moved.line.days) == (0, 3903, subject, 31)
    domain.refresh_from_db()
    assert domain.added_on == date(2018, 12, 12)
    assert len(statements()) == 1
    domain_correct_day(domain, added_on=date(2018, 12, 1), **SAID)
    assert scenario.billed(date(2019, 3, 1))[0] == ("adjustment", "2018-12", 31, 3903)


def test_consequence_of_a_deletion_before_anything_was_billed(scenario):
    shop = scenario.instance(domain_on=date(2018, 12, 12))
    scenario.assign(shop, date(2019, 1, 20))
    found = consequence_of(
        lambda: instance_delete(shop, day=date(2019, 1, 1), **SAID), [Subject("instance", shop.pk)], date(2019, 2, 1)
    )
    assert found["public"].by_month == {date(2019, 1, 1): -11000}


def test_a_day_that_cannot_be_billed_is_moved_to_the_first_that_can(scenario):
    shop = scenario.instance(domain_on=date(2018, 12, 12))
    scenario.assign(shop, date(2019, 1, 20))

    def found(as_of):
        return consequence_of(
            lambda: instance_delete(shop, day=date(2019, 1, 1), **SAID), [Subject("instance", shop.pk)], as_of
        )["public"]

    assert (found(date(2019, 1, 5)).as_of, found(date(2019, 1, 5)).cents) == (date(2019, 2, 1), -11000)
    scenario.run(date(2019, 3, 1))
    assert (found(date(2019, 2, 1)).as_of, found(date(2019, 2, 1)).cents) == (date(2019, 3, 1), -22000)


def test_a_refused_change_stays_refused(scenario):
    shop = scenario.instance(created=date(2018, 12, 1))
    with pytest.raises(Refused):
        consequence_of(
            lambda: instance_delete(shop, day=date(2018, 11, 1), **SAID),
            [Subject("instance", shop.pk)],
            date(2019, 2, 1),
        )
