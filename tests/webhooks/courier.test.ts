import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { setUserState } from '../../src/accounts/users.ts';
import { appendEvent, newEventId } from '../../src/db/events.ts';
import { openDoor } from '../../src/db/write.ts';
import { silentLog } from '../../src/lib/log.ts';
import { cancelOrder } from '../../src/orders/orders.ts';
import { networksOf } from '../../src/webhooks/address.ts';
import { retryAfterMs } from '../../src/webhooks/courier.ts';
import { attemptsOf } from '../../src/webhooks/deliveries.ts';
import { DISABLE_AFTER_DAYS, disabledWebhooks, troubledWebhooks } from '../../src/webhooks/health.ts';
import { REPLAY_MAX, replayDelivery, replaySince, WALK_AT_ONCE } from '../../src/webhooks/replay.ts';
import { changeWebhook, deleteWebhook, rotateSecret } from '../../src/webhooks/webhooks.ts';
import { until } from '../support/client.ts';
import { MINUTE_MS } from '../support/house.ts';
import { type Receiver, startReceiver, verified } from './receiver.ts';
import { makeRoom, type Room } from './room.ts';

let room: Room;
const receivers: Receiver[] = [];
beforeEach(() => {
  room = makeRoom();
  // The public library looks at the real clock, and signatures hold for five minutes of it.
  room.house.clock.ms = Date.now();
});
afterEach(async () => {
  await room.stop();
  for (const receiver of receivers.splice(0)) await receiver.stop();
});
const receive = (...args: Parameters<typeof startReceiver>): Receiver => {
  const receiver = startReceiver(...args);
  receivers.push(receiver);
  return receiver;
};
const count = (what: string): number => room.house.db.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${what}`).get()?.n ?? -1;
const detailOf = (id: string | undefined) => attemptsOf(room.house.db, id ?? '').at(-1)?.detail;

describe('what is queued', () => {
  test('an event is queued in its own commit, for those who asked for it', () => {
    const all = room.endpoint('https://a.example/').webhook.id;
    const some = room.endpoint('https://b.example/', { events: ['order.created', 'rental.ended'] }).webhook.id;
    const bert = room.house.customer('bert@example.org', 0);
    room.endpoint('https://c.example/', { userId: bert });
    const before = count('deliveries');
    const order = room.order();
    const rows = room.house.db
      .query<{ target: string; topic: string; lane: string | null; own: number }, []>(
        `SELECT target, topic, lane, (d.id = d.target || '.' || e.id AND d.created_at_ms = e.created_at_ms) AS own FROM deliveries d JOIN events e ON e.id = d.event_id ORDER BY target, d.seq`,
      )
      .all();
    expect(rows.filter(({ target }) => target === some)).toEqual([{ target: some, topic: 'order.created', lane: order, own: 1 }]);
    expect(rows.filter(({ target }) => target === all).map(({ topic }) => topic)).toEqual(['order.created', 'balance.changed']);
    expect(count('deliveries') - before).toBe(3);
  });

  test('what is rolled back queues nothing', () => {
    room.endpoint('https://a.example/');
    room.house.sim(1);
    const insert = `INSERT INTO events (id, type, user_id, order_id, data, created_at_ms) VALUES ('evt_1', 'order.created', ?, NULL, '{}', 1)`;
    expect(() =>
      room.house.write((tx) => {
        tx.db.query(insert).run(room.anna);
        expect(count('deliveries')).toBe(1);
        throw new Error('undone');
      }),
    ).toThrow('undone');
    expect(count('deliveries')).toBe(0);
    expect(count("events WHERE id = 'evt_1'")).toBe(0);
  });
});

describe('what is of a blocked customer', () => {
  const held = () => count("deliveries WHERE channel = 'webhook' AND state = 'waiting' AND next_at_ms = 253370764800000");
  const set = (state: 'active' | 'blocked') => room.house.write((tx) => setUserState(tx, room.anna, state));

  test('is held, also what is queued meanwhile, and leaves when they are let in again', async () => {
    const receiver = receive();
    const { webhook } = room.endpoint(receiver.url);
    const paused = room.endpoint('https://a.example/').webhook;
    room.order();
    room.house.write((tx) => changeWebhook(tx, { userId: room.anna, id: paused.id, changes: { paused: true } }));
    const bert = room.house.customer('bert@example.org', 0);
    room.endpoint(receiver.url, { userId: bert });
    set('blocked');
    room.order();
    expect(held()).toBe(6);
    room.start();
    room.house.write((tx) => changeWebhook(tx, { userId: room.anna, id: webhook.id, changes: { paused: true } }));
    room.house.write((tx) => changeWebhook(tx, { userId: room.anna, id: webhook.id, changes: { paused: false } }));
    room.house.clock.pass(60 * MINUTE_MS);
    await room.drained();
    expect([receiver.received.length, held()]).toEqual([0, 6]);
    set('active');
    await room.drained();
    expect([receiver.received.length, held()]).toEqual([4, 2]);
    expect(room.webhook(webhook.id)).toMatchObject({ state: 'active', failures: 0 });
  });

  test('is not tried again when they are blocked while it is under way', async () => {
    const answers: (() => void)[] = [];
    const receiver = receive(async () => {
      await new Promise<void>((done) => answers.push(done));
      return new Response('', { status: 500 });
    });
    room.endpoint(receiver.url, { events: ['order.created'] });
    room.start();
    room.order();
    await until(() => answers.length === 1, 'it is under way');
    set('blocked');
    answers[0]?.();
    await until(() => count('delivery_attempts') === 1, 'it is written down');
    expect(held()).toBe(1);
  });
});

describe('what is sent', () => {
  test('is signed as the public library expects, says what the stream says, and is the same at every attempt', async () => {
    const receiver = receive((_, n) => new Response('no', { status: n <= 2 ? 500 : 200 }));
    const { webhook, secret } = room.endpoint(receiver.url, { events: ['order.created'] });
    room.start();
    const order = room.order();
    await room.drained();
    for (const pass of [6000, 70_000]) {
      room.house.clock.pass(pass);
      await room.drained();
      await Bun.sleep(60);
      await room.drained();
    }
    expect(room.queue()).toEqual(['order.created delivered 3']);
    const [event] = room.house.db.query<{ id: string; data: string }, []>("SELECT id, data FROM events WHERE type = 'order.created'").all();
    expect(receiver.received.map(({ id }) => id)).toEqual([event?.id ?? '', event?.id ?? '', event?.id ?? '']);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers.get('webhook-timestamp'))).size).toBe(3);
    for (const one of receiver.received) {
      expect(verified(secret, one)).toMatchObject({ id: event?.id, type: 'order.created', data: { id: order, status: 'pending' } });
      expect(one.headers.get('content-type')).toBe('application/json');
      expect(one.headers.get('user-agent')).toMatch(/^SMSPin\/\d/);
    }
    const body = JSON.parse(receiver.received[0]?.body ?? '') as { data: unknown; timestamp: string };
    expect(body.data).toEqual(JSON.parse(event?.data ?? ''));
    expect(body.timestamp).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(() => verified(`whsec_${Buffer.alloc(32).toString('base64')}`, receiver.received[0] as never)).toThrow();
    expect(room.webhook(webhook.id)).toMatchObject({ failures: 0, failingSinceMs: null });
  });

  test('after a rotation both secrets sign for a day, then the new one alone; a leaked one stops at once', async () => {
    const receiver = receive();
    const { webhook, secret: first } = room.endpoint(receiver.url, { events: ['order.created'] });
    const { clock, terms } = room.house;
    room.start();
    const rotate = (overlapHours: number) =>
      room.house.write((tx) => rotateSecret(tx, terms.random, { userId: room.anna, id: webhook.id, overlapHours })).secret;
    const next = async () => {
      room.order();
      await room.drained();
      return receiver.received.at(-1) as (typeof receiver.received)[number];
    };
    const second = rotate(24);
    const both = await next();
    expect(both.headers.get('webhook-signature')?.split(' ')).toHaveLength(2);
    for (const secret of [first, second]) verified(secret, both);
    clock.pass(23 * 60 * MINUTE_MS);
    expect((await next()).headers.get('webhook-signature')?.split(' ')).toHaveLength(2);
    clock.pass(60 * MINUTE_MS);
    expect((await next()).headers.get('webhook-signature')?.split(' ')).toHaveLength(1);
    clock.ms = Date.now();
    const third = rotate(0);
    const alone = await next();
    verified(third, alone);
    expect(() => verified(second, alone)).toThrow();
  });
});

describe('what comes of an attempt', () => {
  test.each([
    [200, {}, 'delivered', 'yes'],
    [202, {}, 'delivered', 'yes'],
    [
      302,
      { location: 'http://127.0.0.1/inside' },
      'waiting',
      'Redirects are not followed, and this one led to http://127.0.0.1/inside. Change the address of the endpoint.',
    ],
    [301, {}, 'waiting', 'Redirects are not followed, and this one led nowhere. Change the address of the endpoint.'],
    [400, {}, 'waiting', 'yes'],
    [410, {}, 'failed', 'yes'],
    [500, {}, 'waiting', 'yes'],
  ] as const)('%i', async (status, headers, state, detail) => {
    const followed = receive();
    const receiver = receive(() => new Response('yes', { status, headers: headers as Record<string, string> }));
    room.endpoint(receiver.url, { events: ['order.created'] });
    room.start();
    room.order();
    await room.drained();
    expect(room.queue()).toEqual([`order.created ${state} 1`]);
    expect(detailOf(room.deliveryIds()[0])).toBe(detail);
    expect(receiver.received).toHaveLength(1);
    expect(followed.received).toHaveLength(0);
  });

  test('a receiver that asks for time gets it', async () => {
    const receiver = receive(() => new Response('', { status: 503, headers: { 'retry-after': '120' } }));
    room.endpoint(receiver.url, { events: ['order.created'] });
    room.start();
    room.order();
    await room.drained();
    const due = room.house.db.query<{ at: number }, []>('SELECT next_at_ms AS at FROM deliveries').get()?.at ?? 0;
    expect(due - room.house.clock.nowMs()).toBe(120_000);
  });

  test.each([
    ['120', 120_000],
    ['0', 0],
    ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['-5', null],
    ['1e9', null],
    ['soon', null],
    ['2026-11-22', null],
    [null, null],
  ])('Retry-After %p means %p ms', (value, ms) => expect(retryAfterMs(value, Date.UTC(2026, 10, 22, 12))).toBe(ms));

  test('a name is resolved at each attempt, and one that came to lead inside gets nothing', async () => {
    const receiver = receive();
    room.endpoint(`http://hooks.example.test:${receiver.port}/`, { events: ['order.created'] });
    const answers = [['127.0.0.1'], ['10.0.0.7'], ['127.0.0.1', '169.254.169.254'], ['::ffff:127.0.0.1']];
    let asked = 0;
    room.start({ resolve: async () => answers[Math.min(asked++, answers.length - 1)] ?? [] });
    for (const expected of [1, 1, 1, 1]) {
      room.order();
      await room.drained();
      expect(receiver.received).toHaveLength(expected);
    }
    // Once for each attempt: nobody resolved it a second time for the connection.
    expect(asked).toBe(4);
    expect(detailOf(room.deliveryIds()[1])).toContain('not on the public internet');
    expect(detailOf(room.deliveryIds()[1])).not.toContain('10.0.0.7');
  });

  test('an address that is not allowed any more gets nothing', async () => {
    const receiver = receive();
    room.endpoint(receiver.url, { events: ['order.created'] });
    room.start({ allow: networksOf(['127.0.0.2']) });
    room.order();
    await room.drained();
    expect(receiver.received).toHaveLength(0);
    expect(detailOf(room.deliveryIds()[0])).toContain('not on the public internet');
  });

  test('a receiver, or a resolver, that hangs ends at the time limit and says so', async () => {
    const receiver = receive(() => new Promise(() => {}));
    room.endpoint(receiver.url, { events: ['order.created'] });
    room.endpoint('http://slow.example.test/', { events: ['order.created'] });
    room.start({ resolve: () => new Promise(() => {}), timeoutSeconds: 1 });
    room.order();
    await room.drained();
    for (const id of room.deliveryIds()) expect(detailOf(id)).toBe('No answer within 1 s.');
  });
});

