import { afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { openReadOnly } from '../../src/db/open.ts';
import { plainText } from '../../src/exports/csv.ts';
import type { Job } from '../../src/exports/job.ts';
import { makeFile } from '../../src/exports/make-file.ts';
import { readRows } from '../../src/exports/snapshot.ts';
import { topUp } from '../../src/ledger/ledger.ts';
import { idsFrom } from '../../src/lib/ids.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { MINUTE_MS, START_MS } from '../support/house.ts';
import { type FileHouse, fileHouse } from './file-house.ts';

setDefaultTimeout(60_000);

let scene: FileHouse;
afterEach(() => scene.cleanup());

const make = (job: Job, more: Partial<Parameters<typeof makeFile>[1]> = {}) =>
  makeFile(job, { progress() {}, isCanceled: () => false, nowMs: () => START_MS, ...more });
const records = (path: string): Record<string, string>[] => parse(readFileSync(path), { columns: true, bom: true });
const json = (path: string): Record<string, unknown>[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));

/** So many more movements at the house's present moment, in one commit. */
const topUps = (userId: string, count: number): void =>
  scene.house.write((tx) => {
    for (let n = 0; n < count; n++) topUp(tx, scene.house.terms, { userId, amountMinor: 1, reference: null });
  });

/** Texts of an SMS that went wrong somewhere, sometime. */
const HOSTILE = [
  '=cmd|"/c calc"!A0 123456',
  '"quoted", 123456',
  'two\r\nlines 123456\n=1+1',
  'tab\t123456;=1',
  '+447700900123',
  '-2 123456',
  '@SUM(A1) 123456',
  'שלום 123456 \u202e',
  '🦊 123456',
  'NUL \0 123456',
  'lone \ud800 123456',
];

function withMessages(): { anna: string } {
  scene = fileHouse();
  const { house } = scene;
  const anna = house.customer('anna@example.org', 100_000);
  house.customer('bob@example.org', 100);
  house.offer('any', 10);
  const iccid = house.sim(1);
  house.write((tx) => placeOrder(tx, house.terms, { userId: anna, country: 'gb', service: 'any', maxPriceMinor: null }));
  const order = house.db.query<{ id: string; user: string }, []>('SELECT id, user_id AS user FROM orders').get();
  for (const [n, text] of HOSTILE.entries()) {
    house.clock.pass(1000);
    const now = house.clock.nowMs();
    house.db
      .query(
        `INSERT INTO messages (id, iccid, sender, text, parts_have, parts_total, network_at_ms, arrived_at_ms, stored_at_ms, live, verdict, code, confidence, reason, rule, order_id, user_id)
         VALUES ($id, $iccid, $text, $text, 1, 1, NULL, $now, $now, 1, 'accept', '123456', 1, $text, 'test', $order, $user)`,
      )
      .run({ id: `${idsFrom('msg', now)}${n}`, iccid, text, now, order: order?.id ?? '', user: order?.user ?? '' });
  }
  return { anna };
}

