"""Links to hosted invoices: they end, and whoever asks again gets one that works.

Source: docs.stripe.com/invoicing/hosted-invoice-page. A link expires 30 days after the due date, or after finalising
where there is none, and never later than 120 days; one that the API hands out is good for 10 days at least.
"""

from example_site.stripe_double.scope import Scope
from example_site.stripe_double.store import Object

DAY = 86400
AFTER_DUE, LONGEST, AT_LEAST = 30 * DAY, 120 * DAY, 10 * DAY


def hosted_url(scope: Scope, invoice: Object) -> str:
    """Make the link of an invoice, good as long as it can be from now on."""
    finalised = invoice["status_transitions"]["finalized_at"]
    ends = min((invoice["due_date"] or finalised) + AFTER_DUE, finalised + LONGEST)
    token = scope.double.identifiers.token(12)
    scope.notes(invoice["id"]).setdefault("links", {})[token] = max(ends, scope.now + AT_LEAST)
    return f"{scope.double.base_url}/i/{scope.place}/{invoice['id']}?s={token}"


def refreshed(scope: Scope, invoice: Object) -> Object:
    """Bring an invoice that is read up to date. Tells nobody.

    It gets another link when the one it has ends within ten days; a draft shows "the current customer balance" (API
    reference, Invoice `starting_balance`).
    """
    customer = scope.table("customer").get(invoice["customer"])
    if invoice["status"] == "draft" and customer is not None:
        scope.change(invoice, starting_balance=customer["balance"])
    url = invoice["hosted_invoice_url"]
    if url is not None and _end_of(scope, invoice, url.rpartition("=")[2]) < scope.now + AT_LEAST:
        scope.change(invoice, hosted_invoice_url=hosted_url(scope, invoice))
    return invoice


def works(scope: Scope, invoice: Object, token: str) -> bool:
    """Tell whether a link still leads to its invoice."""
    return _end_of(scope, invoice, token) > scope.now


def _end_of(scope: Scope, invoice: Object, token: str) -> int:
    return int(scope.notes(invoice["id"]).get("links", {}).get(token, 0))
