"""A Partner's own settings and people."""

import zoneinfo
from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import FileExtensionValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pos_billing.facts import clock
from pos_billing.facts.errors import Refused
from pos_billing.plans.commands import seller_settings_change
from pos_billing.plans.commands.members import member_add, member_change, member_remove
from pos_billing.plans.models import Role, SellerMember, SellerSettings
from pos_billing.plans.own_endings import charged_by_the_platform_alone
from pos_billing.plans.queries import settings_history
from pos_billing.web.frame import Audience, audience_of
from pos_billing.web.shared import history
from pos_billing.web.shared.changing import step
from pos_billing.web.shared.days import next_statement_day
from pos_billing.web.shared.forms import ChangeForm, DayField, who
from pos_billing.web.shared.invitations import invite
from pos_billing.web.shared.page import page

LARGEST_LOGO = 2_000_000
HISTORY_SHOWN = 20
ALONE_SHOWN = 50


class SettingsForm(ChangeForm):
    """Brand, sender and numbers of a Seller."""

    name = forms.CharField(label="Name", max_length=200, help_text="As it stands on statements.")
    address = forms.CharField(label="Address", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    email = forms.EmailField(label="Sender", required=False, help_text="Notices come from it, and answers go to it.")
    tax_note = forms.CharField(
        label="Tax note",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="At the foot of statements, for example your VAT number.",
    )
    logo = forms.ImageField(
        label="Logo",
        required=False,
        help_text="PNG or JPEG, at most 2 MB; on pages and statements.",
        validators=[FileExtensionValidator(["png", "jpg", "jpeg"])],
    )
    brand_color = forms.CharField(label="Brand colour", widget=forms.TextInput(attrs={"type": "color"}))
    payment_terms_days = forms.IntegerField(
        label="Days to pay", min_value=0, max_value=365, help_text="Where clients pay by hand."
    )
    payment_note = forms.CharField(
        label="How to pay by hand",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example your bank account; on clients' payment pages and in e-mails that ask for money.",
    )
    number_format = forms.CharField(
        label="Statement numbers",
        max_length=60,
        help_text="May use {year} and {month}, must use {number}: {year}-{number:06d} gives 2019-000042.",
    )
    numbers_begin_anew = forms.BooleanField(
        label="Number from 1 again each year", required=False, help_text="The statement numbers must then use {year}."
    )

    FIELDS = (
        "name", "address", "email", "tax_note", "brand_color", "payment_terms_days", "payment_note", "number_format",
        "numbers_begin_anew",
    )  # fmt: skip

    def clean_logo(self) -> Any:
        """Not larger than what a page should carry."""
        logo = self.cleaned_data["logo"]
        if logo and getattr(logo, "size", 0) > LARGEST_LOGO:
            raise forms.ValidationError("Choose a file of at most 2 MB.")
        return logo

    def values(self) -> dict[str, Any]:
        """What ``seller_settings_change`` takes; a logo that was not touched is left out."""
        asked = self.cleaned_data
        values = {name: asked[name] for name in self.FIELDS}
        if "logo" in self.changed_data:
            values["logo"] = asked["logo"] or ""
        return values


class BillingSettingsForm(ChangeForm):
    """From which day a Seller charges, and which host names are not custom: what rates days anew, also past ones."""

    time_zone = forms.ChoiceField(label="Time zone", help_text="It decides which day it is for you now.")
    launch_on = DayField(label="First statements", required=False, help_text="None is issued before this day.")
    first_payment_on = DayField(label="First payment", required=False, help_text="Nothing falls due before this day.")
    floor = DayField(label="Never charge before", required=False, help_text="Empty: there is no such day.")
    cut_off = DayField(
        label="Leave closed months as they are before",
        required=False,
        help_text="Months that ended before this day are not corrected any more. Empty: every month may be.",
    )
    platform_suffixes = forms.CharField(
        label="Host names you provide",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Endings, one a line, for example staging-agency.com. Domains under them are not custom.",
    )

    FIELDS = ("time_zone", "launch_on", "first_payment_on", "floor", "cut_off")

    def __init__(self, *args: Any, audience: Audience, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = [(zone, zone) for zone in sorted(zoneinfo.available_timezones())]
        if audience.resells:
            self.fields[
                "platform_suffixes"
            ].help_text += (
                " Your clients are not charged for them; the platform does not know them and goes on charging you."
            )

    def values(self) -> dict[str, Any]:
        """What ``seller_settings_change`` takes."""
        asked = self.cleaned_data
        values = {name: asked[name] for name in self.FIELDS}
        return values | {"platform_suffixes": asked["platform_suffixes"].split()}


class MemberForm(ChangeForm):
    """Somebody who works for the Partner."""

    email = forms.EmailField(label="E-mail", help_text="A new address gets a user; it asks for a password itself.")
    role = forms.ChoiceField(label="May", choices=Role.choices, widget=forms.RadioSelect, initial=Role.READ)


class RoleForm(ChangeForm):
    """What a member may do."""

    role = forms.ChoiceField(label="May", choices=Role.choices, widget=forms.RadioSelect)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Brand, numbering, sender, tax note; what can be billed is on a page of its own."""
    seller = SellerSettings.objects.get()
    initial = {name: getattr(seller, name) for name in (*SettingsForm.FIELDS, "logo")}
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = SettingsForm(*data, initial=initial)
    valid = request.method == "POST" and form.is_valid()
    if valid and form.carry_out(seller_settings_change, by=who(request), **form.values()) is not None:
        messages.success(request, "Saved. Statements that were issued keep what they said.")
        return redirect("billing:settings")
    entries = settings_history()
    return page(
        request,
        "pos_billing/portal/settings.html",
        form=form,
        seller_now=seller,
        charged_alone=charged_by_the_platform_alone()[:ALONE_SHOWN],
        status=422 if form.errors else 200,
        entries=history.told(entries[:HISTORY_SHOWN], audience_of(request)),
        more_entries=max(0, len(entries) - HISTORY_SHOWN),
        crumbs=[("Billing", reverse("billing:home")), ("Settings", None)],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def billing_settings(request: HttpRequest) -> HttpResponse:
    """The days and host names that decide what is charged, with the consequence for all statements said first."""
    seller = SellerSettings.objects.get()
    initial = {name: getattr(seller, name) for name in BillingSettingsForm.FIELDS}
    initial["platform_suffixes"] = "\n".join(seller.platform_suffixes)
    form = BillingSettingsForm(request.POST or None, initial=initial, audience=audience_of(request))
    back = reverse("billing:settings")
    context: dict[str, Any] = {}

    def command() -> SellerSettings:
        return seller_settings_change(by=who(request), why=form.cleaned_data["why"], **form.values())

    if request.method == "POST" and form.is_valid():
        taken = step(
            form, request.POST, command, None, next_statement_day(clock.day_in(seller.time_zone)), here_only=True
        )
        if taken.saved:
            messages.success(request, "Saved. Statements that were issued keep what they said.")
            return redirect(back)
        context = taken.context
    return page(
        request,
        "pos_billing/portal/two_steps.html",
        form=form,
        heading="What is charged",
        back=back,
        lead="Changes here rate days anew, also days that are past.",
        status=422 if form.errors else 200,
        crumbs=[("Billing", reverse("billing:home")), ("Settings", back), ("What is charged", None)],
        **context,
    )


@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """Who works here and what each may do."""
    rows = SellerMember.objects.select_related("user").order_by("user__email")
    return page(request, "pos_billing/portal/members.html", members=list(rows), crumbs=_crumbs())


@require_http_methods(["GET", "HEAD", "POST"])
def member_new(request: HttpRequest) -> HttpResponse:
    """Let somebody in."""
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        made = form.carry_out(member_add, email=asked["email"], role=asked["role"], by=who(request))
        if made is not None:
            messages.success(request, f"{made.user.email} is a member now.")
            invite(request, made.user, to_see=f"the billing of {SellerSettings.objects.get()}", page="billing:home")
            return redirect("billing:members")
    return _form(request, form, "New member")


@require_http_methods(["GET", "HEAD", "POST"])
def member_role(request: HttpRequest, member: int) -> HttpResponse:
    """Change what a member may do."""
    found = get_object_or_404(SellerMember.objects.select_related("user"), pk=member)
    form = RoleForm(request.POST or None, initial={"role": found.role})
    valid = request.method == "POST" and form.is_valid()
    if valid and form.carry_out(member_change, found, role=form.cleaned_data["role"], by=who(request)) is not None:
        messages.success(request, "Saved.")
        return redirect("billing:members")
    return _form(request, form, f"What {found.user.email} may do")


@require_POST
def member_out(request: HttpRequest, member: int) -> HttpResponse:
    """Somebody does not work here any more."""
    found = get_object_or_404(SellerMember.objects.select_related("user"), pk=member)
    try:
        member_remove(found, by=who(request), why="Removed on the page of members")
        messages.success(request, f"{found.user.email} is not a member any more.")
    except Refused as refused:
        messages.error(request, refused.text)
    return redirect("billing:members")


def _form(request: HttpRequest, form: ChangeForm, heading: str) -> HttpResponse:
    return page(
        request,
        "pos_billing/portal/form.html",
        form=form,
        heading=heading,
        back=reverse("billing:members"),
        status=422 if form.errors else 200,
        crumbs=_crumbs((heading, None)),
    )


def _crumbs(*last: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [("Billing", reverse("billing:home")), ("Members", reverse("billing:members") if last else None), *last]
