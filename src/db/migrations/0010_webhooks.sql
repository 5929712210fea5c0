-- Where customers want to be told of their events.
CREATE TABLE webhooks (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  -- JSON list of event types; null for all, also those to come.
  events TEXT,
  -- paused by its customer; disabled by the house after lasting failure.
  state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'disabled')),
  disabled_reason TEXT CHECK (disabled_reason IN ('gone', 'failing')),
  disabled_at_ms INTEGER,
  -- In the clear, because signing needs them: a hash could not sign.
  secret TEXT NOT NULL,
  previous_secret TEXT,
  -- Until then the previous secret signs too.
  previous_until_ms INTEGER,
  -- Failed attempts since the last success, and when the first of them was.
  failures INTEGER NOT NULL DEFAULT 0,
  failing_since_ms INTEGER,
  last_delivered_at_ms INTEGER,
  created_at_ms INTEGER NOT NULL,
  CHECK ((state = 'disabled') = (disabled_reason IS NOT NULL)),
  CHECK ((disabled_reason IS NULL) = (disabled_at_ms IS NULL)),
  CHECK ((previous_secret IS NULL) = (previous_until_ms IS NULL)),
  UNIQUE (user_id, url)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhooks_troubled ON webhooks (state) WHERE state = 'disabled' OR failing_since_ms IS NOT NULL;

-- In the database and not in the code, so that no writer of events can forget it: a delivery commits with its fact or not at all.
CREATE TRIGGER events_to_webhooks AFTER INSERT ON events
BEGIN
  INSERT INTO deliveries (id, channel, user_id, target, lane, topic, event_id, payload, state, next_at_ms, created_at_ms)
  SELECT w.id || '.' || NEW.id, 'webhook', NEW.user_id, w.id, NEW.order_id, NEW.type, NEW.id, NULL, 'waiting', NEW.created_at_ms, NEW.created_at_ms
  FROM webhooks w
  WHERE w.user_id = NEW.user_id AND w.state = 'active'
    AND (w.events IS NULL OR EXISTS (SELECT 1 FROM json_each(w.events) WHERE value = NEW.type))
  ON CONFLICT (id) DO NOTHING;
END;

-- All that failed of one receiver, to be sent again.
CREATE INDEX deliveries_failed ON deliveries (target, seq) WHERE state = 'failed';
