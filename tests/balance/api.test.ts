import { expect, test } from 'bun:test';
import { createKey } from '../../src/accounts/keys.ts';
import { topUp } from '../../src/ledger/ledger.ts';
import { adminHouse } from '../support/admin-house.ts';

function scene() {
  const s = adminHouse();
  const { house } = s;
  const userId = house.customer('anna@example.org', 0);
  const { secret: key } = house.write((tx) => createKey(tx, house.terms.random, { userId, name: 'test', scopes: ['balance:read'] }));
  for (const amountMinor of [100, 200, 300]) {
    house.write((tx) => topUp(tx, house.terms, { userId, amountMinor, reference: null }));
    house.clock.pass(86_400_000);
  }
  const ledger = async (query = '') => {
    const answer = await s.get(`/api/v1/ledger${query}`, { cookie: '', authorization: `Bearer ${key}`, accept: 'application/json' });
    return {
      status: answer.status,
      body: (await answer.json()) as { data: Record<string, unknown>[]; next_cursor: string | null; detail: string },
    };
  };
  return { ledger };
}

test('GET /api/v1/ledger tells the balance after each movement, whatever is left out', async () => {
  const { ledger } = scene();
  const { body } = await ledger();
  const figures = (data: Record<string, unknown>[]) => data.map((line) => [line['available'], line['available_after'], line['held_after']]);
  expect(figures(body.data)).toEqual([
    [300, 600, 0],
    [200, 300, 0],
    [100, 100, 0],
  ]);
  expect(figures((await ledger('?from=2026-11-23&to=2026-11-24T00:00:00Z')).body.data)).toEqual([[200, 300, 0]]);
  expect(figures((await ledger('?kind=top_up&limit=1')).body.data)).toEqual([[300, 600, 0]]);
  const { next_cursor: cursor } = (await ledger('?limit=1')).body;
  expect(figures((await ledger(`?limit=1&cursor=${cursor}`)).body.data)).toEqual([[200, 300, 0]]);
  expect((await ledger('?kind=refund')).body.data).toEqual([]);
});

test('GET /api/v1/ledger refuses what is no filter, and says what is', async () => {
  const { ledger } = scene();
  for (const query of ['?kind=gift', '?from=yesterday', '?from=2026-02-30', '?from=2026-11-23&to=2026-11-22']) {
    const { status, body } = await ledger(query);
    expect([query, status]).toEqual([query, 422]);
    expect(body.detail.length).toBeGreaterThan(10);
  }
});
