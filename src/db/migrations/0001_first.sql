-- Times are wall-clock milliseconds (…_at_ms), money integers in minor units of the one configured currency (…_minor).

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- accounts
CREATE TABLE users (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE COLLATE NOCASE,
  password_hash TEXT,
  role TEXT NOT NULL CHECK (role IN ('customer', 'operator')),
  state TEXT NOT NULL CHECK (state IN ('active', 'waiting', 'blocked')),
  purpose TEXT,
  terms_version TEXT,
  terms_at_ms INTEGER,
  created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  created_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  user_agent TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at_ms);

CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  key_hash TEXT NOT NULL UNIQUE,
  -- The first characters, so that a person can tell keys apart.
  prefix TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  revoked_at_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX api_keys_by_user ON api_keys (user_id);

-- ---------------------------------------------------------------- ledger
CREATE TABLE ledger_accounts (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('available', 'held', 'revenue', 'funding')),
  user_id TEXT REFERENCES users (id),
  -- Kept by the trigger below and provable from the entries alone.
  balance_minor INTEGER NOT NULL DEFAULT 0 CHECK (kind NOT IN ('available', 'held') OR balance_minor >= 0),
  CHECK ((kind IN ('available', 'held')) = (user_id IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_transactions (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('top_up', 'hold', 'capture', 'refund')),
  user_id TEXT NOT NULL REFERENCES users (id),
  order_id TEXT REFERENCES orders (id),
  reference TEXT,
  created_at_ms INTEGER NOT NULL,
  CHECK ((kind = 'top_up') = (order_id IS NULL))
) STRICT, WITHOUT ROWID;
-- One hold for an order, and one end: captured or refunded, never both.
CREATE UNIQUE INDEX ledger_one_hold ON ledger_transactions (order_id) WHERE kind = 'hold';
CREATE UNIQUE INDEX ledger_one_end ON ledger_transactions (order_id) WHERE kind IN ('capture', 'refund');
CREATE UNIQUE INDEX ledger_one_reference ON ledger_transactions (user_id, reference) WHERE reference IS NOT NULL;
CREATE INDEX ledger_by_user ON ledger_transactions (user_id, id);

-- Entries are written before their transaction, whose insert seals them: it is refused unless they sum to zero, and none can be added after.
CREATE TABLE ledger_entries (
  id INTEGER PRIMARY KEY,
  transaction_id TEXT NOT NULL REFERENCES ledger_transactions (id) DEFERRABLE INITIALLY DEFERRED,
  account_id TEXT NOT NULL REFERENCES ledger_accounts (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0)
) STRICT;
CREATE INDEX ledger_entries_by_transaction ON ledger_entries (transaction_id);
CREATE INDEX ledger_entries_by_account ON ledger_entries (account_id);

CREATE TRIGGER ledger_seal BEFORE INSERT ON ledger_transactions
WHEN (SELECT count(*) < 2 OR sum(amount_minor) <> 0 FROM ledger_entries WHERE transaction_id = NEW.id)
BEGIN SELECT raise(ABORT, 'ledger: entries do not sum to zero'); END;
CREATE TRIGGER ledger_sealed BEFORE INSERT ON ledger_entries
WHEN EXISTS (SELECT 1 FROM ledger_transactions WHERE id = NEW.transaction_id)
BEGIN SELECT raise(ABORT, 'ledger: the transaction is sealed'); END;
CREATE TRIGGER ledger_balance AFTER INSERT ON ledger_entries
BEGIN UPDATE ledger_accounts SET balance_minor = balance_minor + NEW.amount_minor WHERE id = NEW.account_id; END;
CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries BEGIN SELECT raise(ABORT, 'ledger: append only'); END;
CREATE TRIGGER ledger_entries_no_delete BEFORE DELETE ON ledger_entries BEGIN SELECT raise(ABORT, 'ledger: append only'); END;
CREATE TRIGGER ledger_transactions_no_update BEFORE UPDATE ON ledger_transactions BEGIN SELECT raise(ABORT, 'ledger: append only'); END;
CREATE TRIGGER ledger_transactions_no_delete BEFORE DELETE ON ledger_transactions BEGIN SELECT raise(ABORT, 'ledger: append only'); END;

-- ---------------------------------------------------------------- modems, SIMs, offers
CREATE TABLE modems (
  imei TEXT PRIMARY KEY,
  manufacturer TEXT,
  model TEXT,
  firmware TEXT,
  virtual INTEGER NOT NULL CHECK (virtual IN (0, 1)),
  slot TEXT NOT NULL,
  -- The SIM whose storages were last read whole in it: what lies in the modem's own storage is that SIM's.
  last_iccid TEXT,
  first_seen_at_ms INTEGER NOT NULL,
  last_seen_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sims (
  iccid TEXT PRIMARY KEY,
  imsi TEXT,
  -- What the SIM tells, and what the operator says (which wins).
  number_read TEXT,
  number_set TEXT,
  number TEXT GENERATED ALWAYS AS (coalesce(number_set, number_read)) STORED,
  country_read TEXT,
  country_set TEXT,
  country TEXT GENERATED ALWAYS AS (coalesce(country_set, country_read)) STORED,
  state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused')),
  -- Readable right now: its whole storage was read and its modem listens. Cleared at each start.
  online INTEGER NOT NULL DEFAULT 0 CHECK (online IN (0, 1)),
  virtual INTEGER NOT NULL CHECK (virtual IN (0, 1)),
  slot TEXT,
  imei TEXT REFERENCES modems (imei),
  first_seen_at_ms INTEGER NOT NULL,
  last_seen_at_ms INTEGER NOT NULL,
  last_sold_at_ms INTEGER NOT NULL DEFAULT 0,
  last_message_at_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sims_by_imei ON sims (imei) WHERE imei IS NOT NULL;
CREATE INDEX sims_by_number ON sims (number) WHERE number IS NOT NULL;
CREATE INDEX sims_virtual ON sims (virtual) WHERE virtual = 1 AND slot IS NOT NULL;
CREATE INDEX sims_for_sale ON sims (country, last_sold_at_ms, iccid) WHERE online = 1 AND state = 'active' AND number IS NOT NULL;

CREATE TABLE offers (
  country TEXT NOT NULL,
  service TEXT NOT NULL,
  price_minor INTEGER NOT NULL CHECK (price_minor > 0),
  window_minutes REAL CHECK (window_minutes > 0),
  updated_at_ms INTEGER NOT NULL,
  PRIMARY KEY (country, service)
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- orders
CREATE TABLE orders (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  iccid TEXT NOT NULL REFERENCES sims (iccid),
  country TEXT NOT NULL,
  service TEXT NOT NULL,
  number TEXT NOT NULL,
  price_minor INTEGER NOT NULL CHECK (price_minor > 0),
  currency TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'received', 'finished', 'expired', 'canceled', 'reported')),
  reason TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  received_at_ms INTEGER,
  ended_at_ms INTEGER,
  code TEXT,
  last_event TEXT NOT NULL,
  CHECK ((status IN ('pending', 'received')) = (ended_at_ms IS NULL)),
  CHECK (expires_at_ms > created_at_ms)
) STRICT, WITHOUT ROWID;
-- A SIM serves at most one open order of a service: the last line of defence behind the allocation.
CREATE UNIQUE INDEX orders_one_open ON orders (iccid, service) WHERE status IN ('pending', 'received');
CREATE UNIQUE INDEX orders_one_open_number ON orders (number, service) WHERE status IN ('pending', 'received');
CREATE INDEX orders_open_by_sim ON orders (iccid) WHERE status IN ('pending', 'received');
CREATE INDEX orders_ended_by_number ON orders (number, ended_at_ms) WHERE ended_at_ms IS NOT NULL;
CREATE INDEX orders_ended_by_sim ON orders (iccid, ended_at_ms) WHERE ended_at_ms IS NOT NULL;
CREATE INDEX orders_by_user ON orders (user_id, id);
CREATE INDEX orders_by_user_status ON orders (user_id, status, id);
CREATE INDEX orders_open_by_user ON orders (user_id, id) WHERE status IN ('pending', 'received');

-- Every status change, with its reason and time. Append only.
CREATE TABLE order_changes (
  id INTEGER PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES orders (id),
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX order_changes_by_order ON order_changes (order_id);

-- On which SIM which service's code arrived for whom: what may not be sold again until the reuse period ends.
CREATE TABLE sim_uses (
  iccid TEXT NOT NULL REFERENCES sims (iccid),
  -- The number at that time: a replacement card with the same number is the same to the service.
  number TEXT NOT NULL,
  service TEXT NOT NULL,
  -- Whose account it may be; '?' when the code went to nobody.
  user_id TEXT NOT NULL,
  last_at_ms INTEGER NOT NULL,
  PRIMARY KEY (iccid, service, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sim_uses_by_number ON sim_uses (number, service);

CREATE TABLE idempotency_keys (
  user_id TEXT NOT NULL REFERENCES users (id),
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  order_id TEXT NOT NULL REFERENCES orders (id),
  -- The answer as it was given the first time.
  answer TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at_ms);

-- ---------------------------------------------------------------- messages
CREATE TABLE messages (
  id TEXT PRIMARY KEY,
  iccid TEXT NOT NULL REFERENCES sims (iccid),
  sender TEXT NOT NULL,
  text TEXT NOT NULL,
  -- Part of a longer message whose rest has not come.
  parts_have INTEGER NOT NULL,
  parts_total INTEGER NOT NULL,
  -- SCTS, the network's clock; null when impossible.
  network_at_ms INTEGER,
  -- When the first part reached us.
  arrived_at_ms INTEGER NOT NULL,
  stored_at_ms INTEGER NOT NULL,
  -- Read the moment it came (live), or found in the storage later.
  live INTEGER NOT NULL CHECK (live IN (0, 1)),
  verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'review', 'reject')),
  code TEXT,
  service TEXT,
  confidence REAL NOT NULL,
  reason TEXT NOT NULL,
  rule TEXT NOT NULL,
  order_id TEXT REFERENCES orders (id),
  user_id TEXT REFERENCES users (id),
  -- `seq` of the event that last told its customer of it: what `?after=` compares.
  event_seq INTEGER,
  CHECK ((order_id IS NULL) = (user_id IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX messages_by_order ON messages (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX messages_by_user ON messages (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX messages_unmatched ON messages (id) WHERE user_id IS NULL;
CREATE INDEX messages_waiting ON messages (iccid) WHERE rule = 'waiting_for_parts';

CREATE TABLE parts (
  id INTEGER PRIMARY KEY,
  -- Rule 2: ICCID, sender, SCTS, PID, DCS, user data. Reading the part again changes nothing.
  fingerprint TEXT NOT NULL UNIQUE,
  iccid TEXT NOT NULL REFERENCES sims (iccid),
  imei TEXT NOT NULL,
  storage TEXT,
  storage_index INTEGER,
  pdu TEXT NOT NULL,
  tpdu_length INTEGER,
  read_how TEXT NOT NULL CHECK (read_how IN ('urc', 'sweep', 'direct')),
  arrived_at_ms INTEGER NOT NULL,
  stored_at_ms INTEGER NOT NULL,
  sender TEXT NOT NULL,
  -- Joining: reference/width/total of TS 23.040 9.2.3.24.1, null when the part stands alone.
  concat_key TEXT,
  seq INTEGER NOT NULL,
  -- Why it is no message of its own: undecodable, status report, binary …; null when it is.
  set_aside TEXT,
  message_id TEXT REFERENCES messages (id)
) STRICT;
CREATE INDEX parts_by_concat ON parts (iccid, sender, concat_key, message_id) WHERE concat_key IS NOT NULL;
CREATE INDEX parts_by_message ON parts (message_id);
CREATE INDEX parts_set_aside ON parts (id) WHERE set_aside IS NOT NULL;

-- ---------------------------------------------------------------- events
-- The facts that leave the system. `seq` orders them, `id` names them for ever.
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  order_id TEXT,
  data TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;
