import { expect, test } from 'bun:test';
import { encodeDeliver } from '../../src/gsm/encode.ts';
import { judgePartial, PARTIAL_AFTER_MS, storeBatch, waitingMessages } from '../../src/messages/inbox.ts';
import { listSetAside, listUnmatched } from '../../src/messages/messages.ts';
import { decodePart } from '../../src/messages/parts.ts';
import { cancelOrder, placeOrder } from '../../src/orders/orders.ts';
import { findOrder, messagesOfOrder } from '../../src/orders/view.ts';
import { simIdentified, simOffline, simOnline } from '../../src/sims/sims.ts';
import { makeHouse, testSim } from '../support/house.ts';

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

test('a message whose rest does not come is judged as far as it came, and its customer is told when the rest completes it', () => {
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
  expect(house.db.query('SELECT 1 FROM events WHERE type = ?').all('order.received')).toHaveLength(2);
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

test('after the clock was set back an order of the future gets what comes live, one of the present only what comes after it', () => {
  const { house, iccid, now } = rented();
  const HOUR_MS = 3_600_000;
  house.clock.setForward(-HOUR_MS);
  expect(house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 48213' }).matched).toBe(1);
  expect(now()).toMatchObject({ status: 'received', code: '48213' });
  house.clock.setForward(HOUR_MS);
  const before = rented();
  expect(
    before.house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 48213', arrivedAtMs: before.house.clock.nowMs() - 1 }).matched,
  ).toBe(0);
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

test('a part that comes when its order has ended, or much later, is added to no other customer’s text', () => {
  const { house, iccid, order } = rented();
  house.offer('google', 30);
  const bob = house.customer('bob@example.org');
  const first = { iccid, sender: 'Gateway', text: `Your Telegram login code is 48213. ${'Keep it to yourself. '.repeat(12)}`, ref: 7 };
  house.receive({ ...first, only: [0] });
  house.clock.pass(PARTIAL_AFTER_MS);
  house.write((tx) => judgePartial(tx, house.terms, waitingMessages(house.db)[0]?.messageId ?? ''));
  const before = messagesOfOrder(house.db, order.id);
  expect(before).toHaveLength(1);
  house.clock.pass(10 * 60_000);
  const bobs = house.write((tx) => placeOrder(tx, house.terms, { userId: bob, country: 'gb', service: 'google', maxPriceMinor: null }));
  const second = {
    iccid,
    sender: 'Gateway',
    text: `${'Google never asks for it by phone. '.repeat(5)} Your Google verification code is G-482913.`,
    ref: 7,
  };
  house.receive({ ...second, only: [1] });
  house.receive({ ...second, only: [0] });
  expect(messagesOfOrder(house.db, order.id)).toEqual(before);
  expect(messagesOfOrder(house.db, bobs.id).map((message) => message.text)).toEqual([second.text]);
});

test('a code that came too late, or for nobody, uses the number up for its service', () => {
  const { house, iccid, order } = rented();
  house.offer('foobar', 30);
  house.offer('google', 30);
  const bob = house.customer('bob@example.org');
  house.write((tx) => cancelOrder(tx, house.terms, { userId: order.userId, orderId: order.id }));
  house.clock.pass(1000);
  expect(house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 48213' })).toMatchObject({ unmatched: 1 });
  expect(house.receive({ iccid, sender: 'Foobar', text: 'Your Foobar verification code is 555666' })).toMatchObject({ unmatched: 1 });
  house.clock.pass(61 * 60_000);
  const buy = (service: string) => () =>
    house.write((tx) => placeOrder(tx, house.terms, { userId: bob, country: 'gb', service, maxPriceMinor: null }));
  expect(buy('telegram')).toThrow('out_of_stock');
  expect(buy('foobar')).toThrow('out_of_stock');
  expect(buy('google')().status).toBe('pending');
});

test('a replacement card with the same number is as used as the old one', () => {
  const { house, iccid, order } = rented();
  house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 48213' });
  house.write((tx) => simOffline(tx, testSim(1)));
  const replacement = { ...testSim(1), iccid: '8944010000000009999' };
  house.write((tx) => simIdentified(tx, replacement, undefined));
  house.write((tx) => simOnline(tx, replacement));
  house.clock.pass(86_400_000);
  const bob = house.customer('bob@example.org');
  const buy = () =>
    house.write((tx) => placeOrder(tx, house.terms, { userId: bob, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  expect(buy).toThrow('out_of_stock');
  expect(order.number).toBe('+447700900001');
});

/** Service centre absent; the numbers are in the range for fiction, the stamp is the moment of the order. */
const SENT = '0C91447700091032';

test.each<[what: string, pdu: string, stat: number, reason: RegExp]>([
  ['a delivery report', `0006170C91447700091032${'{stamp}'}${'{stamp}'}00`, 0, /^A delivery report\.$/],
  ['a message written here', `000100${SENT}00000AE8329BFD4697D9EC37`, 0, /^A message written on this modem, not received\.$/],
  ['a message that lies there as sent', `0004${SENT}0000{stamp}{code}`, 3, /^A message written on this modem, not received\.$/],
  ['a WAP push of an MMS', `0044${SENT}0000{stamp}{ported}`, 0, /^Data for port 2948, not for a person\.$/],
  ['a WAP push in octets', `0044${SENT}0004{stamp}090605040B8423F04142`, 0, /^Binary content with no text to show\.$/],
  ['a silent message (type 0)', `0004${SENT}4000{stamp}{code}`, 0, /^A message for the SIM or for nobody, not for a person\.$/],
])('%s with a code in it reaches no customer, is kept once, and is shown to the operator with the reason', (_what, form, stat, reason) => {
  const { house, iccid, order, now } = rented('any');
  const { pdu: whole = '' } = encodeDeliver({ sender: '+447700900123', text: 'Your code is 48213', atMs: house.clock.nowMs() })[0] ?? {};
  const stamp = whole.slice(-2 * (1 + 16 + 7), -2 * (1 + 16));
  // The same text behind a header of two 16 bit ports: seven octets are eight septets (TS 23.040 9.2.3.24).
  const ported = `1A0605040B8423F0${whole.slice(-2 * 16)}`;
  const pdu = form
    .replaceAll('{stamp}', stamp)
    .replace('{code}', whole.slice(-2 * 17))
    .replace('{ported}', ported);
  const read = {
    iccid,
    imei: '001010000000019',
    slot: '/dev/test',
    storage: 'SM',
    index: 1,
    pdu,
    length: pdu.length / 2 - 1,
    stat,
  } as const;
  const at = { arrivedAtMs: house.clock.nowMs(), arrivedMonotonicMs: house.clock.monotonicMs() };
  const store = (how: 'urc' | 'sweep') => house.write((tx) => storeBatch(tx, house.terms, [decodePart({ ...read, ...at, how })]));
  expect(store('urc')).toMatchObject({ stored: 1, setAside: 1, matched: 0, unmatched: 0, waiting: [] });
  expect(store('sweep')).toMatchObject({ stored: 0, duplicates: 1 });
  expect(listSetAside(house.db, 10)).toMatchObject([{ pdu, reason: expect.stringMatching(reason) }]);
  expect([now()?.status, messagesOfOrder(house.db, order.id)]).toEqual(['pending', []]);
  expect(house.db.query('SELECT 1 FROM messages').all()).toEqual([]);
});
