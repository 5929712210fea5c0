-- What customers add to their orders, numbers that a service refuses, and the time that modems were away.

-- Since when a SIM could not be read, and why: one row for each time that changed an order or a rental.
CREATE TABLE outages (
  id TEXT PRIMARY KEY,
  iccid TEXT NOT NULL REFERENCES sims (iccid),
  from_ms INTEGER NOT NULL,
  -- Null while it lasts.
  to_ms INTEGER,
  cause TEXT NOT NULL CHECK (cause IN ('modem_lost', 'modem_restarted', 'server_down', 'unknown')),
  CHECK (to_ms >= from_ms)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX outages_one_start ON outages (iccid, from_ms);
CREATE INDEX outages_open ON outages (iccid) WHERE to_ms IS NULL;
ALTER TABLE sims ADD COLUMN offline_cause TEXT;

ALTER TABLE orders ADD COLUMN note TEXT NOT NULL DEFAULT '';
-- Apart by spaces, in alphabetical order.
ALTER TABLE orders ADD COLUMN tags TEXT NOT NULL DEFAULT '';
-- From when it can be canceled, as it was when it was sold; null: from the start.
ALTER TABLE orders ADD COLUMN cancel_from_ms INTEGER;
-- Since when its customer waits for a further code.
ALTER TABLE orders ADD COLUMN awaiting_since_ms INTEGER;
-- What was added to the window: by its customer, and for outages.
ALTER TABLE orders ADD COLUMN extended_ms INTEGER NOT NULL DEFAULT 0 CHECK (extended_ms >= 0);
ALTER TABLE orders ADD COLUMN outage_ms INTEGER NOT NULL DEFAULT 0 CHECK (outage_ms >= 0);
ALTER TABLE orders ADD COLUMN report_reason TEXT;
ALTER TABLE orders ADD COLUMN report_text TEXT NOT NULL DEFAULT '';
CREATE INDEX orders_reported ON orders (ended_at_ms) WHERE status = 'reported';

ALTER TABLE order_changes ADD COLUMN added_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE order_changes ADD COLUMN outage_id TEXT REFERENCES outages (id);
ALTER TABLE rental_changes ADD COLUMN outage_id TEXT REFERENCES outages (id);

-- `orders.tags` by tag, kept by the triggers alone.
CREATE TABLE order_tags (
  user_id TEXT NOT NULL,
  tag TEXT NOT NULL,
  order_id TEXT NOT NULL REFERENCES orders (id),
  PRIMARY KEY (user_id, tag, order_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER order_tags_of_new AFTER INSERT ON orders WHEN NEW.tags <> ''
BEGIN
  INSERT INTO order_tags (user_id, tag, order_id) SELECT NEW.user_id, value, NEW.id FROM json_each('["' || replace(NEW.tags, ' ', '","') || '"]');
END;
CREATE TRIGGER order_tags_of_changed AFTER UPDATE OF tags ON orders WHEN NEW.tags <> OLD.tags
BEGIN
  DELETE FROM order_tags WHERE order_id = NEW.id AND user_id = NEW.user_id AND tag IN (SELECT value FROM json_each('["' || replace(OLD.tags, ' ', '","') || '"]'));
  INSERT INTO order_tags (user_id, tag, order_id) SELECT NEW.user_id, value, NEW.id FROM json_each('["' || replace(NEW.tags, ' ', '","') || '"]') WHERE NEW.tags <> '';
END;

-- Numbers that are not sold for a service to anybody, because it refuses them, until an operator lifts that.
CREATE TABLE retired_numbers (
  number TEXT NOT NULL,
  service TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('number_unusable', 'already_registered')),
  -- The first report that led to it.
  order_id TEXT NOT NULL REFERENCES orders (id),
  retired_at_ms INTEGER NOT NULL,
  lifted_at_ms INTEGER,
  PRIMARY KEY (number, service)
) STRICT, WITHOUT ROWID;
CREATE INDEX retired_now ON retired_numbers (service, number) WHERE lifted_at_ms IS NULL;
CREATE INDEX retired_lifted ON retired_numbers (lifted_at_ms) WHERE lifted_at_ms IS NOT NULL;
