-- What the checks of the house's own service found, one row for each minute and surface. Kept for months, then only the days remain.
CREATE TABLE status_minutes (
  -- Whole minutes since 1970-01-01T00:00Z.
  minute INTEGER NOT NULL,
  surface TEXT NOT NULL CHECK (surface IN ('ordering', 'dashboard', 'delivery')),
  -- Of the six checks of a minute; they add up when a minute comes twice.
  ok INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  -- Of the successful checks; null when there was none.
  latency_mean_ms INTEGER,
  latency_max_ms INTEGER,
  PRIMARY KEY (minute, surface)
) STRICT, WITHOUT ROWID;

-- The minutes of a UTC day that is over, counted as status/uptime.ts does.
CREATE TABLE status_days (
  day TEXT NOT NULL,
  surface TEXT NOT NULL CHECK (surface IN ('ordering', 'dashboard', 'delivery')),
  up INTEGER NOT NULL,
  down INTEGER NOT NULL,
  missing INTEGER NOT NULL,
  excused INTEGER NOT NULL,
  before INTEGER NOT NULL,
  PRIMARY KEY (day, surface)
) STRICT, WITHOUT ROWID;

CREATE TABLE maintenance (
  id TEXT PRIMARY KEY,
  created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Everything that was ever announced of a window: nothing is overwritten, since what was announced when decides what is excused.
CREATE TABLE maintenance_versions (
  maintenance_id TEXT NOT NULL REFERENCES maintenance (id),
  number INTEGER NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  -- JSON list.
  surfaces TEXT NOT NULL,
  starts_at_ms INTEGER NOT NULL,
  -- The same as the start: withdrawn.
  ends_at_ms INTEGER NOT NULL CHECK (ends_at_ms >= starts_at_ms),
  announced_at_ms INTEGER NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  PRIMARY KEY (maintenance_id, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER maintenance_versions_no_update BEFORE UPDATE ON maintenance_versions BEGIN SELECT raise(ABORT, 'maintenance: append only'); END;
CREATE TRIGGER maintenance_versions_no_delete BEFORE DELETE ON maintenance_versions BEGIN SELECT raise(ABORT, 'maintenance: append only'); END;

CREATE TABLE incidents (
  id TEXT PRIMARY KEY,
  -- Which surface failed; null: the whole server, or what the operator says.
  surface TEXT CHECK (surface IN ('ordering', 'dashboard', 'delivery')),
  -- Opened by the checks, and closed by them; what the operator opens he closes.
  is_automatic INTEGER NOT NULL CHECK (is_automatic IN (0, 1)),
  severity TEXT NOT NULL CHECK (severity IN ('minor', 'major')),
  title TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  changed_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX incidents_by_start ON incidents (started_at_ms);
CREATE INDEX incidents_open ON incidents (surface) WHERE ended_at_ms IS NULL;
CREATE TRIGGER incidents_no_delete BEFORE DELETE ON incidents BEGIN SELECT raise(ABORT, 'incidents are kept'); END;

CREATE TABLE incident_updates (
  id INTEGER PRIMARY KEY,
  incident_id TEXT NOT NULL REFERENCES incidents (id),
  at_ms INTEGER NOT NULL,
  text TEXT NOT NULL,
  -- Null: written by the checks.
  user_id TEXT REFERENCES users (id)
) STRICT;
CREATE INDEX incident_updates_by_incident ON incident_updates (incident_id, id);

-- Who wants mails about maintenance and incidents; nobody who did not confirm it.
CREATE TABLE status_subscribers (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE COLLATE NOCASE,
  asked_at_ms INTEGER NOT NULL,
  confirmed_at_ms INTEGER
) STRICT, WITHOUT ROWID;
