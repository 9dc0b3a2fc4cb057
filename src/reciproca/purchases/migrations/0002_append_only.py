from django.db import migrations

from reciproca.shared.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("purchases", "0001_initial")]

    operations = append_only("purchases_purchase", "purchases_line", "purchases_closedyear")
