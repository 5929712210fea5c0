-- The home carrier of a SIM as a slug (`vodafone`): what its IMSI tells, and what the operator says (which wins). Null: not known.
ALTER TABLE sims ADD COLUMN carrier_read TEXT;
ALTER TABLE sims ADD COLUMN carrier_set TEXT;
ALTER TABLE sims ADD COLUMN carrier TEXT GENERATED ALWAYS AS (coalesce(carrier_set, carrier_read)) VIRTUAL;

-- An offer may name a carrier; '' is any.
CREATE TABLE offers_by_carrier (
  country TEXT NOT NULL,
  service TEXT NOT NULL,
  carrier TEXT NOT NULL DEFAULT '',
  price_minor INTEGER NOT NULL CHECK (price_minor > 0),
  window_minutes REAL CHECK (window_minutes > 0),
  updated_at_ms INTEGER NOT NULL,
  PRIMARY KEY (country, service, carrier)
) STRICT, WITHOUT ROWID;
INSERT INTO offers_by_carrier (country, service, price_minor, window_minutes, updated_at_ms)
SELECT country, service, price_minor, window_minutes, updated_at_ms FROM offers;
DROP TABLE offers;
ALTER TABLE offers_by_carrier RENAME TO offers;

-- The carrier of the offer that was bought; '' when any would do.
ALTER TABLE orders ADD COLUMN carrier TEXT NOT NULL DEFAULT '';
