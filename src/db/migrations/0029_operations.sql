-- A link for each entry of the audit log (admin/audit-chain.ts): SHA-256 over the link before it and the entry, so that no entry can be changed or
-- taken out unnoticed by whoever drops the triggers. The first link covers all entries that are older than the chain.
CREATE TABLE audit_chain (
  audit_id INTEGER PRIMARY KEY REFERENCES audit (id),
  hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_chain_no_update BEFORE UPDATE ON audit_chain BEGIN SELECT raise(ABORT, 'audit: append only'); END;
CREATE TRIGGER audit_chain_no_delete BEFORE DELETE ON audit_chain BEGIN SELECT raise(ABORT, 'audit: append only'); END;
