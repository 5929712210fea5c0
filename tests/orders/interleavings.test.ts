import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { auditLedger, balanceOf } from '../../src/ledger/ledger.ts';
import { Refusal } from '../../src/lib/errors.ts';
import { cancelOrder, endWindow, finishOrder, placeOrder, reportOrder } from '../../src/orders/orders.ts';
import { moneyAt } from '../../src/orders/state.ts';
import { ORDER_COLUMNS, type Order } from '../../src/orders/view.ts';
import { makeHouse } from '../support/house.ts';

const SERVICES = ['telegram', 'google', 'any'] as const;
const SMS = [
  { sender: 'Telegram', text: (code: number) => `Telegram code: ${code}` },
  { sender: 'Google', text: (code: number) => `G-${code} is your Google verification code.` },
  { sender: 'Discord', text: (code: number) => `Your Discord verification code is: ${code}` },
  { sender: '+447700900999', text: () => 'Your parcel comes tomorrow between 10 and 12.' },
];

const step = fc.oneof(
  fc.record({ kind: fc.constant('order' as const), user: fc.nat(2), service: fc.nat(2) }),
  fc.record({
    kind: fc.constant('message' as const),
    sim: fc.nat(1),
    sms: fc.nat(3),
    code: fc.integer({ min: 10_000, max: 999_999 }),
    late: fc.boolean(),
    agoMs: fc.nat(1_500_000),
    twice: fc.boolean(),
  }),
  fc.record({ kind: fc.constantFrom('cancel' as const, 'finish' as const, 'report' as const), order: fc.nat(30), user: fc.nat(2) }),
  fc.record({ kind: fc.constant('expire' as const), order: fc.nat(30) }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.oneof(fc.nat(60_000), fc.nat(1_300_000), fc.nat(5_000_000)) }),
);

/** Refusals are part of the game; anything else thrown is a bug. */
function attempt(work: () => void): void {
  try {
    work();
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
  }
}

test('whatever happens in whatever order: entries sum to zero, nobody is below zero, each order is captured or refunded exactly once, and no message reaches another tenant', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), fc.constantFrom(0, 60), (steps, quarantineMinutes) => {
      const house = makeHouse({ quarantineMinutes });
      const sims = [house.sim(1), house.sim(2)];
      for (const service of SERVICES) house.offer(service, 40);
      const users = ['a', 'b', 'c'].map((name) => house.customer(`${name}@example.org`, 150));
      const orders: string[] = [];
      for (const one of steps) {
        house.clock.pass(1);
        attempt(() => {
          if (one.kind === 'pass') house.clock.pass(one.ms);
          else if (one.kind === 'order') {
            const request = { userId: users[one.user] ?? '', country: 'gb', service: SERVICES[one.service] ?? 'any', maxPriceMinor: null };
            orders.push(house.write((tx) => placeOrder(tx, house.terms, request)).id);
          } else if (one.kind === 'message') {
            const sms = SMS[one.sms] ?? SMS[0];
            const networkAtMs = house.clock.nowMs() - (one.late ? one.agoMs : 0);
            const message = {
              iccid: sims[one.sim] ?? '',
              sender: sms?.sender ?? '',
              text: sms?.text(one.code) ?? '',
              how: one.late ? ('sweep' as const) : ('urc' as const),
              networkAtMs,
            };
            house.receive(message);
            if (one.twice) expect(house.receive(message).duplicates).toBe(1);
          } else {
            const orderId = orders[one.order % Math.max(orders.length, 1)] ?? 'none';
            if (one.kind === 'expire') house.write((tx) => endWindow(tx, house.terms, orderId));
            else {
              const verb = { cancel: cancelOrder, finish: finishOrder, report: reportOrder }[one.kind];
              house.write((tx) => verb(tx, house.terms, { userId: users[one.user] ?? '', orderId }));
            }
          }
        });
      }
      checkBooks(house, users);
      checkPrivacy(house);
    }),
    { numRuns: 400 },
  );
});

function checkBooks(house: ReturnType<typeof makeHouse>, users: readonly string[]): void {
  const { db } = house;
  expect(auditLedger(db)).toEqual([]);
  const orders = db.query<Order, []>(`SELECT ${ORDER_COLUMNS} FROM orders`).all();
  for (const userId of users) {
    const own = orders.filter((order) => order.userId === userId);
    const sum = (money: string) =>
      own.filter((order) => moneyAt(order.status) === money).reduce((total, order) => total + order.priceMinor, 0);
    const balance = balanceOf(db, userId, 'USD');
    expect(balance.availableMinor).toBe(150 - sum('held') - sum('captured'));
    expect(balance.heldMinor).toBe(sum('held'));
    expect(balance.availableMinor).toBeGreaterThanOrEqual(0);
  }
  for (const order of orders) {
    const ends = db
      .query<{ kind: string }, [string]>("SELECT kind FROM ledger_transactions WHERE order_id = ? AND kind <> 'hold'")
      .all(order.id);
    expect(ends.length).toBe(moneyAt(order.status) === 'held' ? 0 : 1);
  }
}

/** Each message given to an order came (or reached the network) inside its window, for its service, and orders of one SIM never overlapped for a service. */
function checkPrivacy(house: ReturnType<typeof makeHouse>): void {
  const given = house.db
    .query<
      {
        atMs: number;
        networkAtMs: number;
        text: string;
        live: number;
        service: string;
        createdAtMs: number;
        endMs: number;
        sameUser: number;
      },
      []
    >(
      `SELECT CASE m.live WHEN 1 THEN m.arrived_at_ms ELSE m.network_at_ms END AS atMs, m.network_at_ms AS networkAtMs, m.live, m.text, o.service, o.created_at_ms AS createdAtMs,
         min(o.expires_at_ms, coalesce(o.ended_at_ms, o.expires_at_ms)) AS endMs, m.user_id = o.user_id AS sameUser
       FROM messages m JOIN orders o ON o.id = m.order_id AND o.iccid = m.iccid`,
    )
    .all();
  for (const { atMs, networkAtMs, live, text, service, createdAtMs, endMs, sameUser } of given) {
    const tolerance = live === 1 ? 0 : 61_000;
    expect(atMs).toBeGreaterThanOrEqual(createdAtMs - tolerance);
    // A live one may come while its order is overdue, if the network took it before the expiry.
    expect(live === 1 ? Math.min(atMs, networkAtMs) : atMs).toBeLessThanOrEqual(endMs + tolerance);
    if (service !== 'any') expect(text.toLowerCase()).toContain(service);
    expect(sameUser).toBe(1);
  }
  const overlaps = house.db
    .query(
      `SELECT 1 FROM orders a JOIN orders b ON a.iccid = b.iccid AND a.id < b.id AND (a.service = b.service OR 'any' IN (a.service, b.service))
       WHERE b.created_at_ms < coalesce(a.ended_at_ms, 9e15) AND a.created_at_ms < coalesce(b.ended_at_ms, 9e15)`,
    )
    .all();
  expect(overlaps).toEqual([]);
}
