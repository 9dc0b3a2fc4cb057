import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import reciproca.shared.ids


class Migration(migrations.Migration):
    dependencies = [
        ("redistribution", "0002_append_only"),
        ("registry", "0015_erasure"),
    ]

    operations = [
        migrations.AlterField(
            model_name="simulatedpart",
            name="member",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.node",
            ),
        ),
        migrations.CreateModel(
            name="PointList",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=reciproca.shared.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("criterion", models.CharField(max_length=20)),
                ("attested_by", models.CharField(max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("people", models.IntegerField()),
                ("handed_by", models.UUIDField()),
                (
                    "handed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("starts_on__lte", models.F("ends_on"))),
                        name="redistribution_points_have_days",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PointLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("points", models.SmallIntegerField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.node",
                    ),
                ),
                (
                    "list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="redistribution.pointlist",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("list", "member"), name="redistribution_one_line_of_points"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("points__gte", 0), ("points__lt", 1000)),
                        name="redistribution_points_bounded",
                    ),
                ],
            },
        ),
    ]
