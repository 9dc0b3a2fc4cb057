import django.db.models.deletion
from django.db import migrations, models

from reciproca.ledger import sql


class Migration(migrations.Migration):
    """Accounts without limits have stripes. Every rule is installed here, whatever was before."""

    dependencies = [("ledger", "0005_months")]

    operations = [
        migrations.CreateModel(
            name="Stripe",
            fields=[
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ledger.account",
                    ),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id",
                        "stripe",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("stripe", models.SmallIntegerField()),
                ("debits_posted", models.BigIntegerField()),
                ("credits_posted", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(sql=sql.FUNCTIONS + sql.TRIGGERS, reverse_sql=migrations.RunSQL.noop),
    ]
