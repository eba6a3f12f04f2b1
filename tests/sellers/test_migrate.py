"""Which histories are not replayed, and that leaving them out changes nothing else."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from pos_billing.sellers import migrate
from pos_billing.sellers.migrate import apps_to_leave_out, history_left_out
from pos_billing.sellers.schemas import in_seller

SHARED_ONLY = {"djstripe", "pghistory", "partners", "procrastinate", "pos_billing_instances"}


def forget(app: str, schema: str) -> None:
    with in_seller(schema):
        MigrationRecorder.Migration.objects.filter(app=app).delete()


def test_where_everything_is_applied_nothing_is_replayed(db):

    left_out = apps_to_leave_out("default")
    assert {"djstripe", "pos_billing", "auth"} <= left_out


def test_what_waits_is_replayed_and_what_leans_on_it_too(db):
    forget("contenttypes", "public")
    left_out = apps_to_leave_out("default")
    assert "contenttypes" not in left_out
    assert "auth" not in left_out, "permissions refer to content types"
    assert "admin" not in left_out, "its log refers to users, who refer to permissions"
    assert "sites" in left_out


def test_in_a_partners_schema_shared_apps_are_never_replayed(db):
    forget("pos_billing", "agency_one")
    forget("djstripe", "agency_one")
    with in_seller("agency_one"):
        left_out = apps_to_leave_out("default")
    assert left_out >= SHARED_ONLY
    assert "pos_billing" not in left_out


def test_an_app_that_was_asked_for_is_not_left_out(db):
    assert "djstripe" not in apps_to_leave_out("default", asked_for="djstripe")


def test_migrations_that_depend_on_one_left_out_by_name_still_load(db):
    """pos_billing's migrations name ones of pghistory and dj-stripe."""
    with history_left_out({"djstripe", "pghistory"}):
        graph = MigrationLoader(connection).graph
        assert not [key for key in graph.nodes if key[0] in {"djstripe", "pghistory"}]
        assert ("pos_billing", "0001_initial") in graph.nodes


@pytest.mark.parametrize("failing", [False, True])
def test_everything_is_put_back(failing):
    module = __import__("pos_billing.migrations.0001_initial", fromlist=["Migration"])
    before = settings.MIGRATION_MODULES, list(module.Migration.dependencies)
    try:
        with history_left_out({"pghistory"}):
            assert ("pghistory", "__first__") in module.Migration.dependencies
            if failing:
                raise ZeroDivisionError
    except ZeroDivisionError:
        assert failing
    assert (settings.MIGRATION_MODULES, module.Migration.dependencies) == before


def test_apps_are_not_left_out_when_pruning(db, monkeypatch):
    seen = SimpleNamespace(labels=None)

    def remember(labels):
        seen.labels = labels
        return history_left_out(labels)

    monkeypatch.setattr(migrate, "history_left_out", remember)
    call_command("migrate_schemas", "sites", shared=True, prune=True, verbosity=0)
    assert seen.labels == set()


def test_a_schema_without_work_is_soon_done(own_database):
    """A hundred Partners must not wait for the history of dj-stripe a hundred times."""
    import time

    started = time.process_time()
    call_command("migrate_schemas", schema_name="agency_one", tenant=True, verbosity=0)
    assert time.process_time() - started < 5
