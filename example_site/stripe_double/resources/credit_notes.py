"""Credit notes: an open invoice made smaller, or a paid one given back in part or whole."""

from example_site.stripe_double.errors import invalid, refused
from example_site.stripe_double.listing import listed
from example_site.stripe_double.resources import collecting, customers, refunds
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope, given, merged_metadata
from example_site.stripe_double.store import Object


@endpoint("POST", "/v1/credit_notes")
def create(scope: Scope, parameters: Parameters) -> Object:
    """Credit an invoice."""
    invoice = scope.find("invoice", parameters["invoice"], "invoice", status=400)
    if invoice["status"] not in ("open", "paid", "uncollectible"):
        raise invalid(f"Credit notes can only be created for finalized invoices; this one is {invoice['status']}.")
    lines, total = _lines(scope, invoice, parameters)
    if total <= 0:
        raise invalid("The amount of a credit note must be positive.", param="amount")
    before, after = _split(invoice, total)
    parts = _parts(scope, invoice, parameters, after)
    note = scope.new(
        "credit_note",
        amount=total,
        amount_shipping=0,
        currency=invoice["currency"],
        customer=invoice["customer"],
        discount_amount=0,
        discount_amounts=[],
        invoice=invoice["id"],
        metadata=merged_metadata({}, parameters.get("metadata")),
        number=_number(scope, invoice),
        out_of_band_amount=parameters.get("out_of_band_amount"),
        post_payment_amount=after,
        pre_payment_amount=before,
        pretax_credit_amounts=[],
        refunds=[],
        status="issued",
        subtotal=total,
        subtotal_excluding_tax=total,
        total=total,
        total_excluding_tax=total,
        total_taxes=[],
        type="mixed" if before and after else "post_payment" if after else "pre_payment",
        **given(parameters, "effective_at", "memo", "reason"),
    )
    note["pdf"] = f"{scope.double.base_url}/credit_notes/{scope.place}/{note['id']}/pdf"
    note["lines"] = {"object": "list", "data": lines, "has_more": False, "url": f"/v1/credit_notes/{note['id']}/lines"}
    _carry_out(scope, invoice, note, parts)
    scope.save(note)
    scope.emit("credit_note.created", note)
    return note


@endpoint("GET", "/v1/credit_notes/{id}")
def retrieve(scope: Scope, parameters: Parameters, id: str) -> Object:
    """Return a credit note."""
    return scope.find("credit_note", id)


@endpoint("POST", "/v1/credit_notes/{id}")
def update(scope: Scope, parameters: Parameters, id: str) -> Object:
    """Change a credit note's memo or metadata."""
    item = scope.find("credit_note", id)
    return scope.update(
        item,
        "credit_note.updated",
        **given(parameters, "memo"),
        metadata=merged_metadata(item["metadata"], parameters.get("metadata")),
    )


@endpoint("POST", "/v1/credit_notes/{id}/void")
def void(scope: Scope, parameters: Parameters, id: str) -> Object:
    """Take back the credit on an open invoice."""
    item = scope.find("credit_note", id)
    invoice = scope.find("invoice", item["invoice"])
    if item["status"] == "void" or item["post_payment_amount"] or invoice["status"] != "open":
        raise invalid("Only an issued credit note on an open invoice can be voided.")
    amount = item["pre_payment_amount"]
    scope.change(item, status="void", voided_at=scope.now)
    _reduce(scope, invoice, -amount)
    scope.emit("credit_note.voided", item)
    return item


@endpoint("GET", "/v1/credit_notes/{credit_note}/lines")
def list_lines(scope: Scope, parameters: Parameters, credit_note: str) -> Object:
    """List the lines of a credit note."""
    item = scope.find("credit_note", credit_note)
    url = f"/v1/credit_notes/{credit_note}/lines"
    return listed(scope, "credit_note_line_item", parameters, url, items=item["lines"]["data"])


@endpoint("GET", "/v1/credit_notes")
def list_all(scope: Scope, parameters: Parameters) -> Object:
    """List credit notes."""
    return listed(scope, "credit_note", parameters, "/v1/credit_notes")


def _lines(scope: Scope, invoice: Object, parameters: Parameters) -> tuple[list[Object], int]:
    sent = parameters.get("lines")
    amount = parameters.get("amount")
    if not sent and amount is None:
        raise refused("One of `amount`, `lines`, or `shipping_cost` must be provided.")
    if not sent:
        return [_line(scope, "custom_line_item", amount, f"Credit for invoice {invoice['number']}", None)], amount
    lines = []
    for position, line in enumerate(sent):
        quantity = line.get("quantity", 1)
        value = line.get("amount")
        if value is None and "unit_amount" in line:
            value = line["unit_amount"] * quantity
        behind = None
        if line["type"] == "invoice_line_item":
            behind = scope.find("line_item", line.get("invoice_line_item", ""), f"lines[{position}]", status=400)
            if behind["invoice"] != invoice["id"]:
                raise invalid("The line belongs to another invoice.", param=f"lines[{position}][invoice_line_item]")
            value = behind["amount"] if value is None else value
        if value is None:
            raise refused(
                f"Missing required param: lines[{position}][amount].",
                param=f"lines[{position}][amount]",
                code="parameter_missing",
            )
        text = line.get("description") or (behind or {}).get("description")
        lines.append(_line(scope, line["type"], value, text, behind, quantity, line.get("metadata")))
    total = sum(line["amount"] for line in lines)
    if amount is not None and amount != total:
        raise invalid("The sum of the lines is not the amount of the credit note.", param="amount")
    return lines, total


