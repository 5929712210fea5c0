import { afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDoor } from '../../src/db/write.ts';
import { createExport, type Export, type ExportLimits, findExport, withdrawExport } from '../../src/exports/exports.ts';
import { exportFiles } from '../../src/exports/files.ts';
import { type Maker, startMaker } from '../../src/exports/maker.ts';
import { silentLog } from '../../src/lib/log.ts';
import { startTimers } from '../../src/lib/timers.ts';
import { until } from '../support/client.ts';
import { seededRandom } from '../support/house.ts';
import { type FileHouse, fileHouse } from './file-house.ts';

const LIMITS: ExportLimits = { keepHours: 1, accountOctets: 1e9, atOnce: 2 };
const HOUR_MS = 3_600_000;

setDefaultTimeout(60_000);

let scene: FileHouse;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function open(): FileHouse {
  scene = fileHouse();
  cleanups.push(scene.cleanup);
  return scene;
}

async function start(limits: ExportLimits = LIMITS, reserveOctets = 0): Promise<Maker> {
  const { db, clock } = scene.house;
  const timers = startTimers(clock, silentLog);
  const door = openDoor(db, clock.nowMs, silentLog);
  const maker = await startMaker({
    ...{ db, door, clock, timers, log: silentLog, files: exportFiles(scene.dir), limits, currency: 'USD', reserveOctets },
    manifest: (_found, file) => `manifest of ${file.rows}`,
  });
  cleanups.push(async () => {
    timers.stop();
    await maker.stop();
    await door.idle();
  });
  return maker;
}

const random = seededRandom(3);
function ask(userId: string, limits = LIMITS): Export {
  // Of the same millisecond, chance would say which is the older.
  scene.house.clock.pass(1);
  const request = { userId, kind: 'ledger', format: 'csv', bom: false, fromMs: null, toMs: null } as const;
  return scene.house.write((tx) => createExport(tx, request, limits, random));
}
const statusOf = ({ id }: Export) => findExport(scene.house.db, id)?.status;
const untilIs = (found: Export, status: string) => until(() => statusOf(found) === status, `${found.id} is ${status}`);
const filesThere = () => readdirSync(join(scene.dir, 'exports'));

test('what is asked for is made, one after the other for a customer, two customers at once', async () => {
  open();
  const [anna, bob] = [scene.house.customer('anna@example.org'), scene.house.customer('bob@example.org')];
  scene.movements(anna, 60_000);
  const maker = await start();
  const [first, second, third] = [ask(anna), ask(anna), ask(bob)];
  maker.look();
  await until(() => statusOf(first) === 'running' && statusOf(third) !== 'queued', 'both customers have their turn');
  expect(statusOf(second)).toBe('queued');
  for (const one of [first, second, third]) await untilIs(one, 'ready');
  expect(findExport(scene.house.db, first.id)).toMatchObject({ rows: 60_001, attempts: 1 });
  expect(filesThere()).toHaveLength(3);
});

test('canceled while it runs, it stops and leaves nothing', async () => {
  open();
  const anna = scene.house.customer('anna@example.org');
  scene.movements(anna, 200_000);
  const maker = await start();
  const found = ask(anna);
  maker.look();
  await until(() => (maker.progress(found.id)?.rowsDone ?? 0) > 0, 'it is on its way');
  scene.house.write((tx) => withdrawExport(tx, found.id, anna));
  maker.look();
  await until(() => maker.progress(found.id) === null, 'it stopped');
  expect(statusOf(found)).toBe('canceled');
  expect(filesThere()).toEqual([]);
});

