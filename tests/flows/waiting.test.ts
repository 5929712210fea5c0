import { Database } from 'bun:sqlite';
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKey, SCOPES } from '../../src/accounts/keys.ts';
import { addUser } from '../../src/accounts/users.ts';
import { openDatabase } from '../../src/db/open.ts';
import { writeNow } from '../../src/db/write.ts';
import { auditLedger, topUp } from '../../src/ledger/ledger.ts';
import { systemRandom } from '../../src/lib/ids.ts';
import { startTestBank } from '../support/bank.ts';
import { ApiClient, expectOk, until, untilStock } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';

setDefaultTimeout(120_000);

const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup();
});

interface ApiPlace {
  id: string;
  status: string;
  position: number | null;
  length: number | null;
  obstacle: string | null;
  order_id: string | null;
}

/** A bank that outlives its server, a server on a folder that outlives it too, and an offer. */
async function scene(modems: number) {
  const bank = await startTestBank(modems);
  const dir = mkdtempSync(join(tmpdir(), 'smspin-waiting-'));
  const config = `[modems]\nports = ["${bank.pattern}"]\ndiscover = false\n[orders]\nquarantine_minutes = 0\n`;
  cleanups.push(
    () => rmSync(dir, { recursive: true, force: true }),
    () => bank.stop(),
  );
  const start = async (env: Record<string, string> = {}): Promise<Server> => {
    const server = await startServer({ dir, config, env });
    cleanups.push(() => server.stop());
    return server;
  };
  const server = await start();
  await expectOk(server.run(['offer', 'set', 'gb', 'telegram', '--price', '45']));
  const open = () => new Database(join(dir, 'data', 'smspin.db'));
  return { bank, server, start, open, path: join(dir, 'data', 'smspin.db') };
}

/** Customers with balance and a key each, made in the file at once: a command for each would take seconds. */
function makeCustomers(path: string, server: Server, names: readonly string[]): { client: ApiClient; userId: string }[] {
  const db = openDatabase(path);
  const made = names.map((name) =>
    writeNow(db, Date.now(), (tx) => {
      const about = { passwordHash: null, role: 'customer' as const, state: 'active' as const, purpose: null, acceptedTerms: true };
      const { id: userId } = addUser(tx, systemRandom, { email: `${name}@example.org`, ...about });
      topUp(tx, { currency: 'USD', random: systemRandom }, { userId, amountMinor: 1000, reference: null });
      const { secret } = createKey(tx, systemRandom, { userId, name: 'test', scopes: SCOPES });
      return { client: new ApiClient(server.url, secret), userId };
    }),
  );
  db.close();
  return made;
}

const wait = (client: ApiClient, more: object = {}, headers: Record<string, string> = {}) =>
  client.call<ApiPlace & { type?: string }>(
    'POST',
    '/waiting',
    { country: 'gb', service: 'telegram', mode: 'buy', max_price: 60, ...more },
    headers,
  );
const sum = (db: Database, sql: string): number => db.query<{ n: number }, []>(`SELECT ${sql} AS n`).get()?.n ?? -1;

