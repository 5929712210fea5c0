import { afterAll, expect, test } from 'bun:test';
import { silentLog } from '../../src/lib/log.ts';
import { type Hub, openHub } from '../../src/live/hub.ts';
import { orderReader, waitForOrder } from '../../src/orders/waiting.ts';
import { reviewRoom, UNCLEAR } from './room.ts';

const hubs: Hub[] = [];
afterAll(() => {
  for (const hub of hubs) hub.close();
});

function waiting() {
  const room = reviewRoom();
  const { db } = room.house;
  const hub = openHub(db, silentLog);
  hubs.push(hub);
  const order = room.order(room.anna, 'telegram');
  hub.drain();
  let answered = false;
  const ask = (after: string | null) =>
    waitForOrder(
      { db, read: orderReader(db, hub), hub, monotonicMs: room.house.clock.monotonicMs },
      { userId: room.anna, orderId: order.id, waitSeconds: 30, after, gone: new AbortController().signal },
    ).finally(() => {
      answered = true;
    });
  return { room, hub, order, ask, isAnswered: () => answered };
}

test('a wait without `after` is not ended by an unclear message, but by its delivery', async () => {
  const { room, hub, order, ask, isAnswered } = waiting();
  const answer = ask(null);
  const messageId = room.receive(UNCLEAR);
  hub.drain();
  // What the wake-up leads to has run once these turns are over: it looks again and goes on waiting.
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(isAnswered()).toBe(false);
  expect(hub.counts.waiting).toBe(1);
  room.deliver(messageId, order);
  hub.drain();
  expect((await answer).order).toMatchObject({ status: 'received', code: '482913' });
});

test('a wait with `after` is answered by it, with nothing of the message', async () => {
  const { room, hub, order, ask } = waiting();
  const answer = ask(order.lastEvent);
  room.receive(UNCLEAR);
  hub.drain();
  const { order: told, messages } = await answer;
  expect(told).toMatchObject({ status: 'pending', code: null });
  expect(messages).toEqual([]);
  expect(told.lastEvent).not.toBe(order.lastEvent);
});

test('the dashboard is pushed by it at once', () => {
  const { room, hub } = waiting();
  const types: string[] = [];
  hub.onUser(room.anna, (events) => types.push(...events.map(({ type }) => type)));
  const messageId = room.receive(UNCLEAR);
  hub.drain();
  room.dismiss(messageId);
  hub.drain();
  expect(types).toEqual(['order.unsure', 'order.unsure']);
});
