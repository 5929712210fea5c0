import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { startTestBank, type TestBank } from '../support/bank.ts';
import { ApiClient, type ApiOrder, customer, expectOk, until, untilStock } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';

setDefaultTimeout(60_000);

let bank: TestBank;
let server: Server;
let anna: ApiClient;

interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  request_id: string;
  errors?: { field: string; message: string }[];
}

beforeAll(async () => {
  bank = await startTestBank(8);
  server = await startServer({ config: `[modems]\nports = ["${bank.pattern}"]\ndiscover = false\n[orders]\nquarantine_minutes = 0\n` });
  anna = await customer(server, 'anna@example.org');
  for (const service of ['telegram', 'google', 'whatsapp', 'any'])
    await expectOk(server.run(['offer', 'set', 'gb', service, '--price', '45']));
  await untilStock(anna, 'gb', 'telegram', 2);
});

afterAll(async () => {
  await server.stop();
  await bank.stop();
});

test('order, SMS on the line, code in the waiting request, balance captured', async () => {
  const { status, body: order } = await anna.order('gb', 'telegram');
  expect(status).toBe(201);
  expect(order).toMatchObject({
    status: 'pending',
    reason: 'ordered',
    country: 'gb',
    service: 'telegram',
    price: 45,
    currency: 'USD',
    code: null,
    messages: [],
  });
  expect(order.number).toMatch(/^\+447700900\d{3}$/);
  expect(Date.parse(order.expires_at) - Date.parse(order.created_at)).toBe(20 * 60_000);
  expect((await anna.balance()).body).toMatchObject({ currency: 'USD', available: 9955, held: 45 });

  const waiting = anna.get(order.id, '?wait=20');
  expect(await bank.sendSms({ number: order.number, sender: 'Telegram', text: 'Telegram code: 48213' })).toMatchObject({ ok: true });
  const { body: received } = await waiting;
  expect(received).toMatchObject({ status: 'received', reason: 'code_received', code: '48213' });
  expect(received.messages).toMatchObject([{ sender: 'Telegram', text: 'Telegram code: 48213', code: '48213' }]);
  expect((await anna.balance()).body).toMatchObject({ currency: 'USD', available: 9955, held: 0 });

  const next = anna.get(order.id, `?wait=20&after=${received.last_event}`);
  await bank.sendSms({ number: order.number, sender: 'Telegram', text: 'Telegram code: 99110' });
  expect((await next).body).toMatchObject({ code: '99110', messages: [{ code: '99110' }] });
  const messages = await anna.call<{ data: { code: string; order_id: string }[] }>('GET', `/messages?order_id=${order.id}`);
  expect(messages.body.data.map((message) => message.code)).toEqual(['99110', '48213']);

  expect((await anna.call<ApiOrder>('POST', `/orders/${order.id}/finish`)).body).toMatchObject({
    status: 'finished',
    reason: 'finished_by_customer',
  });
  await until(async () => (await bank.list()).every((sim) => sim.messages.length === 0), 'every message is deleted on the modems');
});

test('with `after`, what was seen already is not shown again, and an unknown event is refused', async () => {
  const { body: order } = await anna.order('gb', 'google');
  await bank.sendSms({ number: order.number, sender: 'Google', text: 'G-482913 is your Google verification code.' });
  const { body: received } = await anna.get(order.id, '?wait=20');
  expect(received.code).toBe('482913');
  expect((await anna.get(order.id, `?after=${received.last_event}`)).body).toMatchObject({ status: 'received', code: null, messages: [] });
  expect((await anna.get(order.id, `?after=${order.last_event}`)).body).toMatchObject({ code: '482913' });
  expect((await anna.get(order.id, '?after=evt_nobody')).status).toBe(422);
});

test('an order is cheap to poll: the ETag answers 304 until something happens', async () => {
  const { body: order } = await anna.order('gb', 'whatsapp');
  const first = await anna.get(order.id);
  const etag = first.headers.get('etag') ?? '';
  const poll = () => anna.call<ApiOrder>('GET', `/orders/${order.id}`, undefined, { 'if-none-match': etag });
  expect(await poll()).toMatchObject({ status: 304, body: null });
  await anna.call('POST', `/orders/${order.id}/cancel`);
  expect(await poll()).toMatchObject({ status: 200, body: { status: 'canceled' } });
});

