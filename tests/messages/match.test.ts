import { expect, test } from 'bun:test';
import { CLOCK_TOLERANCE_MS, matchMessage, type OrderWindow } from '../../src/messages/match.ts';

const T = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;

const window = (id: string, service: string, fromMinute: number, toMinute: number, endedMinute: number | null = null): OrderWindow => ({
  id,
  kind: 'order',
  userId: `user of ${id}`,
  service,
  createdAtMs: T + fromMinute * MINUTE,
  expiresAtMs: T + toMinute * MINUTE,
  endedAtMs: endedMinute === null ? null : T + endedMinute * MINUTE,
});
const BRANDLESS = { sender: '+447700900999', text: 'Your verification code is 482913' };
const telegram = { sender: 'Telegram', text: 'Telegram code: 48213' };
const live = (minute: number, sms = telegram) => ({
  ...sms,
  live: true,
  arrivedAtMs: T + minute * MINUTE,
  networkAtMs: T + minute * MINUTE,
});
const late = (minute: number | null, sms = telegram) => ({
  ...sms,
  live: false,
  arrivedAtMs: T + 500 * MINUTE,
  networkAtMs: minute === null ? null : T + minute * MINUTE,
});

const tolerance = CLOCK_TOLERANCE_MS / MINUTE;

test.each([
  ['live, inside the window', live(5), [window('a', 'telegram', 0, 20)], 'a'],
  ['live, to the millisecond of the expiry', live(20), [window('a', 'telegram', 0, 20)], 'a'],
  ['live, after the expiry of an order that is still open, sent after it too', live(22), [window('a', 'telegram', 0, 20)], null],
  [
    'live, after the expiry of an order that is still open, sent within the window',
    { ...live(25), networkAtMs: T + 19 * MINUTE },
    [window('a', 'telegram', 0, 20)],
    'a',
  ],
  ['live, no brand, the only order of the SIM', live(5, BRANDLESS), [window('a', 'google', 0, 20)], 'a'],
  [
    'live, no brand, another customer’s order beside it',
    live(5, BRANDLESS),
    [window('a', 'google', 0, 20), window('b', 'telegram', 0, 20)],
    null,
  ],
  [
    'live, no brand, another customer’s order just ended',
    live(5, BRANDLESS),
    [window('a', 'google', 0, 20), window('b', 'telegram', -9, 11, 4)],
    null,
  ],
  ['live, nobody there', live(5), [], null],
  ['live, only for an ended order', live(5), [window('a', 'telegram', 0, 20, 4)], null],
  ['live, another service was ordered', live(5), [window('a', 'google', 0, 20)], null],
  ['live, two services on one SIM', live(5), [window('a', 'google', 0, 20), window('b', 'telegram', 0, 20)], 'b'],
  ['live, any takes every sender', live(5), [window('a', 'any', 0, 20)], 'a'],
  ['late, inside the window by the network’s time', late(5), [window('a', 'telegram', 0, 20)], 'a'],
  ['late, no usable network time', late(null), [window('a', 'telegram', 0, 20)], null],
  ['late, sent to the tenant before', late(-30), [window('old', 'telegram', -40, -20, -25), window('a', 'telegram', 0, 20)], null],
  [
    'late, sent after the tenant before had ended and long before this one',
    late(-10),
    [window('old', 'telegram', -40, -20, -25), window('a', 'telegram', 0, 20)],
    null,
  ],
  ['late, clock a little behind ours', late(-tolerance / 2), [window('a', 'telegram', 0, 20)], 'a'],
  ['late, clock a little ahead at the expiry', late(20 + tolerance / 2), [window('a', 'telegram', 0, 20)], 'a'],
  ['late, beyond the tolerance', late(-tolerance * 1.5), [window('a', 'telegram', 0, 20)], null],
  [
    'late, between two tenants within the tolerance of both',
    late(0),
    [window('old', 'telegram', -20, -0.5, -0.5), window('a', 'telegram', 0.5, 20)],
    null,
  ],
  [
    'late, exactly in the window of an order canceled early',
    late(2),
    [window('old', 'telegram', 0, 20, 3), window('a', 'telegram', 3.5, 23)],
    null,
  ],
  [
    'late, exactly in this window though near the one before',
    late(1),
    [window('old', 'telegram', -20, 0, 0.5), window('a', 'telegram', 0.9, 20)],
    'a',
  ],
] as const)('%s', (_, message, orders, expected) => {
  expect(matchMessage(message, orders).tenant?.id ?? null).toBe(expected);
});

