"""Collecting one statement by card, step by step. Each step is stored before the next one begins.

    customer → draft invoice → lines → total compared → finalised → charged → payment recorded

A process may die, and an answer may be lost, between any two of them: whoever comes next finds what was begun, looks
whether it was done, and goes on. One invoice, one charge. Nothing here holds a transaction while Stripe is asked.
"""

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum

from pos_billing.collection.cards.charge import charge, resume_charge
from pos_billing.collection.cards.close_invoices import begin_again, close_differing, close_out_of_date
from pos_billing.collection.cards.compare_invoice import record_paid_elsewhere, what_differs
from pos_billing.collection.cards.invoice_lines import InvoiceLine, invoice_lines
from pos_billing.collection.cards.record_stripe_payment import invoice_paid
from pos_billing.collection.cards.statement_lines import billed_of, further_of
from pos_billing.collection.locking import sole_collector
from pos_billing.collection.models import Collection
from pos_billing.collection.money.queries import default_card, standings
from pos_billing.collection.signals import step_done
from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe import keys
from pos_billing.collection.stripe.connect import NoStripeAccount, stripe_account
from pos_billing.collection.stripe.customers import customer_of
from pos_billing.collection.stripe.installation import owner
from pos_billing.collection.stripe.products import products_forget, products_sync
from pos_billing.collection.stripe.values import SeenInvoice, StripeKeySpent, StripeRefused
from pos_billing.facts import clock
from pos_billing.notices.commands import notice_make
from pos_billing.notices.models import NoticeKind
from pos_billing.plans.models import CollectionMethod, SellerSettings
from pos_billing.statements.models import Statement


class Result(StrEnum):
    """What came of trying to collect a statement."""

    PAID = "paid"
    DECLINED = "declined"
    ACTION_REQUIRED = "action required"
    NOTHING_DUE = "nothing due"
    NOT_NOW = "not due today"
    BY_HAND = "paid by hand"
    UNDER_MINIMUM = "under the card minimum"
    NO_CARD = "no card"
    NO_STRIPE = "no Stripe account"
    PAUSED = "paused"
    BLOCKED = "blocked"
    BUSY = "being collected by somebody else"


def collect_statement(statement_id: int, *, as_of: date, by: str) -> Result:
    """Collect a statement of the current Seller as far as it goes on the day ``as_of``. Safe to repeat at any time.

    Raises ``StripeUnreachable`` when Stripe did not answer: try again later, nothing is lost. What Stripe refuses for
    good is kept as trouble for staff, and keeps no other statement from being collected.
    """
    with sole_collector(statement_id) as free:
        if not free:
            return Result.BUSY
        try:
            return _collect(statement_id, as_of, by)
        except StripeRefused as refused:
            return _blocked(Collection.objects.get(statement=statement_id), f"Stripe refused: {refused}")


