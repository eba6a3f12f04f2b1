"""Making a Partner: from the template, in one transaction, ready for its owner to sign in."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sites.models import Site
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django_tenants.utils import schema_context

from example_site.partners.models import Host, Partner
from pos_billing.facts.errors import Refused
from pos_billing.sellers.clone import CannotCopy
from pos_billing.sellers.commands import partner_create, partner_created
from pos_billing.sellers.schemas import in_seller, seller_schemas

AGENCY_THREE = {
    "name": "Agency Three",
    "email": "agency-three@example.com",
    "schema": "agency_three",
    "host": "Agency-Three.localhost.",
    "owner_email": "owner@agency-three.example.com",
    "owner_password": "correct horse",
}


def test_a_partner_is_there_at_once(db, client_for):
    steps, signals = [], []

    def hear(partner, owner, **_):
        signals.append((partner.schema_name, connection.schema_name, owner.email))

    partner_created.connect(hear)
    try:
        partner = partner_create(**AGENCY_THREE, progress=steps.append)
    finally:
        partner_created.disconnect(hear)
    assert seller_schemas()[-1] == "agency_three"
    assert partner.get_primary_domain().domain == "agency-three.localhost"
    assert signals == [("agency_three", "agency_three", "owner@agency-three.example.com")]
    assert steps[0] == "making Agency Three"
    assert "copied tables" in steps
    assert steps[-1] == "Agency Three answers at agency-three.localhost"
    response = client_for("agency_three").post(
        "/dashboard/login/", {"username": AGENCY_THREE["owner_email"], "password": AGENCY_THREE["owner_password"]}
    )
    assert response.status_code == 302, response.content


def test_its_site_is_its_own(db):
    partner_create(**AGENCY_THREE)
    with in_seller("agency_three"):
        assert list(Site.objects.values_list("domain", "name")) == [("agency-three.localhost", "Agency Three")]
        assert Site.objects.get_current().domain == "agency-three.localhost"
    with in_seller("agency_one"):
        assert Site.objects.get_current().domain == "agency-one.localhost"


def test_a_second_host_has_a_site_too_until_it_goes(db, agency_one):
    host = Host.objects.create(tenant=agency_one, domain="shop.example.com", is_primary=False)
    with in_seller("agency_one"):
        assert Site.objects.filter(domain="shop.example.com").exists()
    host.delete()
    with in_seller("agency_one"):
        assert list(Site.objects.values_list("domain", flat=True)) == ["agency-one.localhost"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"schema": "Agency"}, "schema"),
        ({"schema": "pg_agency"}, "schema"),
        ({"schema": "agency-three"}, "schema"),
        ({"schema": "agency_one"}, "schema"),
        ({"schema": "tenant_template"}, "schema"),
        ({"schema": "public"}, "schema"),
        ({"host": "agency-one.localhost"}, "host"),
        ({"host": "http://three.example.com"}, "host"),
        ({"host": "three.example.com:8000"}, "host"),
        ({"host": "-three.example.com"}, "host"),
        ({"host": ""}, "host"),
    ],
)
def test_bad_or_taken_names_are_refused(db, wrong, field):
    with pytest.raises(Refused) as refusal:
        partner_create(**{**AGENCY_THREE, **wrong})
    assert refusal.value.field == field
    assert seller_schemas() == ["public", "agency_one", "agency_two"]


def test_a_failure_on_the_way_leaves_nothing(own_database, monkeypatch):
    def fail(*_):
        raise RuntimeError("the power went")

    monkeypatch.setattr("pos_billing.sellers.commands._create_owner", fail)
    with pytest.raises(RuntimeError, match="the power went"):
        partner_create(**AGENCY_THREE)
    connection.close()
    assert not Partner.objects.filter(schema_name="agency_three").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace('agency_three') IS NULL")
        assert cursor.fetchone() == (True,)


def test_a_stale_template_is_made_up_for(own_database):
    """A copy lists what the template had applied; what it had not is migrated for real, not taken for done."""
    with connection.cursor() as cursor:
        for table in ("line", "wishlistsharedemail", "wishlist"):
            cursor.execute(f"DROP TABLE tenant_template.wishlists_{table}")
        cursor.execute("DELETE FROM tenant_template.django_migrations WHERE app = 'wishlists'")
    partner_create(**AGENCY_THREE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('agency_three.wishlists_line') IS NOT NULL")
        assert cursor.fetchone() == (True,)
    with in_seller("agency_three"):
        assert any(app == "wishlists" for app, _ in MigrationRecorder(connection).applied_migrations())


def test_a_template_with_users_is_refused(db):
    with schema_context("tenant_template"):  # no Seller
        get_user_model().objects.create_user("left over")
    with pytest.raises(CannotCopy, match="holds users"):
        partner_create(**AGENCY_THREE)


def test_saving_a_row_of_the_tenant_model_makes_its_schema_too(db):
    Partner(schema_name="agency_three", name="Agency Three", email="three@example.com").save(verbosity=0)
    with in_seller("agency_three"):
        assert get_user_model().objects.count() == 0


def test_migrating_all_schemas_migrates_the_template_first(own_database, capsys):
    call_command("migrate_schemas", verbosity=1)
    order = [line.split(":")[1].split("]")[0] for line in capsys.readouterr().out.splitlines() if "Starting" in line]
    assert order == ["public", "tenant_template", "agency_one", "agency_two"]
