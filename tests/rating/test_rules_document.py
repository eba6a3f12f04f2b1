"""docs/rules.md says what the product does: its tables are computed anew, its functions exist, its reasons are all."""

import importlib
import re

import pytest

from pos_billing.rating.timeline import NotCharged
from tests.rating.worked_examples import BLOCK, DOCUMENT, EXAMPLES, rendered

TEXT = DOCUMENT.read_text(encoding="utf-8")
RULES = re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]


def test_every_table_is_what_the_rules_compute():
    assert rendered(TEXT) == TEXT, "Run `python -m tests.rating.worked_examples --write` and look at what changed."


def test_every_example_is_shown_once():
    assert sorted(name for _, name, _ in BLOCK.findall(TEXT)) == sorted(EXAMPLES)


def test_a_wrong_amount_in_the_document_is_noticed():
    assert rendered(TEXT.replace("| $70.97 |", "| $70.98 |")) == TEXT


@pytest.mark.parametrize("rule", RULES, ids=[rule.partition("\n")[0] for rule in RULES])
def test_every_rule_names_functions_that_exist(rule):
    sentence = re.search(r"Functions?:\s+([^\n]+(?:\n[^\n]+)*?)\.\n", rule)
    assert sentence, "Say which function of pos_billing/rating holds the rule."
    names = re.findall(r"`([\w.]+)`", sentence[1])
    assert names
    for name in names:
        module, *path = name.split(".")
        found = importlib.import_module(f"pos_billing.rating.{module}")
        for each in path:
            found = getattr(found, each)
        assert found.__doc__


def test_the_twelve_rules_of_rating_stand_in_order():
    assert [rule.split(".")[0] for rule in RULES] == [str(number) for number in range(1, 13)]


def test_every_reason_is_explained():
    reasons = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", RULES[1].partition("one of these reasons")[2], re.MULTILINE)
    assert set(reasons) - {"reason"} == {reason.value for reason in NotCharged}
