import { afterAll, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAudit } from '../../src/admin/audit.ts';
import { factsOf, proveDatabase } from '../../src/backup/checks.ts';
import { restoreBackup } from '../../src/backup/restore.ts';
import { upgrade } from '../../src/backup/upgrade.ts';
import { lockFolder } from '../../src/db/lock.ts';
import { MIGRATIONS } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { writeNow } from '../../src/db/write.ts';
import { Refusal } from '../../src/lib/errors.ts';
import { releasedDatabase } from './released.ts';

const LATEST = MIGRATIONS.length;
const NOW_MS = Date.UTC(2026, 10, 29, 12);
const root = mkdtempSync(join(tmpdir(), 'smspin-upgrade-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => mkdtempSync(join(root, `${folders++}-`));
const databaseIn = (dir: string): string => join(dir, 'smspin.db');
const CORE = [
  'users',
  'orders',
  'order_changes',
  'ledger_entries',
  'ledger_transactions',
  'ledger_accounts',
  'messages',
  'parts',
  'events',
  'offers',
  'sims',
];
const core = (rows: Record<string, number>) => Object.fromEntries(CORE.map((table) => [table, rows[table]]));

/** The refusal a piece of work ends with. */
function refusalOf(work: () => unknown): Refusal {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown;
    throw thrown;
  }
  throw new Error('it was not refused');
}

const older = Array.from({ length: LATEST - 1 }, (_, index) => index + 1);

test.each(older)('a database of schema %d comes up to date with every row and sum, and goes back to what it was', async (schema) => {
  const dir = newFolder();
  const db = releasedDatabase(databaseIn(dir), schema);
  const before = factsOf(db);
  expect(before.rows['orders']).toBe(30);

  const { from, to, copy } = upgrade(db, dir, NOW_MS);
  expect([from, to]).toEqual([schema, LATEST]);
  expect(copy).toBe(join(dir, 'backups', `before-${String(schema + 1).padStart(4, '0')}.db`));
  const proof = proveDatabase(db, LATEST);
  expect([proof.wrong, proof.unchecked]).toEqual([[], []]);
  expect(core(proof.facts.rows)).toEqual(core(before.rows));
  expect(proof.facts.ledger).toEqual(before.ledger);
  // The first entry of the audit log after the upgrade covers those that are older than its chain.
  writeNow(db, NOW_MS, (tx) => writeAudit(tx, { userId: 'o', action: 'x', target: 'y', detail: 'z' }));
  expect(proveDatabase(db, LATEST).wrong).toEqual([]);

  // The release of then, whose list of migrations ends there, meets the newer database: it is told what to do, and that brings it back.
  const refused = refusalOf(() => upgrade(db, dir, NOW_MS, MIGRATIONS.slice(0, schema)));
  db.close();
  expect(refused.type).toBe('unavailable');
  expect(refused.detail).toContain(`schema ${LATEST}, this one knows ${schema}`);
  const [, file = ''] = /smspin restore (\S+) --force/.exec(refused.detail) ?? [];
  expect(file).toBe(copy ?? '');
  const restored = await restoreBackup({ file, dataDir: dir, identities: [], force: true, latestSchema: LATEST, nowMs: NOW_MS });
  expect(restored.proof.facts).toEqual(before);
});

test('back on an earlier release the database is left alone, and a later upgrade keeps a second copy', async () => {
  const dir = newFolder();
  const schema = LATEST - 1;
  releasedDatabase(databaseIn(dir), schema).close();
  const old = openDatabase(databaseIn(dir));
  const { copy } = upgrade(old, dir, NOW_MS);
  old.close();
  await restoreBackup({ file: copy ?? '', dataDir: dir, identities: [], force: true, latestSchema: LATEST, nowMs: NOW_MS });
  const back = openDatabase(databaseIn(dir));
  expect(upgrade(back, dir, NOW_MS, MIGRATIONS.slice(0, schema))).toEqual({ from: schema, to: schema, copy: null });
  expect(upgrade(back, dir, NOW_MS + 1).copy).toContain(`-${NOW_MS + 1}.db`);
  expect(proveDatabase(back, LATEST).wrong).toEqual([]);
  back.close();
});

test('an empty folder gets the schema and no copy; one that is up to date is left alone', () => {
  const dir = newFolder();
  const db = openDatabase(databaseIn(dir));
  expect(upgrade(db, dir, NOW_MS)).toEqual({ from: 0, to: LATEST, copy: null });
  expect(upgrade(db, dir, NOW_MS)).toEqual({ from: LATEST, to: LATEST, copy: null });
  expect(existsSync(join(dir, 'backups'))).toBe(false);
});

test('while a server of an older release runs, its schema is not changed under it', () => {
  const dir = newFolder();
  const db = releasedDatabase(databaseIn(dir), LATEST - 1);
  const unlock = lockFolder(dir);
  const before = factsOf(db);
  expect(refusalOf(() => upgrade(db, dir, NOW_MS)).detail).toContain('stop it first');
  expect(factsOf(db)).toEqual(before);
  unlock?.();
  expect(upgrade(db, dir, NOW_MS).to).toBe(LATEST);
});

test('without a copy nothing is changed', () => {
  const dir = newFolder();
  const db = releasedDatabase(databaseIn(dir), LATEST - 1);
  const before = factsOf(db);
  // A file stands where the folder of the copies should be.
  releasedDatabase(join(dir, 'backups'), 1).close();
  expect(refusalOf(() => upgrade(db, dir, NOW_MS)).detail).toContain('nothing was changed');
  expect(factsOf(db)).toEqual(before);
});

test('three copies of earlier upgrades are kept', () => {
  const dir = newFolder();
  for (const schema of [1, 2, 3, 4, 5]) {
    const db = releasedDatabase(join(dir, `${schema}.db`), schema);
    upgrade(db, dir, NOW_MS);
    db.close();
  }
  expect(readdirSync(join(dir, 'backups')).toSorted()).toEqual(['before-0004.db', 'before-0005.db', 'before-0006.db']);
});
