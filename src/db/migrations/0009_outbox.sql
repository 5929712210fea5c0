-- What is to leave the house: a fact or a notice on its way to one receiver. Written in the transaction of what it tells of, kept until it was
-- delivered or given up, so that neither a crash nor a receiver that is away loses it.
CREATE TABLE deliveries (
  seq INTEGER PRIMARY KEY,
  -- Made from what it tells of and to whom, so that the same is never queued twice.
  id TEXT NOT NULL UNIQUE,
  channel TEXT NOT NULL CHECK (channel IN ('webhook', 'mail')),
  -- Whose matter it is; null for people without an account.
  user_id TEXT REFERENCES users (id),
  -- Whoever shares this shares the limit of attempts at once: a webhook's id, the mail server.
  target TEXT NOT NULL,
  -- Of those due of one target and lane, one is attempted at a time, the older one first: an order's id, or null.
  lane TEXT,
  -- The type of an event, or the kind of a mail.
  topic TEXT NOT NULL,
  event_id TEXT,
  -- JSON; null when the event says it all.
  payload TEXT,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  -- Attempts that failed since it was queued, or queued again: the place in the schedule.
  failures INTEGER NOT NULL DEFAULT 0,
  -- Not to be attempted before; null when it has ended.
  next_at_ms INTEGER,
  created_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  CHECK ((state = 'waiting') = (next_at_ms IS NOT NULL)),
  CHECK ((state = 'waiting') = (ended_at_ms IS NULL))
) STRICT;
CREATE INDEX deliveries_due ON deliveries (channel, next_at_ms, seq) WHERE state = 'waiting';
CREATE INDEX deliveries_waiting ON deliveries (channel, target, next_at_ms, seq) WHERE state = 'waiting';
CREATE INDEX deliveries_by_target ON deliveries (target, seq);
CREATE INDEX deliveries_by_event ON deliveries (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX deliveries_ended ON deliveries (ended_at_ms) WHERE ended_at_ms IS NOT NULL;

CREATE TABLE delivery_attempts (
  delivery_seq INTEGER NOT NULL REFERENCES deliveries (seq) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  started_at_ms INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('delivered', 'retry', 'failed')),
  -- HTTP or SMTP status, null when there was no answer.
  status INTEGER,
  -- What the receiver said, cut, or why there was no answer.
  detail TEXT NOT NULL,
  PRIMARY KEY (delivery_seq, number)
) STRICT, WITHOUT ROWID;

-- Replay of the stream after an event, and what was told of an order.
CREATE INDEX events_by_user ON events (user_id, seq);
CREATE INDEX events_by_order ON events (order_id, seq) WHERE order_id IS NOT NULL;
