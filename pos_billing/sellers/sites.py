"""Django's sites framework, one Site for each host name of a Seller, in the Seller's own schema.

With SITE_ID set, Django caches one Site for the process, and one Partner's name and address appear on another's pages
and e-mails. Without it the Site is looked up by the host name of the request, so there must be one.
"""

from __future__ import annotations

from typing import Any

from django.contrib.sites.models import Site, SiteManager
from django_tenants.utils import get_public_schema_name, get_tenant_domain_model, schema_exists

from pos_billing.sellers.schemas import current_schema, in_seller

MADE_BY_DJANGO = "example.com"  # the Site that migrating a schema leaves behind
_by_request = SiteManager.get_current


def host_saved(sender: type, instance: Any, **_: Any) -> None:
    """Keep a Site beside each host name (receiver of the domain model's post_save)."""
    if schema_exists(instance.tenant.schema_name):
        with in_seller(instance.tenant.schema_name):
            known = {site.domain: site for site in Site.objects.filter(domain__in=[instance.domain, MADE_BY_DJANGO])}
            site = known.get(instance.domain) or known.get(MADE_BY_DJANGO) or Site()
            site.domain, site.name = instance.domain, instance.tenant.name[:50]
            site.save()


def host_deleted(sender: type, instance: Any, **_: Any) -> None:
    """Remove the Site of a host name that is no longer served (receiver of the domain model's post_delete)."""
    if schema_exists(instance.tenant.schema_name):
        with in_seller(instance.tenant.schema_name):
            Site.objects.filter(domain=instance.domain).delete()


def connect() -> None:
    """Follow the host's domain model, and let code that has no request at hand find the current Seller's Site."""
    from django.db.models.signals import post_delete, post_save

    post_save.connect(host_saved, sender=get_tenant_domain_model(), dispatch_uid="pos_billing.host_saved")
    post_delete.connect(host_deleted, sender=get_tenant_domain_model(), dispatch_uid="pos_billing.host_deleted")
    SiteManager.get_current = current_site  # type: ignore[assignment, method-assign]  # takes its place for everybody


def current_site(manager: SiteManager, request: Any = None) -> Site:
    """Take the place of `Site.objects.get_current`: without a request (Oscar's page editor) the Seller's first host."""
    if request is not None:
        return _by_request(manager, request)
    schema = current_schema()
    with in_seller(get_public_schema_name()):
        hosts = get_tenant_domain_model().objects.filter(tenant__schema_name=schema).order_by("-is_primary", "pk")
        host = hosts.first()
    return manager.get(domain=host.domain) if host else manager.order_by("pk")[0]