test('an event that is larger than a webhook may be, or gone, is not attempted', async () => {
  const receiver = receive();
  room.endpoint(receiver.url, { events: ['order.created'] });
  const { db } = room.house;
  const insert = db.query(
    "INSERT INTO events (id, type, user_id, order_id, data, created_at_ms) VALUES (?, 'order.created', ?, NULL, ?, ?)",
  );
  insert.run('evt_large', room.anna, JSON.stringify({ text: 'x'.repeat(300_000) }), room.house.clock.nowMs());
  insert.run('evt_gone', room.anna, '{}', room.house.clock.nowMs());
  db.run("DELETE FROM events WHERE id = 'evt_gone'");
  room.start();
  await room.drained();
  expect(room.queue()).toEqual(['order.created failed 1', 'order.created failed 1']);
  expect(room.deliveryIds().map(detailOf)).toEqual([
    'The event is too large for a webhook; read it by the API.',
    'The event is not kept any more.',
  ]);
  expect(receiver.received).toHaveLength(0);
});

test('events of one order are sent one after another, the older first, while those of others go on', async () => {
  const first = Promise.withResolvers<Response>();
  const receiver = receive((_, n) => (n === 1 ? first.promise : new Response()));
  room.endpoint(receiver.url, { events: ['order.created', 'order.canceled'] });
  room.start();
  const slow = room.order();
  await until(() => receiver.received.length === 1, 'the first is under way');
  room.house.write((tx) => cancelOrder(tx, room.house.terms, { userId: room.anna, orderId: slow }));
  const other = room.order();
  await until(() => receiver.received.length === 2, 'another order goes on');
  expect(receiver.received[1]?.body).toContain(other);
  await Bun.sleep(60);
  expect(receiver.received).toHaveLength(2);
  first.resolve(new Response());
  await room.drained();
  expect(receiver.received.at(-1)?.body).toContain('"type":"order.canceled"');
});

