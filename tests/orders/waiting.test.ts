import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { connect } from 'node:net';
import { createKey } from '../../src/accounts/keys.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { type AdminHouse, adminHouse } from '../support/admin-house.ts';
import { ApiClient, until } from '../support/client.ts';
import { seededRandom } from '../support/house.ts';

setDefaultTimeout(30_000);

const WAITERS = 300;
let admin: AdminHouse;
let url: string;
let anna: string;
let key: string;

beforeAll(() => {
  admin = adminHouse();
  const { house, app } = admin;
  app.listen({ hostname: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${app.server?.port}`;
  anna = house.customer('anna@example.org', 100_000);
  key = house.write((tx) => createKey(tx, seededRandom(5), { userId: anna, name: 'test', scopes: ['orders:read', 'orders:write'] })).secret;
  house.offer('telegram', 45);
  for (let n = 1; n <= 9; n++) house.sim(n);
});
afterAll(() => admin.app.stop(true));

function order() {
  const { house, door } = admin;
  return door.write((tx) => placeOrder(tx, house.terms, { userId: anna, country: 'gb', service: 'telegram', maxPriceMinor: null }));
}

const waiting = (count: number) => until(() => admin.hub.counts.waiting === count, `${count} wait, not ${admin.hub.counts.waiting}`);

test('who gives up leaves nothing behind, however many they are', async () => {
  const { id } = await order();
  const controllers = Array.from({ length: WAITERS }, () => new AbortController());
  const gone = controllers.map(({ signal }) =>
    fetch(`${url}/api/v1/orders/${id}?wait=60`, { headers: { authorization: `Bearer ${key}` }, signal }).then(
      () => 'answered',
      () => 'gone',
    ),
  );
  // fetch opens 256 connections at once.
  await until(() => admin.hub.counts.waiting >= 200, 'they wait');
  for (const controller of controllers) controller.abort();
  expect(new Set(await Promise.all(gone))).toEqual(new Set(['gone']));
  await waiting(0);
});

test('a connection that is torn down ends its wait', async () => {
  const { id } = await order();
  const sockets = Array.from({ length: WAITERS }, () => connect(Number(new URL(url).port), '127.0.0.1'));
  for (const socket of sockets) {
    socket.on('error', () => {});
    socket.write(`GET /api/v1/orders/${id}?wait=60 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\n\r\n`);
  }
  await waiting(WAITERS);
  for (const socket of sockets) socket.destroy();
  await waiting(0);
});

test('one message wakes everybody who waits for its order, and nobody else; all see the same', async () => {
  const [mine, other] = [await order(), await order()];
  const api = new ApiClient(url, key);
  const waiters = Array.from({ length: 50 }, () => api.get(mine.id, '?wait=30'));
  const others = Array.from({ length: 10 }, () => api.get(other.id, '?wait=2'));
  await waiting(60);
  admin.house.receive({ iccid: mine.iccid, sender: 'Telegram', text: 'Telegram code: 48213' });
  admin.hub.drain();
  const answers = await Promise.all(waiters);
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect(answers[0]?.body).toMatchObject({ status: 'received', code: '48213' });
  expect(admin.hub.counts.waiting).toBe(10);
  await api.call('POST', `/orders/${other.id}/cancel`);
  for (const { body } of await Promise.all(others)) expect(body).toMatchObject({ status: 'canceled', code: null });
  await waiting(0);
});

test('codes that come one upon the other while somebody asks again and again: each is seen once, none twice, none is missed', async () => {
  const { id, iccid, lastEvent } = await order();
  const api = new ApiClient(url, key);
  const codes = Array.from({ length: 40 }, (_, n) => String(50_000 + n));
  const reader = async () => {
    const seen: string[] = [];
    let after = lastEvent;
    while (seen.length < codes.length) {
      const { body } = await api.get(id, `?wait=10&after=${after}`);
      seen.push(...body.messages.map(({ code }) => code ?? '').toReversed());
      after = body.last_event;
    }
    return seen;
  };
  const readers = [reader(), reader(), reader()];
  for (const [n, code] of codes.entries()) {
    admin.house.clock.pass(1000);
    admin.house.receive({ iccid, sender: 'Telegram', text: `Telegram code: ${code}`, ref: n % 250 });
    admin.hub.drain();
    if (n % 3 === 0) await Bun.sleep(2);
  }
  for (const seen of await Promise.all(readers)) expect(seen.toSorted()).toEqual(codes);
  await waiting(0);
});

test('who asks while the server stops is answered at once', async () => {
  const { id } = await order();
  const ask = () => fetch(`${url}/api/v1/orders/${id}?wait=60`, { headers: { authorization: `Bearer ${key}` } });
  const waits = ask();
  await waiting(1);
  admin.hub.close();
  for (const answer of [await waits, await ask()]) expect(await answer.json()).toMatchObject({ id, status: 'pending' });
  expect(admin.hub.counts.waiting).toBe(0);
});
