import { expect, test } from 'bun:test';
import { encodeDeliver } from '../../src/gsm/encode.ts';
import { storeBatch } from '../../src/messages/inbox.ts';
import { decodePart } from '../../src/messages/parts.ts';
import { finishOrder, placeOrder } from '../../src/orders/orders.ts';
import { makeHouse } from '../support/house.ts';

const TEXT = 'Telegram code: 48213. Do not give it to anybody.';

function scene(text = TEXT) {
  const house = makeHouse();
  const iccid = house.sim(1);
  const encoded = encodeDeliver({ sender: 'Telegram', text, atMs: house.clock.nowMs(), ref: 7 });
  /** Reads part `at` with the last `cut` octets missing, as from a bad line. */
  const read = (cut: number, at = 0, isSound = cut === 0, smsc = '') => {
    const { pdu: sent = '', length = 0 } = encoded[at] ?? {};
    const pdu = smsc === '' ? sent : `${smsc}${sent.slice(2 + 2 * Number.parseInt(sent.slice(0, 2), 16))}`;
    const part = decodePart({
      ...{ iccid, imei: '001010000000019', slot: '/dev/test1', storage: 'SM', index: at + 1, stat: 0, how: 'urc' },
      pdu: cut === 0 ? pdu : pdu.slice(0, -2 * cut),
      length: isSound ? length : null,
      arrivedAtMs: house.clock.nowMs(),
      arrivedMonotonicMs: house.clock.monotonicMs(),
    });
    house.write((tx) => storeBatch(tx, house.terms, [part]));
  };
  const messages = () => house.db.query<{ id: string; text: string }, []>('SELECT id, text FROM messages ORDER BY id').all();
  const parts = () => house.db.query<{ setAside: string | null }, []>('SELECT set_aside AS setAside FROM parts ORDER BY id').all();
  return { house, read, messages, parts };
}

test('a part read well after it was read damaged takes its place: one message, whole, under the same id', () => {
  const { read, messages } = scene();
  read(6);
  const [before] = messages();
  expect(TEXT.startsWith(before?.text ?? 'x')).toBe(true);
  expect(before?.text).not.toBe(TEXT);
  read(0);
  expect(messages()).toEqual([{ id: before?.id ?? '', text: TEXT }]);
});

test('a part read damaged after it was read well changes nothing', () => {
  const { read, messages } = scene();
  read(0);
  const before = messages();
  read(3);
  read(9);
  expect(messages()).toEqual(before);
  expect(before.map(({ text }) => text)).toEqual([TEXT]);
});

test('each part of a long message is mended by itself, and the order gets one message', () => {
  const long = `${TEXT} ${'Keep it to yourself. '.repeat(12)}`;
  const { house, read, messages } = scene(long);
  const anna = house.customer('anna@example.org');
  house.offer('telegram', 45);
  const { id } = house.write((tx) =>
    placeOrder(tx, house.terms, { userId: anna, country: 'gb', service: 'telegram', maxPriceMinor: null }),
  );
  read(2, 1);
  read(0, 0);
  read(4, 1);
  read(0, 1);
  expect(messages().map(({ text }) => text)).toEqual([long]);
  expect(house.db.query<{ n: number }, []>('SELECT count(*) AS n FROM messages WHERE order_id IS NOT NULL').get()?.n).toBe(1);
  expect(house.db.query<{ status: string }, { id: string }>('SELECT status FROM orders WHERE id = $id').get({ id })?.status).toBe(
    'received',
  );
});

test('of several damaged readings the one that holds more takes the place, also a whole one whose header alone was damaged', () => {
  const long = `${TEXT} ${'Keep it to yourself. '.repeat(12)}`;
  for (const readings of [
    [9, 0],
    [9, 4, 0],
    [0, 9, 4],
  ]) {
    const { read, messages } = scene(long);
    for (const cut of readings) read(cut, 0, false);
    read(0, 1);
    read(0, 0);
    expect(messages().map(({ text }) => text)).toEqual([long]);
  }
  const { read, messages } = scene(long);
  read(9, 0, false);
  read(0, 1);
  read(0, 0, false);
  read(0, 0);
  expect(messages().map(({ text }) => text)).toEqual([long]);
});

