from django.db import migrations

# An order is what was confirmed. Until it ends its state moves; how it ended stands for good. What
# an erased person bought goes, as it goes from purchases; amounts stay.
AS_CONFIRMED = """
CREATE FUNCTION market_order_as_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state NOT IN ('confirmed', 'ready')
    OR to_jsonb(NEW) - ARRAY['state', 'ended_at', 'reason', 'purchase_id']
      <> to_jsonb(OLD) - ARRAY['state', 'ended_at', 'reason', 'purchase_id'] THEN
    RAISE EXCEPTION 'order % is as it was confirmed, and ends once', OLD.id USING ERRCODE = 'RS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER market_order_as_confirmed BEFORE UPDATE OR DELETE ON market_order
FOR EACH ROW EXECUTE FUNCTION market_order_as_confirmed();

CREATE FUNCTION market_line_as_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) = to_jsonb(OLD) || '{"title": "", "offer_id": null}'
    AND EXISTS (SELECT FROM market_order o JOIN shared_erasedperson e ON e.person = o.buyer_id
      WHERE o.id = OLD.order_id) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.delivered_milli IS NOT NULL
    OR to_jsonb(NEW) - 'delivered_milli' <> to_jsonb(OLD) - 'delivered_milli' THEN
    RAISE EXCEPTION 'line % is as it was confirmed, and is handed over once', OLD.id
      USING ERRCODE = 'RS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER market_line_as_confirmed BEFORE UPDATE OR DELETE ON market_orderline
FOR EACH ROW EXECUTE FUNCTION market_line_as_confirmed();
"""

NOT_ANY_MORE = """
DROP TRIGGER market_line_as_confirmed ON market_orderline;
DROP FUNCTION market_line_as_confirmed();
DROP TRIGGER market_order_as_confirmed ON market_order;
DROP FUNCTION market_order_as_confirmed();
"""


class Migration(migrations.Migration):
    dependencies = [("market", "0002_orders"), ("shared", "0002_erased_people")]

    operations = [migrations.RunSQL(sql=AS_CONFIRMED, reverse_sql=NOT_ANY_MORE)]
