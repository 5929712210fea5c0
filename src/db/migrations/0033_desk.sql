-- What operators need at their desk: how customers signed in, limits of their own, settings that hold instead of the file's, closed days, and searching.

-- Who signed in, or tried to, with the address and browser it came from; kept for a while (accounts/sign-ins.ts).
CREATE TABLE sign_ins (
  id INTEGER PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  at_ms INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('signed_in', 'signed_up', 'wrong_password', 'waiting', 'blocked')),
  address TEXT NOT NULL,
  user_agent TEXT NOT NULL
) STRICT;
CREATE INDEX sign_ins_by_user ON sign_ins (user_id, id);
CREATE INDEX sign_ins_by_age ON sign_ins (at_ms);

-- A customer's own limits; null: the house's.
CREATE TABLE customer_limits (
  user_id TEXT PRIMARY KEY REFERENCES users (id),
  open_orders INTEGER CHECK (open_orders >= 0),
  orders_a_day INTEGER CHECK (orders_a_day >= 0),
  set_by TEXT NOT NULL REFERENCES users (id),
  set_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Each change of a setting while running; the newest of a key holds. The value is JSON; null: what the file says.
CREATE TABLE setting_changes (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  value TEXT,
  user_id TEXT NOT NULL REFERENCES users (id),
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX setting_changes_by_key ON setting_changes (key, id);
CREATE TRIGGER setting_changes_no_update BEFORE UPDATE ON setting_changes BEGIN SELECT raise(ABORT, 'setting_changes: append only'); END;
CREATE TRIGGER setting_changes_no_delete BEFORE DELETE ON setting_changes BEGIN SELECT raise(ABORT, 'setting_changes: append only'); END;

-- A closed day of the books. It covers the entries behind those of the closing before it, up to and with `last_entry`: entries are numbered in the order
-- in which they are committed and cannot be changed, so nothing that comes later, whatever clock it carries, gets into a closed day.
CREATE TABLE ledger_closings (
  day TEXT PRIMARY KEY,
  zone TEXT NOT NULL,
  from_ms INTEGER NOT NULL,
  to_ms INTEGER NOT NULL CHECK (to_ms > from_ms),
  first_entry INTEGER NOT NULL,
  last_entry INTEGER NOT NULL CHECK (last_entry >= first_entry - 1),
  closed_by TEXT NOT NULL REFERENCES users (id),
  closed_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- What each kind of movement did to each kind of account; `opening` is a kind of its own. Written before the closing, whose insert seals them.
CREATE TABLE ledger_closing_lines (
  day TEXT NOT NULL REFERENCES ledger_closings (day) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL,
  account TEXT NOT NULL CHECK (account IN ('available', 'held', 'revenue', 'funding')),
  movements INTEGER NOT NULL CHECK (movements >= 0),
  amount_minor INTEGER NOT NULL,
  PRIMARY KEY (day, kind, account)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER ledger_closings_seal BEFORE INSERT ON ledger_closings
WHEN (SELECT coalesce(sum(amount_minor), 0) FROM ledger_closing_lines WHERE day = NEW.day) <> 0
BEGIN SELECT raise(ABORT, 'ledger_closings: the lines of the day do not sum to zero'); END;
CREATE TRIGGER ledger_closings_follow BEFORE INSERT ON ledger_closings
WHEN NEW.first_entry <> (SELECT coalesce(max(last_entry), 0) + 1 FROM ledger_closings) OR NEW.day <= (SELECT max(day) FROM ledger_closings)
BEGIN SELECT raise(ABORT, 'ledger_closings: a day follows the day before it'); END;
CREATE TRIGGER ledger_closing_lines_sealed BEFORE INSERT ON ledger_closing_lines WHEN EXISTS (SELECT 1 FROM ledger_closings WHERE day = NEW.day)
BEGIN SELECT raise(ABORT, 'ledger_closings: the day is closed'); END;
CREATE TRIGGER ledger_closings_no_update BEFORE UPDATE ON ledger_closings BEGIN SELECT raise(ABORT, 'ledger_closings: the day is closed'); END;
CREATE TRIGGER ledger_closings_no_delete BEFORE DELETE ON ledger_closings BEGIN SELECT raise(ABORT, 'ledger_closings: the day is closed'); END;
CREATE TRIGGER ledger_closing_lines_no_update BEFORE UPDATE ON ledger_closing_lines BEGIN SELECT raise(ABORT, 'ledger_closings: the day is closed'); END;
CREATE TRIGGER ledger_closing_lines_no_delete BEFORE DELETE ON ledger_closing_lines BEGIN SELECT raise(ABORT, 'ledger_closings: the day is closed'); END;

-- Searching. Any three characters in a row of an address are found.
CREATE VIRTUAL TABLE users_text USING fts5 (user_id UNINDEXED, email, tokenize = 'trigram');
INSERT INTO users_text (user_id, email) SELECT id, email FROM users ORDER BY id;
CREATE TRIGGER users_text_of_new AFTER INSERT ON users BEGIN INSERT INTO users_text (user_id, email) VALUES (NEW.id, NEW.email); END;
CREATE TRIGGER users_text_of_changed AFTER UPDATE OF email ON users WHEN NEW.email <> OLD.email
BEGIN UPDATE users_text SET email = NEW.email WHERE user_id = NEW.id; END;
CREATE INDEX users_not_active ON users (state, id) WHERE state <> 'active';
CREATE INDEX orders_by_number ON orders (number, id);
CREATE INDEX ledger_rare_kinds ON ledger_transactions (kind, id) WHERE kind IN ('top_up', 'debit', 'partial_refund');
CREATE INDEX audit_by_user ON audit (user_id, id);
CREATE INDEX audit_by_action ON audit (action, id);
CREATE INDEX audit_by_time ON audit (at_ms, id);
