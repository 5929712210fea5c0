-- Every top-up has a receipt with a number of its own: counted without a gap, in the very transaction of the money.
CREATE TABLE receipts (
  number INTEGER PRIMARY KEY,
  transaction_id TEXT NOT NULL UNIQUE REFERENCES ledger_transactions (id)
) STRICT;
INSERT INTO receipts (transaction_id) SELECT id FROM ledger_transactions WHERE kind = 'top_up' ORDER BY id;
CREATE TRIGGER receipt_of_top_up AFTER INSERT ON ledger_transactions WHEN NEW.kind = 'top_up'
BEGIN INSERT INTO receipts (number, transaction_id) SELECT coalesce(max(number), 0) + 1, NEW.id FROM receipts; END;
CREATE TRIGGER receipts_no_update BEFORE UPDATE ON receipts BEGIN SELECT raise(ABORT, 'receipts: append only'); END;
CREATE TRIGGER receipts_no_delete BEFORE DELETE ON receipts BEGIN SELECT raise(ABORT, 'receipts: append only'); END;

-- Who the operator was since when, as the configuration said: a receipt tells what held when the money came, also after the rate of the tax changed.
CREATE TABLE operator_details (
  since_ms INTEGER PRIMARY KEY,
  details TEXT NOT NULL
) STRICT;
