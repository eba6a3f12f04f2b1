"""The plugin's door for a host: `install(globals())` at the end of the host's settings applies plugin.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

MANIFEST_FILE = Path(__file__).resolve().parent / "plugin.toml"


def manifest() -> dict[str, Any]:
    """Return plugin.toml."""
    return tomllib.loads(MANIFEST_FILE.read_text(encoding="utf-8"))


def install(settings: dict[str, Any]) -> None:
    """Put what the manifest says into the host's settings."""
    apps = manifest()["apps"]
    settings["SHARED_APPS"] = [*settings["SHARED_APPS"], *(a for a in apps["shared"] if a not in settings["SHARED_APPS"])]
    settings["TENANT_APPS"] = [*settings["TENANT_APPS"], *(a for a in apps["tenant"] if a not in settings["TENANT_APPS"])]
    settings["INSTALLED_APPS"] = list(dict.fromkeys([*settings["SHARED_APPS"], *settings["TENANT_APPS"]]))
    settings.setdefault("TENANT_BASE_MIGRATE_COMMAND", "pos_billing.sellers.migrate.Command")
    settings.setdefault("GET_EXECUTOR_FUNCTION", "pos_billing.sellers.template.migrating_executor")
    settings.setdefault("TENANT_BASE_SCHEMA", "tenant_template")
    settings.setdefault("TENANT_CREATION_FAKES_MIGRATIONS", True)
