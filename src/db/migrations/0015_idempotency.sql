-- Idempotency-Keys of everything that costs money or must not be done twice, not of orders alone. The answers of the last day are taken over.
CREATE TABLE idempotent_answers (
  user_id TEXT NOT NULL REFERENCES users (id),
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  -- JSON, as it was given the first time.
  answer TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;
INSERT INTO idempotent_answers (user_id, key, request_hash, answer, created_at_ms)
  SELECT user_id, key, request_hash, answer, created_at_ms FROM idempotency_keys;
DROP TABLE idempotency_keys;
CREATE INDEX idempotent_answers_by_age ON idempotent_answers (created_at_ms);
