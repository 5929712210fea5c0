-- Parts stored without their end: few, and looked for whenever a sound part of their SIM comes.
CREATE INDEX parts_damaged ON parts (iccid) WHERE tpdu_length IS NULL AND message_id IS NOT NULL;
