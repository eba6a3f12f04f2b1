"""Addresses of a Partner's Billing section that lead the platform's staff to pages of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The beginning of these pages is the list of Sellers."""
    return redirect("billing_staff:sellers")


@require_safe
def statement(request: HttpRequest, statement: int) -> HttpResponse:
    """A statement of the platform."""
    return redirect("billing_staff:statement", seller="public", statement=statement)
