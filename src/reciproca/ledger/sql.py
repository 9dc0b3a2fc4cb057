"""
The ledger's rules as the database keeps them. `FUNCTIONS` and `TRIGGERS` are installed by the last
migration that names them both, whatever was there before; see docs/ledger.md.
"""

# PostgreSQL sums bigint as numeric, which costs more than all the rest of a step. This one stays
# within bigint and refuses to pass its ends.
SUM = """
CREATE OR REPLACE AGGREGATE ledger_sum(bigint) (SFUNC = int8pl, STYPE = bigint, INITCOND = '0');
"""

# A session plans a statement once, perhaps while there are ten accounts, and keeps the plan when
# there are a million. So that comparing every account with every line of a batch never looks
# cheap, rows alone cost anything here, and what an account must be is asked of the pair, not of
# the account: the only plan left looks each account of the batch up by its id.
#
# With such prices a server that can compile would compile every posting: it must not.
#
# Locks are taken by the UPDATE itself in account order: the set is sorted and the joins that could
# visit it in another order are switched off, so two batches that cross wait for each other and
# never deadlock.
ONE_PLAN = """
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
SET enable_bitmapscan = off SET enable_material = off
SET cpu_tuple_cost = 1 SET cpu_index_tuple_cost = 1 SET cpu_operator_cost = 0
SET random_page_cost = 0 SET seq_page_cost = 0 SET jit = off
"""

FEW = 16
"""Transfers of a batch that is small beside its commit."""

STRIPES = 16
"""More than connections that post at the same time, mostly."""

# What each account gives and receives in all, of a transition table; in account order.
TOTALS = """
  total AS MATERIALIZED (
    SELECT e.account, r.unit, ledger_sum(e.debit) AS debits, ledger_sum(e.credit) AS credits
    FROM {rows} r, LATERAL (VALUES (r.debit_account_id, r.amount, 0::bigint),
      (r.credit_account_id, 0, r.amount)) AS e (account, debit, credit)
    GROUP BY e.account, r.unit ORDER BY e.account
  )"""

REFUSE = """
CREATE OR REPLACE FUNCTION ledger_refuse_posting(rule text, account bigint, balance bigint,
  lowest bigint, highest bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger: %', coalesce(rule, 'changed-meanwhile') USING
    ERRCODE = 'RL001',
    DETAIL = json_build_object('rule', coalesce(rule, 'changed-meanwhile'), 'account', account,
      'balance', balance, 'lowest', lowest, 'highest', highest)::text;
END $$;
"""

# What is added to accounts: of one transfer, or in all to each of several accounts.
OF_ONE = {
    "beginning": "WITH",
    "joined": "",
    "account": "a.id IN (one.debit, one.credit)",
    "unit": "one.unit",
    "debits": "CASE a.id WHEN one.debit THEN one.amount ELSE 0 END",
    "credits": "CASE a.id WHEN one.credit THEN one.amount ELSE 0 END",
}
OF_SEVERAL = {
    "beginning": f"WITH {TOTALS.format(rows='posted')},",
    "joined": "total t",
    "account": "a.id = t.account AND a.id = ANY ((SELECT array_agg(account) FROM total)::bigint[])",
    "unit": "t.unit",
    "debits": "t.debits",
    "credits": "t.credits",
}

