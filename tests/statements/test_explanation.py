"""Every cent can be unfolded: the sentences of a line, and the files of a statement."""

import csv
import io
import json
from datetime import date

from pos_billing.instances.commands import domain_add, domain_correct_day
from pos_billing.instances.models import Domain
from pos_billing.statements.explanation import sentences
from pos_billing.statements.export import statement_csv, statement_json
from pos_billing.statements.models import Statement, StatementLine
from tests.statements.billing_scenario import EVERYWHERE, SAID
from tests.statements.test_bill import METERED, usage


def test_sentences_of_a_retroactive_charge_and_its_correction(scenario):
    shop = scenario.instance(domain_on=date(2018, 12, 12))
    scenario.assign(shop, date(2019, 1, 20))
    scenario.run(date(2019, 2, 1))
    line = StatementLine.objects.get(month=date(2018, 12, 1))
    entered = line.explanation["shares"][0]["assigned"][0]["entered_on"]
    said = sentences(line)
    assert said[0] == (
        "12 Dec 2018 – 31 Dec 2018: 20 of 31 days at $110.00 a month (price since 1 Aug 2018): "
        "$110.00 × 20 ÷ 31 = $70.97."
    )
    assert said[1] == "Chargeable since its first custom Domain, www.shop.example.com, was added on 12 Dec 2018."
    assert said[2].startswith(
        "Plan “Production 110” assigned from 20 Jan 2019 by owner@agency-one.example.com (entered on "
    )
    assert said[2].endswith("; it reaches back over the days before, on which no plan was chosen yet.")
    assert date.fromisoformat(entered) > date(2019, 1, 20)
    domain_correct_day(Domain.objects.get(instance=shop), added_on=date(2018, 12, 1), **SAID)
    scenario.run(date(2019, 4, 1))
    said = sentences(StatementLine.objects.get(kind="adjustment"))
    assert said[0] == "1 Dec 2018 – 31 Dec 2018: 31 of 31 days at $110.00 a month (price since 1 Aug 2018)."
    assert said[-1] == (
        "Correction for December 2018: $110.00 is due, $70.97 was billed ($70.97 on statement 2019-000001 of "
        "1 Feb 2019); the difference is $39.03."
    )


def test_sentences_of_two_prices_in_a_month_and_of_a_credit(scenario):
    shop = scenario.instance(domain_on=date(2019, 1, 1))
    scenario.assign(shop, date(2019, 1, 1))
    scenario.price(scenario.parent, 12000, date(2019, 1, 16))
    scenario.run(date(2019, 2, 1))
    said = sentences(StatementLine.objects.get())
    assert said[:3] == [
        "1 Jan 2019 – 15 Jan 2019: 15 of 31 days at $110.00 a month (price since 1 Aug 2018): "
        "$110.00 × 15 ÷ 31 = $53.23.",
        "16 Jan 2019 – 31 Jan 2019: 16 of 31 days at $120.00 a month (price since 16 Jan 2019): "
        "$120.00 × 16 ÷ 31 = $61.94.",
        "Together $53.23 + $61.94 = $115.17.",
    ]
    domain_correct_day(Domain.objects.get(instance=shop), added_on=date(2019, 2, 10), **SAID)
    scenario.run(date(2019, 2, 1))
    said = sentences(StatementLine.objects.get(kind="adjustment"))
    assert said[0] == "Nothing is due for January 2019."
    assert said[-1] == "1 Jan 2019 – 31 Jan 2019: not charged – no custom domain yet."


def test_sentences_of_usage(scenario):
    plan = scenario.plan("Metered", None, fees=[METERED], environments=EVERYWHERE)
    sold = scenario.plan(
        "Metered sold", None, schema=scenario.schema, parent=plan, environments=EVERYWHERE, fees=[METERED]
    )
    shop = scenario.instance(domain_on=date(2019, 1, 1))
    scenario.assign(shop, date(2019, 1, 1), sold)
    usage(shop, "api_calls", {date(2019, 1, 5): 1600})
    scenario.run(date(2019, 2, 1))
    said = sentences(StatementLine.objects.get())
    assert said[:2] == [
        "API calls, 1 Jan 2019 – 31 Jan 2019: 31 of 31 days: 1,600 calls used, 1,000 included a month "
        "(terms since 1 Aug 2018).",
        "Usage over it, at $0.02 for every 1 calls up to 500, then $0.01 for every 1 calls: $11.00.",
    ]


def test_csv_and_json_hold_every_line(scenario):
    shop = scenario.instance("=cmd", domain_on=None)
    domain_add(shop, host="www.shop.example.com", added_on=date(2018, 12, 12), **SAID)
    scenario.assign(shop, date(2019, 1, 20))
    scenario.run(date(2019, 2, 1))
    statement = Statement.objects.get()
    rows = list(csv.DictReader(io.StringIO("".join(statement_csv(statement)))))
    assert [(row["month"], row["days"], row["amount"]) for row in rows] == [
        ("2018-12", "20", "70.97"), ("2019-01", "31", "110.00"),
    ]  # fmt: skip
    assert {row["subject"] for row in rows} == {"'=cmd"}, "a spreadsheet must not take a name for a formula"
    assert "20 of 31 days" in rows[0]["explanation"]
    said = json.loads("".join(statement_json(statement)))
    assert (said["number"], said["total_cents"]) == ("2019-000001", 18097)
    assert [line["amount_cents"] for line in said["lines"]] == [7097, 11000]
    assert said["lines"][0]["explanation"]["domain"]["added_on"] == "2018-12-12"
