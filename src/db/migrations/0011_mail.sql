-- Which mails somebody wants; without a row, none but those that are never off. Security notices have no column here: they cannot be turned off.
CREATE TABLE mail_settings (
  user_id TEXT PRIMARY KEY REFERENCES users (id),
  code_received INTEGER NOT NULL DEFAULT 0 CHECK (code_received IN (0, 1)),
  -- The code itself stands in the mail; otherwise only that it is there.
  code_in_mail INTEGER NOT NULL DEFAULT 0 CHECK (code_in_mail IN (0, 1)),
  order_expired INTEGER NOT NULL DEFAULT 0 CHECK (order_expired IN (0, 1)),
  low_balance INTEGER NOT NULL DEFAULT 0 CHECK (low_balance IN (0, 1)),
  low_balance_minor INTEGER NOT NULL DEFAULT 0 CHECK (low_balance_minor >= 0),
  -- It was told and no top-up has lifted the balance since: what open orders take and give back says nothing new.
  low_balance_told INTEGER NOT NULL DEFAULT 0 CHECK (low_balance_told IN (0, 1)),
  rental_ending INTEGER NOT NULL DEFAULT 0 CHECK (rental_ending IN (0, 1)),
  -- On from the start: it tells that something its owner set up does not work any more.
  webhook_disabled INTEGER NOT NULL DEFAULT 1 CHECK (webhook_disabled IN (0, 1)),
  -- Of operators.
  alarms INTEGER NOT NULL DEFAULT 0 CHECK (alarms IN (0, 1)),
  ticket_opened INTEGER NOT NULL DEFAULT 0 CHECK (ticket_opened IN (0, 1)),
  updated_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What mail servers said for good about an address. After a few refusals in a row only security notices are tried.
CREATE TABLE mail_addresses (
  address TEXT PRIMARY KEY COLLATE NOCASE,
  refusals INTEGER NOT NULL,
  last_refusal TEXT NOT NULL,
  last_refused_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Browsers somebody signed in with; only the hash of what their cookie holds.
CREATE TABLE known_browsers (
  user_id TEXT NOT NULL REFERENCES users (id),
  token_hash TEXT NOT NULL,
  last_seen_at_ms INTEGER NOT NULL,
  PRIMARY KEY (user_id, token_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_browsers_by_age ON known_browsers (last_seen_at_ms);

-- Alarms of the modems as operators are told of them: all of one `mail_at_ms` go in one mail (mail/alarm-notices.ts).
CREATE TABLE alarm_notices (
  id INTEGER PRIMARY KEY,
  slot TEXT NOT NULL,
  alarm TEXT NOT NULL,
  what TEXT NOT NULL CHECK (what IN ('raised', 'cleared')),
  detail TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  mail_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX alarm_notices_by_alarm ON alarm_notices (slot, alarm, id);
CREATE INDEX alarm_notices_by_mail ON alarm_notices (mail_at_ms);

-- The newest mails to somebody.
CREATE INDEX deliveries_of_mail ON deliveries (user_id, seq) WHERE channel = 'mail';

-- Facts of the event log that somebody wants by mail are queued in the commit that made them. Nothing is queued while no mail server is set up
-- (settings, `mail`: set at each start of the server). The mail is written when it leaves, from the event.
CREATE TRIGGER mail_of_code AFTER INSERT ON events
WHEN NEW.type = 'order.received' AND EXISTS (SELECT 1 FROM settings WHERE key = 'mail' AND value = 'on')
BEGIN
  INSERT INTO deliveries (id, channel, user_id, target, lane, topic, event_id, state, next_at_ms, created_at_ms)
  SELECT 'mail:code_received:' || NEW.id, 'mail', NEW.user_id, 'smtp', NEW.order_id, 'code_received', NEW.id, 'waiting', NEW.created_at_ms, NEW.created_at_ms
  FROM mail_settings s
  WHERE s.user_id = NEW.user_id AND s.code_received = 1 AND json_extract(NEW.data, '$.code') IS NOT NULL
    -- The event is also written when a message grew by a part: the same code of the same message is told once.
    AND json_array(json_extract(NEW.data, '$.code'), json_extract(NEW.data, '$.messages[0].id')) IS NOT (
      SELECT json_array(json_extract(e.data, '$.code'), json_extract(e.data, '$.messages[0].id')) FROM events e
      WHERE e.order_id = NEW.order_id AND e.type = 'order.received' AND e.seq < NEW.seq ORDER BY e.seq DESC LIMIT 1);
END;

CREATE TRIGGER mail_of_expiry AFTER INSERT ON events
WHEN NEW.type = 'order.expired' AND EXISTS (SELECT 1 FROM settings WHERE key = 'mail' AND value = 'on')
BEGIN
  INSERT INTO deliveries (id, channel, user_id, target, lane, topic, event_id, state, next_at_ms, created_at_ms)
  SELECT 'mail:order_expired:' || NEW.id, 'mail', NEW.user_id, 'smtp', NEW.order_id, 'order_expired', NEW.id, 'waiting', NEW.created_at_ms, NEW.created_at_ms
  FROM mail_settings s WHERE s.user_id = NEW.user_id AND s.order_expired = 1;
END;

CREATE TRIGGER mail_of_balance AFTER INSERT ON events
WHEN NEW.type = 'balance.changed' AND EXISTS (SELECT 1 FROM settings WHERE key = 'mail' AND value = 'on')
BEGIN
  -- Only a top-up belongs to no order.
  UPDATE mail_settings SET low_balance_told = 0
  WHERE user_id = NEW.user_id AND NEW.order_id IS NULL AND json_extract(NEW.data, '$.available') >= low_balance_minor;
  INSERT INTO deliveries (id, channel, user_id, target, lane, topic, event_id, state, next_at_ms, created_at_ms)
  SELECT 'mail:low_balance:' || NEW.id, 'mail', NEW.user_id, 'smtp', NULL, 'low_balance', NEW.id, 'waiting', NEW.created_at_ms, NEW.created_at_ms
  FROM mail_settings s
  WHERE s.user_id = NEW.user_id AND s.low_balance = 1 AND s.low_balance_told = 0 AND json_extract(NEW.data, '$.available') < s.low_balance_minor;
  UPDATE mail_settings SET low_balance_told = 1
  WHERE user_id = NEW.user_id AND low_balance = 1 AND json_extract(NEW.data, '$.available') < low_balance_minor;
END;

-- Security notices about keys, whichever page or command made or revoked them.
CREATE TRIGGER mail_of_key AFTER INSERT ON api_keys
WHEN EXISTS (SELECT 1 FROM settings WHERE key = 'mail' AND value = 'on')
BEGIN
  INSERT INTO deliveries (id, channel, user_id, target, topic, payload, state, next_at_ms, created_at_ms)
  VALUES ('mail:key_created:' || NEW.id, 'mail', NEW.user_id, 'smtp', 'key_created',
    json_object('name', NEW.name, 'prefix', NEW.prefix, 'scopes', NEW.scopes, 'atMs', NEW.created_at_ms), 'waiting', NEW.created_at_ms, NEW.created_at_ms);
END;

CREATE TRIGGER mail_of_revoked_key AFTER UPDATE OF revoked_at_ms ON api_keys
WHEN OLD.revoked_at_ms IS NULL AND NEW.revoked_at_ms IS NOT NULL AND EXISTS (SELECT 1 FROM settings WHERE key = 'mail' AND value = 'on')
BEGIN
  INSERT INTO deliveries (id, channel, user_id, target, topic, payload, state, next_at_ms, created_at_ms)
  VALUES ('mail:key_revoked:' || NEW.id, 'mail', NEW.user_id, 'smtp', 'key_revoked',
    json_object('name', NEW.name, 'prefix', NEW.prefix, 'scopes', NEW.scopes, 'atMs', NEW.revoked_at_ms), 'waiting', NEW.revoked_at_ms, NEW.revoked_at_ms);
END;
