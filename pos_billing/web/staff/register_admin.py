"""Register imports in the host's admin, through django-import-export: upload, preview, confirm, and the log of them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from import_export.admin import ImportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ConfirmImportForm, ImportForm
from import_export.results import Result

from pos_billing.instances.models import RegisterImport
from pos_billing.register.resources import RegisterResource
from pos_billing.web.frame import STAFF, Need


class WhyImportForm(ImportForm):
    """The file, and why it is imported."""

    why = forms.CharField(label="Why", max_length=300, help_text="Kept in the history of every fact it changes.")


class WhyConfirmForm(ConfirmImportForm):
    """Carries the reason from the preview to the import."""

    why = forms.CharField(max_length=300, widget=forms.HiddenInput)


class RegisterImportPages(ImportMixin):
    """What an admin of ``RegisterImport`` gains: the import itself. Rows of the log are read on our own page.

    The import is ``register.run.import_rows``: all of a file or nothing, every bad row told. JSON files, whose form
    is not a table, and files that make Partners go through the page *Imports*.
    """

    resource_classes = [RegisterResource]
    import_form_class, confirm_form_class = WhyImportForm, WhyConfirmForm
    skip_admin_log = True  # the import keeps its own log: RegisterImport, and history with who and why
    list_display = ("file_name", "imported_at", "by")

    def get_import_formats(self) -> list[type]:
        return [CSV, XLSX]

    def has_import_permission(self, request: HttpRequest) -> bool:
        return STAFF.may(request.user, Need.RUN)

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        initial = super().get_confirm_form_initial(request, import_form)
        return initial | ({"why": import_form.cleaned_data["why"]} if import_form else {})

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form")
        return {"why": form.cleaned_data["why"]} if form else {}

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        """Back to the list; what was good in the preview may be refused by now."""
        if not (result.has_errors() or result.has_validation_errors()):
            return super().process_result(result, request)
        messages.error(request, "Nothing was imported: the register has changed since the preview. Preview it again.")
        return HttpResponseRedirect(reverse("admin:pos_billing_instances_registerimport_import"))

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The report of an import is one of our pages."""
        if not STAFF.may(request.user, Need.READ):
            raise PermissionDenied
        return redirect("billing_staff:import", RegisterImport._meta.pk.to_python(object_id))
