import { Database } from 'bun:sqlite';
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditLedger } from '../../src/ledger/ledger.ts';
import { startTestBank } from '../support/bank.ts';
import { ApiClient, customer, expectOk, untilStock } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';

setDefaultTimeout(60_000);

const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup();
});

async function scene() {
  const bank = await startTestBank(8);
  const dir = mkdtempSync(join(tmpdir(), 'smspin-once-'));
  const config = `[modems]\nports = ["${bank.pattern}"]\ndiscover = false\n[orders]\nquarantine_minutes = 0\n`;
  const start = async (env: Record<string, string> = {}): Promise<Server> => {
    const server = await startServer({ dir, config, env });
    cleanups.push(() => server.stop());
    return server;
  };
  cleanups.push(
    () => rmSync(dir, { recursive: true, force: true }),
    () => bank.stop(),
  );
  return { start, open: () => new Database(join(dir, 'data', 'smspin.db')) };
}

const count = (db: Database, what: string): number => db.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${what}`).get()?.n ?? -1;

test('killed between the commit of an order and its answer, the same key gets that order after the restart, and pays once', async () => {
  const { start, open } = await scene();
  const server = await start({ SMSPIN_TEST_STOP_AT: 'before_answer' });
  const anna = await customer(server, 'anna@example.org');
  const key = (await expectOk(server.run(['key', 'create', 'anna@example.org']))).trim();
  await expectOk(server.run(['offer', 'set', 'gb', 'telegram', '--price', '45']));
  await untilStock(anna, 'gb', 'telegram', 2);
  const headers = { 'idempotency-key': 'once-and-for-all' };
  await expect(anna.order('gb', 'telegram', {}, headers)).rejects.toThrow();
  await server.exited;
  const db = open();
  expect(count(db, 'orders')).toBe(1);

  const second = await start();
  const again = new ApiClient(second.url, key);
  const { status, body } = await again.order('gb', 'telegram', {}, headers);
  expect(status).toBe(201);
  const kept = db.query<{ id: string }, []>('SELECT id FROM orders').all();
  expect(kept).toEqual([{ id: body.id }]);
  expect((await again.balance()).body).toMatchObject({ currency: 'USD', available: 9955, held: 45 });
  expect(count(db, "ledger_transactions WHERE kind = 'hold'")).toBe(1);
  expect(auditLedger(db)).toEqual([]);

  const other = await again.call<{ type: string }>('POST', `/orders/${body.id}/reuse`, undefined, headers);
  expect(other).toMatchObject({ status: 409, body: { type: 'idempotency_conflict' } });
  expect(await again.call('POST', `/orders/${body.id}/reuse`, undefined, { 'idempotency-key': '' })).toMatchObject({ status: 422 });
  db.close();
});

test('fifty at once under one key order once and all get the same answer; under another body all but one are refused', async () => {
  const { start, open } = await scene();
  const server = await start();
  const anna = await customer(server, 'anna@example.org');
  for (const service of ['telegram', 'google']) await expectOk(server.run(['offer', 'set', 'gb', service, '--price', '45']));
  await untilStock(anna, 'gb', 'telegram', 2);
  const all = await Promise.all(Array.from({ length: 50 }, () => anna.order('gb', 'telegram', {}, { 'idempotency-key': 'same' })));
  expect(new Set(all.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
  expect(all[0]).toMatchObject({ status: 201 });
  const mixed = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      anna.order('gb', n % 2 === 0 ? 'telegram' : 'google', { max_price: 45 + n }, { 'idempotency-key': 'mixed' }),
    ),
  );
  expect(mixed.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(mixed.filter(({ status }) => status === 409)).toHaveLength(19);

  // A reuse is once for its key too, and a key belongs to its customer alone.
  const ended = all[0]?.body.id ?? '';
  await anna.call('POST', `/orders/${ended}/cancel`);
  const reuse = () => anna.call<{ id: string }>('POST', `/orders/${ended}/reuse`, undefined, { 'idempotency-key': 'again' });
  const reused = await Promise.all([reuse(), reuse(), reuse()]);
  expect(reused.map(({ status }) => status)).toEqual([201, 201, 201]);
  expect(new Set(reused.map(({ body }) => body.id)).size).toBe(1);
  const bob = await customer(server, 'bob@example.org');
  const own = await bob.order('gb', 'google', {}, { 'idempotency-key': 'same' });
  expect(own.status).toBe(201);
  expect(own.body.id).not.toBe(ended);

  // A day later the key is free again.
  const db = open();
  db.run("UPDATE idempotent_answers SET created_at_ms = created_at_ms - 86400001 WHERE key = 'same'");
  db.close();
  await anna.call('POST', `/orders/${reused[0]?.body.id}/cancel`);
  const later = await anna.order('gb', 'telegram', {}, { 'idempotency-key': 'same' });
  expect(later.status).toBe(201);
  expect(later.body.id).not.toBe(ended);
});
