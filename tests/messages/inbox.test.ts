import { expect, test } from 'bun:test';
import { judgePartial, PARTIAL_AFTER_MS, storeBatch, waitingMessages } from '../../src/messages/inbox.ts';
import { listSetAside, listUnmatched } from '../../src/messages/messages.ts';
import { decodePart } from '../../src/messages/parts.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { findOrder, messagesOfOrder } from '../../src/orders/view.ts';
import { makeHouse } from '../support/house.ts';

const LONG = `Your Telegram login code is 48213. ${'Do not give this code to anyone, even if they say they are from Telegram. '.repeat(4)}`;

function rented(service = 'telegram') {
  const house = makeHouse();
  const iccid = house.sim(1);
  house.offer(service, 45);
  const userId = house.customer('anna@example.org');
  const order = house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service, maxPriceMinor: null }));
  return { house, iccid, order, now: () => findOrder(house.db, order.id) };
}

test('reading a part again changes nothing', () => {
  const { house, iccid, order } = rented();
  const sms = { iccid, sender: 'Telegram', text: 'Telegram code: 48213' };
  expect(house.receive(sms)).toMatchObject({ stored: 1, duplicates: 0, matched: 1 });
  expect(house.receive({ ...sms, how: 'sweep' })).toMatchObject({ stored: 0, duplicates: 1, matched: 0 });
  expect(messagesOfOrder(house.db, order.id)).toHaveLength(1);
  expect(house.db.query('SELECT 1 FROM events WHERE type = ?').all('order.received')).toHaveLength(1);
});

test('the parts of a long message are joined in any order and judged once whole', () => {
  const { house, iccid, order, now } = rented();
  const sms = { iccid, sender: 'Telegram', text: LONG, ref: 7 };
  expect(house.receive({ ...sms, only: [1] })).toMatchObject({
    stored: 1,
    matched: 0,
    waiting: [{ atMs: house.clock.nowMs() + PARTIAL_AFTER_MS }],
  });
  expect(now()?.status).toBe('pending');
  house.receive({ ...sms, only: [2, 3] });
  expect(house.receive({ ...sms, only: [0] }).matched).toBe(1);
  expect(now()).toMatchObject({ status: 'received', code: '48213' });
  expect(messagesOfOrder(house.db, order.id).map((message) => message.text)).toEqual([LONG]);
});

test('a message whose rest does not come is judged as far as it came, and completed later without a second event', () => {
  const { house, iccid, order, now } = rented();
  const sms = { iccid, sender: 'Telegram', text: LONG, ref: 7 };
  house.receive({ ...sms, only: [0] });
  const [waiting] = waitingMessages(house.db);
  expect(waiting?.atMs).toBe(house.clock.nowMs() + PARTIAL_AFTER_MS);
  house.clock.pass(PARTIAL_AFTER_MS);
  expect(house.write((tx) => judgePartial(tx, house.terms, waiting?.messageId ?? ''))).toBe(true);
  expect(now()).toMatchObject({ status: 'received', code: '48213' });
  expect(waitingMessages(house.db)).toEqual([]);
  house.receive({ ...sms, only: [1, 2, 3] });
  expect(messagesOfOrder(house.db, order.id).map((message) => message.text)).toEqual([LONG]);
  expect(house.db.query('SELECT 1 FROM events WHERE type = ?').all('order.received')).toHaveLength(1);
});

test('the same reference used again with other content is another message', () => {
  const { house, iccid, order } = rented();
  const second = LONG.replace('48213', '99110');
  house.receive({ iccid, sender: 'Telegram', text: LONG, ref: 7 });
  house.clock.pass(1000);
  house.receive({ iccid, sender: 'Telegram', text: second, ref: 7 });
  expect(messagesOfOrder(house.db, order.id).map((message) => message.code)).toEqual(['99110', '48213']);
});

test('what is not valid for the order changes nothing for its customer and waits for the operator, without a code of its own', () => {
  const { house, iccid, now } = rented();
  const before = now();
  expect(house.receive({ iccid, sender: 'Google', text: 'G-482913 is your Google verification code.' })).toMatchObject({
    matched: 0,
    unmatched: 1,
  });
  expect(now()).toEqual(before);
  const [unmatched] = listUnmatched(house.db, { limit: 10, cursor: null });
  expect(unmatched).toMatchObject({ sender: 'Google', service: 'google' });
  expect(unmatched?.reason).toContain('Not valid for the telegram order');
});

test('what cannot be decoded is kept raw, counted, and stops nothing in its batch', () => {
  const { house, iccid, now } = rented();
  const read = (pdu: string, index: number) =>
    decodePart({
      iccid,
      imei: '001010000000019',
      slot: 's',
      storage: 'SM',
      index,
      pdu,
      length: null,
      stat: 1,
      how: 'urc',
      arrivedAtMs: house.clock.nowMs(),
      arrivedMonotonicMs: 0,
    });
  house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 48213' });
  const batch = house.write((tx) => storeBatch(tx, house.terms, [read('0004', 1), read('ZZ', 2), read('', 3)]));
  expect(batch).toMatchObject({ stored: 3, setAside: 3 });
  expect(listSetAside(house.db, 10).map((part) => part.pdu)).toEqual(['', 'ZZ', '0004']);
  expect(listSetAside(house.db, 10).every((part) => part.reason !== '')).toBe(true);
  expect(now()?.status).toBe('received');
});

test('an older message read late does not replace the newest code', () => {
  const { house, iccid, now } = rented();
  house.clock.pass(120_000);
  house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 22222' });
  house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 11111', how: 'sweep', networkAtMs: house.clock.nowMs() - 90_000 });
  expect(now()?.code).toBe('22222');
  house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 33333', how: 'sweep', networkAtMs: house.clock.nowMs() + 1000 });
  expect(now()?.code).toBe('33333');
});