const UNCLEAR = { sender: 'Acme', text: 'Your verification code is 482913' };
const BOTH = { sender: '+447700900999', text: 'Your code is 482913\nhttps://google.com https://telegram.org' };

test.each([
  ['unclear, one order', live(5, UNCLEAR), [window('a', 'telegram', 0, 20)], ['a']],
  ['unclear, also where any was ordered it is a code', live(5, UNCLEAR), [window('a', 'any', 0, 20)], 'a'],
  ['no brand, two customers on the SIM', live(5, BRANDLESS), [window('a', 'google', 0, 20), window('b', 'telegram', 0, 20)], ['a', 'b']],
  [
    'no brand, another customer’s order just ended',
    live(5, BRANDLESS),
    [window('a', 'google', 0, 20), window('b', 'telegram', -9, 11, 4)],
    ['a'],
  ],
  ['two orders with equal evidence', live(5, BOTH), [window('a', 'google', 0, 20), window('b', 'telegram', 0, 20)], ['a', 'b']],
  [
    'equal evidence, but the other’s order has ended: its tenant may be meant',
    live(5, BOTH),
    [window('a', 'google', 0, 20), window('b', 'telegram', -9, 11, 4)],
    'a',
  ],
  ['of another service', live(5), [window('a', 'google', 0, 20)], []],
  ['no code at all', live(5, { sender: 'Mum', text: 'Dinner at eight?' }), [window('a', 'google', 0, 20)], []],
  ['unclear, after the window', live(21, UNCLEAR), [window('a', 'telegram', 0, 20)], []],
  ['unclear, only an ended order', live(5, UNCLEAR), [window('a', 'telegram', 0, 20, 4)], []],
  ['unclear, late, inside the window', late(5, UNCLEAR), [window('a', 'telegram', 0, 20)], ['a']],
  ['unclear, late, within the tolerance', late(-tolerance / 2, UNCLEAR), [window('a', 'telegram', 0, 20)], ['a']],
  ['unclear, late, no usable network time', late(null, UNCLEAR), [window('a', 'telegram', 0, 20)], []],
  [
    'unclear, late, in the window of the tenant before and within the tolerance of this one',
    late(-0.5, UNCLEAR),
    [window('old', 'telegram', -20, 0, -0.1), window('a', 'telegram', 0, 20)],
    [],
  ],
  [
    'late, between two tenants, valid for both',
    late(0),
    [window('old', 'telegram', -20, -0.5, -0.5), window('a', 'telegram', 0.5, 20)],
    [],
  ],
  ['late, read after its order ended', late(5), [window('old', 'telegram', 0, 20, 10), window('a', 'discord', 0, 20)], []],
  [
    'unclear for this order, valid for an ended one of another',
    live(5, { sender: 'Foobar', text: 'Your Foobar verification code is 555666' }),
    [window('a', 'telegram', 0, 20), window('old', 'foobar', -9, 11, 4)],
    [],
  ],
] as const)('for the operator: %s', (_, message, orders, expected) => {
  const match = matchMessage(message, orders);
  const asked = match.tenant === null ? match.unsureFor.map(({ orderId }) => orderId) : match.tenant.id;
  expect(asked).toEqual(typeof expected === 'string' ? expected : [...expected]);
});

test('a message whose rest is missing is not trusted where it is cut', () => {
  const text = 'Please keep this to yourself. Your Telegram code is 48213';
  const orders = [window('a', 'telegram', 0, 20)];
  const sms = live(5, { sender: 'Telegram', text });
  expect(matchMessage(sms, orders).tenant?.id).toBe('a');
  expect(matchMessage({ ...sms, incomplete: true }, orders)).toMatchObject({ tenant: null, unsureFor: [{ orderId: 'a' }] });
});

test('what nobody gets says why, in words that name no code', () => {
  const match = matchMessage(live(5), [window('a', 'google', 0, 20)]);
  expect(match.tenant).toBeNull();
  expect(match.tenant === null && match.reason).toContain('google');
  expect(match.tenant === null && match.reason).not.toContain('48213');
});

test('a message without a code is not valid for any order', () => {
  const chat = { sender: '+447700900999', text: 'Are you coming to dinner tonight?' };
  for (const service of ['any', 'telegram']) expect(matchMessage(live(5, chat), [window('a', service, 0, 20)]).tenant).toBeNull();
});

