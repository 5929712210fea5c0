-- How often it was queued again: an attempt that began before the last time cannot end it.
ALTER TABLE deliveries ADD COLUMN requeues INTEGER NOT NULL DEFAULT 0;
-- What goes before all others of its channel.
ALTER TABLE deliveries ADD COLUMN is_urgent INTEGER NOT NULL DEFAULT 0 CHECK (is_urgent IN (0, 1));
CREATE INDEX deliveries_urgent ON deliveries (channel, next_at_ms, seq) WHERE state = 'waiting' AND is_urgent = 1;
UPDATE deliveries SET is_urgent = 1
WHERE channel = 'mail' AND state = 'waiting' AND topic IN ('password_reset', 'new_browser', 'password_changed', 'key_created', 'key_revoked');

-- Mail of each customer is a target of its own: one whose mails wait, or hang, holds nobody else's back.
UPDATE deliveries SET target = 'smtp:' || coalesce(user_id, '') WHERE channel = 'mail' AND target = 'smtp' AND state = 'waiting';

DROP TRIGGER mail_of_code;
CREATE TRIGGER mail_of_code AFTER INSERT ON events
WHEN NEW.type = 'order.received' AND EXISTS (SELECT 1 FROM settings WHERE key = 'mail' AND value = 'on')
BEGIN
  INSERT INTO deliveries (id, channel, user_id, target, lane, topic, event_id, state, next_at_ms, created_at_ms)
  SELECT 'mail:code_received:' || NEW.id, 'mail', NEW.user_id, 'smtp:' || NEW.user_id, NEW.order_id, 'code_received', NEW.id, 'waiting', NEW.created_at_ms, NEW.created_at_ms
  FROM mail_settings s
  WHERE s.user_id = NEW.user_id AND s.code_received = 1 AND json_extract(NEW.data, '$.code') IS NOT NULL
    -- The event is also written when a message grew by a part: the same code of the same message is told once.
    AND json_array(json_extract(NEW.data, '$.code'), json_extract(NEW.data, '$.messages[0].id')) IS NOT (
      SELECT json_array(json_extract(e.data, '$.code'), json_extract(e.data, '$.messages[0].id')) FROM events e
      WHERE e.order_id = NEW.order_id AND e.type = 'order.received' AND e.seq < NEW.seq ORDER BY e.seq DESC LIMIT 1);
END;

DROP TRIGGER mail_of_expiry;
CREATE TRIGGER mail_of_expiry AFTER INSERT ON events
WHEN NEW.type = 'order.expired' AND EXISTS (SELECT 1 FROM settings WHERE key = 'mail' AND value = 'on')
BEGIN
  INSERT INTO deliveries (id, channel, user_id, target, lane, topic, event_id, state, next_at_ms, created_at_ms)
  SELECT 'mail:order_expired:' || NEW.id, 'mail', NEW.user_id, 'smtp:' || NEW.user_id, NEW.order_id, 'order_expired', NEW.id, 'waiting', NEW.created_at_ms, NEW.created_at_ms
  FROM mail_settings s WHERE s.user_id = NEW.user_id AND s.order_expired = 1;
END;

DROP TRIGGER mail_of_balance;
CREATE TRIGGER mail_of_balance AFTER INSERT ON events
WHEN NEW.type = 'balance.changed' AND EXISTS (SELECT 1 FROM settings WHERE key = 'mail' AND value = 'on')
BEGIN
  -- Only a top-up belongs to no order.
  UPDATE mail_settings SET low_balance_told = 0
  WHERE user_id = NEW.user_id AND NEW.order_id IS NULL AND json_extract(NEW.data, '$.available') >= low_balance_minor;
  INSERT INTO deliveries (id, channel, user_id, target, lane, topic, event_id, state, next_at_ms, created_at_ms)
  SELECT 'mail:low_balance:' || NEW.id, 'mail', NEW.user_id, 'smtp:' || NEW.user_id, NULL, 'low_balance', NEW.id, 'waiting', NEW.created_at_ms, NEW.created_at_ms
  FROM mail_settings s
  WHERE s.user_id = NEW.user_id AND s.low_balance = 1 AND s.low_balance_told = 0 AND json_extract(NEW.data, '$.available') < s.low_balance_minor;
  UPDATE mail_settings SET low_balance_told = 1
  WHERE user_id = NEW.user_id AND low_balance = 1 AND json_extract(NEW.data, '$.available') < low_balance_minor;
END;

DROP TRIGGER mail_of_key;
CREATE TRIGGER mail_of_key AFTER INSERT ON api_keys
WHEN EXISTS (SELECT 1 FROM settings WHERE key = 'mail' AND value = 'on')
BEGIN
  INSERT INTO deliveries (id, channel, user_id, target, topic, payload, state, is_urgent, next_at_ms, created_at_ms)
  VALUES ('mail:key_created:' || NEW.id, 'mail', NEW.user_id, 'smtp:' || NEW.user_id, 'key_created',
    json_object('name', NEW.name, 'prefix', NEW.prefix, 'scopes', NEW.scopes, 'atMs', NEW.created_at_ms), 'waiting', 1, NEW.created_at_ms, NEW.created_at_ms);
END;

DROP TRIGGER mail_of_revoked_key;
CREATE TRIGGER mail_of_revoked_key AFTER UPDATE OF revoked_at_ms ON api_keys
WHEN OLD.revoked_at_ms IS NULL AND NEW.revoked_at_ms IS NOT NULL AND EXISTS (SELECT 1 FROM settings WHERE key = 'mail' AND value = 'on')
BEGIN
  INSERT INTO deliveries (id, channel, user_id, target, topic, payload, state, is_urgent, next_at_ms, created_at_ms)
  VALUES ('mail:key_revoked:' || NEW.id, 'mail', NEW.user_id, 'smtp:' || NEW.user_id, 'key_revoked',
    json_object('name', NEW.name, 'prefix', NEW.prefix, 'scopes', NEW.scopes, 'atMs', NEW.revoked_at_ms), 'waiting', 1, NEW.revoked_at_ms, NEW.revoked_at_ms);
END;
