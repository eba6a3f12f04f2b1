"""Each system check objects to one way of setting up a host wrongly, and says what to do."""

from io import StringIO
from types import ModuleType

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.urls import path

from pos_billing import checks
from pos_billing.checks import HOST_CHECKS, problems_of

DUMMY_ADMIN = type("Admin", (), {"urlpatterns": [], "app_name": "admin"})


def test_the_example_host_is_set_up_well(db):
    assert [m for m in run_checks(databases=["default"]) if m.id and m.id.startswith("pos_billing")] == []


def without(values, *gone):
    return [value for value in values if value not in gone]


def urls(monkeypatch, name, patterns):
    """Put a URL module of that name in the way of imports."""
    import sys

    module = ModuleType(name)
    module.urlpatterns = patterns
    monkeypatch.setitem(sys.modules, name, module)
    return name


def wrong_setups(settings, monkeypatch):
    """Number of the check -> a function that sets the host up wrongly."""

    def set_to(name, value):
        return lambda: setattr(settings, name, value)

    def admin_for_tenants():
        from django.contrib import admin
        from django.urls import include

        module = urls(monkeypatch, "urls_with_admin", [path("admin/", include((admin.site.urls[0], "admin")))])
        settings.POS_BILLING_HOST_URLS = {**settings.POS_BILLING_HOST_URLS, "tenant": module}

    def no_webhooks():
        module = urls(monkeypatch, "urls_without_stripe", [])
        settings.POS_BILLING_HOST_URLS = {**settings.POS_BILLING_HOST_URLS, "public": module}

    database = {"default": {**settings.DATABASES["default"], "ENGINE": "django.db.backends.postgresql"}}
    tenants = settings.TENANT_APPS
    plain_files = {**settings.STORAGES, "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
    plain_cache = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    return {
        "E001": set_to("SHARED_APPS", without(settings.SHARED_APPS, "pos_billing")),
        "E002": set_to("DATABASES", database),
        "E003": set_to("TENANT_MODEL", "auth.User"),
        "E004": set_to("MIDDLEWARE", settings.MIDDLEWARE[1:]),
        "E005": set_to("SITE_ID", 1),
        "E006": set_to("CACHES", plain_cache),
        "E007": set_to("STORAGES", plain_files),
        "E008": set_to("POS_BILLING_DOCUMENTS_FOLDER", f"{settings.MEDIA_ROOT}/documents"),
        "E009": admin_for_tenants,
        "E010": set_to("TENANT_APPS", [*tenants, "djstripe"]),
        "E011": set_to("TENANT_APPS", without(tenants, "example_site.platform.apps.PlatformAdminConfig")),
        "E012": set_to("STRIPE_API_VERSION", "2020-08-27"),
        "E013": set_to("POS_BILLING_RETRY_DAYS", "3, 7"),
        "E014": set_to("MIDDLEWARE", [*settings.MIDDLEWARE, "oscar.apps.basket.middleware.BasketMiddleware"]),
        "E015": set_to("SESSION_ENGINE", "django.contrib.sessions.backends.signed_cookies"),
        "E016": no_webhooks,
    }


@pytest.mark.parametrize("number", HOST_CHECKS)
def test_a_wrong_setup_is_caught_with_a_hint(settings, monkeypatch, number):
    assert problems_of(number) == []
    wrong_setups(settings, monkeypatch)[number]()
    problems = problems_of(number)
    assert [problem.id for problem in problems] == [f"pos_billing.{number}"]
    assert problems[0].hint


@pytest.mark.parametrize(
    ("name", "value", "objection"),
    [
        ("POS_BILLING_DOCUMENTS_FOLDER", 7, "must be the path of a folder, not 7"),
        ("POS_BILLING_STRIPE_TRIES", True, "must be a whole number, not negative, not True"),
        ("POS_BILLING_STRIPE_TRIES", -1, "must be a whole number, not negative, not -1"),
        ("POS_BILLING_STRIPE_TIMEOUT_SECONDS", "30", "must be a number, not negative, not '30'"),
        ("POS_BILLING_PLATFORM_SUFFIXES", "platformos.com", "must be a list of texts"),
        ("POS_BILLING_PORTAL_PRICE_UNIT", "euros", "must be one of '', 'cents', 'dollars'"),
        ("POS_BILLING_PORTAL_BEARER", 1, "must be True or False"),
        ("POS_BILLING_PORTAL_ENVIRONMENTS", [], "must be a dictionary"),
        ("POS_BILLING_STRIPE_TRYS", 3, "is not a setting of this plugin"),
    ],
)
def test_settings_of_a_wrong_type_or_name_are_caught(settings, name, value, objection):
    setattr(settings, name, value)
    (problem,) = problems_of("E013")
    assert objection in problem.msg
    assert name in problem.msg


def test_missing_documents_folder_is_caught(settings):
    settings.POS_BILLING_DOCUMENTS_FOLDER = ""
    assert [p.msg for p in problems_of("E008")] == ["POS_BILLING_DOCUMENTS_FOLDER is not set."]


def test_missing_pango_is_a_warning_with_the_command(monkeypatch):
    monkeypatch.setattr(checks, "find_library", lambda name: None)
    (warning,) = checks.check_pdf()
    assert warning.id == "pos_billing.W001"
    assert "apt-get install libpango-1.0-0" in warning.hint


def test_an_old_server_is_caught(db, monkeypatch):
    from django.db import connections

    monkeypatch.setitem(connections["default"].__dict__, "pg_version", 140009)
    (problem,) = checks.check_server(databases=["default"])
    assert problem.id == "pos_billing.E017"


def test_the_doctor_prints_everything_and_finds_nothing_wrong(db):
    out = StringIO()
    call_command("pos_billing_doctor", stdout=out)
    text = out.getvalue()
    for words in ("ROOT_URLCONF: example_site.urls_tenant led through", "POS_BILLING_RETRY_DAYS = [3, 7, 14, 21]",
                  "tenant_template: up to date", "agency_two: up to date"):  # fmt: skip
        assert words in text
    assert text.rstrip().endswith("none")


def test_the_doctor_fails_when_something_is_wrong(db, settings):
    from pos_billing.sellers.schemas import in_seller

    settings.SITE_ID = 1
    with in_seller("agency_one"):
        from django.db.migrations.recorder import MigrationRecorder

        MigrationRecorder.Migration.objects.filter(app="wishlists").delete()
    out = StringIO()
    with pytest.raises(CommandError, match="2 to put right"):
        call_command("pos_billing_doctor", stdout=out)
    assert "pos_billing.E005" in out.getvalue()
    assert "Schema agency_one waits for wishlists." in out.getvalue()
