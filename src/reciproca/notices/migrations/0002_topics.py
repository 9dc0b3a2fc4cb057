import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_initial"),
        ("registry", "0004_changes"),
    ]

    operations = [
        # A column of the primary key cannot be renamed; nobody has chosen anything yet.
        migrations.DeleteModel(name="Preference"),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "topic",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("topic", models.CharField(max_length=40)),
                (
                    "mail",
                    models.CharField(
                        choices=[
                            ("digest", "Una volta al giorno, tutto insieme"),
                            ("now", "Subito"),
                            ("never", "Mai"),
                        ],
                        default="digest",
                        max_length=6,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.node",
                    ),
                ),
            ],
        ),
        migrations.RemoveIndex(model_name="notice", name="notices_to_mail"),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("read_at", None)),
                fields=["recipient"],
                name="notices_unread",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("mailed_at", None)),
                fields=["recipient", "created_at"],
                name="notices_to_mail",
            ),
        ),
    ]
