"""The demo's money story, on a site of the test's own."""

from datetime import date

from django.core.management import call_command

from example_site.demo import write_register
from example_site.demo_steps.billing import run_months
from example_site.demo_steps.demo import Demo
from example_site.demo_steps.payments import BY_HAND, CONFIRMS, DECLINED, RESELLER, show_payments
from pos_billing.collection.models import Collection, Payment
from pos_billing.collection.money.ledger import check_ledger
from pos_billing.collection.money.queries import statement_states
from pos_billing.collection.money.state import State
from pos_billing.plans.models import Account
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import Statement


def states(schema: str, month: date) -> set[State]:
    """The states, on 1 April, of the statements that the platform issued to a Partner on a day."""
    ids = Statement.objects.filter(account__partner__schema_name=schema, as_of=month).values_list("pk", flat=True)
    return set(statement_states(ids, date(2019, 4, 1)).values())


def test_what_the_demo_shows(site, double, settings):
    settings.STRIPE_DOUBLE = settings.STRIPE_API_HOST = double.base_url
    register = write_register.FOLDER / "register.csv"
    call_command("import_register", str(register), create_partners=True, by="test", why="the demo", verbosity=0)
    demo = Demo(tell=lambda words: None)
    run_months(demo)
    said = show_payments(demo)
    assert "1 declined and tried again, 1 waiting for 3-D Secure" in said
    february, april = date(2019, 2, 1), date(2019, 4, 1)
    for schema in (RESELLER, DECLINED, CONFIRMS, BY_HAND):
        assert states(schema, february) == {State.PAID}, schema
    assert states(RESELLER, april) == {State.PAID}
    assert states(DECLINED, april) == states(CONFIRMS, april) == {State.DUE}
    assert Collection.objects.get(action_required=True).statement.account.partner.schema_name == CONFIRMS
    assert Payment.objects.get(kind="bank_transfer").account.partner.schema_name == BY_HAND
    with in_seller(RESELLER):
        assert Payment.objects.exclude(stripe_account="").exists()
    for account in Account.objects.all():
        check_ledger(account)
    before = Payment.objects.count()
    assert show_payments(demo) == said
    assert Payment.objects.count() == before
