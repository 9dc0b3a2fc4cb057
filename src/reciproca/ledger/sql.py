"""
The ledger's rules as the database keeps them. Installed by the first migration; see
docs/rules/ledger.md.
"""

APPLY = """
-- Every path into the table (COPY, INSERT, a foreign tool) passes here, once a statement: the
-- batch is summed by account, checked at each of its steps in `seq` order, and each account is
-- updated once.
--
-- Locks are taken by the UPDATE itself in account order: the set is sorted and the joins that
-- could visit it in another order are switched off, so two batches that cross wait for each other
-- and never deadlock.
--
-- A session plans the statement once, perhaps while there are ten accounts, and keeps the plan when
-- there are a million. So that comparing every account with every line of a batch never looks
-- cheap, rows alone cost anything here, and what an account must be is asked of the pair, not of
-- the account: the only plan left looks each account of the batch up by its id.
CREATE OR REPLACE FUNCTION ledger_apply_transfers() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET enable_bitmapscan
  = off SET enable_material = off
SET cpu_tuple_cost = 1 SET cpu_index_tuple_cost = 1 SET cpu_operator_cost = 0
SET random_page_cost = 0 SET seq_page_cost = 0 AS $$
DECLARE
  wanted integer;
  applied integer;
  refused record;
BEGIN
  WITH entry AS (
    SELECT debit_account_id AS account, unit, -amount AS change, seq FROM posted
    UNION ALL
    SELECT credit_account_id, unit, amount, seq FROM posted
  ), step AS (
    SELECT account, unit, change, sum(change) OVER (PARTITION BY account, unit ORDER BY seq) AS
      running FROM entry
  ), total AS MATERIALIZED (
    SELECT account, unit,
           coalesce(sum(-change) FILTER (WHERE change < 0), 0)::bigint AS debits,
           coalesce(sum(change) FILTER (WHERE change > 0), 0)::bigint AS credits,
           least(min(running), 0)::bigint AS lowest,
           greatest(max(running), 0)::bigint AS highest
    FROM step GROUP BY account, unit ORDER BY account
  ), moved AS (
    UPDATE ledger_account a
    SET debits_posted = a.debits_posted + t.debits, credits_posted = a.credits_posted + t.credits
    FROM total t
    WHERE a.id = t.account AND CASE
      WHEN a.unit <> t.unit OR a.closed_at IS NOT NULL THEN false
      WHEN a.credits_posted - a.debits_posted + t.lowest < a.floor THEN false
      WHEN a.credits_posted - a.debits_posted + t.highest > a.ceiling THEN false
      ELSE true
    END
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM total), (SELECT count(*) FROM moved) INTO wanted, applied;

  IF wanted = applied THEN
    RETURN NULL;
  END IF;

  -- Something was refused: the slow way, only to say what. The account is read as it stands in
  -- this statement.
  WITH entry AS (
    SELECT debit_account_id AS account, unit, -amount AS change, seq FROM posted
    UNION ALL
    SELECT credit_account_id, unit, amount, seq FROM posted
  ), step AS (
    SELECT account, unit, sum(change) OVER (PARTITION BY account, unit ORDER BY seq) AS running
      FROM entry
  ), total AS (
    SELECT account, unit, least(min(running), 0) AS lowest, greatest(max(running), 0) AS highest
    FROM step GROUP BY account, unit
  )
  SELECT t.account,
         CASE WHEN a.id IS NULL THEN 'unknown-account'
              WHEN a.unit <> t.unit THEN 'wrong-unit'
              WHEN a.closed_at IS NOT NULL THEN 'closed-account'
              WHEN a.credits_posted - a.debits_posted + t.lowest < a.floor THEN 'floor-reached'
              WHEN a.credits_posted - a.debits_posted + t.highest > a.ceiling THEN 'ceiling-reached'
         END AS rule,
         coalesce(a.credits_posted - a.debits_posted, 0) AS balance, t.lowest, t.highest
  INTO refused
  FROM total t LEFT JOIN ledger_account a ON a.id = t.account
  WHERE a.id IS NULL OR a.unit <> t.unit OR a.closed_at IS NOT NULL
     OR a.credits_posted - a.debits_posted + t.lowest < a.floor
     OR a.credits_posted - a.debits_posted + t.highest > a.ceiling
  ORDER BY t.account LIMIT 1;

  RAISE EXCEPTION 'ledger: %', coalesce(refused.rule, 'changed-meanwhile') USING
    ERRCODE = 'RL001',
    DETAIL = json_build_object(
      'rule', coalesce(refused.rule, 'changed-meanwhile'), 'account', refused.account, 'balance',
        refused.balance,
      'lowest', refused.lowest, 'highest', refused.highest)::text;
END $$;
"""

APPLIED = """
CREATE TRIGGER ledger_apply AFTER INSERT ON ledger_transfer REFERENCING NEW TABLE AS posted
FOR EACH STATEMENT EXECUTE FUNCTION ledger_apply_transfers();
"""

GUARDS = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger: % on % is never allowed; correct with a contrary transfer', TG_OP,
    TG_TABLE_NAME
    USING ERRCODE = 'RL002';
END $$;

-- Row triggers are inherited by partitions, a truncate guard is not: whoever adds a partition
-- gives it its own.
CREATE TRIGGER ledger_transfer_is_never_changed BEFORE UPDATE OR DELETE ON ledger_transfer
FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_transfer_is_never_emptied BEFORE TRUNCATE ON ledger_transfer
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

CREATE TRIGGER ledger_account_is_never_deleted BEFORE DELETE ON ledger_account
FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_account_is_never_emptied BEFORE TRUNCATE ON ledger_account
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- Totals move only from within the trigger above; what an account is, never.
CREATE TRIGGER ledger_totals_follow_transfers
BEFORE UPDATE OF debits_posted, credits_posted ON ledger_account
FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_account_keeps_its_identity
BEFORE UPDATE OF id, unit, purpose, owner, party, expires_on ON ledger_account
FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_account_begins_empty BEFORE INSERT ON ledger_account
FOR EACH ROW WHEN (NEW.debits_posted <> 0 OR NEW.credits_posted <> 0) EXECUTE FUNCTION
  ledger_refuse_change();
"""

# Room on the page for the next version of a row: totals change with every sale and touch no index.
STORAGE = "ALTER TABLE ledger_account SET (fillfactor = 50);"

DROP = """
DROP TRIGGER ledger_apply ON ledger_transfer;
DROP TRIGGER ledger_transfer_is_never_changed ON ledger_transfer;
DROP TRIGGER ledger_transfer_is_never_emptied ON ledger_transfer;
DROP TRIGGER ledger_account_is_never_deleted ON ledger_account;
DROP TRIGGER ledger_account_is_never_emptied ON ledger_account;
DROP TRIGGER ledger_totals_follow_transfers ON ledger_account;
DROP TRIGGER ledger_account_keeps_its_identity ON ledger_account;
DROP TRIGGER ledger_account_begins_empty ON ledger_account;
DROP FUNCTION ledger_apply_transfers();
DROP FUNCTION ledger_refuse_change();
"""
