import { expect, setDefaultTimeout, test } from 'bun:test';
import fc from 'fast-check';
import { auditLedger, balanceOf } from '../../src/ledger/ledger.ts';
import { Refusal } from '../../src/lib/errors.ts';
import { judgePartial, judgeWaiting, waitingMessages } from '../../src/messages/inbox.ts';
import type { SimIdentity } from '../../src/modem/source.ts';
import { placeOrders } from '../../src/orders/batch.ts';
import { awaitAnother, extendOrder } from '../../src/orders/extend.ts';
import { cancelOrder, endWindow, finishOrder, placeOrder } from '../../src/orders/orders.ts';
import { creditOutage, giveUpOutage } from '../../src/orders/outage.ts';
import { reportOrder } from '../../src/orders/reports.ts';
import { moneyAt, REPORT_REASONS } from '../../src/orders/state.ts';
import { findOrder, ORDER_COLUMNS, type Order } from '../../src/orders/view.ts';
import { addOutage, endOfTime } from '../../src/rentals/life.ts';
import { setRate } from '../../src/rentals/rates.ts';
import { changeRental, endRental, extendRental, rent } from '../../src/rentals/rentals.ts';
import { moneyOf } from '../../src/rentals/state.ts';
import { chargesOf, findRental, RENTAL_COLUMNS, type Rental } from '../../src/rentals/view.ts';
import { type Decided, deliverReview, dismissReview, relabelReview, undoReview } from '../../src/reviews/decisions.ts';
import { OPERATOR_RULE } from '../../src/reviews/items.ts';
import { simOffline, simOnline } from '../../src/sims/sims.ts';
import { type House, makeHouse, testSim } from '../support/house.ts';
import { type Away, type SentSms, seenBy, violation } from './oracle.ts';

setDefaultTimeout(300_000);

const HOUR_MS = 3_600_000;
const HOUR_PRICE = 30;
/** Of each customer, in minor units: enough for some orders, not for all. */
const PURSE = 400;

const SERVICES = ['telegram', 'google', 'any'] as const;
const LETTERS = 'bcdfghjkmn';
const FILLER = 'Keep it to yourself. '.repeat(9);
/** What comes, the services it may be read to speak for (null: it names none; `none`: it is no code), and what in it is like in no other. */
const SMS: { sender: string; meant: (string | null)[]; text(code: string): string; token?(code: string): string }[] = [
  { sender: 'Telegram', meant: ['telegram'], text: (code) => `Telegram code: ${code}` },
  { sender: 'Google', meant: ['google'], text: (code) => `G-${code} is your Google verification code.` },
  { sender: 'Discord', meant: ['discord'], text: (code) => `Your Discord verification code is: ${code}` },
  { sender: '+447700900999', meant: [null], text: (code) => `Your verification code is ${code}` },
  { sender: 'Acme', meant: [null], text: (code) => `Your verification code is ${code}` },
  {
    sender: '+447700900999',
    meant: ['google', 'telegram'],
    text: (code) => `Your code is ${code}\nhttps://google.com https://telegram.org`,
  },
  { sender: 'Acme', meant: ['google'], text: (code) => `Your Google verification code is ${code}. ${FILLER}` },
  // Its first part names no service; the rest does.
  { sender: 'Acme', meant: ['telegram', null], text: (code) => `Your verification code is ${code}. ${FILLER}Sent for Telegram` },
  {
    sender: '+447700900999',
    meant: ['none'],
    text: (code) => `Your parcel ${wordOf(code)} comes tomorrow between ten and twelve.`,
    token: wordOf,
  },
];

function wordOf(code: string): string {
  return [...code].map((digit) => LETTERS.charAt(Number(digit))).join('');
}

