-- What the rules saw in a message, so that a person can see why, and a change of the rules can be tried on what came in before.
ALTER TABLE messages ADD COLUMN printed TEXT;
-- Of the rules that judged it.
ALTER TABLE messages ADD COLUMN rule_version TEXT;
-- JSON: all that was weighed as the code, best first, with score and place in the text; of bounded size (messages/judgements.ts).
ALTER TABLE messages ADD COLUMN candidates TEXT;

-- Messages that nobody got and that a person may give to an order.
CREATE TABLE reviews (
  message_id TEXT PRIMARY KEY REFERENCES messages (id),
  -- `withdrawn`: the rules settled it themselves when the rest of the message came.
  state TEXT NOT NULL CHECK (state IN ('open', 'delivered', 'not_code', 'other_service', 'withdrawn')),
  created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX reviews_open ON reviews (message_id) WHERE state = 'open';

-- The orders a message may belong to, and what the rules said of each.
CREATE TABLE review_orders (
  message_id TEXT NOT NULL REFERENCES reviews (message_id),
  order_id TEXT NOT NULL REFERENCES orders (id),
  verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'review', 'reject')),
  rule TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (message_id, order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_orders_by_order ON review_orders (order_id);

-- Who decided what, when. Append only; the code itself stands with the message alone.
CREATE TABLE review_decisions (
  id INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL REFERENCES reviews (message_id),
  kind TEXT NOT NULL CHECK (kind IN ('deliver', 'not_code', 'other_service', 'undo')),
  order_id TEXT REFERENCES orders (id),
  service TEXT,
  note TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX review_decisions_by_message ON review_decisions (message_id, id);
CREATE TRIGGER review_decisions_no_update BEFORE UPDATE ON review_decisions BEGIN SELECT raise(ABORT, 'review_decisions: append only'); END;
CREATE TRIGGER review_decisions_no_delete BEFORE DELETE ON review_decisions BEGIN SELECT raise(ABORT, 'review_decisions: append only'); END;

-- What customers say of a message they were given. One for a message; taken back it stays, so that it cannot be sent again and again.
CREATE TABLE message_reports (
  message_id TEXT PRIMARY KEY REFERENCES messages (id),
  user_id TEXT NOT NULL REFERENCES users (id),
  reason TEXT NOT NULL CHECK (reason IN ('wrong_code', 'not_my_service')),
  -- What the customer says the code is.
  expected TEXT,
  -- Of the first time: from it the few minutes for second thoughts are counted.
  first_at_ms INTEGER NOT NULL,
  reported_at_ms INTEGER NOT NULL,
  withdrawn_at_ms INTEGER,
  seen_at_ms INTEGER,
  seen_by TEXT REFERENCES users (id),
  -- The operator's; never shown to the customer.
  note TEXT,
  CHECK ((seen_at_ms IS NULL) = (seen_by IS NULL)),
  CHECK (withdrawn_at_ms IS NULL OR seen_at_ms IS NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_reports_unseen ON message_reports (reported_at_ms) WHERE seen_at_ms IS NULL AND withdrawn_at_ms IS NULL;

-- Answers kept for an Idempotency-Key are given again as they were; an order has one more member now.
UPDATE idempotency_keys SET answer = json_set(answer, '$.unsure', NULL);
