
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.TENANT_MODEL),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Domain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(max_length=253)),
                ('added_on', models.DateField()),
                ('removed_on', models.DateField(blank=True, null=True)),
                ('ended_by_deletion', models.BooleanField(db_default=False, default=False, help_text='The deletion of its Instance removed it: it follows when that day is corrected or taken back.')),
            ],
            options={
                'ordering': ['instance', 'added_on', 'host'],
            },
        ),
        migrations.CreateModel(
            name='EnvironmentPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField(help_text='From the first day on which this holds, up to the day on which it ends.')),
                ('environment', models.CharField(choices=[('production', 'Production'), ('staging', 'Staging'), ('dev', 'Dev'), ('qa', 'QA')], max_length=12)),
            ],
            options={
                'ordering': ['instance', 'days'],
            },
        ),
        migrations.CreateModel(
            name='Instance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('data_center', models.CharField(blank=True, max_length=100)),
                ('url', models.CharField(blank=True, help_text='The address the platform gave it.', max_length=255)),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, size=5)),
                ('created_on', models.DateField()),
                ('deleted_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='InstanceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('uuid', models.UUIDField(default=uuid.uuid4)),
                ('name', models.CharField(max_length=200)),
                ('data_center', models.CharField(blank=True, max_length=100)),
                ('url', models.CharField(blank=True, help_text='The address the platform gave it.', max_length=255)),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, size=5)),
                ('created_on', models.DateField()),
                ('deleted_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Ownership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField(help_text='From the first day on which this holds, up to the day on which it ends.')),
            ],
            options={
                'ordering': ['instance', 'days'],
            },
        ),
        migrations.CreateModel(
            name='OwnershipEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField(help_text='From the first day on which this holds, up to the day on which it ends.')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField(help_text='From the first day on which this holds, up to the day on which it ends.')),
            ],
            options={
                'ordering': ['instance', 'days'],
            },
        ),
        migrations.CreateModel(
            name='PlacementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField(help_text='From the first day on which this holds, up to the day on which it ends.')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PortalProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('instance_vanished', 'Instance vanished'), ('instance_returned', 'Deleted Instance is back'), ('domain_day_differs', 'Domain added on another day'), ('domain_without_day', 'Domain without a day')], max_length=24)),
                ('about', models.CharField(max_length=300)),
                ('host', models.CharField(blank=True, max_length=253)),
                ('day', models.DateField(help_text='The day from which it would hold.')),
                ('text', models.TextField(help_text='What was found, in words.')),
                ('status', models.CharField(choices=[('open', 'Waits for a decision'), ('confirmed', 'Confirmed'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn: no longer so in the Portal')], default='open', max_length=9)),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by', models.CharField(blank=True, max_length=200)),
                ('settled_why', models.TextField(blank=True)),
                ('settled_day', models.DateField(help_text='The day it was confirmed for.', null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='PortalProposalEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('instance_vanished', 'Instance vanished'), ('instance_returned', 'Deleted Instance is back'), ('domain_day_differs', 'Domain added on another day'), ('domain_without_day', 'Domain without a day')], max_length=24)),
                ('about', models.CharField(max_length=300)),
                ('host', models.CharField(blank=True, max_length=253)),
                ('day', models.DateField(help_text='The day from which it would hold.')),
                ('text', models.TextField(help_text='What was found, in words.')),
                ('status', models.CharField(choices=[('open', 'Waits for a decision'), ('confirmed', 'Confirmed'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn: no longer so in the Portal')], default='open', max_length=9)),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by', models.CharField(blank=True, max_length=200)),
                ('settled_why', models.TextField(blank=True)),
                ('settled_day', models.DateField(help_text='The day it was confirmed for.', null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PortalSync',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField()),
                ('day', models.DateField(help_text="The day of the sync in the platform's time zone.")),
                ('by', models.CharField(max_length=200)),
                ('partner', models.CharField(blank=True, help_text="The Portal's id of the one Partner read; empty: all.", max_length=100)),
                ('status', models.CharField(choices=[('finished', 'Finished'), ('partial', 'Finished, with parts not read'), ('stopped', 'Stopped: too many Instances missing'), ('failed', 'Failed')], max_length=8)),
                ('message', models.TextField(blank=True, help_text='Why it stopped or failed.')),
                ('counts', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, help_text='How much was read, and what became of it.')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='PortalSyncEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('domain_removed', 'Domain removed'), ('instance_appeared', 'New Instance'), ('instance_renamed', 'Instance renamed'), ('data_center_changed', 'Data center changed'), ('environment_changed', 'Environment changed'), ('instance_transferred', 'Instance moved to another Partner'), ('domain_added', 'Domain added'), ('instance_vanished', 'Instance vanished'), ('instance_returned', 'Deleted Instance is back'), ('domain_day_differs', 'Domain added on another day'), ('domain_without_day', 'Domain without a day'), ('domain_elsewhere', 'Domain on two Instances'), ('not_created', 'Instance not taken over'), ('plan_type_differs', 'Plan type differs'), ('not_read', 'Not read')], max_length=24)),
                ('outcome', models.CharField(choices=[('applied', 'Told to the register'), ('proposed', 'Waits for staff to confirm'), ('open', 'Still waits for staff to confirm'), ('decided', 'Left, as staff decided'), ('refused', 'Refused by the register'), ('attention', 'To be looked at')], max_length=16)),
                ('subject', models.CharField(help_text='The Instance, Partner or part of the Portal it is about.', max_length=500)),
                ('day', models.DateField(help_text='From which day it holds.', null=True)),
                ('text', models.TextField(help_text='What was found, in words.')),
                ('reason', models.TextField(blank=True, help_text='Why it was refused, or what to do.')),
            ],
            options={
                'ordering': ['sync', 'position'],
            },
        ),
        migrations.CreateModel(
            name='RegisterImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=255)),
                ('sha256', models.CharField(max_length=64)),
                ('imported_at', models.DateTimeField(auto_now_add=True)),
                ('by', models.CharField(max_length=200)),
                ('report', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
            ],
            options={
                'ordering': ['-imported_at'],
            },
        ),
        migrations.CreateModel(
            name='StatusPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField(help_text='From the first day on which this holds, up to the day on which it ends.')),
                ('status', models.CharField(choices=[('active', 'Active'), ('unpublished', 'Unpublished'), ('deleted', 'Deleted'), ('fresh', 'Fresh'), ('scheduled', 'Scheduled to activate')], max_length=12)),
                ('before_deletion', models.CharField(blank=True, choices=[('active', 'Active'), ('unpublished', 'Unpublished'), ('deleted', 'Deleted'), ('fresh', 'Fresh'), ('scheduled', 'Scheduled to activate')], db_default='', default='', help_text='Of days on which it is deleted: the status that holds if the deletion is taken back.', max_length=12)),
            ],
            options={
                'ordering': ['instance', 'days'],
            },
        ),
        migrations.CreateModel(
            name='StatusPeriodEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField(help_text='From the first day on which this holds, up to the day on which it ends.')),
                ('status', models.CharField(choices=[('active', 'Active'), ('unpublished', 'Unpublished'), ('deleted', 'Deleted'), ('fresh', 'Fresh'), ('scheduled', 'Scheduled to activate')], max_length=12)),
                ('before_deletion', models.CharField(blank=True, choices=[('active', 'Active'), ('unpublished', 'Unpublished'), ('deleted', 'Deleted'), ('fresh', 'Fresh'), ('scheduled', 'Scheduled to activate')], db_default='', default='', help_text='Of days on which it is deleted: the status that holds if the deletion is taken back.', max_length=12)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UsageDay',
            fields=[
                ('instance', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='usage', to='pos_billing_instances.instance')),
                ('pk', models.CompositePrimaryKey('instance_id', 'metric', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
                ('metric', models.CharField(choices=[('db_objects', 'Database objects'), ('api_calls', 'API calls'), ('storage_mb', 'Storage'), ('emails', 'Emails'), ('sms', 'SMS'), ('background_jobs', 'Background jobs'), ('domains', 'Domains')], max_length=20)),
                ('day', models.DateField()),
                ('quantity', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='ChangeNote',
            fields=[
                ('pk', models.CompositePrimaryKey('instance_id', 'first_month', blank=True, editable=False, primary_key=True, serialize=False)),
                ('instance_id', models.BigIntegerField()),
                ('first_month', models.DateField()),
                ('noted_in', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['noted_in'], name='instance_change_note_noted_in')],
            },
        ),
        migrations.CreateModel(
            name='DedicatedChangeNote',
            fields=[
                ('pk', models.CompositePrimaryKey('dedicated_environment_id', 'first_month', blank=True, editable=False, primary_key=True, serialize=False)),
                ('dedicated_environment_id', models.BigIntegerField()),
                ('first_month', models.DateField()),
                ('noted_in', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['noted_in'], name='dedicated_change_note_noted_in')],
            },
        ),
        migrations.CreateModel(
            name='DedicatedEnvironment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('data_center', models.CharField(blank=True, max_length=100)),
                ('created_on', models.DateField()),
                ('removed_on', models.DateField(blank=True, null=True)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.TENANT_MODEL)),
            ],
            options={
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='DedicatedEnvironmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('uuid', models.UUIDField(default=uuid.uuid4)),
                ('name', models.CharField(max_length=200)),
                ('data_center', models.CharField(blank=True, max_length=100)),
                ('created_on', models.DateField()),
                ('removed_on', models.DateField(blank=True, null=True)),
                ('partner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.TENANT_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pos_billing_instances.dedicatedenvironment')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DomainEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('host', models.CharField(max_length=253)),
                ('added_on', models.DateField()),
                ('removed_on', models.DateField(blank=True, null=True)),
                ('ended_by_deletion', models.BooleanField(db_default=False, default=False, help_text='The deletion of its Instance removed it: it follows when that day is corrected or taken back.')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pos_billing_instances.domain')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='EndedPlacement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('dedicated_environment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos_billing_instances.dedicatedenvironment')),
            ],
        ),
        migrations.CreateModel(
            name='EnvironmentPeriodEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField(help_text='From the first day on which this holds, up to the day on which it ends.')),
                ('environment', models.CharField(choices=[('production', 'Production'), ('staging', 'Staging'), ('dev', 'Dev'), ('qa', 'QA')], max_length=12)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pos_billing_instances.environmentperiod')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ForgottenNotes',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('snapshot', models.TextField(help_text='Notes of transactions that it shows may be gone (pg_snapshot).')),
                ('database_system', models.BigIntegerField(help_text='The database cluster whose transaction ids these are.')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='forgotten_notes_one_row')],
            },
        ),
        migrations.CreateModel(
            name='PortalSighting',
            fields=[
                ('instance', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='sighting', serialize=False, to='pos_billing_instances.instance')),
                ('seen_on', models.DateField(help_text='The last day on which the Partner Portal listed it.')),
                ('domains_read_on', models.DateField(help_text='The last day on which its domains could be read.', null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name='instance',
            index=models.Index(django.db.models.functions.text.Lower('name'), name='instance_name'),
        ),
        migrations.AddConstraint(
            model_name='instance',
            constraint=models.CheckConstraint(condition=models.Q(('deleted_on', None), ('deleted_on__gte', models.F('created_on')), _connector='OR'), name='instance_deleted_after_created'),
        ),
        migrations.AddField(
            model_name='environmentperiodevent',
            name='instance',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing_instances.instance'),
        ),
        migrations.AddField(
            model_name='environmentperiod',
            name='instance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='environments', to='pos_billing_instances.instance'),
        ),
        migrations.AddField(
            model_name='endedplacement',
            name='instance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos_billing_instances.instance'),
        ),
        migrations.AddField(
            model_name='domainevent',
            name='instance',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing_instances.instance'),
        ),
        migrations.AddField(
            model_name='domain',
            name='instance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='domains', to='pos_billing_instances.instance'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='instance',
            trigger=pgtrigger.compiler.Trigger(name='never_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='3c839a236bb7fcf633d212983c2005ac54865446', operation='DELETE', pgid='pgtrigger_never_removed_43708', table='pos_billing_instances_instance', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='instance',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_instances_changenote (instance_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT id, DATE ''0001-01-01'' FROM changed GROUP BY id HAVING count(*) = 1 OR count(DISTINCT (created_on, deleted_on)) > 1) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='b01296e3f6e084508860cdeb0043bc5a69b56a2a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_notes_on_insert_33868', referencing='REFERENCING NEW TABLE AS new_rows ', table='pos_billing_instances_instance', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='instance',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_instances_changenote (instance_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT id, DATE ''0001-01-01'' FROM changed GROUP BY id HAVING count(*) = 1 OR count(DISTINCT (created_on, deleted_on)) > 1) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='e2850af0abac3181368ffa67c5b7f2fcfa737e70', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_notes_on_update_d2bf0', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='pos_billing_instances_instance', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='instance',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows) INSERT INTO %1$I.pos_billing_instances_changenote (instance_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT id, DATE ''0001-01-01'' FROM changed GROUP BY id HAVING count(*) = 1 OR count(DISTINCT (created_on, deleted_on)) > 1) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='c53f071689b8e08d72a4ddc955b1c83005417bf9', level='STATEMENT', operation='DELETE', pgid='pgtrigger_notes_on_delete_885b8', referencing='REFERENCING OLD TABLE AS old_rows ', table='pos_billing_instances_instance', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='instance',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_instanceevent" ("created_on", "data_center", "deleted_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tags", "url", "uuid") SELECT new_values."created_on", new_values."data_center", new_values."deleted_on", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."tags", new_values."url", new_values."uuid" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='573b2b67810f222e426ed6ce047f1753aba69b28', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_5b3e1', referencing='REFERENCING NEW TABLE AS new_values ', table='pos_billing_instances_instance', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='instance',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_instanceevent" ("created_on", "data_center", "deleted_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tags", "url", "uuid") SELECT new_values."created_on", new_values."data_center", new_values."deleted_on", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."tags", new_values."url", new_values."uuid" FROM ( SELECT new_values.* FROM (SELECT * FROM new_values EXCEPT SELECT * FROM old_values) AS new_values ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='06ea78d3e2965f85d686a1f07b91fcdc6aad371b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_2b0db', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pos_billing_instances_instance', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='instance',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_instanceevent" ("created_on", "data_center", "deleted_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tags", "url", "uuid") SELECT old_values."created_on", old_values."data_center", old_values."deleted_on", old_values."id", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."tags", old_values."url", old_values."uuid" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='8d02a5e7eadc5a16b416328c1fecdba0b2d37a4c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_963dc', referencing='REFERENCING OLD TABLE AS old_values ', table='pos_billing_instances_instance', when='AFTER')),
        ),
        migrations.AddField(
            model_name='instanceevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='instanceevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pos_billing_instances.instance'),
        ),
        migrations.AddField(
            model_name='ownership',
            name='instance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ownerships', to='pos_billing_instances.instance'),
        ),
        migrations.AddField(
            model_name='ownership',
            name='partner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.TENANT_MODEL),
        ),
        migrations.AddField(
            model_name='ownershipevent',
            name='instance',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing_instances.instance'),
        ),
        migrations.AddField(
            model_name='ownershipevent',
            name='partner',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.TENANT_MODEL),
        ),
        migrations.AddField(
            model_name='ownershipevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='ownershipevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pos_billing_instances.ownership'),
        ),
        migrations.AddField(
            model_name='placement',
            name='dedicated_environment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='pos_billing_instances.dedicatedenvironment'),
        ),
        migrations.AddField(
            model_name='placement',
            name='instance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='pos_billing_instances.instance'),
        ),
        migrations.AddField(
            model_name='placementevent',
            name='dedicated_environment',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing_instances.dedicatedenvironment'),
        ),
        migrations.AddField(
            model_name='placementevent',
            name='instance',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing_instances.instance'),
        ),
        migrations.AddField(
            model_name='placementevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='placementevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pos_billing_instances.placement'),
        ),
        migrations.AddField(
            model_name='portalproposal',
            name='instance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='portal_proposals', to='pos_billing_instances.instance'),
        ),
        migrations.AddField(
            model_name='portalproposalevent',
            name='instance',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing_instances.instance'),
        ),
        migrations.AddField(
            model_name='portalproposalevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='portalproposalevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pos_billing_instances.portalproposal'),
        ),
        migrations.AddField(
            model_name='portalproposalevent',
            name='first_sync',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing_instances.portalsync'),
        ),
        migrations.AddField(
            model_name='portalproposal',
            name='first_sync',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='pos_billing_instances.portalsync'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='portalsync',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d8f30a2399e3d164b4ba5e54ff467a942ebed571', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_573e4', table='pos_billing_instances_portalsync', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='portalsync',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='d1239158e8c0f30dc996d9f352de39fa00e8017a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_2f4b7', table='pos_billing_instances_portalsync', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='portalsyncentry',
            name='instance',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='portal_entries', to='pos_billing_instances.instance'),
        ),
        migrations.AddField(
            model_name='portalsyncentry',
            name='sync',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='pos_billing_instances.portalsync'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='registerimport',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e77eb481d5b181f6c85df1cc24d91141ce89db1f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a7908', table='pos_billing_instances_registerimport', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='statusperiod',
            name='instance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statuses', to='pos_billing_instances.instance'),
        ),
        migrations.AddField(
            model_name='statusperiodevent',
            name='instance',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing_instances.instance'),
        ),
        migrations.AddField(
            model_name='statusperiodevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='statusperiodevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pos_billing_instances.statusperiod'),
        ),
        migrations.AddConstraint(
            model_name='dedicatedenvironment',
            constraint=models.CheckConstraint(condition=models.Q(('removed_on', None), ('removed_on__gte', models.F('created_on')), _connector='OR'), name='dedicated_removed_after_created'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dedicatedenvironment',
            trigger=pgtrigger.compiler.Trigger(name='never_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='51531400ffa0aea8bb2039ba51684b125b98ad24', operation='DELETE', pgid='pgtrigger_never_removed_b2937', table='pos_billing_instances_dedicatedenvironment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dedicatedenvironment',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_instances_dedicatedchangenote (dedicated_environment_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT id, DATE ''0001-01-01'' FROM changed GROUP BY id HAVING count(*) = 1 OR count(DISTINCT (created_on, removed_on)) > 1) AS chosen ORDER BY 1, 2 ON CONFLICT (dedicated_environment_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='1328154c05e57d35f09930c6c555801c4bdfc932', level='STATEMENT', operation='INSERT', pgid='pgtrigger_notes_on_insert_9390f', referencing='REFERENCING NEW TABLE AS new_rows ', table='pos_billing_instances_dedicatedenvironment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dedicatedenvironment',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_instances_dedicatedchangenote (dedicated_environment_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT id, DATE ''0001-01-01'' FROM changed GROUP BY id HAVING count(*) = 1 OR count(DISTINCT (created_on, removed_on)) > 1) AS chosen ORDER BY 1, 2 ON CONFLICT (dedicated_environment_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='1059668148a406c53056d728764e5c741c28ba68', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_notes_on_update_6e705', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='pos_billing_instances_dedicatedenvironment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dedicatedenvironment',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows) INSERT INTO %1$I.pos_billing_instances_dedicatedchangenote (dedicated_environment_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT id, DATE ''0001-01-01'' FROM changed GROUP BY id HAVING count(*) = 1 OR count(DISTINCT (created_on, removed_on)) > 1) AS chosen ORDER BY 1, 2 ON CONFLICT (dedicated_environment_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='3d0fccffafed903ce94e6e67bfb7f7c73a0d5963', level='STATEMENT', operation='DELETE', pgid='pgtrigger_notes_on_delete_afa29', referencing='REFERENCING OLD TABLE AS old_rows ', table='pos_billing_instances_dedicatedenvironment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dedicatedenvironment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_dedicatedenvironmentevent" ("created_on", "data_center", "id", "name", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_on", "uuid") SELECT new_values."created_on", new_values."data_center", new_values."id", new_values."name", new_values."partner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."removed_on", new_values."uuid" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='0a84afef1eb4e032f6906c5e794512d6933d3c01', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_fa1e3', referencing='REFERENCING NEW TABLE AS new_values ', table='pos_billing_instances_dedicatedenvironment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dedicatedenvironment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_dedicatedenvironmentevent" ("created_on", "data_center", "id", "name", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_on", "uuid") SELECT new_values."created_on", new_values."data_center", new_values."id", new_values."name", new_values."partner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."removed_on", new_values."uuid" FROM ( SELECT new_values.* FROM (SELECT * FROM new_values EXCEPT SELECT * FROM old_values) AS new_values ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d06d3b65828a3f22f9ea5e937d0a4bb563b693ab', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_f2396', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pos_billing_instances_dedicatedenvironment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dedicatedenvironment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_dedicatedenvironmentevent" ("created_on", "data_center", "id", "name", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_on", "uuid") SELECT old_values."created_on", old_values."data_center", old_values."id", old_values."name", old_values."partner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."removed_on", old_values."uuid" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='83dda70039a2febba1a56bacaf3a3029b355a79d', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_08dfb', referencing='REFERENCING OLD TABLE AS old_values ', table='pos_billing_instances_dedicatedenvironment', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='environmentperiod',
            constraint=models.CheckConstraint(condition=models.Q(('days__isempty', False), ('days__startswith__isnull', False)), name='environment_days'),
        ),
        migrations.AddConstraint(
            model_name='environmentperiod',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('instance'), models.F('instance'), models.Value('[]'), function='int8range'), '='), ('days', '&&')], name='one_environment_a_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='environmentperiod',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_instances_changenote (instance_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT instance_id, DATE ''0001-01-01'' FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='66fc64f826fd171255a8f59ab66a0117f0b6f3b0', level='STATEMENT', operation='INSERT', pgid='pgtrigger_notes_on_insert_16d65', referencing='REFERENCING NEW TABLE AS new_rows ', table='pos_billing_instances_environmentperiod', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='environmentperiod',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_instances_changenote (instance_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT instance_id, DATE ''0001-01-01'' FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='0ed4d643c8c00302b074198d39d0c8da31471a51', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_notes_on_update_31ab1', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='pos_billing_instances_environmentperiod', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='environmentperiod',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows) INSERT INTO %1$I.pos_billing_instances_changenote (instance_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT instance_id, DATE ''0001-01-01'' FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='6e53b0b555e9e4aaacf560f91fe110665efdb97b', level='STATEMENT', operation='DELETE', pgid='pgtrigger_notes_on_delete_602dd', referencing='REFERENCING OLD TABLE AS old_rows ', table='pos_billing_instances_environmentperiod', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='environmentperiod',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_environmentperiodevent" ("days", "environment", "id", "instance_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."days", new_values."environment", new_values."id", new_values."instance_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f638877ebbb63308fae97777e1326c4341b83ab0', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_c96ea', referencing='REFERENCING NEW TABLE AS new_values ', table='pos_billing_instances_environmentperiod', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='environmentperiod',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_environmentperiodevent" ("days", "environment", "id", "instance_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."days", new_values."environment", new_values."id", new_values."instance_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM (SELECT * FROM new_values EXCEPT SELECT * FROM old_values) AS new_values ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='276f16103149aa2a188c290d89188b848f3697df', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e9584', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pos_billing_instances_environmentperiod', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='environmentperiod',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_environmentperiodevent" ("days", "environment", "id", "instance_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."days", old_values."environment", old_values."id", old_values."instance_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='64f0621422ac3d639b463d379d0486d26c0ad794', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_5144b', referencing='REFERENCING OLD TABLE AS old_values ', table='pos_billing_instances_environmentperiod', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='endedplacement',
            constraint=models.CheckConstraint(condition=models.Q(('days__isempty', False), ('days__startswith__isnull', False)), name='ended_placement_days'),
        ),
        migrations.AddIndex(
            model_name='domain',
            index=models.Index(fields=['host'], name='domain_host'),
        ),
        migrations.AddConstraint(
            model_name='domain',
            constraint=models.UniqueConstraint(fields=('instance', 'host', 'added_on'), name='domain_once'),
        ),
        migrations.AddConstraint(
            model_name='domain',
            constraint=models.UniqueConstraint(condition=models.Q(('removed_on', None)), fields=('host',), name='domain_on_one_instance'),
        ),
        migrations.AddConstraint(
            model_name='domain',
            constraint=models.CheckConstraint(condition=models.Q(('removed_on', None), ('removed_on__gte', models.F('added_on')), _connector='OR'), name='domain_removed_after_added'),
        ),
        migrations.AddConstraint(
            model_name='domain',
            constraint=models.CheckConstraint(condition=models.Q(('host', django.db.models.functions.text.Lower('host'))), name='domain_lower_case'),
        ),
        migrations.AddConstraint(
            model_name='domain',
            constraint=models.CheckConstraint(condition=models.Q(('ended_by_deletion', False), ('removed_on__isnull', False), _connector='OR'), name='domain_ended_by_deletion_has_ended'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='domain',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_instances_changenote (instance_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT instance_id, DATE ''0001-01-01'' FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='ac3062e16c3999d82d9046c4e3c06dc1f8df6548', level='STATEMENT', operation='INSERT', pgid='pgtrigger_notes_on_insert_edcdb', referencing='REFERENCING NEW TABLE AS new_rows ', table='pos_billing_instances_domain', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='domain',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_instances_changenote (instance_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT instance_id, DATE ''0001-01-01'' FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='bddb2b6c4fc20d8a774c2415eff997f6c7464045', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_notes_on_update_85655', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='pos_billing_instances_domain', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='domain',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows) INSERT INTO %1$I.pos_billing_instances_changenote (instance_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT instance_id, DATE ''0001-01-01'' FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='f3847f746311e28672f618e859931443769a63e8', level='STATEMENT', operation='DELETE', pgid='pgtrigger_notes_on_delete_1a5b0', referencing='REFERENCING OLD TABLE AS old_rows ', table='pos_billing_instances_domain', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='domain',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_domainevent" ("added_on", "ended_by_deletion", "host", "id", "instance_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_on") SELECT new_values."added_on", new_values."ended_by_deletion", new_values."host", new_values."id", new_values."instance_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."removed_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='fbbae7d7a0f2b51670ba0f1a07b0d8595c7aa9b7', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_ac3e0', referencing='REFERENCING NEW TABLE AS new_values ', table='pos_billing_instances_domain', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='domain',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_domainevent" ("added_on", "ended_by_deletion", "host", "id", "instance_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_on") SELECT new_values."added_on", new_values."ended_by_deletion", new_values."host", new_values."id", new_values."instance_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."removed_on" FROM ( SELECT new_values.* FROM (SELECT * FROM new_values EXCEPT SELECT * FROM old_values) AS new_values ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='619d167f029a3b7c23798c3166b91c7f4177316d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_0736d', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pos_billing_instances_domain', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='domain',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_domainevent" ("added_on", "ended_by_deletion", "host", "id", "instance_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_on") SELECT old_values."added_on", old_values."ended_by_deletion", old_values."host", old_values."id", old_values."instance_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."removed_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='3e725c54372de2b261e5a8cbe20d60cdeb23a15e', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_c7bf5', referencing='REFERENCING OLD TABLE AS old_values ', table='pos_billing_instances_domain', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='ownership',
            constraint=models.CheckConstraint(condition=models.Q(('days__isempty', False), ('days__startswith__isnull', False)), name='ownership_days'),
        ),
        migrations.AddConstraint(
            model_name='ownership',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('instance'), models.F('instance'), models.Value('[]'), function='int8range'), '='), ('days', '&&')], name='one_owner_a_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ownership',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_instances_changenote (instance_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT instance_id, DATE ''0001-01-01'' FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='7ad60b57ff5c59efa81d862facaab96a311cff9b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_notes_on_insert_65d7a', referencing='REFERENCING NEW TABLE AS new_rows ', table='pos_billing_instances_ownership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ownership',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_instances_changenote (instance_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT instance_id, DATE ''0001-01-01'' FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='2daeb162a08d49d1acd5b9932496b639d145209b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_notes_on_update_23dae', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='pos_billing_instances_ownership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ownership',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows) INSERT INTO %1$I.pos_billing_instances_changenote (instance_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT instance_id, DATE ''0001-01-01'' FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='ba55128f1d328b4ee3adbbe1ee526c6aa9ebe14f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_notes_on_delete_70e91', referencing='REFERENCING OLD TABLE AS old_rows ', table='pos_billing_instances_ownership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ownership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_ownershipevent" ("days", "id", "instance_id", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."days", new_values."id", new_values."instance_id", new_values."partner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='05296afebd9b19a111bac9e7823a80f7b63983b8', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_f9496', referencing='REFERENCING NEW TABLE AS new_values ', table='pos_billing_instances_ownership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ownership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_ownershipevent" ("days", "id", "instance_id", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."days", new_values."id", new_values."instance_id", new_values."partner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM (SELECT * FROM new_values EXCEPT SELECT * FROM old_values) AS new_values ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='7e842532b2f86145120556bdb0438e94e3346e2a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_b743a', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pos_billing_instances_ownership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ownership',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_ownershipevent" ("days", "id", "instance_id", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."days", old_values."id", old_values."instance_id", old_values."partner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='81cf7521dae225d56b49cce75c608acd843b2944', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_56149', referencing='REFERENCING OLD TABLE AS old_values ', table='pos_billing_instances_ownership', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(('days__isempty', False), ('days__startswith__isnull', False)), name='placement_days'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('instance'), models.F('instance'), models.Value('[]'), function='int8range'), '='), ('days', '&&')], name='one_placement_a_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placement',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_instances_changenote (instance_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT instance_id, DATE ''0001-01-01'' FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='274f854e595f8ae81dc1ba1088f97b1cada99bf2', level='STATEMENT', operation='INSERT', pgid='pgtrigger_notes_on_insert_62f27', referencing='REFERENCING NEW TABLE AS new_rows ', table='pos_billing_instances_placement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placement',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_instances_changenote (instance_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT instance_id, DATE ''0001-01-01'' FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='593e07ec160d609ac858daf6340b903b41c49983', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_notes_on_update_5ecab', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='pos_billing_instances_placement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placement',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows) INSERT INTO %1$I.pos_billing_instances_changenote (instance_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT instance_id, DATE ''0001-01-01'' FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='75ff32842dcf43a4cc1b7ca39e7662be644f37f5', level='STATEMENT', operation='DELETE', pgid='pgtrigger_notes_on_delete_a49fa', referencing='REFERENCING OLD TABLE AS old_rows ', table='pos_billing_instances_placement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placement',
            trigger=pgtrigger.compiler.Trigger(name='notes_dedicated_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_instances_dedicatedchangenote (dedicated_environment_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT dedicated_environment_id, DATE ''0001-01-01'' FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (dedicated_environment_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='05e2f44ebf0c99291db4e687e2cb5f470b4a3fc0', level='STATEMENT', operation='INSERT', pgid='pgtrigger_notes_dedicated_on_insert_57a6e', referencing='REFERENCING NEW TABLE AS new_rows ', table='pos_billing_instances_placement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placement',
            trigger=pgtrigger.compiler.Trigger(name='notes_dedicated_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_instances_dedicatedchangenote (dedicated_environment_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT dedicated_environment_id, DATE ''0001-01-01'' FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (dedicated_environment_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='f987038cabaef6a6c02519958c29a6dd3c131e0f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_notes_dedicated_on_update_2cbb8', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='pos_billing_instances_placement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placement',
            trigger=pgtrigger.compiler.Trigger(name='notes_dedicated_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows) INSERT INTO %1$I.pos_billing_instances_dedicatedchangenote (dedicated_environment_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT dedicated_environment_id, DATE ''0001-01-01'' FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (dedicated_environment_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='d43294227d106415d54acb470fe0baeeb1874014', level='STATEMENT', operation='DELETE', pgid='pgtrigger_notes_dedicated_on_delete_966d1', referencing='REFERENCING OLD TABLE AS old_rows ', table='pos_billing_instances_placement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_placementevent" ("days", "dedicated_environment_id", "id", "instance_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."days", new_values."dedicated_environment_id", new_values."id", new_values."instance_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8ad0d331008e59ffd8370430793b4947115da2a8', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_16e09', referencing='REFERENCING NEW TABLE AS new_values ', table='pos_billing_instances_placement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_placementevent" ("days", "dedicated_environment_id", "id", "instance_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."days", new_values."dedicated_environment_id", new_values."id", new_values."instance_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM (SELECT * FROM new_values EXCEPT SELECT * FROM old_values) AS new_values ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='02a3141b8bc40c2ecb802402e1cd7ab39c3667b9', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_7eb24', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pos_billing_instances_placement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placement',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_placementevent" ("days", "dedicated_environment_id", "id", "instance_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."days", old_values."dedicated_environment_id", old_values."id", old_values."instance_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='88ab26b7d8af337a4cb4c4e50a3e097aaf10d430', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_08f77', referencing='REFERENCING OLD TABLE AS old_values ', table='pos_billing_instances_placement', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='portalproposal',
            index=models.Index(fields=['status'], name='portal_proposal_status'),
        ),
        migrations.AddConstraint(
            model_name='portalproposal',
            constraint=models.UniqueConstraint(fields=('kind', 'instance', 'about'), name='portal_proposal_once'),
        ),
        migrations.AddConstraint(
            model_name='portalproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), models.Q(('settled_at', None), _negated=True)), _connector='OR'), name='portal_proposal_settled'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='portalproposal',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."instance_id" IS DISTINCT FROM (NEW."instance_id") OR OLD."about" IS DISTINCT FROM (NEW."about") OR OLD."host" IS DISTINCT FROM (NEW."host") OR OLD."day" IS DISTINCT FROM (NEW."day") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."first_sync_id" IS DISTINCT FROM (NEW."first_sync_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='9d3a9a3816f3f277be07168d479495073e332d8d', operation='UPDATE', pgid='pgtrigger_written_once_3afa5', table='pos_billing_instances_portalproposal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='portalproposal',
            trigger=pgtrigger.compiler.Trigger(name='never_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='b008c663e459d29d1d2ad265d8dc151edb79153a', operation='DELETE', pgid='pgtrigger_never_removed_b04cf', table='pos_billing_instances_portalproposal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='portalproposal',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='f20ae99c91a9342e234ca78b11c2f732b6e896d7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_44ab8', table='pos_billing_instances_portalproposal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='portalproposal',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_portalproposalevent" ("about", "day", "first_sync_id", "host", "id", "instance_id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_at", "settled_by", "settled_day", "settled_why", "status", "text") SELECT new_values."about", new_values."day", new_values."first_sync_id", new_values."host", new_values."id", new_values."instance_id", new_values."kind", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."settled_at", new_values."settled_by", new_values."settled_day", new_values."settled_why", new_values."status", new_values."text" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='9e8702c8aac203d37b1c17d947a1c8e8abd08f96', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_a365e', referencing='REFERENCING NEW TABLE AS new_values ', table='pos_billing_instances_portalproposal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='portalproposal',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_portalproposalevent" ("about", "day", "first_sync_id", "host", "id", "instance_id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_at", "settled_by", "settled_day", "settled_why", "status", "text") SELECT new_values."about", new_values."day", new_values."first_sync_id", new_values."host", new_values."id", new_values."instance_id", new_values."kind", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."settled_at", new_values."settled_by", new_values."settled_day", new_values."settled_why", new_values."status", new_values."text" FROM ( SELECT new_values.* FROM (SELECT * FROM new_values EXCEPT SELECT * FROM old_values) AS new_values ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='9bc8dabf20c896f187bfe626767860b6972cf7cb', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e27ba', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pos_billing_instances_portalproposal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='portalproposal',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_portalproposalevent" ("about", "day", "first_sync_id", "host", "id", "instance_id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_at", "settled_by", "settled_day", "settled_why", "status", "text") SELECT old_values."about", old_values."day", old_values."first_sync_id", old_values."host", old_values."id", old_values."instance_id", old_values."kind", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."settled_at", old_values."settled_by", old_values."settled_day", old_values."settled_why", old_values."status", old_values."text" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='2b63807204832f1a4232f8e3cde55b69f5ae91ac', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_e2ed6', referencing='REFERENCING OLD TABLE AS old_values ', table='pos_billing_instances_portalproposal', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='portalsyncentry',
            constraint=models.UniqueConstraint(fields=('sync', 'position'), name='portal_entry_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='portalsyncentry',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='38531c4472d16592b619e0facad6e9b198eb0d62', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_db4c0', table='pos_billing_instances_portalsyncentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='portalsyncentry',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='ab897fe6618fbb581a1d00565f164025d27e2e11', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_d9502', table='pos_billing_instances_portalsyncentry', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='statusperiod',
            constraint=models.CheckConstraint(condition=models.Q(('days__isempty', False), ('days__startswith__isnull', False)), name='status_days'),
        ),
        migrations.AddConstraint(
            model_name='statusperiod',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('instance'), models.F('instance'), models.Value('[]'), function='int8range'), '='), ('days', '&&')], name='one_status_a_day'),
        ),
        migrations.AddConstraint(
            model_name='statusperiod',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'deleted'), ('before_deletion', ''), _connector='XOR'), name='status_before_deletion_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statusperiod',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_statusperiodevent" ("before_deletion", "days", "id", "instance_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status") SELECT new_values."before_deletion", new_values."days", new_values."id", new_values."instance_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."status" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f4cff40ea45084d24b82d7ac730ab8dd33931e3a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_db8be', referencing='REFERENCING NEW TABLE AS new_values ', table='pos_billing_instances_statusperiod', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statusperiod',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_statusperiodevent" ("before_deletion", "days", "id", "instance_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status") SELECT new_values."before_deletion", new_values."days", new_values."id", new_values."instance_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."status" FROM ( SELECT new_values.* FROM (SELECT * FROM new_values EXCEPT SELECT * FROM old_values) AS new_values ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f5bdbb0a80489049000a135dfc73b3ed8874b165', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_1e749', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pos_billing_instances_statusperiod', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statusperiod',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_instances_statusperiodevent" ("before_deletion", "days", "id", "instance_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status") SELECT old_values."before_deletion", old_values."days", old_values."id", old_values."instance_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."status" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='33f494044c6d365fb81ddbba7348c172714a8ab3', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_635b9', referencing='REFERENCING OLD TABLE AS old_values ', table='pos_billing_instances_statusperiod', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='usageday',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 0)), name='usage_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='usageday',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__lte', 1000000000000)), name='usage_within_bounds'),
        ),
        migrations.AddConstraint(
            model_name='usageday',
            constraint=models.CheckConstraint(condition=models.Q(('metric__in', ['db_objects', 'api_calls', 'storage_mb', 'emails', 'sms', 'background_jobs', 'domains'])), name='usage_metric_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='usageday',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_instances_changenote (instance_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT instance_id, date_trunc(''month'', day)::date FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='dbb01ba57340ea89b153de188a302b8300e4edbd', level='STATEMENT', operation='INSERT', pgid='pgtrigger_notes_on_insert_ed36b', referencing='REFERENCING NEW TABLE AS new_rows ', table='pos_billing_instances_usageday', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='usageday',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_instances_changenote (instance_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT instance_id, date_trunc(''month'', day)::date FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='8cd7e3569feae8d35151a87b75bf871d430a2057', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_notes_on_update_4b3ab', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='pos_billing_instances_usageday', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='usageday',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows) INSERT INTO %1$I.pos_billing_instances_changenote (instance_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT instance_id, date_trunc(''month'', day)::date FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='abf51a59b0b19ff5b237e775f39e1a40f55115fd', level='STATEMENT', operation='DELETE', pgid='pgtrigger_notes_on_delete_82531', referencing='REFERENCING OLD TABLE AS old_rows ', table='pos_billing_instances_usageday', when='AFTER')),
        ),
    ]
