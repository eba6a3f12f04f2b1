"""What the double refuses, and how: unknown parameters, wrong types, keys, versions, paths."""

import httpx
import pytest
import stripe

from example_site.stripe_double.accounts import SECRET_KEY
from tests.stripe_double.conftest import make_client


def post(double, path, body, key=SECRET_KEY, **headers):
    """Send a raw form body."""
    return httpx.post(f"{double.base_url}{path}", content=body, headers={"Authorization": f"Bearer {key}", **headers})


@pytest.mark.parametrize(
    ("parameters", "code", "param"),
    [
        ({"nickname": "x"}, "parameter_unknown", "nickname"),
        ({"address": {"planet": "Mars"}}, "parameter_unknown", "address[planet]"),
        ({"balance": "lots"}, "parameter_invalid_integer", "balance"),
        ({"invoice_settings": {"default_payment_method": "pm_nothing"}}, "resource_missing", None),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(client, parameters, code, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.customers.create(parameters)
    assert refused.value.http_status == 400
    assert refused.value.code == code
    assert refused.value.request_id.startswith("req_")
    if param:
        assert refused.value.param == param
    assert client.customers.list().data == []


def test_a_missing_parameter_is_refused(client):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.products.create({})
    assert (refused.value.code, refused.value.param) == ("parameter_missing", "name")


def test_a_value_outside_its_choices_is_refused(client, customer):
    with pytest.raises(stripe.InvalidRequestError, match="must be one of charge_automatically or send_invoice"):
        client.invoices.create({"customer": customer.id, "collection_method": "by_hand"})


def test_metadata_is_limited_as_by_stripe(client):
    for metadata in ({"k" * 41: "x"}, {"k": "v" * 501}, {f"k{n}": "v" for n in range(51)}):
        with pytest.raises(stripe.InvalidRequestError, match="etadata"):
            client.customers.create({"metadata": metadata})


def test_what_is_not_there_is_404(client):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.invoices.retrieve("in_nothing")
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")
    assert str(refused.value.error.message) == "No such invoice: 'in_nothing'"


def test_a_key_is_needed_and_must_be_right(double):
    assert httpx.get(f"{double.base_url}/v1/customers").status_code == 401
    with pytest.raises(stripe.AuthenticationError, match="Invalid API Key"):
        make_client(double, "sk_test_" + "wrong" * 6).v1.customers.list()
    assert httpx.get(f"{double.base_url}/v1/customers", auth=(SECRET_KEY, "")).status_code == 200


def test_another_version_of_the_api_is_refused(double):
    with pytest.raises(stripe.InvalidRequestError, match="Invalid Stripe API version"):
        make_client(double, stripe_version="2020-08-27").v1.customers.list()


def test_an_unknown_path_is_404_and_one_that_only_stripe_has_is_a_problem(double):
    assert post(double, "/v1/nothing", "").status_code == 404
    assert double.control.problems() == []
    assert post(double, "/v1/coupons", "").status_code == 404
    assert "the double does not answer it" in double.control.problems()[0]
    double.control.reset()


def test_a_parameter_that_the_double_cannot_honour_is_a_loud_failure(double, client, customer):
    with pytest.raises(stripe.APIError, match="does not know what to do with default_tax_rates"):
        client.invoices.create({"customer": customer.id, "default_tax_rates": ["txr_1"]})
    with pytest.raises(stripe.APIError, match="auto_advance=false"):
        client.invoices.create({"customer": customer.id, "auto_advance": True})
    draft = client.invoices.create({"customer": customer.id})
    with pytest.raises(stripe.APIError, match="tax_rates"):
        client.invoices.add_lines(draft.id, {"lines": [{"amount": 100, "tax_rates": ["txr_1"]}]})
    assert len(double.control.problems()) == 3
    double.control.reset()


def test_an_object_against_the_description_never_leaves_the_double(double, client, customer):
    held = double.double.store.shelves[next(iter(double.double.store.shelves))].table("customer")
    held.objects[customer.id]["balance"] = "much"
    with pytest.raises(stripe.APIError):
        client.customers.retrieve(customer.id)
    assert "balance" in double.control.problems()[0]
    double.control.reset()


def test_an_object_with_a_field_too_many_never_leaves_the_double(double, client, customer):
    held = double.double.store.shelves[next(iter(double.double.store.shelves))].table("customer")
    held.objects[customer.id]["mood"] = "good"
    with pytest.raises(stripe.APIError):
        client.customers.update(customer.id, {"name": "Else"})
    assert "mood" in double.control.problems()[0]
    double.control.reset()


def test_expanding_is_checked(client, customer):
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.customers.retrieve(customer.id, {"expand": ["shoe_size"]})
    with pytest.raises(stripe.InvalidRequestError, match="more than 4 levels"):
        client.customers.retrieve(customer.id, {"expand": ["a.b.c.d.e"]})
    expanded = client.customers.retrieve(
        customer.id, {"expand": ["invoice_settings.default_payment_method", "sources"]}
    )
    assert expanded.invoice_settings.default_payment_method.card.last4 == "4242"


def test_a_browser_on_another_page_may_call(double):
    answer = httpx.options(f"{double.base_url}/v1/payment_methods", headers={"Origin": "http://shop.localhost"})
    assert answer.headers["access-control-allow-origin"] == "*"


def test_only_local_names_reach_the_pages(double):
    assert httpx.get(f"{double.base_url}/", headers={"Host": "evil.example"}).status_code == 400
    answer = httpx.post(f"{double.base_url}/actions/retry", headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403
