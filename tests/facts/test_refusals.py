"""Every refusal has a stable code, one code has one meaning, and docs/refusals.md lists them all."""

from datetime import date
from pathlib import Path

import pytest

from pos_billing.facts.errors import Refused
from pos_billing.facts.refusals import filled, refusals
from pos_billing.instances.commands import domain_add, instance_create
from pos_billing.plans.commands import account_create

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "refusals.md"
ALIKE = {
    # One meaning that is met at more than one place, and said there as the place needs it.
    "before_creation", "after_removal", "after_deletion", "by_missing", "host_is_address",
    "host_malformed", "not_a_whole_number", "record_column_missing", "statement_asks_for_nothing",
    "statement_credit_too_high", "domain_after_deletion", "domain_before_creation",
}  # fmt: skip


def test_every_refusal_has_a_code():
    assert [one.where for one in refusals() if not one.code and not one.passed_on] == []


def test_a_code_is_snake_case_and_has_one_meaning():
    meanings: dict[str, set[str]] = {}
    for one in refusals():
        if not one.passed_on:
            assert one.code.replace("_", "").isalnum(), one
            assert one.code == one.code.lower(), one
            meanings.setdefault(one.code, set()).add(one.sentence)
    assert {code: said for code, said in meanings.items() if len(said) > 1 and code not in ALIKE} == {}


def test_the_document_lists_them_all():
    text = DOCUMENT.read_text(encoding="utf-8")
    assert filled(text) == text, "Run manage.py pos_billing_refusals docs/refusals.md."


def test_a_refusal_carries_its_code(agency_one):
    """From a check in code, from a rule of staged rows, and from a constraint of the database."""
    said = {"by": "support@example.com", "why": "test"}
    created = date(2019, 1, 1)
    shop = instance_create(name="shop", environment="production", created_on=created, partner=agency_one, **said)
    cases = {
        "host_wildcard": lambda: domain_add(shop, host="*.example.com", added_on=created, **said),
        "domain_before_creation": lambda: domain_add(shop, host="a.example.com", added_on=date(2018, 1, 1), **said),
        "pos_billing_instances_instance_uuid_key": lambda: instance_create(
            name="x", environment="qa", created_on=created, partner=agency_one, uuid=shop.uuid, **said
        ),
        "invalid_value": lambda: account_create(name="", partner=agency_one, **said),
    }
    for code, command in cases.items():
        with pytest.raises(Refused) as refused:
            command()
        assert refused.value.code == code
        assert [error.code for error in refused.value.error_dict[refused.value.field]] == [code]
