import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Accounts without limits have stripes."""

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
    ]
