import { describe, expect, test } from 'bun:test';
import { openDoor } from '../../src/db/write.ts';
import { openPushes } from '../../src/evidence/pushes.ts';
import { timelineOf } from '../../src/evidence/timeline.ts';
import { silentLog } from '../../src/lib/log.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { findOrder, type Order } from '../../src/orders/view.ts';
import { queueDelivery, recordAttempt } from '../../src/outbox/deliveries.ts';
import { type House, makeHouse, START_MS } from '../support/house.ts';

/** An order that got its code in two parts, ten seconds after it was placed. */
function scene(): { house: House; order: Order; received: string } {
  const house = makeHouse();
  const anna = house.customer('anna@example.org');
  house.offer('telegram', 45);
  const iccid = house.sim(1);
  const placed = house.write((tx) =>
    placeOrder(tx, house.terms, { userId: anna, country: 'gb', service: 'telegram', maxPriceMinor: null }),
  );
  const text = `Telegram code: 48213. ${'Do not give it to anybody. '.repeat(8)}`;
  const sms = { iccid, sender: 'Telegram', text, networkAtMs: START_MS + 9000, ref: 7 };
  house.clock.pass(10_000);
  house.receive({ ...sms, only: [0], arrivedAtMs: START_MS + 9990 });
  house.clock.pass(50);
  house.receive({ ...sms, only: [1], arrivedAtMs: START_MS + 10_040 });
  const order = findOrder(house.db, placed.id);
  if (order === null) throw new Error('no order');
  return { house, order, received: order.lastEvent };
}

const told = (house: House, order: Order) =>
  timelineOf(house.db, order).entries.map(({ atMs, kind, channel }) => [atMs - START_MS, kind, ...(channel === null ? [] : [channel])]);

test('from the order to the receiver, each time as it was stored, causes before effects', async () => {
  const { house, order, received } = scene();
  const { db, clock } = house;
  const pushes = openPushes({ door: openDoor(db, clock.nowMs, silentLog), nowMs: clock.nowMs, log: silentLog });
  clock.pass(5);
  pushes.note('dashboard', [received]);
  clock.pass(20);
  pushes.note('long_poll', [received]);
  clock.pass(1000);
  pushes.note('seen', [received]);
  await pushes.flush();
  house.write((tx) => {
    queueDelivery(tx, { id: 'one', channel: 'webhook', userId: order.userId, target: 'whk_1', topic: 'order.received', eventId: received });
    const delivery = {
      ...{ seq: 1, id: 'one', channel: 'webhook' as const, userId: order.userId, target: 'whk_1', lane: null },
      topic: 'order.received',
    };
    const state = { ...delivery, eventId: received, payload: null, attempts: 0, failures: 0, requeues: 0, createdAtMs: tx.nowMs };
    recordAttempt(tx, state, {
      outcome: 'retry',
      status: 503,
      detail: '',
      startedAtMs: START_MS + 12_000,
      durationMs: 30,
      nextAtMs: START_MS + 13_000,
    });
    const again = { ...state, attempts: 1, failures: 1 };
    recordAttempt(tx, again, {
      outcome: 'delivered',
      status: 204,
      detail: '',
      startedAtMs: START_MS + 13_000,
      durationMs: 40,
      nextAtMs: null,
    });
  });
  expect(told(house, order)).toEqual([
    [0, 'status'],
    [0, 'event'],
    [9000, 'network_time'],
    [9990, 'part_read'],
    [10_000, 'part_stored'],
    [10_040, 'part_read'],
    [10_050, 'part_stored'],
    [10_050, 'judged'],
    [10_050, 'status'],
    [10_050, 'event'],
    [10_055, 'pushed', 'dashboard'],
    [10_075, 'pushed', 'long_poll'],
    [11_075, 'seen', 'seen'],
    [12_030, 'attempt', 'webhook'],
    [13_040, 'attempt', 'webhook'],
  ]);
  const { entries, figures } = timelineOf(db, order);
  expect(entries.at(-1)?.text).toBe('The webhook acknowledged it (204), attempt 2.');
  expect(entries.at(-2)?.text).toBe('The webhook answered 503, attempt 1.');
  expect(figures).toEqual({ networkToPushMs: 1055, readToPushMs: 65, firstChannel: 'dashboard' });
});

test('the stamp of the network stands where its clock puts it, and is marked as its own', () => {
  const { house, order } = scene();
  house.db.run('UPDATE messages SET network_at_ms = NULL');
  expect(timelineOf(house.db, order).entries.some(({ kind }) => kind === 'network_time')).toBe(false);
  house.db.run(`UPDATE messages SET network_at_ms = ${START_MS + 60_000}`);
  expect(timelineOf(house.db, order).entries.at(-1)).toMatchObject({ kind: 'network_time', clock: 'network' });
});

describe('pushes', () => {
  test('only the first time by each way counts, over a restart too', async () => {
    const { house, received } = scene();
    const { db, clock } = house;
    const door = openDoor(db, clock.nowMs, silentLog);
    const first = openPushes({ door, nowMs: clock.nowMs, log: silentLog });
    first.note('poll', [received, received]);
    clock.pass(1000);
    first.note('poll', [received]);
    await first.flush();
    clock.pass(1000);
    const second = openPushes({ door, nowMs: clock.nowMs, log: silentLog });
    second.note('poll', [received, 'evt_never']);
    await second.flush();
    expect(db.query('SELECT channel, at_ms AS atMs FROM pushes').all()).toEqual([{ channel: 'poll', atMs: START_MS + 10_050 }]);
    expect([first.counts, second.counts]).toEqual([
      { written: 1, dropped: 0 },
      { written: 0, dropped: 0 },
    ]);
  });

  test('are written by themselves, many in one commit, and noting writes nothing', async () => {
    const { house, received } = scene();
    const door = openDoor(house.db, house.clock.nowMs, silentLog);
    const pushes = openPushes({ door, nowMs: house.clock.nowMs, log: silentLog });
    for (let n = 0; n < 500; n++) pushes.note('dashboard', [received, `evt_${n}`]);
    expect(door.counts).toMatchObject({ commits: 0 });
    await Bun.sleep(1500);
    expect(door.counts).toMatchObject({ commits: 1, verbs: 1 });
    expect(pushes.counts.written).toBe(1);
  });

  test('beyond the bound they are dropped and counted, and a commit that fails is counted too', async () => {
    const { house } = scene();
    const door = openDoor(house.db, house.clock.nowMs, silentLog);
    const pushes = openPushes({ door, nowMs: house.clock.nowMs, log: silentLog });
    pushes.note(
      'page',
      Array.from({ length: 20_005 }, (_, n) => `evt_${n}`),
    );
    expect(pushes.counts.dropped).toBe(5);
    house.db.run('DROP TABLE pushes');
    await pushes.flush();
    expect(pushes.counts).toEqual({ written: 0, dropped: 20_005 });
  });
});
