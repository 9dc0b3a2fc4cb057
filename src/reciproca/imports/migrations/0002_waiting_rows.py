import django.db.models.deletion
from django.db import migrations, models

STATES = [
    ("reading", "In lettura"),
    ("read", "In controllo"),
    ("previewed", "Da confermare"),
    ("running", "In corso"),
    ("done", "Completata"),
    ("failed", "Interrotta"),
    ("undoing", "In annullamento"),
    ("undone", "Annullata"),
]


class Migration(migrations.Migration):
    """A row waits as text and as what was read in it; a refusal is a code with its params."""

    dependencies = [("imports", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="Row"),
        migrations.RemoveField(model_name="import", name="refusal_message"),
        migrations.AlterField("import", "digest", models.CharField(blank=True, max_length=64)),
        migrations.AlterField(
            "import", "state", models.CharField(choices=STATES, default="reading", max_length=10)
        ),
        migrations.AddField("import", "header", models.JSONField(default=list)),
        migrations.AddField("import", "findings", models.JSONField(default=dict)),
        migrations.AddField("import", "takes_good_rows", models.BooleanField(default=False)),
        migrations.AddField("import", "refusal_params", models.JSONField(default=dict)),
        migrations.AddField("import", "undone_by", models.UUIDField(null=True)),
        migrations.AddField("import", "undone_at", models.DateTimeField(null=True)),
        migrations.AddField("import", "undo_reason", models.CharField(blank=True, max_length=300)),
        migrations.AddIndex(
            "import",
            models.Index(fields=["organisation_id", "-started_at", "id"], name="imports_latest"),
        ),
        migrations.CreateModel(
            name="Row",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "file_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.IntegerField()),
                ("group", models.CharField(blank=True, max_length=64)),
                ("key", models.CharField(max_length=64)),
                ("has_key", models.BooleanField(default=False)),
                ("occurrence", models.IntegerField(default=1)),
                ("raw", models.TextField()),
                ("values", models.TextField(blank=True)),
                ("amount_cents", models.BigIntegerField(default=0)),
                ("code", models.CharField(blank=True, max_length=60)),
                ("params", models.TextField(blank=True)),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="imports.import",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["file", "code", "number"],
                        name="imports_row_refused",
                        condition=models.Q(("code", ""), _negated=True),
                    )
                ],
            },
        ),
    ]
