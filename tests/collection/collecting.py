"""The seed's story with money in it: the platform, Agency One, a card, and runs on the 1st of each month."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from example_site.stripe_double.server import StripeDouble
from pos_billing.collection.cards.collect import collect_statement
from pos_billing.collection.cards.collect_due import collect_seller
from pos_billing.collection.cards.stored_cards import card_setup_finish
from pos_billing.collection.models import Card, CardSetup
from pos_billing.collection.money.queries import standings
from pos_billing.collection.money.state import State, state_of
from pos_billing.collection.stripe.api import card_read
from pos_billing.collection.stripe.customers import customer_of
from pos_billing.plans.models import Account
from pos_billing.statements.models import Statement
from tests.statements.billing_scenario import BillingScenario

GOOD, DECLINES, NEEDS_3DS = "4242424242424242", "4000000000000341", "4000002760003184"
LAUNCH, FIRST_PAYMENT = date(2019, 2, 1), date(2019, 2, 15)


class CollectionScenario:
    """World, and what a Partner and the platform do about money."""

    def __init__(self, double: StripeDouble) -> None:
        from example_site.partners.models import Partner

        self.double, self.control = double, double.control
        self.day = LAUNCH
        self.be(date(2019, 1, 20))
        self.scenario = BillingScenario(Partner.objects.get(schema_name="agency_one"))
        self.account: Account = self.scenario.account

    def be(self, day: date) -> None:
        """It is noon of that day, at Stripe as well."""
        self.day = day
        self.control.set_clock(datetime.combine(day, time(12), UTC).timestamp(), frozen=True)

    def seed_instance(self, name: str = "shop"):
        """The worked example: custom Domain added 12 December, plan assigned 20 January."""
        instance = self.scenario.instance(name, domain_on=date(2018, 12, 12))
        self.scenario.assign(instance, date(2019, 1, 20))
        return instance

    def card(self, number: str = GOOD, account: Account | None = None, stripe_account: str = "", **options) -> Card:
        """The Account's holder entered a card, and Stripe told us so."""
        from pos_billing.collection.cards.stored_cards import card_take

        account = account or self.account
        customer = customer_of(account, stripe_account)
        made = self.control.add_card(customer, number, **{"exp_month": 12, "exp_year": 2030, **options})
        seen = card_read(made["id"], stripe_account=stripe_account)
        return card_take(account, seen, stripe_account=stripe_account, by="owner")

    def bill(self, day: date) -> Statement:
        """A run of the platform; its newest statement."""
        self.be(day)
        self.scenario.run(day)
        return Statement.objects.order_by("-sequence").first()

    def collect(self, day: date | None = None):
        """Everything the platform collects on a day."""
        if day is not None:
            self.be(day)
        done = collect_seller(as_of=self.day, by="tests")
        self.control.drain()
        return done

    def collect_one(self, statement: Statement) -> str:
        """One statement, collected today."""
        result = collect_statement(statement.pk, as_of=self.day, by="tests")
        self.control.drain()
        return str(result)

    def state(self, statement: Statement) -> State:
        """The state of a statement today."""
        return state_of(standings([statement.pk])[statement.pk], self.day)

    def money(self) -> dict[str, int]:
        """What the double took for the platform, in cents."""
        return self.control.money()["acct_stripeDouble0001"]

    def finish_setup(self, setup_intent: str) -> Card | None:
        """What the page does when the browser comes back."""
        return card_setup_finish(CardSetup.objects.get(setup_intent_id=setup_intent), by="owner")