test('the same Idempotency-Key orders once, and another request under it is refused', async () => {
  const before = (await anna.balance()).body.available;
  const headers = { 'idempotency-key': 'retry-1' };
  const answers = await Promise.all([1, 2, 3].map(() => anna.order('gb', 'whatsapp', {}, headers)));
  expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201]);
  expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
  expect((await anna.balance()).body.available).toBe(before - 45);
  const other = await anna.call<Problem>('POST', '/orders', { country: 'gb', service: 'any' }, headers);
  expect(other).toMatchObject({ status: 409, body: { type: 'idempotency_conflict' } });
  await anna.call('POST', `/orders/${answers[0]?.body.id}/cancel`);
});

test('two at once never get the same SIM for the same service; the third gets out_of_stock', async () => {
  const bob = await customer(server, 'bob@example.org');
  await untilStock(anna, 'gb', 'whatsapp', 2);
  const answers = await Promise.all([anna.order('gb', 'whatsapp'), bob.order('gb', 'whatsapp'), anna.order('gb', 'whatsapp')]);
  const placed = answers.filter((answer) => answer.status === 201).map((answer) => answer.body.number);
  expect(new Set(placed).size).toBe(2);
  const declined = answers.filter((answer) => answer.status !== 201);
  expect(declined).toMatchObject([{ status: 409, body: { type: 'out_of_stock' } }]);
  const own = await bob.call<{ data: ApiOrder[] }>('GET', '/orders?status=pending');
  expect(own.body.data).toHaveLength(1);
  for (const [client, answer] of [
    [anna, answers[0]],
    [bob, answers[1]],
    [anna, answers[2]],
  ] as const) {
    if (answer?.status === 201) await client.call('POST', `/orders/${answer.body.id}/cancel`);
  }
});

test('lists go page by page and stay in order', async () => {
  const all = await anna.call<{ data: ApiOrder[] }>('GET', '/orders?limit=200');
  const ids: string[] = [];
  let cursor = '';
  do {
    const { body } = await anna.call<{ data: ApiOrder[]; next_cursor: string | null }>('GET', `/orders?limit=2${cursor}`);
    expect(body.data.length).toBeLessThanOrEqual(2);
    ids.push(...body.data.map((order) => order.id));
    cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
  } while (cursor !== '');
  expect(ids).toEqual(all.body.data.map((order) => order.id));
  expect(ids.length).toBeGreaterThan(3);
});

test('money moves are in the ledger, and sum up to the balance', async () => {
  const { body } = await anna.call<{ data: { available: number; held: number; kind: string }[] }>('GET', '/ledger?limit=200');
  const balance = (await anna.balance()).body;
  expect(body.data.reduce((sum, line) => sum + line.available, 0)).toBe(balance.available);
  expect(body.data.reduce((sum, line) => sum + line.held, 0)).toBe(balance.held);
});

const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => () =>
  anna.call<Problem>(method, path, body, headers);
const bad = (key: string) => () => new ApiClient(server.url, key).call<Problem>('GET', '/balance');

test.each([
  ['no key', 401, 'unauthorized', bad('')],
  ['a wrong key', 401, 'unauthorized', bad('smspin_00000000000000000000000000000000')],
  ['an upper-case country', 422, 'validation', call('POST', '/orders', { country: 'GB', service: 'telegram' })],
  ['a number for a service', 422, 'validation', call('POST', '/orders', { country: 'gb', service: 5 })],
  ['an unknown field', 422, 'validation', call('POST', '/orders', { country: 'gb', service: 'telegram', maxprice: 5 })],
  ['a maximum price of zero', 409, 'price_above_max', call('POST', '/orders', { country: 'gb', service: 'telegram', max_price: 0 })],
  ['a price above the maximum', 409, 'price_above_max', call('POST', '/orders', { country: 'gb', service: 'telegram', max_price: 44 })],
  ['a service without an offer', 404, 'not_found', call('POST', '/orders', { country: 'gb', service: 'nothing' })],
  ['broken JSON', 400, 'malformed', call('POST', '/orders', '{"country":')],
  ['a body that is no object', 422, 'validation', call('POST', '/orders', '[]')],
  ['an unknown order', 404, 'not_found', call('GET', '/orders/ord_nobody')],
  ['a wait that is too long', 422, 'validation', call('GET', '/orders/ord_nobody?wait=61')],
  ['a wait that is no number', 422, 'validation', call('GET', '/orders/ord_nobody?wait=soon')],
  ['an unknown status', 422, 'validation', call('GET', '/orders?status=lost')],
  [
    'an Idempotency-Key with spaces',
    422,
    'validation',
    call('POST', '/orders', { country: 'gb', service: 'telegram' }, { 'idempotency-key': 'a b' }),
  ],
  ['an unknown address', 404, 'not_found', call('GET', '/nothing')],
] as const)('%s is refused as %i %s', async (_, status, type, attempt) => {
  const before = (await anna.balance()).body;
  const answer = await attempt();
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body).toMatchObject({ type, status });
  expect(answer.body.title.length).toBeGreaterThan(5);
  expect(answer.body.detail.length).toBeGreaterThan(5);
  expect((await anna.balance()).body).toEqual(before);
});

