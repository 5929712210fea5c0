-- How often it was queued again: an attempt that began before the last time cannot end it.
ALTER TABLE deliveries ADD COLUMN requeues INTEGER NOT NULL DEFAULT 0;
-- What goes before all others of its channel.
ALTER TABLE deliveries ADD COLUMN is_urgent INTEGER NOT NULL DEFAULT 0 CHECK (is_urgent IN (0, 1));
CREATE INDEX deliveries_urgent ON deliveries (channel, next_at_ms, seq) WHERE state = 'waiting' AND is_urgent = 1;