describe('what a file holds', () => {
  test('messages with any text come back from CSV, read by another program, and from JSON', async () => {
    const { anna } = withMessages();
    const stored = scene.house.db.query<{ text: string }, []>('SELECT text FROM messages ORDER BY id').all();
    expect(await make(scene.job(anna, { kind: 'messages', bom: true }))).toMatchObject({ ok: true, rows: HOSTILE.length });
    const read = records(join(scene.dir, 'file'));
    expect(read.map(({ text = '' }) => plainText(text))).toEqual(stored.map(({ text }) => text.replaceAll('\0', '\u2400')));
    expect(read[4]?.['sender']).toBe('+447700900123');
    expect(read[0]).toMatchObject({ number: '+447700900001', service: 'any', country: 'gb', code: '123456', network_time: '' });
    await make(scene.job(anna, { kind: 'messages', format: 'json', path: join(scene.dir, 'json') }));
    expect(json(join(scene.dir, 'json')).map(({ text }) => text)).toEqual(stored.map(({ text }) => text));
    expect(json(join(scene.dir, 'json'))[0]).toMatchObject({ code: '123456', network_time: null });
  });

  test('orders and money, in minor units with their currency; nothing of another customer', async () => {
    scene = fileHouse();
    const { house } = scene;
    const [anna, bob] = [house.customer('anna@example.org', 500), house.customer('bob@example.org', 700)];
    house.offer('telegram', 45);
    house.sim(1);
    const order = house.write((tx) =>
      placeOrder(tx, house.terms, { userId: anna, country: 'gb', service: 'telegram', maxPriceMinor: null }),
    );
    await make(scene.job(anna, { kind: 'orders' }));
    expect(records(join(scene.dir, 'file'))).toMatchObject([
      { id: order.id, status: 'pending', number: '+447700900001', price: '45', currency: 'USD', received_at: '', code: '' },
    ]);
    await make(scene.job(anna));
    expect(records(join(scene.dir, 'file'))).toMatchObject([
      { kind: 'top_up', available: '500', held: '0', currency: 'USD' },
      { kind: 'hold', order_id: order.id, available: '-45', held: '45' },
    ]);
    expect(await make(scene.job(bob, { kind: 'orders' }))).toMatchObject({ ok: true, rows: 0 });
    expect(readFileSync(join(scene.dir, 'file'), 'utf8')).toMatch(/^id,status,[^\r\n]*\r\n$/);
  });

  test('from is inclusive and to exclusive, to the millisecond', async () => {
    scene = fileHouse();
    const { house } = scene;
    const anna = house.customer('anna@example.org', 0);
    for (const offset of [0, 1, 999, 1000]) {
      house.clock.ms = START_MS + offset;
      house.write((tx) => topUp(tx, house.terms, { userId: anna, amountMinor: offset + 1, reference: null }));
    }
    const offsets = async (fromMs: number | null, toMs: number | null): Promise<number[]> => {
      await make(scene.job(anna, { fromMs: fromMs === null ? null : START_MS + fromMs, toMs: toMs === null ? null : START_MS + toMs }));
      return records(join(scene.dir, 'file')).map((row) => Number(row['available']) - 1);
    };
    expect(await offsets(null, null)).toEqual([0, 1, 999, 1000]);
    expect(await offsets(0, 1000)).toEqual([0, 1, 999]);
    expect(await offsets(1, null)).toEqual([1, 999, 1000]);
    expect(await offsets(null, 1)).toEqual([0]);
    expect(await offsets(2, 999)).toEqual([]);
    expect(await offsets(5000, null)).toEqual([]);
  });

  test('it is of one moment: what is written meanwhile is not in it', async () => {
    scene = fileHouse();
    const { house } = scene;
    const anna = house.customer('anna@example.org', 0);
    scene.movements(anna, 5000);
    house.clock.pass(3_600_000);
    let wrote = 0;
    // Ids later and, by a clock that was set back, earlier than where the reading stands: more than a page of them.
    const late = (): void => {
      house.clock.ms = START_MS + 10_000_000 - 1_500_000 * wrote++;
      topUps(anna, 3000);
    };
    const made = await make(scene.job(anna), { progress: late });
    expect(wrote).toBeGreaterThan(1);
    expect(made).toMatchObject({ ok: true, rows: 5000 });
    const read = records(join(scene.dir, 'file'));
    expect(read.map(({ reference }) => reference)).toEqual(Array.from({ length: 5000 }, (_, n) => `many ${n}`));
  });

  test('of the ledger the database is let go between pages, and what comes then stays outside', () => {
    scene = fileHouse();
    const { house } = scene;
    const anna = house.customer('anna@example.org', 0);
    scene.movements(anna, 5000);
    const db = openReadOnly(scene.databasePath);
    const rows = readRows(db, scene.job(anna), house.clock.nowMs);
    const references: unknown[] = [];
    for (const page of rows.pages) {
      references.push(...page.map((cells) => cells[3]));
      expect(rows.release()).toBe(true);
      // Between the pages that were read and those to come, more than a page of them.
      house.clock.ms = START_MS + references.length * 1000 + 1;
      if (references.length === 2000) topUps(anna, 2500);
      rows.reopen();
    }
    expect(references).toEqual(Array.from({ length: 5000 }, (_, n) => `many ${n}`));
    rows.release();
    expect(readRows(db, scene.job(anna, { kind: 'orders' }), house.clock.nowMs).release()).toBe(false);
    db.close();
  });
});

describe('when it cannot be made, it says why and leaves nothing', () => {
  const scenes: [string, Partial<Job>, string][] = [
    ['the disk is too full', { reserveOctets: 1e18 }, 'disk_full'],
    ['the account has no more space', { octetsMax: 1000 }, 'too_large'],
    ['the log grows too much', { logGrowthMax: -1 }, 'too_busy'],
    ['the database is away', { databasePath: '/nonexistent/smspin.db' }, 'internal'],
  ];
  test.each(scenes)('%s', async (_name, changes, reason) => {
    scene = fileHouse();
    const anna = scene.house.customer('anna@example.org', 0);
    scene.movements(anna, 3000);
    expect(await make(scene.job(anna, changes))).toMatchObject({ ok: false, reason });
    expect(readdirSync(scene.dir).filter((name) => name.startsWith('file'))).toEqual([]);
  });

  test('the system says that the disk is full', async () => {
    scene = fileHouse();
    const anna = scene.house.customer('anna@example.org', 0);
    symlinkSync('/dev/full', join(scene.dir, 'file.part'));
    expect(await make(scene.job(anna))).toMatchObject({ ok: false, reason: 'disk_full' });
    expect(readdirSync(scene.dir).filter((name) => name.startsWith('file'))).toEqual([]);
  });

  test('it was canceled', async () => {
    scene = fileHouse();
    const anna = scene.house.customer('anna@example.org', 0);
    scene.movements(anna, 10_000);
    let asked = 0;
    expect(await make(scene.job(anna), { isCanceled: () => ++asked === 2 })).toMatchObject({ ok: false, reason: 'canceled' });
    expect(asked).toBe(2);
    expect(existsSync(join(scene.dir, 'file.part'))).toBe(false);
  });
});

test('the file is for its owner alone, and its progress is told in whole', async () => {
  scene = fileHouse();
  const anna = scene.house.customer('anna@example.org', 0);
  scene.movements(anna, 4500);
  scene.house.clock.pass(MINUTE_MS);
  const told: { rowsDone: number; rowsTotal: number }[] = [];
  await make(scene.job(anna), { progress: (progress) => void told.push(progress) });
  expect(told).toEqual([
    { rowsDone: 2000, rowsTotal: 4500 },
    { rowsDone: 4000, rowsTotal: 4500 },
    { rowsDone: 4500, rowsTotal: 4500 },
  ]);
  expect(statSync(join(scene.dir, 'file')).mode & 0o777).toBe(0o600);
});
