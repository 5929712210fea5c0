-- Files that customers had made of their orders, messages or money. The file itself lies in the folder `exports` of the data folder while `ready`.
CREATE TABLE exports (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  kind TEXT NOT NULL CHECK (kind IN ('orders', 'messages', 'ledger')),
  format TEXT NOT NULL CHECK (format IN ('csv', 'json')),
  bom INTEGER NOT NULL CHECK (bom IN (0, 1)),
  -- What was asked for: from inclusive, to exclusive, by when a row was made.
  from_ms INTEGER,
  to_ms INTEGER,
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'ready', 'failed', 'canceled', 'revoked', 'expired')),
  -- Why it failed, machine-readable, and in words for its customer.
  reason TEXT,
  detail TEXT,
  -- Times it was begun: one that was running when the server died is made anew, but not for ever.
  attempts INTEGER NOT NULL DEFAULT 0,
  row_count INTEGER,
  octets INTEGER,
  sha256 TEXT,
  -- The signed manifest as it is handed out.
  manifest TEXT,
  created_at_ms INTEGER NOT NULL,
  made_at_ms INTEGER,
  expires_at_ms INTEGER NOT NULL,
  CHECK (status <> 'ready' OR manifest IS NOT NULL),
  CHECK ((status = 'failed') = (reason IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX exports_by_user ON exports (user_id, id);
CREATE INDEX exports_live ON exports (status, id) WHERE status IN ('queued', 'running', 'ready');
