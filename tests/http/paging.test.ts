import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { createKey } from '../../src/accounts/keys.ts';
import { topUp } from '../../src/ledger/ledger.ts';
import { newId } from '../../src/lib/ids.ts';
import { adminHouse } from '../support/admin-house.ts';
import { seededRandom } from '../support/house.ts';

interface Page {
  data: { id: string }[];
  next_cursor: string | null;
}

function scene(seed: number) {
  const { house, app } = adminHouse();
  const random = seededRandom(seed);
  const anna = house.customer('anna@example.org', 0);
  const bob = house.customer('bob@example.org', 0);
  const iccid = house.sim(1);
  const { secret } = house.write((tx) => createKey(tx, random, { userId: anna, name: 'x', scopes: ['orders:read', 'balance:read'] }));
  const get = async (path: string) =>
    (await (
      await app.handle(new Request(`http://localhost/api/v1${path}`, { headers: { authorization: `Bearer ${secret}` } }))
    ).json()) as Page;
  const add = {
    ledger: (userId: string) => house.write((tx) => topUp(tx, house.terms, { userId, amountMinor: 1, reference: null })),
    orders: (userId: string) =>
      house.write((tx) =>
        tx.db
          .query(
            `INSERT INTO orders (id, user_id, iccid, country, service, number, price_minor, currency, status, reason, created_at_ms, expires_at_ms, ended_at_ms, last_event)
             VALUES ($id, $userId, $iccid, 'gb', 'telegram', '+447700900001', 1, 'USD', 'canceled', 'canceled_by_customer', $now, $now + 1, $now, 'evt_')`,
          )
          .run({ id: newId('ord', tx.nowMs, random), userId, iccid, now: tx.nowMs }),
      ),
  };
  return { house, anna, bob, get, add };
}

/** What happens before the next page is asked for: rows of mine and of another, after so many milliseconds; the clock may stand still or be set back. */
const between = fc.record({ mine: fc.nat(4), others: fc.nat(2), passMs: fc.integer({ min: -2000, max: 2000 }) });

test.each(['ledger', 'orders'] as const)(
  'whatever is added while somebody pages through the %s, each row that was there comes once',
  async (list) => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1000),
        fc.nat(25),
        fc.integer({ min: 1, max: 7 }),
        fc.array(between, { maxLength: 12 }),
        async (seed, count, limit, moves) => {
          const { house, anna, bob, get, add } = scene(seed + 1);
          for (let n = 0; n < count; n++) {
            add[list](anna);
            if (n % 3 === 0) house.clock.pass(1);
            if (n % 5 === 0) add[list](bob);
          }
          const before = (await get(`/${list}?limit=200`)).data.map(({ id }) => id);
          expect(before).toHaveLength(count);
          const seen: string[] = [];
          let cursor: string | null = '';
          for (let page = 0; cursor !== null; page++) {
            const body: Page = await get(`/${list}?limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`);
            expect(body.data.length).toBeLessThanOrEqual(limit);
            seen.push(...body.data.map(({ id }) => id));
            cursor = body.next_cursor;
            expect(cursor ?? 'c1.').toStartWith('c1.');
            const { mine, others, passMs } = moves[page] ?? { mine: 0, others: 0, passMs: 0 };
            house.clock.ms += passMs;
            for (let n = 0; n < mine; n++) add[list](anna);
            for (let n = 0; n < others; n++) add[list](bob);
          }
          expect(new Set(seen).size).toBe(seen.length);
          expect(seen.toSorted().toReversed()).toEqual(seen);
          expect(before.filter((id) => !seen.includes(id))).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  },
  60_000,
);

test('a cursor is good for any number of rows and is refused when it was changed', async () => {
  const { anna, get, add } = scene(1);
  for (let n = 0; n < 5; n++) add.ledger(anna);
  const { next_cursor: cursor } = await get('/ledger?limit=2');
  expect((await get(`/ledger?limit=200&cursor=${cursor}`)).data).toHaveLength(3);
  for (const changed of [`${cursor}A`, String(cursor).slice(0, -2), String(cursor).replace('c1.', 'c2.'), 'c1.', '..'])
    expect(await get(`/ledger?cursor=${encodeURIComponent(changed)}`)).toMatchObject({ type: 'validation', status: 422 });
});
