"""What we ask of Stripe, one function for each thing asked. Nothing else in the product knows Stripe's API.

All amounts are cents of USD. ``stripe_account`` is the connected account that is acted for; empty: the platform's.
Errors: `stripe_calls.call`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final

import stripe
from stripe.params import (
    AccountCreateParams,
    AccountLinkCreateParams,
    CustomerCreateParams,
    InvoiceAddLinesParams,
    InvoiceAddLinesParamsLine,
    InvoiceAddLinesParamsLinePriceData,
    InvoiceCreateParams,
    InvoiceFinalizeInvoiceParams,
    InvoicePayParams,
    InvoiceRetrieveParams,
    InvoiceVoidInvoiceParams,
    ProductCreateParams,
    ProductUpdateParams,
    RefundCreateParams,
    RefundListParams,
    SetupIntentCreateParams,
    SetupIntentRetrieveParams,
    WebhookEndpointCreateParams,
)

from pos_billing.collection.stripe.calls import call
from pos_billing.collection.stripe.objects import (
    account_of,
    card_of,
    declined_of,
    dispute_of,
    invoice_of,
    refund_of,
    setup_of,
)
from pos_billing.collection.stripe.values import (
    Declined,
    SeenAccount,
    SeenCard,
    SeenDispute,
    SeenInvoice,
    SeenRefund,
    SeenSetup,
    StripeRefused,
)

CURRENCY = "usd"
API_VERSION: Final = "2026-05-27.dahlia"
PAYMENTS = ["payments"]
PAID_BY = ["card"]  # without it the account's own template decides, and may leave cards out


def customer_create(*, name: str, email: str, metadata: Mapping[str, str], key: str, stripe_account: str = "") -> str:
    """Make a customer; returns its id."""
    params: CustomerCreateParams = {"name": name, "metadata": dict(metadata)}
    if email:
        params["email"] = email
    made = call(lambda c, o: c.v1.customers.create(params, o), stripe_account=stripe_account, key=key)
    return str(made["id"])


def customer_find(metadata: Mapping[str, str], *, stripe_account: str = "") -> str:
    """The id of the customer with this metadata, or empty. A new one is found after about a minute."""
    query = " AND ".join(f"metadata['{name}']:'{value}'" for name, value in metadata.items())
    found = call(lambda c, o: c.v1.customers.search({"query": query}, o), stripe_account=stripe_account)["data"]
    return found[0]["id"] if found else ""


def setup_create(customer_id: str, *, metadata: Mapping[str, str], key: str, stripe_account: str = "") -> SeenSetup:
    """Begin to add a card that may be charged while its holder is away."""
    params: SetupIntentCreateParams = {
        "customer": customer_id,
        "usage": "off_session",
        "payment_method_types": ["card"],
        "metadata": dict(metadata),
    }
    return setup_of(call(lambda c, o: c.v1.setup_intents.create(params, o), stripe_account=stripe_account, key=key))


def setup_read(setup_intent_id: str, *, stripe_account: str = "") -> SeenSetup:
    """How adding a card went, with the card when it went well."""
    params: SetupIntentRetrieveParams = {"expand": ["payment_method"]}
    return setup_of(
        call(lambda c, o: c.v1.setup_intents.retrieve(setup_intent_id, params, o), stripe_account=stripe_account)
    )


def card_read(payment_method_id: str, *, stripe_account: str = "") -> SeenCard:
    """A card as it stands; banks renew expiry dates by themselves."""
    return card_of(
        call(lambda c, o: c.v1.payment_methods.retrieve(payment_method_id, None, o), stripe_account=stripe_account)
    )


def card_detach(payment_method_id: str, *, stripe_account: str = "") -> None:
    """Take a card off its customer; one that is off already is no error."""
    try:
        call(lambda c, o: c.v1.payment_methods.detach(payment_method_id, None, o), stripe_account=stripe_account)
    except StripeRefused as refused:
        if refused.code != "resource_missing" and "not attached" not in str(refused):
            raise


def product_save(product_id: str, *, name: str, active: bool, metadata: Mapping[str, str], stripe_account: str) -> None:
    """Make the product with our id, or bring it up to date.

    Somebody else may make it between our two questions, or the answer may be lost after it was made: then it is there.
    """
    params: ProductUpdateParams = {"name": name, "active": active, "metadata": dict(metadata)}
    made: ProductCreateParams = {"id": product_id, "name": name, "active": active, "metadata": dict(metadata)}

    def update() -> None:
        call(lambda c, o: c.v1.products.update(product_id, params, o), stripe_account=stripe_account)

    try:
        update()
    except StripeRefused as missing:
        if missing.code != "resource_missing":
            raise
        try:
            call(lambda c, o: c.v1.products.create(made, o), stripe_account=stripe_account)
        except StripeRefused as there:
            if there.code != "resource_already_exists":
                raise
            update()


def invoice_create(
    customer_id: str, *, description: str, metadata: Mapping[str, str], key: str, stripe_account: str = ""
) -> SeenInvoice:
    """Make an empty draft that Stripe leaves alone until we say so."""
    params: InvoiceCreateParams = {
        "customer": customer_id,
        "auto_advance": False,
        "collection_method": "charge_automatically",
        "currency": CURRENCY,
        "pending_invoice_items_behavior": "exclude",
        "description": description,
        "metadata": dict(metadata),
        "payment_settings": {"payment_method_types": PAID_BY},
    }
    return invoice_of(call(lambda c, o: c.v1.invoices.create(params, o), stripe_account=stripe_account, key=key))


def invoice_find(customer_id: str, metadata: Mapping[str, str], *, stripe_account: str = "") -> SeenInvoice | None:
    """The customer's invoice with this metadata. Lists are always up to date, searches are not."""
    listed = _pages(lambda c, params, o: c.v1.invoices.list(params, o), {"customer": customer_id}, stripe_account)
    for data in listed:
        if all(data["metadata"].get(name) == value for name, value in metadata.items()):
            return invoice_read(data["id"], stripe_account=stripe_account)
    return None


