import { expect, test } from 'bun:test';
import { auditLedger, balanceOf } from '../../src/ledger/ledger.ts';
import { judgePartial, PARTIAL_AFTER_MS } from '../../src/messages/inbox.ts';
import { cancelOrder, endWindow, finishOrder } from '../../src/orders/orders.ts';
import { reuseOrder } from '../../src/orders/reuse.ts';
import { reviewCount } from '../../src/reviews/count.ts';
import {
  countOpenReviews,
  decidedReviews,
  decisionsOf,
  findReview,
  lateReviews,
  openReviews,
  reviewOrders,
} from '../../src/reviews/list.ts';
import { MINUTE_MS } from '../support/house.ts';
import { BOTH, BRANDLESS, reviewRoom, UNCLEAR } from './room.ts';

test('an unclear message waits for the operator; its customer is told that, and nothing else of it', () => {
  const room = reviewRoom();
  const order = room.order(room.anna, 'telegram');
  const messageId = room.receive(UNCLEAR);
  expect(openReviews(room.house.db, 9)).toMatchObject([{ messageId, state: 'open', tooLate: false }]);
  expect(reviewOrders(room.house.db, messageId)).toMatchObject([
    { orderId: order.id, email: 'anna@example.org', service: 'telegram', verdict: 'review', rule: 'unknown_brand' },
  ]);
  expect(room.eventsOf(room.anna)).toEqual(['order.created', 'order.unsure']);
  const shown = room.shown(order);
  expect(shown).toMatchObject({ status: 'pending', code: null, messages: [], unsure: { count: 1 } });
  expect(shown.unsure?.since).toBe(new Date(room.house.clock.ms).toISOString());
  const data = room.house.db.query<{ data: string }, []>("SELECT data FROM events WHERE type = 'order.unsure'").get()?.data ?? '';
  expect(JSON.parse(data)).toEqual(shown);
  for (const secret of ['482913', 'Acme', 'verification']) expect(data).not.toContain(secret);
  expect(reviewCount(room.house.db)).toBe(1);
});

test('what was decided is stored with the message, and the operator can see every candidate', () => {
  const room = reviewRoom();
  room.order(room.anna, 'telegram');
  const messageId = room.receive({ sender: 'Telegram', text: 'Telegram code: 48213 or 77120' });
  const row = room.house.db
    .query<Record<string, string | number>, [string]>(
      'SELECT verdict, code, printed, service, confidence, reason, rule, rule_version, candidates FROM messages WHERE id = ?',
    )
    .get(messageId);
  expect(row).toMatchObject({ verdict: 'accept', code: '48213', printed: '48213', service: 'telegram' });
  expect(String(row?.['rule_version'])).toMatch(/^\d+-[0-9a-f]{8}$/);
  expect(JSON.parse(String(row?.['candidates']))).toMatchObject([
    { text: '48213', code: '48213', start: 15, end: 20, score: expect.any(Number), features: expect.any(Object) },
    { code: '77120', start: 24, end: 29 },
  ]);
});

test('however many numbers a message holds, what is stored of them is bounded', () => {
  const room = reviewRoom();
  const numbers = Array.from({ length: 60 }, (_, n) => `code ${10_000 + n}`).join('; ');
  const messageId = room.receive({ sender: 'Acme', text: numbers, ref: 3 });
  const row = room.house.db.query<{ candidates: string }, [string]>('SELECT candidates FROM messages WHERE id = ?').get(messageId);
  expect(row?.candidates.length ?? 0).toBeLessThanOrEqual(8002);
  expect(JSON.parse(row?.candidates ?? '').length).toBeGreaterThan(5);
});

test('delivered, it is as if the rules had accepted it: code, money, events, use of the number, decision and audit', () => {
  const room = reviewRoom();
  const order = room.order(room.anna, 'telegram');
  const messageId = room.receive(UNCLEAR);
  expect(room.deliver(messageId, order)).toMatchObject({ ok: true });
  expect(room.shown(order)).toMatchObject({
    status: 'received',
    code: '482913',
    unsure: null,
    messages: [{ text: UNCLEAR.text, code: '482913' }],
  });
  expect(room.shown(order).messages[0]?.reason).toContain('our operator');
  expect(room.eventsOf(room.anna)).toEqual(['order.created', 'order.unsure', 'order.received']);
  expect(balanceOf(room.house.db, room.anna, 'USD')).toMatchObject({ availableMinor: 960, heldMinor: 0 });
  expect(auditLedger(room.house.db)).toEqual([]);
  expect(decidedReviews(room.house.db, 9)).toMatchObject([{ messageId, state: 'delivered' }]);
  expect(decisionsOf(room.house.db, messageId)).toMatchObject([
    { kind: 'deliver', orderId: order.id, service: 'telegram', email: 'first@example.org', atMs: room.house.clock.ms },
  ]);
  const audit = room.house.db
    .query<{ action: string; target: string; detail: string }, []>('SELECT action, target, detail FROM audit')
    .all();
  expect(audit).toEqual([{ action: 'review.deliver', target: messageId, detail: `order ${order.id}, service telegram` }]);
  expect(room.house.db.query("SELECT 1 FROM sim_uses WHERE service = 'telegram' AND user_id = ?").all(room.anna)).toHaveLength(1);
  expect(countOpenReviews(room.house.db)).toBe(0);
});

