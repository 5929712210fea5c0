import { expect, setDefaultTimeout, test } from 'bun:test';
import fc from 'fast-check';
import { listOffers } from '../../src/catalogue/listing.ts';
import { openDoor, type Tx } from '../../src/db/write.ts';
import { auditLedger, balanceOf } from '../../src/ledger/ledger.ts';
import { silentLog } from '../../src/lib/log.ts';
import { setRate } from '../../src/rentals/rates.ts';
import { openStock } from '../../src/stock/stock.ts';
import { createBatch } from '../../src/vouchers/vouchers.ts';
import { type Sale, serveLine } from '../../src/waiting/line.ts';
import { makeHouse } from '../support/house.ts';
import { HOUR_PRICE, Market, PRICES, type Terms } from './model.ts';
import { move, type Scene, serveBoth } from './moves.ts';
import { SERVICES, SIMS, type Step, step, USERS, VOUCHER_MINOR, VOUCHER_MS } from './steps.ts';

setDefaultTimeout(600_000);

/** So many histories; more by hand, to search deeper: MARKET_RUNS=20000 bun test tests/market. */
const RUNS = Number(process.env['MARKET_RUNS'] ?? 120);

test('money, stock, who has which number and what ends when are as a small model of the market says, after every step', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }),
      fc.constantFrom(0, 30),
      fc.constantFrom(0, 1),
      async (steps, quarantineMinutes, reuseDays) => {
        const scene = openScene({ quarantineMinutes, reuseDays });
        for (const one of steps) {
          scene.house.clock.pass(1);
          scene.market.nowMs = scene.house.clock.nowMs();
          const { house, model } = await move(scene, one);
          expect({ step: one, came: house }).toEqual({ step: one, came: model });
          const line = await serveBoth(scene);
          expect({ step: one, served: line.house }).toEqual({ step: one, served: line.model });
          if (Array.isArray(line.model) && line.model.length > 0) seen.set('served', (seen.get('served') ?? 0) + 1);
          agree(scene, one);
          const what = `${one.kind} ${typeof model === 'string' ? model : 'done'}`;
          seen.set(what, (seen.get(what) ?? 0) + 1);
        }
      },
    ),
    { numRuns: RUNS },
  );
  if (process.env['MARKET_SEEN']) console.log(seen);
  // Each kind of move was made, and each refusal met: a history in which nothing happens agrees with anything.
  for (const what of EXPECTED) expect([what, (seen.get(what) ?? 0) > 0]).toEqual([what, true]);
});

const PURSE_MINOR = 170;

const EXPECTED = [
  ...['order done', 'order out_of_stock', 'order insufficient_balance', 'many done', 'many out_of_stock', 'many insufficient_balance'],
  ...['cancel done', 'cancel order_not_pending', 'finish done', 'report done', 'unusable done', 'extend done', 'extend cannot_extend'],
  ...['rent done', 'rent out_of_stock', 'rent insufficient_balance', 'extendRental done', 'endRental done', 'endRental rental_not_active'],
  ...['wait done', 'wait already_exists', 'leave done', 'leave too_late', 'served'],
  ...['voucher done', 'voucher voucher_used', 'topUp done', 'topUp reference_conflict', 'tell done', 'cancel not_found'],
];

function openScene(rest: Pick<Terms, 'quarantineMinutes' | 'reuseDays'>): Scene {
  const house = makeHouse({ ...rest, extendMinutes: 5 });
  const door = openDoor(house.db, house.clock.nowMs, silentLog);
  const counted = { ...house.terms, stock: openStock(house.db, house.terms, door) };
  const terms = { ...counted, beforeSale: (tx: Tx, sale: Sale) => void serveLine(tx, counted, sale) };
  const market = new Market({ ...house.terms }, SIMS, USERS);
  const users = Array.from({ length: USERS }, (_, n) => house.customer(`customer${n}@example.org`, PURSE_MINOR));
  for (const purse of market.purses) purse.availableMinor = PURSE_MINOR;
  const iccids = Array.from({ length: SIMS }, (_, n) => house.sim(n + 1));
  for (const service of SERVICES) house.offer(service, PRICES[service]);
  house.write((tx) => setRate(tx, 'gb', { hour: HOUR_PRICE }));
  const startMs = house.clock.nowMs();
  const batch = { count: 3, amountMinor: VOUCHER_MINOR, expiresAtMs: startMs + VOUCHER_MS, note: '', createdBy: null, formKey: null };
  const { codes: vouchers } = house.write((tx) => createBatch(tx, house.terms, batch));
  const write: Scene['write'] = (verb) => door.write(verb);
  const lists = { payments: [], credited: new Map<string, number>(), redeemed: new Set<number>() };
  return { house, terms, market, users, iccids, vouchers, startMs, write, ...lists };
}

function agree({ house, terms, market, users, iccids }: Scene, one: Step): void {
  const { db, clock } = house;
  const told = {
    purses: users.map((id) => balanceOf(db, id, 'USD')).map(({ availableMinor, heldMinor }) => ({ availableMinor, heldMinor })),
    orders: db.query('SELECT id, status, expires_at_ms AS expiresAtMs, iccid FROM orders ORDER BY id').all(),
    rentals: db.query('SELECT id, status, ends_at_ms AS endsAtMs, iccid FROM rentals ORDER BY id').all(),
    stock: stockOf(listOffers(db, terms, clock.nowMs())),
    counted: stockOf(listOffers(db, house.terms, clock.nowMs())),
    places: db.query('SELECT id, status FROM waiting_places ORDER BY id').all(),
    ledger: auditLedger(db),
  };
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  const stock = SERVICES.map((service) => [service, market.freeFor(service).length]).toSorted();
  expect({ step: one, ...told }).toEqual({
    step: one,
    purses: market.purses,
    orders: market.orders.map(({ id, status, expiresAtMs, sim }) => ({ id, status, expiresAtMs, iccid: iccids[sim] })).toSorted(byId),
    rentals: market.rentals.map(({ id, status, endsAtMs, sim }) => ({ id, status, endsAtMs, iccid: iccids[sim] })).toSorted(byId),
    places: market.places.map(({ id, status }) => ({ id, status })).toSorted(byId),
    ...{ stock, counted: stock, ledger: [] },
  });
}

function stockOf(offers: readonly { service: string; stock: number }[]): (string | number)[][] {
  return offers.map(({ service, stock }) => [service, stock]).toSorted();
}
