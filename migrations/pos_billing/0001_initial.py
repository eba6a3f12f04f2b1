
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
import pos_billing.collection.models.stripe
import pos_billing.statements.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.TENANT_MODEL),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pos_billing_instances', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ParentPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('archived_on', models.DateField(null=True)),
            ],
            options={
                'db_table': '"public"."pos_billing_plan"',
                'ordering': ['name'],
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='BillingRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField()),
                ('full', models.BooleanField(help_text='Every month was rated again, not only what had closed or was touched.')),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField()),
                ('by', models.CharField(max_length=200)),
                ('snapshot_xmin', models.BigIntegerField(help_text='Notes of transactions before this one were all read.')),
                ('snapshot', models.TextField(help_text='The transactions whose notes it saw (pg_snapshot).')),
                ('own_transaction', models.BigIntegerField(help_text='The transaction it was made in, whose later notes it did not see.', null=True)),
                ('database_system', models.BigIntegerField(help_text='The database cluster whose transaction ids these are.')),
                ('platform_suffixes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=253), help_text='The endings of host names that were not custom then.', size=None)),
                ('newest_month', models.DateField(help_text='The newest month that any run up to this one has billed.', null=True)),
                ('accounts', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), help_text='The Accounts it was made for alone (a purchase); none for a run of the Seller.', null=True, size=None)),
                ('full_because', models.CharField(blank=True, help_text='Why every month was rated again though nobody asked for it.', max_length=200)),
                ('statements', models.PositiveIntegerField()),
                ('lines', models.PositiveIntegerField()),
                ('total_cents', models.BigIntegerField()),
                ('summary', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stripe_account', models.CharField(blank=True, help_text="The connected Stripe account the object belongs to; empty: the platform's own.", max_length=255)),
                ('payment_method_id', models.CharField(max_length=255, unique=True)),
                ('brand', models.CharField(max_length=30)),
                ('last_four', models.CharField(max_length=4)),
                ('exp_month', models.PositiveSmallIntegerField()),
                ('exp_year', models.PositiveSmallIntegerField()),
                ('is_default', models.BooleanField(default=False, help_text='The one that statements are collected from.')),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-is_default', '-id'],
            },
        ),
        migrations.CreateModel(
            name='CardEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('stripe_account', models.CharField(blank=True, help_text="The connected Stripe account the object belongs to; empty: the platform's own.", max_length=255)),
                ('payment_method_id', models.CharField(max_length=255)),
                ('brand', models.CharField(max_length=30)),
                ('last_four', models.CharField(max_length=4)),
                ('exp_month', models.PositiveSmallIntegerField()),
                ('exp_year', models.PositiveSmallIntegerField()),
                ('is_default', models.BooleanField(default=False, help_text='The one that statements are collected from.')),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CardSetup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stripe_account', models.CharField(blank=True, help_text="The connected Stripe account the object belongs to; empty: the platform's own.", max_length=255)),
                ('setup_intent_id', models.CharField(max_length=255, unique=True)),
                ('status', models.CharField(max_length=40)),
                ('problem', models.CharField(blank=True, max_length=500)),
                ('begun_at', models.DateTimeField(auto_now_add=True)),
                ('by', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ChangeNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('instance_id', models.BigIntegerField(null=True)),
                ('dedicated_environment_id', models.BigIntegerField(null=True)),
                ('plan_id', models.BigIntegerField(null=True)),
                ('first_month', models.DateField()),
                ('noted_in', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Collection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stripe_account', models.CharField(blank=True, help_text="The connected Stripe account the object belongs to; empty: the platform's own.", max_length=255)),
                ('generation', models.PositiveSmallIntegerField(default=1)),
                ('begun_at', models.DateTimeField(blank=True, help_text="When this generation's invoice was asked for.", null=True)),
                ('key_attempt', models.PositiveSmallIntegerField(default=0, help_text="Idempotency keys that stand for Stripe's failures.")),
                ('customer_id', models.CharField(blank=True, max_length=255)),
                ('invoice_id', models.CharField(blank=True, max_length=255)),
                ('invoice_cents', models.BigIntegerField(default=0)),
                ('invoice_status', models.CharField(blank=True, max_length=20)),
                ('lines_added', models.BooleanField(default=False)),
                ('hosted_invoice_url', models.URLField(blank=True, max_length=2048)),
                ('action_required', models.BooleanField(default=False, help_text="The card's holder must confirm the payment.")),
                ('declines', models.PositiveSmallIntegerField(default=0)),
                ('last_attempt_on', models.DateField(blank=True, null=True)),
                ('next_attempt_on', models.DateField(blank=True, null=True)),
                ('decline_code', models.CharField(blank=True, max_length=60)),
                ('decline_message', models.CharField(blank=True, max_length=500)),
                ('hard_declined', models.BooleanField(default=False, help_text='The bank said never to try this card again.')),
                ('paused_why', models.CharField(blank=True, help_text='Not collected while this says why.', max_length=500)),
                ('blocked_because', models.CharField(blank=True, help_text='What staff must look at before it goes on.', max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name='CollectionAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('generation', models.PositiveSmallIntegerField()),
                ('card', models.CharField(max_length=60)),
                ('payment_method_id', models.CharField(max_length=255)),
                ('begun_on', models.DateField()),
                ('begun_at', models.DateTimeField(auto_now_add=True)),
                ('outcome', models.CharField(blank=True, choices=[('', 'Begun, answer not known'), ('paid', 'Paid'), ('declined', 'Declined'), ('action_required', "Waits for the card's holder"), ('failed', 'Stripe could not be asked')], default='', max_length=16)),
                ('decline_code', models.CharField(blank=True, max_length=60)),
                ('message', models.CharField(blank=True, max_length=500)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='CollectionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('stripe_account', models.CharField(blank=True, help_text="The connected Stripe account the object belongs to; empty: the platform's own.", max_length=255)),
                ('generation', models.PositiveSmallIntegerField(default=1)),
                ('begun_at', models.DateTimeField(blank=True, help_text="When this generation's invoice was asked for.", null=True)),
                ('key_attempt', models.PositiveSmallIntegerField(default=0, help_text="Idempotency keys that stand for Stripe's failures.")),
                ('customer_id', models.CharField(blank=True, max_length=255)),
                ('invoice_id', models.CharField(blank=True, max_length=255)),
                ('invoice_cents', models.BigIntegerField(default=0)),
                ('invoice_status', models.CharField(blank=True, max_length=20)),
                ('lines_added', models.BooleanField(default=False)),
                ('hosted_invoice_url', models.URLField(blank=True, max_length=2048)),
                ('action_required', models.BooleanField(default=False, help_text="The card's holder must confirm the payment.")),
                ('declines', models.PositiveSmallIntegerField(default=0)),
                ('last_attempt_on', models.DateField(blank=True, null=True)),
                ('next_attempt_on', models.DateField(blank=True, null=True)),
                ('decline_code', models.CharField(blank=True, max_length=60)),
                ('decline_message', models.CharField(blank=True, max_length=500)),
                ('hard_declined', models.BooleanField(default=False, help_text='The bank said never to try this card again.')),
                ('paused_why', models.CharField(blank=True, help_text='Not collected while this says why.', max_length=500)),
                ('blocked_because', models.CharField(blank=True, help_text='What staff must look at before it goes on.', max_length=500)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ConnectedAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_id', models.CharField(max_length=255, unique=True)),
                ('charges_enabled', models.BooleanField(default=False)),
                ('details_submitted', models.BooleanField(default=False)),
                ('connected_at', models.DateTimeField(auto_now_add=True)),
                ('disconnected_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='CreditNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, unique=True)),
                ('sequence', models.PositiveIntegerField(unique=True)),
                ('kind', models.CharField(choices=[('ahead', 'Ahead of a correction'), ('goodwill', 'Goodwill')], default='ahead', max_length=8)),
                ('cents', models.BigIntegerField()),
                ('applied_cents', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('issued_on', models.DateField()),
                ('reason', models.CharField(max_length=500)),
                ('seller', models.JSONField()),
                ('buyer', models.JSONField()),
                ('issued_at', models.DateTimeField(auto_now_add=True)),
                ('by', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ['-sequence'],
            },
        ),
        migrations.CreateModel(
            name='CreditNoteCounter',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('next_sequence', models.PositiveIntegerField(default=1, help_text='Counts all documents that were ever issued.')),
                ('next_number', models.PositiveIntegerField(default=1, help_text='The count that is written into the next number.')),
                ('year', models.PositiveSmallIntegerField(help_text='The year of the document that was issued last.', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='CreditNoteDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=255)),
                ('sha256', models.CharField(max_length=64)),
                ('pages', models.PositiveIntegerField()),
                ('rendered_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='CreditNoteLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cents', models.BigIntegerField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dispute_id', models.CharField(max_length=255, unique=True)),
                ('cents', models.BigIntegerField()),
                ('reason', models.CharField(max_length=100)),
                ('status', models.CharField(max_length=40)),
                ('opened_on', models.DateField()),
                ('closed_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Installation',
            fields=[
                ('only', models.BooleanField(default=True, primary_key=True, serialize=False)),
                ('token', models.CharField(default=pos_billing.collection.models.stripe.new_token, help_text='Part of every name we give at Stripe.', max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='JobError',
            fields=[
                ('job_id', models.BigIntegerField(help_text="The job in Procrastinate's queue.", primary_key=True, serialize=False)),
                ('error', models.TextField()),
                ('failed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('kind', models.CharField(choices=[('statement_issued', 'Statement issued'), ('payment_received', 'Payment received'), ('payment_failed', 'Payment failed, will be tried again'), ('payment_given_up', 'Payment failed, another card is needed'), ('action_required', "Payment waits for confirmation by the card's holder"), ('card_missing', 'A card is missing'), ('card_expiring', 'The card expires before the next payment'), ('past_due', 'Payment is past due'), ('refunded', 'Refund'), ('disputed', 'Payment disputed')], max_length=20)),
                ('about', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('made_on', models.DateField()),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('email', models.EmailField(blank=True, help_text='Where it went; empty when the Account has no address.', max_length=254)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('send_error', models.CharField(blank=True, max_length=500)),
                ('dismissed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('card', 'Card'), ('bank_transfer', 'Bank transfer'), ('cheque', 'Cheque'), ('cash', 'Cash'), ('other', 'Other')], max_length=14)),
                ('cents', models.BigIntegerField()),
                ('received_on', models.DateField()),
                ('reference', models.CharField(blank=True, help_text="The payer's or the bank's reference.", max_length=200)),
                ('card', models.CharField(blank=True, help_text='The card it was paid with, as Visa 4242.', max_length=60)),
                ('payment_intent_id', models.CharField(blank=True, help_text="Stripe's id of the payment.", max_length=255)),
                ('stripe_account', models.CharField(blank=True, help_text='The connected account that took it.', max_length=255)),
                ('entered_at', models.DateTimeField(auto_now_add=True)),
                ('by', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ['-received_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('description', models.TextField(blank=True)),
                ('placeholder', models.BooleanField(default=False, editable=False, help_text='Unbilled: no plan chosen yet.')),
                ('begins', models.CharField(choices=[('first_custom_domain', 'When the first custom Domain was added'), ('assignment', 'When the plan is assigned')], default='first_custom_domain', max_length=20)),
                ('timing', models.CharField(choices=[('arrears', 'After the month'), ('advance', 'As the month begins')], default='arrears', max_length=8)),
                ('environments', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('production', 'Production'), ('staging', 'Staging'), ('dev', 'Dev'), ('qa', 'QA'), ('dedicated', 'Dedicated environment')], max_length=12), help_text='The environments it may serve.', size=None)),
                ('granted_to_all', models.BooleanField(default=False, help_text='Every Account may have it.')),
                ('archived_on', models.DateField(blank=True, help_text='Not assigned anew from this day on.', null=True)),
                ('external_id', models.CharField(blank=True, help_text='Its id in the Partner Portal.', max_length=100)),
            ],
            options={
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PlanEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('description', models.TextField(blank=True)),
                ('placeholder', models.BooleanField(default=False, editable=False, help_text='Unbilled: no plan chosen yet.')),
                ('begins', models.CharField(choices=[('first_custom_domain', 'When the first custom Domain was added'), ('assignment', 'When the plan is assigned')], default='first_custom_domain', max_length=20)),
                ('timing', models.CharField(choices=[('arrears', 'After the month'), ('advance', 'As the month begins')], default='arrears', max_length=8)),
                ('environments', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('production', 'Production'), ('staging', 'Staging'), ('dev', 'Dev'), ('qa', 'QA'), ('dedicated', 'Dedicated environment')], max_length=12), help_text='The environments it may serve.', size=None)),
                ('granted_to_all', models.BooleanField(default=False, help_text='Every Account may have it.')),
                ('archived_on', models.DateField(blank=True, help_text='Not assigned anew from this day on.', null=True)),
                ('external_id', models.CharField(blank=True, help_text='Its id in the Partner Portal.', max_length=100)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PlanGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='PlanGrantEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PlanProduct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stripe_account', models.CharField(blank=True, help_text="The connected Stripe account the object belongs to; empty: the platform's own.", max_length=255)),
                ('product_id', models.CharField(max_length=255)),
                ('name', models.CharField(max_length=200)),
                ('active', models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name='Price',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField(help_text='From the first day on which this holds, up to the day on which it ends.')),
                ('cents', models.BigIntegerField(default=0, validators=[django.core.validators.MinValueValidator(0)])),
                ('included', models.BigIntegerField(default=0, validators=[django.core.validators.MinValueValidator(0)])),
                ('tiers', models.JSONField(blank=True, default=list)),
            ],
            options={
                'ordering': ['fee', 'days'],
            },
        ),
        migrations.CreateModel(
            name='PriceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField(help_text='From the first day on which this holds, up to the day on which it ends.')),
                ('cents', models.BigIntegerField(default=0, validators=[django.core.validators.MinValueValidator(0)])),
                ('included', models.BigIntegerField(default=0, validators=[django.core.validators.MinValueValidator(0)])),
                ('tiers', models.JSONField(blank=True, default=list)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReconcileReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField()),
                ('finished_at', models.DateTimeField(auto_now_add=True)),
                ('by', models.CharField(max_length=200)),
                ('checked', models.PositiveIntegerField()),
                ('repaired', models.JSONField(default=list)),
                ('differs', models.JSONField(default=list)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cents', models.BigIntegerField()),
                ('refunded_on', models.DateField()),
                ('reason', models.CharField(max_length=500)),
                ('refund_id', models.CharField(blank=True, help_text="Stripe's id; empty: not asked for yet.", max_length=255)),
                ('key_attempt', models.PositiveSmallIntegerField(default=0, help_text="Idempotency keys that stand for Stripe's failures.")),
                ('status', models.CharField(choices=[('pending', 'On its way'), ('succeeded', 'Done'), ('failed', 'Failed')], default='pending', max_length=10)),
                ('failure_reason', models.CharField(blank=True, max_length=200)),
                ('entered_at', models.DateTimeField(auto_now_add=True)),
                ('by', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Reversal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('mistake', 'Recorded by mistake'), ('returned', 'Returned by the bank'), ('dispute_lost', 'Dispute lost')], max_length=14)),
                ('cents', models.BigIntegerField()),
                ('reversed_on', models.DateField()),
                ('reason', models.CharField(max_length=200)),
                ('entered_at', models.DateTimeField(auto_now_add=True)),
                ('by', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ['-reversed_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='RunRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seller', models.CharField(help_text="The Seller's schema.", max_length=63)),
                ('as_of', models.DateField()),
                ('preview', models.BooleanField()),
                ('full', models.BooleanField(default=False)),
                ('by', models.CharField(max_length=200)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('job_id', models.BigIntegerField(help_text='The job in the queue that carries it out.', null=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Under way'), ('finished', 'Finished'), ('refused', 'Refused'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('done', models.PositiveIntegerField(default=0, help_text='Subjects rated so far.')),
                ('total', models.PositiveIntegerField(default=0)),
                ('expected', models.CharField(blank=True, help_text='The fingerprint of the preview that was shown.', max_length=64)),
                ('message', models.TextField(blank=True)),
                ('run_id', models.BigIntegerField(help_text="The Seller's BillingRun that came of it.", null=True)),
                ('result', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='SellerMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('write', 'Member who may change'), ('read', 'Member who may read')], max_length=8)),
            ],
        ),
        migrations.CreateModel(
            name='SellerSettings',
            fields=[
                ('id', models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(help_text='As it stands on statements.', max_length=200)),
                ('address', models.TextField(blank=True, help_text='Postal address on statements, one line a row.')),
                ('email', models.EmailField(blank=True, help_text='Where clients answer to; the sender of notices.', max_length=254)),
                ('tax_note', models.TextField(blank=True, help_text='Printed at the foot of statements, for example a VAT number.')),
                ('logo', models.ImageField(blank=True, help_text='PNG or JPEG, shown on statements.', upload_to='billing/logo')),
                ('brand_color', models.CharField(default='#1f4e79', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-fA-F]{6}$', 'Write it as #1f4e79.')])),
                ('time_zone', models.CharField(default='UTC', help_text="Says which day it is now. Billed days are the platform's, for every Seller.", max_length=64)),
                ('currency', models.CharField(default='USD', max_length=3)),
                ('launch_on', models.DateField(blank=True, help_text='No statement is issued before this day.', null=True)),
                ('first_payment_on', models.DateField(blank=True, help_text='No payment falls due before this day.', null=True)),
                ('floor', models.DateField(blank=True, help_text='Days before this one are never charged.', null=True)),
                ('cut_off', models.DateField(blank=True, help_text='Months that ended before this day are not rated again.', null=True)),
                ('payment_terms_days', models.PositiveSmallIntegerField(default=14, help_text='Days to pay where payment is made by hand.', validators=[django.core.validators.MaxValueValidator(365)])),
                ('payment_note', models.TextField(blank=True, db_default='', default='', help_text='How to pay by hand, for example the bank account.')),
                ('card_minimum_cents', models.PositiveIntegerField(default=50, help_text='Smaller totals wait for the next statement (cents).')),
                ('number_format', models.CharField(default='{year}-{number:06d}', help_text='May use {year}, {month} and must use {number}, for example {year}-{number:06d}.', max_length=60)),
                ('numbers_begin_anew', models.BooleanField(default=False, help_text='Statements and credit notes of each year are numbered from 1; the format names {year}.')),
                ('platform_suffixes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=253), blank=True, default=list, help_text='Further endings of host names that this Seller provides itself: they are not custom Domains.', size=None)),
            ],
            options={
                'verbose_name_plural': 'Seller settings',
            },
        ),
        migrations.CreateModel(
            name='SellerSettingsEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.SmallIntegerField(default=1, editable=False, serialize=False)),
                ('name', models.CharField(help_text='As it stands on statements.', max_length=200)),
                ('address', models.TextField(blank=True, help_text='Postal address on statements, one line a row.')),
                ('email', models.EmailField(blank=True, help_text='Where clients answer to; the sender of notices.', max_length=254)),
                ('tax_note', models.TextField(blank=True, help_text='Printed at the foot of statements, for example a VAT number.')),
                ('logo', models.ImageField(blank=True, help_text='PNG or JPEG, shown on statements.', upload_to='billing/logo')),
                ('brand_color', models.CharField(default='#1f4e79', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-fA-F]{6}$', 'Write it as #1f4e79.')])),
                ('time_zone', models.CharField(default='UTC', help_text="Says which day it is now. Billed days are the platform's, for every Seller.", max_length=64)),
                ('currency', models.CharField(default='USD', max_length=3)),
                ('launch_on', models.DateField(blank=True, help_text='No statement is issued before this day.', null=True)),
                ('first_payment_on', models.DateField(blank=True, help_text='No payment falls due before this day.', null=True)),
                ('floor', models.DateField(blank=True, help_text='Days before this one are never charged.', null=True)),
                ('cut_off', models.DateField(blank=True, help_text='Months that ended before this day are not rated again.', null=True)),
                ('payment_terms_days', models.PositiveSmallIntegerField(default=14, help_text='Days to pay where payment is made by hand.', validators=[django.core.validators.MaxValueValidator(365)])),
                ('payment_note', models.TextField(blank=True, db_default='', default='', help_text='How to pay by hand, for example the bank account.')),
                ('card_minimum_cents', models.PositiveIntegerField(default=50, help_text='Smaller totals wait for the next statement (cents).')),
                ('number_format', models.CharField(default='{year}-{number:06d}', help_text='May use {year}, {month} and must use {number}, for example {year}-{number:06d}.', max_length=60)),
                ('numbers_begin_anew', models.BooleanField(default=False, help_text='Statements and credit notes of each year are numbered from 1; the format names {year}.')),
                ('platform_suffixes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=253), blank=True, default=list, help_text='Further endings of host names that this Seller provides itself: they are not custom Domains.', size=None)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, unique=True)),
                ('sequence', models.PositiveIntegerField(unique=True)),
                ('as_of', models.DateField()),
                ('due_on', models.DateField()),
                ('currency', models.CharField(max_length=3)),
                ('line_count', models.PositiveIntegerField()),
                ('total_cents', models.BigIntegerField()),
                ('brought_forward_cents', models.BigIntegerField()),
                ('set_off_cents', models.BigIntegerField(db_default=0, default=0)),
                ('amount_due_cents', models.BigIntegerField()),
                ('carried_forward_cents', models.BigIntegerField()),
                ('seller', models.JSONField()),
                ('buyer', models.JSONField()),
                ('issued_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-sequence'],
            },
        ),
        migrations.CreateModel(
            name='StatementCounter',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('next_sequence', models.PositiveIntegerField(default=1, help_text='Counts all documents that were ever issued.')),
                ('next_number', models.PositiveIntegerField(default=1, help_text='The count that is written into the next number.')),
                ('year', models.PositiveSmallIntegerField(help_text='The year of the document that was issued last.', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='StatementDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=255)),
                ('sha256', models.CharField(max_length=64)),
                ('pages', models.PositiveIntegerField()),
                ('rendered_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='StatementLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('charge', 'Charge'), ('adjustment', 'Adjustment')], max_length=10)),
                ('month', models.DateField()),
                ('instance_id', models.BigIntegerField(null=True)),
                ('dedicated_environment_id', models.BigIntegerField(null=True)),
                ('subject_name', models.CharField(max_length=200)),
                ('plan_name', models.CharField(max_length=200)),
                ('fee_name', models.CharField(max_length=100)),
                ('days', models.PositiveSmallIntegerField(help_text='Billed days of the month.')),
                ('days_in_month', models.PositiveSmallIntegerField()),
                ('due_cents', models.BigIntegerField()),
                ('billed_cents', models.BigIntegerField(help_text='What earlier statements billed for the same fee and month.')),
                ('credited_cents', models.BigIntegerField(db_default=0, default=0, help_text='What credit notes ahead of this correction gave already.')),
                ('amount_cents', models.BigIntegerField()),
                ('corrects', models.JSONField(default=list, help_text='The ids of the lines this one corrects.')),
                ('explanation', pos_billing.statements.models.JSONText(default=dict)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='StripeCustomer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stripe_account', models.CharField(blank=True, help_text="The connected Stripe account the object belongs to; empty: the platform's own.", max_length=255)),
                ('customer_id', models.CharField(blank=True, max_length=255)),
                ('key_attempt', models.PositiveSmallIntegerField(default=0, help_text="Idempotency keys that stand for Stripe's failures.")),
                ('begun_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='StripeRateLimit',
            fields=[
                ('stripe_account', models.CharField(max_length=255, primary_key=True, serialize=False)),
                ('next_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SupportAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partner_schema', models.CharField(max_length=63)),
                ('by', models.CharField(max_length=200)),
                ('why', models.CharField(max_length=500)),
                ('ticket_sha256', models.CharField(max_length=64, unique=True)),
                ('asked_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='SupportAccessPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=500)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='UsageFee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(default='Hosting', max_length=100)),
                ('metric', models.CharField(blank=True, choices=[('db_objects', 'Database objects'), ('api_calls', 'API calls'), ('storage_mb', 'Storage'), ('emails', 'Emails'), ('sms', 'SMS'), ('background_jobs', 'Background jobs'), ('domains', 'Domains')], help_text='Leave empty for a flat monthly fee.', max_length=20)),
            ],
            options={
                'ordering': ['plan', 'id'],
            },
        ),
        migrations.CreateModel(
            name='UsageFeeEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(default='Hosting', max_length=100)),
                ('metric', models.CharField(blank=True, choices=[('db_objects', 'Database objects'), ('api_calls', 'API calls'), ('storage_mb', 'Storage'), ('emails', 'Emails'), ('sms', 'SMS'), ('background_jobs', 'Background jobs'), ('domains', 'Domains')], help_text='Leave empty for a flat monthly fee.', max_length=20)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WriteOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cents', models.BigIntegerField()),
                ('written_on', models.DateField()),
                ('reason', models.CharField(max_length=500)),
                ('entered_at', models.DateTimeField(auto_now_add=True)),
                ('by', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('email', models.EmailField(blank=True, help_text='Where statements and notices go.', max_length=254)),
                ('address', models.TextField(blank=True)),
                ('tax_number', models.CharField(blank=True, max_length=60)),
                ('external_id', models.CharField(blank=True, help_text="Its id in the Seller's other systems.", max_length=100)),
                ('collection_method', models.CharField(choices=[('card', 'By card'), ('manual', 'By hand')], default='manual', max_length=8)),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('partner', models.OneToOneField(blank=True, help_text='The Partner this Account is (public schema only).', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.TENANT_MODEL)),
            ],
            options={
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='AccountCredit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cents', models.BigIntegerField()),
                ('reason', models.CharField(max_length=200)),
                ('entered_at', models.DateTimeField(auto_now_add=True)),
                ('by', models.CharField(max_length=200)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credits', to='pos_billing.account')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='AccountEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('email', models.EmailField(blank=True, help_text='Where statements and notices go.', max_length=254)),
                ('address', models.TextField(blank=True)),
                ('tax_number', models.CharField(blank=True, max_length=60)),
                ('external_id', models.CharField(blank=True, help_text="Its id in the Seller's other systems.", max_length=100)),
                ('collection_method', models.CharField(choices=[('card', 'By card'), ('manual', 'By hand')], default='manual', max_length=8)),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('partner', models.ForeignKey(blank=True, db_constraint=False, help_text='The Partner this Account is (public schema only).', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.TENANT_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pos_billing.account')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AccountMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='pos_billing.account')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='billing_accounts', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Allocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cents', models.BigIntegerField()),
                ('credit', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='allocation', to='pos_billing.accountcredit')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField(help_text='From the first day on which this holds, up to the day on which it ends.')),
                ('entered_at', models.DateTimeField(auto_now_add=True)),
                ('by', models.CharField(blank=True, help_text='Who assigned it.', max_length=200)),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='pos_billing.account')),
                ('dedicated_environment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos_billing_instances.dedicatedenvironment')),
                ('instance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos_billing_instances.instance')),
            ],
            options={
                'ordering': ['instance', 'dedicated_environment', 'days'],
            },
        ),
        migrations.CreateModel(
            name='AssignmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField(help_text='From the first day on which this holds, up to the day on which it ends.')),
                ('entered_at', models.DateTimeField(auto_now_add=True)),
                ('by', models.CharField(blank=True, help_text='Who assigned it.', max_length=200)),
                ('account', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing.account')),
                ('dedicated_environment', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing_instances.dedicatedenvironment')),
                ('instance', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing_instances.instance')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pos_billing.assignment')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='billingrun',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5cea108a73f8dae541f1532a1355bba9543f8fa1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_56e0d', table='pos_billing_billingrun', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='billingrun',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='820c5685072f70d3651e7bf8687b21ddd728d809', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_95578', table='pos_billing_billingrun', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='card',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='pos_billing.account'),
        ),
        migrations.AddField(
            model_name='cardevent',
            name='account',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing.account'),
        ),
        migrations.AddField(
            model_name='cardevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='cardevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pos_billing.card'),
        ),
        migrations.AddField(
            model_name='cardsetup',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='card_setups', to='pos_billing.account'),
        ),
        migrations.AddIndex(
            model_name='changenote',
            index=models.Index(fields=['noted_in'], name='change_note_noted_in'),
        ),
        migrations.AddConstraint(
            model_name='changenote',
            constraint=models.UniqueConstraint(fields=('instance_id', 'dedicated_environment_id', 'plan_id', 'first_month'), name='change_note_once', nulls_distinct=False),
        ),
        migrations.AddField(
            model_name='collectionattempt',
            name='collection',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='pos_billing.collection'),
        ),
        migrations.AddField(
            model_name='collectionevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='collectionevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pos_billing.collection'),
        ),
        migrations.AddField(
            model_name='connectedaccount',
            name='partner',
            field=models.OneToOneField(help_text='Whose Stripe account this is.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.TENANT_MODEL),
        ),
        migrations.AddField(
            model_name='creditnote',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credit_notes', to='pos_billing.account'),
        ),
        migrations.AddField(
            model_name='creditnote',
            name='credit',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credit_note', to='pos_billing.accountcredit'),
        ),
        migrations.AddConstraint(
            model_name='creditnotecounter',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='credit_note_counter_one_row'),
        ),
        migrations.AddField(
            model_name='creditnotedocument',
            name='credit_note',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='document', to='pos_billing.creditnote'),
        ),
        migrations.AddField(
            model_name='creditnoteline',
            name='credit_note',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='pos_billing.creditnote'),
        ),
        migrations.AddConstraint(
            model_name='installation',
            constraint=models.CheckConstraint(condition=models.Q(('only', True)), name='installation_once'),
        ),
        migrations.AddField(
            model_name='notice',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='pos_billing.account'),
        ),
        migrations.AddField(
            model_name='payment',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='pos_billing.account'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='payment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='pos_billing.payment'),
        ),
        migrations.AddField(
            model_name='allocation',
            name='payment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='pos_billing.payment'),
        ),
        migrations.AddField(
            model_name='plan',
            name='parent',
            field=models.ForeignKey(blank=True, help_text='The plan the Partner itself pays the platform for Instances sold under this one.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='pos_billing.parentplan'),
        ),
        migrations.AddField(
            model_name='assignmentevent',
            name='plan',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing.plan'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='pos_billing.plan'),
        ),
        migrations.AddField(
            model_name='planevent',
            name='parent',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='The plan the Partner itself pays the platform for Instances sold under this one.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing.parentplan'),
        ),
        migrations.AddField(
            model_name='planevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='planevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pos_billing.plan'),
        ),
        migrations.AddField(
            model_name='plangrant',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='pos_billing.account'),
        ),
        migrations.AddField(
            model_name='plangrant',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='pos_billing.plan'),
        ),
        migrations.AddField(
            model_name='plangrantevent',
            name='account',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing.account'),
        ),
        migrations.AddField(
            model_name='plangrantevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='plangrantevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pos_billing.plangrant'),
        ),
        migrations.AddField(
            model_name='plangrantevent',
            name='plan',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing.plan'),
        ),
        migrations.AddField(
            model_name='planproduct',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='products', to='pos_billing.plan'),
        ),
        migrations.AddField(
            model_name='priceevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='priceevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pos_billing.price'),
        ),
        migrations.AddField(
            model_name='refund',
            name='credit',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='refund', to='pos_billing.accountcredit'),
        ),
        migrations.AddField(
            model_name='refund',
            name='credit_note',
            field=models.ForeignKey(blank=True, help_text='What was taken back; none where an over-payment is returned.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='pos_billing.creditnote'),
        ),
        migrations.AddField(
            model_name='refund',
            name='failure_credit',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='failed_refund', to='pos_billing.accountcredit'),
        ),
        migrations.AddField(
            model_name='refund',
            name='payment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='pos_billing.payment'),
        ),
        migrations.AddField(
            model_name='reversal',
            name='dispute',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversal', to='pos_billing.dispute'),
        ),
        migrations.AddField(
            model_name='reversal',
            name='payment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='pos_billing.payment'),
        ),
        migrations.AddField(
            model_name='allocation',
            name='reversal',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='pos_billing.reversal'),
        ),
        migrations.AddField(
            model_name='runrequest',
            name='shown',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='pos_billing.runrequest'),
        ),
        migrations.AddField(
            model_name='sellermember',
            name='user',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='billing_member', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='sellersettings',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='seller_settings_one_row'),
        ),
        migrations.AddConstraint(
            model_name='sellersettings',
            constraint=models.CheckConstraint(condition=models.Q(('currency', 'USD')), name='seller_currency_usd'),
        ),
        migrations.AddConstraint(
            model_name='sellersettings',
            constraint=models.CheckConstraint(condition=models.Q(('number_format__regex', '^([^{}[:cntrl:]]|\\{year\\}|\\{month(:02d)?\\})*\\{number(:0([1-9]|1[0-2])d)?\\}([^{}[:cntrl:]]|\\{year\\}|\\{month(:02d)?\\})*$')), name='seller_number_format_is_valid'),
        ),
        migrations.AddConstraint(
            model_name='sellersettings',
            constraint=models.CheckConstraint(condition=models.Q(('numbers_begin_anew', False), ('number_format__contains', '{year}'), _connector='OR'), name='seller_numbers_anew_name_year'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sellersettings',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_changenote (instance_id, dedicated_environment_id, plan_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT NULL::bigint, NULL::bigint, NULL::bigint, DATE ''0001-01-01'' FROM changed GROUP BY id HAVING count(*) = 1 OR count(DISTINCT (floor, cut_off, platform_suffixes)) > 1) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, dedicated_environment_id, plan_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='de239b0e07d84f83502af171d9a1a1f00d3f184b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_notes_on_insert_f67f4', referencing='REFERENCING NEW TABLE AS new_rows ', table='pos_billing_sellersettings', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sellersettings',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_changenote (instance_id, dedicated_environment_id, plan_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT NULL::bigint, NULL::bigint, NULL::bigint, DATE ''0001-01-01'' FROM changed GROUP BY id HAVING count(*) = 1 OR count(DISTINCT (floor, cut_off, platform_suffixes)) > 1) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, dedicated_environment_id, plan_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='263f9e8bfa90048bb2e8d06c9b543d57342ae2d5', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_notes_on_update_87571', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='pos_billing_sellersettings', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sellersettings',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows) INSERT INTO %1$I.pos_billing_changenote (instance_id, dedicated_environment_id, plan_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT NULL::bigint, NULL::bigint, NULL::bigint, DATE ''0001-01-01'' FROM changed GROUP BY id HAVING count(*) = 1 OR count(DISTINCT (floor, cut_off, platform_suffixes)) > 1) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, dedicated_environment_id, plan_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='46e891ba9eb01dcd63bef35b404c1e06d8ea0174', level='STATEMENT', operation='DELETE', pgid='pgtrigger_notes_on_delete_26946', referencing='REFERENCING OLD TABLE AS old_rows ', table='pos_billing_sellersettings', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sellersettings',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_sellersettingsevent" ("address", "brand_color", "card_minimum_cents", "currency", "cut_off", "email", "first_payment_on", "floor", "id", "launch_on", "logo", "name", "number_format", "numbers_begin_anew", "payment_note", "payment_terms_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "platform_suffixes", "tax_note", "time_zone") SELECT new_values."address", new_values."brand_color", new_values."card_minimum_cents", new_values."currency", new_values."cut_off", new_values."email", new_values."first_payment_on", new_values."floor", new_values."id", new_values."launch_on", new_values."logo", new_values."name", new_values."number_format", new_values."numbers_begin_anew", new_values."payment_note", new_values."payment_terms_days", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."platform_suffixes", new_values."tax_note", new_values."time_zone" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d8f421abbe99752220cce986c72fdf070254b3c0', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_8018c', referencing='REFERENCING NEW TABLE AS new_values ', table='pos_billing_sellersettings', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sellersettings',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_sellersettingsevent" ("address", "brand_color", "card_minimum_cents", "currency", "cut_off", "email", "first_payment_on", "floor", "id", "launch_on", "logo", "name", "number_format", "numbers_begin_anew", "payment_note", "payment_terms_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "platform_suffixes", "tax_note", "time_zone") SELECT new_values."address", new_values."brand_color", new_values."card_minimum_cents", new_values."currency", new_values."cut_off", new_values."email", new_values."first_payment_on", new_values."floor", new_values."id", new_values."launch_on", new_values."logo", new_values."name", new_values."number_format", new_values."numbers_begin_anew", new_values."payment_note", new_values."payment_terms_days", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."platform_suffixes", new_values."tax_note", new_values."time_zone" FROM ( SELECT new_values.* FROM (SELECT * FROM new_values EXCEPT SELECT * FROM old_values) AS new_values ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d3533375a3f2e817b3b6e0feb24403182ef6fe9a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_30751', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pos_billing_sellersettings', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sellersettings',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_sellersettingsevent" ("address", "brand_color", "card_minimum_cents", "currency", "cut_off", "email", "first_payment_on", "floor", "id", "launch_on", "logo", "name", "number_format", "numbers_begin_anew", "payment_note", "payment_terms_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "platform_suffixes", "tax_note", "time_zone") SELECT old_values."address", old_values."brand_color", old_values."card_minimum_cents", old_values."currency", old_values."cut_off", old_values."email", old_values."first_payment_on", old_values."floor", old_values."id", old_values."launch_on", old_values."logo", old_values."name", old_values."number_format", old_values."numbers_begin_anew", old_values."payment_note", old_values."payment_terms_days", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."platform_suffixes", old_values."tax_note", old_values."time_zone" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='522ca69c065d7fe728f2f78aeffedcd1cc1160fc', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_a6fb1', referencing='REFERENCING OLD TABLE AS old_values ', table='pos_billing_sellersettings', when='AFTER')),
        ),
        migrations.AddField(
            model_name='sellersettingsevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='sellersettingsevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pos_billing.sellersettings'),
        ),
        migrations.AddField(
            model_name='statement',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='pos_billing.account'),
        ),
        migrations.AddField(
            model_name='statement',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issued', to='pos_billing.billingrun'),
        ),
        migrations.AddField(
            model_name='notice',
            name='statement',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='pos_billing.statement'),
        ),
        migrations.AddField(
            model_name='creditnote',
            name='statement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credit_notes', to='pos_billing.statement'),
        ),
        migrations.AddField(
            model_name='collectionevent',
            name='statement',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing.statement'),
        ),
        migrations.AddField(
            model_name='collection',
            name='statement',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='collection', to='pos_billing.statement'),
        ),
        migrations.AddField(
            model_name='allocation',
            name='statement',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='pos_billing.statement'),
        ),
        migrations.AddConstraint(
            model_name='statementcounter',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='statement_counter_one_row'),
        ),
        migrations.AddField(
            model_name='statementdocument',
            name='statement',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='document', to='pos_billing.statement'),
        ),
        migrations.AddField(
            model_name='statementline',
            name='plan',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos_billing.plan'),
        ),
        migrations.AddField(
            model_name='statementline',
            name='statement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='pos_billing.statement'),
        ),
        migrations.AddField(
            model_name='creditnoteline',
            name='statement_line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credited', to='pos_billing.statementline'),
        ),
        migrations.AddField(
            model_name='stripecustomer',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stripe_customers', to='pos_billing.account'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supportaccess',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."partner_schema" IS DISTINCT FROM (NEW."partner_schema") OR OLD."by" IS DISTINCT FROM (NEW."by") OR OLD."why" IS DISTINCT FROM (NEW."why") OR OLD."ticket_sha256" IS DISTINCT FROM (NEW."ticket_sha256") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='5b5fca137ca5a77d59b7956c8bcf6fd8c8c00b44', operation='UPDATE', pgid='pgtrigger_written_once_46a4a', table='pos_billing_supportaccess', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supportaccess',
            trigger=pgtrigger.compiler.Trigger(name='never_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='b3e3f783f9f1c28cb12142e1ec39df716dc2cde2', operation='DELETE', pgid='pgtrigger_never_removed_b64b3', table='pos_billing_supportaccess', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supportaccess',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='af991c2232bad83f9539bae0702efa270b456a6c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_42d4c', table='pos_billing_supportaccess', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='supportaccesspage',
            name='access',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pages', to='pos_billing.supportaccess'),
        ),
        migrations.AddField(
            model_name='usagefee',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fees', to='pos_billing.plan'),
        ),
        migrations.AddField(
            model_name='statementline',
            name='fee',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pos_billing.usagefee'),
        ),
        migrations.AddField(
            model_name='priceevent',
            name='fee',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing.usagefee'),
        ),
        migrations.AddField(
            model_name='price',
            name='fee',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='pos_billing.usagefee'),
        ),
        migrations.AddField(
            model_name='usagefeeevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='usagefeeevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pos_billing.usagefee'),
        ),
        migrations.AddField(
            model_name='usagefeeevent',
            name='plan',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pos_billing.plan'),
        ),
        migrations.AddField(
            model_name='writeoff',
            name='credit',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='write_off', to='pos_billing.accountcredit'),
        ),
        migrations.AddField(
            model_name='writeoff',
            name='statement',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='write_offs', to='pos_billing.statement'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='account_name_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='account',
            trigger=pgtrigger.compiler.Trigger(name='never_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='9f307d427e8adcbefcab2b1b2190f0e6d1c042f5', operation='DELETE', pgid='pgtrigger_never_removed_97f8e', table='pos_billing_account', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='account',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_accountevent" ("address", "closed_on", "collection_method", "email", "external_id", "id", "name", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tax_number") SELECT new_values."address", new_values."closed_on", new_values."collection_method", new_values."email", new_values."external_id", new_values."id", new_values."name", new_values."partner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."tax_number" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f902fd52b988eba89a78f7a6a5d6249eddba741f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_b364b', referencing='REFERENCING NEW TABLE AS new_values ', table='pos_billing_account', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='account',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_accountevent" ("address", "closed_on", "collection_method", "email", "external_id", "id", "name", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tax_number") SELECT new_values."address", new_values."closed_on", new_values."collection_method", new_values."email", new_values."external_id", new_values."id", new_values."name", new_values."partner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."tax_number" FROM ( SELECT new_values.* FROM (SELECT * FROM new_values EXCEPT SELECT * FROM old_values) AS new_values ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d7e3ec2a6392572a2c624eacdf2be1aa143cd1a5', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_9dc76', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pos_billing_account', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='account',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_accountevent" ("address", "closed_on", "collection_method", "email", "external_id", "id", "name", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tax_number") SELECT old_values."address", old_values."closed_on", old_values."collection_method", old_values."email", old_values."external_id", old_values."id", old_values."name", old_values."partner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."tax_number" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='ea496216edf3fec7d65b6ea43a6ca83097da1df2', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_6230a', referencing='REFERENCING OLD TABLE AS old_values ', table='pos_billing_account', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='accountcredit',
            constraint=models.CheckConstraint(condition=models.Q(('cents', 0), _negated=True), name='account_credit_not_zero'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accountcredit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a1aa5bf0ef951fa497f5ecffa0bc5fb5fcbd7bdb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2a073', table='pos_billing_accountcredit', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accountcredit',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='d63aa6d2ec3645b2c4c9f522d90e39eb9015dba3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_451d7', table='pos_billing_accountcredit', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='accountmember',
            constraint=models.UniqueConstraint(fields=('account', 'user'), name='account_member_once'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('account', 'stripe_account'), name='card_one_default'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.CheckConstraint(condition=models.Q(('removed_at', None), ('is_default', False), _connector='OR'), name='card_removed_no_default'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='card',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_cardevent" ("account_id", "added_at", "brand", "exp_month", "exp_year", "id", "is_default", "last_four", "payment_method_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "stripe_account") SELECT new_values."account_id", new_values."added_at", new_values."brand", new_values."exp_month", new_values."exp_year", new_values."id", new_values."is_default", new_values."last_four", new_values."payment_method_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."removed_at", new_values."stripe_account" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='582b803d2f55d18b26d2a781f687eb321ee4104b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_39feb', referencing='REFERENCING NEW TABLE AS new_values ', table='pos_billing_card', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='card',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_cardevent" ("account_id", "added_at", "brand", "exp_month", "exp_year", "id", "is_default", "last_four", "payment_method_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "stripe_account") SELECT new_values."account_id", new_values."added_at", new_values."brand", new_values."exp_month", new_values."exp_year", new_values."id", new_values."is_default", new_values."last_four", new_values."payment_method_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."removed_at", new_values."stripe_account" FROM ( SELECT new_values.* FROM (SELECT * FROM new_values EXCEPT SELECT * FROM old_values) AS new_values ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='05cde52d97f47dd87822a5ef1f4e4a99a1283733', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_60ae6', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pos_billing_card', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='card',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_cardevent" ("account_id", "added_at", "brand", "exp_month", "exp_year", "id", "is_default", "last_four", "payment_method_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "stripe_account") SELECT old_values."account_id", old_values."added_at", old_values."brand", old_values."exp_month", old_values."exp_year", old_values."id", old_values."is_default", old_values."last_four", old_values."payment_method_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."removed_at", old_values."stripe_account" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='58e5b233a3f12a7c65f4a4f547edfcb0ed45e392', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_223b5', referencing='REFERENCING OLD TABLE AS old_values ', table='pos_billing_card', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='collectionattempt',
            constraint=models.UniqueConstraint(fields=('collection', 'number'), name='collection_attempt_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='collectionattempt',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."collection_id" IS DISTINCT FROM (NEW."collection_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."generation" IS DISTINCT FROM (NEW."generation") OR OLD."card" IS DISTINCT FROM (NEW."card") OR OLD."payment_method_id" IS DISTINCT FROM (NEW."payment_method_id") OR OLD."begun_on" IS DISTINCT FROM (NEW."begun_on") OR OLD."begun_at" IS DISTINCT FROM (NEW."begun_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='050e2f4aae826ed76e8dfcaa3248865a58653ace', operation='UPDATE', pgid='pgtrigger_written_once_b2c0b', table='pos_billing_collectionattempt', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='collectionattempt',
            trigger=pgtrigger.compiler.Trigger(name='never_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='c22003f10caec754e7fa26b692f2a62a5bb53d2e', operation='DELETE', pgid='pgtrigger_never_removed_e620f', table='pos_billing_collectionattempt', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='collectionattempt',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='6c1f7f162b10360928d549ac35a20d6f5d3c8c64', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_d4af6', table='pos_billing_collectionattempt', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnotedocument',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e2dd6f12969e67cce756458ff4281d3f2a443db1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5cb8e', table='pos_billing_creditnotedocument', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnotedocument',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='6654259620e489ccbb23d331c9cd3e075772d1fe', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_4b7d2', table='pos_billing_creditnotedocument', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('cents__gt', 0)), name='payment_positive'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('payment_intent_id', ''), _negated=True), fields=('payment_intent_id',), name='payment_intent_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payment',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7d72159dd373007206dcd758b4dc331773d6e1f5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4cfed', table='pos_billing_payment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payment',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='bb02a2cd4030659b6c364faddf145223ba3848db', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_71311', table='pos_billing_payment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payment',
            trigger=pgtrigger.compiler.Trigger(name='adds_up_payment_id', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', declare='DECLARE wrong text;', func="EXECUTE format('SELECT h.id::text FROM %1$I.pos_billing_payment AS h LEFT JOIN %1$I.pos_billing_allocation AS p ON p.payment_id = h.id AND p.reversal_id IS NULL WHERE h.id = $1 GROUP BY h.id, h.cents HAVING coalesce(sum(p.cents), 0) <> h.cents', TG_TABLE_SCHEMA) INTO wrong USING NEW.id; IF wrong IS NOT NULL THEN RAISE EXCEPTION 'pos_billing_payment % is not the sum of its parts', wrong USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='b715d7f6a14f3b643c415c12ad3578fed337200a', operation='INSERT', pgid='pgtrigger_adds_up_payment_id_1af6c', table='pos_billing_payment', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dispute',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."payment_id" IS DISTINCT FROM (NEW."payment_id") OR OLD."dispute_id" IS DISTINCT FROM (NEW."dispute_id") OR OLD."opened_on" IS DISTINCT FROM (NEW."opened_on"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='758a97fd18e55a72e2400fb3f4bccc1a0b9c0c24', operation='UPDATE', pgid='pgtrigger_written_once_88f5a', table='pos_billing_dispute', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dispute',
            trigger=pgtrigger.compiler.Trigger(name='never_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='48377d131aa4f124c7a846d1c0e8ff4caa7716fa', operation='DELETE', pgid='pgtrigger_never_removed_7d082', table='pos_billing_dispute', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dispute',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='c33e61b0c95592eadd3e6d3d9a6eb9195763d6d4', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_e0636', table='pos_billing_dispute', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='plan_name_once'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(condition=models.Q(('placeholder', True)), fields=('placeholder',), name='plan_one_placeholder'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(('environments__len__gt', 0)), name='plan_serves_something'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='never_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='3b925a2b4d290587e102d7119b56774af59f4b9b', operation='DELETE', pgid='pgtrigger_never_removed_3b28d', table='pos_billing_plan', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_changenote (instance_id, dedicated_environment_id, plan_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT NULL::bigint, NULL::bigint, id, DATE ''0001-01-01'' FROM changed GROUP BY id, id HAVING count(*) = 1 OR count(DISTINCT (placeholder, begins, timing, environments)) > 1) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, dedicated_environment_id, plan_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='3addeb9f77eb29813e0c48a6558e4e2253423c2b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_notes_on_insert_a5e4f', referencing='REFERENCING NEW TABLE AS new_rows ', table='pos_billing_plan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_changenote (instance_id, dedicated_environment_id, plan_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT NULL::bigint, NULL::bigint, id, DATE ''0001-01-01'' FROM changed GROUP BY id, id HAVING count(*) = 1 OR count(DISTINCT (placeholder, begins, timing, environments)) > 1) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, dedicated_environment_id, plan_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='69de187791423e60dd8fa51863265681cf122f46', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_notes_on_update_fa763', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='pos_billing_plan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows) INSERT INTO %1$I.pos_billing_changenote (instance_id, dedicated_environment_id, plan_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT NULL::bigint, NULL::bigint, id, DATE ''0001-01-01'' FROM changed GROUP BY id, id HAVING count(*) = 1 OR count(DISTINCT (placeholder, begins, timing, environments)) > 1) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, dedicated_environment_id, plan_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='beea510d34efc04fdf056266514f1047c80ec76b', level='STATEMENT', operation='DELETE', pgid='pgtrigger_notes_on_delete_40d0f', referencing='REFERENCING OLD TABLE AS old_rows ', table='pos_billing_plan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_planevent" ("archived_on", "begins", "description", "environments", "external_id", "granted_to_all", "id", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placeholder", "timing") SELECT new_values."archived_on", new_values."begins", new_values."description", new_values."environments", new_values."external_id", new_values."granted_to_all", new_values."id", new_values."name", new_values."parent_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."placeholder", new_values."timing" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a967692602a3573193399fd72d685c9a9ffe7f7f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_e96fe', referencing='REFERENCING NEW TABLE AS new_values ', table='pos_billing_plan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_planevent" ("archived_on", "begins", "description", "environments", "external_id", "granted_to_all", "id", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placeholder", "timing") SELECT new_values."archived_on", new_values."begins", new_values."description", new_values."environments", new_values."external_id", new_values."granted_to_all", new_values."id", new_values."name", new_values."parent_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."placeholder", new_values."timing" FROM ( SELECT new_values.* FROM (SELECT * FROM new_values EXCEPT SELECT * FROM old_values) AS new_values ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d42f9547296a558cc44787c614ce114765cbaf50', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_b1e1f', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pos_billing_plan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_planevent" ("archived_on", "begins", "description", "environments", "external_id", "granted_to_all", "id", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placeholder", "timing") SELECT old_values."archived_on", old_values."begins", old_values."description", old_values."environments", old_values."external_id", old_values."granted_to_all", old_values."id", old_values."name", old_values."parent_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."placeholder", old_values."timing" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='1f92e1fb94955b8cad443c951555f7204018ce06', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_5ac21', referencing='REFERENCING OLD TABLE AS old_values ', table='pos_billing_plan', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('days__isempty', False), ('days__startswith__isnull', False)), name='assignment_days'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('instance__isnull', False)), expressions=[(models.Func(models.F('instance'), models.F('instance'), models.Value('[]'), function='int8range'), '='), ('days', '&&')], name='one_plan_a_day'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('dedicated_environment__isnull', False)), expressions=[(models.Func(models.F('dedicated_environment'), models.F('dedicated_environment'), models.Value('[]'), function='int8range'), '='), ('days', '&&')], name='one_dedicated_plan_a_day'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('dedicated_environment__isnull', True), ('instance__isnull', False)), models.Q(('dedicated_environment__isnull', False), ('instance__isnull', True)), _connector='OR'), name='assignment_one_subject'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='billed_plan_has_account_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE wrong bigint;', func="EXECUTE format('SELECT new_rows.id FROM new_rows JOIN %I.pos_billing_plan AS plan ON plan.id = new_rows.plan_id WHERE new_rows.account_id IS NULL AND NOT plan.placeholder LIMIT 1', TG_TABLE_SCHEMA) INTO wrong; IF wrong IS NOT NULL THEN RAISE EXCEPTION 'only the Unbilled placeholder may be assigned without an account' USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='fb121cb945dfd123dc09f8e06ae6d9eeb8e3c4b9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_billed_plan_has_account_on_insert_fbe13', referencing='REFERENCING NEW TABLE AS new_rows ', table='pos_billing_assignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='billed_plan_has_account_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE wrong bigint;', func="EXECUTE format('SELECT new_rows.id FROM new_rows JOIN %I.pos_billing_plan AS plan ON plan.id = new_rows.plan_id WHERE new_rows.account_id IS NULL AND NOT plan.placeholder LIMIT 1', TG_TABLE_SCHEMA) INTO wrong; IF wrong IS NOT NULL THEN RAISE EXCEPTION 'only the Unbilled placeholder may be assigned without an account' USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='bcef6ea263a8aa2c120fa81b670f4dbde3d4fc14', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_billed_plan_has_account_on_update_c07d7', referencing='REFERENCING NEW TABLE AS new_rows ', table='pos_billing_assignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_changenote (instance_id, dedicated_environment_id, plan_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT instance_id, dedicated_environment_id, NULL::bigint, DATE ''0001-01-01'' FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, dedicated_environment_id, plan_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='0df2d747b2c02807e5516f56d3bffc713f802285', level='STATEMENT', operation='INSERT', pgid='pgtrigger_notes_on_insert_884a6', referencing='REFERENCING NEW TABLE AS new_rows ', table='pos_billing_assignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_changenote (instance_id, dedicated_environment_id, plan_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT instance_id, dedicated_environment_id, NULL::bigint, DATE ''0001-01-01'' FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, dedicated_environment_id, plan_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='30e287dd1f7509a72b28dfe115f9bd83765aa22f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_notes_on_update_8170c', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='pos_billing_assignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows) INSERT INTO %1$I.pos_billing_changenote (instance_id, dedicated_environment_id, plan_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT instance_id, dedicated_environment_id, NULL::bigint, DATE ''0001-01-01'' FROM changed) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, dedicated_environment_id, plan_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='f29bb1f8a54373a67cced29a2a7c76ee7f496be0', level='STATEMENT', operation='DELETE', pgid='pgtrigger_notes_on_delete_ded81', referencing='REFERENCING OLD TABLE AS old_rows ', table='pos_billing_assignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_assignmentevent" ("account_id", "by", "days", "dedicated_environment_id", "entered_at", "id", "instance_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id") SELECT new_values."account_id", new_values."by", new_values."days", new_values."dedicated_environment_id", new_values."entered_at", new_values."id", new_values."instance_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."plan_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='0e4bf8ed42d90b3b518c80d2b9da545278c13a08', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_af481', referencing='REFERENCING NEW TABLE AS new_values ', table='pos_billing_assignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_assignmentevent" ("account_id", "by", "days", "dedicated_environment_id", "entered_at", "id", "instance_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id") SELECT new_values."account_id", new_values."by", new_values."days", new_values."dedicated_environment_id", new_values."entered_at", new_values."id", new_values."instance_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."plan_id" FROM ( SELECT new_values.* FROM (SELECT * FROM new_values EXCEPT SELECT * FROM old_values) AS new_values ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='b36d18eb72969ed7d75f8dfd111bc2dc0ce64d4e', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_368e8', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pos_billing_assignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_assignmentevent" ("account_id", "by", "days", "dedicated_environment_id", "entered_at", "id", "instance_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id") SELECT old_values."account_id", old_values."by", old_values."days", old_values."dedicated_environment_id", old_values."entered_at", old_values."id", old_values."instance_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."plan_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='14536b337fb52d733b23d70d5a2e98a2958c7b6f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_0a2b1', referencing='REFERENCING OLD TABLE AS old_values ', table='pos_billing_assignment', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='plangrant',
            constraint=models.UniqueConstraint(fields=('plan', 'account'), name='plan_grant_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plangrant',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_plangrantevent" ("account_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id") SELECT new_values."account_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."plan_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='38768597d22c6a2e2e501ef95ad6d864f75ddec3', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_71127', referencing='REFERENCING NEW TABLE AS new_values ', table='pos_billing_plangrant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plangrant',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_plangrantevent" ("account_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id") SELECT new_values."account_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."plan_id" FROM ( SELECT new_values.* FROM (SELECT * FROM new_values EXCEPT SELECT * FROM old_values) AS new_values ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f99cf2498e2c49e34c324dfaf4c99275003d4ec7', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_74cf3', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pos_billing_plangrant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plangrant',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_plangrantevent" ("account_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id") SELECT old_values."account_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."plan_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='0c905af7ee80d7d345e4d872f364855e2ca6c39c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_b16b7', referencing='REFERENCING OLD TABLE AS old_values ', table='pos_billing_plangrant', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='planproduct',
            constraint=models.UniqueConstraint(fields=('plan', 'stripe_account'), name='plan_product_once'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('cents__gt', 0)), name='refund_positive'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(condition=models.Q(('refund_id', ''), _negated=True), fields=('refund_id', 'credit_note'), name='refund_id_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('failure_credit__isnull', False), ('status', 'failed')), models.Q(models.Q(('status', 'failed'), _negated=True), ('failure_credit', None)), _connector='OR'), name='refund_failed_restores'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='refund',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."payment_id" IS DISTINCT FROM (NEW."payment_id") OR OLD."credit_note_id" IS DISTINCT FROM (NEW."credit_note_id") OR OLD."cents" IS DISTINCT FROM (NEW."cents") OR OLD."credit_id" IS DISTINCT FROM (NEW."credit_id") OR OLD."refunded_on" IS DISTINCT FROM (NEW."refunded_on") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."entered_at" IS DISTINCT FROM (NEW."entered_at") OR OLD."by" IS DISTINCT FROM (NEW."by"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='b2b9b10463caeddda44fb732f2a221f30307dbdc', operation='UPDATE', pgid='pgtrigger_written_once_5726c', table='pos_billing_refund', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='refund',
            trigger=pgtrigger.compiler.Trigger(name='never_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='5ee1dd56ca2894463f3f96d28bfd377f0b8e5c04', operation='DELETE', pgid='pgtrigger_never_removed_b804d', table='pos_billing_refund', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='refund',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='817aaf74865348d8c16a0628650bf76d367573d2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_eeb1a', table='pos_billing_refund', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='reversal',
            constraint=models.CheckConstraint(condition=models.Q(('cents__gt', 0)), name='reversal_positive'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reversal',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ae509a2517646017f98a9aaa1b25a6d44d02ca25', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_105a2', table='pos_billing_reversal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reversal',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='0e36633956da7700ab3f23184903fb13d4dc3783', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_4d29b', table='pos_billing_reversal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reversal',
            trigger=pgtrigger.compiler.Trigger(name='adds_up_reversal_id', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', declare='DECLARE wrong text;', func="EXECUTE format('SELECT h.id::text FROM %1$I.pos_billing_reversal AS h LEFT JOIN %1$I.pos_billing_allocation AS p ON p.reversal_id = h.id AND true WHERE h.id = $1 GROUP BY h.id, h.cents HAVING coalesce(sum(p.cents), 0) <> -h.cents', TG_TABLE_SCHEMA) INTO wrong USING NEW.id; IF wrong IS NOT NULL THEN RAISE EXCEPTION 'pos_billing_reversal % is not the sum of its parts', wrong USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='5acee4485f28dab72779e9f99bef17d89df7bb7c', operation='INSERT', pgid='pgtrigger_adds_up_reversal_id_4216e', table='pos_billing_reversal', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['account', 'as_of'], name='statement_account_as_of'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('total_cents', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('amount_due_cents'), '+', models.F('carried_forward_cents')), '-', models.F('brought_forward_cents')), '-', models.F('set_off_cents')))), name='statement_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('amount_due_cents__gte', 0)), name='statement_never_negative'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('set_off_cents__gte', 0)), name='statement_sets_off_credit'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('line_count__gt', 0)), name='statement_has_lines'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='693ea76d16539559e8233f055ca650413d26c3fe', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b15be', table='pos_billing_statement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='37094800f0b54f830010f8a0bbab9eb933ae662a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_b25d7', table='pos_billing_statement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='sums_its_lines', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE wrong text;', func="EXECUTE format('SELECT string_agg(s.number, '', '') FROM new_rows AS s LEFT JOIN (SELECT l.statement_id, sum(l.amount_cents) AS total, count(*) AS lines FROM %I.pos_billing_statementline AS l WHERE l.statement_id IN (SELECT id FROM new_rows) GROUP BY 1) AS t ON t.statement_id = s.id WHERE t.total IS DISTINCT FROM s.total_cents OR t.lines IS DISTINCT FROM s.line_count', TG_TABLE_SCHEMA) INTO wrong; IF wrong IS NOT NULL THEN RAISE EXCEPTION 'statement % does not equal the sum of its lines', wrong USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='e35bdf5e32a9621c9a946b09d673a6b33556c0d4', level='STATEMENT', operation='INSERT', pgid='pgtrigger_sums_its_lines_235bf', referencing='REFERENCING NEW TABLE AS new_rows ', table='pos_billing_statement', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('sent_at', None)), fields=['id'], name='notice_unsent'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['account', 'dismissed_at'], name='notice_account'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.CheckConstraint(condition=models.Q(('cents__gt', 0), ('applied_cents__gte', 0), ('applied_cents__lte', models.F('cents'))), name='credit_note_cents'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('applied_cents', models.F('cents')), ('credit', None)), ('credit__isnull', False), _connector='OR'), name='credit_note_rest_is_credit'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnote',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='baed35239494bd8a376f7257849a43ac92238ef6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4a8b1', table='pos_billing_creditnote', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnote',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='e75830bc26b818799d6b67131deef068289cbff7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_b7f08', table='pos_billing_creditnote', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnote',
            trigger=pgtrigger.compiler.Trigger(name='adds_up_credit_note_id', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', declare='DECLARE wrong text;', func="EXECUTE format('SELECT h.id::text FROM %1$I.pos_billing_creditnote AS h LEFT JOIN %1$I.pos_billing_creditnoteline AS p ON p.credit_note_id = h.id AND true WHERE h.id = $1 GROUP BY h.id, h.cents HAVING coalesce(sum(p.cents), 0) <> h.cents', TG_TABLE_SCHEMA) INTO wrong USING NEW.id; IF wrong IS NOT NULL THEN RAISE EXCEPTION 'pos_billing_creditnote % is not the sum of its parts', wrong USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='d4d583305f28ee455504ac8461078c4a91408724', operation='INSERT', pgid='pgtrigger_adds_up_credit_note_id_ecfe9', table='pos_billing_creditnote', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnote',
            trigger=pgtrigger.compiler.Trigger(name='never_below_zero_statement_id', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', declare='DECLARE wrong text;', func="EXECUTE format('SELECT s.number FROM %1$I.pos_billing_statement AS s WHERE s.id = $1 AND s.amount_due_cents < coalesce((SELECT sum(cents) FROM %1$I.pos_billing_allocation WHERE statement_id = s.id), 0) + coalesce((SELECT sum(applied_cents) FROM %1$I.pos_billing_creditnote WHERE statement_id = s.id), 0) + coalesce((SELECT sum(cents) FROM %1$I.pos_billing_writeoff WHERE statement_id = s.id), 0)', TG_TABLE_SCHEMA) INTO wrong USING NEW.statement_id; IF wrong IS NOT NULL THEN RAISE EXCEPTION 'statement % would be paid more than it asks for', wrong USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='1544b04b2037c90d8ade7d12957a67243f4ad6bf', operation='INSERT', pgid='pgtrigger_never_below_zero_statement_id_85934', table='pos_billing_creditnote', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='collection',
            index=models.Index(fields=['invoice_id'], name='collection_invoice'),
        ),
        migrations.AddIndex(
            model_name='collection',
            index=models.Index(fields=['next_attempt_on'], name='collection_next_attempt'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='collection',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_collectionevent" ("action_required", "begun_at", "blocked_because", "customer_id", "decline_code", "decline_message", "declines", "generation", "hard_declined", "hosted_invoice_url", "id", "invoice_cents", "invoice_id", "invoice_status", "key_attempt", "last_attempt_on", "lines_added", "next_attempt_on", "paused_why", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "statement_id", "stripe_account") SELECT new_values."action_required", new_values."begun_at", new_values."blocked_because", new_values."customer_id", new_values."decline_code", new_values."decline_message", new_values."declines", new_values."generation", new_values."hard_declined", new_values."hosted_invoice_url", new_values."id", new_values."invoice_cents", new_values."invoice_id", new_values."invoice_status", new_values."key_attempt", new_values."last_attempt_on", new_values."lines_added", new_values."next_attempt_on", new_values."paused_why", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."statement_id", new_values."stripe_account" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='2e4312a38056cf4acfcd9ab30c65f0779797e1b2', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_20c81', referencing='REFERENCING NEW TABLE AS new_values ', table='pos_billing_collection', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='collection',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_collectionevent" ("action_required", "begun_at", "blocked_because", "customer_id", "decline_code", "decline_message", "declines", "generation", "hard_declined", "hosted_invoice_url", "id", "invoice_cents", "invoice_id", "invoice_status", "key_attempt", "last_attempt_on", "lines_added", "next_attempt_on", "paused_why", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "statement_id", "stripe_account") SELECT new_values."action_required", new_values."begun_at", new_values."blocked_because", new_values."customer_id", new_values."decline_code", new_values."decline_message", new_values."declines", new_values."generation", new_values."hard_declined", new_values."hosted_invoice_url", new_values."id", new_values."invoice_cents", new_values."invoice_id", new_values."invoice_status", new_values."key_attempt", new_values."last_attempt_on", new_values."lines_added", new_values."next_attempt_on", new_values."paused_why", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."statement_id", new_values."stripe_account" FROM ( SELECT new_values.* FROM (SELECT * FROM new_values EXCEPT SELECT * FROM old_values) AS new_values ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='6d3d639e84bb28d13775212bdfed4f919c8ebcfb', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_bfc41', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pos_billing_collection', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='collection',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_collectionevent" ("action_required", "begun_at", "blocked_because", "customer_id", "decline_code", "decline_message", "declines", "generation", "hard_declined", "hosted_invoice_url", "id", "invoice_cents", "invoice_id", "invoice_status", "key_attempt", "last_attempt_on", "lines_added", "next_attempt_on", "paused_why", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "statement_id", "stripe_account") SELECT old_values."action_required", old_values."begun_at", old_values."blocked_because", old_values."customer_id", old_values."decline_code", old_values."decline_message", old_values."declines", old_values."generation", old_values."hard_declined", old_values."hosted_invoice_url", old_values."id", old_values."invoice_cents", old_values."invoice_id", old_values."invoice_status", old_values."key_attempt", old_values."last_attempt_on", old_values."lines_added", old_values."next_attempt_on", old_values."paused_why", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."statement_id", old_values."stripe_account" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='daa2373c76776bbdcc40f25998341e73f0a1e44d', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_08cfb', referencing='REFERENCING OLD TABLE AS old_values ', table='pos_billing_collection', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reversal', None), ('cents__gt', 0)), models.Q(('reversal__isnull', False), ('cents__lt', 0)), _connector='OR'), name='allocation_sign'),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('credit', None), ('statement__isnull', False)), models.Q(('credit__isnull', False), ('statement', None)), _connector='OR'), name='allocation_one_target'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='allocation',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='55aaaccd59412093612dab0fb1a0b5c8ecf35797', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8236a', table='pos_billing_allocation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='allocation',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='31995734f7e4a9a1db78feaa89d4f3dad2416528', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_b92df', table='pos_billing_allocation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='allocation',
            trigger=pgtrigger.compiler.Trigger(name='adds_up_payment_id', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', declare='DECLARE wrong text;', func="EXECUTE format('SELECT h.id::text FROM %1$I.pos_billing_payment AS h LEFT JOIN %1$I.pos_billing_allocation AS p ON p.payment_id = h.id AND p.reversal_id IS NULL WHERE h.id = $1 GROUP BY h.id, h.cents HAVING coalesce(sum(p.cents), 0) <> h.cents', TG_TABLE_SCHEMA) INTO wrong USING NEW.payment_id; IF wrong IS NOT NULL THEN RAISE EXCEPTION 'pos_billing_payment % is not the sum of its parts', wrong USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='18cbd0fde7fa93d4af2d4c1751d18d9d416c4c42', operation='INSERT', pgid='pgtrigger_adds_up_payment_id_a1cd7', table='pos_billing_allocation', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='allocation',
            trigger=pgtrigger.compiler.Trigger(name='adds_up_reversal_id', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', declare='DECLARE wrong text;', func="EXECUTE format('SELECT h.id::text FROM %1$I.pos_billing_reversal AS h LEFT JOIN %1$I.pos_billing_allocation AS p ON p.reversal_id = h.id AND true WHERE h.id = $1 GROUP BY h.id, h.cents HAVING coalesce(sum(p.cents), 0) <> -h.cents', TG_TABLE_SCHEMA) INTO wrong USING NEW.reversal_id; IF wrong IS NOT NULL THEN RAISE EXCEPTION 'pos_billing_reversal % is not the sum of its parts', wrong USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='7a2dbddfe5a6e2388f61a7d6942e2497f95cad43', operation='INSERT', pgid='pgtrigger_adds_up_reversal_id_90ca8', table='pos_billing_allocation', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='allocation',
            trigger=pgtrigger.compiler.Trigger(name='never_below_zero_statement_id', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', declare='DECLARE wrong text;', func="EXECUTE format('SELECT s.number FROM %1$I.pos_billing_statement AS s WHERE s.id = $1 AND s.amount_due_cents < coalesce((SELECT sum(cents) FROM %1$I.pos_billing_allocation WHERE statement_id = s.id), 0) + coalesce((SELECT sum(applied_cents) FROM %1$I.pos_billing_creditnote WHERE statement_id = s.id), 0) + coalesce((SELECT sum(cents) FROM %1$I.pos_billing_writeoff WHERE statement_id = s.id), 0)', TG_TABLE_SCHEMA) INTO wrong USING NEW.statement_id; IF wrong IS NOT NULL THEN RAISE EXCEPTION 'statement % would be paid more than it asks for', wrong USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='6b25607a9a6d3671d52b9872fc01ef07fc82a654', operation='INSERT', pgid='pgtrigger_never_below_zero_statement_id_b39b5', table='pos_billing_allocation', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementdocument',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='880895c4d72eea22607256e8e9f098d406ea43bf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d2f2c', table='pos_billing_statementdocument', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementdocument',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='d5e669738e5dbfeb955f03a25c223da98b9b8b0e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_618d8', table='pos_billing_statementdocument', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='creditnoteline',
            constraint=models.CheckConstraint(condition=models.Q(('cents__gt', 0)), name='credit_note_line_positive'),
        ),
        migrations.AddConstraint(
            model_name='creditnoteline',
            constraint=models.UniqueConstraint(fields=('credit_note', 'statement_line'), name='credit_note_line_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnoteline',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7d77f16abe1fa769bdc3a90230398de1a1c956d6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_dc2bc', table='pos_billing_creditnoteline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnoteline',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='d4d2bcb591d8333b64060fc7c11520e0b837817a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_9ae6a', table='pos_billing_creditnoteline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnoteline',
            trigger=pgtrigger.compiler.Trigger(name='adds_up_credit_note_id', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', declare='DECLARE wrong text;', func="EXECUTE format('SELECT h.id::text FROM %1$I.pos_billing_creditnote AS h LEFT JOIN %1$I.pos_billing_creditnoteline AS p ON p.credit_note_id = h.id AND true WHERE h.id = $1 GROUP BY h.id, h.cents HAVING coalesce(sum(p.cents), 0) <> h.cents', TG_TABLE_SCHEMA) INTO wrong USING NEW.credit_note_id; IF wrong IS NOT NULL THEN RAISE EXCEPTION 'pos_billing_creditnote % is not the sum of its parts', wrong USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='0181db22dc43e1e0fe358e4cd6fe0588d03a830f', operation='INSERT', pgid='pgtrigger_adds_up_credit_note_id_89f7d', table='pos_billing_creditnoteline', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='stripecustomer',
            constraint=models.UniqueConstraint(fields=('account', 'stripe_account'), name='stripe_customer_once'),
        ),
        migrations.AddConstraint(
            model_name='stripecustomer',
            constraint=models.UniqueConstraint(condition=models.Q(('customer_id', ''), _negated=True), fields=('customer_id',), name='stripe_customer_id_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supportaccesspage',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e0dee9299714ca71de4afbe259a1a3c85b7df611', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b7613', table='pos_billing_supportaccesspage', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supportaccesspage',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='2d36b69315a1e69aed7f547abc20c208dfa3235f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_9d875', table='pos_billing_supportaccesspage', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='usagefee',
            constraint=models.UniqueConstraint(fields=('plan', 'name'), name='usage_fee_name_once'),
        ),
        migrations.AddConstraint(
            model_name='usagefee',
            constraint=models.CheckConstraint(condition=models.Q(('metric__in', ['', 'db_objects', 'api_calls', 'storage_mb', 'emails', 'sms', 'background_jobs', 'domains'])), name='usage_fee_metric_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='usagefee',
            trigger=pgtrigger.compiler.Trigger(name='never_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='0c6320a501420c538bdbffa93826f8d10c021db1', operation='DELETE', pgid='pgtrigger_never_removed_aaecd', table='pos_billing_usagefee', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='usagefee',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_changenote (instance_id, dedicated_environment_id, plan_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT NULL::bigint, NULL::bigint, plan_id, DATE ''0001-01-01'' FROM changed GROUP BY id, plan_id HAVING count(*) = 1 OR count(DISTINCT (metric)) > 1) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, dedicated_environment_id, plan_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='f03a88165f5b5c7edccdd39c780202cee3830a4f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_notes_on_insert_8dd4e', referencing='REFERENCING NEW TABLE AS new_rows ', table='pos_billing_usagefee', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='usagefee',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_changenote (instance_id, dedicated_environment_id, plan_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT NULL::bigint, NULL::bigint, plan_id, DATE ''0001-01-01'' FROM changed GROUP BY id, plan_id HAVING count(*) = 1 OR count(DISTINCT (metric)) > 1) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, dedicated_environment_id, plan_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='67b4f2eb2579a057e20d148ec599019b772b62b0', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_notes_on_update_26e52', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='pos_billing_usagefee', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='usagefee',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows) INSERT INTO %1$I.pos_billing_changenote (instance_id, dedicated_environment_id, plan_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT NULL::bigint, NULL::bigint, plan_id, DATE ''0001-01-01'' FROM changed GROUP BY id, plan_id HAVING count(*) = 1 OR count(DISTINCT (metric)) > 1) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, dedicated_environment_id, plan_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='2ea7e717051799041db45667429f582ebc7d1771', level='STATEMENT', operation='DELETE', pgid='pgtrigger_notes_on_delete_17d48', referencing='REFERENCING OLD TABLE AS old_rows ', table='pos_billing_usagefee', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='usagefee',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_usagefeeevent" ("id", "metric", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id") SELECT new_values."id", new_values."metric", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."plan_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='804c620ae4865033db66c65617ec8d8b92b04b87', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_43b71', referencing='REFERENCING NEW TABLE AS new_values ', table='pos_billing_usagefee', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='usagefee',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_usagefeeevent" ("id", "metric", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id") SELECT new_values."id", new_values."metric", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."plan_id" FROM ( SELECT new_values.* FROM (SELECT * FROM new_values EXCEPT SELECT * FROM old_values) AS new_values ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='66c33dfebd686fe645ed805c99526430176c1c47', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_8aac0', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pos_billing_usagefee', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='usagefee',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_usagefeeevent" ("id", "metric", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id") SELECT old_values."id", old_values."metric", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."plan_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='119fba64758ee48dfb4fe801c50afb5358bbac0d', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_71395', referencing='REFERENCING OLD TABLE AS old_values ', table='pos_billing_usagefee', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='statementline',
            index=models.Index(fields=['instance_id', 'month'], name='line_instance_month'),
        ),
        migrations.AddIndex(
            model_name='statementline',
            index=models.Index(condition=models.Q(('dedicated_environment_id__isnull', False)), fields=['dedicated_environment_id', 'month'], name='line_dedicated_month'),
        ),
        migrations.AddIndex(
            model_name='statementline',
            index=django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['month'], name='line_month', pages_per_range=32),
        ),
        migrations.AddConstraint(
            model_name='statementline',
            constraint=models.CheckConstraint(condition=models.Q(('amount_cents', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('due_cents'), '-', models.F('billed_cents')), '+', models.F('credited_cents'))), models.Q(('amount_cents', 0), ('credited_cents', 0), _negated=True)), name='line_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='statementline',
            constraint=models.CheckConstraint(condition=models.Q(('credited_cents', 0), models.Q(('amount_cents__lte', 0), ('credited_cents__gt', 0)), _connector='OR'), name='line_credited_lowers_a_credit'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementline',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='edf711b888d1cf32598650192ac4f002ec1fca07', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_94885', table='pos_billing_statementline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementline',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='61e52e52f372c290f9a1ce2c62f0746706a08f5f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_719e1', table='pos_billing_statementline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementline',
            trigger=pgtrigger.compiler.Trigger(name='only_with_its_statement', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE late text;', func="EXECUTE format('SELECT string_agg(DISTINCT s.number, '', '') FROM %I.pos_billing_statement AS s WHERE s.id IN (SELECT statement_id FROM new_rows)', TG_TABLE_SCHEMA) INTO late; IF late IS NOT NULL THEN RAISE EXCEPTION 'statement % is issued: its lines cannot be added to', late USING ERRCODE = 'restrict_violation'; END IF; RETURN NULL;", hash='eb73a0cf07addc18f176200f5afc82c54031093e', level='STATEMENT', operation='INSERT', pgid='pgtrigger_only_with_its_statement_a9cd3', referencing='REFERENCING NEW TABLE AS new_rows ', table='pos_billing_statementline', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='price',
            constraint=models.CheckConstraint(condition=models.Q(('days__isempty', False), ('days__startswith__isnull', False)), name='price_days'),
        ),
        migrations.AddConstraint(
            model_name='price',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('fee'), models.F('fee'), models.Value('[]'), function='int8range'), '='), ('days', '&&')], name='one_price_a_day'),
        ),
        migrations.AddConstraint(
            model_name='price',
            constraint=models.CheckConstraint(condition=models.Q(('cents__gte', 0), ('included__gte', 0)), name='price_not_negative'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='price',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_changenote (instance_id, dedicated_environment_id, plan_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT NULL::bigint, NULL::bigint, fee.plan_id, DATE ''0001-01-01'' FROM changed JOIN %1$I.pos_billing_usagefee AS fee ON fee.id = changed.fee_id) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, dedicated_environment_id, plan_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='604ff4fa4f877954b85715bf6692a642caf4d45e', level='STATEMENT', operation='INSERT', pgid='pgtrigger_notes_on_insert_4a587', referencing='REFERENCING NEW TABLE AS new_rows ', table='pos_billing_price', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='price',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO %1$I.pos_billing_changenote (instance_id, dedicated_environment_id, plan_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT NULL::bigint, NULL::bigint, fee.plan_id, DATE ''0001-01-01'' FROM changed JOIN %1$I.pos_billing_usagefee AS fee ON fee.id = changed.fee_id) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, dedicated_environment_id, plan_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='9c023742b5b923a72e603ecb5cf453c05bae0db4', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_notes_on_update_deb8d', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='pos_billing_price', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='price',
            trigger=pgtrigger.compiler.Trigger(name='notes_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="EXECUTE format('WITH changed AS (SELECT * FROM old_rows) INSERT INTO %1$I.pos_billing_changenote (instance_id, dedicated_environment_id, plan_id, first_month, noted_in) SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM (SELECT NULL::bigint, NULL::bigint, fee.plan_id, DATE ''0001-01-01'' FROM changed JOIN %1$I.pos_billing_usagefee AS fee ON fee.id = changed.fee_id) AS chosen ORDER BY 1, 2 ON CONFLICT (instance_id, dedicated_environment_id, plan_id, first_month) DO UPDATE SET noted_in = excluded.noted_in', TG_TABLE_SCHEMA); RETURN NULL;", hash='02a6c895d85d3381b4b95315c05442f75fb407fb', level='STATEMENT', operation='DELETE', pgid='pgtrigger_notes_on_delete_6c5c3', referencing='REFERENCING OLD TABLE AS old_rows ', table='pos_billing_price', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='price',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_priceevent" ("cents", "days", "fee_id", "id", "included", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tiers") SELECT new_values."cents", new_values."days", new_values."fee_id", new_values."id", new_values."included", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."tiers" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='5babd18f7dce0c099ed4110a07ca9b0157de2ab3', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_afe20', referencing='REFERENCING NEW TABLE AS new_values ', table='pos_billing_price', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='price',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_priceevent" ("cents", "days", "fee_id", "id", "included", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tiers") SELECT new_values."cents", new_values."days", new_values."fee_id", new_values."id", new_values."included", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."tiers" FROM ( SELECT new_values.* FROM (SELECT * FROM new_values EXCEPT SELECT * FROM old_values) AS new_values ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='86e5ed0cce7c417861c490df95e923361b13e463', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_0e72b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pos_billing_price', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='price',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pos_billing_priceevent" ("cents", "days", "fee_id", "id", "included", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tiers") SELECT old_values."cents", old_values."days", old_values."fee_id", old_values."id", old_values."included", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."tiers" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='cb67532383235170be2318bc884ed2456713edf9', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_54540', referencing='REFERENCING OLD TABLE AS old_values ', table='pos_billing_price', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='writeoff',
            constraint=models.CheckConstraint(condition=models.Q(('cents', 0), _negated=True), name='write_off_not_zero'),
        ),
        migrations.AddConstraint(
            model_name='writeoff',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('credit', None), ('statement__isnull', False)), models.Q(('credit__isnull', False), ('statement', None)), _connector='OR'), name='write_off_one_target'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='writeoff',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f4dccd8f1d78e1030ee7f8225e397886f7002466', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_cbb6c', table='pos_billing_writeoff', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='writeoff',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';", hash='565c4799953f32edab968a1e5178170ee2abff36', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_1b22a', table='pos_billing_writeoff', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='writeoff',
            trigger=pgtrigger.compiler.Trigger(name='never_below_zero_statement_id', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', declare='DECLARE wrong text;', func="EXECUTE format('SELECT s.number FROM %1$I.pos_billing_statement AS s WHERE s.id = $1 AND s.amount_due_cents < coalesce((SELECT sum(cents) FROM %1$I.pos_billing_allocation WHERE statement_id = s.id), 0) + coalesce((SELECT sum(applied_cents) FROM %1$I.pos_billing_creditnote WHERE statement_id = s.id), 0) + coalesce((SELECT sum(cents) FROM %1$I.pos_billing_writeoff WHERE statement_id = s.id), 0)', TG_TABLE_SCHEMA) INTO wrong USING NEW.statement_id; IF wrong IS NOT NULL THEN RAISE EXCEPTION 'statement % would be paid more than it asks for', wrong USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='3b0c7b18bb67b0aadc2539822c6174f506c33131', operation='INSERT', pgid='pgtrigger_never_below_zero_statement_id_10db6', table='pos_billing_writeoff', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ]