const rented = (
  id: string,
  service: string | null,
  fromMinute: number,
  toMinute: number,
  endedMinute: number | null = null,
): OrderWindow => ({
  ...window(id, '', fromMinute, toMinute, endedMinute),
  kind: 'rental',
  service,
});
const CHAT = { sender: '+447700900999', text: 'Are you coming to dinner tonight?' };
const ADVERT = { sender: 'AB-SHOPIN-P', text: 'Only today: 50 % off everything, code SALE50' };
const BANK = { sender: 'HSBC', text: 'HSBC: your one-time passcode to log on is 482913. Never share it.' };

test.each([
  ['a code, everything rented', live(5), [rented('r', null, 0, 60)], 'r'],
  ['no code, everything rented', live(5, CHAT), [rented('r', null, 0, 60)], 'r'],
  ['an advertisement, everything rented', live(5, ADVERT), [rented('r', null, 0, 60)], 'r'],
  ['a code of its service', live(5), [rented('r', 'telegram', 0, 60)], 'r'],
  ['a code of another service', live(5), [rented('r', 'google', 0, 60)], null],
  ['no code, one service rented', live(5, CHAT), [rented('r', 'telegram', 0, 60)], null],
  ['unclear, one service rented: the rules alone decide', live(5, UNCLEAR), [rented('r', 'telegram', 0, 60)], null],
  ['before the start, live', live(-1, CHAT), [rented('r', null, 0, 60)], null],
  ['after the end, live', live(61, CHAT), [rented('r', null, 0, 60, 60)], null],
  ['overdue, sent in time', { ...live(65, CHAT), networkAtMs: T + 59 * MINUTE }, [rented('r', null, 0, 60)], 'r'],
  ['overdue, sent after the end', live(65, CHAT), [rented('r', null, 0, 60)], null],
  ['late, by the network’s time', late(5, CHAT), [rented('r', null, 0, 60)], 'r'],
  ['late, of the tenant before', late(5, CHAT), [rented('old', null, 0, 60, 30), rented('r', null, 120, 180)], null],
  ['late, between two rentals', late(60, CHAT), [rented('old', null, 0, 59.5, 59.5), rented('r', null, 60.5, 180)], null],
  ['late, just before the start, nobody there', late(-0.5, CHAT), [rented('r', null, 0, 60)], 'r'],
  [
    'late, just before the start, no code, in another’s order',
    late(-0.5, CHAT),
    [window('old', 'telegram', -20, 0, -0.1), rented('r', null, 0, 60)],
    null,
  ],
  ['late, no usable network time', late(null, CHAT), [rented('r', null, 0, 60)], null],
  ['late, after its rental ended', late(5, CHAT), [rented('old', null, 0, 60, 30)], null],
] as const)('rented: %s', (_, message, orders, expected) => {
  const match = matchMessage(message, orders);
  expect(match.tenant?.id ?? null).toBe(expected);
  if (match.tenant === null) expect(match.unsureFor).toEqual([]);
});

test('a denied kind is not given to a rental either, unless the operator allows it', () => {
  const whole = [rented('r', null, 0, 60)];
  expect(matchMessage({ ...live(5, BANK), deny: ['bank'] }, whole)).toMatchObject({ tenant: null, judgement: { rule: 'denied:bank' } });
  expect(matchMessage({ ...live(5, BANK), deny: [] }, whole)).toMatchObject({ tenant: { id: 'r' }, judgement: { code: '482913' } });
});

test.each([
  ['the text names one and the other sends', 'Your Qorvexa code is 739214', 'Google', ['google', 'qorvexa'], 'qorvexa'],
  ['small letters', '739214 is the qorvexa code', 'Google', ['google', 'qorvexa'], 'qorvexa'],
  ['a carrier sends for one', 'VK: код 739214 для Avito', 'VK', ['vk', 'avito'], 'avito'],
  ['the one that is named, before any', 'Telegram code 73921', '', ['any', 'telegram'], 'telegram'],
  ['the one that sends, before any', 'Your code is 73921', 'Telegram', ['any', 'telegram'], 'telegram'],
  ['nobody named: the one that sends', 'Your code is 739214', 'Google', ['google', 'qorvexa'], 'google'],
] as const)('two customers on one SIM, %s', (_, text, sender, services, expected) => {
  const orders = services.map((service) => window(service, service, 0, 20));
  expect(matchMessage(live(5, { sender, text }), orders).tenant?.id ?? null).toBe(expected);
});
