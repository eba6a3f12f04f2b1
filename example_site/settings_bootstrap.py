"""The example host without the plugin's own apps: what the bootstrap dump is made from (example_site/bootstrap)."""

from example_site.settings import *  # noqa: F403


def _without_ours(listed: list[str]) -> list[str]:
    return [app for app in listed if not app.startswith("pos_billing")]


SHARED_APPS = _without_ours(SHARED_APPS)  # noqa: F405
TENANT_APPS = _without_ours(TENANT_APPS)  # noqa: F405
INSTALLED_APPS = _without_ours(INSTALLED_APPS)  # noqa: F405
ROOT_URLCONF = POS_BILLING_HOST_URLS["tenant"]  # type: ignore[name-defined]  # noqa: F405
PUBLIC_SCHEMA_URLCONF = POS_BILLING_HOST_URLS["public"]  # type: ignore[name-defined]  # noqa: F405
SILENCED_SYSTEM_CHECKS = ["djstripe.W002", "commands.E001"]  # the latter: the plugin's app config cures it
