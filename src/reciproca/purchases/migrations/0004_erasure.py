from django.db import migrations

from reciproca.shared.append_only import erasable


class Migration(migrations.Migration):
    dependencies = [("purchases", "0003_references_by_statement"), ("shared", "0002_erased_people")]

    operations = [
        erasable("purchases_purchase", whose="WHERE e.person = OLD.buyer_id", reason="''"),
        erasable(
            "purchases_line",
            whose="JOIN purchases_purchase p ON p.id = OLD.purchase_id WHERE e.person = p.buyer_id",
            description="''",
        ),
    ]
