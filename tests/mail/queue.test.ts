/** What is queued for whom, in the commit of what it tells of. */
import { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { createKey } from '../../src/accounts/keys.ts';
import { setPassword } from '../../src/accounts/users.ts';
import { MIGRATIONS, migrate } from '../../src/db/migrate.ts';
import { topUp } from '../../src/ledger/ledger.ts';
import { mailPreferences } from '../../src/mail/preferences.ts';
import { queueMail, setMailOn } from '../../src/mail/queue.ts';
import type { MailMessage, Sent } from '../../src/mail/transport.ts';
import { judgePartial } from '../../src/messages/inbox.ts';
import { cancelOrder, endWindow } from '../../src/orders/orders.ts';
import { until } from '../support/client.ts';
import { MINUTE_MS, seededRandom } from '../support/house.ts';
import { mailHouse } from './room.ts';

/** How many migrations there were before customers took turns. */
const BEFORE_TURNS = MIGRATIONS.findIndex((sql) => sql.includes('deliveries_urgent'));
const DELIVERED: Sent = { outcome: 'delivered', status: 250, detail: 'ok', fault: null };

function scene() {
  const sent: MailMessage[] = [];
  const mail = mailHouse({
    send: async (message) => {
      sent.push(message);
      return DELIVERED;
    },
  });
  const anna = mail.house.customer('anna@example.org', 1000);
  const topics = () => mail.deliveries().map(({ topic }) => topic);
  const sms = (order: { iccid: string }, text: string, more = {}) =>
    mail.house.receive({ iccid: order.iccid, sender: 'Telegram', text, ...more });
  return { mail, sent, anna, topics, sms, house: mail.house };
}

test('nothing is queued that nobody asked for, and nothing at all without a mail server', () => {
  const { mail, anna, topics, sms, house } = scene();
  sms(mail.order(anna), 'Telegram code: 48213');
  expect(topics()).toEqual([]);
  mail.want(anna, { code_received: true });
  house.write((tx) => setMailOn(tx, false));
  house.clock.pass(1000);
  sms(mail.order(anna), 'Telegram code: 48214');
  house.write((tx) => createKey(tx, seededRandom(5), { userId: anna, name: 'k', scopes: ['orders:read'] }));
  expect(house.write((tx) => queueMail(tx, { kind: 'test', about: 'x', userId: anna }))).toBe(false);
  expect(topics()).toEqual([]);
});

describe('a code', () => {
  test('is told once for each message, with the event of every other channel, also when it grows part by part', async () => {
    const { mail, sent, anna, topics, sms, house } = scene();
    mail.want(anna, { code_received: true, codeInMail: true });
    const order = mail.order(anna);
    const long = `Telegram code: 48213. ${'Do not give it to anyone. '.repeat(12)}`;
    sms(order, long, { ref: 7, only: [0] });
    // It waited long enough for the rest: judged as far as it came.
    const messageId = house.db.query<{ id: string }, []>('SELECT id FROM messages').get()?.id ?? '';
    house.write((tx) => judgePartial(tx, house.terms, messageId));
    sms(order, long, { ref: 7, only: [1] });
    sms(order, long, { ref: 7, only: [2] });
    const events = house.db.query<{ id: string }, []>(`SELECT id FROM events WHERE type = 'order.received' ORDER BY seq`).all();
    const told = mail.deliveries().filter(({ topic }) => topic === 'code_received');
    expect(events).toHaveLength(3);
    expect(told).toHaveLength(1);
    expect(events.map(({ id }) => id)).toContain(told[0]?.eventId ?? '');
    house.clock.pass(1000);
    sms(order, 'Telegram code: 77777');
    expect(topics()).toEqual(['code_received', 'code_received']);
    mail.look();
    await until(() => sent.length === 2, 'both leave');
    expect(sent.map(({ subject }) => subject)).toEqual(['48213 is your Telegram code', '77777 is your Telegram code']);
    expect(sent[1]?.headers['X-SMSPin-Event']).toBe(mail.deliveries()[1]?.eventId ?? '');
    expect(sent[1]?.text).toContain(`Event ${mail.deliveries()[1]?.eventId}`);
    await mail.stop();
  });

  test('stays in the house where its owner wants only to know that it is there', async () => {
    const { mail, sent, anna, sms } = scene();
    mail.want(anna, { code_received: true });
    sms(mail.order(anna), 'Telegram code: 48213');
    mail.look();
    await until(() => sent.length === 1, 'it leaves');
    const whole = JSON.stringify(sent[0]);
    expect(whole).not.toContain('48213');
    expect(whole).not.toContain('Telegram code');
    expect(sent[0]?.subject).toBe('A code for Telegram has arrived');
    await mail.stop();
  });
});

test('an expired order is told, a canceled one is not: its customer did that', () => {
  const { mail, anna, topics, house } = scene();
  mail.want(anna, { order_expired: true });
  const canceled = mail.order(anna);
  house.write((tx) => cancelOrder(tx, house.terms, { userId: anna, orderId: canceled.id }));
  const expired = mail.order(anna, 'google');
  house.clock.pass(21 * MINUTE_MS);
  house.write((tx) => endWindow(tx, house.terms, expired.id));
  expect(topics()).toEqual(['order_expired']);
});

test('a low balance is told once, until a top-up has lifted it; a refund lifts nothing', () => {
  const { mail, anna, topics, house } = scene();
  mail.want(anna, { low_balance: true, lowBalanceMinor: 980 });
  const order = mail.order(anna);
  expect(topics()).toEqual(['low_balance']);
  house.write((tx) => cancelOrder(tx, house.terms, { userId: anna, orderId: order.id }));
  mail.order(anna);
  expect(topics()).toHaveLength(1);
  house.write((tx) => topUp(tx, house.terms, { userId: anna, amountMinor: 100, reference: null }));
  mail.order(anna);
  expect(topics()).toHaveLength(1);
  mail.order(anna);
  mail.order(anna);
  expect(topics()).toHaveLength(2);
  mail.want(anna, { lowBalanceMinor: 940 });
  mail.order(anna);
  expect(topics()).toHaveLength(3);
});

test('security notices need no wish, and whose browser is known gets none', async () => {
  const { mail, sent, anna, topics, house } = scene();
  house.write((tx) => createKey(tx, seededRandom(5), { userId: anna, name: 'CI\r\nBcc: eve@example.org', scopes: ['orders:read'] }));
  house.write((tx) => tx.db.query('UPDATE api_keys SET revoked_at_ms = ?').run(tx.nowMs));
  house.write((tx) => tx.db.query('UPDATE api_keys SET revoked_at_ms = ?').run(tx.nowMs + 1));
  house.write((tx) => setPassword(tx, anna, 'hash'));
  expect(topics()).toEqual(['key_created', 'key_revoked', 'password_changed']);
  expect(mailPreferences(house.db, anna).webhook_disabled).toBe(true);
  mail.look();
  await until(() => sent.length === 3, 'all leave');
  expect(sent.every(({ headers }) => !('List-Unsubscribe' in headers))).toBe(true);
  await mail.stop();
});

test('what is not wanted any more is not sent, what waited for days neither, nor what belongs to nobody', async () => {
  const { mail, sent, anna, house } = scene();
  mail.want(anna, { order_expired: true });
  const order = mail.order(anna);
  house.clock.pass(21 * MINUTE_MS);
  house.write((tx) => endWindow(tx, house.terms, order.id));
  mail.want(anna, { order_expired: false });
  mail.look();
  await until(() => mail.deliveries()[0]?.state === 'failed', 'it is dropped');
  expect(mail.lastDetail()).toContain('does not want');
  const nobody = house.customer('demo@smspin.example');
  mail.test(nobody);
  mail.look();
  await until(() => mail.deliveries()[1]?.state === 'failed', 'it is dropped');
  expect(mail.lastDetail()).toContain('RFC 2606');
  mail.test(anna, 'old');
  house.clock.pass(6 * 24 * 60 * MINUTE_MS);
  await until(() => mail.deliveries()[2]?.state === 'failed', 'it is dropped');
  expect(mail.lastDetail()).toContain('waited too long');
  expect(sent).toEqual([]);
  await mail.stop();
});

test('a webhook that was switched off is told, unless its owner does not want to know', () => {
  const { mail, anna, house } = scene();
  const tell = (about: string) =>
    house.write((tx) =>
      queueMail(tx, { kind: 'webhook_disabled', about, userId: anna, payload: { url: 'https://x.example', since: tx.nowMs, failures: 9 } }),
    );
  expect(tell('a')).toBe(true);
  expect(tell('a')).toBe(false);
  mail.want(anna, { webhook_disabled: false });
  expect(tell('b')).toBe(false);
});

test('a mail server that comes and goes for two days uses up nobody’s schedule', async () => {
  const chance = seededRandom(8);
  const mail = mailHouse({
    send: async () => ((chance(1)[0] ?? 0) < 25 ? DELIVERED : { outcome: 'retry', status: null, detail: 'no answer', fault: 'us' }),
  });
  const { house } = mail;
  const anna = house.customer('anna@example.org');
  for (let n = 0; n < 60; n++) mail.test(anna, String(n));
  const states = () => mail.deliveries().map(({ state }) => state);
  for (let minutes = 0; minutes < 2 * 24 * 60 && states().includes('waiting'); minutes += 20) {
    house.clock.pass(20 * MINUTE_MS);
    mail.look();
    await Bun.sleep(30);
  }
  expect(states()).not.toContain('failed');
  expect(states().filter((state) => state === 'delivered').length).toBeGreaterThan(50);
  await mail.stop();
});

test('mails of one customer, however many, hold back nobody else’s, and never more than eight are under way', async () => {
  const hanging = Promise.withResolvers<Sent>();
  const begun: string[] = [];
  let underWay = 0;
  let most = 0;
  const mail = mailHouse({
    send: async ({ to }) => {
      begun.push(to);
      most = Math.max(most, ++underWay);
      const sent = await hanging.promise;
      underWay--;
      return sent;
    },
  });
  const [anna = '', ...others] = Array.from({ length: 12 }, (_, n) => mail.house.customer(`customer${n}@example.org`));
  for (let n = 0; n < 400; n++) mail.test(anna, String(n));
  mail.look();
  await until(() => begun.length === 3, 'her share begins');
  for (const userId of others.slice(0, 10)) mail.test(userId);
  const last = others.at(-1) ?? '';
  mail.house.write((tx) => setPassword(tx, last, 'hash'));
  mail.look();
  await until(() => begun.length === 8, 'all slots are taken');
  await Bun.sleep(50);
  expect(most).toBe(8);
  // The security notice, queued last of all, was the first to begin.
  expect(begun[3]).toBe('customer11@example.org');
  expect(begun.filter((to) => to === 'customer0@example.org')).toHaveLength(3);
  hanging.resolve(DELIVERED);
  await until(() => mail.deliveries().every(({ state }) => state === 'delivered'), 'all leave', 20_000);
  expect(most).toBe(8);
  await mail.stop();
}, 30_000);

test('what waits from before mails had a target for each customer leaves as before', () => {
  const db = new Database(':memory:', { strict: true });
  migrate(db, MIGRATIONS.slice(0, BEFORE_TURNS));
  db.run(
    `INSERT INTO users (id, email, password_hash, role, state, created_at_ms) VALUES ('usr_1', 'a@example.org', NULL, 'customer', 'active', 1)`,
  );
  const add = db.query(
    `INSERT INTO deliveries (id, channel, user_id, target, topic, state, next_at_ms, ended_at_ms, created_at_ms) VALUES (?, 'mail', ?, 'smtp', ?, ?, ?, ?, 1)`,
  );
  add.run('reset', 'usr_1', 'password_reset', 'waiting', 5, null);
  add.run('code', 'usr_1', 'code_received', 'waiting', 5, null);
  add.run('ticket', null, 'ticket_received', 'waiting', 5, null);
  add.run('gone', 'usr_1', 'code_received', 'delivered', null, 5);
  migrate(db);
  expect(db.query('SELECT id, target, is_urgent AS isUrgent FROM deliveries ORDER BY seq').all()).toEqual([
    { id: 'reset', target: 'smtp:usr_1', isUrgent: 1 },
    { id: 'code', target: 'smtp:usr_1', isUrgent: 0 },
    { id: 'ticket', target: 'smtp:', isUrgent: 0 },
    { id: 'gone', target: 'smtp', isUrgent: 0 },
  ]);
});