const weighted = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const step = fc.oneof(
  weighted(6, fc.record({ kind: fc.constant('order' as const), user: fc.nat(2), service: fc.nat(2) })),
  weighted(
    9,
    fc.record({
      kind: fc.constant('message' as const),
      sim: fc.nat(1),
      sms: fc.nat(SMS.length - 1),
      late: fc.boolean(),
      agoMs: fc.oneof(fc.nat(90_000), fc.nat(1_500_000)),
      twice: fc.boolean(),
      /** Of a long one only the first part comes. */
      cut: fc.boolean(),
    }),
  ),
  weighted(1, fc.record({ kind: fc.constantFrom('rest' as const, 'timer' as const) })),
  weighted(
    14,
    fc.record({
      kind: fc.constantFrom('deliver' as const, 'deliver' as const, 'dismiss' as const, 'relabel' as const, 'undo' as const),
      message: fc.nat(30),
      order: fc.nat(30),
      service: fc.nat(2),
    }),
  ),
  weighted(
    1,
    fc.record({ kind: fc.constantFrom('cancel' as const, 'finish' as const, 'report' as const), order: fc.nat(30), user: fc.nat(2) }),
  ),
  weighted(1, fc.record({ kind: fc.constant('expire' as const), order: fc.nat(30) })),
  weighted(
    4,
    fc.record({
      kind: fc.constant('rent' as const),
      user: fc.nat(2),
      service: fc.constantFrom(null, null, 'telegram', 'google'),
      hours: fc.integer({ min: 1, max: 3 }),
      auto: fc.boolean(),
    }),
  ),
  weighted(
    2,
    fc.record({
      kind: fc.constantFrom('extend' as const, 'endRental' as const, 'expireRental' as const, 'expireRental' as const),
      rental: fc.nat(30),
      user: fc.nat(2),
    }),
  ),
  weighted(1, fc.record({ kind: fc.constant('outage' as const), sim: fc.nat(1), ms: fc.nat(5_000_000) })),
  weighted(2, fc.record({ kind: fc.constantFrom('away' as const, 'back' as const, 'back' as const), sim: fc.nat(1) })),
  weighted(2, fc.record({ kind: fc.constantFrom('extendOrder' as const, 'another' as const), order: fc.nat(30), user: fc.nat(2) })),
  weighted(
    2,
    fc.record({
      kind: fc.constant('many' as const),
      user: fc.nat(2),
      service: fc.nat(2),
      count: fc.integer({ min: 1, max: 3 }),
      fewer: fc.boolean(),
    }),
  ),
  weighted(
    2,
    fc.record({
      kind: fc.constant('refused' as const),
      order: fc.nat(30),
      user: fc.nat(2),
      reason: fc.constantFrom('number_unusable' as const, ...REPORT_REASONS),
    }),
  ),
  weighted(2, fc.record({ kind: fc.constant('bound' as const), order: fc.nat(30) })),
  weighted(
    3,
    fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.oneof(...[60_000, 60_000, 60_000, 1_300_000, 5_000_000].map((most) => fc.nat(most))),
    }),
  ),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Refusals are part of the game; anything else thrown is a bug. */
function attempt(work: () => void): void {
  try {
    work();
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
  }
}

/** What operators decided to deliver, and what was sent: all that the oracle is told. */
interface Story {
  sent: SentSms[];
  delivered: Set<string>;
  /** When each SIM could not be read. */
  away: Away[];
}

