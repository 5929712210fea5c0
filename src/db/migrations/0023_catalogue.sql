-- What the operator says of services in the catalogue, beside their rules: own ones, and which are not shown.
CREATE TABLE services (
  slug TEXT PRIMARY KEY,
  -- Null: that of its rules, else made of the slug.
  name TEXT,
  -- Null: by its rules, else other.
  category TEXT,
  hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1)),
  updated_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Each change of prices: planned and looked at, or to come at a time; once applied with every price before and after, so that it can be taken back.
CREATE TABLE price_changes (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('import', 'rules', 'many', 'one')),
  state TEXT NOT NULL CHECK (state IN ('planned', 'scheduled', 'applied', 'undone', 'canceled', 'failed')),
  title TEXT NOT NULL,
  -- The operator; null when it was made on the command line.
  user_id TEXT REFERENCES users (id),
  created_at_ms INTEGER NOT NULL,
  due_at_ms INTEGER,
  ended_at_ms INTEGER,
  -- Why it failed.
  detail TEXT NOT NULL DEFAULT '',
  -- The rules it is made by, as JSON.
  rules TEXT,
  -- A plan to a whole list: the list as JSON, until it is applied.
  wanted TEXT,
  -- The prices (settings: prices_revision) it was worked out on.
  revision INTEGER,
  added INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  removed INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0,
  -- JSON: [country, service, carrier, price before, window before, price after, window after] of each; null once it is too old to be undone.
  steps TEXT,
  CHECK (state <> 'scheduled' OR (due_at_ms IS NOT NULL AND rules IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX price_changes_due ON price_changes (due_at_ms) WHERE state = 'scheduled';

-- Where a long price list is put together, so that the prices change in one short transaction. Its columns are those of offers, in their order.
CREATE TABLE offers_staged (
  country TEXT NOT NULL,
  service TEXT NOT NULL,
  carrier TEXT NOT NULL DEFAULT '',
  price_minor INTEGER NOT NULL CHECK (price_minor > 0),
  window_minutes REAL CHECK (window_minutes > 0),
  updated_at_ms INTEGER NOT NULL,
  PRIMARY KEY (country, service, carrier)
) STRICT, WITHOUT ROWID;