def paid_invoices(customer_id: str, metadata: Mapping[str, str], *, stripe_account: str = "") -> list[SeenInvoice]:
    """All paid invoices of a customer with this metadata, whoever made them, each as it stands with its payments."""
    asked = {"customer": customer_id, "status": "paid"}
    listed = _pages(lambda c, params, o: c.v1.invoices.list(params, o), asked, stripe_account)
    fitting = [data["id"] for data in listed if all(data["metadata"].get(k) == v for k, v in metadata.items())]
    return [invoice_read(invoice_id, stripe_account=stripe_account) for invoice_id in fitting]


def invoices_paid_since(day: date, *, stripe_account: str = "") -> Iterator[SeenInvoice]:
    """All paid invoices made on or after ``day`` (UTC), without their payments."""
    asked = {**_since(day), "status": "paid"}
    listed = _pages(lambda c, params, o: c.v1.invoices.list(params, o), asked, stripe_account)
    return (invoice_of(data) for data in listed)


def invoice_read(invoice_id: str, *, stripe_account: str = "") -> SeenInvoice:
    """An invoice as it stands, with its payments."""
    params: InvoiceRetrieveParams = {"expand": PAYMENTS}
    return invoice_of(call(lambda c, o: c.v1.invoices.retrieve(invoice_id, params, o), stripe_account=stripe_account))


def invoice_add_lines(
    invoice_id: str, lines: Sequence[InvoiceAddLinesParamsLine], *, key: str, stripe_account: str = ""
) -> SeenInvoice:
    """Add all lines to a draft in one call."""
    params: InvoiceAddLinesParams = {"lines": list(lines)}
    return invoice_of(
        call(lambda c, o: c.v1.invoices.add_lines(invoice_id, params, o), stripe_account=stripe_account, key=key)
    )


def line_of(description: str, cents: int, product_id: str = "") -> InvoiceAddLinesParamsLine:
    """A line for ``invoice_add_lines``. Only positive amounts can be sold as a product."""
    if product_id and cents > 0:
        price: InvoiceAddLinesParamsLinePriceData = {"currency": CURRENCY, "product": product_id, "unit_amount": cents}
        return {"description": description, "price_data": price, "quantity": 1}
    return {"description": description, "amount": cents}


def invoice_finalize(invoice_id: str, *, key: str, stripe_account: str = "") -> SeenInvoice:
    """Make a draft payable; it cannot be changed any more."""
    params: InvoiceFinalizeInvoiceParams = {"auto_advance": False}
    return invoice_of(
        call(lambda c, o: c.v1.invoices.finalize_invoice(invoice_id, params, o), stripe_account=stripe_account, key=key)
    )


def invoice_pay(
    invoice_id: str, payment_method_id: str, *, key: str, stripe_account: str = ""
) -> SeenInvoice | Declined:
    """Charge the card while its holder is away. A refusal of the bank is an answer, not an error."""
    params: InvoicePayParams = {"payment_method": payment_method_id, "off_session": True, "expand": PAYMENTS}
    try:
        data = call(lambda c, o: c.v1.invoices.pay(invoice_id, params, o), stripe_account=stripe_account, key=key)
    except stripe.CardError as error:
        return declined_of(error)
    return invoice_of(data)


