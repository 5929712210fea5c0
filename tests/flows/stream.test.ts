import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { request } from 'node:http';
import { startTestBank, type TestBank } from '../support/bank.ts';
import { type ApiClient, customer, expectOk, until, untilStock } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';

setDefaultTimeout(60_000);

interface Frame {
  id: string;
  type: string;
  created_at: string;
  data: { code?: string | null; id?: string };
}

let bank: TestBank;
let server: Server;
let anna: ApiClient;
let key: string;

beforeAll(async () => {
  bank = await startTestBank(8);
  server = await startServer({ config: `[modems]\nports = ["${bank.pattern}"]\ndiscover = false\n[orders]\nquarantine_minutes = 0\n` });
  anna = await customer(server, 'anna@example.org');
  key = (await expectOk(server.run(['key', 'create', 'anna@example.org']))).trim();
  await expectOk(server.run(['offer', 'set', 'gb', 'telegram', '--price', '45']));
  await untilStock(anna, 'gb', 'telegram', 2);
});

afterAll(async () => {
  await server.stop();
  await bank.stop();
});

interface Stream {
  frames: Frame[];
  socket: WebSocket;
  /** Resolves with its code when the socket is closed. */
  closed: Promise<number>;
}

async function stream(query: string, headers: Record<string, string> = { authorization: `Bearer ${key}` }): Promise<Stream> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/stream${query}`, { headers });
  const frames: Frame[] = [];
  socket.onmessage = ({ data }) => void frames.push(JSON.parse(String(data)));
  const closed = new Promise<number>((resolve) => {
    socket.onclose = ({ code }) => resolve(code);
  });
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error('refused'));
  });
  return { frames, socket, closed };
}

test('an order and its code come as events, the same by bearer and by ticket, and again after a reconnect', async () => {
  const bearer = await stream('');
  const { status, body } = await anna.call<{ ticket: string; expires_at: string }>('POST', '/stream/tickets');
  expect(status).toBe(201);
  const ticket = await stream(`?ticket=${body.ticket}`, {});
  const { body: order } = await anna.order('gb', 'telegram');
  await bank.sendSms({ number: order.number, sender: 'Telegram', text: 'Telegram code: 48213' });
  // What the order cost is told behind its code.
  await until(() => bearer.frames.length === 4, 'the code on the stream');
  expect(bearer.frames.map(({ type }) => type).sort()).toEqual(['balance.changed', 'balance.changed', 'order.created', 'order.received']);
  const received = bearer.frames.find(({ type }) => type === 'order.received');
  expect(received?.data).toMatchObject({ id: order.id, code: '48213', last_event: received?.id });
  await until(() => ticket.frames.length === 4, 'the same by ticket');
  expect(ticket.frames).toEqual(bearer.frames);
  expect((await anna.get(order.id)).body.last_event).toBe(received?.id ?? '');

  const again = await stream(`?after=${bearer.frames[0]?.id}`);
  await until(() => again.frames.length === 3, 'the rest again');
  expect(again.frames).toEqual(bearer.frames.slice(1));
  for (const { socket } of [bearer, ticket, again]) socket.close();
});

test('a ticket is good once, a socket needs a key, and an unknown event is said to be none', async () => {
  const { body } = await anna.call<{ ticket: string }>('POST', '/stream/tickets');
  const first = await stream(`?ticket=${body.ticket}`, {});
  first.socket.close();
  await expect(stream(`?ticket=${body.ticket}`, {})).rejects.toThrow('refused');
  await expect(stream('', {})).rejects.toThrow('refused');
  await expect(stream('', { authorization: 'Bearer smspin_nobody' })).rejects.toThrow('refused');
  await expect(stream('', { authorization: `Bearer ${key}`, origin: 'https://elsewhere.example' })).rejects.toThrow('refused');
  const lost = await stream('?after=evt_unknown');
  expect(await lost.closed).toBe(4410);
  const weak = (await expectOk(server.run(['key', 'create', 'anna@example.org', '--scopes', 'offers:read']))).trim();
  await expect(stream('', { authorization: `Bearer ${weak}` })).rejects.toThrow('refused');
});

test('a stream without after says where it begins, by header and by ticket', async () => {
  const ben = await customer(server, 'ben@example.org');
  const benKey = (await expectOk(server.run(['key', 'create', 'ben@example.org']))).trim();
  expect(await placeOf('', benKey)).toMatch(/^evt_|^start$/);
  const { body: order } = await ben.order('gb', 'telegram');
  const { body } = await ben.call<{ ticket: string; last_event: string }>('POST', '/stream/tickets');
  expect(await placeOf('', benKey)).toBe(body.last_event);
  expect(await placeOf(`?after=${body.last_event}`, benKey)).toBeNull();
  expect((await ben.call('POST', `/orders/${order.id}/cancel`)).status).toBe(200);
  const resumed = await stream(`?ticket=${body.ticket}&after=${body.last_event}`, {});
  await until(() => resumed.frames.some(({ type }) => type === 'order.canceled'), 'what happened in between');
  const all = await stream('?after=start', { authorization: `Bearer ${benKey}` });
  await until(() => all.frames.some(({ type }) => type === 'order.canceled'), 'everything');
  expect(all.frames.some(({ type }) => type === 'order.created')).toBe(true);
  for (const { socket } of [resumed, all]) socket.close();
});

/** `x-smspin-last-event` of the upgrade answer, which a WebSocket's script is not shown. */
function placeOf(query: string, secret: string): Promise<string | null> {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  return new Promise((resolve, reject) => {
    const asked = request(`${server.url}/api/v1/stream${query}`, { headers: { ...headers, authorization: `Bearer ${secret}` } });
    asked.on('upgrade', (answer, wire) => {
      wire.destroy();
      resolve(String(answer.headers['x-smspin-last-event'] ?? '') || null);
    });
    asked.on('response', ({ statusCode }) => reject(new Error(`refused with ${statusCode}`)));
    asked.on('error', reject);
    asked.end();
  });
}

test('without an upgrade the address says what it is', async () => {
  const { status, body } = await anna.call<{ detail: string }>('GET', '/stream');
  expect(status).toBe(426);
  expect(body.detail).toContain('WebSocket');
});

test('a heartbeat comes only where it was asked for', async () => {
  const silent = await stream('');
  const beating = await stream('?heartbeat=1');
  await until(() => beating.frames.length > 0, 'a heartbeat', 20_000);
  expect(beating.frames[0]).toMatchObject({ type: 'heartbeat' });
  expect(silent.frames).toEqual([]);
  silent.socket.close();
  beating.socket.close();
});
