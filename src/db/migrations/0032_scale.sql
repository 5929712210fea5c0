-- What nobody decided in time is listed from the newest on, however much of it there is.
DROP INDEX reviews_open;
CREATE INDEX reviews_open ON reviews (created_at_ms, message_id) WHERE state = 'open';
CREATE INDEX message_reports_seen ON message_reports (seen_at_ms) WHERE seen_at_ms IS NOT NULL AND withdrawn_at_ms IS NULL;

-- What waits for an endpoint, as its page lists it: among all that was ever delivered it would be looked for.
CREATE INDEX deliveries_waiting_listed ON deliveries (target, seq) WHERE state = 'waiting';

-- What was on a customer's account after every two hundredth entry, in the order of their transactions' ids: a balance of long ago is summed up from the mark before
-- it and not from today back. An id may be smaller than one before it when the clock was set back; then the marks behind it move.
CREATE TABLE ledger_marks (
  account_id TEXT NOT NULL REFERENCES ledger_accounts (id),
  transaction_id TEXT NOT NULL,
  balance_minor INTEGER NOT NULL,
  PRIMARY KEY (account_id, transaction_id)
) STRICT, WITHOUT ROWID;
ALTER TABLE ledger_accounts ADD COLUMN entries INTEGER NOT NULL DEFAULT 0;
UPDATE ledger_accounts SET entries = (SELECT count(*) FROM ledger_entries WHERE account_id = ledger_accounts.id) WHERE kind IN ('available', 'held');
INSERT INTO ledger_marks (account_id, transaction_id, balance_minor)
  SELECT account_id, transaction_id, balance FROM (
    SELECT e.account_id, e.transaction_id, sum(e.amount_minor) OVER (PARTITION BY e.account_id ORDER BY e.transaction_id) AS balance,
      row_number() OVER (PARTITION BY e.account_id ORDER BY e.transaction_id) AS nth
    FROM ledger_accounts a CROSS JOIN ledger_entries e ON e.account_id = a.id WHERE a.kind IN ('available', 'held'))
  WHERE nth % 200 = 0;

DROP TRIGGER ledger_balance;
CREATE TRIGGER ledger_balance AFTER INSERT ON ledger_entries
BEGIN
  UPDATE ledger_accounts SET balance_minor = balance_minor + NEW.amount_minor, entries = entries + 1 WHERE id = NEW.account_id;
  UPDATE ledger_marks SET balance_minor = balance_minor + NEW.amount_minor WHERE account_id = NEW.account_id AND transaction_id >= NEW.transaction_id;
  INSERT INTO ledger_marks (account_id, transaction_id, balance_minor)
    SELECT a.id, NEW.transaction_id,
      a.balance_minor - (SELECT coalesce(sum(amount_minor), 0) FROM ledger_entries WHERE account_id = a.id AND transaction_id > NEW.transaction_id)
    FROM ledger_accounts a WHERE a.id = NEW.account_id AND a.kind IN ('available', 'held') AND a.entries % 200 = 0
    ON CONFLICT DO NOTHING;
END;
