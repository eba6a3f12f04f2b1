"""The example host without the plugin's own apps: what the bootstrap dump is made from (example_site/bootstrap)."""

from example_site.settings import *  # noqa: F403

OURS = {"pos_billing", "pos_billing.instances"}

SHARED_APPS = [app for app in SHARED_APPS if app not in OURS]  # noqa: F405
TENANT_APPS = [app for app in TENANT_APPS if app not in OURS]  # noqa: F405
INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in OURS]  # noqa: F405
# commands.E001: the plugin's app config cures it, and is left out here.
SILENCED_SYSTEM_CHECKS = ["djstripe.W002", "commands.E001"]
