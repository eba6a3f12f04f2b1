"""Importing this sets Django up, for processes that are forked from one that has done so."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings_tests")
django.setup()
