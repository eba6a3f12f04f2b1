"""Who can sign in to the demo."""

from django.conf import settings
from django.contrib.auth import get_user_model

from example_site.demo_steps.demo import PASSWORD, Demo, Login
from example_site.partners.models import Host, Partner
from pos_billing.plans.models import Role, SellerMember
from pos_billing.sellers.schemas import in_seller

STAFF_EMAIL = "staff@example.com"


def make_platform(demo: Demo) -> str:
    """Make the platform's row, its host name and a member of its staff."""
    platform = Partner.objects.filter(schema_name="public").first()
    if platform is None:
        platform = Partner(schema_name="public", name="platformOS", email="billing@example.com")
        platform.auto_create_schema = False  # `public` is there
        platform.save()
    if not Host.objects.filter(domain=settings.PUBLIC_HOST).exists():
        Host.objects.create(tenant=platform, domain=settings.PUBLIC_HOST)
    users = get_user_model().objects
    if not users.filter(username=STAFF_EMAIL).exists():
        users.create_superuser(STAFF_EMAIL, STAFF_EMAIL, PASSWORD)
    demo.logins.append(Login("Staff of the platform", f"{demo.platform_address}/admin/", STAFF_EMAIL))
    return f"{platform.name} answers at {demo.platform_address}/"


def make_owners(demo: Demo) -> str:
    """Give every Partner an owner who can sign in to its dashboard."""
    partners = Partner.objects.exclude(schema_name="public").order_by("name")
    for partner in partners:
        email = f"owner@{partner.schema_name.replace('_', '-')}.example.com"
        with in_seller(partner.schema_name):
            users = get_user_model().objects
            owner = users.filter(username=email).first()
            owner = owner or users.create_user(email, email, PASSWORD, is_staff=True)
            SellerMember.objects.get_or_create(user=owner, defaults={"role": Role.OWNER})
        address = demo.address(partner.get_primary_domain().domain, "/dashboard/billing/")
        demo.logins.append(Login(f"Owner of {partner.name}", address, email))
    return f"{len(partners)} Partners"