test('whatever happens in whatever order: entries sum to zero, nobody is below zero, each order is captured or refunded exactly once, and no message reaches another tenant', () => {
  let delivered = 0;
  let inRentals = 0;
  const happened: Record<string, number> = {
    ...{
      "reason = 'modem_outage'": 0,
      'outage_ms > 0': 0,
      'extended_ms > 0': 0,
      "id IN (SELECT order_id FROM order_changes WHERE reason = 'another_code_asked')": 0,
    },
    "report_reason = 'number_unusable'": 0,
  };
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), fc.constantFrom(0, 60), (steps, quarantineMinutes) => {
      const house = makeHouse({ quarantineMinutes, extendMinutes: 5 });
      const users = ['a', 'b', 'c'].map((name) => house.customer(`${name}@example.org`, PURSE));
      const story = play(house, users, steps);
      delivered += story.delivered.size;
      inRentals += house.db.query<{ n: number }, []>('SELECT count(*) AS n FROM messages WHERE rental_id IS NOT NULL').get()?.n ?? 0;
      checkBooks(house, users);
      checkWindows(house);
      const count = (where: string) => house.db.query<{ n: number }, []>(`SELECT count(*) AS n FROM orders WHERE ${where}`).get()?.n ?? 0;
      for (const what of Object.keys(happened)) happened[what] = (happened[what] ?? 0) + count(what);
      checkPrivacy(house, story, quarantineMinutes);
    }),
    { numRuns: 400 },
  );
  // Operators' decisions are really part of it.
  expect(delivered).toBeGreaterThan(30);
  // And so are rentals.
  expect(inRentals).toBeGreaterThan(100);
  for (const [what, count] of Object.entries(happened)) expect([what, count > 3]).toEqual([what, true]);
});

