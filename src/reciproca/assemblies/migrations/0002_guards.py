from django.db import migrations

from reciproca.shared.append_only import append_only

# A draft that nobody was sent may be withdrawn whole; what a version says never changes.
TEXTS = """
CREATE TRIGGER assemblies_motiontext_is_never_changed BEFORE UPDATE ON assemblies_motiontext
FOR EACH ROW EXECUTE FUNCTION shared_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("assemblies", "0001_initial")]

    operations = [
        *append_only(
            "assemblies_statute",
            "assemblies_pluralvote",
            "assemblies_elector",
            "assemblies_sending",
        ),
        migrations.RunSQL(
            sql=TEXTS,
            reverse_sql="DROP TRIGGER assemblies_motiontext_is_never_changed ON assemblies_motiontext;",
        ),
    ]
