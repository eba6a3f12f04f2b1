"""The lines of invoices, and the invoice items behind them."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from example_site.stripe_double.errors import SpecificationViolation, invalid, missing, refused
from example_site.stripe_double.listing import listed
from example_site.stripe_double.resources import prices
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope, merged_metadata
from example_site.stripe_double.store import Object

MOST_LINES = 250
SHOWN_LINES = 10
UNDERSTOOD = frozenset(
    {"amount", "description", "discountable", "invoice_item", "metadata", "period", "price_data", "pricing", "quantity"}
)


def make_item(scope: Scope, customer: str, invoice: Object | None, sent: Object, currency: str) -> Object:
    """Make an invoice item; on an invoice it becomes a line of it."""
    quantity, amount, pricing = _priced(scope, sent, currency)
    period = sent.get("period") or {"start": scope.now, "end": scope.now}
    item = scope.new(
        "invoiceitem",
        amount=amount,
        currency=currency,
        customer=customer,
        date=scope.now,
        description=sent.get("description"),
        discountable=sent.get("discountable", True),
        discounts=[],
        invoice=invoice["id"] if invoice else None,
        metadata=merged_metadata({}, sent.get("metadata")),
        net_amount=amount,
        period=period,
        pricing=pricing,
        proration=False,
        quantity=quantity,
        quantity_decimal=str(quantity),
        tax_rates=[],
    )
    scope.save(item)
    if invoice:
        _add_line(scope, invoice, item)
    return item


def _priced(scope: Scope, sent: Object, currency: str) -> tuple[int, int, Object | None]:
    unknown = sorted(set(sent) - UNDERSTOOD)
    if unknown:
        raise SpecificationViolation(f"A line with {', '.join(unknown)}: the double has no discounts and no taxes.")
    quantity = sent.get("quantity", 1)
    if "amount" in sent:
        if "quantity" in sent or "price_data" in sent or "pricing" in sent:
            raise invalid("You may only specify one of these parameters: amount, quantity.", param="amount")
        return 1, sent["amount"], None
    if sent.get("pricing", {}).get("price"):
        price = scope.find("price", sent["pricing"]["price"], "pricing[price]", status=400)
        if not price["active"]:
            raise invalid(
                "The price specified is inactive. This field only accepts active prices.", param="pricing[price]"
            )
    elif "price_data" in sent:
        data = dict(sent["price_data"])
        named = data.pop("product_data", None)
        if named is not None:
            product = scope.new(
                "product",
                active=False,
                images=[],
                marketing_features=[],
                metadata={},
                updated=scope.now,
                name=named["name"],
                description=named.get("description"),
            )
            data["product"] = scope.save(product)["id"]
        if "product" not in data:
            raise refused(
                "Missing required param: price_data[product].", param="price_data[product]", code="parameter_missing"
            )
        of_inactive = named is not None or scope.double.switches.lines_of_inactive_products
        inline = Parameters({**data, "active": False})
        price = prices.make(scope, inline, announced=False, of_inactive=of_inactive)
    else:
        raise refused("You must specify one of: amount, price_data, pricing.", param="amount", code="parameter_missing")
    if price["currency"] != currency:
        raise invalid(
            f"The price specified is in {price['currency']}, the invoice in {currency}.", param="pricing[price]"
        )
    try:
        exact = Decimal(price["unit_amount_decimal"]) * quantity
    except InvalidOperation:
        raise invalid("Invalid decimal", param="unit_amount_decimal") from None
    pricing = {
        "price_details": {"price": price["id"], "product": price["product"]},
        "type": "price_details",
        "unit_amount_decimal": price["unit_amount_decimal"],
    }
    return quantity, int(exact.quantize(Decimal(1), ROUND_HALF_UP)), pricing


def _add_line(scope: Scope, invoice: Object, item: Object) -> None:
    count = scope.notes(invoice["id"]).get("lines", 0)
    if count >= MOST_LINES:
        scope.delete(item)
        raise invalid(f"Invoices can have at most {MOST_LINES} line items.", code="invoice_too_many_line_items")
    line = scope.new(
        "line_item",
        amount=item["amount"],
        currency=item["currency"],
        description=item["description"],
        discount_amounts=[],
        discountable=item["discountable"],
        discounts=[],
        invoice=invoice["id"],
        metadata=dict(item["metadata"]),
        parent={
            "invoice_item_details": {
                "invoice_item": item["id"],
                "proration": False,
                "proration_details": None,
                "subscription": None,
            },
            "subscription_item_details": None,
            "type": "invoice_item_details",
        },
        period=item["period"],
        pretax_credit_amounts=[],
        pricing=item["pricing"],
        quantity=item["quantity"],
        quantity_decimal=item["quantity_decimal"],
        subtotal=item["amount"],
        taxes=[],
    )
    scope.save(line)
    scope.notes(item["id"])["line"] = line["id"]
    scope.notes(invoice["id"])["lines"] = count + 1
    shown = invoice["lines"]["data"]
    if count < SHOWN_LINES:
        _show(invoice, [*shown, line], False)
    elif count == SHOWN_LINES:
        _show(invoice, shown, True)
    _recount(scope, invoice, item["amount"])


def _recount(scope: Scope, invoice: Object, difference: int) -> None:
    total = invoice["total"] + difference
    customer = scope.table("customer").get(invoice["customer"])
    scope.change(
        invoice,
        starting_balance=customer["balance"] if customer else 0,
        amount_due=max(0, total),
        amount_remaining=max(0, total),
        subtotal=total,
        total=total,
        subtotal_excluding_tax=total,
        total_excluding_tax=total,
    )


def _show(invoice: Object, lines: list[Object], more: bool) -> None:
    """Set the lines that are sent within the invoice: the first ones only, as Stripe does."""
    invoice["lines"] = {**invoice["lines"], "data": lines, "has_more": more}


def item_of(line: Object) -> str:
    """Return the invoice item behind a line."""
    identifier: str = line["parent"]["invoice_item_details"]["invoice_item"]
    return identifier


def remove_item(scope: Scope, item: Object) -> None:
    """Take an invoice item off its draft."""
    if item["invoice"] is None:
        return
    invoice = draft(scope, item["invoice"])
    scope.delete(scope.find("line_item", scope.notes(item["id"])["line"]))
    scope.notes(invoice["id"])["lines"] -= 1
    lines = list(scope.where("line_item", "invoice", invoice["id"]))
    _show(invoice, lines[:SHOWN_LINES], len(lines) > SHOWN_LINES)
    _recount(scope, invoice, -item["amount"])


def draft(scope: Scope, identifier: str, param: str = "invoice") -> Object:
    """Return an invoice whose lines may still change."""
    invoice = scope.find("invoice", identifier, param)
    if invoice["status"] != "draft":
        raise invalid("This invoice is no longer editable", code="invoice_not_editable")
    return invoice


def take_pending(scope: Scope, invoice: Object) -> None:
    """Move the customer's pending items onto a draft."""
    for item in list(scope.where("invoiceitem", "customer", invoice["customer"])):
        if item["invoice"] is None and item["currency"] == invoice["currency"]:
            scope.change(item, invoice=invoice["id"])
            _add_line(scope, invoice, item)