# Adds it, and tells which accounts took it. What is pending weighs on both sides: what may still go
# out counts against the floor as if it had gone, what may still come in against the ceiling as if
# it had come.
#
# A batch of few transfers waits for its commit much longer than it works: where there is neither
# floor nor ceiling it adds to the stripe of its own connection, instead of waiting for everybody
# else who pays into the same fund. Accounts are locked before stripes, both in account order.
ADD = """
  {beginning} added AS (
    UPDATE ledger_account a
    SET debits_posted = a.debits_posted + {debits}, credits_posted = a.credits_posted + {credits}
    {from_joined}
    WHERE {account} AND (NOT few OR a.floor IS NOT NULL OR a.ceiling IS NOT NULL) AND CASE
      WHEN a.unit <> {unit} OR a.closed_at IS NOT NULL THEN false
      WHEN a.credits_posted - a.debits_posted - a.debits_pending + {credits} - {debits} < a.floor
        THEN false
      WHEN a.credits_posted - a.debits_posted + a.credits_pending + {credits} - {debits} > a.ceiling
        THEN false
      ELSE true
    END
    RETURNING a.id,
      a.credits_posted - a.debits_posted - a.debits_pending - {credits} < a.floor
      OR a.credits_posted - a.debits_posted + a.credits_pending + {debits} > a.ceiling
      AS doubtful
  )
  SELECT {wanted}, coalesce(array_agg(added.id), '{{}}'), coalesce(bool_or(added.doubtful), false)
  INTO wanted, moved, doubtful FROM added;

  IF few AND cardinality(moved) < wanted THEN
    {beginning} striped AS (
      INSERT INTO ledger_stripe AS s (account_id, stripe, debits_posted, credits_posted)
      SELECT a.id, pg_backend_pid() % {stripes}, {debits}, {credits}
      FROM ledger_account a{and_joined}
      WHERE {account} AND a.floor IS NULL AND a.ceiling IS NULL AND a.unit = {unit}
        AND a.closed_at IS NULL
      ORDER BY a.id
      ON CONFLICT (account_id, stripe) DO UPDATE
      SET debits_posted = s.debits_posted + excluded.debits_posted,
        credits_posted = s.credits_posted + excluded.credits_posted
      RETURNING s.account_id
    )
    SELECT moved || coalesce(array_agg(striped.account_id), '{{}}') INTO moved FROM striped;
  END IF;
"""


def _add(of: dict[str, str]) -> str:
    joined = of["joined"]
    return ADD.format(
        **of,
        wanted="(SELECT count(*) FROM total)" if joined else "2",
        from_joined=f"FROM {joined}" if joined else "",
        and_joined=f", {joined}" if joined else "",
        stripes=STRIPES,
    )


# Raises unless each account took its part, and was within its limits at every step from the
# balance before the batch: `lowest` and `highest` are how far the changes brought it at most.
CHECK_STEPS = f"""
CREATE OR REPLACE FUNCTION ledger_check_steps(accounts bigint[], units varchar[], changes bigint[],
  lowest bigint[], highest bigint[], moved bigint[]) RETURNS void LANGUAGE plpgsql
{ONE_PLAN} AS $$
DECLARE
  refused record;
BEGIN
  WITH checked AS (
    SELECT t.*, a.unit AS unit_kept, a.closed_at, a.floor, a.ceiling, a.debits_pending,
      a.credits_pending, a.credits_posted - a.debits_posted
      - CASE WHEN t.account = ANY(moved) THEN t.change ELSE 0 END AS balance
    FROM unnest(accounts, units, changes, lowest, highest)
      AS t (account, unit, change, lowest, highest)
    LEFT JOIN ledger_account a ON a.id = t.account
  ), ruled AS (
    SELECT *, CASE WHEN unit_kept IS NULL THEN 'unknown-account'
                   WHEN unit_kept <> unit THEN 'wrong-unit'
                   WHEN closed_at IS NOT NULL THEN 'closed-account'
                   WHEN balance - debits_pending + checked.lowest < floor THEN 'floor-reached'
                   WHEN balance + credits_pending + checked.highest > ceiling
                     THEN 'ceiling-reached'
              END AS rule
    FROM checked
  )
  SELECT account, rule, ruled.lowest, ruled.highest, coalesce(balance, 0) + CASE rule
    WHEN 'floor-reached' THEN -debits_pending WHEN 'ceiling-reached' THEN credits_pending ELSE 0
  END AS balance INTO refused
  FROM ruled WHERE rule IS NOT NULL ORDER BY account LIMIT 1;

  IF refused.rule IS NULL AND cardinality(accounts) = cardinality(moved) THEN
    RETURN;
  END IF;
  PERFORM ledger_refuse_posting(refused.rule, refused.account, refused.balance, refused.lowest,
    refused.highest);
END $$;
"""  # noqa: S608

