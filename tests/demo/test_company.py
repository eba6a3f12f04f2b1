"""The demo's company: its files are what its script writes, and its first statements are right to the cent."""

from datetime import date

from django.core.management import call_command

from example_site.demo import write_register
from pos_billing.instances.commands import domain_correct_day
from pos_billing.instances.models import Domain, Instance
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import Statement, StatementLine
from pos_billing.statements.prove import prove
from pos_billing.statements.run import bill

REGISTER = write_register.FOLDER / "register.csv"


def test_the_files_are_what_the_script_writes():
    assert REGISTER.read_text(encoding="utf-8") == write_register.register_text()
    assert (write_register.FOLDER / "usage.csv").read_text(encoding="utf-8") == write_register.usage_text()


def test_from_the_register_to_statements_that_explain_themselves(platform):
    """The worked example of the design, in the middle of a whole company, imported and billed as a newcomer does.

    1 Feb: December 20 of 31 days of 110.00 = 70.97, January 110.00; together 180.97. 1 Mar: February 110.00.
    The domain's day is corrected to 1 December; 1 Apr: March 110.00, December 110.00 - 70.97 = +39.03.
    """
    call_command("import_register", str(REGISTER), create_partners=True, by="test", why="the demo", verbosity=0)
    with in_seller("public"):
        museum = Instance.objects.get(name="harbour-lighthouse-museum")
    assert _billed(date(2019, 2, 1), museum) == [(date(2018, 12, 1), 7097), (date(2019, 1, 1), 11000)]
    assert _billed(date(2019, 3, 1), museum) == [(date(2019, 2, 1), 11000)]
    with in_seller("public"):
        domain = Domain.objects.get(instance=museum, host="www.lighthouse-museum.example")
        domain_correct_day(domain, added_on=date(2018, 12, 1), by="support@example.com", why="The client's invoice")
    assert _billed(date(2019, 4, 1), museum) == [(date(2018, 12, 1), 3903), (date(2019, 3, 1), 11000)]
    for month in (date(2018, 12, 1), date(2019, 1, 1), date(2019, 2, 1), date(2019, 3, 1)):
        assert prove("public", month).holds
    assert bill("public", as_of=date(2019, 4, 1), by="test").statements == []


def test_the_same_file_twice_changes_nothing(platform):
    call_command("import_register", str(REGISTER), create_partners=True, by="test", why="the demo", verbosity=0)
    with in_seller("public"):
        before = Instance.pgh_event_model.objects.count()
    call_command("import_register", str(REGISTER), create_partners=True, by="test", why="again", verbosity=0)
    with in_seller("public"):
        assert Instance.pgh_event_model.objects.count() == before


def _billed(as_of: date, instance: Instance) -> list[tuple[date, int]]:
    """Bill the platform, and say what the run's statement has for the Instance: months and cents."""
    bill("public", as_of=as_of, by="test")
    with in_seller("public"):
        statement = Statement.objects.get(as_of=as_of, account__partner__schema_name="harbour_digital")
        lines = StatementLine.objects.filter(statement=statement, instance_id=instance.pk)
        return sorted(lines.values_list("month", "amount_cents"))
