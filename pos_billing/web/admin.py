"""Entries of the platform's admin index that lead to the billing pages. No row is ever edited there."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from procrastinate.contrib.django import admin as queue_admin
from procrastinate.contrib.django.models import ProcrastinateJob

from pos_billing.instances.models import RegisterImport
from pos_billing.notices.models import Notice
from pos_billing.statements.models import BillingRun, Statement
from pos_billing.web.frame import STAFF, Need
from pos_billing.web.staff.register_admin import RegisterImportPages


class ReadOnly(admin.ModelAdmin):
    """Rows that billing's staff may read here, and nobody may change."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return STAFF.may(request.user, Need.READ)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return STAFF.may(request.user, Need.READ)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LeadsToPages(ReadOnly):
    """A model whose list is one of our pages."""

    page = ""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not STAFF.may(request.user, Need.READ):
            raise PermissionDenied
        return redirect(self.page)


@admin.register(Statement)
class StatementAdmin(LeadsToPages):
    page = "billing_staff:sellers"


@admin.register(BillingRun)
class BillingRunAdmin(LeadsToPages):
    page = "billing_staff:sellers"


admin.site.unregister(queue_admin.models.ProcrastinateJob)


@admin.register(ProcrastinateJob)
class JobAdmin(LeadsToPages):
    """Procrastinate's own list asks for permissions that billing's groups do not have, and knows no errors."""

    page = "billing_staff:jobs"


@admin.register(Notice)
class NoticeAdmin(LeadsToPages):
    page = "billing:notices"


@admin.register(RegisterImport)
class RegisterImportAdmin(RegisterImportPages, ReadOnly):
    """Imports of register files: the log, and django-import-export's upload, preview and confirmation."""
