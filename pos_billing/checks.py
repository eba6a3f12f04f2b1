"""System checks: each catches one way of setting up a host wrongly, and says what to do.

A check is a generator that yields what it objects to; `HOST_CHECKS` gives each its number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from ctypes.util import find_library
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections
from django.db.models import DO_NOTHING
from django.utils.module_loading import import_string

from pos_billing.conf import objections, setting
from pos_billing.plugin import manifest

Objections = Iterator[str]


def plugin_is_installed() -> Objections:
    """install() has run, and nothing was taken out again after it."""
    lists = {"SHARED_APPS": "shared", "TENANT_APPS": "tenant"}
    for name, kind in lists.items():
        missing = [app for app in manifest()["apps"][kind] if app not in getattr(settings, name, ())]
        if missing:
            yield f"{name} lacks {', '.join(missing)}"


def database_is_tenant_aware() -> Objections:
    """Schemas are entered by django-tenants' database backend, and apps go to their schemas by its router."""
    engine = settings.DATABASES.get("default", {}).get("ENGINE", "")
    if engine != "django_tenants.postgresql_backend":
        yield f"DATABASES['default']['ENGINE'] is {engine!r}"
    if "django_tenants.routers.TenantSyncRouter" not in settings.DATABASE_ROUTERS:
        yield "DATABASE_ROUTERS lacks the router"


def tenant_model_is_a_partner() -> Objections:
    """The tenant model has what statements and dj-stripe need, and copies the template."""
    from django_tenants.utils import get_tenant_model

    from pos_billing.sellers.tenant import PartnerTenant

    if not issubclass(get_tenant_model(), PartnerTenant):
        yield f"{settings.TENANT_MODEL} does not inherit PartnerTenant"


def tenant_middleware_is_first() -> Objections:
    """Everything else already works in the Seller's schema."""
    first = settings.MIDDLEWARE[0] if settings.MIDDLEWARE else ""
    if not first.startswith("django_tenants.middleware"):
        yield f"the first middleware is {first or 'missing'}"


def no_site_id() -> Objections:
    """Sites are found by host name."""
    if site := getattr(settings, "SITE_ID", None):
        yield f"SITE_ID is {site}: one Seller's Site would be cached for all"


def caches_know_sellers() -> Objections:
    """One Seller's cached values stay its own."""
    for name, cache in settings.CACHES.items():
        harmless = cache["BACKEND"].endswith("DummyCache")
        if not harmless and cache.get("KEY_FUNCTION") != "django_tenants.cache.make_key":
            yield f"cache {name!r} has keys without the schema"


def uploads_know_sellers() -> Objections:
    """Uploaded files of Sellers lie in folders of their own."""
    from django_tenants.files.storage import TenantFileSystemStorage

    backend = import_string(settings.STORAGES["default"]["BACKEND"])
    in_files = any(base.__module__ == "django.core.files.storage.filesystem" for base in backend.__mro__)
    if in_files and not issubclass(backend, TenantFileSystemStorage):
        yield f"STORAGES['default'] is {settings.STORAGES['default']['BACKEND']}"


def documents_are_private() -> Objections:
    """No web server gives out the folder of statements."""
    given = setting("DOCUMENTS_FOLDER")
    if not given:
        yield "POS_BILLING_DOCUMENTS_FOLDER is not set"
        return
    folder = Path(given).resolve()
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        public = getattr(settings, name, None)
        if public and folder.is_relative_to(Path(public).resolve()):
            yield f"POS_BILLING_DOCUMENTS_FOLDER lies in {name}"


def tenants_have_no_admin() -> Objections:
    """A tenant's search path falls through to `public`: an admin there shows the platform's tables."""
    of_host = getattr(settings, "POS_BILLING_HOST_URLS", {}).get("tenant", settings.ROOT_URLCONF)
    for pattern in import_module(of_host).urlpatterns:
        if getattr(pattern, "app_name", None) == "admin":
            yield f"{of_host} mounts an admin site at {pattern.pattern}"


def shared_apps_stay_shared() -> Objections:
    """The register, the history's contexts, jobs and Stripe's mirror stand in `public` alone."""
    for app in manifest()["apps"]["shared_only"]:
        if app in settings.TENANT_APPS:
            yield f"TENANT_APPS has {app}"


def user_tables_are_complete() -> Objections:
    """What refers to users stands where users stand, or deleting a Partner's user deletes the platform's rows."""
    tenant_labels = {config.label for config in apps.get_app_configs() if _is_listed(config, settings.TENANT_APPS)}
    user_label = settings.AUTH_USER_MODEL.partition(".")[0]
    if user_label not in tenant_labels:
        yield f"TENANT_APPS lacks the app of users, {user_label}"
        return
    for model in apps.get_models():
        for field in model._meta.local_fields:
            related = field.related_model
            to_user = related is not None and related._meta.label == settings.AUTH_USER_MODEL
            ours = model._meta.managed and field.remote_field and field.remote_field.on_delete is not DO_NOTHING
            if to_user and ours and model._meta.app_label not in tenant_labels:
                yield f"{model._meta.label}.{field.name} refers to users, and TENANT_APPS lacks its app"


def stripe_version_is_dj_stripes() -> Objections:
    """Stripe answers in the shape that dj-stripe's models were made for."""
    from djstripe.settings import djstripe_settings

    wanted, given = djstripe_settings.DEFAULT_STRIPE_API_VERSION, getattr(settings, "STRIPE_API_VERSION", None)
    if given != wanted:
        yield f"STRIPE_API_VERSION is {given!r}, dj-stripe is made for {wanted!r}"