def invoice_void(invoice_id: str, *, stripe_account: str = "") -> SeenInvoice:
    """Close an invoice for good: nobody can pay it any more. A draft is deleted instead by ``invoice_discard``."""
    params: InvoiceVoidInvoiceParams = {"expand": PAYMENTS}
    return invoice_of(
        call(lambda c, o: c.v1.invoices.void_invoice(invoice_id, params, o), stripe_account=stripe_account)
    )


def invoice_discard(invoice_id: str, *, stripe_account: str = "") -> None:
    """Delete a draft."""
    call(lambda c, o: c.v1.invoices.delete(invoice_id, None, o), stripe_account=stripe_account)


def refund_create(
    payment_intent_id: str, cents: int, *, metadata: Mapping[str, str], key: str, stripe_account: str = ""
) -> SeenRefund:
    """Give money back to the card."""
    params: RefundCreateParams = {"payment_intent": payment_intent_id, "amount": cents, "metadata": dict(metadata)}
    return refund_of(call(lambda c, o: c.v1.refunds.create(params, o), stripe_account=stripe_account, key=key))


def refunds_of_payment(payment_intent_id: str, *, stripe_account: str = "") -> list[SeenRefund]:
    """All refunds of a payment."""
    params: RefundListParams = {"payment_intent": payment_intent_id, "limit": 100}
    found = call(lambda c, o: c.v1.refunds.list(params, o), stripe_account=stripe_account)
    return [refund_of(data) for data in found["data"]]


def refunds_since(day: date, *, stripe_account: str = "") -> Iterator[SeenRefund]:
    """All refunds made on or after ``day`` (UTC)."""
    listed = _pages(lambda c, params, o: c.v1.refunds.list(params, o), _since(day), stripe_account)
    return (refund_of(data) for data in listed)


def disputes_since(day: date, *, stripe_account: str = "") -> Iterator[SeenDispute]:
    """All disputes opened on or after ``day`` (UTC)."""
    listed = _pages(lambda c, params, o: c.v1.disputes.list(params, o), _since(day), stripe_account)
    return (dispute_of(data) for data in listed)


def undelivered_events(*, connected: str = "") -> list[dict[str, Any]]:
    """Events that no webhook endpoint has taken, the oldest first."""
    listed = _pages(lambda c, params, o: c.v1.events.list(params, o), {"delivery_success": False}, connected)
    return list(listed)[::-1]


def _since(day: date) -> dict[str, Any]:
    return {"created": {"gte": int(datetime.combine(day, time.min, UTC).timestamp())}}


def _pages(ask: Any, params: dict[str, Any], stripe_account: str) -> Iterator[dict[str, Any]]:
    """All objects of a list, page by page."""
    after: dict[str, Any] = {}
    while True:
        page = call(lambda c, o: ask(c, {**params, "limit": 100, **after}, o), stripe_account=stripe_account)  # noqa: B023
        yield from page["data"]
        if not page["has_more"]:
            return
        after = {"starting_after": page["data"][-1]["id"]}


def account_create(*, name: str, email: str, metadata: Mapping[str, str], key: str) -> SeenAccount:
    """Make a standard connected account for a Partner."""
    params: AccountCreateParams = {"type": "standard", "metadata": dict(metadata), "business_profile": {"name": name}}
    if email:
        params["email"] = email
    return account_of(call(lambda c, o: c.v1.accounts.create(params, o), key=key))


def account_read(account_id: str) -> SeenAccount:
    """A connected account as it stands."""
    return account_of(call(lambda c, o: c.v1.accounts.retrieve(account_id, None, o)))


def account_link(account_id: str, *, refresh_url: str, return_url: str) -> str:
    """The page of Stripe's where a Partner gives its account what Stripe asks of it."""
    params: AccountLinkCreateParams = {
        "account": account_id,
        "refresh_url": refresh_url,
        "return_url": return_url,
        "type": "account_onboarding",
    }
    return str(call(lambda c, o: c.v1.account_links.create(params, o))["url"])


def webhook_endpoint_create(
    *, url: str, events: Sequence[str], metadata: Mapping[str, str], connect: bool
) -> dict[str, Any]:
    """Make a webhook endpoint; the answer holds the secret its events are signed with, this once."""
    params: WebhookEndpointCreateParams = {
        "url": url,
        "enabled_events": list(events),  # type: ignore[arg-type]  # typed as literals of every name there is
        "metadata": dict(metadata),
        "connect": connect,
        "api_version": API_VERSION,
    }
    return call(lambda c, o: c.v1.webhook_endpoints.create(params, o))
