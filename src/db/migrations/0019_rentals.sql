-- Long rent: a whole number for hours, days or weeks.

-- Parent tables are made anew below; their children find them again before the commit, when foreign keys are checked.
PRAGMA defer_foreign_keys = ON;

-- Prices of a country; a unit without a price is not offered.
CREATE TABLE rates (
  country TEXT PRIMARY KEY,
  hour_minor INTEGER CHECK (hour_minor > 0),
  day_minor INTEGER CHECK (day_minor > 0),
  week_minor INTEGER CHECK (week_minor > 0),
  updated_at_ms INTEGER NOT NULL,
  CHECK (coalesce(hour_minor, day_minor, week_minor) IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE rentals (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  iccid TEXT NOT NULL REFERENCES sims (iccid),
  number TEXT NOT NULL,
  country TEXT NOT NULL,
  -- Null: everything that arrives.
  service TEXT,
  status TEXT NOT NULL CHECK (status IN ('scheduled', 'active', 'ended', 'canceled')),
  reason TEXT NOT NULL,
  name TEXT NOT NULL,
  currency TEXT NOT NULL,
  -- Of all charges, before anything went back.
  price_minor INTEGER NOT NULL CHECK (price_minor > 0),
  created_at_ms INTEGER NOT NULL,
  -- As booked, then as it really began.
  starts_at_ms INTEGER NOT NULL,
  -- With extensions and what was added for outages.
  ends_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  first_message_at_ms INTEGER,
  outage_ms INTEGER NOT NULL DEFAULT 0 CHECK (outage_ms >= 0),
  -- What extensions by themselves may cost in all, or null while they are off; and what they have cost.
  auto_cap_minor INTEGER CHECK (auto_cap_minor > 0),
  auto_spent_minor INTEGER NOT NULL DEFAULT 0 CHECK (auto_spent_minor >= 0),
  last_event TEXT NOT NULL,
  CHECK ((status IN ('scheduled', 'active')) = (ended_at_ms IS NULL)),
  CHECK (ends_at_ms > starts_at_ms)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX rentals_one_active ON rentals (iccid) WHERE status = 'active';
CREATE UNIQUE INDEX rentals_one_active_number ON rentals (number) WHERE status = 'active';
CREATE INDEX rentals_current_by_sim ON rentals (iccid) WHERE status IN ('scheduled', 'active');
CREATE INDEX rentals_current_by_number ON rentals (number) WHERE status IN ('scheduled', 'active');
CREATE INDEX rentals_ended_by_sim ON rentals (iccid, ended_at_ms) WHERE status = 'ended';
CREATE INDEX rentals_ended_by_number ON rentals (number, ended_at_ms) WHERE status = 'ended';
CREATE INDEX rentals_scheduled ON rentals (starts_at_ms) WHERE status = 'scheduled';
CREATE INDEX rentals_ended ON rentals (ended_at_ms) WHERE status = 'ended';
CREATE INDEX rentals_by_sim ON rentals (iccid, id);
CREATE INDEX rentals_by_user ON rentals (user_id, id);
CREATE INDEX rentals_by_user_status ON rentals (user_id, status, id);
CREATE INDEX rentals_current_by_user ON rentals (user_id, id) WHERE status IN ('scheduled', 'active');

-- What was bought, each piece with a number of its own: the first time and each extension. Append only.
CREATE TABLE rental_charges (
  rental_id TEXT NOT NULL REFERENCES rentals (id),
  number INTEGER NOT NULL CHECK (number >= 1),
  unit TEXT NOT NULL CHECK (unit IN ('hour', 'day', 'week')),
  periods INTEGER NOT NULL CHECK (periods >= 1),
  price_minor INTEGER NOT NULL CHECK (price_minor > 0),
  automatic INTEGER NOT NULL CHECK (automatic IN (0, 1)),
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (rental_id, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER rental_charges_no_update BEFORE UPDATE ON rental_charges BEGIN SELECT raise(ABORT, 'rental_charges: append only'); END;
CREATE TRIGGER rental_charges_no_delete BEFORE DELETE ON rental_charges BEGIN SELECT raise(ABORT, 'rental_charges: append only'); END;

-- Every change of status or time, with its reason. Append only.
CREATE TABLE rental_changes (
  id INTEGER PRIMARY KEY,
  rental_id TEXT NOT NULL REFERENCES rentals (id),
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  -- In plain words for its customer, where the reason alone does not say it.
  detail TEXT NOT NULL,
  -- By how much the end moved.
  added_ms INTEGER NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX rental_changes_by_rental ON rental_changes (rental_id, id);
CREATE TRIGGER rental_changes_no_update BEFORE UPDATE ON rental_changes BEGIN SELECT raise(ABORT, 'rental_changes: append only'); END;
CREATE TRIGGER rental_changes_no_delete BEFORE DELETE ON rental_changes BEGIN SELECT raise(ABORT, 'rental_changes: append only'); END;

-- A SIM serves no order during a rental: the last line of defence behind the allocation.
CREATE TRIGGER orders_none_in_rental BEFORE INSERT ON orders
WHEN EXISTS (SELECT 1 FROM rentals WHERE iccid = NEW.iccid AND status = 'active')
BEGIN SELECT raise(ABORT, 'orders: the SIM is in a rental'); END;
CREATE TRIGGER rentals_none_in_order BEFORE INSERT ON rentals
WHEN NEW.status = 'active' AND EXISTS (SELECT 1 FROM orders WHERE iccid = NEW.iccid AND status IN ('pending', 'received'))
BEGIN SELECT raise(ABORT, 'rentals: the SIM has an open order'); END;
CREATE TRIGGER rentals_begin_in_no_order BEFORE UPDATE OF status ON rentals
WHEN NEW.status = 'active' AND OLD.status <> 'active' AND EXISTS (SELECT 1 FROM orders WHERE iccid = NEW.iccid AND status IN ('pending', 'received'))
BEGIN SELECT raise(ABORT, 'rentals: the SIM has an open order'); END;

-- Since when a SIM cannot be read, so that a rental gets that time back; null while it can be, or never could.
ALTER TABLE sims ADD COLUMN offline_since_ms INTEGER;

ALTER TABLE events ADD COLUMN rental_id TEXT;
CREATE INDEX events_by_rental ON events (rental_id, seq) WHERE rental_id IS NOT NULL;

-- As in 0010, with the events of a rental in a lane of their own.
DROP TRIGGER events_to_webhooks;
CREATE TRIGGER events_to_webhooks AFTER INSERT ON events
BEGIN
  INSERT INTO deliveries (id, channel, user_id, target, lane, topic, event_id, payload, state, next_at_ms, created_at_ms)
  SELECT w.id || '.' || NEW.id, 'webhook', NEW.user_id, w.id, coalesce(NEW.order_id, NEW.rental_id), NEW.type, NEW.id, NULL, 'waiting', NEW.created_at_ms, NEW.created_at_ms
  FROM webhooks w
  WHERE w.user_id = NEW.user_id AND w.state = 'active'
    AND (w.events IS NULL OR EXISTS (SELECT 1 FROM json_each(w.events) WHERE value = NEW.type))
  ON CONFLICT (id) DO NOTHING;
END;

-- As in 0011, knowing that the money of a rental is no top-up either.
DROP TRIGGER mail_of_balance;
CREATE TRIGGER mail_of_balance AFTER INSERT ON events
WHEN NEW.type = 'balance.changed' AND EXISTS (SELECT 1 FROM settings WHERE key = 'mail' AND value = 'on')
BEGIN
  -- Only a top-up belongs to no order and to no rental.
  UPDATE mail_settings SET low_balance_told = 0
  WHERE user_id = NEW.user_id AND NEW.order_id IS NULL AND NEW.rental_id IS NULL AND json_extract(NEW.data, '$.available') >= low_balance_minor;
  INSERT INTO deliveries (id, channel, user_id, target, lane, topic, event_id, state, next_at_ms, created_at_ms)
  SELECT 'mail:low_balance:' || NEW.id, 'mail', NEW.user_id, 'smtp:' || NEW.user_id, NULL, 'low_balance', NEW.id, 'waiting', NEW.created_at_ms, NEW.created_at_ms
  FROM mail_settings s
  WHERE s.user_id = NEW.user_id AND s.low_balance = 1 AND s.low_balance_told = 0 AND json_extract(NEW.data, '$.available') < s.low_balance_minor;
  UPDATE mail_settings SET low_balance_told = 1
  WHERE user_id = NEW.user_id AND low_balance = 1 AND json_extract(NEW.data, '$.available') < low_balance_minor;
END;

-- ---------------------------------------------------------------- ledger
-- Copied away and back, not renamed: rows that are inserted under the final name are what the waiting foreign keys find.
CREATE TABLE ledger_transactions_before AS SELECT id, kind, user_id, order_id, reference, created_at_ms FROM ledger_transactions;
DROP TRIGGER ledger_sealed;
DROP TABLE ledger_transactions;
CREATE TABLE ledger_transactions (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('top_up', 'debit', 'hold', 'capture', 'refund', 'partial_refund')),
  user_id TEXT NOT NULL REFERENCES users (id),
  order_id TEXT REFERENCES orders (id),
  rental_id TEXT REFERENCES rentals (id),
  -- Of the rental: its number in rental_charges.
  charge INTEGER,
  reference TEXT,
  -- Why an operator took money back.
  reason TEXT,
  created_at_ms INTEGER NOT NULL,
  CHECK ((kind IN ('top_up', 'debit')) = (order_id IS NULL AND rental_id IS NULL)),
  CHECK (order_id IS NULL OR rental_id IS NULL),
  CHECK ((rental_id IS NULL) = (charge IS NULL)),
  CHECK (kind <> 'partial_refund' OR rental_id IS NOT NULL),
  CHECK ((kind = 'debit') = (reason IS NOT NULL)),
  FOREIGN KEY (rental_id, charge) REFERENCES rental_charges (rental_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO ledger_transactions (id, kind, user_id, order_id, reference, created_at_ms)
  SELECT id, kind, user_id, order_id, reference, created_at_ms FROM ledger_transactions_before ORDER BY id;
DROP TABLE ledger_transactions_before;
-- One hold for an order, and one end: captured or refunded, never both. The same for each charge of a rental, of which a part may go back once.
CREATE UNIQUE INDEX ledger_one_hold ON ledger_transactions (order_id) WHERE kind = 'hold';
CREATE UNIQUE INDEX ledger_one_end ON ledger_transactions (order_id) WHERE kind IN ('capture', 'refund');
CREATE UNIQUE INDEX ledger_one_hold_of_charge ON ledger_transactions (rental_id, charge) WHERE kind = 'hold';
CREATE UNIQUE INDEX ledger_one_end_of_charge ON ledger_transactions (rental_id, charge) WHERE kind IN ('capture', 'refund');
CREATE UNIQUE INDEX ledger_one_partial_refund ON ledger_transactions (rental_id, charge) WHERE kind = 'partial_refund';
CREATE UNIQUE INDEX ledger_one_reference ON ledger_transactions (user_id, reference) WHERE reference IS NOT NULL;
CREATE INDEX ledger_by_user ON ledger_transactions (user_id, id);
CREATE TRIGGER ledger_seal BEFORE INSERT ON ledger_transactions
WHEN (SELECT count(*) < 2 OR sum(amount_minor) <> 0 FROM ledger_entries WHERE transaction_id = NEW.id)
BEGIN SELECT raise(ABORT, 'ledger: entries do not sum to zero'); END;
CREATE TRIGGER ledger_sealed BEFORE INSERT ON ledger_entries
WHEN EXISTS (SELECT 1 FROM ledger_transactions WHERE id = NEW.transaction_id)
BEGIN SELECT raise(ABORT, 'ledger: the transaction is sealed'); END;
CREATE TRIGGER ledger_transactions_no_update BEFORE UPDATE ON ledger_transactions BEGIN SELECT raise(ABORT, 'ledger: append only'); END;
CREATE TRIGGER ledger_transactions_no_delete BEFORE DELETE ON ledger_transactions BEGIN SELECT raise(ABORT, 'ledger: append only'); END;
-- Never more back than was captured of the same charge.
CREATE TRIGGER ledger_partial_refund BEFORE INSERT ON ledger_transactions
WHEN NEW.kind = 'partial_refund' AND
  (SELECT sum(abs(amount_minor)) FROM ledger_entries WHERE transaction_id = NEW.id) >
  (SELECT coalesce(sum(abs(e.amount_minor)), 0) FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id
   WHERE t.rental_id = NEW.rental_id AND t.charge = NEW.charge AND t.kind = 'capture')
BEGIN SELECT raise(ABORT, 'ledger: more would go back than was captured'); END;

-- ---------------------------------------------------------------- messages
CREATE TABLE messages_before AS SELECT * FROM messages;
DROP TABLE messages;
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
  -- An order's, a rental's or nobody's, never two.
  order_id TEXT REFERENCES orders (id),
  rental_id TEXT REFERENCES rentals (id),
  user_id TEXT REFERENCES users (id),
  -- `seq` of the event that last told its customer of it: what `?after=` compares.
  event_seq INTEGER,
  -- What the rules saw, see 0004, and when they last said so, see 0014.
  printed TEXT,
  rule_version TEXT,
  candidates TEXT,
  judged_at_ms INTEGER,
  CHECK (order_id IS NULL OR rental_id IS NULL),
  CHECK ((order_id IS NULL AND rental_id IS NULL) = (user_id IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO messages (id, iccid, sender, text, parts_have, parts_total, network_at_ms, arrived_at_ms, stored_at_ms, live, verdict, code, service, confidence,
    reason, rule, order_id, user_id, event_seq, printed, rule_version, candidates, judged_at_ms)
  SELECT id, iccid, sender, text, parts_have, parts_total, network_at_ms, arrived_at_ms, stored_at_ms, live, verdict, code, service, confidence,
    reason, rule, order_id, user_id, event_seq, printed, rule_version, candidates, judged_at_ms FROM messages_before ORDER BY id;
DROP TABLE messages_before;
CREATE INDEX messages_by_order ON messages (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX messages_by_rental ON messages (rental_id, id) WHERE rental_id IS NOT NULL;
CREATE INDEX messages_by_user ON messages (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX messages_unmatched ON messages (id) WHERE user_id IS NULL;
CREATE INDEX messages_waiting ON messages (iccid) WHERE rule = 'waiting_for_parts';
CREATE INDEX messages_by_sim ON messages (iccid, arrived_at_ms);
CREATE INDEX messages_by_arrival ON messages (arrived_at_ms);
