-- The history of each slot and of the SIM in it, in words for the operator: never a PIN, a code or the text of a message. Thinned by sims/history.ts.
CREATE TABLE modem_events (
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  slot TEXT NOT NULL,
  port TEXT NOT NULL,
  imei TEXT,
  iccid TEXT,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX modem_events_by_slot ON modem_events (slot);
CREATE INDEX modem_events_by_sim ON modem_events (iccid, slot) WHERE iccid IS NOT NULL;
CREATE INDEX modem_events_by_age ON modem_events (at_ms);

-- Alarms of the house about a SIM, for as long as they last: those of the modem itself live in memory, these are found from stored messages.
CREATE TABLE sim_alarms (
  iccid TEXT NOT NULL REFERENCES sims (iccid),
  code TEXT NOT NULL CHECK (code IN ('deaf')),
  text TEXT NOT NULL,
  since_ms INTEGER NOT NULL,
  PRIMARY KEY (iccid, code)
) STRICT, WITHOUT ROWID;

-- How long a SIM is silent as a rule: its last messages by when they came.
CREATE INDEX messages_by_sim ON messages (iccid, arrived_at_ms);

-- What operators did. Append only.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_target ON audit (target);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'audit: append only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'audit: append only'); END;