def _collect(statement_id: int, as_of: date, by: str) -> Result:
    statement = Statement.objects.select_related("account").get(pk=statement_id)
    collection, _ = Collection.objects.get_or_create(
        statement=statement, defaults={"next_attempt_on": statement.due_on}
    )
    resumed = resume_charge(collection, as_of=as_of, by=by)
    if resumed is not None:
        collection.refresh_from_db()
        if resumed == Result.PAID:
            return _settled(collection)
    outstanding = standings([statement_id])[statement_id].outstanding
    if close_out_of_date(collection, outstanding, as_of=as_of, by=by):
        collection.refresh_from_db()
        outstanding = standings([statement_id])[statement_id].outstanding
    reason = _why_not(statement, collection, outstanding, as_of)
    if reason is not None:
        return Result(resumed) if resumed is not None and reason is Result.NOT_NOW else reason
    try:
        account_id = stripe_account()
    except NoStripeAccount:
        return Result.NO_STRIPE
    card = default_card(statement.account, account_id)
    if card is None:
        _tell_card_is_missing(statement, as_of)
        return Result.NO_CARD
    if collection.invoice_id and collection.stripe_account != account_id:
        return _blocked(collection, "The Seller's Stripe account changed after the invoice was made.")
    if collection.invoice_status == "paid":  # what it paid was taken back, or did not suffice
        begin_again(collection)
        collection.refresh_from_db()
    if record_paid_elsewhere(collection, as_of=as_of, by=by):
        outstanding = standings([statement_id])[statement_id].outstanding
        if outstanding <= 0:
            return Result.PAID
    made = _invoice(statement, collection, account_id)
    if not _fill(statement, collection, outstanding, made):
        return Result.BLOCKED
    seen = _finalize(statement, collection)
    if seen.status == "paid":
        invoice_paid(collection, seen, on=as_of, by=by)
        return _settled(collection)
    if seen.amount_paid > 0:  # a part was paid at Stripe: the card is charged the rest
        invoice_paid(collection, seen, on=as_of, by=by)
        collection.refresh_from_db()
        outstanding = standings([statement_id])[statement_id].outstanding
    wrong = what_differs(seen, outstanding)
    if wrong:
        return _blocked(collection, close_differing(collection, seen, wrong))
    result = Result(charge(collection, card, as_of=as_of, by=by))
    return _settled(collection) if result is Result.PAID else result


def _settled(collection: Collection) -> Result:
    """Paid means that nothing is left to pay; what is left is for staff to decide, who reads why."""
    return (
        Result.BLOCKED
        if standings([collection.statement_id])[collection.statement_id].outstanding > 0
        else (Result.PAID)
    )


def _why_not(statement: Statement, collection: Collection, outstanding: int, as_of: date) -> Result | None:
    """Why the card is not charged now; ``None``: it is. The first rule that fits decides."""
    if outstanding <= 0:
        return Result.NOTHING_DUE
    if collection.paused_why:
        return Result.PAUSED
    if collection.blocked_because:
        return Result.BLOCKED
    if statement.account.collection_method != CollectionMethod.CARD:
        return Result.BY_HAND
    if outstanding < SellerSettings.objects.get().card_minimum_cents:
        return Result.UNDER_MINIMUM
    if collection.next_attempt_on is None or max(collection.next_attempt_on, statement.due_on) > as_of:
        return Result.NOT_NOW
    return None


def _invoice(statement: Statement, collection: Collection, account_id: str) -> SeenInvoice | None:
    """The draft invoice at Stripe: made, or found when it was begun before; ``None`` when we had it already."""
    if not collection.customer_id:
        collection.customer_id = customer_of(statement.account, account_id)
        collection.stripe_account = account_id
        _store(collection, "customer", "customer_id", "stripe_account")
    if collection.invoice_id:
        return None
    metadata = keys.invoice_metadata(owner(), statement.number, collection.generation)
    seen = None
    if collection.begun_at is not None:
        seen = stripe_api.invoice_find(collection.customer_id, metadata, stripe_account=account_id)
    else:
        collection.begun_at = clock.now()
        _store(collection, "invoice_begun", "begun_at")
    if seen is None:
        seen = _burning(
            collection,
            lambda key: stripe_api.invoice_create(
                collection.customer_id,
                description=f"Statement {statement.number}",
                metadata=metadata,
                key=key,
                stripe_account=account_id,
            ),
            "create",
        )
    collection.invoice_id, collection.invoice_status = seen.id, seen.status
    _store(collection, "invoice", "invoice_id", "invoice_status")
    return seen


