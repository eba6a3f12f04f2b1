"""Staff change the register: each change with its day, why, and what it does to the next statements said first."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from pos_billing.facts import clock
from pos_billing.instances import commands
from pos_billing.instances.models import DedicatedEnvironment, Instance
from pos_billing.plans.commands import dedicated_environment_register, instance_register, instance_transfer
from pos_billing.rating.facts import Subject
from pos_billing.web.shared.changing import step
from pos_billing.web.shared.days import next_statement_day
from pos_billing.web.shared.forms import ChangeForm, who
from pos_billing.web.shared.instance_actions import TITLES
from pos_billing.web.shared.page import page
from pos_billing.web.staff import instance_forms as forms


class Act(NamedTuple):
    """Something that can be done to an Instance: its form, its command.

    ``of_domain`` commands take the chosen Domain in place of the Instance.
    """

    form: type[forms.InstanceForm]
    command: Callable[..., Any]
    of_domain: bool = False


ACTIONS: dict[str, Act] = {
    "rename": Act(forms.RenameForm, commands.instance_rename),
    "tags": Act(forms.TagsForm, commands.instance_retag),
    "environment": Act(forms.EnvironmentForm, commands.instance_change_environment),
    "unpublish": Act(forms.DatedForm, commands.instance_unpublish),
    "publish": Act(forms.DatedForm, commands.instance_publish),
    "transfer": Act(forms.TransferForm, instance_transfer),
    "place": Act(forms.PlaceForm, commands.placement_begin),
    "take-off": Act(forms.DatedForm, commands.placement_end),
    "delete": Act(forms.DatedForm, commands.instance_delete),
    "undelete": Act(forms.InstanceForm, commands.instance_undelete),
    "domain-add": Act(forms.DomainAddForm, commands.domain_add),
    "domain-correct": Act(forms.DomainDayForm, commands.domain_correct_day, True),
    "domain-remove": Act(forms.DomainRemoveForm, commands.domain_remove, True),
}
"""What staff may do to an Instance, by the last part of the address."""


@require_http_methods(["GET", "HEAD", "POST"])
def instance_action(request: HttpRequest, instance: int, act: str) -> HttpResponse:
    """Change an Instance in two steps: what it does to the next statements of both sides, then the change."""
    found = get_object_or_404(Instance, pk=instance)
    if act not in ACTIONS:
        raise Http404("There is no such change.")
    doing, title = ACTIONS[act], TITLES[act]
    now = clock.seller_day()
    form = doing.form(request.POST or None, instance=found, initial=_initial(found, request, now))

    def command() -> Any:
        values = form.values()  # type: ignore[attr-defined]
        changed = values.pop("domain") if doing.of_domain else found
        return doing.command(changed, by=who(request), why=form.cleaned_data["why"], **values)

    return _two_steps(
        request, form, command, [Subject("instance", found.pk)], heading=f"{title}: {found.name}",
        done=f"Done: {title.lower()}, {found.name}.", back=reverse("billing:instance", args=[found.pk]),
        crumbs=[("Instances", reverse("billing:instances")), (found.name, reverse("billing:instance", args=[found.pk])),
                (title, None)],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def instance_new(request: HttpRequest) -> HttpResponse:
    """Put a new Instance into the register; it begins on Unbilled on both sides."""
    form = forms.NewInstanceForm(request.POST or None, initial={"created_on": clock.seller_day()})
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "why"}
        made = form.carry_out(instance_register, by=who(request), **values)
        if made is not None:
            messages.success(request, f"{made} is in the register, on Unbilled.")
            return redirect("billing:instance", made.pk)
    return _one_step(request, form, "New Instance", "billing:instances", "Instances")


@require_http_methods(["GET", "HEAD", "POST"])
def dedicated_new(request: HttpRequest) -> HttpResponse:
    """Put a new dedicated environment into the register; it begins on Unbilled on both sides."""
    form = forms.NewDedicatedForm(request.POST or None, initial={"created_on": clock.seller_day()})
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "why"}
        made = form.carry_out(dedicated_environment_register, by=who(request), **values)
        if made is not None:
            messages.success(request, f"{made} is in the register. Give it a plan for dedicated environments.")
            return redirect("billing:dedicated-environment", made.pk)
    return _one_step(
        request, form, "New dedicated environment", "billing:dedicated-environments", "Dedicated environments"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def dedicated_remove(request: HttpRequest, dedicated: int) -> HttpResponse:
    """Give a dedicated environment up, with the consequence said first."""
    found = get_object_or_404(DedicatedEnvironment, pk=dedicated)
    form = forms.RemoveForm(request.POST or None, initial={"day": clock.seller_day()})

    def command() -> Any:
        asked = form.cleaned_data
        return commands.dedicated_environment_remove(found, day=asked["day"], by=who(request), why=asked["why"])

    placed = found.placements.values_list("instance_id", flat=True).distinct()
    back = reverse("billing:dedicated-environment", args=[found.pk])
    return _two_steps(
        request, form, command, [Subject("dedicated", found.pk), *(Subject("instance", key) for key in placed)],
        heading=f"Remove: {found.name}", done=f"{found} is removed.", back=back,
        crumbs=[("Dedicated environments", reverse("billing:dedicated-environments")), (found.name, back),
                ("Remove", None)],
    )  # fmt: skip


def _initial(instance: Instance, request: HttpRequest, now: Any) -> dict[str, Any]:
    return {
        "name": instance.name, "tags": ", ".join(instance.tags), "day": now, "added_on": now,
        "domain": request.GET.get("domain"),
    }  # fmt: skip


def _two_steps(
    request: HttpRequest,
    form: ChangeForm,
    command: Callable[[], Any],
    subjects: list[Subject],
    *,
    heading: str,
    done: str,
    back: str,
    crumbs: list[tuple[str, str | None]],
) -> HttpResponse:
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        as_of = next_statement_day(clock.seller_day())
        taken = step(form, request.POST, command, subjects, as_of)
        if taken.saved:
            messages.success(request, done)
            return redirect(back)
        context = taken.context
    return page(
        request,
        "pos_billing/portal/two_steps.html",
        form=form,
        heading=heading,
        back=back,
        status=422 if form.errors else 200,
        crumbs=crumbs,
        **context,
    )


def _one_step(request: HttpRequest, form: ChangeForm, heading: str, back: str, above: str) -> HttpResponse:
    return page(
        request,
        "pos_billing/portal/form.html",
        form=form,
        heading=heading,
        back=reverse(back),
        status=422 if form.errors else 200,
        crumbs=[(above, reverse(back)), (heading, None)],
    )
