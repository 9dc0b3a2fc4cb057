from django.db import migrations

from reciproca.shared.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("valueback", "0001_initial")]

    operations = append_only(
        "valueback_committedrate",
        "valueback_acceptancelimit",
        "valueback_gift",
        "valueback_expiredlot",
    )
