"""What one Seller gives out is of no use at another. Each test fails when its cure is taken away."""

from types import ModuleType

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory, override_settings
from django.urls import path
from oscar.apps.catalogue.categories import create_from_breadcrumbs
from oscar.core.loading import get_model
from oscar.test.factories import BasketFactory, OrderFactory

from example_site.partners.models import Partner
from pos_billing.sellers.schemas import in_seller
from pos_billing.sellers.shop.middleware import SellerBasketMiddleware

BASKET_COOKIE = "oscar_open_basket"
SCHEMAS = ("agency_one", "agency_two")


@pytest.fixture(autouse=True)
def _database(db):
    cache.clear()


def basket_cookie(schema: str) -> tuple[int, str]:
    """An anonymous visitor's basket at a Seller, and the cookie that Seller gives out for it."""
    with in_seller(schema):
        basket = BasketFactory(owner=None)
        return basket.pk, SellerBasketMiddleware(lambda request: None).get_basket_hash(basket.pk)


def basket_opened(schema: str, cookie: str):
    """The basket that a Seller opens for a cookie."""
    request = RequestFactory().get("/")
    request.COOKIES[BASKET_COOKIE], request.cookies_to_delete = cookie, []
    with in_seller(schema):
        middleware = SellerBasketMiddleware(lambda request: None)
        return middleware.get_cookie_basket(BASKET_COOKIE, request, get_model("basket", "Basket").open)


def test_a_basket_cookie_opens_the_basket_of_its_own_seller_only():
    (one, cookie), (two, _) = basket_cookie("agency_one"), basket_cookie("agency_two")
    assert one == two, "numbers must meet, or this test shows nothing"
    assert basket_opened("agency_one", cookie).pk == one
    assert basket_opened("agency_two", cookie) is None


def test_the_middleware_in_use_is_ours(settings):
    assert "pos_billing.sellers.shop.middleware.SellerBasketMiddleware" in settings.MIDDLEWARE


def test_a_refused_basket_cookie_is_removed(client_for):
    _, cookie = basket_cookie("agency_one")
    client = client_for("agency_two")
    client.cookies[BASKET_COOKIE] = cookie
    response = client.get("/basket/")
    assert response.status_code == 200
    assert response.cookies[BASKET_COOKIE].value == ""


def test_an_order_link_shows_the_order_of_its_own_seller_only(client_for):
    for schema in SCHEMAS:
        with in_seller(schema):
            order = OrderFactory(number="100001", user=None, guest_email="guest@example.com")
            if schema == "agency_one":
                link = f"100001/{order.verification_hash()}/"
    answers = {}
    for schema in SCHEMAS:
        client = client_for(schema)
        client.post(f"/accounts/order-status-form/{link}", {"email": "guest@example.com"})
        answers[schema] = client.get(f"/accounts/order-status/{link}").status_code
    assert answers == {"agency_one": 200, "agency_two": 302}, "302 leads back to the form"


def test_a_partner_host_has_no_admin(client_for, owner_of):
    with in_seller("agency_one"):
        get_user_model().objects.update(is_superuser=True)
    for user in (None, owner_of("agency_one")):
        assert client_for("agency_one", user=user).get("/admin/").status_code == 404


def test_the_admin_refuses_a_partners_superuser_even_where_it_is_mounted(client_for, owner_of):
    """A tenant's search path falls through to `public`: this admin would show the platform's tables."""
    with in_seller("agency_one"):
        get_user_model().objects.update(is_superuser=True)
    urls = ModuleType("urls_with_admin")
    urls.urlpatterns = [path("admin/", admin.site.urls)]
    with override_settings(ROOT_URLCONF=urls):
        client = client_for("agency_one", user=owner_of("agency_one"))
        for page in ("/admin/", "/admin/login/", "/admin/partners/partner/", "/admin/auth/user/"):
            assert client.get(page).status_code == 404