test('a damaged reading is known also when the network delivers the part again by another service centre', () => {
  const long = `${TEXT} ${'Keep it to yourself. '.repeat(12)}`;
  const other = '07914477790706F0';
  const mended = scene(long);
  mended.read(0, 0);
  mended.read(4, 1);
  mended.read(0, 1, true, other);
  mended.read(0, 1);
  expect(mended.messages().map(({ text }) => text)).toEqual([long]);
  const kept = scene(long);
  kept.read(0, 0);
  kept.read(0, 1, true, other);
  kept.read(4, 1);
  expect(kept.messages().map(({ text }) => text)).toEqual([long]);
});

test('a part cut within its header could be any of its message, so it is none of them, and stays', () => {
  const { read, parts } = scene(`${TEXT} ${'Keep it to yourself. '.repeat(16)}`);
  read(0, 0);
  read(140 - 5, 1);
  expect(parts()).toHaveLength(2);
  read(0, 1);
  read(0, 2);
  expect(parts().filter(({ setAside }) => setAside === null)).toHaveLength(3);
});

test('a damaged reading of what was read better is kept raw beside it', () => {
  const { read, parts } = scene();
  read(0);
  read(6);
  read(6);
  expect(parts().map(({ setAside }) => setAside)).toEqual([null, 'Damaged; the same part was read better before.']);
});

test('a better reading of what went to an order that has ended is kept raw and changes nothing', () => {
  const { house, read, parts, messages } = scene();
  const anna = house.customer('anna@example.org');
  house.offer('telegram', 45);
  const order = { userId: anna, country: 'gb', service: 'telegram', maxPriceMinor: null };
  const { id } = house.write((tx) => placeOrder(tx, house.terms, order));
  read(6);
  house.write((tx) => finishOrder(tx, house.terms, { userId: anna, orderId: id }));
  house.clock.pass(3_600_000);
  const before = messages();
  read(0);
  expect(messages()).toEqual(before);
  expect(parts().map(({ setAside }) => setAside)).toEqual([
    null,
    'A better reading of a part whose message went to an order or a rental that has ended.',
  ]);
});

test('what is looked up for each part goes by an index, however many parts were stored before', () => {
  const { house } = scene();
  const plan = (sql: string) => house.db.query<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${sql}`).all();
  const [damaged] = plan(
    "SELECT 1 FROM parts INDEXED BY parts_damaged WHERE imei = 'x' AND storage <> 'SM' AND tpdu_length IS NULL AND message_id IS NOT NULL",
  );
  expect(damaged?.detail).toContain('parts_damaged');
  const [others] = plan("SELECT 1 FROM messages WHERE iccid = 'x' AND arrived_at_ms > 1 AND sender = 'y'");
  expect(others?.detail).toContain('messages_by_sim');
});

test('another message of the same sender is not taken for it', () => {
  const { house, read, messages } = scene();
  read(6);
  house.clock.pass(1000);
  const other = encodeDeliver({ sender: 'Telegram', text: 'Telegram code: 99999.', atMs: house.clock.nowMs() });
  const { pdu = '', length = 0 } = other[0] ?? {};
  const part = decodePart({
    ...{ iccid: house.sim(1), imei: '001010000000019', slot: '/dev/test1', storage: 'SM', index: 2, stat: 0, how: 'urc', pdu, length },
    arrivedAtMs: house.clock.nowMs(),
    arrivedMonotonicMs: house.clock.monotonicMs(),
  });
  house.write((tx) => storeBatch(tx, house.terms, [part]));
  expect(messages().length).toBe(2);
});