function play(house: House, users: readonly string[], steps: readonly Step[]): Story {
  const { terms, clock } = house;
  const sims = [house.sim(1), house.sim(2)];
  for (const service of SERVICES) house.offer(service, 40);
  const operatorId = house.customer('operator@example.org', 0);
  house.write((tx) => setRate(tx, 'gb', { hour: HOUR_PRICE }));
  const orders: string[] = [];
  const rentals: string[] = [];
  const story: Story = { sent: [], delivered: new Set(), away: [] };
  const rests: (() => void)[] = [];
  /** Newest first: what operators look at is seldom old. */
  const messages = () => house.db.query<{ id: string; text: string }, []>('SELECT id, text FROM messages ORDER BY id DESC LIMIT 6').all();
  const act: { [K in Step['kind']]: (one: Extract<Step, { kind: K }>) => void } = {
    pass: ({ ms }) => clock.pass(ms),
    order: ({ user, service }) => {
      const request = { userId: users[user] ?? '', country: 'gb', service: SERVICES[service] ?? 'any', maxPriceMinor: null };
      orders.push(house.write((tx) => placeOrder(tx, terms, request)).id);
    },
    message: ({ sim, sms: kind, late, agoMs, twice, cut }) => {
      const sms = SMS[kind];
      if (!sms) return;
      const code = String(100_000 + story.sent.length * 7);
      const atMs = clock.nowMs() - (late ? agoMs : 0);
      const how = late ? ('sweep' as const) : ('urc' as const);
      const message = { iccid: sims[sim] ?? '', sender: sms.sender, text: sms.text(code), how, networkAtMs: atMs, ref: story.sent.length };
      const { iccid } = message;
      story.sent.push({
        token: sms.token?.(code) ?? code,
        iccid,
        meant: sms.meant,
        live: !late,
        readAtMs: clock.nowMs(),
        networkAtMs: atMs,
      });
      const only = cut ? [0] : [0, 1, 2, 3];
      house.receive({ ...message, only });
      if (twice) expect(house.receive({ ...message, only })).toMatchObject({ stored: 0 });
      if (cut) rests.push(() => house.receive({ ...message, only: [1, 2, 3] }));
    },
    rest: () => rests.shift()?.(),
    timer: () => {
      for (const { messageId, atMs } of waitingMessages(house.db))
        if (atMs <= clock.nowMs()) house.write((tx) => judgePartial(tx, terms, messageId));
    },
    ...decisions(),
    cancel: (one) => void house.write((tx) => cancelOrder(tx, terms, byCustomer(one))),
    finish: (one) => void house.write((tx) => finishOrder(tx, terms, byCustomer(one))),
    report: (one) => void house.write((tx) => reportOrder(tx, terms, byCustomer(one))),
    expire: ({ order }) =>
      house.write((tx) => {
        const { iccid } = findOrder(tx.db, orderAt(order)) ?? {};
        if (iccid !== undefined) judgeWaiting(tx, terms, iccid);
        endWindow(tx, terms, orderAt(order));
      }),
    rent: ({ user, service, hours, auto }) => {
      const request = {
        userId: users[user] ?? '',
        country: 'gb',
        service,
        term: { unit: 'hour' as const, periods: hours },
        startsAtMs: null,
      };
      const more = { name: '', autoCapMinor: auto ? HOUR_PRICE : null, maxPriceMinor: null };
      rentals.push(house.write((tx) => rent(tx, terms, { ...request, ...more })).id);
    },
    extend: ({ rental, user }) => {
      const term = { unit: 'hour' as const, periods: 1 };
      house.write((tx) => extendRental(tx, terms, { userId: users[user] ?? '', rentalId: rentalAt(rental), term, maxPriceMinor: null }));
    },
    endRental: ({ rental, user }) => {
      const request = { userId: users[user] ?? '', rentalId: rentalAt(rental), minReturnedMinor: null };
      house.write((tx) => endRental(tx, terms, request));
      house.write((tx) => changeRental(tx, { ...request, name: 'ended' }));
    },
    expireRental: ({ rental }) =>
      void house.write((tx) => {
        const { iccid } = findRental(tx.db, rentalAt(rental)) ?? {};
        if (iccid !== undefined) judgeWaiting(tx, terms, iccid);
        return endOfTime(tx, terms, rentalAt(rental));
      }),
    outage: ({ sim, ms }) => {
      goes(testSim(sim + 1));
      clock.pass(ms);
      // As the watch would: it looks at the bound, or is late.
      if (ms % 2 === 0) for (const id of orders) house.write((tx) => giveUpOutage(tx, terms, id));
      comes(testSim(sim + 1));
    },
    away: ({ sim }) => goes(testSim(sim + 1)),
    back: ({ sim }) => comes(testSim(sim + 1)),
    bound: ({ order }) => void house.write((tx) => giveUpOutage(tx, terms, orderAt(order))),
    extendOrder: (one) => void house.write((tx) => extendOrder(tx, terms, byCustomer(one))),
    another: (one) => void house.write((tx) => awaitAnother(tx, terms, byCustomer(one))),
    many: ({ user, service, count, fewer }) => {
      const request = { userId: users[user] ?? '', country: 'gb', service: SERVICES[service] ?? 'any', maxPriceMinor: null };
      const before = balanceOf(house.db, request.userId, 'USD').availableMinor;
      const batch = () => house.write((tx) => placeOrders(tx, terms, { ...request, count, fill: fewer ? 'available' : 'all' }));
      try {
        const { orders: placed, short } = batch();
        expect(new Set(placed.map(({ number }) => number)).size).toBe(placed.length);
        expect(short === null).toBe(placed.length === count);
        if (!fewer) expect(placed).toHaveLength(count);
        orders.push(...placed.map(({ id }) => id));
      } catch (thrown) {
        expect(balanceOf(house.db, request.userId, 'USD').availableMinor).toBe(before);
        throw thrown;
      }
    },
    refused: ({ reason, ...one }) => void house.write((tx) => reportOrder(tx, terms, { ...byCustomer(one), reason, text: 'it said no' })),
  };

  function goes(card: SimIdentity): void {
    const isOnline = house.db.query('SELECT 1 FROM sims WHERE iccid = ? AND online = 1').get(card.iccid) !== null;
    house.write((tx) => simOffline(tx, card));
    if (isOnline) story.away.push({ iccid: card.iccid, fromMs: clock.nowMs(), toMs: Number.POSITIVE_INFINITY });
  }

  function comes(card: SimIdentity): void {
    house.write((tx) => {
      const sinceMs = simOnline(tx, card);
      if (sinceMs === null) return;
      creditOutage(tx, terms, card.iccid, sinceMs);
      addOutage(tx, terms, card.iccid, sinceMs);
    });
    for (const one of story.away) if (one.iccid === card.iccid) one.toMs = Math.min(one.toMs, clock.nowMs());
  }

  for (const one of steps) {
    clock.pass(1);
    // Each kind of step has its own verb above.
    attempt(() => (act[one.kind] as (step: Step) => void)(one));
  }
  return story;

  function orderAt(index: number): string {
    return orders.at(-1 - (index % Math.max(Math.min(orders.length, 5), 1))) ?? 'none';
  }

  function rentalAt(index: number): string {
    return rentals.at(-1 - (index % Math.max(Math.min(rentals.length, 3), 1))) ?? 'none';
  }

  /** Mostly one on the SIM of the message: another is refused at once. */
  function orderFor(messageId: string, index: number): string {
    const on = house.db
      .query<{ id: string }, [string]>(
        'SELECT o.id FROM orders o JOIN messages m ON m.iccid = o.iccid WHERE m.id = ? ORDER BY o.id DESC LIMIT 3',
      )
      .all(messageId);
    return on[index % 4]?.id ?? orderAt(index);
  }

  function byCustomer({ order, user }: { order: number; user: number }) {
    return { userId: users[user] ?? '', orderId: orderAt(order) };
  }

  function decisions() {
    const asked = (index: number) => {
      const all = messages();
      const message = all[index % Math.max(all.length, 1)];
      const { token = 'none' } = story.sent.find((one) => message?.text.includes(one.token)) ?? {};
      return { operatorId, messageId: message?.id ?? 'none', code: token };
    };
    const noted = (decided: Decided, messageId: string) => {
      const row = house.db.query<{ rule: string }, [string]>('SELECT rule FROM messages WHERE id = ?').get(messageId);
      if (decided.ok && row?.rule === OPERATOR_RULE) story.delivered.add(messageId);
    };
    type Decision = Extract<Step, { kind: 'deliver' }>;
    return {
      deliver: ({ message, order }: Decision) => {
        const { messageId, ...rest } = asked(message);
        noted(
          house.write((tx) => deliverReview(tx, terms, { ...rest, messageId, orderId: orderFor(messageId, order) })),
          messageId,
        );
      },
      relabel: ({ message, service }: Decision) => {
        const { messageId, ...rest } = asked(message);
        noted(
          house.write((tx) => relabelReview(tx, terms, { ...rest, messageId, service: SERVICES[service] ?? 'any' })),
          messageId,
        );
      },
      dismiss: ({ message }: Decision) => void house.write((tx) => dismissReview(tx, terms, { ...asked(message), note: '' })),
      undo: ({ message }: Decision) => void house.write((tx) => undoReview(tx, terms, asked(message))),
    };
  }
}

