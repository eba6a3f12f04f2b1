"""The rows every schema begins with: its settings, its counters, and the Unbilled placeholder."""

from typing import Any

from django.db import migrations

ENVIRONMENTS = ["production", "staging", "dev", "qa", "dedicated"]


def add_first_rows(apps: Any, schema_editor: Any) -> None:
    apps.get_model("pos_billing", "SellerSettings").objects.get_or_create(id=1, defaults={"name": "Seller"})
    apps.get_model("pos_billing", "StatementCounter").objects.get_or_create(id=1)
    apps.get_model("pos_billing", "CreditNoteCounter").objects.get_or_create(id=1)
    apps.get_model("pos_billing", "Plan").objects.get_or_create(
        placeholder=True,
        defaults={
            "name": "Unbilled",
            "description": "No plan chosen yet: the next billed plan reaches back over these days.",
            "environments": ENVIRONMENTS,
            "granted_to_all": True,
        },
    )


class Migration(migrations.Migration):
    dependencies = [("pos_billing", "0001_initial")]
    operations = [migrations.RunPython(add_first_rows, migrations.RunPython.noop)]