def _fill(statement: Statement, collection: Collection, outstanding: int, seen: SeenInvoice | None) -> bool:
    """Put the lines on the draft, and compare its total with what the statement asks for before it counts."""
    if collection.lines_added:
        return True
    account_id = collection.stripe_account
    seen = seen or stripe_api.invoice_read(collection.invoice_id, stripe_account=account_id)
    if seen.status == "draft" and seen.line_count == 0:
        lines = invoice_lines(billed_of(statement), further_of(statement, outstanding))
        try:
            seen = _add(collection, lines)
        except StripeRefused as refused:
            if "product" not in str(refused):
                raise
            products_forget(account_id)  # somebody deleted it at Stripe: it is told of all plans anew
            seen = _add(collection, lines)
    if seen.total != outstanding:
        _blocked(
            collection,
            f"Stripe's total of invoice {seen.id} is {seen.total} cents; the statement asks for {outstanding} cents. "
            "Nothing was charged.",
        )
        return False
    wrong = what_differs(seen, outstanding)
    if wrong:
        _blocked(collection, close_differing(collection, seen, wrong))
        return False
    collection.lines_added, collection.invoice_cents = True, seen.total
    _store(collection, "lines", "lines_added", "invoice_cents")
    return True


def _add(collection: Collection, lines: Sequence[InvoiceLine]) -> SeenInvoice:
    """Put lines on the draft, sold as the products of their plans."""
    account_id = collection.stripe_account
    sold = {line.plan_id for line in lines if line.plan_id and line.cents > 0}
    products = products_sync(account_id, sold, selling=True)
    asked = [stripe_api.line_of(x.description, x.cents, products.get(x.plan_id or 0, "")) for x in lines]
    step_done.send(sender=Collection, step="products", statement_id=collection.statement_id)
    return _burning(
        collection,
        lambda key: stripe_api.invoice_add_lines(collection.invoice_id, asked, key=key, stripe_account=account_id),
        "lines",
    )


def _finalize(statement: Statement, collection: Collection) -> SeenInvoice:
    """Make the invoice payable, or read it when that was done before: people may have changed it at Stripe since."""
    account_id = collection.stripe_account
    if collection.invoice_status != "draft":
        seen = stripe_api.invoice_read(collection.invoice_id, stripe_account=account_id)
        if seen.hosted_url != collection.hosted_invoice_url:  # Stripe's links end, and it gives out new ones
            collection.hosted_invoice_url = seen.hosted_url
            _store(collection, "link", "hosted_invoice_url")
        return seen
    try:
        seen = _burning(
            collection,
            lambda key: stripe_api.invoice_finalize(collection.invoice_id, key=key, stripe_account=account_id),
            "finalize",
        )
    except StripeRefused:  # finalised before, and that answer was lost
        seen = stripe_api.invoice_read(collection.invoice_id, stripe_account=account_id)
        if seen.status == "draft":
            raise
    if seen.status == "paid":  # nothing was left to pay; how that came is in its payments
        seen = stripe_api.invoice_read(collection.invoice_id, stripe_account=account_id)
        return seen
    collection.invoice_status, collection.hosted_invoice_url = seen.status, seen.hosted_url
    _store(collection, "finalize", "invoice_status", "hosted_invoice_url")
    return seen


def _burning(collection: Collection, ask: Callable[[str], SeenInvoice], step: str) -> SeenInvoice:
    """Ask with the step's key. A key that now stands for a failure of Stripe's own is not used again."""
    key = keys.invoice_key(owner(), collection.statement.number, collection.generation, step)
    try:
        return ask(f"{key}:{collection.key_attempt}" if collection.key_attempt else key)
    except (StripeKeySpent, StripeRefused):
        collection.key_attempt += 1
        _store(collection, "key_attempt", "key_attempt")
        raise


def _store(collection: Collection, step: str, *fields: str) -> None:
    collection.save(update_fields=list(fields))
    step_done.send(sender=Collection, step=step, statement_id=collection.statement_id)


def _blocked(collection: Collection, what: str) -> Result:
    """Stop until staff looked at it."""
    Collection.objects.filter(pk=collection.pk).update(blocked_because=what[:500])
    return Result.BLOCKED


def _tell_card_is_missing(statement: Statement, as_of: date) -> None:
    notice_make(
        NoticeKind.CARD_MISSING,
        account=statement.account,
        statement=statement,
        made_on=as_of,
        key=f"card_missing:{statement.pk}",
        about={"due_on": statement.due_on, "number": statement.number},
    )
