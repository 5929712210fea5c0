import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { startTestBank, type TestBank } from '../support/bank.ts';
import { type ApiClient, type ApiOrder, customer, expectOk, until, untilStock } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';

setDefaultTimeout(60_000);

interface Extras extends ApiOrder {
  note: string | null;
  tags: string[];
  cancelable_at: string | null;
  awaiting_more: boolean;
  extended_seconds: number;
  outage_seconds: number;
  report: { reason: string; text: string | null } | null;
}

interface Batch {
  data: Extras[];
  requested: number;
  got: number;
}

let bank: TestBank;
let server: Server;
let anna: ApiClient;

beforeAll(async () => {
  bank = await startTestBank(16);
  const orders = '[orders]\nquarantine_minutes = 0\nextend_minutes = 5\n';
  server = await startServer({ config: `[modems]\nports = ["${bank.pattern}"]\ndiscover = false\n${orders}` });
  anna = await customer(server, 'anna@example.org');
  for (const service of ['telegram', 'google', 'whatsapp', 'discord'])
    await expectOk(server.run(['offer', 'set', 'gb', service, '--price', '45']));
  await untilStock(anna, 'gb', 'telegram', 4);
});

afterAll(async () => {
  await server.stop();
  await bank.stop();
});

const stock = async (service: string) =>
  (await anna.call<{ data: { stock: number }[] }>('GET', `/offers?country=gb&service=${service}`)).body.data[0]?.stock ?? 0;
const many = (more: object, headers = {}) => anna.call<Batch>('POST', '/orders', { country: 'gb', service: 'whatsapp', ...more }, headers);
const cancelAll = async (orders: readonly { id: string }[]) => {
  for (const { id } of orders) await anna.call('POST', `/orders/${id}/cancel`);
};

test('several at once: all of them under one Idempotency-Key, none, or as many as there are', async () => {
  const free = await stock('whatsapp');
  const before = (await anna.balance()).body.available;
  const headers = { 'idempotency-key': 'many-1' };
  const [first, again] = await Promise.all([many({ count: 2 }, headers), many({ count: 2 }, headers)]);
  expect([first.status, first.body.requested, first.body.got, first.body.data.length]).toEqual([201, 2, 2, 2]);
  expect(again.body).toEqual(first.body);
  expect(new Set(first.body.data.map(({ number }) => number)).size).toBe(2);
  expect((await anna.balance()).body.available).toBe(before - 90);
  expect((await many({ count: 3 }, headers)).body).toMatchObject({ type: 'idempotency_conflict' });
  expect(await many({ count: 50 })).toMatchObject({ status: 409, body: { type: 'out_of_stock', requested: 50, possible: free - 2 } });
  expect((await anna.balance()).body.available).toBe(before - 90);
  const rest = await many({ count: 50, fill: 'available' });
  expect(rest).toMatchObject({ status: 201, body: { requested: 50, got: free - 2 } });
  expect((await many({ count: 1 })).body).toMatchObject({ type: 'out_of_stock' });
  await cancelAll([...first.body.data, ...rest.body.data]);
  expect((await anna.balance()).body.available).toBe(before);
});

test.each([
  ['none', { count: 0 }],
  ['too many', { count: 51 }],
  ['half a number', { count: 1.5 }],
  ['fill alone', { fill: 'available' }],
  ['an unknown fill', { count: 2, fill: 'some' }],
  ['a long note', { note: 'x'.repeat(201) }],
  ['a bad tag', { tags: ['QA'] }],
])('%s is refused as 422', async (_, body) => {
  expect(await many(body)).toMatchObject({ status: 422, body: { type: 'validation' } });
});

test('note and tags are given with the order, changed, filtered by, and seen through the ETag', async () => {
  const { body: order } = await anna.call<Extras>('POST', '/orders', { country: 'gb', service: 'google', note: 'n1', tags: ['qa'] });
  expect(order).toMatchObject({ note: 'n1', tags: ['qa'], report: null, awaiting_more: false, extended_seconds: 0, outage_seconds: 0 });
  expect(order.cancelable_at).toBe(order.created_at);
  const etag = (await anna.get(order.id)).headers.get('etag') ?? '';
  expect((await anna.call<Extras>('PATCH', `/orders/${order.id}`, { tags: ['x-1', 'a_b'] })).body).toMatchObject({
    note: 'n1',
    tags: ['a_b', 'x-1'],
  });
  expect((await anna.call('GET', `/orders/${order.id}`, undefined, { 'if-none-match': etag })).status).toBe(200);
  const tagged = async (tag: string) => (await anna.call<{ data: Extras[] }>('GET', `/orders?tag=${tag}`)).body.data.map(({ id }) => id);
  expect(await tagged('x-1')).toEqual([order.id]);
  expect(await tagged('qa')).toEqual([]);
  expect((await anna.call('PATCH', `/orders/${order.id}`, { color: 'red' })).status).toBe(422);
  expect((await anna.call<Extras>('PATCH', `/orders/${order.id}`, { note: null })).body.note).toBeNull();
  const eve = await customer(server, 'eve@example.org');
  expect((await eve.call('PATCH', `/orders/${order.id}`, { note: 'mine' })).status).toBe(404);
  await cancelAll([order]);
});

