import { describe, expect, test } from 'bun:test';
import { encodeDeliver } from '../../src/gsm/encode.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { ModemSnapshot, ReadPart, SourceListener } from '../../src/modem/source.ts';
import { ModemStatus } from '../../src/modem/status.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { deliveryCheck } from '../../src/status/delivery-check.ts';
import { DeliveryFigures, figureOf } from '../../src/status/delivery-figures.ts';
import { openLoop } from '../../src/status/loop.ts';
import { makeHouse, START_MS, seededRandom, TestClock } from '../support/house.ts';

const clock = new TestClock();
const nobody = { changed() {}, happened() {} } as unknown as SourceListener;
const modem = (n: number, more: Partial<ModemSnapshot> = {}): ModemSnapshot => ({
  ...new ModemStatus(`/dev/test${n}`, `/dev/test${n}`, { listener: nobody, log: silentLog, clock }).snapshot(),
  ...{ state: 'ready', lastSweepAtMs: START_MS - 40_000, virtual: true, number: `+44770090000${n}` },
  ...more,
});
const never = new AbortController().signal;
const checkOf = (modems: () => ModemSnapshot[], loop: Parameters<typeof deliveryCheck>[0]['loop'] = null) =>
  deliveryCheck({ snapshots: modems, sweepSeconds: 45, nowMs: clock.nowMs, monotonicMs: clock.monotonicMs, loop });

