-- An operator who sees everything and may change nothing.
ALTER TABLE users ADD COLUMN read_only INTEGER NOT NULL DEFAULT 0 CHECK (read_only = 0 OR (read_only = 1 AND role = 'operator'));

-- What the operator keeps of a card beside what it tells: apart from `sims`, whose changes are counted as stock. Days are ISO 8601 dates (UTC).
CREATE TABLE sim_care (
  iccid TEXT PRIMARY KEY REFERENCES sims (iccid),
  note TEXT NOT NULL DEFAULT '',
  -- In alphabetical order, apart by one space.
  tags TEXT NOT NULL DEFAULT '',
  expires_on TEXT CHECK (expires_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  top_up_on TEXT CHECK (top_up_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  -- The next top-up is so many days after one was done.
  top_up_days INTEGER CHECK (top_up_days BETWEEN 1 AND 3650)
) STRICT, WITHOUT ROWID;
CREATE INDEX sim_care_expiring ON sim_care (expires_on) WHERE expires_on IS NOT NULL;
CREATE INDEX sim_care_topping_up ON sim_care (top_up_on) WHERE top_up_on IS NOT NULL;

-- Reminders of a day that was typed, each once for each day: another day is reminded of anew.
CREATE TABLE sim_reminders (
  iccid TEXT NOT NULL REFERENCES sims (iccid),
  what TEXT NOT NULL CHECK (what IN ('expiry', 'top_up')),
  due_on TEXT NOT NULL,
  days INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (iccid, what, due_on, days)
) STRICT, WITHOUT ROWID;
ALTER TABLE mail_settings ADD COLUMN sim_due INTEGER NOT NULL DEFAULT 0 CHECK (sim_due IN (0, 1));

-- What each card earned, by UTC month (`2026-11`), and in all (''): captured, less what of it went back later. Kept by the trigger alone.
CREATE TABLE sim_earnings (
  iccid TEXT NOT NULL REFERENCES sims (iccid),
  month TEXT NOT NULL,
  earned_minor INTEGER NOT NULL,
  sales INTEGER NOT NULL,
  PRIMARY KEY (iccid, month)
) STRICT, WITHOUT ROWID;
INSERT INTO sim_earnings (iccid, month, earned_minor, sales)
SELECT iccid, month, sum(amount_minor), sum(kind = 'capture') FROM (
  SELECT coalesce(o.iccid, r.iccid) AS iccid, strftime('%Y-%m', t.created_at_ms / 1000, 'unixepoch') AS month, t.kind, e.amount_minor
  FROM ledger_transactions t
  JOIN ledger_entries e ON e.transaction_id = t.id AND e.account_id = 'revenue'
  LEFT JOIN orders o ON o.id = t.order_id LEFT JOIN rentals r ON r.id = t.rental_id
  WHERE t.kind IN ('capture', 'partial_refund'))
GROUP BY iccid, month;
INSERT INTO sim_earnings (iccid, month, earned_minor, sales)
SELECT iccid, '', sum(earned_minor), sum(sales) FROM sim_earnings GROUP BY iccid;
CREATE TRIGGER sim_earned AFTER INSERT ON ledger_transactions WHEN NEW.kind IN ('capture', 'partial_refund')
BEGIN
  INSERT INTO sim_earnings (iccid, month, earned_minor, sales)
  SELECT sold.iccid, months.month, (SELECT sum(amount_minor) FROM ledger_entries WHERE transaction_id = NEW.id AND account_id = 'revenue'), NEW.kind = 'capture'
  FROM (SELECT iccid FROM orders WHERE id = NEW.order_id UNION ALL SELECT iccid FROM rentals WHERE id = NEW.rental_id) sold,
       (SELECT '' AS month UNION ALL SELECT strftime('%Y-%m', NEW.created_at_ms / 1000, 'unixepoch')) months
  WHERE true
  ON CONFLICT (iccid, month) DO UPDATE SET earned_minor = earned_minor + excluded.earned_minor, sales = sales + excluded.sales;
END;

-- A change of many cards at once: planned and looked at, then made card by card, so that it can be gone on with and taken back.
CREATE TABLE sim_changes (
  id TEXT PRIMARY KEY,
  verb TEXT NOT NULL CHECK (verb IN ('pause', 'resume', 'tag', 'untag', 'expires', 'top_up', 'topped_up')),
  -- The tag or the day; '' where the verb needs none.
  value TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'running', 'done', 'undoing', 'undone')),
  user_id TEXT NOT NULL REFERENCES users (id),
  created_at_ms INTEGER NOT NULL,
  done_at_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sim_changes_by_state ON sim_changes (state, id);
CREATE TABLE sim_change_items (
  change_id TEXT NOT NULL REFERENCES sim_changes (id),
  iccid TEXT NOT NULL REFERENCES sims (iccid),
  outcome TEXT NOT NULL CHECK (outcome IN ('waiting', 'changed', 'same', 'refused', 'undone', 'kept')),
  -- JSON: what the change replaces, and what it put there.
  before TEXT,
  after TEXT,
  -- Why it was refused, or not taken back.
  detail TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (change_id, iccid)
) STRICT, WITHOUT ROWID;
CREATE INDEX sim_change_items_by_outcome ON sim_change_items (change_id, outcome, iccid);

-- What the overview draws, one row for each minute that is over; kept for a month.
CREATE TABLE house_minutes (
  -- Whole minutes since 1970-01-01T00:00Z.
  minute INTEGER PRIMARY KEY,
  codes INTEGER NOT NULL,
  orders INTEGER NOT NULL,
  paid_in_minor INTEGER NOT NULL,
  paid_out_minor INTEGER NOT NULL,
  earned_minor INTEGER NOT NULL,
  open_orders INTEGER NOT NULL,
  free_sims INTEGER NOT NULL,
  readable_sims INTEGER NOT NULL
) STRICT;