test('extend once; ask for another code and get it by waiting; reuse at the quoted price', async () => {
  const { body: order } = await anna.order('gb', 'google');
  const longer = await anna.call<Extras>('POST', `/orders/${order.id}/extend`);
  expect(longer.body.extended_seconds).toBe(300);
  expect(Date.parse(longer.body.expires_at) - Date.parse(order.expires_at)).toBe(300_000);
  expect(await anna.call('POST', `/orders/${order.id}/extend`)).toMatchObject({
    status: 409,
    body: { type: 'cannot_extend', why: 'already_extended' },
  });
  expect((await anna.call('POST', `/orders/${order.id}/another`)).body).toMatchObject({ type: 'order_not_received' });
  await bank.sendSms({ number: order.number, sender: 'Google', text: 'G-111111 is your Google verification code.' });
  await anna.get(order.id, '?wait=20');
  const asked = await anna.call<Extras>('POST', `/orders/${order.id}/another`);
  expect(asked.body).toMatchObject({ awaiting_more: true, code: '111111' });
  const waiting = anna.get(order.id, `?wait=20&after=${asked.body.last_event}`);
  await bank.sendSms({ number: order.number, sender: 'Google', text: 'G-222222 is your Google verification code.' });
  expect((await waiting).body).toMatchObject({ awaiting_more: false, code: '222222' });
  const quote = () => anna.call<{ price: number; available: boolean; why_not: string | null }>('GET', `/orders/${order.id}/reuse`);
  expect((await quote()).body).toMatchObject({ available: false, why_not: 'order_still_open' });
  await anna.call('POST', `/orders/${order.id}/finish`);
  expect((await quote()).body).toMatchObject({ available: true, why_not: null, price: 45 });
  await expectOk(server.run(['offer', 'set', 'gb', 'google', '--price', '60']));
  expect((await anna.call('POST', `/orders/${order.id}/reuse`, { max_price: 45 })).body).toMatchObject({
    type: 'price_above_max',
    price: 60,
  });
  const again = await anna.call<Extras>('POST', `/orders/${order.id}/reuse`, { max_price: 60 });
  expect(again).toMatchObject({ status: 201, body: { number: order.number, price: 60 } });
  await cancelAll([again.body]);
  const { body: timeline } = await anna.call<{ entries: { text: string }[] }>('GET', `/orders/${order.id}/timeline`);
  const told = timeline.entries.map(({ text }) => text);
  expect(told).toContain('The window was extended by 300 s, as you asked.');
  expect(told).toContain('You asked the service for another code.');
});

test('a reported number is out of stock for its service alone; a report without a body is one for another reason', async () => {
  const before = await stock('discord');
  const { body: order } = await anna.order('gb', 'discord');
  expect((await anna.call('POST', `/orders/${order.id}/report`, { reason: 'ugly' })).status).toBe(422);
  const reported = await anna.call<Extras>('POST', `/orders/${order.id}/report`, { reason: 'number_unusable', text: 'banned' });
  expect(reported.body).toMatchObject({
    ...{ status: 'reported', reason: 'reported_by_customer', cancelable_at: null },
    report: { reason: 'number_unusable', text: 'banned' },
  });
  expect(await stock('discord')).toBe(before - 1);
  const { body: plain } = await anna.order('gb', 'discord');
  expect(plain.number).not.toBe(order.number);
  expect((await anna.call<Extras>('POST', `/orders/${plain.id}/report`)).body.report).toEqual({ reason: 'other', text: null });
  expect(await stock('discord')).toBe(before - 1);
});

test('longer windows, awaited codes and labels are told in the stream', async () => {
  const { body: order } = await anna.order('gb', 'whatsapp');
  const { body: made } = await anna.call<{ ticket: string }>('POST', '/stream/tickets');
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/stream?ticket=${made.ticket}&after=${order.last_event}`);
  const events: { type: string; data: Extras }[] = [];
  socket.onmessage = ({ data }) => void events.push(JSON.parse(String(data)));
  await anna.call('POST', `/orders/${order.id}/extend`);
  await anna.call('PATCH', `/orders/${order.id}`, { tags: ['told'] });
  const seen = (type: string) => events.find((event) => event.type === type)?.data;
  await until(() => seen('order.noted') !== undefined, 'both events came');
  expect(seen('order.extended')).toMatchObject({ id: order.id, extended_seconds: 300 });
  expect(seen('order.noted')).toMatchObject({ id: order.id, tags: ['told'] });
  socket.close();
  await cancelAll([order]);
});