# Large batches meet on the same accounts anyway. Who waits for a row reads that row again, and
# every row after it: waiting here once costs less.
ONE_BATCH_AT_A_TIME = "PERFORM pg_advisory_xact_lock(hashtextextended('ledger-batches', 0));"

# Every path into the table (COPY, INSERT, a foreign tool) passes here, once a statement: the batch
# is summed by account and each account is updated once. One transfer has nothing to sum.
#
# What a balance is after the batch is checked at once. What it was halfway through can be beyond a
# limit only where the same account both gave and received: if all that it gave, without anything
# that it received, would have passed its floor (or the contrary its ceiling), the batch is
# `doubtful` and looked at step by step, in `seq` order.
APPLY = f"""
CREATE OR REPLACE FUNCTION ledger_apply_transfers() RETURNS trigger LANGUAGE plpgsql
SET enable_nestloop = off SET enable_hashjoin = off SET enable_seqscan = off
SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  one record;
  few boolean;
  wanted integer;
  moved bigint[];
  doubtful boolean;
  accounts bigint[];
  units varchar[];
  changes bigint[];
  lowest bigint[];
  highest bigint[];
BEGIN
  SELECT count(*) AS transfers, min(p.debit_account_id) AS debit,
    min(p.credit_account_id) AS credit, min(p.amount) AS amount, min(p.unit) AS unit
  INTO one FROM (SELECT * FROM posted LIMIT {FEW} + 1) AS p;
  few := one.transfers <= {FEW};

  IF one.transfers = 1 THEN
    {_add(OF_ONE)}
  ELSE
    IF NOT few THEN
      {ONE_BATCH_AT_A_TIME}
    END IF;
    {_add(OF_SEVERAL)}
  END IF;

  IF wanted = cardinality(moved) AND NOT doubtful THEN
    RETURN NULL;
  END IF;

  WITH entry AS (
    SELECT debit_account_id AS account, unit, -amount AS change, seq, id FROM posted
    UNION ALL
    SELECT credit_account_id, unit, amount, seq, id FROM posted
  ), step AS (
    SELECT account, unit, change, ledger_sum(change)
      OVER (PARTITION BY account ORDER BY seq, id ROWS UNBOUNDED PRECEDING) AS running FROM entry
  ), total AS (
    SELECT account, unit, ledger_sum(change) AS change, least(min(running), 0) AS lowest,
      greatest(max(running), 0) AS highest
    FROM step GROUP BY account, unit
  )
  SELECT array_agg(s.account), array_agg(s.unit), array_agg(s.change), array_agg(s.lowest),
    array_agg(s.highest)
  INTO accounts, units, changes, lowest, highest FROM total AS s;
  PERFORM ledger_check_steps(accounts, units, changes, lowest, highest, moved);
  RETURN NULL;
END $$;
"""  # noqa: S608

