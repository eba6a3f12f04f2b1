"""Pages of a Partner alone. Those it shares with the platform as a Seller are in ``selling.pages``."""

from pos_billing.web.frame import PARTNER, Audience, Need
from pos_billing.web.mounting import Entry, Page
from pos_billing.web.portal import connect_stripe, overview, payment, sign_in, statements
from pos_billing.web.selling import margins, settings
from pos_billing.web.shared import ledger
from pos_billing.web.statement import credit_note_files
from pos_billing.web.support_access import views as support_access

ANYBODY: dict[Audience, Need] = {PARTNER: Need.ANYBODY}
READ: dict[Audience, Need] = {PARTNER: Need.READ}
WRITE: dict[Audience, Need] = {PARTNER: Need.WRITE}
OWNER: dict[Audience, Need] = {PARTNER: Need.OWNER}


def _menu(title: str, label: str, place: int) -> dict[Audience, Entry]:
    return {PARTNER: Entry(title, label, place)}


# fmt: off
PAGES: tuple[Page, ...] = (
    Page("sign-in", "sign-in/", sign_in.sign_in, "Signing in", ANYBODY),
    Page("support-access", "support-access/", support_access.access,
         "Where a look of the platform's staff begins (a ticket opens it once)", ANYBODY),
    Page("support-access-over", "support-access/over/", support_access.support_access_over, "Where it ends", ANYBODY),
    Page("home", "", overview.home, "Where the section begins", READ, _menu("", "Overview", 10)),
    Page("expected", "expected/", overview.expected, "What the running month comes to so far", READ),
    Page("margin", "margin/", margins.margin, "Billed, cost and profit", READ, _menu("Selling", "Margin", 32)),
    Page("margin-months", "margin/months/", margins.margin_months, "Billed, cost and profit of the months before",
         READ),
    Page("margin-csv", "margin/csv/", margins.margin_csv, "The same as CSV", READ),
    Page("platform-statements", "from-platform/", statements.platform_statements, "Statements from the platform", READ,
         _menu("Statements", "From the platform", 40)),
    Page("platform-statement", "from-platform/<int:statement>/", statements.platform_statement, "One of them", READ,
         under="platform-statements"),
    Page("platform-statement-pdf", "from-platform/<int:statement>/pdf/", statements.platform_statement_pdf,
         "The same as PDF", READ),
    Page("platform-statement-csv", "from-platform/<int:statement>/csv/", statements.platform_statement_csv,
         "The same as CSV", READ),
    Page("statements", "statements/", statements.own_statements, "Statements of a Seller", READ,
         _menu("Statements", "To clients", 41)),
    Page("statement", "statements/<int:statement>/", statements.own_statement, "One statement with its breakdown", READ,
         under="statements"),
    Page("statement-pdf", "statements/<int:statement>/pdf/", statements.own_statement_pdf, "The same as PDF", READ),
    Page("statement-csv", "statements/<int:statement>/csv/", statements.own_statement_csv, "The same as CSV", READ),
    Page("payment", "payment/", payment.payment, "Card and payments", READ, _menu("Payment", "Card and payments", 50)),
    Page("card-add", "payment/cards/add/", payment.card_add, "Add a card", WRITE, under="payment"),
    Page("card-added", "payment/cards/added/", payment.card_added, "A card was added", WRITE, under="payment"),
    Page("card-chosen", "payment/cards/<int:card>/charge/", payment.card_chosen, "Choose the card that is charged",
         WRITE),
    Page("card-removed", "payment/cards/<int:card>/remove/", payment.card_removed, "Remove a card", WRITE),
    Page("payment-notice-dismissed", "payment/notices/<int:notice>/away/", payment.notice_dismissed,
         "Put a notice away", WRITE),
    Page("ledger", "payment/ledger/", ledger.account_ledger, "The ledger with the platform", READ,
         _menu("Payment", "Ledger", 51)),
    Page("ledger-csv", "payment/ledger/csv/", ledger.account_ledger_csv, "The same as CSV", READ),
    Page("platform-credit-note-pdf", "payment/credit-notes/<int:note>/pdf/",
         credit_note_files.platform_credit_note_pdf, "A credit note of the platform as PDF", READ),
    Page("stripe", "stripe/", connect_stripe.stripe, "The connected Stripe account", READ,
         _menu("Payment", "Charging cards", 52)),
    Page("stripe-connect", "stripe/connect/", connect_stripe.stripe_connect, "Connect a Stripe account", OWNER),
    Page("stripe-connected", "stripe/connected/", connect_stripe.stripe_connected, "Where Stripe leads back to", OWNER),
    Page("members", "members/", settings.members, "Who works for the Partner", READ,
         _menu("Your company", "Members", 61)),
    Page("member-new", "members/new/", settings.member_new, "A new member", OWNER, under="members"),
    Page("member-role", "members/<int:member>/role/", settings.member_role, "What a member may do", OWNER,
         under="members"),
    Page("member-remove", "members/<int:member>/out/", settings.member_out, "Remove a member", OWNER),
)
"""See ``web.pages``."""
