import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestBank, type TestBank } from '../support/bank.ts';
import { ApiClient, customer, expectOk, until } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';

setDefaultTimeout(60_000);

let bank: TestBank;
let server: Server;
let anna: ApiClient;

interface ApiRental {
  id: string;
  status: string;
  number: string;
  price: number;
  returned: number;
  ends_at: string;
  last_event: string;
  messages: { text: string; code: string | null; rental_id: string; order_id: null }[];
}
interface Problem {
  type: string;
  detail: string;
  next_free_at?: string | null;
  errors?: { field: string }[];
}

beforeAll(async () => {
  bank = await startTestBank(12);
  server = await startServer({
    config: `[modems]\nports = ["${bank.pattern}"]\ndiscover = false\n[orders]\nquarantine_minutes = 0\n[rentals]\nrefund_unused = true\n`,
  });
  anna = await customer(server, 'anna@example.org');
  const said = await expectOk(server.run(['rate', 'set', 'gb', '--hour', '80', '--day', '400', '--week', 'none']));
  expect(said).toContain('$4.00');
  expect(await expectOk(server.run(['rate', 'list']))).toContain('not offered');
  await until(async () => (await rates())[0]?.stock === 3, 'three numbers can be rented');
});

afterAll(async () => {
  await server.stop();
  await bank.stop();
});

const rates = async () =>
  (await anna.call<{ data: { country: string; stock: number; day: number; week: null }[] }>('GET', '/rates')).body.data;
const rent = (body: Record<string, unknown>, headers: Record<string, string> = {}) =>
  anna.call<ApiRental>('POST', '/rentals', body, headers);
const get = (id: string, query = '') => anna.call<ApiRental>('GET', `/rentals/${id}${query}`);

test('rent, SMS on the line, the waiting request answers, the inbox has all of them; extend; end with what is unused back', async () => {
  expect(await rates()).toMatchObject([{ country: 'gb', day: 400, week: null }]);
  const { status, body: rental } = await rent({ country: 'gb', days: 2, name: 'QA' });
  expect(status).toBe(201);
  expect(rental).toMatchObject({ status: 'active', reason: 'started', name: 'QA', service: null, price: 800, returned: 0, messages: [] });
  expect((await anna.balance()).body).toMatchObject({ currency: 'USD', available: 9200, held: 800 });

  const waiting = get(rental.id, '?wait=20');
  await bank.sendSms({ number: rental.number, sender: 'Mum', text: 'Dinner at eight?' });
  const { body: first } = await waiting;
  expect(first.messages).toMatchObject([{ text: 'Dinner at eight?', code: null, rental_id: rental.id, order_id: null }]);
  expect((await anna.balance()).body).toMatchObject({ currency: 'USD', available: 9200, held: 0 });
  const next = get(rental.id, `?wait=20&after=${first.last_event}`);
  await bank.sendSms({ number: rental.number, sender: 'Telegram', text: 'Telegram code: 48213' });
  expect((await next).body.messages).toMatchObject([{ code: '48213' }]);
  const inbox = await anna.call<{ data: { code: string | null }[] }>('GET', `/messages?rental_id=${rental.id}`);
  expect(inbox.body.data.map(({ code }) => code)).toEqual(['48213', null]);

  const extended = await anna.call<ApiRental>('POST', `/rentals/${rental.id}/extend`, { hours: 3, max_price: 240 });
  expect(extended.body).toMatchObject({ price: 1040 });
  expect(Date.parse(extended.body.ends_at) - Date.parse(rental.ends_at)).toBe(3 * 3_600_000);
  const patched = await anna.call<ApiRental>('PATCH', `/rentals/${rental.id}`, { name: 'QA 2', auto_extend: { max_total: 500 } });
  expect(patched.body).toMatchObject({ name: 'QA 2', auto_extend: { max_total: 500, spent: 0 } });

  const ended = await anna.call<ApiRental>('POST', `/rentals/${rental.id}/end`, { min_returned: 640 });
  // Of two days one has begun; three hours were not touched.
  expect(ended.body).toMatchObject({ status: 'ended', reason: 'ended_by_customer', price: 1040, returned: 640 });
  expect((await anna.balance()).body).toMatchObject({ currency: 'USD', available: 10_000 - 1040 + 640, held: 0 });
  const lines = await anna.call<{ data: { kind: string; rental_id: string }[] }>('GET', '/ledger');
  expect(lines.body.data.slice(0, 2)).toMatchObject([
    { kind: 'partial_refund', rental_id: rental.id },
    { kind: 'partial_refund', rental_id: rental.id },
  ]);
});