describe('whether an SMS would be read now', () => {
  const ready = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => modem(n));
  const with_ = (...others: ModemSnapshot[]) => [...ready.slice(others.length), ...others];
  test.each([
    ['all answer', ready, { ok: true, degraded: null }],
    ['one of eight is away', with_(modem(9, { state: 'failed' })), { ok: true, degraded: '7 of 8 modems answer' }],
    ['half of them', with_(...[1, 2, 3, 4].map((n) => modem(n, { state: 'gone' }))), { ok: true, degraded: '4 of 8 modems answer' }],
    ['fewer than half', with_(...[1, 2, 3, 4, 5].map((n) => modem(n, { state: 'gone' }))), { ok: false, why: '3 of 8 modems answer' }],
    [
      'ready by name, but no sweep for two minutes',
      ready.map((one) => ({ ...one, lastSweepAtMs: START_MS - 120_001 })),
      { ok: false, why: '0 of 8 modems answer' },
    ],
    ['those the operator took out do not count', with_(modem(9, { state: 'paused' })), { ok: true, degraded: null }],
    ['none at all', [], { ok: false, why: 'there is no modem' }],
  ])('%s', async (_, modems, found) => {
    expect(await checkOf(() => modems)(never)).toEqual(found as never);
  });

  test('a modem that is away for a day was taken away', async () => {
    const check = checkOf(() => [modem(1, { lastSweepAtMs: clock.nowMs() }), modem(2, { state: 'gone' }), modem(3, { state: 'gone' })]);
    expect((await check(never)).ok).toBe(false);
    clock.pass(24 * 3_600_000);
    expect(await check(never)).toEqual({ ok: true, degraded: null });
    clock.pass(START_MS - clock.ms);
  });

  test('an SMS that is lost fails its check; two in a row fail all until one arrives', async () => {
    let arrives = false;
    const check = checkOf(
      () => ready,
      async () => (arrives ? { ok: true, degraded: null } : { ok: false, why: 'lost' }),
    );
    const found: boolean[] = [];
    for (let n = 0; n < 24; n++) {
      if (n === 18) arrives = true;
      found.push((await check(never)).ok);
    }
    expect(found.map((ok, n) => (ok ? '' : n)).filter((n) => n !== '')).toEqual([3, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  });
});

describe('the SMS of the house to itself', () => {
  const house = makeHouse();
  const loop = openLoop({ db: house.db, random: seededRandom(2), nowMs: house.clock.nowMs });
  const stored: ReadPart[] = [];
  const watched = loop.watch({ ...nobody, store: async (parts) => void stored.push(...parts) } as SourceListener);
  const partOf = (sender: string, text: string): ReadPart => {
    const [part] = encodeDeliver({ sender, text, atMs: START_MS });
    return {
      iccid: '8944',
      imei: '1',
      slot: '/dev/test1',
      storage: 'SM',
      index: 1,
      pdu: part?.pdu ?? '',
      length: part?.length ?? null,
      stat: 0,
      how: 'urc',
      arrivedAtMs: START_MS,
      arrivedMonotonicMs: 0,
    };
  };
  let sent = '';
  const bank = (deliver: boolean) => ({
    snapshots: () => [modem(1)],
    sendVirtualSms: async ({ sender, text }: { number: string; sender: string; text: string }) => {
      sent = text;
      if (deliver) await watched.store([partOf('Telegram', 'Telegram code 12345'), partOf(sender, text)]);
      return { ok: true as const, parts: 1 };
    },
  });

  test('is taken out before anything is stored, and nothing else is', async () => {
    expect(await loop.send(bank(true), never)).toEqual({ ok: true, degraded: null });
    expect(stored.length).toBe(1);
    expect(sent.length).toBeLessThan(161);
  });
  test('is lost when its time is over; read after a restart it is still known', async () => {
    expect(await loop.send(bank(false), AbortSignal.timeout(20))).toEqual({
      ok: false,
      why: 'an SMS through /dev/test1 was not read in time',
    });
    const later = openLoop({ db: house.db, random: seededRandom(3), nowMs: house.clock.nowMs });
    await later
      .watch({ ...nobody, store: async (parts) => void stored.push(...parts) } as SourceListener)
      .store([partOf('SelfCheck', sent)]);
    expect(stored.length).toBe(1);
  });
  test('cannot be imitated: a stranger who knows its form is stored like anybody', async () => {
    const [body] = sent.split('.');
    await watched.store([partOf('SelfCheck', `${body}.${'A'.repeat(43)}`)]);
    expect(stored.length).toBe(2);
  });
});

const NOTHING = { sample: 0, medianMs: null, p95Ms: null };

describe('delivery times', () => {
  test('under five say nothing; median and 95th percentile by nearest rank', () => {
    expect(figureOf([1, 2, 3, 4])).toEqual({ sample: 4, medianMs: null, p95Ms: null });
    expect(figureOf([5, 1, 3, 2, 4])).toEqual({ sample: 5, medianMs: 3, p95Ms: 5 });
    expect(figureOf(Array.from({ length: 100 }, (_, index) => index + 1))).toEqual({ sample: 100, medianMs: 50, p95Ms: 95 });
  });

  test('are of messages pushed to who was connected, from the network on, by country', () => {
    const house = makeHouse();
    house.offer('telegram', 45);
    const anna = house.customer('anna@example.org', 10_000);
    const figures = new DeliveryFigures(house.db);
    for (let n = 1; n <= 7; n++) {
      const iccid = house.sim(n);
      house.write((tx) => placeOrder(tx, house.terms, { userId: anna, country: 'gb', service: 'telegram', maxPriceMinor: null }));
      house.clock.pass(5000);
      house.receive({ iccid, sender: 'Telegram', text: `Telegram code 1234${n}`, networkAtMs: house.clock.ms - 2000 });
      const event =
        house.db.query<{ id: string }, []>(`SELECT id FROM events WHERE type = 'order.received' ORDER BY seq DESC LIMIT 1`).get()?.id ?? '';
      // The sixth customer came back after two minutes, the seventh asked by a poll.
      const pushedAtMs = house.clock.ms + (n === 6 ? 120_000 : n * 100);
      house.db.run(`INSERT INTO pushes VALUES ('${event}', '${n === 7 ? 'poll' : 'dashboard'}', ${pushedAtMs})`);
    }
    while (figures.read(house.clock.ms));
    expect(figures.figures().all.sample).toBe(0);
    house.clock.pass(70_000);
    while (figures.read(house.clock.ms));
    const figure = { sample: 5, medianMs: 2300, p95Ms: 2500 };
    expect(figures.figures()).toEqual({ all: figure, countries: [{ country: 'gb', ...figure }] });
    expect(figures.steps(START_MS - 60_000, 60_000, 3)).toEqual({ all: figure, steps: [NOTHING, figure, NOTHING] });
    expect(figures.steps(START_MS + 60_000, 60_000, 1).all.sample).toBe(0);
    house.clock.pass(31 * 86_400_000);
    figures.read(house.clock.ms);
    expect(figures.figures().all.sample).toBe(0);
  });
});
