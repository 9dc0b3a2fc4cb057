from django.db import migrations

from reciproca.shared.append_only import erasable

# What a device sent may hold anything: what cannot be told without the number is not kept at all.
WITHOUT_CARD = r"""
CREATE FUNCTION tills_names_card(payload text, number text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT strpos(regexp_replace(payload, '\s|\\u00a0', '', 'g'), number) > 0
$$;
CREATE FUNCTION tills_without_card(payload text, number text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE bare text;
BEGIN
  IF jsonb_typeof(payload::jsonb) = 'object' THEN
    bare := (payload::jsonb || '{"card": null}')::text;
    IF NOT tills_names_card(bare, number) THEN
      RETURN bare;
    END IF;
  END IF;
  RETURN '{}';
EXCEPTION WHEN data_exception THEN
  RETURN '{}';
END $$;
"""
FORGET = "DROP FUNCTION tills_without_card(text, text); DROP FUNCTION tills_names_card(text, text);"


class Migration(migrations.Migration):
    dependencies = [
        ("tills", "0002_append_only"),
        ("registry", "0015_erasure"),
        ("shared", "0002_erased_people"),
    ]

    operations = [
        migrations.RunSQL(sql=WITHOUT_CARD, reverse_sql=FORGET),
        erasable(
            "tills_heldsale",
            whose="JOIN registry_card c ON c.person_id = e.person"
            " WHERE tills_names_card(OLD.payload, c.number)",
            payload="tills_without_card(OLD.payload, c.number)",
        ),
    ]
