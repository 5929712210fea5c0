/** The alarms of SIMs that stood before they moved into the room of alarms. */
import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { standingAlarms } from '../../src/alarms/alarms.ts';
import { MIGRATIONS, migrate } from '../../src/db/migrate.ts';

test('an alarm of a SIM that stood goes on, with what its detector must know, and may be over', () => {
  const db = new Database(':memory:', { strict: true });
  const at = MIGRATIONS.findIndex((sql) => sql.includes('DROP TABLE sim_alarms'));
  migrate(db, MIGRATIONS.slice(0, at));
  db.run(`INSERT INTO sims (iccid, online, virtual, first_seen_at_ms, last_seen_at_ms) VALUES ('8944', 1, 0, 1, 1)`);
  db.run(
    `INSERT INTO sim_alarms (iccid, code, text, since_ms, last_message_at_ms) VALUES ('8944', 'deaf', 'Nothing for 30 hours.', 5000, 1000)`,
  );
  db.run(`INSERT INTO incidents (id, is_automatic, severity, title, started_at_ms, changed_at_ms) VALUES ('inc_1', 1, 'major', 'x', 1, 1)`);
  migrate(db);
  expect(standingAlarms(db)).toMatchObject([
    { code: 'deaf', subject: '8944', iccid: '8944', mark: '1000', sinceMs: 5000, acknowledgedAtMs: null },
  ]);
  expect(db.query('SELECT what FROM alarm_changes').all()).toEqual([{ what: 'raised' }]);
  expect(db.query('SELECT source, is_edited FROM incidents').get()).toEqual({ source: 'checks', is_edited: 0 });
});
