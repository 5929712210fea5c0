import { expect, test } from 'bun:test';
import { createKey } from '../../src/accounts/keys.ts';
import { setRate } from '../../src/rentals/rates.ts';
import { rent } from '../../src/rentals/rentals.ts';
import { messagesOfRental } from '../../src/rentals/view.ts';
import { adminHouse } from '../support/admin-house.ts';
import { DAY_MS, makeRoom } from './room.ts';

test('finds in sender, text and code, whatever the letters, and takes what is typed as it is', () => {
  const room = makeRoom();
  const rental = room.rent();
  const texts = ['Hello 100% sure', 'Привет, Мама', 'שלום 483920 הוא הקוד', 'x_y'];
  for (const text of texts) room.sms(text, 'ÄRZTE');
  const found = (search: string) => messagesOfRental(room.house.db, rental.id, { limit: 50, search }).map(({ text }) => text);
  expect(found('hello')).toEqual(['Hello 100% sure']);
  expect(found('привет')).toEqual(['Привет, Мама']);
  expect(found('МАМА')).toEqual(['Привет, Мама']);
  expect(found('שלום')).toEqual([texts[2] as string]);
  expect(found('ärzte')).toHaveLength(4);
  expect(found('%')).toEqual(['Hello 100% sure']);
  expect(found('_')).toEqual(['x_y']);
  expect(found('\\')).toEqual([]);
  expect(found("' OR 1=1 --")).toEqual([]);
  expect(found('\ud800')).toEqual([]);
});

test('a period is a range of the index of the rental', () => {
  const room = makeRoom();
  const rental = room.rent({ term: { unit: 'day', periods: 9 } });
  const startMs = room.house.clock.nowMs();
  for (const text of ['one', 'two', 'three']) {
    room.sms(text);
    room.house.clock.pass(DAY_MS);
  }
  const found = (fromMs: number | null, toMs: number | null) =>
    messagesOfRental(room.house.db, rental.id, { limit: 50, fromMs, toMs }).map(({ text }) => text);
  expect(found(startMs + DAY_MS, startMs + 2 * DAY_MS)).toEqual(['two']);
  expect(found(startMs + 1, null)).toEqual(['three', 'two']);
  expect(found(null, startMs)).toEqual([]);
  const [plan] = room.house.db
    .query<{ detail: string }, []>(
      "EXPLAIN QUERY PLAN SELECT id FROM messages WHERE rental_id = 'x' AND id >= 'a' AND id < 'b' ORDER BY id DESC LIMIT 1",
    )
    .all();
  expect(plan?.detail).toContain('messages_by_rental (rental_id=? AND id>? AND id<?)');
});

test('GET /api/v1/messages looks in one rental of one’s own', async () => {
  const s = adminHouse();
  const { house } = s;
  const iccid = house.sim(7);
  house.write((tx) => setRate(tx, 'gb', { hour: 80, day: null, week: null }));
  const [anna, ben] = [house.customer('anna@example.org', 500), house.customer('ben@example.org', 500)];
  const term = { unit: 'hour' as const, periods: 1 };
  const asked = { userId: anna, country: 'gb', service: null, term, startsAtMs: null, name: '', autoCapMinor: null, maxPriceMinor: null };
  const rental = house.write((tx) => rent(tx, house.terms, asked));
  for (const text of ['Dinner?', 'Lunch?']) house.receive({ iccid: rental.iccid || iccid, sender: 'Mum', text });
  const keyOf = (userId: string) =>
    house.write((tx) => createKey(tx, house.terms.random, { userId, name: 'x', scopes: ['messages:read'] })).secret;
  const [a, b] = [keyOf(anna), keyOf(ben)];
  const look = async (query: string, key = a) => {
    const answer = await s.get(`/api/v1/messages?${query}`, { cookie: '', authorization: `Bearer ${key}`, accept: 'application/json' });
    return { status: answer.status, texts: ((await answer.json()) as { data?: { text: string }[] }).data?.map(({ text }) => text) };
  };
  expect(await look(`rental_id=${rental.id}&q=DINNER`)).toEqual({ status: 200, texts: ['Dinner?'] });
  expect((await look(`rental_id=${rental.id}&from=2026-01-01`)).texts).toEqual(['Lunch?', 'Dinner?']);
  expect((await look(`rental_id=${rental.id}&q=dinner`, b)).texts).toEqual([]);
  expect((await look('q=dinner')).status).toBe(422);
  expect((await look(`rental_id=${rental.id}&from=yesterday`)).status).toBe(422);
});
