-- What operators published of their changes to the rules of services: the newest one is in force, undoing publishes a former one anew. Append only.
CREATE TABLE rule_versions (
  number INTEGER PRIMARY KEY CHECK (number >= 1),
  created_at_ms INTEGER NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  note TEXT NOT NULL,
  -- JSON: for each changed service the fields that differ from what comes with the program (codes/book.ts).
  changes TEXT NOT NULL,
  -- Of `changes`: the first 8 hex digits of SHA-256.
  hash TEXT NOT NULL,
  -- The former version that this one brings back.
  restores INTEGER REFERENCES rule_versions (number)
) STRICT;
CREATE TRIGGER rule_versions_no_update BEFORE UPDATE ON rule_versions BEGIN SELECT raise(ABORT, 'rule_versions: append only'); END;
CREATE TRIGGER rule_versions_no_delete BEFORE DELETE ON rule_versions BEGIN SELECT raise(ABORT, 'rule_versions: append only'); END;

-- What an operator is working on: all changes as they would be published, and the version they started from (0: none was published yet).
CREATE TABLE rule_drafts (
  user_id TEXT PRIMARY KEY REFERENCES users (id),
  base INTEGER NOT NULL,
  changes TEXT NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- For trying rules on what came in before, in the order it came.
CREATE INDEX messages_by_arrival ON messages (arrived_at_ms);
