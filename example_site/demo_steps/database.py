"""The database of the demo: created, started, migrated."""

from django.core.management import call_command
from django.db import connection

from example_site.bootstrap.script import start_from_script
from example_site.demo_steps.demo import Demo
from pos_billing.sellers.schemas import tenant_connection


def prepare(demo: Demo) -> str:
    """Start empty databases from the bootstrap script, then run whatever migrations are missing."""
    done = start_from_script()
    demo.tell(done)
    call_command("migrate_schemas", verbosity=0)
    tenant_connection().set_schema_to_public()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_setting('server_version')")
        name, version = cursor.fetchone()
    return f"{name} on PostgreSQL {version}, migrated"
