-- When the rules, or a person, last said what a message is. Null for messages of before.
ALTER TABLE messages ADD COLUMN judged_at_ms INTEGER;

-- When an event first reached its customer by each way that nothing else keeps: webhooks and mail have `deliveries`.
CREATE TABLE pushes (
  event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  channel TEXT NOT NULL CHECK (channel IN ('dashboard', 'stream', 'long_poll', 'poll', 'page', 'seen')),
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (event_id, channel)
) STRICT, WITHOUT ROWID;
