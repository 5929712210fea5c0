import { beforeAll, expect, test } from 'bun:test';
import { historyView } from '../../src/dashboard/present.ts';
import { findOrders, type OrderSearch } from '../../src/orders/search.ts';
import { type House, MINUTE_MS, makeHouse, START_MS } from '../support/house.ts';

const COUNT = 350;
let house: House;
let anna = '';
let bob = '';

/** 350 ended orders of anna, the oldest of them and every hundredth with something of its own, and one of bob that has it too. */
beforeAll(() => {
  house = makeHouse();
  anna = house.customer('anna@example.org');
  bob = house.customer('bob@example.org');
  const iccid = house.sim(1);
  const insert = house.db.query(
    `INSERT INTO orders (id, user_id, iccid, country, service, number, price_minor, currency, status, reason, created_at_ms, expires_at_ms, ended_at_ms, last_event, note, tags)
     VALUES ($id, $user, $iccid, 'gb', 'telegram', '+447700900001', 10, 'USD', $status, 'no_valid_sms', $at, $at + 1, $at + 1, '', $note, 'ci')`,
  );
  for (let n = 0; n < COUNT; n++) {
    const isMarked = n % 100 === 0;
    const [status, note] = isMarked ? ['canceled', 'gift for my aunt'] : ['expired', ''];
    insert.run({ id: idOf(n), user: anna, iccid, status, note, at: START_MS - (COUNT - n) * MINUTE_MS });
  }
  insert.run({ id: 'ord_b', user: bob, iccid, status: 'canceled', note: 'gift for my aunt', at: START_MS });
});

const idOf = (n: number) => `ord_a${String(n).padStart(4, '0')}`;
const MARKED = [300, 200, 100, 0].map(idOf);

/** A clock on which each look takes longer than a search may. */
const slow = () => {
  let ms = 0;
  return () => (ms += 25);
};
const quick = () => () => 0;

/** Every page of a search, one after the other. */
function pages(asked: Partial<OrderSearch>, clock: () => () => number, limit = 10): string[][] {
  const all: string[][] = [];
  let cursor: string | null = null;
  do {
    const { orders, goesOnAt } = findOrders(house.db, anna, { limit, cursor, ...asked }, clock());
    all.push(orders.map(({ id }) => id));
    cursor = orders.length === limit ? (orders.at(-1)?.id ?? null) : goesOnAt;
  } while (cursor !== null);
  return all;
}

test('with time enough a search finds everything at once', () => {
  expect(pages({ search: 'aunt' }, quick)).toEqual([MARKED]);
  expect(pages({ search: 'uncle' }, quick)).toEqual([[]]);
  expect(pages({ tag: 'ci', status: 'canceled' }, quick)).toEqual([MARKED]);
});

test('a search whose time is over says where it goes on, and going on finds each order once', () => {
  for (const asked of [{ search: 'aunt' }, { tag: 'ci', status: 'canceled' }, { search: 'aunt', status: 'canceled', tag: 'ci' }] as const) {
    const found = pages(asked, slow);
    expect(found.flat()).toEqual(MARKED);
    expect(found.length).toBe(4);
  }
  expect(pages({ search: 'uncle' }, slow)).toEqual([[], [], [], []]);
  expect(pages({ search: 'aunt' }, slow, 1).flat()).toEqual(MARKED);
});

test('an index is asked wherever there is one, however late it is', () => {
  expect(pages({ status: 'canceled' }, slow)).toEqual([MARKED]);
  expect(pages({ tag: 'ci' }, slow, 200).map(({ length }) => length)).toEqual([200, 150]);
});

test('what is typed is looked for as it is, in what the customer has alone', () => {
  expect(pages({ search: '%' }, quick)).toEqual([[]]);
  expect(findOrders(house.db, bob, { limit: 10, search: 'aunt' }, () => 0).orders.map(({ id }) => id)).toEqual(['ord_b']);
});

test('the history tells how far back it looked, and leads on from there', () => {
  const monotonicMs = slow();
  const clock = { nowMs: () => START_MS, monotonicMs };
  const asked = { status: null, tag: null, query: 'uncle', cursor: null };
  const view = historyView(house.db, house.terms, anna, clock, asked);
  expect(view).toMatchObject({ orders: [], nextCursor: idOf(250), searchedToMs: START_MS - 100 * MINUTE_MS });
  expect(historyView(house.db, house.terms, anna, { ...clock, monotonicMs: () => 0 }, asked)).toMatchObject({
    nextCursor: null,
    searchedToMs: null,
  });
});