test('a second operator is told who decided; a finished decision changes nothing more', () => {
  const room = reviewRoom();
  const order = room.order(room.anna, 'telegram');
  const messageId = room.receive(UNCLEAR);
  room.deliver(messageId, order);
  for (const decided of [
    room.deliver(messageId, order, '482913', room.second),
    room.dismiss(messageId, room.second),
    room.relabel(messageId, 'discord'),
  ])
    expect(decided).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/decided already: delivered to the Telegram order by first@example.org/),
    });
  expect(room.undo(messageId)).toMatchObject({ ok: false });
  expect(room.eventsOf(room.anna).filter((type) => type === 'order.received')).toHaveLength(1);
});

test.each([
  ['a candidate', '482913', '482 913 or 771204 is your code', '482913', '482 913'],
  ['another candidate', '771204', '482 913 or 771204 is your code', '771204', '771204'],
  ['a stretch of the text', 'AB-x9', 'Your access code: AB-x9 thanks, verification 482913', 'AB-x9', 'AB-x9'],
  ['groups the text sets apart', '4829137', 'verification code 4829 137 is yours', '4829137', '4829 137'],
])('the code may be %s', (_, typed, text, code, printed) => {
  const room = reviewRoom();
  const order = room.order(room.anna, 'telegram');
  const messageId = room.receive({ sender: 'Acme', text });
  expect(room.deliver(messageId, order, typed)).toMatchObject({ ok: true });
  expect(room.house.db.query<object, [string]>('SELECT code, printed FROM messages WHERE id = ?').get(messageId)).toEqual({
    code,
    printed,
  });
});

test.each(['999999', '', '13', '82913x', '482 913'])('a code that does not stand in the text is refused: %j', (typed) => {
  const room = reviewRoom();
  const order = room.order(room.anna, 'telegram');
  const messageId = room.receive(UNCLEAR);
  expect(room.deliver(messageId, order, typed)).toMatchObject({ ok: false, problem: expect.stringContaining('as it stands in the text') });
  expect(room.now(order).status).toBe('pending');
});

test('nobody waits: the window ends, the refund stands, the item is too late and can only be closed', () => {
  const room = reviewRoom();
  const order = room.order(room.anna, 'telegram');
  const messageId = room.receive(UNCLEAR);
  room.house.clock.pass(21 * MINUTE_MS);
  room.house.write((tx) => endWindow(tx, room.house.terms, order.id));
  expect(room.shown(order)).toMatchObject({ status: 'expired', unsure: null });
  expect(balanceOf(room.house.db, room.anna, 'USD').availableMinor).toBe(1000);
  expect(openReviews(room.house.db, 9)).toEqual([]);
  expect(lateReviews(room.house.db, 9)).toMatchObject([{ messageId, tooLate: true }]);
  expect(reviewCount(room.house.db)).toBe(0);
  expect(room.deliver(messageId, order)).toEqual({ ok: false, problem: 'The order has ended, and its money is settled.' });
  expect(room.dismiss(messageId)).toMatchObject({ ok: true });
  expect(room.undo(messageId)).toMatchObject({ ok: false, problem: expect.stringContaining('too late') });
});

test('an overdue order that is not settled yet can still be given a message of its window', () => {
  const room = reviewRoom();
  const order = room.order(room.anna, 'telegram');
  const messageId = room.receive(UNCLEAR);
  room.house.clock.pass(21 * MINUTE_MS);
  expect(room.deliver(messageId, order)).toMatchObject({ ok: true });
  expect(room.now(order).status).toBe('received');
});

test('closed as no code: the order is not unsure any more; undone, it is again', () => {
  const room = reviewRoom();
  const order = room.order(room.anna, 'telegram');
  const messageId = room.receive(UNCLEAR);
  expect(room.dismiss(messageId, room.first, 'An advertisement.')).toMatchObject({ ok: true });
  expect(room.shown(order).unsure).toBeNull();
  expect(decisionsOf(room.house.db, messageId)).toMatchObject([{ kind: 'not_code', note: 'An advertisement.' }]);
  expect(room.undo(messageId)).toMatchObject({ ok: true });
  expect(room.shown(order).unsure).toMatchObject({ count: 1 });
  expect(room.undo(messageId)).toMatchObject({ ok: false });
  expect(room.deliver(messageId, order)).toMatchObject({ ok: true });
  expect(room.eventsOf(room.anna)).toEqual(['order.created', 'order.unsure', 'order.unsure', 'order.unsure', 'order.received']);
  expect(
    room.house.db
      .query<{ action: string }, []>('SELECT action FROM audit ORDER BY id')
      .all()
      .map(({ action }) => action),
  ).toEqual(['review.not_code', 'review.undo', 'review.deliver']);
});

