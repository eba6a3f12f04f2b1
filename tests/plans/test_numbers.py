"""Numbers of statements and credit notes: which formats there are, how they are written, that none comes twice."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from pos_billing.collection.money.credit_notes import credit_note_issue
from pos_billing.facts.errors import Refused
from pos_billing.plans.commands import seller_settings_change
from pos_billing.plans.models import SellerSettings
from pos_billing.plans.number_format import NumberFormat
from pos_billing.plans.numbering import credit_note_number_in, number_in
from pos_billing.statements.models import Statement
from tests.statements.billing_scenario import SAID, BillingScenario

DAY = date(2019, 1, 5)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("{number}", "42"),
        ("{number:06d}", "000042"),
        ("{number:01d}", "42"),
        ("{number:012d}", "000000000042"),
        ("{year}{month}-{number:04d}", "201901-0042"),
        ("{year}/{month:02d}/{number}", "2019/01/42"),
        ("Nº {number} (Größe) 50%", "Nº 42 (Größe) 50%"),
    ],
)
def test_valid_formats(platform, text, written):
    """What they write can be read back, and PostgreSQL stores them."""
    assert number_in(text, DAY, 42) == written
    assert credit_note_number_in(text, DAY, 42) == f"CN-{written}"
    assert NumberFormat.read(text).read_back(written) == (42, 2019 if "{year}" in text else None)
    assert seller_settings_change(number_format=text, **SAID).number_format == text


WRONG = [
    "", "A", "{year}", "{number", "number}", "{}", "{0}", "{number}{number:02d}", "{serial}", "{{number}}",
    "{number:d}", "{number:6d}", "{number:00d}", "{number:013d}", "{number:999999999}", "{number:0>9999999999999}",
    "{number:c}", "{number:e}", "{number:,}", "{number!r}", "{number.real}", "{year:02d}-{number}",
    "{month:03d}-{number}", "A\n{number}", "A\t{number}", "A\x00{number}",
]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_other_formats_are_refused_with_a_sentence(platform, text):
    """Before anything is written with them."""
    with pytest.raises(Refused) as refused:
        seller_settings_change(number_format=text, **SAID)
    assert refused.value.field == "number_format"
    assert refused.value.text.endswith(".")


@pytest.mark.parametrize("text", [text for text in WRONG if "\x00" not in text])
def test_postgresql_keeps_other_formats_out(platform, text):
    """Also from whoever writes to the table directly."""
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE pos_billing_sellersettings SET number_format = %s", [text])


def test_numbers_of_credit_notes_must_fit_too(platform):
    """47 signs, 10 digits and CN- are 60; one more is too long."""
    assert seller_settings_change(number_format="x" * 47 + "{number}", **SAID)
    with pytest.raises(Refused, match="61 characters"):
        seller_settings_change(number_format="x" * 48 + "{number}", **SAID)


def test_what_begins_credit_notes_begins_no_statement(platform):
    """A statement CN-1 and a credit note CN-1 would be two documents with one number."""
    with pytest.raises(Refused, match="credit notes"):
        seller_settings_change(number_format="CN-{number}", **SAID)


def test_a_format_that_could_meet_an_issued_number_is_refused(agency_one):
    """A1{number} wrote A11 and A12; A{number} would write A11 again as the eleventh."""
    scenario = BillingScenario(agency_one)
    seller_settings_change(number_format="A1{number}", **SAID)
    scenario.assign(scenario.instance("shop", domain_on=date(2019, 1, 1)), date(2019, 1, 1))
    scenario.run(date(2019, 2, 1))
    scenario.run(date(2019, 3, 1))
    assert set(Statement.objects.values_list("number", flat=True)) == {"A11", "A12"}
    with pytest.raises(Refused, match=r"A1[12] was issued already"):
        seller_settings_change(number_format="A{number}", **SAID)
    assert SellerSettings.objects.get().number_format == "A1{number}"
    seller_settings_change(number_format="A1{number}", **SAID)
    seller_settings_change(number_format="A{number:03d}", **SAID)
    scenario.run(date(2019, 4, 1))
    assert Statement.objects.latest("sequence").number == "A003"


def test_an_issued_credit_note_is_not_met_either(agency_one):
    """CN-B11 was written by B1{number}; B{number} would write it again."""
    scenario = BillingScenario(agency_one)
    scenario.assign(scenario.instance("shop", domain_on=date(2019, 1, 1)), date(2019, 1, 1))
    scenario.run(date(2019, 2, 1))
    seller_settings_change(number_format="B1{number}", **SAID)
    note = credit_note_issue(Statement.objects.get(), issued_on=DAY, cents=100, **SAID)
    assert note.number == "CN-B11"
    with pytest.raises(Refused, match="CN-B11 was issued already"):
        seller_settings_change(number_format="B{number}", **SAID)


def test_statements_and_credit_notes_are_numbered_by_one_rule(agency_one):
    """The month has two digits on both."""
    scenario = BillingScenario(agency_one)
    seller_settings_change(number_format="{year}{month}-{number:04d}", **SAID)
    scenario.assign(scenario.instance("shop", domain_on=date(2019, 1, 1)), date(2019, 1, 1))
    scenario.run(date(2019, 2, 1))
    statement = Statement.objects.get()
    note = credit_note_issue(statement, issued_on=date(2019, 2, 5), cents=100, **SAID)
    assert (statement.number, note.number) == ("201902-0001", "CN-201902-0001")


def test_numbers_begin_anew_each_year_without_gaps(agency_one):
    """2019-0001 and 2019-0002, then 2020-0001; credit notes likewise, by a count of their own."""
    scenario = BillingScenario(agency_one)
    seller_settings_change(number_format="{year}-{number:04d}", numbers_begin_anew=True, **SAID)
    scenario.assign(scenario.instance("shop", domain_on=date(2019, 11, 1)), date(2019, 11, 1))
    for day in (date(2019, 12, 1), date(2019, 12, 31), date(2020, 1, 1), date(2020, 2, 1), date(2020, 3, 1)):
        scenario.run(day)
    statements = Statement.objects.order_by("sequence")
    assert list(statements.values_list("number", flat=True)) == ["2019-0001", "2020-0001", "2020-0002", "2020-0003"]
    assert list(statements.values_list("sequence", flat=True)) == [1, 2, 3, 4]
    numbers = [
        credit_note_issue(statements[0], issued_on=day, cents=100, **SAID).number
        for day in (date(2019, 12, 5), date(2019, 12, 6), date(2020, 1, 5))
    ]
    assert numbers == ["CN-2019-0001", "CN-2019-0002", "CN-2020-0001"]
    with pytest.raises(Refused, match="those of 2020 have begun"):
        credit_note_issue(statements[0], issued_on=date(2019, 12, 31), cents=100, **SAID)
    seller_settings_change(numbers_begin_anew=False, **SAID)
    scenario.run(date(2020, 4, 1))
    assert Statement.objects.latest("sequence").number == "2020-0004"


def test_numbers_that_begin_anew_must_name_the_year(platform):
    """Otherwise the second year would write the first one's numbers again."""
    with pytest.raises(Refused, match=r"use \{year\}"):
        seller_settings_change(number_format="{number}", numbers_begin_anew=True, **SAID)
    seller_settings_change(number_format="{year}/{number}", numbers_begin_anew=True, **SAID)
    with pytest.raises(Refused, match=r"use \{year\}"):
        seller_settings_change(number_format="{number}", **SAID)
