import type { Database } from 'bun:sqlite';
import { listOffers } from '../catalogue/listing.ts';
import type { Troubles } from '../lib/troubles.ts';
import type { Hub } from '../live/hub.ts';
import type { InboxCounts } from '../messages/listener.ts';
import type { AlarmCode, ModemSnapshot, ModemState } from '../modem/source.ts';
import type { OrderTerms } from '../orders/orders.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Labels, Meters, Sample } from './meters.ts';

/** What the house knows anyway. */
export interface HouseSources {
  db: Database;
  terms: OrderTerms;
  nowMs(): number;
  snapshots(): readonly ModemSnapshot[];
  counts(): InboxCounts & { loggedErrors: number };
  outbox: Pick<Outbox, 'counts'>;
  hub: Pick<Hub, 'counts'>;
  troubles: Troubles;
  timers: { readonly size: number };
  /** Evidence of pushes that could not be kept. */
  pushes: { readonly counts: { written: number; dropped: number } };
  sockets(): number;
}

/** Whoever adds one is told by the compiler to add it here, so that its series begins at 0. */
const MODEM_STATES = keysOf<ModemState>({
  ...{ opening: 0, initialising: 0, sim_missing: 0, pin_required: 0, puk_required: 0 },
  ...{ sweeping: 0, ready: 0, failed: 0, paused: 0, gone: 0 },
});
const ALARM_CODES = keysOf<AlarmCode>({
  ...{ storage_filling: 0, storage_full: 0, damaged_message: 0, unlistable: 0, silent_announcements: 0, denied: 0 },
  ...{ pin: 0, puk: 0, unplugging: 0, unresponsive: 0, cloned_imei: 0 },
});

function keysOf<T extends string>(all: Record<T, 0>): readonly T[] {
  return Object.keys(all) as T[];
}

/** The state of the house at the moment of a scrape: nothing here costs anything in between. */
export function houseMeters(meters: Meters, house: HouseSources): void {
  modems(meters, house);
  messages(meters, house);
  sales(meters, house);
  queues(meters, house);
  troubles(meters, house);
}

function modems(meters: Meters, { snapshots }: HouseSources): void {
  meters.gauge({ name: 'smspin_modems', help: 'Modems by state.', labels: ['state'] }, () =>
    tally(
      'state',
      MODEM_STATES,
      snapshots().map(({ state }) => state),
    ),
  );
  meters.gauge({ name: 'smspin_modem_alarms', help: 'Standing alarms of modems by code.', labels: ['code'] }, () =>
    tally<AlarmCode>(
      'code',
      ALARM_CODES,
      snapshots().flatMap(({ alarms }) => alarms.map(({ code }) => code)),
    ),
  );
  const sum = (read: (modem: ModemSnapshot) => number) => snapshots().reduce((total, modem) => total + read(modem), 0);
  meters.total({ name: 'smspin_modem_errors_total', help: 'Timeouts, garbage and refused commands of all modems.' }, () => [
    [{}, sum(({ errors }) => errors)],
  ]);
  meters.total({ name: 'smspin_modem_disconnects_total', help: 'Times a port went away.' }, () => [
    [{}, sum(({ disconnects }) => disconnects)],
  ]);
  meters.total({ name: 'smspin_modem_resets_total', help: 'Times a modem was restarted by the house.' }, () => [
    [{}, sum(({ resets }) => resets)],
  ]);
}

function messages(meters: Meters, { counts }: HouseSources): void {
  meters.total({ name: 'smspin_message_parts_total', help: 'Parts of SMS by what became of them at storing.', labels: ['outcome'] }, () => {
    const { stored, duplicates, setAside, failed } = counts();
    const outcomes = { stored: stored - setAside, duplicate: duplicates, set_aside: setAside, failed };
    return Object.entries(outcomes).map(([outcome, count]) => [{ outcome }, count] as const);
  });
  meters.total(
    { name: 'smspin_messages_total', help: 'Messages by whether somebody got them when they came.', labels: ['outcome'] },
    () => [
      [{ outcome: 'matched' }, counts().matched],
      [{ outcome: 'unmatched' }, counts().unmatched],
    ],
  );
  meters.total({ name: 'smspin_log_errors_total', help: 'Lines of level error in the log.' }, () => [[{}, counts().loggedErrors]]);
}

