"""Settings of the tests: the example host on a database server that need not survive a power cut.

tests/conftest.py gives every test session a database of its own on it.
"""

import os

os.environ.setdefault("EXAMPLE_SITE_THROWAWAY", "1")
if not os.environ.get("DATABASE_URL"):
    os.environ.setdefault("EXAMPLE_SITE_DATABASE", "postgres")
os.environ.setdefault("DEBUG", "0")

from example_site.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
