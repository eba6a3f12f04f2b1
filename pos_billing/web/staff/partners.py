"""Making a Partner: its schema copied from the template, its host name, its first user."""

from time import monotonic

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from pos_billing.facts.errors import Refused
from pos_billing.sellers.commands import partner_create
from pos_billing.web.shared.page import page


class PartnerForm(forms.Form):
    """What a new Partner is called, and where it is found."""

    name = forms.CharField(label="Name", max_length=100, help_text="As it stands on its statements.")
    email = forms.EmailField(label="E-mail for statements")
    schema = forms.CharField(
        label="Schema", max_length=63, help_text="Small letters, digits and _, a letter first: agency_one. It stays."
    )
    host = forms.CharField(label="Host name", max_length=253, help_text="Where its pages are, as agency.example.com.")
    owner_email = forms.EmailField(label="E-mail of its first user", help_text="An owner; signs in with it.")
    owner_password = forms.CharField(
        label="Password for its first user",
        required=False,
        min_length=12,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. Without one, the user asks for it by e-mail on the sign-in page.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def partner_make(request: HttpRequest) -> HttpResponse:
    """Make a Partner; takes a few seconds, all or nothing."""
    form = PartnerForm(request.POST or None)
    if form.is_valid():
        steps: list[str] = []
        began = monotonic()
        values = {**form.cleaned_data, "owner_password": form.cleaned_data["owner_password"] or None}
        try:
            partner = partner_create(**values, progress=steps.append)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.text)
        else:
            messages.success(
                request, f"{partner.name} is ready: {len(steps)} steps in {monotonic() - began:.1f} seconds."
            )
            return redirect("billing_staff:statements", seller=partner.schema_name)
    return page(
        request,
        "pos_billing/staff/partner_make.html",
        form=form,
        status=422 if form.errors else 200,
        crumbs=[("Sellers", reverse("billing_staff:sellers")), ("New Partner", None)],
    )
