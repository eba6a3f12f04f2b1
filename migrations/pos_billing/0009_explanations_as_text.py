"""Explanations are kept as the JSON text they are written as."""

from django.db import migrations

import pos_billing.statements.models


class Migration(migrations.Migration):
    dependencies = [("pos_billing", "0008_history_by_statement")]
    operations = [
        migrations.AlterField(
            model_name="statementline",
            name="explanation",
            field=pos_billing.statements.models.JSONText(default=dict),
        )
    ]
