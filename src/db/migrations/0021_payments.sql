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

-- Top-ups asked for through a payment provider.
CREATE TABLE payments (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  provider TEXT NOT NULL CHECK (provider IN ('stripe', 'btcpay')),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  -- `asked`: the provider has not answered yet · `open`: its page waits for the customer · `differs`: other money came than was asked for.
  state TEXT NOT NULL CHECK (state IN ('asked', 'open', 'failed', 'paid', 'expired', 'invalid', 'differs')),
  -- The provider's name for it: a checkout session, an invoice.
  provider_ref TEXT,
  checkout_url TEXT,
  -- Of the form it came by, so that a form sent twice asks once.
  form_key TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  UNIQUE (user_id, form_key)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX payments_by_ref ON payments (provider, provider_ref) WHERE provider_ref IS NOT NULL;
CREATE INDEX payments_by_user ON payments (user_id, id);

-- What providers told, each event once, and what came of it. Append only.
CREATE TABLE payment_events (
  provider TEXT NOT NULL,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  provider_ref TEXT NOT NULL,
  payment_id TEXT REFERENCES payments (id),
  -- As the provider states it; null where it states none, or none we can keep.
  amount_minor INTEGER,
  currency TEXT,
  outcome TEXT NOT NULL,
  -- The operator must look at it.
  attention INTEGER NOT NULL CHECK (attention IN (0, 1)),
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (provider, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX payment_events_attention ON payment_events (at_ms) WHERE attention = 1;
