-- By which way a SIM's number was learned. What was read before this column came from the SIM's own entry.
ALTER TABLE sims ADD COLUMN number_source TEXT CHECK (number_source IN ('cnum', 'phone_book', 'ef_msisdn', 'ussd'));
UPDATE sims SET number_source = 'cnum' WHERE number_read IS NOT NULL;

-- Every PIN sent to a card, written before it is sent; without an outcome nobody knows how it ended. No reference to sims: a locked card is
-- none yet. Append only but for the outcome.
CREATE TABLE sim_pin_attempts (
  id INTEGER PRIMARY KEY,
  iccid TEXT NOT NULL,
  -- Tells the same PIN again, and keeps it out of plain sight; who holds this file can try out the few there are.
  pin_hash TEXT NOT NULL,
  outcome TEXT CHECK (outcome IN ('accepted', 'wrong')),
  started_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  CHECK ((outcome IS NULL) = (ended_at_ms IS NULL))
) STRICT;
CREATE INDEX sim_pin_attempts_by_card ON sim_pin_attempts (iccid, id);

-- When the network was last asked for a SIM's number.
CREATE TABLE sim_ussd (
  iccid TEXT PRIMARY KEY,
  asked_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- IMEIs that two modems told at the same time: from then on each of them is known by its slot.
CREATE TABLE cloned_imeis (
  imei TEXT PRIMARY KEY,
  noticed_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
