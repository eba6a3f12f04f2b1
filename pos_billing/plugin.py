"""The plugin's door for a host: `install(globals())` at the end of the host's settings applies plugin.toml."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

MANIFEST_FILE = Path(__file__).resolve().parent / "plugin.toml"
SIDES = {"tenant": "ROOT_URLCONF", "public": "PUBLIC_SCHEMA_URLCONF"}
Settings = dict[str, Any]


class Change(NamedTuple):
    """What install() did to one of the host's settings; pos_billing_doctor prints it."""

    setting: str
    done: str


@cache
def manifest() -> dict[str, Any]:
    """Return plugin.toml."""
    return tomllib.loads(MANIFEST_FILE.read_text(encoding="utf-8"))


def install(settings: Settings) -> None:
    """Put what the manifest says into the host's settings; `settings` is the module's `globals()`.

    Nothing that the host has set itself is overwritten, except that some of Oscar's middleware and context processors
    are exchanged for ones that know Sellers, and that the URL modules are led through the plugin's. Installing twice
    (a settings module that imports another) changes nothing the second time. Every change is kept in
    POS_BILLING_INSTALLED.
    """
    changes: list[Change] = settings.setdefault("POS_BILLING_INSTALLED", [])
    _add_apps(settings, changes)
    _exchange_middleware(settings, changes)
    _exchange_context_processors(settings, changes)
    _lead_urls_through_the_plugin(settings, changes)
    _add_job_modules(settings, changes)
    for name, value in manifest()["host_settings"].items():
        if name not in settings:
            settings[name] = deepcopy(value)
            changes.append(Change(name, f"set to {value!r}"))
    for name, entry in manifest()["settings"].items():
        settings.setdefault(name, deepcopy(entry["default"]))


def _add_apps(settings: Settings, changes: list[Change]) -> None:
    for kind, name in (("shared", "SHARED_APPS"), ("tenant", "TENANT_APPS")):
        missing = [app for app in manifest()["apps"][kind] if app not in settings.get(name, ())]
        if missing:
            settings[name] = [*settings.get(name, ()), *missing]
            changes.append(Change(name, f"appended {', '.join(missing)}"))
    settings["INSTALLED_APPS"] = list(dict.fromkeys([*settings["SHARED_APPS"], *settings["TENANT_APPS"]]))


def _exchange_middleware(settings: Settings, changes: list[Change]) -> None:
    given = list(settings.get("MIDDLEWARE", ()))
    settings["MIDDLEWARE"] = _exchanged("MIDDLEWARE", given, manifest()["middleware"]["replace"], changes)


def _exchange_context_processors(settings: Settings, changes: list[Change]) -> None:
    replacements = manifest()["templates"]["context_processors"]["replace"]
    for engine in settings.get("TEMPLATES", ()):
        options = engine.get("OPTIONS", {})
        if "context_processors" in options:
            options["context_processors"] = _exchanged(
                "TEMPLATES", options["context_processors"], replacements, changes
            )


def _exchanged(name: str, given: list[str], replacements: dict[str, str], changes: list[Change]) -> list[str]:
    """Return the list with each known entry exchanged for ours, in its place."""
    for old in set(given) & set(replacements):
        changes.append(Change(name, f"{old} exchanged for {replacements[old]}"))
    return [replacements.get(entry, entry) for entry in given]


def _lead_urls_through_the_plugin(settings: Settings, changes: list[Change]) -> None:
    """Make pos_billing.urls.<side> the URL module, and let it know the host's."""
    of_host: dict[str, str] = settings.setdefault("POS_BILLING_HOST_URLS", {})
    for side, name in SIDES.items():
        ours = f"pos_billing.urls.{side}"
        if settings.get(name, ours) != ours:
            of_host[side] = settings[name]
            settings[name] = ours
            changes.append(Change(name, f"{of_host[side]} led through {ours}"))


def _add_job_modules(settings: Settings, changes: list[Change]) -> None:
    name = "PROCRASTINATE_IMPORT_PATHS"
    missing = [module for module in manifest()["jobs"]["modules"] if module not in settings.get(name, ())]
    if missing:
        settings[name] = [*settings.get(name, ()), *missing]
        changes.append(Change(name, f"appended {', '.join(missing)}"))
