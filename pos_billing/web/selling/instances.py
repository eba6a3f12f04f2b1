"""The Instances of a Partner: the list, one of them, and giving plans to them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from pos_billing.facts import clock
from pos_billing.instances.hosts import is_custom
from pos_billing.instances.models import Domain, Instance
from pos_billing.plans.commands import assignments_change
from pos_billing.plans.holding import Held, held_from, sentences
from pos_billing.plans.instances_seen import own_instances, placed_on, with_state
from pos_billing.plans.models import SellerSettings
from pos_billing.plans.own_endings import charged_by_the_platform_alone
from pos_billing.plans.queries import catalogue, facts_of, seller_suffixes, subject_history
from pos_billing.rating.facts import Subject
from pos_billing.rating.timeline import timeline
from pos_billing.web.frame import audience_of
from pos_billing.web.selling.assigning import AssignForm, chosen_subjects, served
from pos_billing.web.selling.instance_lists import InstanceFilter, InstanceTable
from pos_billing.web.selling.margins import recent_margins
from pos_billing.web.shared import history
from pos_billing.web.shared.assignments_by_seller import assignments_by_seller
from pos_billing.web.shared.changing import step
from pos_billing.web.shared.charging import charging, charging_of
from pos_billing.web.shared.days import next_statement_day
from pos_billing.web.shared.forms import who
from pos_billing.web.shared.instance_actions import actions_for
from pos_billing.web.shared.listing import Listing
from pos_billing.web.shared.page import page
from pos_billing.web.shared.timeline_picture import picture_of
from pos_billing.wording import count

HISTORY_SHOWN = 30


@require_safe
def instances(request: HttpRequest) -> HttpResponse:
    """The list, with filters; those ticked, or all that were found, can be given a plan."""
    audience = audience_of(request)
    seller = SellerSettings.objects.get()
    now = clock.day_in(seller.time_zone)
    rows = with_state(own_instances(request.tenant, now), now)
    listing = Listing(
        request, rows, InstanceTable, InstanceFilter, by_key=True, filter_options={"day": now, "audience": audience},
        selectable=audience.may(request.user, audience.to_change), audience=audience,
    )  # fmt: skip
    listing.table.charging = charging_of([row.pk for row in listing.records], seller, now)
    return page(
        request,
        "pos_billing/portal/instances.html",
        listing=listing,
        crumbs=[("Billing", reverse("billing:home")), ("Instances", None)],
    )


def own_instance(request: HttpRequest, instance: int, seller: SellerSettings) -> Any:
    """The Instance with its state, or ``Http404`` when it is not this Partner's."""
    now = clock.day_in(seller.time_zone)
    found = with_state(own_instances(request.tenant, now), now).filter(pk=instance).first()
    if found is None:
        raise Http404("There is no such Instance.")
    return found


@require_safe
def instance(request: HttpRequest, instance: int) -> HttpResponse:
    """One Instance: how it stands, its whole life as a picture and as a list, what it earned, who changed what."""
    seller = SellerSettings.objects.get()
    now = clock.day_in(seller.time_zone)
    found = own_instance(request, instance, seller)
    facts = facts_of([found.pk])[found.pk]
    plans = catalogue()
    segments = timeline(facts, plans, now, seller.floor)
    entries = subject_history(found)
    if audience_of(request).keeps_register:
        owned_from, more = found.created_on, _for_staff(found)
    else:
        owned_from = found.ownerships.get(days__contains=now).span.start
        entries = history.since_owned(entries, request.tenant.pk)
        subject = Subject("instance", found.pk)
        alone = charged_by_the_platform_alone([found.pk])
        more = {"margins": recent_margins(request.tenant.schema_name, subject, now), "charged_alone": alone}
    return page(
        request, "pos_billing/portal/instance.html",
        instance=found, charging=charging(facts, segments, now), placement=placed_on(found, now),
        domains=_domains(found, seller_suffixes(seller)),
        picture=picture_of(found, facts, segments, plans, owned_from=owned_from, now=now), **more,
        entries=history.told(entries[:HISTORY_SHOWN], audience_of(request)),
        more_entries=max(0, len(entries) - HISTORY_SHOWN),
        crumbs=[
            ("Billing", reverse("billing:home")), ("Instances", reverse("billing:instances")), (found.name, None)
        ],
    )  # fmt: skip


def _for_staff(found: Any) -> dict[str, Any]:
    """What the platform's staff sees besides: what can be changed, who had it, what was assigned on each side."""
    return {
        "acts": actions_for(found), "sides": assignments_by_seller(found),
        "ownerships": list(found.ownerships.select_related("partner").order_by("-days")),
        "placements": list(found.placements.select_related("dedicated_environment").order_by("-days")),
    }  # fmt: skip


def _domains(found: Instance, suffixes: tuple[str, ...]) -> list[tuple[Domain, bool]]:
    """Its Domains, oldest first, and whether each is custom."""
    return [(domain, is_custom(domain.host, suffixes)) for domain in found.domains.order_by("added_on", "host")]


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest) -> HttpResponse:
    """Give a plan to one or many Instances or dedicated environments, with the consequence said first."""
    seller = SellerSettings.objects.get()
    now = clock.day_in(seller.time_zone)
    data = request.POST if request.method == "POST" else request.GET
    chosen = chosen_subjects(request, data, now)
    back = data.get("back") or reverse("billing:instances")
    back = back if back.startswith(("/dashboard/billing/", "/admin/billing/")) else reverse("billing:instances")
    if not chosen.rows:
        messages.warning(request, "Choose at least one Instance first.")
        return redirect(back)
    asked_days = {name: request.GET[name] for name in ("day", "until") if request.GET.get(name)}
    form = AssignForm(
        request.POST if request.method == "POST" else None, chosen=chosen, now=now, audience=audience_of(request),
        initial=asked_days,
    )  # fmt: skip
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data

        def command() -> list[Held]:
            assignments_change(
                chosen.rows,
                plan=asked["plan"],
                account=asked["account"],
                day=asked["day"],
                until=asked["until"],
                replace_later=asked["replace_later"],
                by=who(request),
                why=asked["why"],
            )
            return held_from(chosen.subjects, asked["day"], now)

        taken = step(form, request.POST, command, chosen.subjects, next_statement_day(now))
        if taken.saved:
            messages.success(request, f"{asked['plan']} is assigned to {count(len(chosen.rows), chosen.noun)}.")
            for sentence in sentences(taken.done):
                messages.warning(request, sentence)
            return redirect(back)
        context = taken.context | {"held": sentences(taken.foreseen.made) if taken.foreseen else []}
    return page(
        request, "pos_billing/portal/assign.html", form=form, chosen=chosen, back=back, served=served(chosen, now),
        hidden=(("back", back), *chosen.fields), status=422 if form.errors else 200, **context,
        crumbs=[
            ("Billing", reverse("billing:home")), ("Instances", reverse("billing:instances")), ("Assign a plan", None)
        ],
    )  # fmt: skip