describe('after the process died', () => {
  test('what was running is made anew; files that belong to nothing are gone', async () => {
    open();
    const anna = scene.house.customer('anna@example.org');
    const found = ask(anna);
    scene.house.db.run("UPDATE exports SET status = 'running', attempts = 1");
    mkdirSync(join(scene.dir, 'exports'));
    for (const name of [`${found.id}.csv.part`, `${found.id}.csv`, 'exp_gone.ndjson', 'stray'])
      writeFileSync(join(scene.dir, 'exports', name), 'half');
    await start();
    await untilIs(found, 'ready');
    expect(filesThere()).toEqual([`${found.id}.csv`]);
    expect(findExport(scene.house.db, found.id)).toMatchObject({ rows: 1, attempts: 2 });
  });

  test('what was begun three times has failed', async () => {
    open();
    const found = ask(scene.house.customer('anna@example.org'));
    scene.house.db.run("UPDATE exports SET status = 'running', attempts = 3");
    await start();
    expect(findExport(scene.house.db, found.id)).toMatchObject({ status: 'failed', reason: 'interrupted' });
  });
});

test('stopped with the server, it stays running and is made at the next start', async () => {
  open();
  const anna = scene.house.customer('anna@example.org');
  scene.movements(anna, 200_000);
  const maker = await start();
  const found = ask(anna);
  maker.look();
  await until(() => (maker.progress(found.id)?.rowsDone ?? 0) > 0, 'it is on its way');
  await maker.stop();
  expect(statusOf(found)).toBe('running');
  await start();
  await until(() => statusOf(found) === 'ready', 'it is made', 60_000);
});

test('when its time has come, the file goes and the row says so', async () => {
  open();
  const anna = scene.house.customer('anna@example.org');
  const maker = await start();
  const found = ask(anna);
  maker.look();
  await untilIs(found, 'ready');
  scene.house.clock.pass(HOUR_MS - 1);

  await Bun.sleep(100);
  expect(statusOf(found)).toBe('ready');
  scene.house.clock.pass(1);
  await untilIs(found, 'expired');
  await until(() => filesThere().length === 0, 'the file is gone');
});

test('a full disk is said in plain words', async () => {
  open();
  const found = ask(scene.house.customer('anna@example.org'));
  await start(LIMITS, 1e18);
  await untilIs(found, 'failed');
  const { reason, detail } = findExport(scene.house.db, found.id) ?? {};
  expect(reason).toBe('disk_full');
  expect(detail).toContain('disk is too full');
});

describe('an account is bounded', () => {
  test('by how many wait', () => {
    open();
    const anna = scene.house.customer('anna@example.org');
    for (let n = 0; n < 5; n++) ask(anna);
    expect(() => ask(anna)).toThrow('limit_reached: 5 of your exports are being made');
    ask(scene.house.customer('bob@example.org'));
  });

  test('by how many are kept, however small', () => {
    open();
    const anna = scene.house.customer('anna@example.org');
    const one = ask(anna);
    scene.house.db.run(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
       INSERT INTO exports (id, user_id, kind, format, bom, status, manifest, created_at_ms, expires_at_ms)
       SELECT 'exp_' || i, '${anna}', 'ledger', 'csv', 0, 'ready', 'm', 0, ${one.expiresAtMs} FROM n`,
    );
    expect(() => ask(anna)).toThrow('limit_reached: You have 100 exports that are ready');
  });

  test('by what its files take on the disk together', async () => {
    open();
    const anna = scene.house.customer('anna@example.org');
    scene.movements(anna, 1000);
    const limits = { ...LIMITS, accountOctets: 100_000 };
    const maker = await start(limits);
    const [first, second] = [ask(anna, limits), ask(anna, limits)];
    maker.look();
    await untilIs(first, 'ready');
    await untilIs(second, 'failed');
    expect(findExport(scene.house.db, second.id)?.reason).toBe('too_large');
    scene.house.db.run("UPDATE exports SET octets = 100000 WHERE status = 'ready'");
    expect(() => ask(anna, limits)).toThrow('limit_reached: Your exports take up all');
    expect(existsSync(join(scene.dir, 'exports', `${second.id}.csv.part`))).toBe(false);
  });
});
