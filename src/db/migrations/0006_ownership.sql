-- The cards that may have received what lies in a modem's own storage: every one found in the modem since that storage was last read whole. '' is a
-- card nobody saw. Exactly one row: whatever turns up there is that card's. By what `modems.imei` is.
CREATE TABLE modem_cards (
  modem TEXT NOT NULL,
  iccid TEXT NOT NULL,
  PRIMARY KEY (modem, iccid)
) STRICT, WITHOUT ROWID;
INSERT INTO modem_cards SELECT imei, coalesce(last_iccid, '') FROM modems;
INSERT OR IGNORE INTO modem_cards SELECT imei, iccid FROM sims WHERE imei IS NOT NULL;
ALTER TABLE modems DROP COLUMN last_iccid;

-- Whose a part in a modem's own storage is was decided when it was stored first, and is found again by modem (with its slot where the IMEI tells nothing).
ALTER TABLE parts ADD COLUMN slot TEXT;
CREATE INDEX parts_in_modem ON parts (imei, pdu) WHERE storage <> 'SM';

-- What was learned of the tries left on a card other than by a PIN of ours that was right: it was seen open, or a person looked it up. `spent`: how many
-- of its three tries are gone at most; attempts with a later id have cost further ones. Append only.
CREATE TABLE sim_pin_tries (
  id INTEGER PRIMARY KEY,
  iccid TEXT NOT NULL,
  after_attempt INTEGER NOT NULL,
  spent INTEGER NOT NULL CHECK (spent BETWEEN 0 AND 2),
  how TEXT NOT NULL CHECK (how IN ('open', 'stated')),
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX sim_pin_tries_by_card ON sim_pin_tries (iccid, id);
