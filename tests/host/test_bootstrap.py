"""The head start for empty databases leads where plain migrations lead, or is left alone."""

import gzip
import subprocess
import sys

import pytest
from django.db import connection, router

from example_site.bootstrap import script
from pos_billing.sellers.schemas import in_seller
from tests.databases import SiteDatabase, at_database, scratch_database
from tests.sellers.test_clone import dump_of

ROWS = (
    "SELECT app, name FROM {}.django_migrations",  # of the apps that belong there: others may be noted as done
    "SELECT app_label, model FROM {}.django_content_type",
    "SELECT app_label, model, codename, name FROM {0}.auth_permission "
    "JOIN {0}.django_content_type ON django_content_type.id = content_type_id",
)


def test_the_script_fits_the_installed_packages():
    assert script.script_fits(), "Third-party packages changed their migrations: make bootstrap"


def test_the_script_holds_nothing_of_the_plugin():
    assert "pos_billing" not in script.script_text()


def test_a_script_that_does_not_fit_is_left_alone(django_db_setup, django_db_blocker, monkeypatch, tmp_path):
    stale = tmp_path / "stale.sql.gz"
    stale.write_bytes(gzip.compress(b"-- fingerprint: of other packages\nCREATE TABLE wrong (id int);\n"))
    monkeypatch.setattr(script, "FILE", stale)
    with django_db_blocker.unblock(), scratch_database() as name, at_database(name):
        assert "does not fit" in script.start_from_script()
        assert script.database_is_empty()


def test_a_database_with_tables_is_left_alone(db):
    assert script.start_from_script() == "the database has tables already"


@pytest.mark.replays_history
def test_a_plain_host_arrives_at_the_same_database(own_database, django_db_blocker):
    """Two minutes: all histories from nothing, by django-tenants' own command, without the script."""
    with scratch_database() as name:
        subprocess.run(
            [sys.executable, "example_site/manage.py", "migrate_schemas", "--verbosity", "0"],
            env=SiteDatabase(name).environment, check=True,
        )  # fmt: skip
        for schema in ("public", "tenant_template"):
            with at_database(name):
                plain = rows_of(schema)
            assert plain == rows_of(schema)
            assert tables_of(name, schema) == tables_of(own_database.name, schema)


def rows_of(schema: str) -> list[set[tuple]]:
    """What migrating leaves in tables, without numbers and times."""
    found = []
    with connection.cursor() as cursor:
        for query in ROWS:
            cursor.execute(query.format(schema))
            found.append(set(cursor.fetchall()))
    with in_seller(schema):
        found[0] = {(app, name) for app, name in found[0] if router.allow_migrate("default", app)}
    return found


def tables_of(database: str, schema: str) -> list[str]:
    """All definitions of a schema, and none of its rows."""
    return [line for line in dump_of(database, schema, "--schema-only") if line and not line.startswith("--")]


def test_the_settings_it_is_made_with_are_sound_and_lead_to_the_same_fingerprint():
    code = "from example_site.bootstrap.script import script_fits; print(script_fits())"
    environment = {**SiteDatabase("postgres").environment, "DJANGO_SETTINGS_MODULE": "example_site.settings_bootstrap"}
    for command in (["check"], ["shell", "--verbosity", "0", "--command", code]):
        said = subprocess.run(
            [sys.executable, "example_site/manage.py", *command],
            env=environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
    assert said.stdout.strip() == "True"
