-- Vouchers: made in batches, shown once, redeemed once. Of a code only its hash and its last characters are kept.
CREATE TABLE voucher_batches (
  id TEXT PRIMARY KEY,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  note TEXT NOT NULL,
  -- From then on none of it is taken; null: never.
  expires_at_ms INTEGER,
  -- The operator; null when it was made on the command line.
  created_by TEXT REFERENCES users (id),
  created_at_ms INTEGER NOT NULL,
  -- Of the form it came by, so that a form sent twice makes one batch.
  form_key TEXT UNIQUE,
  CHECK (expires_at_ms > created_at_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE vouchers (
  id TEXT PRIMARY KEY,
  batch_id TEXT NOT NULL REFERENCES voucher_batches (id),
  code_hash TEXT NOT NULL UNIQUE,
  code_end TEXT NOT NULL,
  redeemed_by TEXT REFERENCES users (id),
  redeemed_at_ms INTEGER,
  revoked_at_ms INTEGER,
  CHECK ((redeemed_by IS NULL) = (redeemed_at_ms IS NULL)),
  CHECK (redeemed_at_ms IS NULL OR revoked_at_ms IS NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX vouchers_by_batch ON vouchers (batch_id, id);

-- Redeemed stays redeemed, revoked stays revoked: the last line of defence behind the verbs.
CREATE TRIGGER vouchers_end_once BEFORE UPDATE ON vouchers WHEN OLD.redeemed_at_ms IS NOT NULL OR OLD.revoked_at_ms IS NOT NULL
BEGIN SELECT raise(ABORT, 'voucher: it ended already'); END;
CREATE TRIGGER vouchers_no_delete BEFORE DELETE ON vouchers BEGIN SELECT raise(ABORT, 'voucher: kept for ever'); END;

-- The balance after a movement is the balance now less what came later: a range of this index, and nothing else is read for it.
DROP INDEX ledger_entries_by_account;
CREATE INDEX ledger_entries_by_account ON ledger_entries (account_id, transaction_id, amount_minor);
-- Movements of one kind, of which there may be few among millions.
CREATE INDEX ledger_by_user_kind ON ledger_transactions (user_id, kind, id);
