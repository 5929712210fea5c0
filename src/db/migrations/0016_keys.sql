-- Until when a key holds (null: for ever), from where it may be used (addresses and CIDR ranges, separated by spaces; null: from everywhere),
-- and when and from where it was last used, to the minute.
ALTER TABLE api_keys ADD COLUMN expires_at_ms INTEGER;
ALTER TABLE api_keys ADD COLUMN allowed_addresses TEXT;
ALTER TABLE api_keys ADD COLUMN last_used_at_ms INTEGER;
ALTER TABLE api_keys ADD COLUMN last_used_address TEXT;