test('of another service: delivered to its open order on the SIM, else closed with the reason', () => {
  const room = reviewRoom();
  const telegram = room.order(room.anna, 'telegram');
  const discord = room.order(room.bob, 'discord');
  const first = room.receive(BRANDLESS);
  expect([room.shown(telegram).unsure?.count, room.shown(discord).unsure?.count]).toEqual([1, 1]);
  expect(room.relabel(first, 'Discord')).toMatchObject({ ok: true });
  expect(room.shown(discord)).toMatchObject({ status: 'received', code: '482913', unsure: null });
  expect(room.shown(telegram)).toMatchObject({ status: 'pending', code: null, messages: [], unsure: null });
  expect(room.eventsOf(room.anna)).toEqual(['order.created', 'order.unsure', 'order.unsure']);

  const second = room.receive({ ...BRANDLESS, text: 'Your verification code is 771204' });
  expect(room.relabel(second, 'spotify', '771204')).toMatchObject({ ok: true, said: expect.stringContaining('No order of it is open') });
  expect(findReview(room.house.db, second)).toMatchObject({ state: 'other_service' });
  expect(decisionsOf(room.house.db, second)).toMatchObject([{ kind: 'other_service', service: 'spotify' }]);
  expect(room.undo(second)).toMatchObject({ ok: true });
  expect(room.relabel(second, '')).toMatchObject({ ok: false });
  expect(room.relabel(second, 'any')).toMatchObject({ ok: false });
});

test('of two customers with equal evidence the operator chooses one; the other learns only that it is settled', () => {
  const room = reviewRoom();
  const telegram = room.order(room.anna, 'telegram');
  const google = room.order(room.bob, 'google');
  const messageId = room.receive(BOTH);
  expect(reviewOrders(room.house.db, messageId).map(({ verdict }) => verdict)).toEqual(['accept', 'accept']);
  expect([room.now(telegram).status, room.now(google).status]).toEqual(['pending', 'pending']);
  expect(room.deliver(messageId, google)).toMatchObject({ ok: true });
  expect(room.textsOf(google)).toEqual([BOTH.text]);
  expect(room.shown(telegram)).toMatchObject({ status: 'pending', messages: [], unsure: null });
  // Noted for nobody when it came, now the customer's: the number can be rented again for it.
  room.house.write((tx) => finishOrder(tx, room.house.terms, { userId: room.bob, orderId: google.id }));
  const again = room.house.write((tx) => reuseOrder(tx, room.house.terms, { userId: room.bob, orderId: google.id }));
  expect(again.number).toBe(google.number);
});

test('a message that is valid for another customer’s order cannot be given away', () => {
  const room = reviewRoom();
  const telegram = room.order(room.anna, 'telegram');
  const google = room.order(room.bob, 'google');
  room.house.write((tx) => cancelOrder(tx, room.house.terms, { userId: room.bob, orderId: google.id }));
  const messageId = room.receive({ sender: 'Google', text: 'G-482913 is your Google verification code.' });
  expect(room.deliver(messageId, telegram)).toMatchObject({ ok: false, problem: expect.stringContaining('The rules forbid it') });
  expect(room.shown(telegram)).toMatchObject({ messages: [], unsure: null });
});

test('an unmatched message goes to an order only if it lies in its window', () => {
  const room = reviewRoom();
  const early = room.receive({ sender: 'Acme', text: 'Hello, 482913 is what you need' });
  room.house.clock.pass(1000);
  const order = room.order(room.anna, 'telegram');
  const within = room.receive({ sender: 'Acme', text: 'Hello again, 771204 is what you need' });
  const undated = room.receive({
    sender: 'Acme',
    text: 'Hello, 551204 is what you need',
    how: 'sweep',
    networkAtMs: room.house.clock.ms - 5 * MINUTE_MS,
  });
  expect(findReview(room.house.db, within)).toBeNull();
  expect(room.deliver(early, order)).toEqual({ ok: false, problem: "It arrived outside of the order's window." });
  expect(room.deliver(undated, order, '551204')).toEqual({ ok: false, problem: "It reached the network outside of the order's window." });
  expect(room.dismiss(early)).toMatchObject({ ok: false });
  expect(room.deliver(within, order, '771204')).toMatchObject({ ok: true });
  expect(room.shown(order)).toMatchObject({ status: 'received', code: '771204' });
});

