"""The shape of kept explanations is frozen: lines never change, so every shape there ever was must stay readable."""

from __future__ import annotations

import json
from datetime import date
from types import SimpleNamespace
from typing import Any

from pos_billing.instances.commands import domain_correct_day, instance_delete
from pos_billing.instances.models import Domain, UsageDay
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.explanation import READERS, sentences
from pos_billing.statements.models import StatementLine
from pos_billing.statements.snapshot import VERSION
from tests.statements.test_bill import METERED

SHAPES: dict[int, Any] = {
    1: {
        "version": ["int"],
        "environment": ["str"],
        "domain": {"host": ["str"], "added_on": ["str"]},
        "ends_on": ["str"],
        "shares": [
            {
                "spans": [[["str"]]],
                "days": ["int"],
                "cents": ["int"],
                "price": {
                    "id": ["int"],
                    "from": ["str"],
                    "until": ["str"],
                    "cents": ["int"],
                    "included": ["int"],
                    "tiers": [{"up_to": ["NoneType", "int"], "cents": ["int"], "per": ["int"]}],
                },
                "assigned": [
                    {
                        "id": ["int"],
                        "plan": ["str"],
                        "from": ["str"],
                        "by": ["str"],
                        "entered_on": ["str"],
                        "reached_back": ["bool"],
                    }
                ],
                "metric": ["str"],
                "usage": ["int"],
            }
        ],
        "corrects": [{"line": ["int"], "statement": ["str"], "as_of": ["str"], "cents": ["int"]}],
        "month": [{"span": [["str"]], "plan": ["str"], "reason": ["str"]}],
    }
}
"""Every version there ever was, with the keys and types that can stand in it. Never change one: add the next."""


def _merged(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return one or other
    if isinstance(one, dict):
        return {key: _merged(one.get(key), other.get(key)) for key in one.keys() | other.keys()}
    if one and isinstance(one[0], str):
        return sorted({*one, *other})
    return [_merged(one[0] if one else None, other[0] if other else None)]


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(one) for key, one in value.items()}
    if isinstance(value, list):
        found = None
        for one in value:
            found = _merged(found, _shape(one))
        return [] if found is None else [found]
    return [type(value).__name__]


def _every_kind_of_line(scenario) -> list[dict[str, Any]]:
    """Charged whole and in part, reached back, by two prices, metered with tiers, deleted, and corrected."""
    tiers = {**METERED, "tiers": [{"up_to": 100, "cents": 10}, {"up_to": None, "cents": 1}]}
    metered = scenario.plan("Metered", 9900, fees=[tiers])
    sold = scenario.plan("Metered sold", 15000, schema=scenario.schema, parent=metered, fees=[tiers])
    shop = scenario.instance("shop", domain_on=date(2018, 12, 12))
    scenario.assign(shop, date(2019, 1, 20))
    used = scenario.instance("used", domain_on=date(2018, 12, 12))
    scenario.assign(used, date(2019, 1, 20), sold)
    for day in range(1, 31):
        UsageDay.objects.create(instance=used, metric=METERED["metric"], day=date(2019, 1, day), quantity=5_000)
    scenario.price(scenario.parent, 12000, date(2019, 1, 10))
    scenario.run(date(2019, 2, 1))
    domain_correct_day(Domain.objects.get(instance=shop), added_on=date(2018, 12, 20), **_SAID)
    instance_delete(used, day=date(2019, 1, 25), **_SAID)
    scenario.run(date(2019, 3, 1))
    with in_seller("public"):
        return [json.loads(json.dumps(line.explanation)) for line in StatementLine.objects.all()]


_SAID = {"by": "finance@example.com", "why": "test"}


def test_the_shape_is_that_of_its_version(scenario):
    found: Any = None
    for said in _every_kind_of_line(scenario):
        assert said["version"] == VERSION
        found = _merged(found, _shape(said))
    assert found == SHAPES[VERSION], (
        "The explanation kept with lines has another shape. Count VERSION up in statements/snapshot.py, add its shape "
        "here, and teach statements/explanation.py to read both: issued lines keep the old one for ever."
    )


def test_every_version_is_read():
    assert set(READERS) == set(SHAPES)


def test_a_version_that_is_not_known_is_said_in_words():
    line = SimpleNamespace(explanation={"version": 99, "shares": []})
    assert sentences(line) == [
        "This explanation is of version 99, which this release cannot read: a newer one wrote it. "
        "The amount stands as it was issued."
    ]
    line = SimpleNamespace(explanation="{}")
    assert sentences(line) == ["No explanation was kept with this line; its amount stands as it was issued."]
