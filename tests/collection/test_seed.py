"""The seed's scenario, through the double: launch 1 February, charged 15 February, then 1 March, 1 April."""

from datetime import date

from pos_billing.collection.ledger import check_ledger, ledger
from pos_billing.collection.models import Collection, Notice, Payment
from pos_billing.collection.state import State
from tests.collection.town import FIRST_PAYMENT, LAUNCH


def test_launch_first_payment_and_the_months_after(town):
    town.seed_instance()
    town.card()
    february = town.bill(LAUNCH)
    assert (february.amount_due_cents, february.due_on) == (18097, FIRST_PAYMENT)
    assert town.collect(LAUNCH).results == {}, "nothing is charged before the first-payment day"
    assert town.money()["charged"] == 0

    done = town.collect(FIRST_PAYMENT)
    assert done.results == {"paid": 1}
    assert town.state(february) is State.PAID
    assert town.money()["charged"] == 18097

    march = town.bill(date(2019, 3, 1))
    assert march.amount_due_cents == 11000
    assert town.collect().results == {"paid": 1}

    card = town.account.cards.get()
    town.control.change_card(card.payment_method_id, charge="insufficient_funds")
    april = town.bill(date(2019, 4, 1))
    assert town.collect().results == {"declined": 1}
    assert town.state(april) is State.DUE
    collection = Collection.objects.get(statement=april)
    assert (collection.declines, collection.next_attempt_on) == (1, date(2019, 4, 4))
    assert town.collect(date(2019, 4, 3)).results == {}
    assert town.state(april) is State.PAST_DUE

    town.control.change_card(card.payment_method_id, charge="succeeds")
    assert town.collect(date(2019, 4, 4)).results == {"paid": 1}
    assert town.state(april) is State.PAID
    assert town.money()["charged"] == 18097 + 11000 + 11000
    assert [payment.cents for payment in Payment.objects.order_by("pk")] == [18097, 11000, 11000]
    assert check_ledger(town.account) == 0
    assert [entry.balance for entry in ledger(town.account)] == [18097, 0, 11000, 0, 11000, 0]
    kinds = list(Notice.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds.count("payment_received") == 3
    assert kinds.count("payment_failed") == 1
