"""`manage.py bill` says what it did, for one Seller or all."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from pos_billing.statements.models import BillingRun, Statement


def bill(*arguments: str) -> str:
    out = StringIO()
    call_command("bill", *arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def ready(scenario):
    scenario.assign(scenario.instance(domain_on=date(2018, 12, 12)), date(2019, 1, 20))
    scenario.instance("waiting", domain_on=date(2019, 1, 5))
    return scenario


def test_all_sellers_are_billed_and_summed_up(ready):
    said = bill("--as-of", "2019-02-01")
    assert "Run of public as of 1 Feb 2019" in said
    assert "1 statement, 2 lines (0 adjustments), total $180.97" in said
    assert "2019-000001  Agency One: $180.97, due $180.97 by 15 Feb 2019 (2 lines)" in said
    assert "not charged in the last closed month: 1 subject – Unbilled: no plan chosen yet" in said
    assert f"Run of {ready.schema}" in said
    assert "Greengrocer: $246.77" in said
    assert Statement.objects.count() == 1


def test_preview_writes_nothing(ready):
    said = bill("--as-of", "2019-02-01", "--seller", "public", "--preview")
    assert "Preview of public as of 1 Feb 2019" in said
    assert "$180.97" in said
    assert not BillingRun.objects.exists()


def test_refusals_are_told_and_the_others_are_billed(ready):
    with pytest.raises(CommandError, match="Not billed: public"):
        bill("--as-of", "2019-01-15", "--seller", "public")
    with pytest.raises(CommandError, match="There is no Seller"):
        bill("--as-of", "2019-02-01", "--seller", "nobody")


def test_full_run_proves_that_nothing_was_missed(ready):
    bill("--as-of", "2019-02-01")
    said = bill("--as-of", "2019-02-01", "--full")
    assert "(everything)" in said
    assert "0 statements, 0 lines" in said
