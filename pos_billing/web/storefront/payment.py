"""A client's money: what it owes its Partner, how to pay it, its cards, its ledger."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from pos_billing.collection.models import Card, CardSetup, CreditNote
from pos_billing.notices.commands import notice_dismiss
from pos_billing.notices.models import Notice
from pos_billing.plans.models import Account
from pos_billing.web.frame import accounts_of
from pos_billing.web.shared import payment_cards
from pos_billing.web.shared.ledger import csv_of, ledger_context
from pos_billing.web.shared.payment_context import payment_context
from pos_billing.web.statement.credit_note_files import note_file
from pos_billing.web.storefront.views import storefront_page

TAB = "billing-payment"


def account_of(request: HttpRequest) -> Account:
    """The visitor's Account that ``account`` names, the first one without it. Somebody else's is not found."""
    wanted = request.POST.get("account") or request.GET.get("account")
    for account in accounts_of(request.user):
        if not wanted or str(account.pk) == wanted:
            return account
    raise Http404("There is no such account.")


def payment_url(account: Account) -> str:
    """The payment page of one of the visitor's Accounts."""
    return f"{reverse('client_billing:payment')}?account={account.pk}"


@require_safe
def payment(request: HttpRequest) -> HttpResponse:
    """What is to be paid and how, cards, and the latest payments."""
    context = payment_context(account_of(request))
    return storefront_page(
        request, "pos_billing/storefront/payment.html", "Payment", TAB, may_write=True,
        account_choices=accounts_of(request.user), **context,
    )  # fmt: skip


@require_POST
def card_add(request: HttpRequest) -> HttpResponse:
    """The page with Stripe's card field, for the Partner's own Stripe account."""
    account = account_of(request)
    context = payment_cards.begin(request, account, reverse("client_billing:card-added"))
    if context is None:
        return redirect(payment_url(account))
    return storefront_page(
        request, "pos_billing/storefront/card_add.html", "Add a card", TAB, payment_url=payment_url(account), **context
    )


@require_safe
def card_added(request: HttpRequest) -> HttpResponse:
    """Where Stripe's field leads back to."""
    own = CardSetup.objects.select_related("account").filter(account__in=accounts_of(request.user))
    setup = get_object_or_404(own, setup_intent_id=request.GET.get("setup_intent", ""))
    payment_cards.finish(request, setup)
    return redirect(payment_url(setup.account))


@require_POST
def card_chosen(request: HttpRequest, card: int) -> HttpResponse:
    """Charge another card from now on."""
    chosen = _own_card(request, card)
    payment_cards.choose(request, chosen)
    return redirect(payment_url(chosen.account))


@require_POST
def card_removed(request: HttpRequest, card: int) -> HttpResponse:
    """Take a card off."""
    chosen = _own_card(request, card)
    payment_cards.remove(request, chosen)
    return redirect(payment_url(chosen.account))


@require_POST
def notice_dismissed(request: HttpRequest, notice: int) -> HttpResponse:
    """Put a notice away."""
    found = get_object_or_404(Notice.objects.filter(account__in=accounts_of(request.user)), pk=notice)
    notice_dismiss(found)
    return redirect(payment_url(found.account))


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Everything that changed what the client owes, with a running balance."""
    account = account_of(request)
    return storefront_page(
        request, "pos_billing/storefront/ledger.html", "Ledger", TAB, payment_url=payment_url(account),
        csv_url=f"{reverse('client_billing:ledger-csv')}?account={account.pk}",
        note_page="client_billing:credit-note-pdf", statement_page="client_billing:statement",
        **ledger_context(request, account),
    )  # fmt: skip


@require_safe
def ledger_csv(request: HttpRequest) -> HttpResponse:
    """The same as CSV."""
    return csv_of(account_of(request))


@require_safe
def credit_note_pdf(request: HttpRequest, note: int) -> HttpResponse:
    """A credit note to one of the visitor's Accounts."""
    own = CreditNote.objects.select_related("statement").filter(account__in=accounts_of(request.user))
    return note_file(get_object_or_404(own, pk=note))


def _own_card(request: HttpRequest, card: int) -> Card:
    """A card of one of the visitor's Accounts."""
    own = Card.objects.select_related("account").filter(account__in=accounts_of(request.user))
    return get_object_or_404(own, pk=card)
