-- Reminders before the end of a rental: each hour once for each end, so that an extension is reminded of anew. A row without `told` was passed over.
CREATE TABLE rental_reminders (
  rental_id TEXT NOT NULL REFERENCES rentals (id),
  hours INTEGER NOT NULL CHECK (hours > 0),
  ends_at_ms INTEGER NOT NULL,
  told INTEGER NOT NULL CHECK (told IN (0, 1)),
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (rental_id, hours, ends_at_ms)
) STRICT, WITHOUT ROWID;

-- Who else reads the inbox of a rental. Nobody does before accepting, with the link and the address that was invited.
CREATE TABLE rental_shares (
  id TEXT PRIMARY KEY,
  rental_id TEXT NOT NULL REFERENCES rentals (id),
  owner_id TEXT NOT NULL REFERENCES users (id),
  email TEXT NOT NULL,
  -- Who accepted; null before.
  user_id TEXT REFERENCES users (id),
  state TEXT NOT NULL CHECK (state IN ('invited', 'accepted', 'declined', 'left', 'ended')),
  invited_at_ms INTEGER NOT NULL,
  -- Until then an invitation can be accepted.
  until_ms INTEGER NOT NULL,
  accepted_at_ms INTEGER,
  closed_at_ms INTEGER,
  CHECK ((accepted_at_ms IS NULL) = (user_id IS NULL)),
  CHECK (state <> 'accepted' OR user_id IS NOT NULL),
  CHECK ((state IN ('invited', 'accepted')) = (closed_at_ms IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX rental_shares_open ON rental_shares (rental_id, email) WHERE closed_at_ms IS NULL;
CREATE INDEX rental_shares_of_reader ON rental_shares (user_id, id) WHERE state = 'accepted';
CREATE INDEX rental_shares_by_rental ON rental_shares (rental_id, id);
CREATE INDEX rental_shares_by_owner ON rental_shares (owner_id, invited_at_ms);
CREATE INDEX rental_shares_by_email ON rental_shares (email, invited_at_ms);
CREATE TRIGGER rental_shares_end_once BEFORE UPDATE ON rental_shares WHEN OLD.closed_at_ms IS NOT NULL
BEGIN SELECT raise(ABORT, 'rental_shares: it ended already'); END;
CREATE TRIGGER rental_shares_no_delete BEFORE DELETE ON rental_shares BEGIN SELECT raise(ABORT, 'rental_shares: kept as evidence'); END;

-- Only the rental.* events of these rentals; null for those of all.
ALTER TABLE webhooks ADD COLUMN rentals TEXT;
-- As in 0019, with that choice.
DROP TRIGGER events_to_webhooks;
CREATE TRIGGER events_to_webhooks AFTER INSERT ON events
BEGIN
  INSERT INTO deliveries (id, channel, user_id, target, lane, topic, event_id, payload, state, next_at_ms, created_at_ms)
  SELECT w.id || '.' || NEW.id, 'webhook', NEW.user_id, w.id, coalesce(NEW.order_id, NEW.rental_id), NEW.type, NEW.id, NULL, 'waiting', NEW.created_at_ms, NEW.created_at_ms
  FROM webhooks w
  WHERE w.user_id = NEW.user_id AND w.state = 'active'
    AND (w.events IS NULL OR EXISTS (SELECT 1 FROM json_each(w.events) WHERE value = NEW.type))
    AND (w.rentals IS NULL OR substr(NEW.type, 1, 7) <> 'rental.' OR EXISTS (SELECT 1 FROM json_each(w.rentals) WHERE value = NEW.rental_id))
  ON CONFLICT (id) DO NOTHING;
END;

-- What operators did about events of payment providers that needed a look; the newest of an event counts, so undoing is another row. Append only.
CREATE TABLE payment_event_marks (
  id INTEGER PRIMARY KEY,
  provider TEXT NOT NULL,
  event_id TEXT NOT NULL,
  done INTEGER NOT NULL CHECK (done IN (0, 1)),
  note TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  at_ms INTEGER NOT NULL,
  FOREIGN KEY (provider, event_id) REFERENCES payment_events (provider, event_id)
) STRICT;
CREATE INDEX payment_event_marks_by_event ON payment_event_marks (provider, event_id, id);
CREATE TRIGGER payment_event_marks_no_update BEFORE UPDATE ON payment_event_marks BEGIN SELECT raise(ABORT, 'payment_event_marks: append only'); END;
CREATE TRIGGER payment_event_marks_no_delete BEFORE DELETE ON payment_event_marks BEGIN SELECT raise(ABORT, 'payment_event_marks: append only'); END;
