-- What changed of what stock is counted from, so that a count in memory follows at once, whichever process made the change: for each kind and key the newest
-- change alone. Written by the triggers below, so that no writer can forget it. `sim`: whether it can be sold at all; `orders` and `uses`: what holds it back.
CREATE TABLE stock_changes (
  kind TEXT NOT NULL CHECK (kind IN ('sim', 'orders', 'uses', 'offers', 'sample')),
  key TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_changes_by_seq ON stock_changes (seq);

-- A number held by two cards makes each the other's matter.
CREATE TRIGGER stock_of_new_sim AFTER INSERT ON sims
BEGIN
  INSERT INTO stock_changes (kind, key, seq)
  SELECT 'sim', s.iccid, (SELECT coalesce(max(seq), 0) + 1 FROM stock_changes) FROM sims s WHERE s.iccid = NEW.iccid OR s.number = NEW.number
  ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;
CREATE TRIGGER stock_of_sim AFTER UPDATE ON sims
WHEN OLD.online <> NEW.online OR OLD.state <> NEW.state OR OLD.number IS NOT NEW.number OR OLD.country IS NOT NEW.country OR OLD.carrier IS NOT NEW.carrier
BEGIN
  INSERT INTO stock_changes (kind, key, seq)
  SELECT 'sim', s.iccid, (SELECT coalesce(max(seq), 0) + 1 FROM stock_changes) FROM sims s
  WHERE s.iccid = NEW.iccid OR s.number = NEW.number OR s.number = OLD.number
  ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;
CREATE TRIGGER stock_of_sold_sim AFTER UPDATE OF last_sold_at_ms ON sims
WHEN OLD.last_sold_at_ms <> NEW.last_sold_at_ms
BEGIN
  INSERT INTO stock_changes (kind, key, seq) VALUES ('orders', NEW.iccid, (SELECT coalesce(max(seq), 0) + 1 FROM stock_changes))
  ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER stock_of_new_order AFTER INSERT ON orders
BEGIN
  INSERT INTO stock_changes (kind, key, seq)
  SELECT 'orders', s.iccid, (SELECT coalesce(max(seq), 0) + 1 FROM stock_changes) FROM sims s WHERE s.iccid = NEW.iccid OR s.number = NEW.number
  ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;
CREATE TRIGGER stock_of_order AFTER UPDATE ON orders
WHEN OLD.ended_at_ms IS NOT NEW.ended_at_ms OR OLD.iccid <> NEW.iccid OR OLD.number <> NEW.number OR OLD.service <> NEW.service
BEGIN
  INSERT INTO stock_changes (kind, key, seq)
  SELECT 'orders', s.iccid, (SELECT coalesce(max(seq), 0) + 1 FROM stock_changes) FROM sims s
  WHERE s.iccid = NEW.iccid OR s.iccid = OLD.iccid OR s.number = NEW.number OR s.number = OLD.number
  ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;
CREATE TRIGGER stock_of_deleted_order AFTER DELETE ON orders
BEGIN
  INSERT INTO stock_changes (kind, key, seq)
  SELECT 'orders', s.iccid, (SELECT coalesce(max(seq), 0) + 1 FROM stock_changes) FROM sims s WHERE s.iccid = OLD.iccid OR s.number = OLD.number
  ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER stock_of_new_rental AFTER INSERT ON rentals
BEGIN
  INSERT INTO stock_changes (kind, key, seq)
  SELECT 'sim', s.iccid, (SELECT coalesce(max(seq), 0) + 1 FROM stock_changes) FROM sims s WHERE s.iccid = NEW.iccid OR s.number = NEW.number
  ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;
CREATE TRIGGER stock_of_rental AFTER UPDATE ON rentals
WHEN OLD.status <> NEW.status OR OLD.iccid <> NEW.iccid OR OLD.number <> NEW.number OR OLD.service IS NOT NEW.service
  OR OLD.starts_at_ms <> NEW.starts_at_ms OR OLD.ended_at_ms IS NOT NEW.ended_at_ms
BEGIN
  INSERT INTO stock_changes (kind, key, seq)
  SELECT 'sim', s.iccid, (SELECT coalesce(max(seq), 0) + 1 FROM stock_changes) FROM sims s
  WHERE s.iccid = NEW.iccid OR s.iccid = OLD.iccid OR s.number = NEW.number OR s.number = OLD.number
  ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;
CREATE TRIGGER stock_of_deleted_rental AFTER DELETE ON rentals
BEGIN
  INSERT INTO stock_changes (kind, key, seq)
  SELECT 'sim', s.iccid, (SELECT coalesce(max(seq), 0) + 1 FROM stock_changes) FROM sims s WHERE s.iccid = OLD.iccid OR s.number = OLD.number
  ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER stock_of_new_use AFTER INSERT ON sim_uses
BEGIN
  INSERT INTO stock_changes (kind, key, seq)
  SELECT 'uses', s.iccid, (SELECT coalesce(max(seq), 0) + 1 FROM stock_changes) FROM sims s WHERE s.iccid = NEW.iccid OR s.number = NEW.number
  ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;
CREATE TRIGGER stock_of_use AFTER UPDATE ON sim_uses
BEGIN
  INSERT INTO stock_changes (kind, key, seq)
  SELECT 'uses', s.iccid, (SELECT coalesce(max(seq), 0) + 1 FROM stock_changes) FROM sims s
  WHERE s.iccid = NEW.iccid OR s.number = NEW.number OR s.number = OLD.number
  ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;
CREATE TRIGGER stock_of_deleted_use AFTER DELETE ON sim_uses
BEGIN
  INSERT INTO stock_changes (kind, key, seq)
  SELECT 'uses', s.iccid, (SELECT coalesce(max(seq), 0) + 1 FROM stock_changes) FROM sims s WHERE s.iccid = OLD.iccid OR s.number = OLD.number
  ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER stock_of_retired AFTER INSERT ON retired_numbers
BEGIN
  INSERT INTO stock_changes (kind, key, seq)
  SELECT 'uses', s.iccid, (SELECT coalesce(max(seq), 0) + 1 FROM stock_changes) FROM sims s WHERE s.number = NEW.number
  ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;
CREATE TRIGGER stock_of_lifted AFTER UPDATE ON retired_numbers
BEGIN
  INSERT INTO stock_changes (kind, key, seq)
  SELECT 'uses', s.iccid, (SELECT coalesce(max(seq), 0) + 1 FROM stock_changes) FROM sims s WHERE s.number = NEW.number OR s.number = OLD.number
  ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;
CREATE TRIGGER stock_of_forgotten AFTER DELETE ON retired_numbers
BEGIN
  INSERT INTO stock_changes (kind, key, seq)
  SELECT 'uses', s.iccid, (SELECT coalesce(max(seq), 0) + 1 FROM stock_changes) FROM sims s WHERE s.number = OLD.number
  ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

-- Every verb that changes an offer counts the revision of the prices up: one change for all, where triggers on offers would keep a long price list from being
-- moved whole (catalogue/apply.ts).
CREATE TRIGGER stock_of_first_prices AFTER INSERT ON settings WHEN NEW.key = 'prices_revision'
BEGIN
  INSERT INTO stock_changes (kind, key, seq) VALUES ('offers', '', (SELECT coalesce(max(seq), 0) + 1 FROM stock_changes))
  ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;
CREATE TRIGGER stock_of_prices AFTER UPDATE ON settings WHEN NEW.key = 'prices_revision'
BEGIN
  INSERT INTO stock_changes (kind, key, seq) VALUES ('offers', '', (SELECT coalesce(max(seq), 0) + 1 FROM stock_changes))
  ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE INDEX offers_by_service ON offers (service);
-- Tables are moved whole between when their indexes are alike.
CREATE INDEX offers_staged_by_service ON offers_staged (service);

-- How the newest hundred orders of each offer went that tell something of its delivery (docs/stock.md): how long its code took, or null when none came.
CREATE TABLE offer_samples (
  country TEXT NOT NULL,
  service TEXT NOT NULL,
  carrier TEXT NOT NULL,
  ended_at_ms INTEGER NOT NULL,
  order_id TEXT NOT NULL,
  took_ms INTEGER,
  PRIMARY KEY (country, service, carrier, ended_at_ms, order_id)
) STRICT, WITHOUT ROWID;
INSERT INTO offer_samples (country, service, carrier, ended_at_ms, order_id, took_ms)
SELECT country, service, carrier, ended_at_ms, id, took_ms FROM (
  SELECT country, service, carrier, ended_at_ms, id, received_at_ms - created_at_ms AS took_ms,
         row_number() OVER (PARTITION BY country, service, carrier ORDER BY ended_at_ms DESC, id DESC) AS place
  FROM orders WHERE ended_at_ms IS NOT NULL AND (received_at_ms IS NOT NULL OR status IN ('expired', 'reported') OR ended_at_ms - created_at_ms >= 120000))
WHERE place <= 100;

-- Answers kept for an Idempotency-Key are given again as they were; an order has one more member now.
UPDATE idempotent_answers SET answer = json_set(answer, '$.carrier', NULL) WHERE json_extract(answer, '$.id') GLOB 'ord_*';

CREATE TRIGGER orders_sampled AFTER UPDATE OF ended_at_ms ON orders
WHEN OLD.ended_at_ms IS NULL AND NEW.ended_at_ms IS NOT NULL
  AND (NEW.received_at_ms IS NOT NULL OR NEW.status IN ('expired', 'reported') OR NEW.ended_at_ms - NEW.created_at_ms >= 120000)
BEGIN
  INSERT INTO offer_samples (country, service, carrier, ended_at_ms, order_id, took_ms)
  VALUES (NEW.country, NEW.service, NEW.carrier, NEW.ended_at_ms, NEW.id, NEW.received_at_ms - NEW.created_at_ms) ON CONFLICT DO NOTHING;
  DELETE FROM offer_samples WHERE country = NEW.country AND service = NEW.service AND carrier = NEW.carrier
    AND (ended_at_ms, order_id) <= (SELECT o.ended_at_ms, o.order_id FROM offer_samples o
      WHERE o.country = NEW.country AND o.service = NEW.service AND o.carrier = NEW.carrier ORDER BY o.ended_at_ms DESC, o.order_id DESC LIMIT 1 OFFSET 100);
  INSERT INTO stock_changes (kind, key, seq)
  VALUES ('sample', NEW.country || '/' || NEW.service || '/' || NEW.carrier, (SELECT coalesce(max(seq), 0) + 1 FROM stock_changes))
  ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;
