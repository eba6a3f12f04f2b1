"""People of every role, and something that stands for each part of a URL."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from procrastinate.contrib.django import app

from pos_billing.collection.money.credit_notes import credit_note_issue
from pos_billing.instances.models import RegisterImport
from pos_billing.partner_api.models import PortalProposal, PortalSync
from pos_billing.plans.models import Account, AccountMember, Plan, PlanGrant, SellerMember
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import BillingRun, RunRequest, Statement
from pos_billing.web import frame
from tests.roles.walking import PARTNER_ROLES
from tests.web import scenario
from tests.web.conftest import billed, documents, example  # noqa: F401


@pytest.fixture
def people(billed, platform) -> dict[str, tuple[str, Any]]:  # noqa: F811
    """Every role with its home and its user."""
    users = get_user_model().objects

    def person(name: str, **kept: Any) -> Any:
        return users.create_user(f"{name}@example.org", f"{name}@example.org", "secret", **kept)

    found: dict[str, tuple[str, Any]] = {"nobody": ("agency_one", None)}
    with in_seller("public"):
        found["superuser"] = ("public", person("superuser", is_staff=True, is_superuser=True))
        for role, group in (("finance", frame.FINANCE_GROUP), ("support", frame.SUPPORT_GROUP), ("staff", None)):
            found[role] = ("public", person(role, is_staff=True))
            if group:
                found[role][1].groups.add(Group.objects.get_or_create(name=group)[0])
    with in_seller("agency_one"):
        for role in PARTNER_ROLES:
            found[role] = ("agency_one", person(role))
            if role in ("owner", "write", "read"):
                SellerMember.objects.create(user=found[role][1], role=role)
        AccountMember.objects.create(account=billed.clients["first"], user=found["client"][1])
    return found


@pytest.fixture
def named(billed, people) -> dict[str, dict[str, Any]]:  # noqa: F811
    """What stands for each part of a URL, on the host of each Seller."""
    shop = billed.instances["shop"]
    with in_seller("public"):
        common = {
            "seller": "agency_one", "instance": shop.pk, "domain": shop.domains.order_by("-pk")[0].pk,
            "dedicated": scenario.dedicated(billed, "Harbour", date(2019, 2, 1)).pk, "card": 1, "notice": 1,
        }  # fmt: skip
        public = common | _sold("Production 110") | _of_the_register(shop)
    with in_seller("agency_one"):
        own = common | _sold("Business") | {"person": AccountMember.objects.get().pk}
        own["member"] = SellerMember.objects.get(user=people["read"][1]).pk
        public |= {"statement-of-seller": own["statement"], "run-of-seller": own["run"]}
    return {"public": public, "agency_one": own, "agency_two": own}


def _sold(plan_name: str) -> dict[str, Any]:
    """Of the current Seller: a plan with fee and grant, a client, a statement with a credit note, a run."""
    plan = Plan.objects.get(name=plan_name)
    account = Account.objects.order_by("pk")[0]
    statement = Statement.objects.order_by("sequence")[0]
    note = credit_note_issue(statement, cents=100, issued_on=date(2019, 4, 2), by="x", why="Goodwill")
    return {
        "plan": plan.pk, "fee": plan.fees.get().pk, "grant": PlanGrant.objects.create(plan=plan, account=account).pk,
        "client": account.pk, "act": "rename", "statement": statement.pk, "note": note.pk,
        "run": BillingRun.objects.order_by("pk")[0].pk,
    }  # fmt: skip


def _of_the_register(instance: Any) -> dict[str, Any]:
    """A sync with a proposal, an import, a run that was asked for."""
    at = datetime(2019, 3, 4, 6, tzinfo=UTC)
    sync = PortalSync.objects.create(
        started_at=at, finished_at=at, day=at.date(), by="sync", status="finished", counts={}
    )
    proposal = PortalProposal.objects.create(
        kind="instance_vanished", instance=instance, about="2019-03-03", day=at.date(), first_sync=sync, text="Gone."
    )
    imported = RegisterImport.objects.create(file_name="a.csv", sha256="0" * 64, by="x", report={"changes": {}})
    asked = RunRequest.objects.create(
        seller="agency_one", as_of=date(2019, 5, 1), preview=True, by="x", state=RunRequest.State.REFUSED
    )
    job = app.configure_task("pos_billing.collection.jobs.reconcile_one").defer(schema="public")
    return {"job": job, "sync": sync.pk, "proposal": proposal.pk, "shown": imported.pk, "asked": asked.pk,
            "object_id": imported.pk}  # fmt: skip