test('the same Idempotency-Key rents once; another request under it is refused', async () => {
  const headers = { 'idempotency-key': 'rent-1' };
  const first = await rent({ country: 'gb', hours: 1 }, headers);
  const second = await rent({ country: 'gb', hours: 1 }, headers);
  expect([first.status, second.status, second.body.id]).toEqual([201, 201, first.body.id]);
  expect((await rent({ country: 'gb', hours: 2 }, headers)).body).toMatchObject({ type: 'idempotency_conflict' });
  const extendKey = { 'idempotency-key': 'extend-1' };
  for (const _ of [1, 2]) await anna.call('POST', `/rentals/${first.body.id}/extend`, { hours: 1 }, extendKey);
  expect((await get(first.body.id)).body.price).toBe(160);
  // No message came: everything back.
  expect((await anna.call<ApiRental>('POST', `/rentals/${first.body.id}/end`)).body).toMatchObject({ status: 'ended', returned: 160 });
});

test.each([
  ['neither hours nor days nor weeks', { country: 'gb' }, 422, 'validation'],
  ['two of them', { country: 'gb', hours: 1, days: 1 }, 422, 'validation'],
  ['no whole number', { country: 'gb', hours: 1.5 }, 422, 'validation'],
  ['a unit that is not offered', { country: 'gb', weeks: 1 }, 422, 'validation'],
  ['a country without rates', { country: 'fr', hours: 1 }, 404, 'not_found'],
  ['a time without an offset', { country: 'gb', hours: 1, starts_at: '2030-01-01T00:00:00' }, 422, 'validation'],
  ['something unknown', { country: 'gb', hours: 1, colour: 'red' }, 422, 'validation'],
  ['a limit of nothing', { country: 'gb', hours: 1, auto_extend: { max_total: 0 } }, 422, 'validation'],
  ['more than it may cost', { country: 'gb', hours: 1, max_price: 79 }, 409, 'price_above_max'],
  ['a denied service', { country: 'gb', hours: 1, service: 'paypal' }, 403, 'service_denied'],
  ['more than there is', { country: 'gb', days: 60 }, 402, 'insufficient_balance'],
] as const)('%s is refused', async (_, body, status, type) => {
  const answer = await anna.call<Problem>('POST', '/rentals', body);
  expect([answer.status, answer.body.type]).toEqual([status, type]);
});

test('out of stock names the next free time; a booking for then is accepted, and can be canceled', async () => {
  const rented = [];
  for (let n = 0; n < 3; n++) rented.push((await rent({ country: 'gb', hours: n + 1 })).body);
  const refused = await anna.call<Problem>('POST', '/rentals', { country: 'gb', hours: 1 });
  expect(refused.body).toMatchObject({ type: 'out_of_stock', next_free_at: rented[0]?.ends_at });
  const booked = await rent({ country: 'gb', hours: 1, starts_at: refused.body.next_free_at });
  expect(booked.body).toMatchObject({ status: 'scheduled', reason: 'booked', number: rented[0]?.number ?? '' });
  expect((await anna.call<Problem>('POST', `/rentals/${booked.body.id}/extend`, { hours: 1 })).body.type).toBe('rental_not_active');
  const list = await anna.call<{ data: ApiRental[]; next_cursor: string | null }>('GET', '/rentals?status=scheduled');
  expect(list.body.data.map(({ id }) => id)).toEqual([booked.body.id]);
  expect((await anna.call('POST', `/rentals/${booked.body.id}/end`)).body).toMatchObject({ status: 'canceled', returned: 80 });
  for (const { id } of rented) await anna.call('POST', `/rentals/${id}/end`);
});

