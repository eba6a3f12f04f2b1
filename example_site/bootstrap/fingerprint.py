"""Which histories a bootstrap script stands for."""

from __future__ import annotations

import hashlib
import inspect
from pathlib import Path

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

# The plugin's own apps are never part of the script: they are migrated for real.
NOT_IN_SCRIPT = frozenset({"pos_billing", "pos_billing_instances"})


def third_party_fingerprint() -> str:
    """Return a hash over the source of every migration of the installed apps but ours, and over what goes where."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    digest = hashlib.sha256()
    for listed in (settings.SHARED_APPS, settings.TENANT_APPS):
        digest.update(repr([app for app in listed if not app.startswith("pos_billing")]).encode())
    for (label, name), migration in sorted(loader.disk_migrations.items()):
        if label not in NOT_IN_SCRIPT:
            source = Path(inspect.getfile(type(migration))).read_bytes()
            digest.update(f"{label}.{name}:{hashlib.sha256(source).hexdigest()}\n".encode())
    return digest.hexdigest()
