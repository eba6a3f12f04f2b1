"""A head start for empty databases: the tables of the third-party apps as one SQL script.

Migrating from nothing takes two minutes, nearly all of it spent on the histories of dj-stripe and Oscar. The script
holds what those histories lead to, in `public` and in the template schema, rows of `django_migrations` included; the
plugin's own migrations, and whatever else is missing, are then applied for real on top. A script that does not fit
the installed packages is left alone (`fingerprint.py`), and the database is migrated from nothing.
"""
