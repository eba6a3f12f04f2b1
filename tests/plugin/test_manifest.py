"""plugin.toml, pyproject.toml and the code say the same."""

import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.utils.module_loading import import_string

import pos_billing
from pos_billing.checks import HOST_CHECKS
from pos_billing.conf import KINDS, declared
from pos_billing.plugin import manifest

CHECKOUT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
CODE = {path: path.read_text() for path in (CHECKOUT / "pos_billing").rglob("*.py")}


def test_name_and_version_are_one():
    assert manifest()["plugin"]["name"] == PROJECT["name"]
    assert manifest()["plugin"]["version"] == PROJECT["version"] == pos_billing.__version__


def test_requirements_are_those_of_the_distribution():
    required = {
        re.split(r"[\[<>=]", requirement)[0].lower(): re.sub(r"^[^<>=]*", "", requirement)
        for requirement in PROJECT["dependencies"]
    }
    assert manifest()["requires"]["python"] == PROJECT["requires-python"]
    for name, version in manifest()["requires"].items():
        if name not in {"python", "postgresql"}:
            assert required[name] == version, name


def test_apps_are_installed_where_the_manifest_says(settings):
    for kind, name in (("shared", "SHARED_APPS"), ("tenant", "TENANT_APPS")):
        assert set(manifest()["apps"][kind]) <= set(getattr(settings, name))
    ours = {config.name for config in apps.get_app_configs() if config.name.startswith("pos_billing")}
    assert ours <= {*manifest()["apps"]["shared"], *manifest()["apps"]["tenant"]}


def test_tables_of_shared_apps_are_in_public_alone(db):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'agency_one'")
        tables = {row[0] for row in cursor.fetchall()}
    assert "pos_billing_plan" in tables
    prefixes = ("djstripe_", "pghistory_", "procrastinate_", "pos_billing_instances_")
    assert not {table for table in tables if table.startswith(prefixes)}


def test_everything_named_in_the_manifest_can_be_imported():
    for module in [*manifest()["urls"]["tenant"], *manifest()["urls"]["public"], *manifest()["jobs"]["modules"]]:
        import_module(module)
    replacements = manifest()["middleware"]["replace"] | manifest()["templates"]["context_processors"]["replace"]
    for old, new in replacements.items():
        import_string(old)
        import_string(new)
    import_string(manifest()["dashboard"]["section"])
    for job in manifest()["jobs"]["scheduled"].values():
        import_string(job["task"])


def test_the_section_is_in_oscars_navigation(settings):
    section = import_string(manifest()["dashboard"]["section"])()
    assert section["label"] in [entry["label"] for entry in settings.OSCAR_DASHBOARD_NAVIGATION]


def test_templates_folder_is_the_apps():
    folder = CHECKOUT / manifest()["templates"]["folder"]
    assert (Path(pos_billing.__file__).parent / "templates").resolve() == folder


def test_scheduled_jobs_are_the_ones_in_the_code():
    from procrastinate.contrib.django import app

    registered = {entry.task.name: entry.cron for entry in app.periodic_registry.periodic_tasks.values()}
    ours = {name: cron for name, cron in registered.items() if name.startswith("pos_billing")}
    scheduled = manifest()["jobs"]["scheduled"].values()
    assert {job["task"]: job["cron"] for job in scheduled} == ours


def test_webhook_events_are_the_ones_the_code_receives():
    """The receivers of dj-stripe's signals that stand in the plugin's modules."""
    from djstripe.models import Event
    from djstripe.signals import WEBHOOK_SIGNALS

    def is_ours(signal):
        receivers, _ = signal._live_receivers(sender=Event)
        return any(receiver.__module__.startswith("pos_billing.") for receiver in receivers)

    received = {name for name, signal in WEBHOOK_SIGNALS.items() if is_ours(signal)}
    assert received == set(manifest()["webhooks"]["events"])


@pytest.mark.parametrize("entry", declared().values(), ids=lambda entry: entry.name)
def test_declared_settings_fit_their_own_type_and_are_read_by_the_code(entry):
    assert entry.type in {*KINDS, "choice"}
    assert entry.objection(entry.default) is None
    assert entry.meaning.endswith(".")
    assert bool(entry.choices) == (entry.type == "choice")
    short = entry.name.removeprefix("POS_BILLING_")
    read = re.compile(rf"{entry.name}\b|['\"]({short}|{short.removeprefix('PORTAL_')})['\"]")
    assert any(read.search(text) for text in CODE.values())


def test_settings_that_the_code_names_are_declared():
    known = {*declared(), "POS_BILLING_INSTALLED", "POS_BILLING_HOST_URLS"}
    from_environment = {"POS_BILLING_PORTAL_TOKEN", "POS_BILLING_PORTAL_EMAIL", "POS_BILLING_PORTAL_PASSWORD"}
    for path, text in CODE.items():
        named = set(re.findall(r"\bPOS_BILLING_[A-Z_]+[A-Z]\b", text))
        assert named <= known | from_environment, path


def test_checks_are_numbered_without_gaps():
    assert list(HOST_CHECKS) == [f"E{number:03}" for number in range(1, len(HOST_CHECKS) + 1)]