test('under contention: numbers that come free go to those who wait, in their order, while others order as fast as they can; none twice, no money lost', async () => {
  const SIMS = 4;
  const WAITERS = 10;
  const { server, open, path } = await scene(SIMS);
  const names = (kind: string, count: number) => Array.from({ length: count }, (_, n) => `${kind}${n}`);
  const [stranger] = makeCustomers(path, server, ['stranger']);
  const waiters = makeCustomers(path, server, names('waiter', WAITERS));
  const rushers = makeCustomers(path, server, names('rusher', 4));
  if (!stranger) throw new Error('nobody was made');
  const db = open();
  await until(() => sum(db, '(SELECT count(*) FROM sims)') === SIMS, 'every SIM was read');
  // The bank spreads over countries; the operator says where these are.
  db.run("UPDATE sims SET country_set = 'gb'");
  await untilStock(stranger.client, 'gb', 'telegram', SIMS);
  const held = await stranger.client.call<{ data: { id: string }[] }>('POST', '/orders', {
    country: 'gb',
    service: 'telegram',
    count: SIMS,
  });
  const joined = await Promise.all(waiters.map(({ client }) => wait(client)));
  expect(joined.map(({ status, body }) => [status, body.status])).toEqual(waiters.map(() => [201, 'waiting']));
  const line = db.query<{ id: string; userId: string }, []>('SELECT id, user_id AS userId FROM waiting_places ORDER BY seq').all();
  const served = () => db.query<{ id: string }, []>("SELECT id FROM waiting_places WHERE status = 'served' ORDER BY seq").all().length;

  // Everybody else orders without a pause, each way there is.
  let isOver = false;
  const got: string[] = [];
  const refused = new Set<string>();
  const rush = async (client: ApiClient, body: object): Promise<void> => {
    while (!isOver) {
      const { status, body: order } = await client.call<{ id?: string; type?: string }>('POST', '/orders', body);
      if (status === 201) got.push(order.id ?? '');
      else refused.add(order.type ?? '');
    }
  };
  const rushing = rushers.flatMap(({ client }) => [
    rush(client, { country: 'gb', service: 'telegram' }),
    rush(client, { service: 'telegram', pick: 'cheapest' }),
    rush(client, { country: 'gb', service: 'telegram', count: 3, fill: 'available' }),
  ]);
  for (const { id } of held.body.data) await stranger.client.call('POST', `/orders/${id}/cancel`);
  for (let n = 0; n < WAITERS; n++) {
    const place = line[n];
    const waiter = waiters.find(({ userId }) => userId === place?.userId);
    if (!place || !waiter) throw new Error('a waiter without a place');
    await until(() => served() > n, `the ${n + 1}th is served`);
    const { body } = await waiter.client.call<ApiPlace>('GET', `/waiting/${place.id}`);
    if (n < WAITERS - SIMS) {
      expect(got).toEqual([]);
      await waiter.client.call('POST', `/orders/${body.order_id}/cancel`);
    }
  }
  const firstServed = db
    .query<{ id: string }, []>("SELECT json_extract(data, '$.id') AS id FROM events WHERE type = 'waiting.served' ORDER BY seq")
    .all();
  expect(firstServed.map(({ id }) => id)).toEqual(line.map(({ id }) => id));
  // Nobody waits any more: now the others have their turn.
  expect(got).toEqual([]);
  const [last] = db
    .query<{ id: string; userId: string }, []>("SELECT id, user_id AS userId FROM orders WHERE status = 'pending' ORDER BY id DESC LIMIT 1")
    .all();
  await waiters.find(({ userId }) => userId === last?.userId)?.client.call('POST', `/orders/${last?.id}/cancel`);
  await until(() => got.length > 0, 'a number goes to who orders directly');
  isOver = true;
  await Promise.all(rushing);
  expect([...refused]).toEqual(['out_of_stock']);
  expect(got).toHaveLength(1);

  expect(sum(db, "(SELECT count(*) FROM orders WHERE status = 'pending')")).toBe(SIMS);
  expect(sum(db, "(SELECT count(DISTINCT iccid) FROM orders WHERE status = 'pending')")).toBe(SIMS);
  expect(sum(db, '(SELECT count(DISTINCT order_id) FROM waiting_places)')).toBe(WAITERS);
  expect(sum(db, "(SELECT sum(balance_minor) FROM ledger_accounts WHERE kind = 'held')")).toBe(SIMS * 45);
  expect(sum(db, "(SELECT sum(balance_minor) FROM ledger_accounts WHERE kind IN ('available', 'held'))")).toBe(1000 * (1 + WAITERS + 4));
  expect(auditLedger(db)).toEqual([]);
  db.close();
});

