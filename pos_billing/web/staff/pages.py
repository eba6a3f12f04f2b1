"""Pages of the platform's staff alone. Those of the platform as a Seller are in ``selling.pages``, but for two."""

from pos_billing.web.frame import STAFF, STAFF_SELLING, Audience, Need
from pos_billing.web.mounting import Entry, Page
from pos_billing.web.staff import (
    imports,
    instances,
    jobs,
    partners,
    runs,
    selling_redirects,
    statements,
    support_access,
    syncs,
)

READ: dict[Audience, Need] = {STAFF: Need.READ}
RUN: dict[Audience, Need] = {STAFF: Need.RUN}
SELLING: dict[Audience, Need] = {STAFF_SELLING: Need.READ}


def _menu(title: str, label: str, place: int) -> dict[Audience, Entry]:
    return {STAFF: Entry(title, label, place)}


# fmt: off
PAGES: tuple[Page, ...] = (
    Page("sellers", "", statements.sellers, "All Sellers with the last run of each", READ, _menu("", "Sellers", 10)),
    Page("statements", "<slug:seller>/statements/", statements.statements, "Statements of a Seller", READ,
         under="sellers"),
    Page("statement", "<slug:seller>/statements/<int:statement>/", statements.statement,
         "One statement with its breakdown", READ, under="sellers"),
    Page("statement-pdf", "<slug:seller>/statements/<int:statement>/pdf/", statements.statement_pdf, "The same as PDF",
         READ),
    Page("statement-csv", "<slug:seller>/statements/<int:statement>/csv/", statements.statement_csv, "The same as CSV",
         READ),
    Page("support-access-ask", "<slug:seller>/support-access/", support_access.support_access_ask,
         "Look at a Partner's pages as it sees them, read-only and logged", READ, under="sellers"),
    Page("runs", "<slug:seller>/runs/", runs.runs, "Billing runs of a Seller", READ, under="sellers"),
    Page("run", "<slug:seller>/runs/<int:run>/", runs.run, "One billing run", READ, under="sellers"),
    Page("run-ask", "runs/new/", runs.run_ask, "Preview or make a run", RUN,
         _menu("Billing runs", "Preview or make a run", 30)),
    Page("run-request", "runs/asked/<int:asked>/", runs.run_request, "Progress and result of a run that was asked for",
         READ, under="run-ask"),
    Page("run-request-state", "runs/asked/<int:asked>/state/", runs.run_request_state, "The same for programs", READ),
    Page("proof", "proof/", runs.proof, "Prove a month", READ, _menu("Billing runs", "Prove a month", 31)),
    Page("partner-make", "partners/new/", partners.partner_make, "Make a Partner", RUN, under="sellers"),
    Page("instance-new", "instances/new/", instances.instance_new, "A new Instance", RUN, under="instances"),
    Page("instance-action", "instances/<int:instance>/<slug:act>/", instances.instance_action,
         "Change an Instance or its Domains", RUN, under="instances"),
    Page("dedicated-new", "dedicated/new/", instances.dedicated_new, "A new dedicated environment", RUN,
         under="dedicated-environments"),
    Page("dedicated-remove", "dedicated/<int:dedicated>/remove/", instances.dedicated_remove,
         "Give a dedicated environment up", RUN, under="dedicated-environments"),
    Page("imports", "imports/", imports.imports, "Imports of register files", READ, _menu("Register", "Imports", 40)),
    Page("import", "imports/<int:shown>/", imports.import_shown, "The report of an import", READ, under="imports"),
    Page("import-make", "imports/new/", imports.import_make, "Preview and import a file", RUN, under="imports"),
    Page("syncs", "syncs/", syncs.sync_list, "Syncs with the Partner Portal", READ, _menu("Register", "Syncs", 41)),
    Page("sync", "syncs/<int:sync>/", syncs.sync_shown, "The report of a sync", READ, under="syncs"),
    Page("proposal", "syncs/proposals/<int:proposal>/", syncs.proposal, "What a sync proposes (finance decides)", READ,
         under="syncs"),
    Page("jobs", "jobs/", jobs.job_list, "Background work: jobs, workers, the clock", READ,
         _menu("Billing runs", "Background work", 32)),
    Page("job", "jobs/<int:job>/", jobs.job_shown, "One job (finance lets it be tried again)", READ, under="jobs"),
    Page("home", "", selling_redirects.home, "Where the section begins", SELLING),
    Page("statement", "statements/<int:statement>/", selling_redirects.statement, "One statement with its breakdown",
         SELLING),
)
"""See ``web.pages``."""