# What is reserved counts from now on; nothing of it can undo itself within the batch, so that what
# holds after it held at every step.
RESERVE = f"""
CREATE OR REPLACE FUNCTION ledger_reserve() RETURNS trigger LANGUAGE plpgsql
{ONE_PLAN} AS $$
DECLARE
  wanted integer;
  moved bigint[];
  refused record;
BEGIN
  WITH {TOTALS.format(rows="reserved")}, moved AS (
    UPDATE ledger_account a
    SET debits_pending = a.debits_pending + t.debits,
      credits_pending = a.credits_pending + t.credits
    FROM total t
    WHERE a.id = t.account AND CASE
      WHEN a.unit <> t.unit OR a.closed_at IS NOT NULL THEN false
      WHEN a.credits_posted - a.debits_posted - a.debits_pending - t.debits < a.floor THEN false
      WHEN a.credits_posted - a.debits_posted + a.credits_pending + t.credits > a.ceiling
        THEN false
      ELSE true
    END
    RETURNING a.id
  )
  SELECT (SELECT count(*) FROM total), coalesce(array_agg(m.id), '{{}}')
  INTO wanted, moved FROM moved m;
  IF wanted = cardinality(moved) THEN
    RETURN NULL;
  END IF;

  WITH {TOTALS.format(rows="reserved")}
  SELECT t.account, t.debits, t.credits, CASE
      WHEN a.id IS NULL THEN 'unknown-account'
      WHEN a.unit <> t.unit THEN 'wrong-unit'
      WHEN a.closed_at IS NOT NULL THEN 'closed-account'
      WHEN a.credits_posted - a.debits_posted - a.debits_pending - t.debits < a.floor
        THEN 'floor-reached'
      WHEN a.credits_posted - a.debits_posted + a.credits_pending + t.credits > a.ceiling
        THEN 'ceiling-reached'
    END AS rule, a.credits_posted - a.debits_posted AS balance, a.debits_pending, a.credits_pending
  INTO refused FROM total t LEFT JOIN ledger_account a ON a.id = t.account
  WHERE t.account NOT IN (SELECT unnest(moved)) ORDER BY t.account LIMIT 1;
  PERFORM ledger_refuse_posting(refused.rule, refused.account, coalesce(refused.balance, 0)
    + CASE refused.rule WHEN 'floor-reached' THEN -refused.debits_pending
                        WHEN 'ceiling-reached' THEN refused.credits_pending ELSE 0 END,
    -refused.debits, refused.credits);
END $$;
"""  # noqa: S608

# A reservation that ends gives back what it held; what was taken of it moves in the same statement
# and passes the rules of every transfer. So nothing is taken twice, and nothing without moving. Who
# ends many waits for other large batches before holding any account.
END = f"""
CREATE OR REPLACE FUNCTION ledger_end_reservations() RETURNS trigger LANGUAGE plpgsql
{ONE_PLAN} AS $$
BEGIN
  IF (SELECT count(*) > {FEW} FROM (SELECT FROM ended LIMIT {FEW} + 1) AS first) THEN
    {ONE_BATCH_AT_A_TIME}
  END IF;
  WITH {TOTALS.format(rows="ended")}
  UPDATE ledger_account a
  SET debits_pending = a.debits_pending - t.debits, credits_pending = a.credits_pending - t.credits
  FROM total t WHERE a.id = t.account;

  INSERT INTO ledger_transfer (id, debit_account_id, credit_account_id, amount, unit, code,
    reference, seq, happened_at)
  SELECT transfer_id, debit_account_id, credit_account_id, taken_amount, unit, code,
    (left(transfer_id::text, 32) || '0000')::uuid, row_number() OVER (ORDER BY transfer_id),
    ended_at
  FROM ended WHERE transfer_id IS NOT NULL;
  RETURN NULL;
END $$;
"""  # noqa: S608

RESERVED = """
CREATE OR REPLACE TRIGGER ledger_reserve AFTER INSERT ON ledger_reservation
REFERENCING NEW TABLE AS reserved FOR EACH STATEMENT EXECUTE FUNCTION ledger_reserve();
CREATE OR REPLACE TRIGGER ledger_end AFTER UPDATE ON ledger_reservation
REFERENCING NEW TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION ledger_end_reservations();

-- A reservation begins open, ends once, and otherwise stays as it was written.
CREATE OR REPLACE TRIGGER ledger_reservation_begins_open BEFORE INSERT ON ledger_reservation
FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION ledger_refuse_change();
CREATE OR REPLACE TRIGGER ledger_reservation_ends_once BEFORE UPDATE ON ledger_reservation
FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR
  (OLD.id, OLD.debit_account_id, OLD.credit_account_id, OLD.amount, OLD.unit, OLD.code,
   OLD.happened_at, OLD.expires_at, OLD.recorded_at) IS DISTINCT FROM
  (NEW.id, NEW.debit_account_id, NEW.credit_account_id, NEW.amount, NEW.unit, NEW.code,
   NEW.happened_at, NEW.expires_at, NEW.recorded_at))
EXECUTE FUNCTION ledger_refuse_change();
CREATE OR REPLACE TRIGGER ledger_reservation_is_never_deleted BEFORE DELETE ON ledger_reservation
FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE OR REPLACE TRIGGER ledger_reservation_is_never_emptied BEFORE TRUNCATE
ON ledger_reservation FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""

APPLIED = """
CREATE OR REPLACE TRIGGER ledger_apply AFTER INSERT ON ledger_transfer
REFERENCING NEW TABLE AS posted
FOR EACH STATEMENT EXECUTE FUNCTION ledger_apply_transfers();
"""

REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger: % on % is never allowed; correct with a contrary transfer', TG_OP,
    TG_TABLE_NAME
    USING ERRCODE = 'RL002';
END $$;
"""

