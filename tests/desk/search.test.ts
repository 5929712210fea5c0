import type { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { deepen, SLICE } from '../../src/desk/bounded.ts';
import { type MessageSearch, messagesSql, searchMessages } from '../../src/desk/message-search.ts';
import { digitsOf } from '../../src/desk/numbers.ts';
import { type OrderSearch, ordersSql, searchOrders } from '../../src/desk/order-search.ts';
import { newId } from '../../src/lib/ids.ts';
import { makeHouse, START_MS, seededRandom } from '../support/house.ts';

const ORDERS: OrderSearch = {
  fromMs: null,
  toMs: null,
  id: null,
  userId: null,
  numbers: null,
  status: null,
  text: '',
  limit: 10,
  cursor: null,
};
const MESSAGES: MessageSearch = {
  ...{ fromMs: null, toMs: null, id: null, orderId: null, userId: null, cards: null },
  ...{ verdict: null, went: null, text: '', limit: 10, cursor: null },
};
const DAY = { fromMs: START_MS, toMs: START_MS + 86_400_000 };

/** Steps of a plan that read a whole table or index, or sort more than what was picked before. */
function careless(db: Database, sql: string, names: Record<string, string | number>, allowed: RegExp): string[] {
  return db
    .query<{ detail: string }, typeof names>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(names)
    .map(({ detail }) => detail)
    .filter((detail) => /^SCAN /.test(detail) && !allowed.test(detail));
}

// Subqueries that hold no more than what is examined; lists of numbers; open orders and messages of nobody, each an index of its own that holds nothing else.
const BOUNDED =
  /^SCAN (c|n|json_each|\(subquery-\d+\)|value|CONSTANT ROW|json_each VIRTUAL TABLE .*|orders USING (COVERING )?INDEX orders_open_by_user.*|messages USING COVERING INDEX messages_unmatched)$/;

test('no search of orders reads all of them', () => {
  const { db } = makeHouse();
  const searches: Partial<OrderSearch>[] = [
    ...[{}, DAY, { id: 'ord_1' }, { userId: 'usr_1' }, { userId: 'usr_1', status: 'expired' as const }, { numbers: ['+1', '+2'] }],
    ...[
      { status: 'pending' as const },
      { status: 'reported' as const },
      { text: 'x' },
      { userId: 'usr_1', numbers: ['+1'], text: 'x', ...DAY },
    ],
  ];
  for (const one of searches) {
    const { sql, names } = ordersSql({ ...ORDERS, ...one });
    expect([one, ...careless(db, sql.rows, names, BOUNDED), ...careless(db, sql.last, names, BOUNDED)]).toEqual([one]);
  }
});

test('no search of messages reads all of them', () => {
  const { db } = makeHouse();
  const searches: Partial<MessageSearch>[] = [
    ...[{}, DAY, { id: 'msg_1' }, { orderId: 'ord_1' }, { userId: 'usr_1', text: 'x' }, { cards: ['1', '2'], text: 'x', ...DAY }],
    ...[{ went: 'unmatched' as const }, { went: 'matched' as const }, { verdict: 'review' as const, text: 'x' }],
  ];
  for (const one of searches) {
    const { sql, names } = messagesSql({ ...MESSAGES, ...one });
    expect([one, ...careless(db, sql.rows, names, BOUNDED), ...careless(db, sql.last, names, BOUNDED)]).toEqual([one]);
  }
});

test('a check of plans finds a search that reads everything', () => {
  const { db } = makeHouse();
  expect(careless(db, "SELECT * FROM orders WHERE note LIKE 'x'", {}, BOUNDED)).toEqual(['SCAN orders']);
  expect(careless(db, "SELECT * FROM messages WHERE text LIKE 'x'", {}, BOUNDED)).toEqual(['SCAN messages']);
});

/** A house with that many ended orders and messages, one a second, every tenth of Berta. */
function full(count: number) {
  const house = makeHouse();
  const anna = house.customer('anna@example.org', 0);
  const berta = house.customer('berta@example.org', 0);
  const cards = [house.sim(1), house.sim(2)];
  const random = seededRandom(9);
  const order = house.db.prepare(
    `INSERT INTO orders (id, user_id, iccid, country, service, number, price_minor, currency, status, reason, created_at_ms, expires_at_ms, ended_at_ms, last_event, note)
     VALUES ($id, $userId, $iccid, 'gb', $service, $number, 40, 'USD', $status, 'x', $atMs, $atMs + 1, $atMs + 1, 'e', 'needle in a note')`,
  );
  const message = house.db.prepare(
    `INSERT INTO messages (id, iccid, sender, text, parts_have, parts_total, arrived_at_ms, stored_at_ms, live, verdict, confidence, reason, rule, order_id, user_id)
     VALUES ($id, $iccid, 'Telegram', $text, 1, 1, $atMs, $atMs, 1, $verdict, 1, 'because', 'rule', $orderId, $userId)`,
  );
  house.db.transaction(() => {
    for (let n = 0; n < count; n++) {
      const atMs = START_MS + n * 1000;
      const userId = n % 10 === 0 ? berta : anna;
      const id = newId('ord', atMs, random);
      const at = n % 2;
      order.run({
        id,
        userId,
        iccid: cards[at] ?? '',
        number: `+44770090000${at + 1}`,
        status: n === 3 ? 'reported' : 'expired',
        atMs,
        service: n === 5 ? 'needle 100%' : 'telegram',
      });
      const isHers = n % 3 === 0;
      message.run({
        ...{ id: newId('msg', atMs, random), iccid: cards[at] ?? '', text: n === 4 ? 'a needle_ of text' : `code ${n}`, atMs },
        ...{ verdict: isHers ? 'accept' : 'reject', orderId: isHers ? id : null, userId: isHers ? userId : null },
      });
    }
  })();
  return { ...house, anna, berta, cards };
}

/** All pages of a search. */
function all<S extends { cursor: string | null }, R>(
  search: S,
  find: (search: S) => { rows: R[]; nextCursor: string | null },
): { rows: R[]; pages: number } {
  const rows: R[] = [];
  let cursor: string | null = null;
  for (let pages = 1; pages < 200; pages++) {
    const found = find({ ...search, cursor });
    rows.push(...found.rows);
    if (found.nextCursor === null) return { rows, pages };
    cursor = found.nextCursor;
  }
  throw new Error('it never ends');
}

test('what is rare is found behind more than one slice, and nothing is shown twice or left out', () => {
  const { db, anna, berta, cards } = full(SLICE * 4);
  const orders = (one: Partial<OrderSearch>) => all({ ...ORDERS, ...one }, (search) => searchOrders(db, search));
  const first = searchOrders(db, { ...ORDERS, text: 'needle 100%' });
  expect([first.rows.length, first.lookedBackToMs]).toEqual([0, START_MS + SLICE * 3 * 1000]);
  expect(orders({ text: 'needle 100%' })).toMatchObject({ rows: [{ service: 'needle 100%' }], pages: 5 });
  expect(orders({ text: 'needle_100' }).rows).toEqual([]);
  expect(orders({ status: 'reported' }).rows).toMatchObject([{ status: 'reported' }]);
  expect(orders({ status: 'reported', userId: anna })).toMatchObject({ pages: 1, rows: [{ email: 'anna@example.org' }] });
  const ofBerta = orders({ userId: berta, limit: 100 });
  expect([ofBerta.rows.length, new Set(ofBerta.rows.map(({ id }) => id)).size, ofBerta.pages]).toEqual([200, 200, 2]);
  expect(orders({ numbers: ['+447700900001'], limit: 300 }).rows).toHaveLength(SLICE * 2);
  expect(orders({ fromMs: START_MS + 3000, toMs: START_MS + 6000 }).rows).toHaveLength(3);

  const messages = (one: Partial<MessageSearch>) => all({ ...MESSAGES, ...one }, (search) => searchMessages(db, search));
  expect(messages({ text: 'NEEDLE_' }).rows).toMatchObject([{ text: 'a needle_ of text' }]);
  const onCard = messages({ cards: cards.slice(0, 1), limit: 300 });
  expect([onCard.rows.length, new Set(onCard.rows.map(({ id }) => id)).size]).toEqual([SLICE * 2, SLICE * 2]);
  expect(onCard.rows.map(({ storedAtMs }) => storedAtMs)).toEqual(
    onCard.rows.map(({ storedAtMs }) => storedAtMs).toSorted((a, b) => b - a),
  );
  expect(messages({ cards, limit: 700 }).rows).toHaveLength(SLICE * 4);
  expect(messages({ cards, text: 'needle' }).rows).toMatchObject([{ verdict: 'reject' }]);
  expect(messages({ cards, went: 'matched', fromMs: START_MS, toMs: START_MS + 10_000 }).rows).toHaveLength(4);
  expect(messages({ went: 'unmatched', toMs: START_MS + 9000 }).rows).toHaveLength(6);
});

test('a page goes from slice to slice with a rest after each, and says how far it got where it stops', async () => {
  const { db } = full(SLICE * 4);
  let rests = 0;
  const breathe = async () => void rests++;
  const find = (one: Partial<OrderSearch>) => deepen({ ...ORDERS, ...one }, (slice) => searchOrders(db, slice), breathe);
  expect(await find({ text: 'needle 100%' })).toMatchObject({ rows: [{ service: 'needle 100%' }], nextCursor: null, lookedBackToMs: null });
  expect(rests).toBe(4);
  const many = await find({ text: 'telegram' });
  expect([many.rows.length, many.lookedBackToMs, many.nextCursor === null]).toEqual([10, null, false]);
  // A table that never ends: after forty slices it is enough, and the next page goes on there.
  let slices = 0;
  const step = ({ cursor }: OrderSearch) => ({ rows: [], nextCursor: String(Number(cursor ?? 0) + 1), lookedBackToMs: ++slices });
  expect(await deepen(ORDERS, step, breathe)).toEqual({ rows: [], nextCursor: '40', lookedBackToMs: 40 });
});

test('numbers are recognised as people write them, and words are none', () => {
  expect(['+44 7700 900-123', '07700 900123', '(07700) 900123', '900123'].map(digitsOf)).toEqual([
    '447700900123',
    '7700900123',
    '7700900123',
    '900123',
  ]);
  expect(['123', 'telegram', '+', 'G-123456', ''].map(digitsOf)).toEqual(Array(5).fill(null));
});