def test_pages_name_their_own_site_in_one_process(client_for):
    for _ in range(2):
        for schema in SCHEMAS:
            response = client_for(schema).get("/accounts/login/")
            with in_seller(schema):
                site = get_model("sites", "Site").objects.get_current(response.wsgi_request)
            assert site.name == Partner.objects.get(schema_name=schema).name


def test_cached_addresses_of_categories_stay_with_their_seller():
    addresses = {}
    for schema in SCHEMAS:
        with in_seller(schema):
            category = create_from_breadcrumbs(f"Plans of {schema} > Small")  # only children are cached
            addresses[schema] = category.pk, category.get_absolute_url()
    assert addresses["agency_one"][0] == addresses["agency_two"][0]
    assert addresses["agency_one"][1] != addresses["agency_two"][1]


def test_uploads_are_served_on_their_own_host_only(client_for, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    (tmp_path / "agency_one").mkdir()
    (tmp_path / "agency_one" / "logo.txt").write_text("a logo")
    assert b"".join(client_for("agency_one").get("/media/agency_one/logo.txt").streaming_content) == b"a logo"
    for schema, address in [
        ("agency_two", "/media/agency_one/logo.txt"),
        ("public", "/media/agency_one/logo.txt"),
        ("agency_two", "/media/agency_two/../agency_one/logo.txt"),
        ("agency_two", "/media/agency_two/%2e%2e/agency_one/logo.txt"),
    ]:
        assert client_for(schema).get(address).status_code in {400, 404}, address


def test_documents_lie_outside_the_public_folders(settings):
    documents = settings.POS_BILLING_DOCUMENTS_FOLDER.resolve()
    assert not documents.is_relative_to(settings.MEDIA_ROOT)
    assert not documents.is_relative_to(settings.STATIC_ROOT)


def test_the_platforms_admin_works_for_staff(client_for, staff):
    """Oscar's notifications would look for its tables in `public`."""
    response = client_for("public", user=staff).get("/admin/")
    assert response.status_code == 200
    assert "num_unread_notifications" not in response.context


def test_a_partners_dashboard_still_counts_notifications(client_for, owner_of):
    response = client_for("agency_one", user=owner_of("agency_one")).get("/dashboard/")
    assert response.status_code == 200
    assert response.context["num_unread_notifications"] == 0


def test_extensions_are_in_no_partners_schema():
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname, extnamespace::regnamespace::text FROM pg_extension")
        assert {schema for _, schema in cursor.fetchall()} <= {"pg_catalog", "public"}


def test_webhooks_arrive_on_the_platforms_host_only(client_for):
    address = "/stripe/webhook/00000000-0000-0000-0000-000000000000/"
    assert client_for("public").post(address, {}, content_type="application/json").status_code != 404
    assert client_for("agency_one").post(address, {}, content_type="application/json").status_code == 404


def test_a_session_is_of_no_use_at_another_seller(client_for, owner_of):
    client = client_for("agency_one", user=owner_of("agency_one"))
    assert client.get("/dashboard/").status_code == 200
    other = client_for("agency_two")
    other.cookies = client.cookies
    assert other.get("/dashboard/").status_code == 302


def test_deleting_a_partners_user_touches_no_row_of_the_platform(staff, owner_of):
    """Their ids meet: without tables of its own for what refers to users, the tenant would delete the platform's."""
    owner = owner_of("agency_one")
    assert owner.pk == staff.pk
    log = get_model("admin", "LogEntry").objects
    content_type = get_model("contenttypes", "ContentType").objects.first()
    log.create(user=staff, content_type=content_type, object_id="1", object_repr="x", action_flag=1)
    with in_seller("agency_one"):
        owner.delete()
    assert log.filter(user=staff).exists()


def test_staff_are_switched_off_not_deleted(client_for, staff):
    assert client_for("public", user=staff).get(f"/admin/auth/user/{staff.pk}/delete/").status_code == 403