describe('pause', () => {
  const change = (id: string, paused: boolean) =>
    room.house.write((tx) => changeWebhook(tx, { userId: room.anna, id, changes: { paused } }));

  test('what waits is held, nothing new is queued, and it goes on where it stopped', async () => {
    let status = 500;
    const receiver = receive(() => new Response('', { status }));
    const { webhook } = room.endpoint(receiver.url, { events: ['order.created'] });
    room.start();
    room.order();
    await room.drained();
    change(webhook.id, true);
    status = 200;
    room.order();
    room.house.clock.pass(60 * MINUTE_MS);
    await room.drained();
    await Bun.sleep(60);
    expect(room.queue()).toEqual(['order.created waiting 1']);
    expect(receiver.received).toHaveLength(1);
    change(webhook.id, false);
    await room.drained();
    expect(room.queue()).toEqual(['order.created delivered 2']);
    const sinceMs = room.house.clock.nowMs() - 120 * MINUTE_MS;
    const replayed = await replaySince(door(), { userId: room.anna, id: webhook.id, sinceMs, missed: true });
    expect(replayed).toEqual({ queued: 1, more: false });
    await room.drained();
    expect(room.queue()).toEqual(['order.created delivered 2', 'order.created delivered 1']);
  });

  test('an attempt under way when it is paused does not make it go on', async () => {
    const answer = Promise.withResolvers<Response>();
    const receiver = receive(() => answer.promise);
    const { webhook } = room.endpoint(receiver.url, { events: ['order.created'] });
    room.start();
    room.order();
    await until(() => receiver.received.length === 1, 'the attempt is under way');
    change(webhook.id, true);
    answer.resolve(new Response('', { status: 500 }));
    await until(() => room.queue()[0] === 'order.created waiting 1', 'it was written down');
    room.house.clock.pass(60 * MINUTE_MS);
    await room.drained();
    await Bun.sleep(60);
    expect(room.queue()).toEqual(['order.created waiting 1']);
  });
});

