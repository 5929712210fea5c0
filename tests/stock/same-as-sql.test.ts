import { expect, setDefaultTimeout, test } from 'bun:test';
import fc from 'fast-check';
import { openDoor } from '../../src/db/write.ts';
import { silentLog } from '../../src/lib/log.ts';
import { cancelOrder, finishOrder, placeOrder } from '../../src/orders/orders.ts';
import { findFreeSim, freeSimsSql, restParameters } from '../../src/sims/allocate.ts';
import { setSim } from '../../src/sims/correct.ts';
import { simOffline, simOnline } from '../../src/sims/sims.ts';
import { NOBODY, recordUses } from '../../src/sims/uses.ts';
import { openStock, type Stock, type Wanted } from '../../src/stock/stock.ts';
import { type House, makeHouse, testSim } from '../support/house.ts';

setDefaultTimeout(300_000);

const SERVICES = ['telegram', 'google', 'any', 'zorbla'] as const;
const COUNTRIES = ['gb', 'us'] as const;
const CARRIERS = ['test', 'o2'] as const;
const SIMS = 6;
const MINUTE_MS = 60_000;
const WINDOWS = [1, 20, 600];

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('order' as const), service: fc.nat(3), country: fc.nat(1), carrier: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('cancel' as const, 'code' as const, 'finish' as const), n: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('use' as const), sim: fc.nat(SIMS - 1), service: fc.nat(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('retire' as const, 'lift' as const), sim: fc.nat(SIMS - 1), service: fc.nat(3) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('off' as const, 'on' as const), sim: fc.nat(SIMS - 1) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('set' as const), sim: fc.nat(SIMS - 1), what: fc.nat(5), other: fc.nat(SIMS - 1) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('rental' as const), sim: fc.nat(SIMS - 1), inMinutes: fc.nat(300), service: fc.nat(4) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('begin' as const, 'end' as const), n: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('time' as const), minutes: fc.constantFrom(0.5, 3, 30, 61, 2000, -30, -0.5) }) },
);
/** `next undone`: the verb behind it in the same commit looked at the stock and is undone. `commit undone`: so is the whole commit, with what was kept of it before. */
const FATES = ['kept', 'kept', 'undone', 'next undone', 'commit undone'] as const;
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

test('the count in memory is what the SQL says, whatever happens, in transactions that are undone too', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(step, fc.constantFrom(...FATES)), { maxLength: 30 }),
      fc.constantFrom(0, 1),
      async (steps, reuseDays) => {
        const house = makeHouse({ reuseDays });
        const door = openDoor(house.db, house.clock.nowMs, silentLog);
        const stock = openStock(house.db, house.terms, door);
        const user = house.customer('anna@example.org', 100_000);
        for (let n = 0; n < SIMS; n++) house.sim(n + 1, at(COUNTRIES, n));
        for (const country of COUNTRIES) {
          for (const service of SERVICES) for (const carrier of ['', ...CARRIERS]) house.offer(service, 10, { country, carrier });
        }
        agree(house, stock);
        for (const [one, fate] of steps) {
          if (one.kind === 'time') house.clock.ms += one.minutes * MINUTE_MS;
          else if (fate === 'commit undone') door.rehearse(() => perform(house, stock, user, one, fate));
          else {
            const look = (): void => {
              agree(house, stock);
              throw new Error('undone');
            };
            const verbs = [
              door.write(() => perform(house, stock, user, one, fate)),
              ...(fate === 'next undone' ? [door.write(look).catch(() => {})] : []),
              // In the same commit: it must not see what the one before undid.
              door.write(() => agree(house, stock)),
            ];
            const settled = await Promise.allSettled(verbs);
            const [done, seen] = [settled[0], settled.at(-1)];
            expect(seen?.status === 'rejected' ? seen.reason : null).toBeNull();
            if (fate === 'undone') expect(done?.status).toBe('rejected');
          }
          agree(house, stock);
        }
      },
    ),
    { numRuns: 150 },
  );
});

/** One step in the transaction of its verb; `undone` throws at its end, after the stock was looked at. */
function perform(house: House, stock: Stock, userId: string, one: Step, fate: string): void {
  const tx = { db: house.db, nowMs: house.clock.nowMs(), afterCommit: () => {} };
  act(house, stock, userId, one, tx);
  agree(house, stock);
  if (fate === 'undone') throw new Error('undone');
}