test('a key without the scope may not; what was sent is never repeated in an error', async () => {
  const key = await expectOk(server.run(['key', 'create', 'anna@example.org', '--scopes', 'orders:read', '--name', 'reader']));
  const reader = new ApiClient(server.url, key.trim());
  expect((await reader.call<Problem>('GET', '/orders')).status).toBe(200);
  expect(await reader.call<Problem>('POST', '/orders', { country: 'gb', service: 'telegram' })).toMatchObject({
    status: 403,
    body: { type: 'forbidden' },
  });
  const answer = await anna.call<Problem>('POST', '/orders', { country: 'hunter2', service: 'hunter2 hunter2', max_price: 'hunter2' });
  expect(answer.status).toBe(422);
  expect(JSON.stringify(answer.body)).not.toContain('hunter2');
  expect(answer.body.errors?.map((error) => error.field).toSorted()).toEqual(['country', 'max_price', 'service']);
});

test('insufficient balance is 402 and leaves no trace', async () => {
  const poor = await customer(server, 'poor@example.org', 44);
  expect(await poor.call<Problem>('POST', '/orders', { country: 'gb', service: 'telegram' })).toMatchObject({
    status: 402,
    body: { type: 'insufficient_balance', price: 45, available: 44 },
  });
  expect((await poor.call<{ data: unknown[] }>('GET', '/orders')).body.data).toEqual([]);
  expect((await poor.balance()).body).toMatchObject({ currency: 'USD', available: 44, held: 0 });
});

test("one customer sees nothing of another's", async () => {
  const eve = await customer(server, 'eve@example.org');
  const { body: order } = await anna.order('gb', 'google');
  for (const [method, path] of [
    ['GET', ''],
    ['POST', '/cancel'],
    ['POST', '/finish'],
    ['POST', '/report'],
    ['GET', '/reuse'],
    ['POST', '/reuse'],
    ['POST', '/extend'],
    ['POST', '/another'],
  ] as const) {
    expect((await eve.call(method, `/orders/${order.id}${path}`)).status).toBe(404);
  }
  expect((await eve.get(order.id, `?after=${order.last_event}`)).status).not.toBe(200);
  expect((await eve.call<{ data: unknown[] }>('GET', '/messages')).body.data).toEqual([]);
  await anna.call('POST', `/orders/${order.id}/cancel`);
});

test('a command beside the server wakes what waits in it', async () => {
  await expectOk(server.run(['user', 'credit', 'anna@example.org', '100', '--reference', 'T-77']));
  const before = (await anna.balance()).body.available;
  expect(await expectOk(server.run(['user', 'credit', 'anna@example.org', '100', '--reference', 'T-77']))).toContain('already credited');
  expect((await anna.balance()).body.available).toBe(before);
});

