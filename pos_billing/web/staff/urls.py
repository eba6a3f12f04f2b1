"""URLs of the platform's billing pages, mounted on the public host under the namespace ``billing_staff``."""

from pos_billing.web.staff import imports, instances, jobs, partners, runs, statements, support_access, syncs
from pos_billing.web.staff.access import guarded_path

app_name = "billing_staff"
urlpatterns = [
    guarded_path("", statements.sellers, "sellers"),
    guarded_path("runs/new/", runs.run_ask, "run-ask"),
    guarded_path("runs/asked/<int:asked>/", runs.run_request, "run-request"),
    guarded_path("runs/asked/<int:asked>/state/", runs.run_request_state, "run-request-state"),
    guarded_path("proof/", runs.proof, "proof"),
    guarded_path("partners/new/", partners.partner_make, "partner-make"),
    guarded_path("instances/new/", instances.instance_new, "instance-new"),
    guarded_path("instances/<int:instance>/<slug:act>/", instances.instance_action, "instance-action"),
    guarded_path("dedicated/new/", instances.dedicated_new, "dedicated-new"),
    guarded_path("dedicated/<int:dedicated>/remove/", instances.dedicated_remove, "dedicated-remove"),
    guarded_path("imports/", imports.imports, "imports"),
    guarded_path("imports/new/", imports.import_make, "import-make"),
    guarded_path("imports/<int:shown>/", imports.import_shown, "import"),
    guarded_path("syncs/", syncs.sync_list, "syncs"),
    guarded_path("syncs/<int:sync>/", syncs.sync_shown, "sync"),
    guarded_path("syncs/proposals/<int:proposal>/", syncs.proposal, "proposal"),
    guarded_path("jobs/", jobs.job_list, "jobs"),
    guarded_path("jobs/<int:job>/", jobs.job_shown, "job"),
    guarded_path("<slug:seller>/statements/", statements.statements, "statements"),
    guarded_path("<slug:seller>/statements/<int:statement>/", statements.statement, "statement"),
    guarded_path("<slug:seller>/statements/<int:statement>/pdf/", statements.statement_pdf, "statement-pdf"),
    guarded_path("<slug:seller>/statements/<int:statement>/csv/", statements.statement_csv, "statement-csv"),
    guarded_path("<slug:seller>/support-access/", support_access.support_access_ask, "support-access-ask"),
    guarded_path("<slug:seller>/runs/", runs.runs, "runs"),
    guarded_path("<slug:seller>/runs/<int:run>/", runs.run, "run"),
]