def _totals(invoice: Object) -> Object:
    return {name: invoice[name] for name in ("amount_due", "amount_remaining", "subtotal", "total")}


def _announce(scope: Scope, invoice: Object, before: Object) -> None:
    previous = {name: value for name, value in before.items() if invoice[name] != value}
    scope.emit("invoice.updated", invoice, previous)


@endpoint("POST", "/v1/invoices/{invoice}/add_lines")
def add_lines(scope: Scope, parameters: Parameters, invoice: str) -> Object:
    """Add many lines to a draft at once: all of them, or none."""
    item = draft(scope, invoice)
    before = _totals(item)
    sent = parameters["lines"]
    if scope.notes(invoice).get("lines", 0) + len(sent) > MOST_LINES:
        raise invalid(
            f"Invoices can have at most {MOST_LINES} line items.", param="lines", code="invoice_too_many_line_items"
        )
    if "invoice_metadata" in parameters:
        scope.change(item, metadata=merged_metadata(item["metadata"], parameters["invoice_metadata"]))
    for position, line in enumerate(sent):
        if "amount" not in line and "pricing" not in line and "price_data" not in line and "invoice_item" not in line:
            raise refused(
                "You must specify one of: amount, price_data, pricing.",
                param=f"lines[{position}]",
                code="parameter_missing",
            )
    for line in sent:
        if "invoice_item" in line:
            pending = scope.find("invoiceitem", line["invoice_item"], "invoice_item", status=400)
            scope.change(pending, invoice=invoice)
            _add_line(scope, item, pending)
        else:
            scope.emit("invoiceitem.created", make_item(scope, item["customer"], item, line, item["currency"]))
    _announce(scope, item, before)
    return item


@endpoint("POST", "/v1/invoices/{invoice}/remove_lines")
def remove_lines(scope: Scope, parameters: Parameters, invoice: str) -> Object:
    """Take lines off a draft."""
    item = draft(scope, invoice)
    before = _totals(item)
    for sent in parameters["lines"]:
        line = scope.find("line_item", sent["id"], "lines")
        if line["invoice"] != invoice:
            raise missing("line_item", sent["id"], "lines")
        behind = scope.find("invoiceitem", item_of(line))
        remove_item(scope, behind)
        if sent["behavior"] == "delete":
            scope.delete(behind)
            scope.emit("invoiceitem.deleted", behind)
        else:
            scope.change(behind, invoice=None)
    if "invoice_metadata" in parameters:
        scope.change(item, metadata=merged_metadata(item["metadata"], parameters["invoice_metadata"]))
    _announce(scope, item, before)
    return item


@endpoint("GET", "/v1/invoices/{invoice}/lines")
def list_lines(scope: Scope, parameters: Parameters, invoice: str) -> Object:
    """List the lines of an invoice, in the order they were added."""
    scope.find("invoice", invoice, "invoice")
    lines = scope.where("line_item", "invoice", invoice)
    return listed(scope, "line_item", parameters, f"/v1/invoices/{invoice}/lines", items=lines)