GUARDS = """
-- Row triggers are inherited by partitions, those of a statement are not: see `MONTHS`.
CREATE OR REPLACE TRIGGER ledger_transfer_is_never_changed BEFORE UPDATE OR DELETE
ON ledger_transfer FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE OR REPLACE TRIGGER ledger_transfer_is_never_emptied BEFORE TRUNCATE ON ledger_transfer
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

CREATE OR REPLACE TRIGGER ledger_account_is_never_deleted BEFORE DELETE ON ledger_account
FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE OR REPLACE TRIGGER ledger_account_is_never_emptied BEFORE TRUNCATE ON ledger_account
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE OR REPLACE TRIGGER ledger_account_begins_empty BEFORE INSERT ON ledger_account
FOR EACH ROW WHEN (NEW.debits_posted <> 0 OR NEW.credits_posted <> 0 OR NEW.debits_pending <> 0
  OR NEW.credits_pending <> 0) EXECUTE FUNCTION ledger_refuse_change();

-- Totals move only from within the triggers above; what an account is, never. A trigger before each
-- row would lock and log every account twice: these two look at the statement.
DROP TRIGGER IF EXISTS ledger_totals_follow_transfers ON ledger_account;
CREATE TRIGGER ledger_totals_follow_transfers
BEFORE UPDATE OF debits_posted, credits_posted, debits_pending, credits_pending
ON ledger_account
FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_refuse_change();
DROP TRIGGER IF EXISTS ledger_account_keeps_its_identity ON ledger_account;
CREATE TRIGGER ledger_account_keeps_its_identity
BEFORE UPDATE OF id, unit, purpose, owner, party, expires_on, floor, ceiling ON ledger_account
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

CREATE OR REPLACE TRIGGER ledger_stripes_follow_transfers
BEFORE INSERT OR UPDATE OR DELETE ON ledger_stripe
FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_refuse_change();
CREATE OR REPLACE TRIGGER ledger_stripe_is_never_emptied BEFORE TRUNCATE ON ledger_stripe
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""

# Transfers are kept by month of their id, whose first 48 bits are milliseconds. The parent's
# statement triggers do not see rows that are written straight to a partition, nor the other way
# round: each partition has its own, and every row is applied once.
#
# A table made beside and attached lets everybody go on reading and posting meanwhile.
MONTHS = """
CREATE OR REPLACE FUNCTION ledger_first_id(since timestamptz) RETURNS uuid IMMUTABLE LANGUAGE sql
RETURN (lpad(to_hex((extract(epoch FROM since) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

CREATE OR REPLACE FUNCTION ledger_guard_month(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE OR REPLACE TRIGGER ledger_apply AFTER INSERT ON %I REFERENCING NEW TABLE'
    ' AS posted FOR EACH STATEMENT EXECUTE FUNCTION ledger_apply_transfers()', name);
  EXECUTE format('CREATE OR REPLACE TRIGGER ledger_transfer_is_never_emptied BEFORE TRUNCATE ON %I'
    ' FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()', name);
END $$;

-- Makes what is missing of this month (UTC) and `ahead` more; returns how many were made.
CREATE OR REPLACE FUNCTION ledger_make_months(ahead integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  begins timestamp;
  name text;
  made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('ledger-months', 0));
  FOR begins IN SELECT generate_series(month, month + make_interval(months => ahead), '1 month')
    FROM date_trunc('month', now() AT TIME ZONE 'UTC') AS month
  LOOP
    name := 'ledger_transfer_' || to_char(begins, 'YYYY_MM');
    CONTINUE WHEN to_regclass(name) IS NOT NULL;
    EXECUTE format('CREATE TABLE %I (LIKE ledger_transfer INCLUDING ALL)', name);
    EXECUTE format('ALTER TABLE ledger_transfer ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
      name, ledger_first_id(begins AT TIME ZONE 'UTC'),
      ledger_first_id((begins + interval '1 month') AT TIME ZONE 'UTC'));
    PERFORM ledger_guard_month(name);
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;
"""

# What was posted before there were months stays where it is, as the partition of everything up to
# the end of the present month: nothing is copied.
INTO_MONTHS = """
DO $$
DECLARE
  ends timestamp;
  name text;
BEGIN
  SELECT greatest(date_trunc('month', now() AT TIME ZONE 'UTC'), date_trunc('month',
      to_timestamp(('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint / 1000.0)
      AT TIME ZONE 'UTC')) + interval '1 month'
  INTO ends FROM (SELECT (SELECT id FROM ledger_transfer ORDER BY id DESC LIMIT 1)) AS last (id);
  name := 'ledger_transfer_' || to_char(ends - interval '1 month', 'YYYY_MM');

  DROP TRIGGER IF EXISTS ledger_apply ON ledger_transfer;
  DROP TRIGGER IF EXISTS ledger_transfer_is_never_changed ON ledger_transfer;
  DROP TRIGGER IF EXISTS ledger_transfer_is_never_emptied ON ledger_transfer;
  EXECUTE format('ALTER TABLE ledger_transfer RENAME TO %I', name);
  EXECUTE format('ALTER INDEX ledger_transfer_pkey RENAME TO %I', name || '_pkey');
  EXECUTE format('ALTER INDEX ledger_transfer_debit RENAME TO %I', name || '_debit');
  EXECUTE format('ALTER INDEX ledger_transfer_credit RENAME TO %I', name || '_credit');

  EXECUTE format('CREATE TABLE ledger_transfer (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)'
    ' PARTITION BY RANGE (id)', name);
  ALTER TABLE ledger_transfer ADD CONSTRAINT ledger_transfer_pkey PRIMARY KEY (id);
  CREATE INDEX ledger_transfer_debit ON ledger_transfer (debit_account_id, id);
  CREATE INDEX ledger_transfer_credit ON ledger_transfer (credit_account_id, id);
  EXECUTE format('ALTER TABLE ledger_transfer ATTACH PARTITION %I FOR VALUES FROM (MINVALUE)'
    ' TO (%L)', name, ledger_first_id(ends AT TIME ZONE 'UTC'));
  PERFORM ledger_guard_month(name);
END $$;
"""

# Room on the page for the next version of a row: totals change with every sale and touch no index.
STORAGE = """
ALTER TABLE ledger_account SET (fillfactor = 50);
ALTER TABLE ledger_stripe SET (fillfactor = 50);
"""

# An id is a moment (milliseconds since 2020) and a number within it, below 2^53 until 2089. It is
# never given twice, not even by a database that was put back to an earlier state: processes keep
# the ids of accounts they know.
IDS = """
ALTER TABLE ledger_account ALTER COLUMN id DROP IDENTITY IF EXISTS;
CREATE SEQUENCE IF NOT EXISTS ledger_account_turn AS integer MINVALUE 0 MAXVALUE 4095 CYCLE
  OWNED BY ledger_account.id;
ALTER TABLE ledger_account ALTER COLUMN id SET DEFAULT
  (extract(epoch FROM clock_timestamp()) * 1000 - 1577836800000)::bigint * 4096
  + nextval('ledger_account_turn');
"""

FUNCTIONS = SUM + REFUSE + REFUSE_CHANGE + CHECK_STEPS + APPLY + RESERVE + END + MONTHS
TRIGGERS = APPLIED + GUARDS + RESERVED + STORAGE + IDS
