"""The seed's scenario, through the double: launch 1 February, charged 15 February, then 1 March, 1 April."""

from datetime import date

from pos_billing.collection.models import Collection, Payment
from pos_billing.collection.money.ledger import check_ledger, ledger
from pos_billing.collection.money.state import State
from pos_billing.notices.models import Notice
from tests.collection.collecting import FIRST_PAYMENT, LAUNCH


def test_launch_first_payment_and_the_months_after(collecting):
    collecting.seed_instance()
    collecting.card()
    february = collecting.bill(LAUNCH)
    assert (february.amount_due_cents, february.due_on) == (18097, FIRST_PAYMENT)
    assert collecting.collect(LAUNCH).results == {}, "nothing is charged before the first-payment day"
    assert collecting.money()["charged"] == 0

    done = collecting.collect(FIRST_PAYMENT)
    assert done.results == {"paid": 1}
    assert collecting.state(february) is State.PAID
    assert collecting.money()["charged"] == 18097

    march = collecting.bill(date(2019, 3, 1))
    assert march.amount_due_cents == 11000
    assert collecting.collect().results == {"paid": 1}

    card = collecting.account.cards.get()
    collecting.control.change_card(card.payment_method_id, charge="insufficient_funds")
    april = collecting.bill(date(2019, 4, 1))
    assert collecting.collect().results == {"declined": 1}
    assert collecting.state(april) is State.DUE
    collection = Collection.objects.get(statement=april)
    assert (collection.declines, collection.next_attempt_on) == (1, date(2019, 4, 4))
    assert collecting.collect(date(2019, 4, 3)).results == {}
    assert collecting.state(april) is State.PAST_DUE

    collecting.control.change_card(card.payment_method_id, charge="succeeds")
    assert collecting.collect(date(2019, 4, 4)).results == {"paid": 1}
    assert collecting.state(april) is State.PAID
    assert collecting.money()["charged"] == 18097 + 11000 + 11000
    assert [payment.cents for payment in Payment.objects.order_by("pk")] == [18097, 11000, 11000]
    assert check_ledger(collecting.account) == 0
    assert [entry.balance for entry in ledger(collecting.account)] == [18097, 0, 11000, 0, 11000, 0]
    kinds = list(Notice.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds.count("payment_received") == 3
    assert kinds.count("payment_failed") == 1