function sales(meters: Meters, { db, terms, nowMs }: HouseSources): void {
  const grouped = (sql: string) => db.query<{ name: string; count: number }, []>(sql).all();
  meters.gauge({ name: 'smspin_orders_open', help: 'Open orders by status.', labels: ['status'] }, () =>
    named(
      'status',
      ['pending', 'received'],
      grouped("SELECT status AS name, count(*) AS count FROM orders WHERE status IN ('pending', 'received') GROUP BY status"),
    ),
  );
  meters.gauge({ name: 'smspin_rentals_open', help: 'Rentals that run or are booked.', labels: ['status'] }, () =>
    named(
      'status',
      ['scheduled', 'active'],
      grouped("SELECT status AS name, count(*) AS count FROM rentals WHERE status IN ('scheduled', 'active') GROUP BY status"),
    ),
  );
  const labels = ['country'];
  // Counted once for the three that tell of it, which are read one after the other.
  let offers: Map<string, { offers: number; inStock: number; stock: number }> = new Map();
  meters.gauge({ name: 'smspin_offers', help: 'Offers by country.', labels }, () => {
    offers = new Map();
    for (const { country, stock } of listOffers(db, terms, nowMs(), { carrier: '' })) {
      const known = offers.get(country) ?? { offers: 0, inStock: 0, stock: 0 };
      known.offers++;
      if (stock > 0) known.inStock++;
      known.stock = Math.max(known.stock, stock);
      offers.set(country, known);
    }
    return [...offers].map(([country, counted]) => [{ country }, counted.offers] as const);
  });
  meters.gauge({ name: 'smspin_offers_in_stock', help: 'Offers with at least one free number, by country.', labels }, () =>
    [...offers].map(([country, counted]) => [{ country }, counted.inStock] as const),
  );
  meters.gauge({ name: 'smspin_stock', help: 'Free numbers of the offer of a country that has most of them.', labels }, () =>
    [...offers].map(([country, counted]) => [{ country }, counted.stock] as const),
  );
}

function queues(meters: Meters, { db, nowMs, outbox, hub, timers, pushes, sockets }: HouseSources): void {
  const channels = ['webhook', 'mail'] as const;
  type Waiting = { name: string; count: number; oldestMs: number | null };
  // Counted once for the two that tell of it, which are read one after the other.
  let waiting: Waiting[] = [];
  const count = () =>
    db
      .query<Waiting, { now: number }>(
        `SELECT channel AS name, count(*) AS count,
           min(next_at_ms) FILTER (WHERE next_at_ms <= $now) AS oldestMs FROM deliveries WHERE state = 'waiting' GROUP BY channel`,
      )
      .all({ now: nowMs() });
  const labels = ['channel'];
  meters.gauge({ name: 'smspin_outbox_waiting', help: 'Webhooks and mails that wait to be sent, retries included.', labels }, () => {
    waiting = count();
    return named('channel', channels, waiting);
  });
  meters.gauge({ name: 'smspin_outbox_late_seconds', help: 'For how long the oldest one that may be sent has waited.', labels }, () =>
    named(
      'channel',
      channels,
      waiting.map(({ name, oldestMs }) => ({ name, count: oldestMs === null ? 0 : Math.max(0, nowMs() - oldestMs) / 1000 })),
    ),
  );
  meters.total({ name: 'smspin_outbox_attempts_total', help: 'Attempts to send, by outcome.', labels: ['outcome'] }, () => {
    const { delivered, retried, failed, broken } = outbox.counts;
    return Object.entries({ delivered, retried, failed, broken }).map(([outcome, count]) => [{ outcome }, count] as const);
  });
  const one = (sql: string) => db.query<{ count: number }, []>(sql).get()?.count ?? 0;
  meters.gauge({ name: 'smspin_reviews_open', help: 'Messages that wait for a person to decide about them.' }, () => [
    [{}, one("SELECT count(*) AS count FROM reviews WHERE state = 'open'")],
  ]);
  meters.gauge({ name: 'smspin_tickets_open', help: 'Questions of customers that wait for an answer.' }, () => [
    [{}, one("SELECT count(*) AS count FROM tickets WHERE state = 'open'")],
  ]);
  meters.gauge({ name: 'smspin_timers', help: 'Timers in the wheel: expiries, rentals, retries.' }, () => [[{}, timers.size]]);
  meters.gauge({ name: 'smspin_long_polls', help: 'Requests that wait for something new.' }, () => [[{}, hub.counts.waiting]]);
  meters.gauge({ name: 'smspin_sockets', help: 'Open WebSockets: streams, dashboards and the live bank.' }, () => [[{}, sockets()]]);
  meters.total({ name: 'smspin_events_published_total', help: 'Committed events handed to streams, polls and dashboards.' }, () => [
    [{}, hub.counts.published],
  ]);
  meters.total({ name: 'smspin_push_evidence_dropped_total', help: 'Times of pushes that could not be written down.' }, () => [
    [{}, pushes.counts.dropped],
  ]);
}

function troubles(meters: Meters, { troubles: all }: HouseSources): void {
  const labels = ['code'];
  meters.gauge({ name: 'smspin_troubles', help: 'Work of the house itself that fails at present, 1 for each.', labels }, () =>
    all.known().map(({ code, isStanding }) => [{ code }, isStanding ? 1 : 0] as const),
  );
  meters.total({ name: 'smspin_trouble_failures_total', help: 'How often work of the house itself failed.', labels }, () =>
    all.known().map(({ code, times }) => [{ code }, times] as const),
  );
}

/** How many of each; those that are none too, so that a series does not end where it is 0. */
function tally<T extends string>(label: string, always: readonly T[], all: readonly T[]): Sample[] {
  const counts = new Map<T, number>(always.map((one) => [one, 0]));
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].map(([one, count]): [Labels, number] => [{ [label]: one }, count]);
}

function named(label: string, always: readonly string[], rows: readonly { name: string; count: number }[]): Sample[] {
  const counts = new Map<string, number>([
    ...always.map((one) => [one, 0] as const),
    ...rows.map(({ name, count }) => [name, count] as const),
  ]);
  return [...counts].map(([one, count]): [Labels, number] => [{ [label]: one }, count]);
}
