"""Pages of a Seller: for a Partner's people, and for the platform's staff where the platform is the Seller."""

from pos_billing.web.frame import PARTNER, STAFF_SELLING, Audience, Need
from pos_billing.web.mounting import Entry, Page
from pos_billing.web.selling import (
    account_payments,
    clients,
    collections,
    dedicated,
    instances,
    notices,
    payment_actions,
    plans,
    settings,
)
from pos_billing.web.shared import ledger
from pos_billing.web.statement import credit_note_files

READ: dict[Audience, Need] = {PARTNER: Need.READ, STAFF_SELLING: Need.READ}
CHANGE: dict[Audience, Need] = {PARTNER: Need.WRITE, STAFF_SELLING: Need.RUN}
OWN: dict[Audience, Need] = {PARTNER: Need.OWNER, STAFF_SELLING: Need.RUN}
PARTNER_CHANGES: dict[Audience, Need] = {PARTNER: Need.WRITE}


def _menu(title: str, label: str, place: int, *, staff_label: str = "", staff_place: int) -> dict[Audience, Entry]:
    """The place in a Partner's menu, and in that of staff, which has one title for all of these."""
    return {
        PARTNER: Entry(title, label, place),
        STAFF_SELLING: Entry("The platform sells", staff_label or label, staff_place),
    }


# fmt: off
PAGES: tuple[Page, ...] = (
    Page("instances", "instances/", instances.instances, "Instances", READ,
         _menu("Hosting", "Instances", 20, staff_place=20)),
    Page("instance", "instances/<int:instance>/", instances.instance, "One Instance: facts, timeline, history", READ,
         under="instances"),
    Page("assign", "assign/", instances.assign, "Assign a plan", CHANGE, under="instances"),
    Page("dedicated-environments", "dedicated/", dedicated.dedicated_environments, "Dedicated environments", READ,
         _menu("Hosting", "Dedicated environments", 21, staff_place=21)),
    Page("dedicated-environment", "dedicated/<int:dedicated>/", dedicated.dedicated_environment,
         "One of them, with what is placed on it", READ, under="dedicated-environments"),
    Page("clients", "{buyers}/", clients.clients, "Who is billed, and what each owes", READ,
         _menu("Selling", "Clients", 30, staff_label="Accounts", staff_place=23)),
    Page("client", "{buyers}/<int:client>/", clients.client, "One Account", READ, under="clients"),
    Page("client-new", "{buyers}/new/", clients.client_new, "A new client", PARTNER_CHANGES, under="clients"),
    Page("client-change", "{buyers}/<int:client>/change/", clients.client_change, "Change an Account", CHANGE,
         under="clients"),
    Page("client-close", "{buyers}/<int:client>/close/", clients.client_close, "Close an Account or open it again",
         CHANGE, under="clients"),
    Page("client-person-add", "{buyers}/<int:client>/people/add/", clients.client_person_add,
         "Let somebody see a client's pages", PARTNER_CHANGES, under="clients"),
    Page("client-person-remove", "{buyers}/<int:client>/people/<int:person>/out/", clients.client_person_remove,
         "Take that back", PARTNER_CHANGES),
    Page("client-payments", "{buyers}/<int:client>/payments/", account_payments.client_payments,
         "All payments of an Account, with what each paid", READ, under="clients"),
    Page("client-payment-action", "{buyers}/<int:client>/payments/<slug:act>/", account_payments.client_payment_action,
         "Record a payment, take one back, give credit back, write a rest off", CHANGE, under="clients"),
    Page("client-ledger", "{buyers}/<int:client>/ledger/", ledger.client_ledger, "The ledger of an Account", READ),
    Page("client-ledger-csv", "{buyers}/<int:client>/ledger/csv/", ledger.client_ledger_csv, "The same as CSV", READ),
    Page("plans", "plans/", plans.plans, "Plans and prices", READ, _menu("Selling", "Plans", 31, staff_place=22)),
    Page("plan", "plans/<int:plan>/", plans.plan, "One plan: fees, prices, grants, history", READ, under="plans"),
    Page("plan-new", "plans/new/", plans.plan_new, "A new plan", CHANGE, under="plans"),
    Page("plan-change", "plans/<int:plan>/change/", plans.plan_edit, "Change a plan", CHANGE, under="plans"),
    Page("plan-archive", "plans/<int:plan>/archive/", plans.plan_put_away, "Archive a plan or offer it again", CHANGE,
         under="plans"),
    Page("plan-fee-add", "plans/<int:plan>/fees/add/", plans.plan_fee_add, "Add a fee", CHANGE, under="plans"),
    Page("plan-price", "plans/<int:plan>/fees/<int:fee>/price/", plans.plan_price, "Change a price", CHANGE,
         under="plans"),
    Page("plan-grant", "plans/<int:plan>/grants/add/", plans.plan_grant_add, "Grant a plan", CHANGE, under="plans"),
    Page("plan-withdraw", "plans/<int:plan>/grants/<int:grant>/withdraw/", plans.plan_grant_remove, "Withdraw a plan",
         CHANGE),
    Page("collections", "collection/", collections.collections, "What is collected, and what is late", READ,
         _menu("Statements", "Collection", 42, staff_place=24)),
    Page("collection", "collection/<int:statement>/", collections.collection, "The money of one statement", READ,
         under="collections"),
    Page("collection-action", "collection/<int:statement>/<slug:act>/", payment_actions.collection_action,
         "Payments by hand, retries, pauses, credit notes, refunds, write-offs", CHANGE, under="collections"),
    Page("notices", "collection/notices/", notices.notices, "What Accounts were told, and whether the e-mail went out",
         {PARTNER: Need.READ}, under="collections"),
    Page("notices", "notices/", notices.notices, "What Accounts were told, and whether the e-mail went out",
         {STAFF_SELLING: Need.READ}, {STAFF_SELLING: Entry("The platform sells", "Notices", 25)}),
    Page("credit-note-pdf", "credit-notes/<int:note>/pdf/", credit_note_files.credit_note_pdf, "A credit note as PDF",
         READ),
    Page("settings", "settings/", settings.settings, "Brand, numbering, sender", OWN,
         _menu("Your company", "Settings", 60, staff_place=26)),
    Page("billing-settings", "settings/charged/", settings.billing_settings,
         "Days and host names that decide what is charged", OWN),
)
"""See ``web.pages``."""