test('an order on another number, or one that does not exist, is refused', () => {
  const room = reviewRoom();
  room.order(room.anna, 'telegram');
  const messageId = room.receive(UNCLEAR);
  room.house.sim(2);
  const elsewhere = room.order(room.bob, 'telegram');
  expect(elsewhere.number).not.toBe(room.house.db.query<{ number: string }, []>('SELECT number FROM sims LIMIT 1').get()?.number ?? '');
  expect(room.deliver(messageId, elsewhere)).toEqual({ ok: false, problem: 'Choose an order on the number of the message.' });
  expect(room.deliver('msg_nothing', elsewhere)).toEqual({ ok: false, problem: 'There is no such message.' });
});

test('a partial message that is unclear waits for the operator, and the rest settles it', () => {
  const room = reviewRoom();
  const order = room.order(room.anna, 'telegram');
  const sms = { sender: 'Acme', text: `Your verification code is 482913. ${'Keep it to yourself. '.repeat(9)}The Telegram team`, ref: 9 };
  const messageId = room.receive({ ...sms, only: [0] });
  room.house.clock.pass(PARTIAL_AFTER_MS);
  room.house.write((tx) => judgePartial(tx, room.house.terms, messageId));
  expect(room.shown(order).unsure).toMatchObject({ count: 1 });
  room.receive({ ...sms, only: [1] });
  expect(room.shown(order)).toMatchObject({ status: 'received', code: '482913', unsure: null });
  expect(findReview(room.house.db, messageId)).toMatchObject({ state: 'withdrawn' });
  expect(room.house.db.query<object, [string]>('SELECT rule, verdict FROM messages WHERE id = ?').get(messageId)).toMatchObject({
    verdict: 'accept',
  });
});

test('a code at the cut end of a partial message is not trusted; complete, it is the right one', () => {
  const room = reviewRoom();
  const order = room.order(room.anna, 'telegram');
  // 153 septets a part: the first ends within the code.
  const text = `${'Keep it to yourself. '.repeat(6).padEnd(126, '.')}Your Telegram code is 48213977. It was asked for a moment ago.`;
  const sms = { sender: 'Telegram', text, ref: 9 };
  const messageId = room.receive({ ...sms, only: [0] });
  room.house.clock.pass(PARTIAL_AFTER_MS);
  room.house.write((tx) => judgePartial(tx, room.house.terms, messageId));
  expect(room.now(order)).toMatchObject({ status: 'pending', code: null });
  room.receive({ ...sms, only: [1] });
  expect(room.now(order)).toMatchObject({ status: 'received', code: '48213977' });
});

test('what an operator decided stands when the rest of a message comes', () => {
  const room = reviewRoom();
  const order = room.order(room.anna, 'telegram');
  const text = `Your verification code is 482913. Booking 771204. ${'Keep it to yourself. '.repeat(9)}The Telegram team`;
  const sms = { sender: 'Acme', text, ref: 9 };
  const messageId = room.receive({ ...sms, only: [0] });
  room.house.clock.pass(PARTIAL_AFTER_MS);
  room.house.write((tx) => judgePartial(tx, room.house.terms, messageId));
  expect(room.deliver(messageId, order, '771204')).toMatchObject({ ok: true });
  room.receive({ ...sms, only: [1] });
  expect(room.textsOf(order)).toEqual([text]);
  expect(room.now(order).code).toBe('771204');
});

test('two messages count two; the first is told of as the oldest', () => {
  const room = reviewRoom();
  const order = room.order(room.anna, 'telegram');
  const first = room.receive(UNCLEAR);
  const sinceMs = room.house.clock.ms;
  room.house.clock.pass(MINUTE_MS);
  room.receive({ ...UNCLEAR, text: 'Your verification code is 771204' });
  expect(room.shown(order).unsure).toEqual({ count: 2, since: new Date(sinceMs).toISOString() });
  room.dismiss(first);
  expect(room.shown(order).unsure).toEqual({ count: 1, since: new Date(sinceMs + MINUTE_MS + 1).toISOString() });
  expect(openReviews(room.house.db, 9)).toHaveLength(1);
});

test('a message of a denied kind is given to nobody, not even by hand, unless the configuration allows the kind', () => {
  const room = reviewRoom();
  const order = room.order(room.anna, 'any');
  const sms = { sender: 'HSBC', text: 'HSBC: your one-time passcode to log on to online banking is 482913' };
  const messageId = room.receive(sms);
  expect(room.shown(order)).toMatchObject({ status: 'pending', unsure: null });
  expect(room.deliver(messageId, order)).toMatchObject({ ok: false, problem: expect.stringContaining('The rules forbid it') });
  room.house.terms.allow = ['bank'];
  room.receive({ ...sms, text: sms.text.replace('482913', '771204') });
  expect(room.shown(order)).toMatchObject({ status: 'received', code: '771204' });
});
