-- How often it was queued again: an attempt that began before the last time cannot end it.
ALTER TABLE deliveries ADD COLUMN requeues INTEGER NOT NULL DEFAULT 0;