test('the API document describes every call with schemas of its own, and the page of it asks nobody else', async () => {
  const document = (await (await fetch(`${server.url}/swagger/json`)).json()) as {
    paths: Record<string, Record<string, { summary?: string; security?: unknown; requestBody?: { content: Record<string, unknown> } }>>;
  };
  const api = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(api.toSorted()).toEqual([
    'DELETE /api/v1/alarms/{id}/acknowledge',
    'DELETE /api/v1/exports/{id}',
    'DELETE /api/v1/keys/{id}',
    'DELETE /api/v1/messages/{id}/report',
    'DELETE /api/v1/rentals/{id}/shares/{share}',
    'DELETE /api/v1/shared-rentals/{id}',
    'DELETE /api/v1/waiting/{id}',
    'DELETE /api/v1/webhooks/{id}',
    'GET /api/v1/alarms',
    'GET /api/v1/alarms/{id}',
    'GET /api/v1/balance',
    'GET /api/v1/exports',
    'GET /api/v1/exports/{id}',
    'GET /api/v1/keys',
    'GET /api/v1/ledger',
    'GET /api/v1/messages',
    'GET /api/v1/offers',
    'GET /api/v1/orders',
    'GET /api/v1/orders/{id}',
    'GET /api/v1/orders/{id}/evidence',
    'GET /api/v1/orders/{id}/reuse',
    'GET /api/v1/orders/{id}/timeline',
    'GET /api/v1/rates',
    'GET /api/v1/rentals',
    'GET /api/v1/rentals/{id}',
    'GET /api/v1/rentals/{id}/shares',
    'GET /api/v1/shared-rentals',
    'GET /api/v1/shared-rentals/{id}/messages',
    'GET /api/v1/waiting',
    'GET /api/v1/waiting/{id}',
    'GET /api/v1/webhooks',
    'GET /api/v1/webhooks/deliveries/{id}',
    'GET /api/v1/webhooks/{id}',
    'GET /api/v1/webhooks/{id}/deliveries',
    'PATCH /api/v1/orders/{id}',
    'PATCH /api/v1/rentals/{id}',
    'PATCH /api/v1/webhooks/{id}',
    'POST /api/v1/alarms/{id}/acknowledge',
    'POST /api/v1/balance/vouchers',
    'POST /api/v1/exports',
    'POST /api/v1/exports/{id}/cancel',
    'POST /api/v1/keys',
    'POST /api/v1/messages/{id}/report',
    'POST /api/v1/orders',
    'POST /api/v1/orders/{id}/another',
    'POST /api/v1/orders/{id}/cancel',
    'POST /api/v1/orders/{id}/extend',
    'POST /api/v1/orders/{id}/finish',
    'POST /api/v1/orders/{id}/report',
    'POST /api/v1/orders/{id}/reuse',
    'POST /api/v1/rentals',
    'POST /api/v1/rentals/{id}/end',
    'POST /api/v1/rentals/{id}/extend',
    'POST /api/v1/rentals/{id}/shares',
    'POST /api/v1/stream/tickets',
    'POST /api/v1/waiting',
    'POST /api/v1/waiting/{id}/rejoin',
    'POST /api/v1/webhooks',
    'POST /api/v1/webhooks/deliveries/{id}/replay',
    'POST /api/v1/webhooks/{id}/replay',
    'POST /api/v1/webhooks/{id}/rotate',
    'POST /api/v1/webhooks/{id}/test',
  ]);
  const body = document.paths['/api/v1/orders']?.['post']?.requestBody?.content;
  expect(body).toEqual({
    'application/json': {
      example: { country: 'gb', service: 'telegram', max_price: 100, note: 'Test account 7', tags: ['qa', 'signup'] },
      schema: {
        type: 'object',
        additionalProperties: false,
        required: ['service'],
        properties: {
          country: expect.objectContaining({ type: 'string', examples: ['gb'] }),
          service: expect.objectContaining({ type: 'string', examples: ['telegram'] }),
          carrier: expect.objectContaining({ type: 'string' }),
          pick: expect.objectContaining({ enum: ['cheapest', 'best_delivery'] }),
          max_price: expect.objectContaining({ type: 'integer', minimum: 0 }),
          count: expect.objectContaining({ type: 'integer', minimum: 1, maximum: 50 }),
          fill: expect.objectContaining({ enum: ['all', 'available'] }),
          note: expect.objectContaining({ type: 'string' }),
          tags: expect.objectContaining({ type: 'array' }),
        },
      },
    },
  });
  expect(JSON.stringify(document)).not.toMatch(/\$ark|"const"|"\$schema"/);
  expect(JSON.stringify(document).length).toBeLessThan(200_000);
  expect(JSON.parse(await expectOk(server.run(['openapi'])))).toEqual(document);
  const page = await (await fetch(`${server.url}/swagger`)).text();
  expect([...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]).every((address) => address?.startsWith('/'))).toBe(true);
});
