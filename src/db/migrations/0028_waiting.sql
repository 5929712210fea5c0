-- Who waits for a number of an offer without stock: to be told, or to buy it when there is one.
CREATE TABLE waiting_places (
  -- The order of the line: whoever joined first, also when the clock was set back since.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users (id),
  country TEXT NOT NULL,
  service TEXT NOT NULL,
  -- '' is any, as in offers.
  carrier TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('notify', 'buy')),
  max_price_minor INTEGER CHECK (max_price_minor > 0),
  currency TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'served', 'available', 'expired', 'left')),
  joined_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  order_id TEXT UNIQUE REFERENCES orders (id),
  note TEXT NOT NULL,
  tags TEXT NOT NULL,
  -- Why others went before, apart by spaces: each reason is told once.
  told_of TEXT NOT NULL DEFAULT '',
  last_event TEXT NOT NULL,
  CHECK ((mode = 'buy') = (max_price_minor IS NOT NULL)),
  CHECK ((status = 'waiting') = (ended_at_ms IS NULL)),
  CHECK ((status = 'served') = (order_id IS NOT NULL)),
  CHECK (expires_at_ms > joined_at_ms)
) STRICT;
CREATE UNIQUE INDEX waiting_one_place ON waiting_places (user_id, country, service, carrier) WHERE status = 'waiting';
CREATE INDEX waiting_lines ON waiting_places (country, service, carrier, mode, seq) WHERE status = 'waiting';
CREATE INDEX waiting_by_expiry ON waiting_places (expires_at_ms) WHERE status = 'waiting';
CREATE INDEX waiting_by_user ON waiting_places (user_id, id);
CREATE INDEX waiting_by_user_status ON waiting_places (user_id, status, id);

-- What ended stays so; only who left by mistake may come back, as the one and only change.
CREATE TRIGGER waiting_ends_once BEFORE UPDATE OF status ON waiting_places
WHEN OLD.status <> 'waiting' AND NOT (OLD.status = 'left' AND NEW.status = 'waiting')
BEGIN SELECT raise(ABORT, 'waiting_places: it ended already'); END;

-- On from the start: whoever joins asks to be told.
ALTER TABLE mail_settings ADD COLUMN waiting_list INTEGER NOT NULL DEFAULT 1 CHECK (waiting_list IN (0, 1));
