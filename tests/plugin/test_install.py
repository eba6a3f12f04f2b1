"""install() turns a host's settings into settings with the plugin."""

import pytest

from pos_billing.plugin import install, manifest


@pytest.fixture
def host():
    """The settings of a small host."""
    return {
        "SHARED_APPS": ["django_tenants", "django.contrib.auth"],
        "TENANT_APPS": ["django.contrib.auth"],
        "MIDDLEWARE": ["first", "oscar.apps.basket.middleware.BasketMiddleware", "last"],
        "TEMPLATES": [
            {
                "OPTIONS": {
                    "context_processors": [
                        "of.host",
                        "oscar.apps.communication.notifications.context_processors.notifications",
                    ]
                }
            },
            {"OPTIONS": {}},
        ],
        "ROOT_URLCONF": "host.urls",
        "PUBLIC_SCHEMA_URLCONF": "host.urls_public",
        "STRIPE_API_VERSION": "of the host",
        "POS_BILLING_STRIPE_TRIES": 9,
    }


def test_apps_are_appended_to_both_lists(host):
    install(host)
    assert host["SHARED_APPS"][:2] == ["django_tenants", "django.contrib.auth"]
    assert host["SHARED_APPS"][2:] == manifest()["apps"]["shared"]
    assert host["TENANT_APPS"] == ["django.contrib.auth", *manifest()["apps"]["tenant"]]
    assert host["INSTALLED_APPS"] == host["SHARED_APPS"]


def test_middleware_and_context_processors_are_exchanged_in_their_places(host):
    install(host)
    assert host["MIDDLEWARE"] == ["first", "pos_billing.sellers.shop.middleware.SellerBasketMiddleware", "last"]
    assert host["TEMPLATES"][0]["OPTIONS"]["context_processors"] == [
        "of.host",
        "pos_billing.sellers.shop.context_processors.notifications",
    ]


def test_urls_are_led_through_the_plugin_and_the_hosts_are_remembered(host):
    install(host)
    assert host["ROOT_URLCONF"] == "pos_billing.urls.tenant"
    assert host["POS_BILLING_HOST_URLS"] == {"tenant": "host.urls", "public": "host.urls_public"}


def test_what_the_host_has_set_is_kept(host):
    install(host)
    assert host["STRIPE_API_VERSION"] == "of the host"
    assert host["POS_BILLING_STRIPE_TRIES"] == 9
    assert host["TENANT_BASE_SCHEMA"] == "tenant_template"
    assert host["POS_BILLING_RETRY_DAYS"] == [3, 7, 14, 21]


def test_installing_twice_changes_nothing_more(host):
    install(host)
    once = repr(host)
    install(host)
    assert repr(host) == once


def test_every_change_is_written_down(host):
    install(host)
    changed = {change.setting for change in host["POS_BILLING_INSTALLED"]}
    assert {"SHARED_APPS", "TENANT_APPS", "MIDDLEWARE", "TEMPLATES", "ROOT_URLCONF", "TENANT_BASE_SCHEMA"} <= changed
    assert "STRIPE_API_VERSION" not in changed


def test_defaults_are_copies(host):
    install(host)
    host["POS_BILLING_RETRY_DAYS"].append(99)
    assert manifest()["settings"]["POS_BILLING_RETRY_DAYS"]["default"] == [3, 7, 14, 21]