def _line(
    scope: Scope,
    kind: str,
    amount: int,
    text: str | None,
    behind: Object | None,
    quantity: int = 1,
    metadata: object = None,
) -> Object:
    item = scope.new(
        "credit_note_line_item",
        amount=amount,
        description=text,
        discount_amount=0,
        discount_amounts=[],
        metadata=merged_metadata({}, metadata),
        pretax_credit_amounts=[],
        quantity=quantity,
        tax_rates=[],
        taxes=[],
        type=kind,
    )
    if behind is not None:
        item["invoice_line_item"] = behind["id"]
    else:
        item["unit_amount"] = amount // quantity
        item["unit_amount_decimal"] = str(item["unit_amount"])
    return item


def _split(invoice: Object, total: int) -> tuple[int, int]:
    """Return how much lowers what is still to be paid, and how much of what was paid is given back."""
    before = min(total, invoice["amount_remaining"])
    after = total - before
    left = invoice["amount_paid"] - invoice["post_payment_credit_notes_amount"]
    if after > left:
        raise invalid(
            f"The sum of credit amount, refund amount and out of band amount ({after / 100:.2f}) is more than what can "
            f"be credited ({left / 100:.2f}).",
            param="amount",
        )
    return before, after


def _parts(scope: Scope, invoice: Object, parameters: Parameters, after: int) -> Object:
    parts = {name: parameters.get(name) or 0 for name in ("credit_amount", "refund_amount", "out_of_band_amount")}
    linked = parameters.get("refunds") or []
    for entry in linked:
        scope.find("refund", entry["refund"], "refunds", status=400)
    parts["linked"] = linked
    linked_sum = sum(
        entry.get("amount_refunded") or scope.find("refund", entry["refund"])["amount"] for entry in linked
    )
    if sum(parts[name] for name in ("credit_amount", "refund_amount", "out_of_band_amount")) + linked_sum != after:
        raise invalid(
            "The sum of credit_amount, refund_amount, out_of_band_amount and refunds must be the post-payment amount "
            f"of the credit note ({after}).",
            param="refund_amount",
        )
    return parts


def _carry_out(scope: Scope, invoice: Object, note: Object, parts: Object) -> None:
    given_back = []
    if parts["refund_amount"]:
        refund = refunds.give_back(scope, _charge(scope, invoice), parts["refund_amount"])
        given_back.append((refund["id"], refund["amount"]))
    for entry in parts["linked"]:
        amount = entry.get("amount_refunded") or scope.find("refund", entry["refund"])["amount"]
        given_back.append((entry["refund"], amount))
    note["refunds"] = [
        {"amount_refunded": amount, "payment_record_refund": None, "refund": refund, "type": "refund"}
        for refund, amount in given_back
    ]
    if parts["credit_amount"]:
        customer = scope.find("customer", invoice["customer"])
        movement = customers.change_balance(
            scope, customer, -parts["credit_amount"], "credit_note", credit_note=note["id"]
        )
        note["customer_balance_transaction"] = movement["id"]
    if note["pre_payment_amount"]:
        _reduce(scope, invoice, note["pre_payment_amount"])
    if note["post_payment_amount"]:
        credited = invoice["post_payment_credit_notes_amount"] + note["post_payment_amount"]
        scope.update(invoice, "invoice.updated", post_payment_credit_notes_amount=credited)


def _reduce(scope: Scope, invoice: Object, amount: int) -> None:
    """Lower (or raise again) what an open invoice still asks for; at nothing it is paid."""
    due = invoice["amount_due"] - amount
    previous = scope.change(
        invoice,
        amount_due=due,
        amount_remaining=invoice["amount_remaining"] - amount,
        pre_payment_credit_notes_amount=invoice["pre_payment_credit_notes_amount"] + amount,
    )
    if invoice["amount_remaining"] == 0:
        collecting.settle(scope, invoice, previous, attempted=False)
    else:
        collecting.ask_for_the_rest(scope, invoice)
        scope.emit("invoice.updated", invoice, previous)


def _charge(scope: Scope, invoice: Object) -> Object:
    for payment in scope.where("invoice_payment", "invoice", invoice["id"]):
        if payment["status"] == "paid":
            intent = scope.table("payment_intent").get(payment["payment"].get("payment_intent", ""))
            if intent is not None and intent["latest_charge"]:
                return scope.find("charge", intent["latest_charge"])
    raise invalid("The invoice was not paid by card; there is nothing to refund.", param="refund_amount")


def _number(scope: Scope, invoice: Object) -> str:
    count = sum(1 for _ in scope.where("credit_note", "invoice", invoice["id"]))
    return f"{invoice['number']}-CN-{count + 1:02d}"
