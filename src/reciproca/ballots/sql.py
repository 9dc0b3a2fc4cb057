"""What the tables of ballots refuse, whoever asks. Installed by a migration."""

_STANDS = """
FUNCTION {table}_stands_once_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ballot uuid;
BEGIN
  FOR ballot IN SELECT DISTINCT {which} LOOP
    -- Who closes a ballot holds its row: what comes too late waits here, then finds it closed.
    PERFORM FROM ballots_ballot WHERE id = ballot FOR SHARE;
    IF EXISTS (SELECT FROM ballots_closing WHERE ballot_id = ballot){unless} THEN
      RAISE EXCEPTION 'ballots: % on % is never allowed once the ballot is closed',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'RB001';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
"""

_IN_TIME = """
CREATE TRIGGER {table}_insert_in_time AFTER INSERT ON {table} REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION {table}_stands_once_closed();
CREATE TRIGGER {table}_update_in_time AFTER UPDATE ON {table} REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION {table}_stands_once_closed();
CREATE TRIGGER {table}_delete_in_time AFTER DELETE ON {table} REFERENCING OLD TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION {table}_stands_once_closed();
CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION ballots_refuse();
"""

_TOUCHED = {
    "ballots_elector": "ballot_id FROM touched",
    "ballots_secretvote": "ballot_id FROM touched",
    "ballots_openvote": "e.ballot_id FROM touched t JOIN ballots_elector e ON e.id = t.elector_id",
}

_REFUSE = """
CREATE FUNCTION ballots_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ballots: % on % is never allowed', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'RB001';
END $$;

-- A roll never unlearns that somebody voted; a secret vote is final once sent.
CREATE TRIGGER ballots_elector_voted_stays BEFORE UPDATE ON ballots_elector FOR EACH ROW
WHEN (OLD.channel <> '' AND NEW.channel = '' OR NEW.votes <> OLD.votes
  OR NEW.member_id <> OLD.member_id OR NEW.ballot_id <> OLD.ballot_id)
EXECUTE FUNCTION ballots_refuse();
CREATE TRIGGER ballots_secretvote_is_final BEFORE UPDATE ON ballots_secretvote
FOR EACH ROW EXECUTE FUNCTION ballots_refuse();

ALTER TABLE ballots_secretvote ADD CONSTRAINT ballots_salt_is_32_bytes CHECK (length(salt) = 32);
"""

INSTALL = _REFUSE + "".join(
    "CREATE" + _STANDS.format(table=table, which=which, unless="") + _IN_TIME.format(table=table)
    for table, which in _TOUCHED.items()
)

_FORGOTTEN = "EXISTS (SELECT FROM ballots_rollforgotten WHERE ballot_id = ballot)"
_UNLESS = {
    "ballots_elector": f" AND NOT (TG_OP = 'DELETE' AND {_FORGOTTEN})",
    "ballots_openvote": f" AND NOT (TG_OP = 'DELETE' AND {_FORGOTTEN})",
    "ballots_secretvote": f""" AND NOT (TG_OP = 'INSERT' AND NOT {_FORGOTTEN}
      AND EXISTS (SELECT FROM ballots_ballot WHERE id = ballot AND NOT secret))""",
}

# Once a roll is forgotten its lines may go. Before, the votes of an open ballot become votes of
# nobody: they are published, and the close has committed to each of them.
LET_FORGET = "".join(
    "CREATE OR REPLACE" + _STANDS.format(table=table, which=which, unless=_UNLESS[table])
    for table, which in _TOUCHED.items()
)

NEVER_FORGET = "".join(
    "CREATE OR REPLACE" + _STANDS.format(table=table, which=which, unless="")
    for table, which in _TOUCHED.items()
)

REMOVE = """
ALTER TABLE ballots_secretvote DROP CONSTRAINT ballots_salt_is_32_bytes;
DROP FUNCTION ballots_refuse() CASCADE;
""" + "".join(f"DROP FUNCTION {table}_stands_once_closed() CASCADE;\n" for table in _TOUCHED)

REWRITE_VOTES = """
WITH gone AS (DELETE FROM ballots_secretvote WHERE ballot_id = %s RETURNING *)
INSERT INTO ballots_secretvote (code, ballot_id, financing, choice, salt)
SELECT code, ballot_id, financing AND %s, choice, salt FROM gone ORDER BY gen_random_uuid()
"""

REWRITE_ROLL = """
WITH gone AS (DELETE FROM ballots_elector WHERE ballot_id = %s RETURNING *)
INSERT INTO ballots_elector
  (id, ballot_id, member_id, caster_id, votes, financing, present, channel)
SELECT gen_random_uuid(), ballot_id, member_id, caster_id, votes, financing, present, channel
FROM gone ORDER BY gen_random_uuid()
"""

LET_GO = """
INSERT INTO ballots_secretvote (code, ballot_id, financing, choice, salt)
SELECT v.code, e.ballot_id, e.financing, v.choice,
  decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')
FROM ballots_openvote v JOIN ballots_elector e ON e.id = v.elector_id
WHERE e.ballot_id = %s ORDER BY gen_random_uuid()
"""
