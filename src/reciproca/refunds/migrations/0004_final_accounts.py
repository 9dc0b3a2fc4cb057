from django.db import migrations

# Accounts are what a run was computed from: once it stands, the database keeps them as they were.
GUARD = """
CREATE FUNCTION refunds_keep_final_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM refunds_refundrun WHERE accounts_id = OLD.id) THEN
    RAISE EXCEPTION '% on %: the refund was divided on these accounts', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'RS001';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER refunds_accounts_are_final BEFORE UPDATE OR DELETE ON refunds_annualaccounts
FOR EACH ROW EXECUTE FUNCTION refunds_keep_final_accounts();
"""
UNGUARD = """
DROP TRIGGER refunds_accounts_are_final ON refunds_annualaccounts;
DROP FUNCTION refunds_keep_final_accounts();
"""


class Migration(migrations.Migration):
    dependencies = [("refunds", "0003_claims_of_other_exchanges")]

    operations = [migrations.RunSQL(sql=GUARD, reverse_sql=UNGUARD)]
