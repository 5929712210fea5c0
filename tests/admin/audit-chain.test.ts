import { expect, test } from 'bun:test';
import { writeAudit } from '../../src/admin/audit.ts';
import { auditTheAudit } from '../../src/admin/audit-chain.ts';
import { makeHouse } from '../support/house.ts';

/** Two entries from before there was a chain, then three with their links; the triggers that keep them are gone, as they are for whoever tampers. */
function tampered(...statements: string[]): string[] {
  const { db, write, customer } = makeHouse();
  const userId = customer('anna@example.org');
  for (const id of [1, 2])
    db.run(`INSERT INTO audit (id, at_ms, user_id, action, target, detail) VALUES (${id}, 1, '${userId}', 'a', 't', 'd')`);
  for (const detail of ['one', 'two', 'three']) write((tx) => writeAudit(tx, { userId, action: 'sim.set', target: 't', detail }));
  const triggers = db.query<{ name: string }, []>("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name LIKE 'audit%'").all();
  for (const { name } of triggers) db.run(`DROP TRIGGER ${name}`);
  db.run('PRAGMA foreign_keys = OFF');
  for (const statement of statements) db.run(statement);
  return auditTheAudit(db);
}

const notAsWritten = (id: number) => `entry ${id} of the audit log, or one before it since the last whole link, is not as it was written`;

test.each([
  ['nothing', [], []],
  ['an entry', ["UPDATE audit SET detail = 'x' WHERE id = 4"], [notAsWritten(4)]],
  ['one from before the chain, which the first link covers', ["UPDATE audit SET detail = 'x' WHERE id = 1"], [notAsWritten(3)]],
  ['an entry that was taken out', ['DELETE FROM audit WHERE id = 4'], [notAsWritten(5), 'entry 4 of the audit log is gone']],
  ['a link that was taken out', ['DELETE FROM audit_chain WHERE audit_id = 4'], ['entry 4 of the audit log has no link']],
  ['the newest link', ['DELETE FROM audit_chain WHERE audit_id = 5'], ['entry 5 of the audit log has no link']],
  [
    'an entry that was added by hand',
    ["INSERT INTO audit (id, at_ms, user_id, action, target, detail) SELECT 6, 1, user_id, 'a', 't', 'd' FROM audit WHERE id = 1"],
    ['entry 6 of the audit log has no link'],
  ],
] as const)('the audit log tells of %s', (_, statements, wrong) => expect(tampered(...statements)).toEqual([...wrong]));
