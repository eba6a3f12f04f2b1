"""Events as older versions of Stripe's API showed them, as far as the differences hurt whoever reads invoices.

Source: docs.stripe.com/changelog/basil/2025-03-31 ("multiple partial payments on invoices"): that version removed
`payment_intent`, `charge`, `paid` and `paid_out_of_band` from invoices, and added `amount_overpaid`.
"""

from example_site.stripe_double.store import Object

BASIL = "2025-03-31"


def rendered(data: Object, version: str, payments: Object) -> Object:
    """Return an event's data in a version; `payments` names the PaymentIntent and the charge of an invoice."""
    item = data["object"]
    if item["object"] != "invoice" or version[:10] >= BASIL:
        return data
    old = {name: value for name, value in item.items() if name != "amount_overpaid"}
    old.update(paid=item["status"] == "paid", paid_out_of_band=_out_of_band(item, payments), **payments)
    return {**data, "object": old}


def _out_of_band(item: Object, payments: Object) -> bool:
    return item["status"] == "paid" and bool(item["amount_paid"]) and payments["charge"] is None