def settings_are_well_typed() -> Objections:
    """The plugin's own settings are what plugin.toml declares."""
    for entry, objection in objections():
        yield f"{entry if isinstance(entry, str) else entry.name} {objection}"


def shop_is_bound_to_sellers() -> Objections:
    """Baskets and notifications of Oscar know Sellers."""
    for old in manifest()["middleware"]["replace"]:
        if old in settings.MIDDLEWARE:
            yield f"MIDDLEWARE has {old}"
    for engine in settings.TEMPLATES:
        for old in manifest()["templates"]["context_processors"]["replace"]:
            if old in _context_processors(engine):
                yield f"TEMPLATES has {old}"


def _context_processors(engine: Mapping[str, Any]) -> Sequence[str]:
    found: Sequence[str] = engine.get("OPTIONS", {}).get("context_processors", ())
    return found


def sessions_stay_in_their_schema() -> Objections:
    """A session of one Seller is of no use at another."""
    engine = settings.SESSION_ENGINE.rpartition(".")[2]
    if engine not in {"db", "cached_db", "cache"}:
        yield f"SESSION_ENGINE is {settings.SESSION_ENGINE}"


def webhooks_reach_the_platform() -> Objections:
    """Stripe's events arrive on the public host."""
    of_host = getattr(settings, "POS_BILLING_HOST_URLS", {}).get("public") or settings.PUBLIC_SCHEMA_URLCONF
    patterns = import_module(of_host).urlpatterns
    if not any(getattr(pattern, "namespace", None) == "djstripe" for pattern in patterns):
        yield f"{of_host} does not include djstripe.urls"


def _is_listed(config: Any, listed: list[str]) -> bool:
    return config.name in listed or f"{type(config).__module__}.{type(config).__qualname__}" in listed


INSTALL = "Put `from pos_billing.plugin import install; install(globals())` at the end of the settings."
# number -> check, what to do
HOST_CHECKS: dict[str, tuple[Callable[[], Objections], str]] = {
    "E001": (plugin_is_installed, INSTALL),
    "E002": (database_is_tenant_aware, "Set up the database as django-tenants says: its ENGINE, its router."),
    "E003": (tenant_model_is_a_partner, "Let the tenant model inherit pos_billing.sellers.tenant.PartnerTenant."),
    "E004": (tenant_middleware_is_first, "Put django_tenants.middleware.main.TenantMainMiddleware first."),
    "E005": (no_site_id, "Remove SITE_ID: Sites are found by host name."),
    "E006": (caches_know_sellers, "Set KEY_FUNCTION to 'django_tenants.cache.make_key' in that cache."),
    "E007": (uploads_know_sellers, "Use django_tenants.files.storage.TenantFileSystemStorage (or a storage service)."),
    "E008": (documents_are_private, "Set it to a folder of its own that no web server gives out."),
    "E009": (tenants_have_no_admin, "Mount admin sites in PUBLIC_SCHEMA_URLCONF only."),
    "E010": (shared_apps_stay_shared, "Move it to SHARED_APPS."),
    "E011": (user_tables_are_complete, "Add that app to TENANT_APPS too (no admin URL is needed there)."),
    "E012": (stripe_version_is_dj_stripes, "Leave STRIPE_API_VERSION to install(), or set dj-stripe's own."),
    "E013": (settings_are_well_typed, "plugin.toml says what each setting is."),
    "E014": (shop_is_bound_to_sellers, f"They were added after the plugin. {INSTALL}"),
    "E015": (sessions_stay_in_their_schema, "Use django.contrib.sessions.backends.db."),
    "E016": (webhooks_reach_the_platform, 'Add path("stripe/", include("djstripe.urls", namespace="djstripe")).'),
}


def problems_of(number: str) -> list[CheckMessage]:
    """Run one check of the host and return its errors."""
    check, hint = HOST_CHECKS[number]
    return [Error(f"{objection}.", hint=hint, id=f"pos_billing.{number}") for objection in check()]


@register("pos_billing")
def check_host(**_: Any) -> list[CheckMessage]:
    """Check everything that needs no database."""
    return [problem for number in HOST_CHECKS for problem in problems_of(number)]


@register("pos_billing")
def check_pdf(**_: Any) -> list[CheckMessage]:
    """Say early that statements cannot become PDF on this machine; WeasyPrint itself takes seconds to import."""
    missing = [name for name in ("pango-1.0", "pangoft2-1.0", "harfbuzz") if find_library(name) is None]
    if not missing:
        return []
    hint = "Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. macOS: brew install pango."
    return [Warning(f"No PDFs here: {', '.join(missing)} not found.", hint=hint, id="pos_billing.W001")]


@register(Tags.database)
def check_server(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Check the version of the server, when database checks are asked for."""
    wanted = manifest()["requires"]["postgresql"]
    found: list[CheckMessage] = []
    for alias in databases or []:
        version = connections[alias].pg_version // 10000  # type: ignore[attr-defined]  # PostgreSQL's alone has it
        if version < wanted:
            message = f"Database {alias!r} is PostgreSQL {version}."
            hint = f"The plugin needs PostgreSQL {wanted} or newer."
            found.append(Error(message, hint=hint, id="pos_billing.E017"))
    return found