function checkBooks(house: House, users: readonly string[]): void {
  const { db } = house;
  expect(auditLedger(db)).toEqual([]);
  const orders = db.query<Order, []>(`SELECT ${ORDER_COLUMNS} FROM orders`).all();
  const rentals = db.query<Rental, []>(`SELECT ${RENTAL_COLUMNS} FROM rentals`).all();
  for (const userId of users) {
    const rented = rentals.filter((rental) => rental.userId === userId);
    const rentSum = (money: string) =>
      rented.filter((rental) => moneyOf(rental) === money).reduce((total, { priceMinor }) => total + priceMinor, 0);
    const back = rented.reduce((total, rental) => total + returnedOf(house, rental), 0);
    const own = orders.filter((order) => order.userId === userId);
    const sum = (money: string) =>
      own.filter((order) => moneyAt(order.status) === money).reduce((total, order) => total + order.priceMinor, 0);
    const balance = balanceOf(db, userId, 'USD');
    expect(balance.availableMinor).toBe(PURSE - sum('held') - sum('captured') - rentSum('held') - rentSum('captured') + back);
    expect(balance.heldMinor).toBe(sum('held') + rentSum('held'));
    expect(balance.availableMinor).toBeGreaterThanOrEqual(0);
  }
  for (const order of orders) {
    const ends = db
      .query<{ kind: string }, [string]>("SELECT kind FROM ledger_transactions WHERE order_id = ? AND kind <> 'hold'")
      .all(order.id);
    expect(ends.length).toBe(moneyAt(order.status) === 'held' ? 0 : 1);
  }
}

