from django.db import migrations

from reciproca.shared.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial")]

    operations = append_only("governance_resolution", "governance_policy", "governance_adoption")
