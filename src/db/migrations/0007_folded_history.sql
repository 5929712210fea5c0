-- An event that came again and again is one row: `at_ms` is the last time, `first_at_ms` the first; null for what happened once.
ALTER TABLE modem_events ADD COLUMN first_at_ms INTEGER;
ALTER TABLE modem_events ADD COLUMN count INTEGER NOT NULL DEFAULT 1;

-- `sims.last_message_at_ms` when the alarm was raised: another value means that a message came since, whatever the wall clock did meanwhile.
ALTER TABLE sim_alarms ADD COLUMN last_message_at_ms INTEGER;
UPDATE sim_alarms SET last_message_at_ms = (SELECT s.last_message_at_ms FROM sims s WHERE s.iccid = sim_alarms.iccid);
