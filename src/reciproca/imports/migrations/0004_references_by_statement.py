import django.db.models.deletion
from django.db import migrations, models

from reciproca.shared.references import references


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0003_stopped"),
    ]

    operations = [
        migrations.AlterField(
            model_name="row",
            name="file",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="imports.import",
            ),
        ),
        *references("imports_row", file_id="imports_import.id"),
    ]