test('killed the moment somebody was served, and with a number free that nobody was given yet: served once each, after the restart', async () => {
  const { server, start, open, path } = await scene(1);
  const [stranger, anna, ben] = makeCustomers(path, server, ['stranger', 'anna', 'ben']);
  if (!stranger || !anna || !ben) throw new Error('nobody was made');
  await untilStock(stranger.client, 'gb', 'telegram', 1);
  const { body: order } = await stranger.client.order('gb', 'telegram');
  const first = (await wait(anna.client)).body;
  const second = (await wait(ben.client)).body;
  expect([first.position, second.position, second.length]).toEqual([1, 2, 2]);
  await server.kill('SIGKILL');

  // Dies when the order of who waits is on the disk and nobody was told.
  const dying = await start({ SMSPIN_TEST_STOP_AT: 'before_answer' });
  const at = (one: Server, { key }: ApiClient) => new ApiClient(one.url, key);
  await until(async () => (await at(dying, stranger.client).get(order.id)).status === 200, 'it answers');
  await untilReadable(path);
  await at(dying, stranger.client)
    .call('POST', `/orders/${order.id}/cancel`)
    .catch(() => null);
  await dying.exited;
  const db = open();
  expect(db.query('SELECT status FROM waiting_places ORDER BY seq').values()).toEqual([['served'], ['waiting']]);
  expect(auditLedger(db)).toEqual([]);

  const again = await start();
  await untilReadable(path);
  const { body: bought } = await at(again, anna.client).call<ApiPlace>('GET', `/waiting/${first.id}`);
  expect((await at(again, anna.client).balance()).body).toMatchObject({ available: 955, held: 45 });
  // The number comes free while the server is dead.
  await again.kill('SIGKILL');
  db.run("UPDATE orders SET created_at_ms = created_at_ms - 3600000, expires_at_ms = created_at_ms WHERE status = 'pending'");
  const last = await start();
  await until(
    async () => (await at(last, ben.client).call<ApiPlace>('GET', `/waiting/${second.id}`)).body.status === 'served',
    'the second is served',
  );
  expect((await at(last, anna.client).get(bought.order_id ?? '')).body.status).toBe('expired');
  expect((await at(last, anna.client).balance()).body).toMatchObject({ available: 1000, held: 0 });
  expect((await at(last, ben.client).balance()).body).toMatchObject({ available: 955, held: 45 });
  expect(sum(db, '(SELECT count(*) FROM orders WHERE user_id IN (SELECT user_id FROM waiting_places))')).toBe(2);
  expect(sum(db, "(SELECT count(*) FROM events WHERE type = 'waiting.served')")).toBe(2);
  expect(auditLedger(db)).toEqual([]);

  // The rest of the API, on the same server: keys, lists, refusals, a command that brings money.
  const client = at(last, anna.client);
  const key = { 'idempotency-key': 'wait-once' };
  const [one, two] = await Promise.all([wait(client, { tags: ['qa'], note: 'n' }, key), wait(client, { tags: ['qa'], note: 'n' }, key)]);
  expect(two.body).toEqual(one.body);
  expect(one.body).toMatchObject({ status: 'waiting', position: 1, length: 1, obstacle: null, tags: ['qa'], note: 'n' });
  expect((await wait(client, { max_price: 61 }, key)).body.type).toBe('idempotency_conflict');
  expect(await wait(client)).toMatchObject({ status: 409, body: { type: 'already_exists', id: one.body.id } });
  expect(await wait(client, { max_price: 'much' })).toMatchObject({ status: 422 });
  expect(await wait(client, { mode: 'hope' })).toMatchObject({
    status: 422,
    body: { detail: expect.stringContaining('mode must be "notify" or "buy"') },
  });
  expect(await wait(client, { country: 'us' })).toMatchObject({ status: 404 });
  const list = await client.call<{ data: ApiPlace[]; next_cursor: string | null }>('GET', '/waiting?limit=1');
  expect(list.body.data.map(({ id }) => id)).toEqual([one.body.id]);
  const rest = await client.call<{ data: ApiPlace[] }>('GET', `/waiting?limit=5&cursor=${list.body.next_cursor}`);
  expect(rest.body.data.map(({ id, status }) => [id, status])).toEqual([[first.id, 'served']]);
  expect((await client.call<{ data: ApiPlace[] }>('GET', '/waiting?status=waiting')).body.data).toHaveLength(1);
  expect(await at(last, ben.client).call('GET', `/waiting/${one.body.id}`)).toMatchObject({ status: 404 });
  expect(await at(last, ben.client).call('DELETE', `/waiting/${one.body.id}`)).toMatchObject({ status: 404 });
  expect(await client.call('DELETE', `/waiting/${one.body.id}`)).toMatchObject({ status: 200, body: { status: 'left' } });
  expect(await client.call('DELETE', `/waiting/${one.body.id}`)).toMatchObject({ status: 409, body: { type: 'too_late' } });
  expect(await client.call('POST', `/waiting/${one.body.id}/rejoin`)).toMatchObject({ status: 200, body: { status: 'waiting' } });
  db.close();

  async function untilReadable(file: string): Promise<void> {
    const read = new Database(file, { readonly: true });
    await until(() => read.query('SELECT 1 FROM sims WHERE online = 1').get() !== null, 'the SIM can be read');
    read.close();
  }
});