const door = () => openDoor(room.house.db, room.house.clock.nowMs, silentLog);

describe('replay', () => {
  test('one delivery leaves again under its own id, and all that failed since a time', async () => {
    let status = 500;
    const receiver = receive(() => new Response('', { status }));
    const { webhook } = room.endpoint(receiver.url, { events: ['order.created'] });
    room.start({ retrySeconds: [] });
    room.order();
    room.house.clock.pass(60 * MINUTE_MS);
    room.order();
    room.order();
    await room.drained();
    expect(room.queue()).toEqual(Array(3).fill('order.created failed 1'));
    status = 200;
    const [first = ''] = room.deliveryIds();
    room.house.write((tx) => replayDelivery(tx, { userId: room.anna, id: first }));
    await room.drained();
    expect(receiver.received.at(-1)?.id).toBe(receiver.received[0]?.id);
    const since = (sinceMs: number) => replaySince(door(), { userId: room.anna, id: webhook.id, sinceMs, missed: false });
    expect(await since(room.house.clock.nowMs() - MINUTE_MS)).toEqual({ queued: 2, more: false });
    await room.drained();
    expect(room.queue()).toEqual(Array(3).fill('order.created delivered 2'));
    expect(await since(room.house.clock.nowMs() - MINUTE_MS)).toEqual({ queued: 0, more: false });
    for (const bad of [room.house.clock.nowMs() + 1, room.house.clock.nowMs() - 31 * 1440 * MINUTE_MS, Number.NaN])
      await expect(since(bad)).rejects.toThrow('since must be');
  });

  test('what was missed is looked for in steps, and others write between them', async () => {
    const { webhook } = room.endpoint('https://127.0.0.1/');
    const { house, anna } = room;
    const sinceMs = house.clock.nowMs();
    house.write((tx) => tx.db.query("UPDATE webhooks SET state = 'paused'").run());
    const events = 10 * WALK_AT_ONCE;
    house.write((tx) => {
      for (let n = 0; n < events; n++)
        appendEvent(tx, { id: newEventId(tx, house.terms.random), type: 'order.created', userId: anna, orderId: null, data: { n } });
    });
    house.write((tx) => tx.db.query("UPDATE webhooks SET state = 'active'").run());
    const asked = { userId: anna, id: webhook.id, sinceMs, missed: true };
    expect(await replaySince(door(), asked)).toEqual({ queued: REPLAY_MAX, more: true });
    expect(room.queue()).toHaveLength(REPLAY_MAX);
    // Everything is queued but the newest one: the walk goes over all of it.
    house.write((tx) =>
      tx.db.run(`INSERT INTO deliveries (id, channel, user_id, target, topic, event_id, state, ended_at_ms, created_at_ms)
        SELECT '${webhook.id}.' || id, 'webhook', user_id, '${webhook.id}', type, id, 'delivered', 1, 1 FROM events
        WHERE seq < (SELECT max(seq) FROM events) ON CONFLICT DO NOTHING`),
    );
    const real = openDoor(house.db, house.clock.nowMs, silentLog);
    const replayed = replaySince(real, asked).then((answer) => ['replay', answer]);
    const commits = real.counts.commits;
    const other = real.write(() => 'written').then((answer) => ['other', answer]);
    expect(await Promise.race([replayed, other])).toEqual(['other', 'written']);
    expect(await replayed).toEqual(['replay', { queued: 1, more: false }]);
    expect(real.counts.commits - commits).toBeGreaterThanOrEqual(events / WALK_AT_ONCE);
  });
});

