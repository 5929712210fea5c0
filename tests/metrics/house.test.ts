import { expect, test } from 'bun:test';
import { noPushes } from '../../src/evidence/pushes.ts';
import { houseMeters } from '../../src/metrics/house.ts';
import { Meters } from '../../src/metrics/meters.ts';
import { requestMeters } from '../../src/metrics/requests.ts';
import { wayMeters } from '../../src/metrics/way.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { queueDelivery } from '../../src/outbox/deliveries.ts';
import { adminHouse, snapshot } from '../support/admin-house.ts';
import { START_MS } from '../support/house.ts';

test('the house in trouble: modems, alarms, orders, stock and queues as they are at the scrape', async () => {
  const admin = adminHouse();
  const { house, bank, troubles, hub } = admin;
  const { db, clock, terms } = house;
  const anna = house.customer('anna@example.org');
  for (const n of [1, 2, 3]) house.sim(n);
  house.offer('telegram', 100);
  house.offer('whatsapp', 100);
  const alarm = { code: 'storage_full', text: 'full', sinceMs: START_MS } as const;
  bank.modems = [snapshot(1), snapshot(2, { state: 'failed', errors: 5, disconnects: 3, resets: 1 }), snapshot(3, { alarms: [alarm] })];
  house.write((tx) => placeOrder(tx, terms, { userId: anna, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  house.write((tx) => {
    const delivery = { channel: 'mail' as const, userId: anna, target: 'smtp', topic: 'test' };
    queueDelivery(tx, { ...delivery, id: 'now' });
    queueDelivery(tx, { ...delivery, id: 'later', notBeforeMs: START_MS + 3_600_000 });
  });
  house.receive({ iccid: house.sim(1), sender: 'Nobody', text: 'Hello' });
  troubles.failed('history', 'the disk is full');
  troubles.failed('history', 'the disk is full');
  troubles.failed('virtual_bank', 'it died');
  troubles.mended('virtual_bank');
  clock.pass(90_000);
  const meters = new Meters();
  houseMeters(meters, {
    ...{ db, terms, nowMs: clock.nowMs, snapshots: bank.snapshots, hub, troubles, timers: { size: 7 } },
    counts: () => ({ stored: 5, duplicates: 2, setAside: 1, matched: 3, unmatched: 1, failed: 0, loggedErrors: 9 }),
    outbox: { counts: { delivered: 4, retried: 3, failed: 2, broken: 1 } },
    pushes: { counts: { written: 1, dropped: 2 } },
    sockets: () => 11,
  });
  // Twice: what is read is said anew each time, not added up.
  await meters.text();
  const lines = (await meters.text()).split('\n');
  for (const line of [
    ...['smspin_modems{state="ready"} 2', 'smspin_modems{state="failed"} 1', 'smspin_modems{state="gone"} 0'],
    ...['smspin_modem_alarms{code="storage_full"} 1', 'smspin_modem_alarms{code="puk"} 0', 'smspin_modem_errors_total 9'],
    ...['smspin_modem_disconnects_total 5', 'smspin_modem_resets_total 1'],
    ...['smspin_message_parts_total{outcome="stored"} 4', 'smspin_message_parts_total{outcome="set_aside"} 1'],
    ...['smspin_messages_total{outcome="unmatched"} 1', 'smspin_log_errors_total 9', 'smspin_timers 7', 'smspin_sockets 11'],
    ...['smspin_orders_open{status="pending"} 1', 'smspin_orders_open{status="received"} 0', 'smspin_rentals_open{status="active"} 0'],
    ...['smspin_offers{country="gb"} 2', 'smspin_offers_in_stock{country="gb"} 2', 'smspin_stock{country="gb"} 3'],
    ...['smspin_outbox_waiting{channel="mail"} 2', 'smspin_outbox_waiting{channel="webhook"} 0'],
    ...['smspin_outbox_late_seconds{channel="mail"} 90', 'smspin_outbox_late_seconds{channel="webhook"} 0'],
    ...['smspin_outbox_attempts_total{outcome="broken"} 1', 'smspin_push_evidence_dropped_total 2', 'smspin_reviews_open 0'],
    ...['smspin_troubles{code="history"} 1', 'smspin_troubles{code="virtual_bank"} 0'],
    ...['smspin_trouble_failures_total{code="history"} 2', 'smspin_trouble_failures_total{code="virtual_bank"} 1'],
  ])
    expect(lines).toContain(line);
});

test('a message is followed to its customer by each way once, and the first of them ends the push', async () => {
  let nowMs = 0;
  const meters = new Meters();
  const way = wayMeters(meters, () => nowMs);
  const noted: string[] = [];
  const pushes = way.measured({ ...noPushes, note: (channel, ids) => void noted.push(`${channel} ${ids.join()}`) });
  const times = { arrivedMs: [0, 10], handedMs: 30, decodedMs: 31, begunMs: 33, storedMs: 34, judgedMs: 36, committedMs: 40 };
  way.committed({ ...times, told: [{ eventId: 'evt_1', arrivedMs: 10 }] });
  nowMs = 42;
  pushes.note('stream', ['evt_0', 'evt_1']);
  nowMs = 43;
  pushes.note('stream', ['evt_1']);
  pushes.note('dashboard', ['evt_1']);
  nowMs = 540;
  pushes.note('seen', ['evt_1']);
  // It is evidence all the same.
  expect(noted).toEqual(['stream evt_0,evt_1', 'stream evt_1', 'dashboard evt_1', 'seen evt_1']);
  const text = await meters.text();
  const sums = { read: 0.05, decode: 0.001, queue: 0.002, store: 0.001, judge: 0.002, commit: 0.004, push: 0.002, page: 0.5 };
  for (const [stage, sum] of Object.entries(sums)) {
    expect(text).toContain(`smspin_message_stage_seconds_sum{stage="${stage}"} ${sum}\n`);
    expect(text).toContain(`smspin_message_stage_seconds_count{stage="${stage}"} ${stage === 'read' ? 2 : 1}\n`);
  }
  for (const [channel, sum] of Object.entries({ stream: 0.032, dashboard: 0.033, seen: 0.53 }))
    expect(text).toContain(`smspin_delivery_seconds_sum{channel="${channel}"} ${sum}\n`);
});

test('of a flood of messages the newest are followed, and memory is bounded', async () => {
  const meters = new Meters();
  const way = wayMeters(meters, () => 2);
  const pushes = way.measured(noPushes);
  const times = { arrivedMs: [], handedMs: 1, decodedMs: 1, begunMs: 1, storedMs: 1, judgedMs: 1, committedMs: 1 };
  const ids = Array.from({ length: 6000 }, (_, n) => `evt_${n}`);
  for (const eventId of ids) way.committed({ ...times, told: [{ eventId, arrivedMs: 1 }] });
  pushes.note('stream', ids);
  expect(await meters.text()).toContain('smspin_delivery_seconds_count{channel="stream"} 5000\n');
});

test('a method that somebody made up makes no series of its own', async () => {
  const meters = new Meters();
  const { answered } = requestMeters(meters);
  for (let n = 0; n < 50; n++) answered({ method: `BREW${n}`, route: null, status: 405, ms: 1 });
  expect(await meters.text()).toContain('smspin_http_requests_total{method="other",route="none",status="405"} 50\n');
});
