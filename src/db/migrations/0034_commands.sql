-- What a command of the box did stands in the audit log too, and has no account: the user may be null. The links of the entries cover what they covered
-- before (admin/audit-chain.ts); they find their entries again before the commit, when foreign keys are checked.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE audit_before AS SELECT id, at_ms, user_id, action, target, detail FROM audit;
DROP TABLE audit;
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  -- Null: by command.
  user_id TEXT REFERENCES users (id),
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
INSERT INTO audit (id, at_ms, user_id, action, target, detail) SELECT id, at_ms, user_id, action, target, detail FROM audit_before ORDER BY id;
DROP TABLE audit_before;
CREATE INDEX audit_by_target ON audit (target);
CREATE INDEX audit_by_user ON audit (user_id, id);
CREATE INDEX audit_by_action ON audit (action, id);
CREATE INDEX audit_by_time ON audit (at_ms, id);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'audit: append only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'audit: append only'); END;
