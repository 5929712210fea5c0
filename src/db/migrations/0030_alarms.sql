-- Everything the operator should look at, from when it was raised until it is over and for a year after it. One row is one time that it stood.
CREATE TABLE alarms (
  id TEXT PRIMARY KEY,
  -- A kind of lib/alarm-table.ts.
  code TEXT NOT NULL,
  -- What it is about: a slot, an ICCID, an offer, an endpoint; '' the house itself.
  subject TEXT NOT NULL,
  -- The card it is about or that is in its slot, so that an order's outage finds it.
  iccid TEXT,
  severity TEXT NOT NULL CHECK (severity IN ('critical', 'warning', 'notice')),
  -- In plain words; never a text of a message, a code or a PIN.
  text TEXT NOT NULL,
  -- The last figure and what it is held against, in the unit of the kind; null where there is none.
  value REAL,
  threshold REAL,
  -- What its detector must know of the moment it was raised.
  mark TEXT,
  -- Since when it is so, and when that had lasted long enough.
  since_ms INTEGER NOT NULL,
  raised_at_ms INTEGER NOT NULL,
  cleared_at_ms INTEGER,
  cleared_text TEXT,
  acknowledged_at_ms INTEGER,
  acknowledged_by TEXT REFERENCES users (id),
  note TEXT NOT NULL DEFAULT '',
  -- When it was told last.
  told_at_ms INTEGER NOT NULL,
  incident_id TEXT REFERENCES incidents (id),
  CHECK ((acknowledged_at_ms IS NULL) = (acknowledged_by IS NULL)),
  CHECK ((cleared_at_ms IS NULL) = (cleared_text IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX alarms_standing ON alarms (code, subject) WHERE cleared_at_ms IS NULL;
CREATE INDEX alarms_over ON alarms (id) WHERE cleared_at_ms IS NOT NULL;
CREATE INDEX alarms_over_by_code ON alarms (code, id) WHERE cleared_at_ms IS NOT NULL;
CREATE INDEX alarms_over_by_severity ON alarms (severity, id) WHERE cleared_at_ms IS NOT NULL;
CREATE INDEX alarms_of_sim ON alarms (iccid, raised_at_ms) WHERE iccid IS NOT NULL;
CREATE INDEX alarms_of_incident ON alarms (incident_id) WHERE incident_id IS NOT NULL;

-- What happened to each, in order.
CREATE TABLE alarm_changes (
  id INTEGER PRIMARY KEY,
  alarm_id TEXT NOT NULL REFERENCES alarms (id),
  at_ms INTEGER NOT NULL,
  what TEXT NOT NULL CHECK (what IN ('raised', 'reminded', 'acknowledged', 'unacknowledged', 'cleared')),
  text TEXT NOT NULL,
  -- Null: by itself.
  user_id TEXT REFERENCES users (id)
) STRICT;
CREATE INDEX alarm_changes_by_alarm ON alarm_changes (alarm_id, id);

-- The alarms of SIMs move in; those of modems are raised anew within a few seconds of the start, if they stand.
INSERT INTO alarms (id, code, subject, iccid, severity, text, mark, since_ms, raised_at_ms, told_at_ms)
SELECT 'alm_00' || iccid, code, iccid, iccid, 'warning', text, CAST(last_message_at_ms AS TEXT), since_ms, since_ms, since_ms FROM sim_alarms;
INSERT INTO alarm_changes (alarm_id, at_ms, what, text) SELECT id, raised_at_ms, 'raised', text FROM alarms;
DROP TABLE sim_alarms;

-- Alarms as operators are told of them by mail: all of one `mail_at_ms` go in one mail (alarms/notices.ts).
DROP TABLE alarm_notices;
CREATE TABLE alarm_notices (
  id INTEGER PRIMARY KEY,
  alarm_id TEXT NOT NULL,
  code TEXT NOT NULL,
  subject TEXT NOT NULL,
  what TEXT NOT NULL CHECK (what IN ('raised', 'reminded', 'cleared')),
  text TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  mail_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX alarm_notices_by_alarm ON alarm_notices (code, subject, id);
CREATE INDEX alarm_notices_by_mail ON alarm_notices (mail_at_ms);

-- Who opened an incident: the checks of the status page, or alarms of this kind. And whether the operator has changed what the public reads of it.
ALTER TABLE incidents ADD COLUMN source TEXT NOT NULL DEFAULT 'checks';
ALTER TABLE incidents ADD COLUMN is_edited INTEGER NOT NULL DEFAULT 0 CHECK (is_edited IN (0, 1));

CREATE INDEX users_operators ON users (id) WHERE role = 'operator';

-- As in 0025; events about alarms go to endpoints that ask for them by name alone, not to those that take all of a customer's.
DROP TRIGGER events_to_webhooks;
CREATE TRIGGER events_to_webhooks AFTER INSERT ON events
BEGIN
  INSERT INTO deliveries (id, channel, user_id, target, lane, topic, event_id, payload, state, next_at_ms, created_at_ms)
  SELECT w.id || '.' || NEW.id, 'webhook', NEW.user_id, w.id, coalesce(NEW.order_id, NEW.rental_id), NEW.type, NEW.id, NULL, 'waiting', NEW.created_at_ms, NEW.created_at_ms
  FROM webhooks w
  WHERE w.user_id = NEW.user_id AND w.state = 'active'
    AND CASE WHEN w.events IS NULL THEN substr(NEW.type, 1, 6) <> 'alarm.' ELSE EXISTS (SELECT 1 FROM json_each(w.events) WHERE value = NEW.type) END
    AND (w.rentals IS NULL OR substr(NEW.type, 1, 7) <> 'rental.' OR EXISTS (SELECT 1 FROM json_each(w.rentals) WHERE value = NEW.rental_id))
  ON CONFLICT (id) DO NOTHING;
END;

-- Which card was last in a slot, and which cannot be read: looked at every few seconds.
CREATE INDEX sims_by_slot ON sims (slot, last_seen_at_ms) WHERE slot IS NOT NULL;
CREATE INDEX sims_away ON sims (slot) WHERE online = 0 AND state = 'active' AND slot IS NOT NULL;
