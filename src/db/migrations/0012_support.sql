-- What people ask the operator. A ticket of somebody who is not signed in is reached by a signed link alone.
CREATE TABLE tickets (
  id TEXT PRIMARY KEY,
  -- What people quote: eight digits of chance, so that none tells how many others there are.
  number TEXT NOT NULL UNIQUE,
  user_id TEXT REFERENCES users (id),
  -- Where answers go. Not proven to be the writer's when there is no account.
  email TEXT NOT NULL,
  topic TEXT NOT NULL,
  -- As the writer gave it: their own order when they are signed in, else anything of that form.
  order_id TEXT,
  -- `open`: the operator is to answer · `waiting`: the writer is · `closed`.
  state TEXT NOT NULL CHECK (state IN ('open', 'waiting', 'closed')),
  -- Of the form it came by, so that a form sent twice makes one ticket.
  form_key TEXT NOT NULL UNIQUE,
  created_at_ms INTEGER NOT NULL,
  -- Of the last thing its writer or the operator said to the other.
  updated_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tickets_by_user ON tickets (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX tickets_by_state ON tickets (state, updated_at_ms, id);
CREATE INDEX tickets_by_email ON tickets (email, id);

-- What was said. Append only; a note is for operators alone.
CREATE TABLE ticket_messages (
  id INTEGER PRIMARY KEY,
  ticket_id TEXT NOT NULL REFERENCES tickets (id),
  author TEXT NOT NULL CHECK (author IN ('writer', 'operator', 'note')),
  -- Null for a writer without an account.
  user_id TEXT REFERENCES users (id),
  text TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX ticket_messages_by_ticket ON ticket_messages (ticket_id, id);
CREATE TRIGGER ticket_messages_no_update BEFORE UPDATE ON ticket_messages BEGIN SELECT raise(ABORT, 'ticket_messages: append only'); END;
