"""What the log's tables refuse, whoever asks. Installed by the first migration."""

GUARDS = """
CREATE FUNCTION transparency_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'log: % on % is never allowed', TG_OP, TG_TABLE_NAME USING ERRCODE = 'RT001';
END $$;

ALTER TABLE transparency_waiting ADD CONSTRAINT transparency_entry_is_34_bytes
  CHECK (length(entry) = 34);
ALTER TABLE transparency_opening ADD CONSTRAINT transparency_salt_is_32_bytes
  CHECK (length(salt) = 32);

-- Hashes and salted commitments look like noise: packing them is lost work.
ALTER TABLE transparency_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;
ALTER TABLE transparency_bundle ALTER COLUMN entries SET STORAGE EXTERNAL;

-- What was hashed stays: a row gets more behind what it has, up to 256, and nothing else.
CREATE TRIGGER transparency_tile_only_grows BEFORE UPDATE ON transparency_tile FOR EACH ROW
WHEN (NEW.level <> OLD.level OR NEW.number <> OLD.number OR length(NEW.hashes) > 8192
  OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes)
EXECUTE FUNCTION transparency_refuse();
CREATE TRIGGER transparency_bundle_only_grows BEFORE UPDATE ON transparency_bundle FOR EACH ROW
WHEN (NEW.number <> OLD.number OR length(NEW.entries) > 9216
  OR substr(NEW.entries, 1, length(OLD.entries)) <> OLD.entries)
EXECUTE FUNCTION transparency_refuse();
CREATE TRIGGER transparency_log_only_grows BEFORE UPDATE ON transparency_log FOR EACH ROW
WHEN (NEW.origin <> OLD.origin OR NEW.size < OLD.size OR NEW.published < OLD.published
  OR NEW.witnessed < OLD.witnessed OR (NEW.size = OLD.size AND NEW.root <> OLD.root))
EXECUTE FUNCTION transparency_refuse();
CREATE TRIGGER transparency_waiting_is_never_changed BEFORE UPDATE ON transparency_waiting
FOR EACH ROW EXECUTE FUNCTION transparency_refuse();
CREATE TRIGGER transparency_opening_is_never_changed BEFORE UPDATE ON transparency_opening
FOR EACH ROW EXECUTE FUNCTION transparency_refuse();

-- An entry leaves the queue for its place in the log, and an opening only with its erasure notice.
CREATE FUNCTION transparency_entries_have_places() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM gone WHERE NOT EXISTS
      (SELECT FROM transparency_leaf WHERE transparency_leaf.fact = gone.fact)) THEN
    RAISE EXCEPTION 'log: an entry is never taken out before it has its place'
      USING ERRCODE = 'RT001';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER transparency_waiting_gets_its_place AFTER DELETE ON transparency_waiting
REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
EXECUTE FUNCTION transparency_entries_have_places();

CREATE FUNCTION transparency_openings_are_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM gone WHERE NOT EXISTS
      (SELECT FROM transparency_erasure WHERE transparency_erasure.fact = gone.fact)) THEN
    RAISE EXCEPTION 'log: an opening is never deleted without an erasure notice'
      USING ERRCODE = 'RT001';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER transparency_opening_is_erased AFTER DELETE ON transparency_opening
REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
EXECUTE FUNCTION transparency_openings_are_erased();
"""

NEVER_DELETED = "".join(
    f"""
CREATE TRIGGER transparency_{table}_is_never_deleted BEFORE DELETE ON transparency_{table}
FOR EACH ROW EXECUTE FUNCTION transparency_refuse();
"""
    for table in ("log", "tile", "bundle", "signature")
)

NEVER_EMPTIED = "".join(
    f"""
CREATE TRIGGER transparency_{table}_is_never_emptied BEFORE TRUNCATE ON transparency_{table}
FOR EACH STATEMENT EXECUTE FUNCTION transparency_refuse();
"""
    for table in ("log", "tile", "bundle", "signature", "waiting", "opening")
)

INSTALL = GUARDS + NEVER_DELETED + NEVER_EMPTIED

REMOVE = """
DROP FUNCTION transparency_refuse() CASCADE;
DROP FUNCTION transparency_entries_have_places() CASCADE;
DROP FUNCTION transparency_openings_are_erased() CASCADE;
ALTER TABLE transparency_waiting DROP CONSTRAINT transparency_entry_is_34_bytes;
ALTER TABLE transparency_opening DROP CONSTRAINT transparency_salt_is_32_bytes;
"""
