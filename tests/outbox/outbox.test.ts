import { afterEach, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { openDoor } from '../../src/db/write.ts';
import { silentLog } from '../../src/lib/log.ts';
import { startTimers } from '../../src/lib/timers.ts';
import {
  type Attempt,
  type Delivery,
  holdDeliveries,
  outboxCounts,
  queueDelivery,
  releaseDeliveries,
  requeueDelivery,
} from '../../src/outbox/deliveries.ts';
import { type Courier, type Outbox, startOutbox } from '../../src/outbox/outbox.ts';
import { nextAttemptAtMs, RETRY_SECONDS } from '../../src/outbox/retry.ts';
import { type House, MINUTE_MS, makeHouse } from '../support/house.ts';

const DELIVERED: Attempt = { outcome: 'delivered', status: 200, detail: '' };
const REFUSED: Attempt = { outcome: 'retry', status: 503, detail: 'later' };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Longer than a turn of the wheel, a turn of the event loop and a commit. */
const soon = () => Bun.sleep(100);

interface Started {
  outbox: Outbox;
  stopTimers(): void;
  /** Ids in the order in which their attempts began. */
  begun: string[];
  mostAtOnce(): number;
  queue(...ids: { id: string; target?: string; lane?: string | null; userId?: string | null; isUrgent?: boolean }[]): void;
}

function start(house: House, answer: (delivery: Delivery) => Promise<Attempt> | Attempt, limits: Partial<Courier> = {}): Started {
  const { db, clock } = house;
  const door = openDoor(db, clock.nowMs, silentLog);
  const timers = startTimers(clock, silentLog);
  const begun: string[] = [];
  let underWay = 0;
  let most = 0;
  const courier: Courier = {
    channel: 'webhook',
    atOnce: 8,
    atOnceForTarget: 4,
    retrySeconds: RETRY_SECONDS,
    async attempt(delivery) {
      begun.push(delivery.id);
      most = Math.max(most, ++underWay);
      try {
        return await answer(delivery);
      } finally {
        underWay--;
      }
    },
    ...limits,
  };
  const outbox = startOutbox({ db, door, clock, timers, log: silentLog, chance: () => 0.5 }, [courier]);
  cleanups.push(timers.stop, () => outbox.stop());
  return {
    outbox,
    stopTimers: timers.stop,
    begun,
    mostAtOnce: () => most,
    queue(...all) {
      house.write((tx) => {
        for (const { id, target = 'whk_a', lane = null, userId = null, isUrgent = false } of all)
          queueDelivery(tx, { id, channel: 'webhook', userId, target, topic: 'order.received', lane, isUrgent });
      });
      outbox.look();
    },
  };
}

const stateOf = (house: House, id: string) =>
  house.db.query<{ state: string; attempts: number }, [string]>('SELECT state, attempts FROM deliveries WHERE id = ?').get(id);

test('what is queued leaves at once, and the attempt is written down', async () => {
  const house = makeHouse();
  const { queue, begun } = start(house, () => DELIVERED);
  queue({ id: 'one' });
  await soon();
  expect(begun).toEqual(['one']);
  expect(stateOf(house, 'one')).toEqual({ state: 'delivered', attempts: 1 });
  expect(house.db.query('SELECT number, outcome, status FROM delivery_attempts').all()).toEqual([
    { number: 1, outcome: 'delivered', status: 200 },
  ]);
  expect(outboxCounts(house.db)).toEqual([]);
});

test('the same delivery is queued once', () => {
  const house = makeHouse();
  const queue = () => house.write((tx) => queueDelivery(tx, { id: 'one', channel: 'mail', userId: null, target: 'smtp', topic: 'x' }));
  expect(queue()).toBe(true);
  expect(queue()).toBe(false);
});

test('a failed one comes again on schedule, until the schedule ends', async () => {
  const house = makeHouse();
  const { queue, begun, outbox } = start(house, () => REFUSED, { retrySeconds: [5, 60] });
  queue({ id: 'one' });
  await soon();
  house.clock.pass(4900);
  await soon();
  expect(begun).toHaveLength(1);
  house.clock.pass(200);
  await soon();
  expect(begun).toHaveLength(2);
  house.clock.pass(61_000);
  await soon();
  expect(stateOf(house, 'one')).toEqual({ state: 'failed', attempts: 3 });
  expect(outbox.counts).toMatchObject({ retried: 2, failed: 1 });
  house.clock.pass(48 * 60 * MINUTE_MS);
  await soon();
  expect(begun).toHaveLength(3);
});

test('one that was given up can be sent again, with its whole schedule before it', async () => {
  const house = makeHouse();
  let answer: Attempt = { outcome: 'failed', status: 410, detail: 'gone' };
  const { queue, outbox } = start(house, () => answer, { retrySeconds: [5] });
  queue({ id: 'one' });
  await soon();
  expect(stateOf(house, 'one')).toEqual({ state: 'failed', attempts: 1 });
  answer = REFUSED;
  expect(house.write((tx) => requeueDelivery(tx, 'one'))).toBe(true);
  outbox.look();
  await soon();
  expect(stateOf(house, 'one')).toEqual({ state: 'waiting', attempts: 2 });
  answer = DELIVERED;
  house.clock.pass(5100);
  await soon();
  expect(stateOf(house, 'one')).toEqual({ state: 'delivered', attempts: 3 });
  expect(house.write((tx) => requeueDelivery(tx, 'two'))).toBe(false);
});

test.each(['retry', 'failed'] as const)(
  'one that is sent again during its last attempt (%s) has its whole schedule before it',
  async (outcome) => {
    const house = makeHouse();
    const last = Promise.withResolvers<Attempt>();
    let answer: Attempt | Promise<Attempt> = last.promise;
    const { queue, begun, outbox } = start(house, () => answer, { retrySeconds: [] });
    queue({ id: 'one' });
    await soon();
    house.write((tx) => requeueDelivery(tx, 'one'));
    answer = DELIVERED;
    last.resolve({ outcome, status: 503, detail: '' });
    await soon();
    expect(begun).toEqual(['one', 'one']);
    expect(stateOf(house, 'one')).toEqual({ state: 'delivered', attempts: 2 });
    expect(outbox.counts).toMatchObject({ delivered: 1, retried: 1, failed: 0 });
  },
);

test('a courier that throws costs nothing but an attempt', async () => {
  const house = makeHouse();
  const { queue, outbox } = start(house, () => Promise.reject(new Error('broken')));
  queue({ id: 'one' });
  await soon();
  expect(stateOf(house, 'one')).toEqual({ state: 'waiting', attempts: 1 });
  expect(outbox.counts.broken).toBe(1);
});

describe('order and fairness', () => {
  test('no more at once than the target takes, and a busy target holds nobody else back', async () => {
    const house = makeHouse();
    const slow = Promise.withResolvers<Attempt>();
    const { queue, begun, mostAtOnce } = start(house, ({ target }) => (target === 'whk_slow' ? slow.promise : DELIVERED));
    queue(...Array.from({ length: 300 }, (_, i) => ({ id: `slow${i}`, target: 'whk_slow' })), { id: 'quick', target: 'whk_quick' });
    await soon();
    expect(begun.filter((id) => id.startsWith('slow'))).toEqual(['slow0', 'slow1', 'slow2', 'slow3']);
    expect(begun).toContain('quick');
    expect(mostAtOnce()).toBeLessThanOrEqual(8);
    slow.resolve(DELIVERED);
    await Bun.sleep(500);
    expect(outboxCounts(house.db)).toEqual([]);
    expect(new Set(begun).size).toBe(301);
    expect(begun).toHaveLength(301);
  });

  test('one customer with many targets leaves room for the others', async () => {
    const house = makeHouse();
    const [anna, bert] = ['anna', 'bert'].map((name) => house.customer(`${name}@example.org`, 0));
    const never = Promise.withResolvers<Attempt>();
    const { queue, begun } = start(house, ({ userId }) => (userId === anna ? never.promise : DELIVERED), { atOnceForUser: 6 });
    const hers = Array.from({ length: 400 }, (_, i) => ({ id: `a${i}`, target: `whk_${i % 10}`, userId: anna ?? null }));
    queue(...hers, { id: 'b', target: 'whk_b', userId: bert ?? null });
    await soon();
    expect(begun.filter((id) => id.startsWith('a'))).toHaveLength(6);
    expect(begun).toContain('b');
    never.resolve(DELIVERED);
  });

  test('three customers whose endpoints hang leave room for a fourth, also when much of theirs waits', async () => {
    const house = makeHouse();
    const [a, b, c, good] = ['a', 'b', 'c', 'd'].map((name) => house.customer(`${name}@example.org`, 0));
    const never = Promise.withResolvers<Attempt>();
    const { queue, begun } = start(house, ({ userId }) => (userId === good ? DELIVERED : never.promise), {
      ...{ atOnce: 64, atOnceForTarget: 8, atOnceForUser: 24 },
    });
    const theirs = [a, b, c].flatMap((userId = '') =>
      Array.from({ length: 200 }, (_, i) => ({ id: `${userId}${i}`, target: `${userId}${i % 3}`, userId })),
    );
    queue(...theirs);
    await soon();
    expect(begun).toHaveLength(48);
    // Each got as much as the others.
    for (const userId of [a, b, c]) expect(begun.filter((id) => id.startsWith(userId ?? '?'))).toHaveLength(16);
    queue(...Array.from({ length: 3 }, (_, i) => ({ id: `good${i}`, target: 'good', userId: good ?? '' })));
    await soon();
    expect(begun.slice(48)).toEqual(['good0', 'good1', 'good2']);
    never.resolve(DELIVERED);
  });

  test('an endpoint that did not answer gets fewer slots, down to one, until it answers', async () => {
    const house = makeHouse();
    let answer: () => Promise<Attempt> | Attempt = () => ({ outcome: 'retry', status: null, detail: 'no answer' });
    const { queue, mostAtOnce, begun } = start(house, () => answer(), { retrySeconds: [5, 5, 5] });
    queue({ id: 'a' }, { id: 'b' });
    await soon();
    let hanging = Promise.withResolvers<Attempt>();
    answer = () => hanging.promise;
    queue(...Array.from({ length: 10 }, (_, i) => ({ id: `c${i}` })));
    await soon();
    expect(begun).toEqual(['a', 'b', 'c0']);
    const first = hanging;
    hanging = Promise.withResolvers();
    first.resolve(DELIVERED);
    await soon();
    expect(begun).toHaveLength(3 + 4);
    expect(mostAtOnce()).toBe(4);
    hanging.resolve(DELIVERED);
  });

  test('a long lane that is busy holds nobody behind the same target back', async () => {
    const house = makeHouse();
    const never = Promise.withResolvers<Attempt>();
    const { queue, begun } = start(house, () => never.promise);
    queue(...Array.from({ length: 200 }, (_, i) => ({ id: `code${i}`, lane: 'ord_1' })), { id: 'other', lane: 'ord_2' }, { id: 'free' });
    await soon();
    expect(begun).toEqual(['code0', 'other', 'free']);
    never.resolve(DELIVERED);
  });

  test('what is urgent goes first, however much is due before it', async () => {
    const house = makeHouse();
    const slow = Promise.withResolvers<Attempt>();
    let answer: Promise<Attempt> | Attempt = slow.promise;
    const { queue, begun } = start(house, () => answer, { atOnceForTarget: 1 });
    queue(...Array.from({ length: 200 }, (_, i) => ({ id: `m${i}` })));
    await soon();
    queue({ id: 'reset', isUrgent: true });
    answer = DELIVERED;
    slow.resolve(DELIVERED);
    await soon();
    expect(begun.slice(0, 2)).toEqual(['m0', 'reset']);
  });

  test('one lane is attempted in order, one at a time, while other lanes go on', async () => {
    const house = makeHouse();
    const first = Promise.withResolvers<Attempt>();
    const { queue, begun } = start(house, ({ id }) => (id === 'a1' ? first.promise : DELIVERED));
    queue({ id: 'a1', lane: 'a' }, { id: 'a2', lane: 'a' }, { id: 'a3', lane: 'a' }, { id: 'b1', lane: 'b' });
    await soon();
    expect(begun).toEqual(['a1', 'b1']);
    first.resolve(DELIVERED);
    await soon();
    expect(begun).toEqual(['a1', 'b1', 'a2', 'a3']);
  });

  test('one that waits for its next attempt does not hold its lane back', async () => {
    const house = makeHouse();
    const { queue, begun } = start(house, ({ id }) => (id === 'a1' ? REFUSED : DELIVERED));
    queue({ id: 'a1', lane: 'a' }, { id: 'a2', lane: 'a' });
    await soon();
    expect(begun).toEqual(['a1', 'a2']);
    expect(stateOf(house, 'a2')).toEqual({ state: 'delivered', attempts: 1 });
  });
});

test('what was under way at a stop waits still, and leaves again at the next start', async () => {
  const house = makeHouse();
  const heard = Promise.withResolvers<Attempt>();
  const first = start(house, () => heard.promise);
  first.queue({ id: 'one' });
  await soon();
  const stopping = first.outbox.stop();
  heard.resolve(DELIVERED);
  await stopping;
  expect(stateOf(house, 'one')).toEqual({ state: 'delivered', attempts: 1 });
  house.write((tx) => requeueDelivery(tx, 'one'));
  const second = start(house, () => DELIVERED);
  await soon();
  expect(second.begun).toEqual(['one']);
});

test('after the wall clock was set forward, what is due leaves', async () => {
  const house = makeHouse();
  let answer: Attempt = REFUSED;
  const { queue, begun } = start(house, () => answer);
  queue({ id: 'one' });
  await soon();
  answer = DELIVERED;
  house.clock.setForward(60 * MINUTE_MS);
  await soon();
  expect(begun).toEqual(['one', 'one']);
});

describe('after the wall clock was set back by an hour', () => {
  const BACK_MS = -60 * MINUTE_MS;

  test('what was due leaves now, what waits leaves when it would have, what is held stays', async () => {
    const house = makeHouse();
    const busy = Promise.withResolvers<Attempt>();
    let answer: Attempt | Promise<Attempt> = REFUSED;
    const { queue, begun } = start(house, () => answer, { atOnceForTarget: 1, retrySeconds: [600, 600] });
    queue({ id: 'again', target: 'whk_b' });
    await soon();
    answer = busy.promise;
    queue({ id: 'first' }, { id: 'due' }, { id: 'held', target: 'whk_c' });
    house.write((tx) => holdDeliveries(tx, 'whk_c'));
    await soon();
    expect(begun).toEqual(['again', 'first']);
    house.clock.setForward(BACK_MS);
    await soon();
    answer = DELIVERED;
    busy.resolve(DELIVERED);
    await soon();
    expect(begun).toEqual(['again', 'first', 'due']);
    house.clock.pass(9 * MINUTE_MS);
    await soon();
    expect(begun).toHaveLength(3);
    house.clock.pass(2 * MINUTE_MS);
    await soon();
    expect(begun).toEqual(['again', 'first', 'due', 'again']);
    expect(stateOf(house, 'held')).toEqual({ state: 'waiting', attempts: 0 });
    house.write((tx) => releaseDeliveries(tx, 'whk_c'));
    queue();
    await soon();
    expect(begun.at(-1)).toBe('held');
  });

  test('while the server was down: the same at its next start', async () => {
    const house = makeHouse();
    const before = start(house, () => REFUSED, { retrySeconds: [600] });
    before.queue({ id: 'again' });
    await soon();
    before.stopTimers();
    await before.outbox.stop();
    house.write((tx) => queueDelivery(tx, { id: 'due', channel: 'webhook', userId: null, target: 'whk_a', topic: 'order.received' }));
    house.clock.setForward(BACK_MS);
    const { begun } = start(house, () => DELIVERED);
    await soon();
    expect(begun).toEqual(['due']);
    house.clock.pass(11 * MINUTE_MS);
    await soon();
    expect(begun).toEqual(['due', 'again']);
  });
});

test('ended deliveries are forgotten after a month with their attempts, waiting ones never', async () => {
  const house = makeHouse();
  const { queue } = start(house, ({ id }) => (id === 'old' ? DELIVERED : REFUSED), { retrySeconds: [10_000_000] });
  queue({ id: 'old' }, { id: 'waiting' });
  await soon();
  house.clock.pass(31 * 24 * 60 * MINUTE_MS);
  await soon();
  expect(stateOf(house, 'old')).toBeNull();
  expect(stateOf(house, 'waiting')).toMatchObject({ state: 'waiting' });
  expect(house.db.query('SELECT count(*) AS n FROM delivery_attempts').get()).toEqual({ n: 1 });
});

describe('the schedule', () => {
  test('spans more than three days and ends', () => {
    const days = RETRY_SECONDS.reduce((sum, seconds) => sum + seconds, 0) / 86_400;
    expect(days).toBeGreaterThan(3);
    expect(nextAttemptAtMs({ failures: RETRY_SECONDS.length + 1, nowMs: 0, chance: 0.5, afterMs: 0 })).toBeNull();
  });

  test('never is earlier than nine tenths of it, and never earlier than asked for within a day', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: RETRY_SECONDS.length }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 10 ** 10 }),
        (failures, chance, afterMs) => {
          const atMs = nextAttemptAtMs({ failures, nowMs: 1000, chance, afterMs }) ?? Number.NaN;
          const seconds = RETRY_SECONDS[failures - 1] ?? Number.NaN;
          expect(atMs).toBeGreaterThanOrEqual(1000 + seconds * 900 - 1);
          expect(atMs).toBeGreaterThanOrEqual(1000 + Math.min(afterMs, 86_400_000));
        },
      ),
    );
  });
});
