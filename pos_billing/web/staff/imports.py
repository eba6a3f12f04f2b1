"""Imports of register files: preview, import, and the log of what was imported."""

from typing import Any

import django_tables2
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from pos_billing.facts.errors import Refused
from pos_billing.instances.models import RegisterImport
from pos_billing.register.report import Report
from pos_billing.register.run import import_register
from pos_billing.web.shared.listing import Listing
from pos_billing.web.shared.page import page
from pos_billing.web.staff.uploads import find_upload, store_upload
from pos_billing.wording import moment

PROBLEMS_SHOWN = 200


class ImportForm(forms.Form):
    """A file, and why it is imported. ``token`` is the file of the preview before."""

    file = forms.FileField(label="Register file", required=False, help_text="CSV, JSON or XLSX.")
    why = forms.CharField(label="Why", max_length=300, help_text="Kept in the history of every fact it changes.")
    create_partners = forms.BooleanField(label="Make Partners that do not exist yet", required=False)
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Either a new file, or the one of the preview."""
        data = super().clean() or {}
        if data.get("file") is not None:
            data["token"], data["name"] = store_upload(data["file"], data["file"].name), data["file"].name
        elif find_upload(data.get("token") or "") is None:
            self.add_error("file", "Choose a file. (One that was previewed is kept for a day.)")
        return data


class ImportTable(django_tables2.Table):
    """One row an import; its file name leads to its report."""

    label = "Imports"
    file_name = django_tables2.Column(verbose_name="File", attrs={"td": {"class": "card-title"}})
    imported_at = django_tables2.Column(verbose_name="Imported", order_by=("imported_at", "pk"))
    by = django_tables2.Column(verbose_name="By")

    def render_file_name(self, value: str, record: RegisterImport) -> str:
        return format_html('<a href="{}">{}</a>', reverse("billing_staff:import", args=[record.pk]), value)

    def render_imported_at(self, value: Any) -> str:
        return moment(value)


@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """What was imported, newest first."""
    listing = Listing(request, RegisterImport.objects.all(), ImportTable)
    return page(
        request, "pos_billing/staff/imports.html", listing=listing, form=ImportForm(), crumbs=[("Imports", None)]
    )


@require_safe
def import_shown(request: HttpRequest, shown: int) -> HttpResponse:
    """The report of one import."""
    found = get_object_or_404(RegisterImport, pk=shown)
    crumbs = [("Imports", reverse("billing_staff:imports")), (found.file_name, None)]
    changes = [(kind.replace("_", " "), sum(rows.values())) for kind, rows in found.report["changes"].items()]
    return page(request, "pos_billing/staff/import.html", shown=found, changes=changes, crumbs=crumbs)


@require_http_methods(["GET", "HEAD", "POST"])
def import_make(request: HttpRequest) -> HttpResponse:
    """Preview a file, or import it: all of it or nothing, every bad row told."""
    form = ImportForm(request.POST or None, request.FILES or None)
    report: Report | None = None
    if form.is_valid():
        data = form.cleaned_data
        try:
            with find_upload(data["token"]).open("rb") as file:
                report = import_register(
                    file,
                    data["name"],
                    by=request.user.get_username(),
                    why=data["why"],
                    preview="make" not in request.POST,
                    create_partners=data["create_partners"],
                )
        except Refused as refused:
            form.add_error("file", refused.text)
        if report is not None and not report.preview and not report.refused:
            messages.success(request, " ".join(report.lines()[1:]))
            return redirect("billing_staff:imports")
    remembered = {key: form.cleaned_data[key] for key in form.fields if key != "file"} if report else None
    return page(
        request,
        "pos_billing/staff/import_make.html",
        form=ImportForm(initial=remembered) if report else form,
        report=report,
        problems=report.problems[:PROBLEMS_SHOWN] if report else (),
        remembered=remembered,
        status=422 if form.errors or (report and report.refused) else 200,
        crumbs=[("Imports", reverse("billing_staff:imports")), ("Import a register file", None)],
    )
