/** A house with customers, the door, the outbox and its webhook courier, all on a clock that the test moves. */
import { openDoor } from '../../src/db/write.ts';
import { silentLog } from '../../src/lib/log.ts';
import { startTimers } from '../../src/lib/timers.ts';
import { setMailOn } from '../../src/mail/queue.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { type Outbox, startOutbox } from '../../src/outbox/outbox.ts';
import { networksOf } from '../../src/webhooks/address.ts';
import { type CourierDeps, webhookCourier } from '../../src/webhooks/courier.ts';
import type { WebhookEvent } from '../../src/webhooks/types.ts';
import { createWebhook, findWebhook, type Webhook } from '../../src/webhooks/webhooks.ts';
import { until } from '../support/client.ts';
import { type House, makeHouse } from '../support/house.ts';

export interface Room {
  house: House;
  anna: string;
  /** Starts to carry what is queued. */
  start(deps?: Partial<CourierDeps>): Outbox;
  endpoint(url: string, options?: { userId?: string; events?: WebhookEvent[] }): { webhook: Webhook; secret: string };
  /** Orders a number: `order.created` and `balance.changed`. */
  order(): string;
  webhook(id: string): Webhook;
  /** `topic state attempts` of every delivery to webhooks, in their order. */
  queue(): string[];
  deliveryIds(topic?: string): string[];
  /** Resolves when nothing waits that is due. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}

export function makeRoom(): Room {
  const house = makeHouse();
  const { db, clock, terms } = house;
  const door = openDoor(db, clock.nowMs, silentLog);
  const timers = startTimers(clock, silentLog);
  const outboxes: Outbox[] = [];
  house.write((tx) => setMailOn(tx, true));
  const anna = house.customer('anna@example.org', 100_000);
  house.offer('telegram', 45);
  let sims = 0;
  return {
    ...{ house, anna },
    start(deps = {}) {
      const courier = webhookCourier({
        ...{ db, clock, log: silentLog, allow: networksOf(['127.0.0.1']), timeoutSeconds: 10, retrySeconds: [5, 60] },
        resolve: () => Promise.reject(new Error('no names in this test')),
        ...deps,
      });
      const outbox = startOutbox({ db, door, clock, timers, log: silentLog, chance: () => 0.5 }, [courier]);
      outboxes.push(outbox);
      return outbox;
    },
    endpoint: (url, { userId = anna, events } = {}) =>
      house.write((tx) => createWebhook(tx, terms.random, { userId, url, description: '', events: events ?? null })),
    order() {
      house.sim(++sims);
      const { id } = house.write((tx) => placeOrder(tx, terms, { userId: anna, country: 'gb', service: 'telegram', maxPriceMinor: null }));
      for (const outbox of outboxes) outbox.look();
      return id;
    },
    webhook(id) {
      const webhook = findWebhook(db, id);
      if (!webhook) throw new Error(`no webhook ${id}`);
      return webhook;
    },
    queue: () =>
      db
        .query<{ line: string }, []>(
          `SELECT topic || ' ' || state || ' ' || attempts AS line FROM deliveries WHERE channel = 'webhook' ORDER BY seq`,
        )
        .all()
        .map(({ line }) => line),
    deliveryIds: (topic) =>
      db
        .query<{ id: string }, { topic: string | null }>(
          `SELECT id FROM deliveries WHERE channel = 'webhook' AND ($topic IS NULL OR topic = $topic) ORDER BY seq`,
        )
        .all({ topic: topic ?? null })
        .map(({ id }) => id),
    async drained() {
      for (const outbox of outboxes) outbox.look();
      await until(
        () =>
          db.query(`SELECT 1 FROM deliveries WHERE channel = 'webhook' AND state = 'waiting' AND next_at_ms <= ?`).get(clock.nowMs()) ===
          null,
        'nothing due waits',
        20_000,
      );
    },
    async stop() {
      timers.stop();
      for (const outbox of outboxes) await outbox.stop();
    },
  };
}
