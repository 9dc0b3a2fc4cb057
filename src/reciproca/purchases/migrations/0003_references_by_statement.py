import django.db.models.deletion
from django.db import migrations, models

from reciproca.shared.references import references


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0002_append_only"),
        ("imports", "0004_references_by_statement"),
        ("purchases", "0002_append_only"),
        ("registry", "0010_doubles_and_claims"),
    ]

    operations = [
        migrations.AlterField(
            model_name="line",
            name="purchase",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="purchases.purchase",
            ),
        ),
        migrations.AlterField(
            model_name="purchase",
            name="buyer",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.node",
            ),
        ),
        migrations.AlterField(
            model_name="purchase",
            name="imported_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="imports.import",
            ),
        ),
        migrations.AlterField(
            model_name="purchase",
            name="policy",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.policy",
            ),
        ),
        migrations.AlterField(
            model_name="purchase",
            name="seller",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.node",
            ),
        ),
        *references(
            "purchases_purchase",
            seller_id="registry_node.id",
            buyer_id="registry_node.id",
            imported_by_id="imports_import.id",
            policy_id="governance_policy.digest",
        ),
        *references("purchases_line", purchase_id="purchases_purchase.id"),
    ]