describe('switching off', () => {
  const notices = () =>
    room.house.db
      .query<{ userId: string; topic: string; payload: string }, []>(
        "SELECT user_id AS userId, topic, payload FROM deliveries WHERE channel = 'mail'",
      )
      .all();

  test('410 ends it at once, with a notice; what waited has failed and can be replayed after switching it on', async () => {
    let status = 500;
    const receiver = receive(() => new Response('gone', { status }));
    const { webhook } = room.endpoint(receiver.url, { events: ['order.created'] });
    room.start();
    room.order();
    await room.drained();
    status = 410;
    room.order();
    await room.drained();
    expect(room.webhook(webhook.id)).toMatchObject({ state: 'disabled', disabledReason: 'gone' });
    expect(room.queue()).toEqual(['order.created failed 1', 'order.created failed 1']);
    expect(notices().map(({ userId, topic, payload }) => [userId, topic, JSON.parse(payload)])).toEqual([
      [
        room.anna,
        'webhook_disabled',
        expect.objectContaining({ url: receiver.url, reason: 'gone', failures: 2, since: expect.any(String) }),
      ],
    ]);
    expect(troubledWebhooks(room.house.db)).toEqual({ failing: 0, disabled: 1 });
    expect(disabledWebhooks(room.house.db, room.anna)).toMatchObject([{ id: webhook.id }]);
    room.order();
    expect(room.queue()).toHaveLength(2);
    expect(() => room.house.write((tx) => replayDelivery(tx, { userId: room.anna, id: room.deliveryIds()[0] ?? '' }))).toThrow(
      'switched off',
    );

    status = 200;
    room.house.write((tx) => changeWebhook(tx, { userId: room.anna, id: webhook.id, changes: { paused: false } }));
    await replaySince(door(), { userId: room.anna, id: webhook.id, sinceMs: room.house.clock.nowMs() - MINUTE_MS, missed: true });
    await room.drained();
    expect(room.queue()).toEqual(['order.created delivered 2', 'order.created delivered 2', 'order.created delivered 1']);
    expect(room.webhook(webhook.id)).toMatchObject({ state: 'active', failures: 0, disabledReason: null });
  });

  test('days of failure end it only when enough attempts failed and none succeeded', async () => {
    const days = 1440 * MINUTE_MS;
    let status = 500;
    const receiver = receive(() => new Response('', { status }));
    const { webhook } = room.endpoint(receiver.url, { events: ['order.created'] });
    room.start({ retrySeconds: [] });
    const fail = async (times: number) => {
      for (let n = 0; n < times; n++) room.order();
      await room.drained();
    };
    await fail(9);
    room.house.clock.pass(DISABLE_AFTER_DAYS * days - 1);
    await fail(3);
    expect(room.webhook(webhook.id)).toMatchObject({ state: 'active', failures: 12 });
    expect(troubledWebhooks(room.house.db)).toEqual({ failing: 1, disabled: 0 });
    status = 200;
    await fail(1);
    expect(room.webhook(webhook.id)).toMatchObject({ failures: 0, failingSinceMs: null });
    status = 500;
    await fail(1);
    room.house.clock.pass(10 * days);
    await fail(8);
    expect(room.webhook(webhook.id)).toMatchObject({ state: 'active', failures: 9 });
    expect(notices()).toHaveLength(0);
    await fail(1);
    expect(room.webhook(webhook.id)).toMatchObject({ state: 'disabled', disabledReason: 'failing', failures: 10 });
    expect(notices()).toHaveLength(1);
  });
});

test('what waits for an endpoint that was deleted is given up', async () => {
  const receiver = receive(() => new Response('', { status: 500 }));
  const { webhook } = room.endpoint(receiver.url, { events: ['order.created'] });
  room.start();
  room.order();
  await room.drained();
  room.house.write((tx) => deleteWebhook(tx, { userId: room.anna, id: webhook.id }));
  room.house.clock.pass(6000);
  await Bun.sleep(60);
  await room.drained();
  expect(room.queue()).toEqual(['order.created failed 2']);
  expect(receiver.received).toHaveLength(1);
});