test('somebody else’s rental is not there, and a key needs the scope', async () => {
  const { body: rental } = await rent({ country: 'gb', hours: 1 });
  const bob = await customer(server, 'bob@example.org');
  for (const [method, path] of [
    ['GET', ''],
    ['POST', '/end'],
  ] as const) {
    expect((await bob.call<Problem>(method, `/rentals/${rental.id}${path}`)).status).toBe(404);
  }
  expect((await bob.call<{ data: unknown[] }>('GET', `/messages?rental_id=${rental.id}`)).body.data).toEqual([]);
  await anna.call('POST', `/rentals/${rental.id}/end`);
});

test('the API document has it all', async () => {
  const document = (await (await fetch(`${server.url}/swagger/json`)).json()) as { paths: Record<string, Record<string, unknown>> };
  const rentals = Object.entries(document.paths).flatMap(([path, methods]) =>
    /rentals|rates/.test(path) && !/share/.test(path) ? Object.keys(methods).map((method) => `${method} ${path}`) : [],
  );
  expect(rentals.toSorted()).toEqual([
    'get /api/v1/rates',
    'get /api/v1/rentals',
    'get /api/v1/rentals/{id}',
    'patch /api/v1/rentals/{id}',
    'post /api/v1/rentals',
    'post /api/v1/rentals/{id}/end',
    'post /api/v1/rentals/{id}/extend',
  ]);
});

test('rates by command: shown as JSON, one price changed, a country taken off, and what is wrong is said', async () => {
  await expectOk(server.run(['rate', 'set', 'us', '--hour', '100']));
  await expectOk(server.run(['rate', 'set', 'us', '--week', '2000']));
  const list = JSON.parse(await expectOk(server.run(['rate', 'list', '--json']))) as unknown[];
  expect(list).toEqual([
    { country: 'gb', hour: 80, day: 400, week: null, currency: 'USD' },
    { country: 'us', hour: 100, day: null, week: 2000, currency: 'USD' },
  ]);
  await expectOk(server.run(['rate', 'remove', 'us']));
  for (const [args, code, said] of [
    [['rate', 'remove', 'us'], 1, 'There are no rates for us'],
    [['rate', 'set', 'us'], 2, 'one of --hour, --day and --week is missing'],
    [['rate', 'set', 'us', '--day', 'much'], 1, '--day must be a whole number of minor units'],
    [['rate', 'set', 'us', '--day', 'none'], 1, 'Set a price for an hour, a day or a week'],
    [['rate', 'set', 'zz', '--day', '5'], 1, 'must be an ISO 3166-1 code'],
    [['rate'], 2, 'the verb must be set, list or remove'],
  ] as const) {
    const ran = await server.run([...args]);
    expect([ran.code, ran.stderr]).toEqual([code, expect.stringContaining(said)]);
  }
});

test('a server that is killed and comes back gives the time back, and the rental goes on', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'smspin-'));
  const own = await startTestBank(1);
  const config = `[modems]\nports = ["${own.pattern}"]\ndiscover = false\n[rentals]\noutage_minutes = 0\n`;
  const before = await startServer({ dir, config });
  try {
    const carl = await customer(before, 'carl@example.org');
    await expectOk(before.run(['rate', 'set', 'gb', '--hour', '80']));
    await until(
      async () => (await carl.call<{ data: { stock: number }[] }>('GET', '/rates')).body.data[0]?.stock === 1,
      'the number is free',
    );
    const { body: rental } = await carl.call<ApiRental>('POST', '/rentals', { country: 'gb', hours: 1 });
    await before.kill('SIGKILL');
    await own.sendSms({ number: rental.number, sender: 'Mum', text: 'Sent while it was down' });
    const after = await startServer({ dir, config });
    try {
      const again = new ApiClient(after.url, carl.key);
      const now = (await again.call<ApiRental & { outage_seconds: number }>('GET', `/rentals/${rental.id}?wait=20`)).body;
      expect(now).toMatchObject({ status: 'active', messages: [{ text: 'Sent while it was down' }] });
      await until(async () => {
        const { ends_at } = (await again.call<ApiRental>('GET', `/rentals/${rental.id}`)).body;
        return Date.parse(ends_at) > Date.parse(rental.ends_at);
      }, 'the end moved');
    } finally {
      await after.stop();
    }
  } finally {
    await before.stop();
    await own.stop();
    rmSync(dir, { recursive: true, force: true });
  }
});
