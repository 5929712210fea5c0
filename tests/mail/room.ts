import { serviceName } from '../../src/codes/judge.ts';
import { houseSecret } from '../../src/db/secret.ts';
import { openDoor } from '../../src/db/write.ts';
import { type Log, silentLog } from '../../src/lib/log.ts';
import { parseSmtpUrl } from '../../src/lib/smtp-url.ts';
import { startTimers } from '../../src/lib/timers.ts';
import { mailCourier } from '../../src/mail/courier.ts';
import type { MailPreferences } from '../../src/mail/preferences.ts';
import { mailPreferences, setMailPreferences } from '../../src/mail/preferences.ts';
import { queueMail, setMailOn } from '../../src/mail/queue.ts';
import { type SendMail, smtpTransport } from '../../src/mail/transport.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import type { Order } from '../../src/orders/view.ts';
import { type Outbox, startOutbox } from '../../src/outbox/outbox.ts';
import { type House, makeHouse, seededRandom } from '../support/house.ts';

export const PUBLIC_URL = 'https://pin.example.org';
export const FROM = { name: 'SMSPin', address: 'pin@pin.example.org' };

/** A house whose outbox carries mails to `url`, or by `send`. */
export interface MailHouse {
  house: House;
  outbox: Outbox;
  secret: Uint8Array;
  /** Changes what somebody wants. */
  want(userId: string, changes: Partial<MailPreferences>): void;
  /** An order of the customer's on a SIM of its own. */
  order(userId: string, service?: string): Order;
  /** Queues a test mail. */
  test(userId: string, about?: string): void;
  /** Looks for what is due, as after a commit. */
  look(): void;
  deliveries(): { topic: string; state: string; attempts: number; eventId: string | null; id: string }[];
  lastDetail(): string;
  stop(): Promise<void>;
}

export function mailHouse(
  to: { url: string; timeoutSeconds?: number } | { send: SendMail } | null,
  { log = silentLog, house = makeHouse() }: { log?: Log; house?: House } = {},
): MailHouse {
  const { db, clock } = house;
  house.write((tx) => setMailOn(tx, to !== null));
  const secret = houseSecret(db, 'links', seededRandom(99), clock.nowMs());
  const door = openDoor(db, clock.nowMs, log);
  const timers = startTimers(clock, log);
  const links = { publicUrl: PUBLIC_URL, secret };
  const target = to !== null && 'url' in to ? parseSmtpUrl(to.url) : null;
  const send = to === null ? null : 'send' in to ? to.send : target && smtpTransport(target, to.timeoutSeconds ?? 5);
  const couriers = send
    ? [
        mailCourier({
          db,
          clock,
          log,
          links,
          nameOf: (service) => serviceName(service, house.terms.rules()),
          from: FROM,
          retrySeconds: null,
          send,
        }),
      ]
    : [];
  const outbox = startOutbox({ db, door, clock, timers, log, chance: () => 0.5 }, couriers);
  let sims = 0;
  return {
    ...{ house, outbox, secret },
    want: (userId, changes) => house.write((tx) => setMailPreferences(tx, userId, { ...mailPreferences(tx.db, userId), ...changes })),
    order(userId, service = 'telegram') {
      house.offer(service, 45);
      house.sim(++sims);
      return house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service, maxPriceMinor: null }));
    },
    test: (userId, about = '1') => void house.write((tx) => queueMail(tx, { kind: 'test', about: `${userId}:${about}`, userId })),
    look: () => outbox.look(),
    deliveries: () =>
      db
        .query<ReturnType<MailHouse['deliveries']>[number], []>(
          `SELECT topic, state, attempts, event_id AS eventId, id FROM deliveries WHERE channel = 'mail' ORDER BY seq`,
        )
        .all(),
    lastDetail: () =>
      db.query<{ detail: string }, []>('SELECT detail FROM delivery_attempts ORDER BY delivery_seq DESC, number DESC LIMIT 1').get()
        ?.detail ?? '',
    async stop() {
      timers.stop();
      await outbox.stop();
    },
  };
}
