"""Settings of the example host. What the plugin needs is put in at the end by `pos_billing.plugin.install`."""

import os

import oscar
from oscar.defaults import *  # noqa: F403  (Oscar's way of giving its defaults)

from example_site import embedded_postgres

CHECKOUT = embedded_postgres.CHECKOUT
STATE = embedded_postgres.STATE  # databases, media, logs: git ignores it

SECRET_KEY = os.environ.get("SECRET_KEY", "example-site-only-not-a-secret-" + "0" * 32)
DEBUG = os.environ.get("DEBUG", "1") == "1"
PORT = int(os.environ.get("PORT", "8000"))
# The platform answers on this name, each Partner on a name below it. Browsers send *.localhost to this machine.
PUBLIC_HOST = os.environ.get("PUBLIC_HOST", "localhost")
ALLOWED_HOSTS = [PUBLIC_HOST, f".{PUBLIC_HOST}", "127.0.0.1"]

# --- the database: one schema per Seller -----------------------------------------------------------------------------
DATABASES = {
    "default": {
        "ENGINE": "django_tenants.postgresql_backend",
        **embedded_postgres.database_settings(
            os.environ.get("EXAMPLE_SITE_DATABASE"),
            throwaway=os.environ.get("EXAMPLE_SITE_THROWAWAY") == "1",
        ),
    }
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TENANT_MODEL = "partners.Partner"
TENANT_DOMAIN_MODEL = "partners.Host"
TENANT_LIMIT_SET_CALLS = True
AUTH_USER_MODEL = "auth.User"

# --- apps: SHARED in `public`, TENANT in every Partner's schema ------------------------------------------------------
SHARED_APPS = [
    "django_tenants",
    "example_site",
    "example_site.partners",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.messages",
    "example_site.platform.apps.PlatformAdminConfig",
    "django.contrib.staticfiles",
    "djstripe",
]
TENANT_APPS = [
    *(app for app in oscar.INSTALLED_APPS if app not in {"django.contrib.admin", "django.contrib.staticfiles"}),
    # Tenants have no admin, but its log refers to users: without a table of their own, deleting a Partner's user
    # would delete lines of the platform's log.
    "example_site.platform.apps.PlatformAdminConfig",
    "easy_thumbnails",
]
INSTALLED_APPS = [*SHARED_APPS, *(app for app in TENANT_APPS if app not in SHARED_APPS)]

# --- requests --------------------------------------------------------------------------------------------------------
MIDDLEWARE = [
    "django_tenants.middleware.main.TenantMainMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
]
ROOT_URLCONF = "example_site.urls_tenant"
PUBLIC_SCHEMA_URLCONF = "example_site.urls_public"
WSGI_APPLICATION = "example_site.wsgi.application"
AUTHENTICATION_BACKENDS = [
    "oscar.apps.customer.auth_backends.EmailBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_REDIRECT_URL = "/"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [CHECKOUT / "example_site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oscar.apps.search.context_processors.search_form",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.apps.communication.notifications.context_processors.notifications",
                "oscar.core.context_processors.metadata",
            ],
        },
    },
]

# --- language, time, files -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en-us", "English")]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = STATE / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = str(STATE / "media")
STORAGES = {
    "default": {"BACKEND": "django_tenants.files.storage.TenantFileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MULTITENANT_RELATIVE_MEDIA_ROOT = "%s"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
    }
}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = STATE / "mail"

# --- Oscar -----------------------------------------------------------------------------------------------------------
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
OSCAR_SHOP_NAME = "Hosting"
OSCAR_DEFAULT_CURRENCY = "USD"
OSCAR_THUMBNAILER = "oscar.core.thumbnails.EasyThumbnails"
OSCAR_THUMBNAIL_DEBUG = False
OSCAR_FROM_EMAIL = "billing@example.com"

# --- Stripe, through dj-stripe ---------------------------------------------------------------------------------------
# Without keys of yours these belong to the Stripe double that `make demo` and the tests start.
STRIPE_LIVE_MODE = "STRIPE_LIVE_SECRET_KEY" in os.environ
STRIPE_LIVE_SECRET_KEY = os.environ.get("STRIPE_LIVE_SECRET_KEY", "")
STRIPE_LIVE_PUBLIC_KEY = os.environ.get("STRIPE_LIVE_PUBLIC_KEY", "")
STRIPE_TEST_SECRET_KEY = os.environ.get("STRIPE_TEST_SECRET_KEY", "sk_test_" + "0" * 24)
STRIPE_TEST_PUBLIC_KEY = os.environ.get("STRIPE_TEST_PUBLIC_KEY", "pk_test_" + "0" * 24)
STRIPE_API_VERSION = "2026-05-27.dahlia"
STRIPE_DOUBLE = "http://127.0.0.1:12111"
OWN_KEYS = {"STRIPE_TEST_SECRET_KEY", "STRIPE_LIVE_SECRET_KEY"} & set(os.environ)
STRIPE_API_HOST = os.environ.get("STRIPE_API_HOST", "https://api.stripe.com" if OWN_KEYS else STRIPE_DOUBLE)
if "127.0.0.1" in STRIPE_API_HOST or "localhost" in STRIPE_API_HOST:
    SILENCED_SYSTEM_CHECKS = ["djstripe.W002"]  # "STRIPE_API_HOST should not be set in production"
    POS_BILLING_STRIPE_JS_URL = f"{STRIPE_API_HOST.replace('127.0.0.1', 'localhost')}/dahlia/stripe.js"
POS_BILLING_STRIPE_CALLS_PER_SECOND = int(os.environ.get("STRIPE_CALLS_PER_SECOND", "0"))  # 0: below Stripe's limit
DJSTRIPE_FOREIGN_KEY_TO_FIELD = "id"
DJSTRIPE_SUBSCRIBER_MODEL = TENANT_MODEL
DJSTRIPE_SUBSCRIBER_MODEL_REQUEST_CALLBACK = "example_site.partners.requests.partner_of"

# --- the plugin ------------------------------------------------------------------------------------------------------
# PDFs of statements: outside MEDIA_ROOT, given out only by pages that check who asks.
POS_BILLING_DOCUMENTS_FOLDER = STATE / "documents"
POS_BILLING_PORTAL_SCHEME = "http"
POS_BILLING_PORTAL_PORT = str(PORT)

# Nothing below this line: the plugin sees the finished settings.
from pos_billing.plugin import install  # noqa: E402

install(globals())