/** Each window is as long as it was sold, extended once at most, with outages up to the bound; a refused number is sold to nobody for the service again. */
function checkWindows({ db }: House): void {
  const wrong = db
    .query(
      `SELECT * FROM orders WHERE extended_ms NOT IN (0, 300000) OR outage_ms > 1200000 OR expires_at_ms <> created_at_ms + 1200000 + extended_ms + outage_ms
         OR (awaiting_since_ms IS NOT NULL AND status <> 'received') OR (report_reason IS NOT NULL) <> (status = 'reported')
         OR (reason = 'modem_outage' AND status <> 'expired')`,
    )
    .all();
  expect(wrong).toEqual([]);
  const changes = db.query(
    `SELECT o.id FROM orders o WHERE extended_ms + outage_ms <> (SELECT sum(added_ms) FROM order_changes c WHERE c.order_id = o.id)`,
  );
  expect(changes.all()).toEqual([]);
  const resold = db.query(
    `SELECT o.id FROM orders o JOIN orders r ON r.number = o.number AND r.service = o.service AND r.report_reason IN ('number_unusable', 'already_registered')
     WHERE o.created_at_ms > r.ended_at_ms`,
  );
  expect(resold.all()).toEqual([]);
}

/** What must have gone back of a rental by the hour that its customer ended after a message: hours that had not begun. */
function returnedOf({ db }: House, rental: Rental): number {
  if (rental.reason !== 'ended_by_customer' || rental.firstMessageAtMs === null || rental.endedAtMs === null) return 0;
  const hours = chargesOf(db, rental.id).reduce((sum, { periods }) => sum + periods, 0);
  let whole = 0;
  while (whole < hours && rental.endsAtMs - rental.endedAtMs > (whole + 1) * HOUR_MS) whole++;
  return whole * HOUR_PRICE;
}

/** What customers see is what the oracle allows them, each message is one customer's, and orders of one SIM never overlapped for a service. */
function checkPrivacy(house: House, { sent, delivered, away }: Story, quarantineMinutes: number): void {
  const owners = new Map<string, string>();
  for (const { userId, messageId, text } of seenBy(house)) {
    expect(owners.get(messageId) ?? userId).toBe(userId);
    owners.set(messageId, userId);
    const of = sent.filter(({ token }) => text.includes(token));
    expect(of).toHaveLength(1);
    const [only] = of;
    const terms = { byOperator: delivered.has(messageId), quarantineMinutes, away };
    const violations = only?.meant.map((meant) => violation({ ...only, meant, readings: only.meant }, userId, house, terms)) ?? [];
    expect([text, violations.includes(null) ? null : violations]).toEqual([text, null]);
  }
  const overlaps = house.db
    .query(
      `SELECT 1 FROM orders a JOIN orders b ON a.iccid = b.iccid AND a.id < b.id AND (a.service = b.service OR 'any' IN (a.service, b.service))
       WHERE b.created_at_ms < coalesce(a.ended_at_ms, 9e15) AND a.created_at_ms < coalesce(b.ended_at_ms, 9e15)`,
    )
    .all();
  expect(overlaps).toEqual([]);
  const beside = house.db
    .query(
      `WITH t AS (SELECT id, iccid, user_id, created_at_ms AS a, coalesce(ended_at_ms, 9e15) AS z, 'order' AS kind FROM orders
         UNION ALL SELECT id, iccid, user_id, starts_at_ms, coalesce(ended_at_ms, 9e15), 'rental' FROM rentals WHERE status IN ('active', 'ended'))
       SELECT 1 FROM t r JOIN t o ON o.iccid = r.iccid AND o.id <> r.id
       WHERE r.kind = 'rental' AND o.a < r.z + CASE WHEN o.user_id = r.user_id AND o.kind = 'order' THEN 0 ELSE ? END AND r.a < o.z AND o.a <= 9e14`,
    )
    .all(quarantineMinutes * 60_000);
  expect(beside).toEqual([]);
}
