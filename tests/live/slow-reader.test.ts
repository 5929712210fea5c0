import { afterAll, beforeAll, expect, test } from 'bun:test';
import { connect } from 'node:net';
import { Elysia } from 'elysia';
import { apiAccess } from '../../src/accounts/api-access.ts';
import { guard as makeGuard } from '../../src/accounts/guard.ts';
import { createKey, SCOPES } from '../../src/accounts/keys.ts';
import { appendEvent } from '../../src/db/events.ts';
import { openDoor } from '../../src/db/write.ts';
import { noPushes } from '../../src/evidence/pushes.ts';
import { silentLog } from '../../src/lib/log.ts';
import { openHub } from '../../src/live/hub.ts';
import { streamRoutes } from '../../src/live/routes.ts';
import { makeChecker } from '../../src/status/checker.ts';
import { until } from '../support/client.ts';
import { makeHouse, seededRandom } from '../support/house.ts';

const house = makeHouse();
const { db, clock } = house;
const hub = openHub(db, silentLog);
const random = seededRandom(5);
const anna = house.customer('anna@example.org', 0);
const { secret: key } = house.write((tx) => createKey(tx, random, { userId: anna, name: 'test', scopes: SCOPES }));
const access = apiAccess({ db, door: openDoor(db, clock.nowMs, silentLog), clock, log: silentLog, requestsPerMinute: 0 });
const guard = makeGuard({ db, access, nowMs: clock.nowMs, checker: makeChecker(random) });
const app = new Elysia({ websocket: { backpressureLimit: 4 * 1024 * 1024 } }).use(
  streamRoutes({ db, hub, clock, random, guard, access, pushes: noPushes }),
);
let port = 0;
let made = 0;

function happen(count: number, octets: number): void {
  house.write((tx) => {
    for (let i = 0; i < count; i++)
      appendEvent(tx, { id: `evt_${made++}`, type: 'order.received', userId: anna, orderId: null, data: 'x'.repeat(octets) });
  });
  hub.drain();
}

beforeAll(() => {
  app.listen({ port: 0, hostname: '127.0.0.1' });
  port = app.server?.port ?? 0;
});
afterAll(() => app.stop(true));

/** Speaks just enough of RFC 6455 to be let in, then reads only when told to. */
function lazyReader(query: string) {
  const head = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
  const lines = [`GET /api/v1/stream${query} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...head, `Authorization: Bearer ${key}`];
  const chunks: Buffer[] = [];
  const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
  socket.pause();
  socket.on('error', () => {});
  return { socket, read: () => socket.on('data', (chunk: Buffer) => chunks.push(chunk)).resume(), octets: () => Buffer.concat(chunks) };
}

test('a reader that takes nothing is cut with its code, and costs the others nothing', async () => {
  const lazy = lazyReader('');
  const frames: string[] = [];
  const quick = new WebSocket(`ws://127.0.0.1:${port}/api/v1/stream`, { headers: { authorization: `Bearer ${key}` } });
  quick.onmessage = ({ data }) => void frames.push(JSON.parse(String(data)).id);
  await new Promise((resolve) => {
    quick.onopen = resolve;
  });
  await Bun.sleep(100);
  for (let i = 0; i < 200; i++) {
    happen(1, 100_000);
    await Bun.sleep(2);
  }
  await until(() => frames.length === 200, 'every event at the reader that reads');
  lazy.read();
  await until(() => lazy.octets().includes(Buffer.from('too slow')), 'the close frame');
  const octets = lazy.octets();
  // A close frame is 88, its length, then the code: 4408 is 11 38.
  expect(octets.subarray(octets.lastIndexOf(0x88) + 2, octets.lastIndexOf(0x88) + 4).readUInt16BE()).toBe(4408);
  expect(octets.length).toBeLessThan(200 * 100_000);
  quick.close();
  lazy.socket.destroy();
});

test('a long replay waits for its reader instead of cutting it', async () => {
  const first = `evt_${made}`;
  happen(300, 100_000);
  const lazy = lazyReader(`?after=${first}`);
  await Bun.sleep(300);
  lazy.read();
  const last = Buffer.from(`"evt_${made - 1}"`);
  await until(() => lazy.octets().includes(last), 'the last event');
  const ids = [
    ...lazy
      .octets()
      .toString('latin1')
      .matchAll(/\{"id":"evt_(\d+)"/g),
  ].map(([, n]) => Number(n));
  expect(ids).toEqual(Array.from({ length: 299 }, (_, i) => made - 299 + i));
  lazy.socket.destroy();
});