function act(house: House, stock: Stock, userId: string, one: Step, tx: Parameters<typeof placeOrder>[0]): void {
  const { db } = house;
  const open = (status: string) =>
    db.query<{ id: string }, { status: string }>('SELECT id FROM orders WHERE status = $status ORDER BY id').all({ status });
  const iccid = 'sim' in one ? testSim(one.sim + 1).iccid : '';
  if (one.kind === 'order') {
    const request = { userId, country: at(COUNTRIES, one.country), service: at(SERVICES, one.service), maxPriceMinor: null };
    const carrier = at(['', ...CARRIERS], one.carrier);
    const wanted = { ...request, carrier, windowMinutes: 20 };
    if (findFreeSim(db, wanted, house.terms, tx.nowMs) !== null) placeOrder(tx, { ...house.terms, stock }, { ...request, carrier });
  } else if (one.kind === 'cancel') {
    const id = at(open('pending'), one.n)?.id;
    if (id !== undefined) cancelOrder(tx, house.terms, { userId, orderId: id });
  } else if (one.kind === 'finish') {
    const id = at(open('received'), one.n)?.id;
    if (id !== undefined) finishOrder(tx, house.terms, { userId, orderId: id });
  } else if (one.kind === 'code') {
    db.run(
      "UPDATE orders SET status = 'received', received_at_ms = $now WHERE id = (SELECT id FROM orders WHERE status = 'pending' LIMIT 1)",
      [tx.nowMs],
    );
  } else if (one.kind === 'use') recordUses(tx, { iccid, services: [at(SERVICES, one.service)], userId: NOBODY });
  else if (one.kind === 'retire' || one.kind === 'lift')
    retire(house, tx.nowMs, testSim(one.sim + 1).number ?? '', at(SERVICES, one.service), one.kind);
  else if (one.kind === 'on') simOnline(tx, { iccid });
  else if (one.kind === 'off') simOffline(tx, testSim(one.sim + 1));
  else if (one.kind === 'set') change(house, tx, iccid, one);
  else if (one.kind === 'rental') {
    db.run(
      `INSERT INTO rentals (id, user_id, iccid, number, country, service, status, reason, name, currency, price_minor, created_at_ms, starts_at_ms, ends_at_ms, last_event)
       SELECT 'r' || (SELECT count(*) FROM rentals), ?, iccid, coalesce(number, '+1'), 'gb', ?, 'scheduled', 'x', '', 'USD', 1, ?, ?, ?, 'e' FROM sims WHERE iccid = ?`,
      [
        userId,
        one.service === 4 ? null : at(SERVICES, one.service),
        tx.nowMs,
        tx.nowMs + one.inMinutes * MINUTE_MS,
        tx.nowMs + 900 * MINUTE_MS,
        iccid,
      ],
    );
  } else if (one.kind === 'begin' || one.kind === 'end') rental(house, tx.nowMs, one.kind);
}

function change(house: House, tx: Parameters<typeof placeOrder>[0], iccid: string, one: { what: number; other: number }): void {
  if (one.what === 0) setSim(tx, iccid, { carrier: at(CARRIERS, one.other) });
  else if (one.what === 1) setSim(tx, iccid, { country: at(COUNTRIES, one.other) });
  else if (one.what === 2)
    house.db.run("UPDATE sims SET state = CASE state WHEN 'active' THEN 'paused' ELSE 'active' END WHERE iccid = ?", [iccid]);
  else if (one.what === 3) house.db.run('UPDATE sims SET number_read = NULL, number_set = NULL WHERE iccid = ?', [iccid]);
  // A twin, which a card may bring by itself.
  else house.db.run('UPDATE sims SET number_set = ? WHERE iccid = ?', [testSim(one.other + 1).number, iccid]);
}

function retire({ db }: House, nowMs: number, number: string, service: string, kind: 'retire' | 'lift'): void {
  db.run(
    `INSERT INTO retired_numbers (number, service, reason, order_id, retired_at_ms) SELECT ?, ?, 'number_unusable', id, ? FROM orders LIMIT 1
     ON CONFLICT DO UPDATE SET lifted_at_ms = NULL`,
    [number, service, nowMs],
  );
  if (kind === 'lift') db.run('UPDATE retired_numbers SET lifted_at_ms = ? WHERE number = ?', [nowMs, number]);
}

function rental(house: House, nowMs: number, kind: 'begin' | 'end'): void {
  const [from, to] = kind === 'begin' ? ['scheduled', 'active'] : ['active', 'ended'];
  const free =
    "NOT EXISTS (SELECT 1 FROM orders o WHERE o.iccid = r.iccid AND o.ended_at_ms IS NULL) AND NOT EXISTS (SELECT 1 FROM rentals x WHERE x.status = 'active' AND (x.iccid = r.iccid OR x.number = r.number))";
  house.db.run(
    `UPDATE rentals SET status = ?, ended_at_ms = ? WHERE id = (SELECT id FROM rentals r WHERE status = ? ${kind === 'begin' ? `AND ${free}` : ''} ORDER BY id LIMIT 1)`,
    [to ?? '', kind === 'end' ? nowMs : null, from ?? ''],
  );
}

/** For every service, country, carrier and window the same number and the same SIM. */
function agree(house: House, stock: Stock): void {
  const { db, terms } = house;
  const nowMs = house.clock.nowMs();
  for (const country of COUNTRIES) {
    for (const service of SERVICES) {
      for (const carrier of ['', ...CARRIERS]) {
        for (const windowMinutes of WINDOWS) {
          const wanted: Wanted = { country, service, carrier, windowMinutes };
          const told = { wanted, count: stock.stockOf(wanted, nowMs), chosen: stock.choose(wanted, nowMs) };
          expect(told).toEqual({ wanted, count: bySql(house, wanted), chosen: findFreeSim(db, wanted, terms, nowMs) });
        }
      }
    }
  }
}

function bySql({ db, terms, clock }: House, wanted: Wanted): number {
  const sql = `SELECT count(*) AS free FROM sims s WHERE s.country = $country AND ($carrier = '' OR s.carrier = $carrier) AND ${freeSimsSql('$service', "''", '$windowMinutes')}`;
  const { country, service, carrier, windowMinutes } = wanted;
  return (
    db
      .query<{ free: number }, Wanted & ReturnType<typeof restParameters>>(sql)
      .get({ country, service, carrier, windowMinutes, ...restParameters(terms, clock.nowMs()) })?.free ?? -1
  );
}
