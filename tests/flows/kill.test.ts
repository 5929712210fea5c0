import { Database } from 'bun:sqlite';
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditLedger } from '../../src/ledger/ledger.ts';
import { startTestBank } from '../support/bank.ts';
import { ApiClient, customer, expectOk, until, untilStock } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';

setDefaultTimeout(60_000);

const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup();
});

/** A bank of one modem that outlives its server, and a server on a folder that outlives it too. */
async function scene(env: Record<string, string> = {}) {
  const bank = await startTestBank(1);
  const dir = mkdtempSync(join(tmpdir(), 'smspin-kill-'));
  const config = `[modems]\nports = ["${bank.pattern}"]\ndiscover = false\n`;
  const start = async (more: Record<string, string> = {}): Promise<Server> => {
    const server = await startServer({ dir, config, env: more });
    cleanups.push(() => server.stop());
    return server;
  };
  cleanups.push(
    () => rmSync(dir, { recursive: true, force: true }),
    () => bank.stop(),
  );
  const server = await start(env);
  const anna = await customer(server, 'anna@example.org');
  await expectOk(server.run(['offer', 'set', 'gb', 'telegram', '--price', '45']));
  await untilStock(anna, 'gb', 'telegram', 1);
  const { body: order } = await anna.order('gb', 'telegram');
  const open = () => new Database(join(dir, 'data', 'smspin.db'));
  return { bank, server, order, start, open };
}

const count = (db: Database, what: string): number => db.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${what}`).get()?.n ?? -1;
/** The customer of the scene with a new key, after a restart on another port. */
async function sameCustomer(server: Server): Promise<ApiClient> {
  return new ApiClient(server.url, (await expectOk(server.run(['key', 'create', 'anna@example.org']))).trim());
}

test.each([
  ['between read and commit', 'after_read', 0],
  ['between commit and delete', 'after_commit', 1],
] as const)('killed %s, each message exists once after the restart and is gone from the modem', async (_, stopAt, storedBefore) => {
  const { bank, server, order, start, open } = await scene({ SMSPIN_TEST_STOP_AT: stopAt });
  const exited = server.exited;
  await bank.sendSms({ number: order.number, sender: 'Telegram', text: 'Telegram code: 48213' });
  await exited;
  const dead = open();
  expect(count(dead, 'parts')).toBe(storedBefore);
  dead.close();
  expect((await bank.list()).flatMap((sim) => sim.messages)).toHaveLength(1);

  const anna = await sameCustomer(await start());
  await until(async () => (await anna.get(order.id)).body.status === 'received', 'the code arrives after the restart');
  await until(async () => (await bank.list()).every((sim) => sim.messages.length === 0), 'the message is deleted on the modem');
  const { body: after } = await anna.get(order.id);
  expect(after).toMatchObject({ code: '48213', messages: [{ code: '48213' }] });
  const db = open();
  for (const what of ['parts', 'messages', "events WHERE type = 'order.received'", "ledger_transactions WHERE kind = 'capture'"])
    expect(count(db, what)).toBe(1);
  expect(auditLedger(db)).toEqual([]);
  db.close();
});

test('an order that became overdue while the server was dead still gets the SMS that was sent within its window', async () => {
  const { bank, server, order, start, open } = await scene();
  await server.kill('SIGKILL');
  await bank.sendSms({ number: order.number, sender: 'Telegram', text: 'Telegram code: 48213' });
  const db = open();
  db.run('UPDATE orders SET expires_at_ms = ?', [Date.now() + 1100]);
  await Bun.sleep(1300);
  const anna = await sameCustomer(await start());
  await until(async () => (await anna.get(order.id)).body.status === 'finished', 'the order is finished');
  expect((await anna.get(order.id)).body).toMatchObject({ status: 'finished', reason: 'window_ended', code: '48213' });
  expect((await anna.balance()).body).toMatchObject({ currency: 'USD', available: 9955, held: 0 });
  expect(auditLedger(db)).toEqual([]);
  db.close();
});

test('an order that became overdue with nothing on its SIM is refunded soon after the restart, once', async () => {
  const { server, order, start, open } = await scene();
  await server.kill('SIGKILL');
  const db = open();
  db.run('UPDATE orders SET created_at_ms = created_at_ms - 3600000, expires_at_ms = created_at_ms');
  const anna = await sameCustomer(await start());
  await until(async () => (await anna.get(order.id)).body.status === 'expired', 'the order is expired');
  expect((await anna.balance()).body).toMatchObject({ currency: 'USD', available: 10_000, held: 0 });
  expect(count(db, "ledger_transactions WHERE kind = 'refund'")).toBe(1);
  db.close();
});
