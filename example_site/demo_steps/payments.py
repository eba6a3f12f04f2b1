"""The demo's money: what Partners' cards did in February, March and April 2019, and what came by bank."""

from datetime import UTC, date, datetime, time
from io import StringIO

from django.conf import settings
from django.core.management import call_command

from example_site.demo_steps.demo import Demo
from example_site.demo_steps.services import uses_stripe_double
from example_site.partners.models import Partner
from example_site.stripe_double.control import Control
from pos_billing.collection.cards.stored_cards import card_take
from pos_billing.collection.models import Card, Collection, Payment, PaymentKind
from pos_billing.collection.money.payments import payment_record
from pos_billing.collection.money.queries import open_statements
from pos_billing.collection.stripe.api import card_read
from pos_billing.collection.stripe.connect import connected_account, seller_connect
from pos_billing.collection.stripe.customers import customer_of
from pos_billing.plans.models import Account
from pos_billing.sellers.schemas import in_seller

GOOD, ASKS_FOR_3D_SECURE = "4242424242424242", "4000002760003184"
DAYS = (date(2019, 2, 15), date(2019, 3, 1), date(2019, 4, 1))
BY_BANK = date(2019, 2, 14)
DECLINED, CONFIRMS, BY_HAND, RESELLER = "glidestack", "northlight", "atelier_nord", "harbour_digital"
BY = "make demo"


def show_payments(demo: Demo) -> str:
    """Cards for the Partners, and their statements collected day by day; what is done stays as it is.

    In the end February and March are paid, one of April's cards was declined and is tried again, one waits for 3-D
    Secure, one Partner pays by bank, and one charges a client of its own by its own Stripe account.
    """
    if not uses_stripe_double():
        return "left out: there is a Stripe of your own"
    control = Control(settings.STRIPE_DOUBLE)
    partners = {p.schema_name: p for p in Partner.objects.exclude(schema_name="public")}
    if not Payment.objects.exists():
        for schema in (RESELLER, DECLINED, CONFIRMS):
            _stand_at(control, date(2019, 2, 1))
            _give_card(control, Account.objects.get(partner=partners[schema]), GOOD)
        _sell_by_card(control, demo)
        _pay_by_bank(Account.objects.get(partner=partners[BY_HAND]))
        for day in DAYS:
            demo.tell(f"collecting as of {day}")
            _stand_at(control, day)
            if day == DAYS[-1]:
                _spoil_april(control, partners)
            call_command("collect", as_of=day, by=BY, stdout=StringIO(), stderr=StringIO())
            control.drain(60)
        _stand_at(control, DAYS[-1], frozen=False)
    return _told()


def _stand_at(control: Control, day: date, *, frozen: bool = True) -> None:
    """It is noon of that day at Stripe."""
    control.set_clock(datetime.combine(day, time(12), UTC).timestamp(), frozen=frozen)


def _give_card(control: Control, account: Account, number: str, stripe_account: str = "") -> Card:
    """The Account's people typed a card into Stripe's field."""
    customer = customer_of(account, stripe_account)
    made = control.add_card(customer, number, exp_month=12, exp_year=2030)
    seen = card_read(made["id"], stripe_account=stripe_account)
    return card_take(account, seen, stripe_account=stripe_account, by=BY)


def _sell_by_card(control: Control, demo: Demo) -> None:
    """A Partner connects its Stripe account and charges its first client by it."""
    with in_seller(RESELLER):
        back = demo.address(f"{RESELLER.replace('_', '-')}.{settings.PUBLIC_HOST}", "/dashboard/billing/")
        seller_connect(return_url=back, refresh_url=back, by=BY, why="to charge clients by card")
        connected = connected_account()
        client = Account.objects.order_by("name").first()
        if connected is not None and client is not None:
            _give_card(control, client, GOOD, connected.account_id)


def _pay_by_bank(account: Account) -> None:
    """A Partner that pays by hand did so, for its first statement."""
    statement = open_statements(account).first()
    if statement is not None:
        payment_record(
            account, cents=statement.amount_due_cents, received_on=BY_BANK, kind=PaymentKind.BANK_TRANSFER,
            reference="FT-190214-0031", statements=[statement], by=BY, why="on the bank's statement of 14 February",
        )  # fmt: skip


def _spoil_april(control: Control, partners: dict[str, Partner]) -> None:
    """Before 1 April: one Partner's account at its bank is empty, another has a new card that asks for 3-D Secure."""
    empty = Card.objects.get(account__partner=partners[DECLINED], is_default=True)
    control.change_card(empty.payment_method_id, charge="insufficient_funds")
    _give_card(control, Account.objects.get(partner=partners[CONFIRMS]), ASKS_FOR_3D_SECURE)


def _told() -> str:
    """What there is now, in words."""
    waiting = Collection.objects.filter(action_required=True).count()
    retried = Collection.objects.filter(declines__gt=0, action_required=False, next_attempt_on__isnull=False).count()
    paid = Payment.objects.filter(kind=PaymentKind.CARD).count()
    by_hand = Payment.objects.exclude(kind=PaymentKind.CARD).count()
    return (
        f"{paid} payments by card, {by_hand} by bank; {retried} declined and tried again, "
        f"{waiting} waiting for 3-D Secure"
    )
