"""The plugin's settings: declared in plugin.toml with type, default and meaning, read here, checked once at start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from pos_billing.plugin import manifest

PREFIX = "POS_BILLING_"
INTERNAL = {"POS_BILLING_INSTALLED", "POS_BILLING_HOST_URLS"}  # written by install(), for the plugin itself


@dataclass(frozen=True)
class Setting:
    """One setting of the plugin as the manifest declares it."""

    name: str
    type: str
    default: Any
    meaning: str
    choices: tuple[Any, ...] = ()

    def objection(self, value: Any) -> str | None:
        """Return what is wrong with a value, or None."""
        if self.type == "choice":
            return None if value in self.choices else f"must be one of {', '.join(map(repr, self.choices))}"
        words, fits = KINDS[self.type]
        return None if fits(value) else f"must be {words}, not {value!r}"


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _all(value: Any, fits: Any) -> bool:
    return isinstance(value, list | tuple) and all(map(fits, value))


# type -> how people call it, and whether a value is one
KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "text": ("text", lambda value: isinstance(value, str)),
    "texts": ("a list of texts", lambda value: _all(value, lambda each: isinstance(each, str))),
    "integer": ("a whole number, not negative", lambda value: _is_whole(value) and value >= 0),
    "integers": ("a list of whole numbers", lambda value: _all(value, _is_whole)),
    "number": (
        "a number, not negative",
        lambda value: isinstance(value, int | float) and not isinstance(value, bool) and value >= 0,
    ),
    "boolean": ("True or False", lambda value: isinstance(value, bool)),
    "folder": ("the path of a folder", lambda value: isinstance(value, str | Path)),
    "mapping": ("a dictionary of texts", lambda value: isinstance(value, Mapping)),
}


@cache
def declared() -> dict[str, Setting]:
    """Return the settings that plugin.toml declares, by name."""
    return {
        name: Setting(name, entry["type"], entry["default"], entry["meaning"], tuple(entry.get("choices", ())))
        for name, entry in manifest()["settings"].items()
    }


def setting(name: str) -> Any:
    """Return the value of a declared setting, without its prefix: `setting("PLATFORM_SUFFIXES")`."""
    entry = declared()[PREFIX + name]
    return getattr(settings, entry.name, entry.default)


def objections() -> list[tuple[Setting | str, str]]:
    """Return what is wrong with the host's values: settings nobody declared, and values of a wrong type."""
    found: list[tuple[Setting | str, str]] = []
    for name in dir(settings):
        if name.startswith(PREFIX) and name not in declared() and name not in INTERNAL:
            found.append((name, "is not a setting of this plugin (plugin.toml lists them)"))
    for entry in declared().values():
        objection = entry.objection(getattr(settings, entry.name, entry.default))
        if objection:
            found.append((entry, objection))
    return found
