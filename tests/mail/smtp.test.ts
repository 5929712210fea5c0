/** Through a real SMTP server: how each answer, and each silence, of a mail server is taken. */
import { afterEach, expect, setDefaultTimeout, test } from 'bun:test';
import { addressTrouble } from '../../src/mail/addresses.ts';
import { mailTrouble } from '../../src/mail/trouble.ts';
import { until } from '../support/client.ts';
import { MINUTE_MS } from '../support/house.ts';
import { type SmtpOptions, startSmtp, type TestSmtp } from '../support/smtp.ts';
import { type MailHouse, mailHouse } from './room.ts';

setDefaultTimeout(30_000);
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function scene(options: SmtpOptions = {}, more: { url?: (smtp: TestSmtp) => string; timeoutSeconds?: number } = {}) {
  const smtp = await startSmtp(options);
  const mail = mailHouse({ url: more.url?.(smtp) ?? smtp.url, timeoutSeconds: more.timeoutSeconds ?? 5 });
  cleanups.push(smtp.stop, mail.stop);
  return { smtp, mail, anna: mail.house.customer('anna@example.org') };
}

/** Queues a test mail and waits until its attempt was written down. */
async function attempted(
  mail: MailHouse,
  userId: string,
  about: string,
): Promise<MailHouse['deliveries'] extends () => (infer D)[] ? D : never> {
  const before = mail.deliveries().length;
  mail.test(userId, about);
  mail.look();
  await until(() => (mail.deliveries()[before]?.attempts ?? 0) > 0, 'an attempt');
  const delivery = mail.deliveries()[before];
  if (!delivery) throw new Error('it was not queued');
  return delivery;
}

test('a mail arrives whole, with everything that mail programs go by', async () => {
  const { smtp, mail, anna } = await scene();
  expect(await attempted(mail, anna, 'a')).toMatchObject({ state: 'delivered', attempts: 1 });
  const [got] = smtp.mails;
  expect(got).toMatchObject({ from: 'pin@pin.example.org', to: 'anna@example.org', subject: 'A test mail from SMSPin', secure: false });
  expect(got?.headers.get('from')).toBe('SMSPin <pin@pin.example.org>');
  expect(got?.headers.get('to')).toBe('anna@example.org');
  expect(got?.messageId).toBe(`<mail.test.${anna.replaceAll('_', '.')}.a@pin.example.org>`);
  expect(got?.eventId).toBe(`mail:test:${anna}:a`);
  expect(got?.headers.get('auto-submitted')).toBe('auto-generated');
  expect(got?.headers.has('list-unsubscribe')).toBe(false);
  expect(got?.text).toContain('Mails reach you');
  expect(got?.html).toStartWith('<!doctype html>');
});

test('by STARTTLS and with a sign-in', async () => {
  const { smtp, mail, anna } = await scene({ starttls: true, auth: { user: 'pin@example.org', pass: 'p@ss:wörd/?' } });
  expect(await attempted(mail, anna, 'a')).toMatchObject({ state: 'delivered' });
  expect(smtp.mails).toMatchObject([{ secure: true, user: 'pin@example.org' }]);
});

test('where TLS is required and not offered, nothing is sent, and the operator sees why', async () => {
  const { smtp, mail, anna } = await scene({}, { url: ({ port }) => `smtp://127.0.0.1:${port}?requireTLS=true` });
  expect(await attempted(mail, anna, 'a')).toMatchObject({ state: 'waiting' });
  expect(smtp.attempts).toBe(0);
  expect(mailTrouble(mail.house.db)?.detail).toMatch(/STARTTLS|TLS/);
});

test('a certificate that nobody vouches for is no TLS', async () => {
  const { smtp, mail, anna } = await scene({ starttls: true }, { url: ({ port }) => `smtp://127.0.0.1:${port}?requireTLS=true` });
  expect(await attempted(mail, anna, 'a')).toMatchObject({ state: 'waiting' });
  expect(smtp.mails).toEqual([]);
  expect(mailTrouble(mail.house.db)?.detail).toMatch(/certificate/i);
});

test('a wrong password is our fault: kept, shown to the operator, and over with the first mail that leaves', async () => {
  const { smtp, mail, anna } = await scene(
    { starttls: true, auth: { user: 'pin', pass: 'right' } },
    { url: ({ port }) => `smtp://pin:wrong@127.0.0.1:${port}?tls.rejectUnauthorized=false` },
  );
  expect(await attempted(mail, anna, 'a')).toMatchObject({ state: 'waiting', attempts: 1 });
  const trouble = mailTrouble(mail.house.db);
  expect(trouble).toMatchObject({ sinceMs: mail.house.clock.nowMs(), attempts: 1 });
  expect(trouble?.detail).toContain('does not accept the user and password of smtp.url');
  expect(addressTrouble(mail.house.db, 'anna@example.org')).toBeNull();
  await mail.stop();
  const right = mailHouse({ url: `smtp://pin:right@127.0.0.1:${smtp.port}?tls.rejectUnauthorized=false` }, { house: mail.house });
  cleanups.push(right.stop);
  mail.house.clock.pass(MINUTE_MS);
  right.look();
  await until(() => smtp.mails.length === 1, 'the mail leaves');
  await until(() => mailTrouble(mail.house.db) === null, 'the trouble is over');
});

test('4yz is for later, whoever it is about, and no word about the address', async () => {
  const { smtp, mail, anna } = await scene({ rcpt: () => ({ code: 451, text: '4.7.1 Greylisted, come again' }) });
  expect(await attempted(mail, anna, 'a')).toMatchObject({ state: 'waiting', attempts: 1 });
  expect(mail.lastDetail()).toContain('Greylisted');
  expect(mailTrouble(mail.house.db)).toBeNull();
  smtp.set({ rcpt: () => null });
  mail.house.clock.pass(MINUTE_MS);
  await until(() => mail.deliveries()[0]?.state === 'delivered', 'it leaves at the second attempt');
  expect(mail.deliveries()).toMatchObject([{ attempts: 2 }]);
  expect(smtp.mails).toHaveLength(1);
});

test('after three refusals for good only security notices are tried; its owner can say that it works again', async () => {
  const { smtp, mail, anna } = await scene({ rcpt: () => ({ code: 550, text: '5.1.1 No such mailbox' }) });
  mail.want(anna, { order_expired: true });
  for (const about of ['a', 'b', 'c']) expect(await attempted(mail, anna, about)).toMatchObject({ state: 'failed', attempts: 1 });
  expect(addressTrouble(mail.house.db, 'Anna@example.org')).toMatchObject({ refusals: 3, isUndeliverable: true });
  expect(mailTrouble(mail.house.db)).toBeNull();
  const { house } = mail;
  const connections = smtp.connections;
  house.write((tx) =>
    tx.db
      .query('INSERT INTO events (id, type, user_id, data, created_at_ms) VALUES (?, ?, ?, ?, ?)')
      .run('evt_x', 'order.expired', anna, '{}', tx.nowMs),
  );
  mail.look();
  await until(() => mail.deliveries().at(-1)?.state === 'failed', 'it is not tried');
  expect(mail.lastDetail()).toContain('only security notices');
  expect(smtp.connections).toBe(connections);
  smtp.set({ rcpt: () => null });
  house.write((tx) =>
    tx.db
      .query(
        `INSERT INTO api_keys (id, user_id, name, key_hash, prefix, scopes, created_at_ms) VALUES ('key_1', ?, 'n', 'h', 'smspin_ab', 'orders:read', ?)`,
      )
      .run(anna, tx.nowMs),
  );
  mail.look();
  await until(() => smtp.mails.length === 1, 'the security notice arrives');
  expect(smtp.mails[0]?.subject).toBe('An API key was made');
  await until(() => addressTrouble(house.db, 'anna@example.org') === null, 'so the address works again');
});

test('5yz for our sender, or for want of a sign-in, is our fault', async () => {
  const { smtp, mail, anna } = await scene({ mailFrom: () => ({ code: 553, text: '5.7.1 Sender not allowed' }) });
  expect(await attempted(mail, anna, 'a')).toMatchObject({ state: 'waiting' });
  expect(mailTrouble(mail.house.db)?.detail).toContain('Sender not allowed');
  smtp.set({ mailFrom: () => null, rcpt: () => ({ code: 554, text: '5.7.1 Relay access denied' }) });
  expect(await attempted(mail, anna, 'b')).toMatchObject({ state: 'waiting' });
  expect(addressTrouble(mail.house.db, 'anna@example.org')).toBeNull();
});

test.each([
  [550, '5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org'],
  [550, '5.7.26 This mail is unauthenticated: SPF and DKIM did not pass'],
  [554, 'Your IP is on a block list'],
  [553, '5.1.8 Domain of sender does not resolve'],
  [550, 'Relaying denied'],
])('%d %s at RCPT is ours: kept, told to the operator, and no word about the address', async (code, text) => {
  const { mail, anna } = await scene({ rcpt: () => ({ code, text }) });
  for (const about of ['a', 'b', 'c']) expect(await attempted(mail, anna, about)).toMatchObject({ state: 'waiting', attempts: 1 });
  expect(addressTrouble(mail.house.db, 'anna@example.org')).toBeNull();
  expect(mailTrouble(mail.house.db)?.detail).toContain(text);
});

test.each([
  [550, '5.1.1 Recipient address rejected: user unknown in relay recipient table', 1],
  [550, '5.2.1 Mailbox disabled', 1],
  [553, 'no such user here', 1],
  [550, 'mailbox unavailable', 1],
  [552, '5.2.2 Mailbox full', 0],
  [550, '5.4.1 Recipient address rejected: Access denied', 0],
  [554, 'Transaction failed', 0],
])('%d %s at RCPT ends that mail and counts %d against the address', async (code, text, refusals) => {
  const { mail, anna } = await scene({ rcpt: () => ({ code, text }) });
  expect(await attempted(mail, anna, 'a')).toMatchObject({ state: 'failed', attempts: 1 });
  expect(addressTrouble(mail.house.db, 'anna@example.org')?.refusals ?? 0).toBe(refusals);
  expect(mailTrouble(mail.house.db)).toBeNull();
});

test('a policy that our domain does not meet, told after the data, is ours too', async () => {
  const { mail, anna } = await scene({ data: () => ({ code: 550, text: '5.7.26 Rejected by the DMARC policy of example.org' }) });
  expect(await attempted(mail, anna, 'a')).toMatchObject({ state: 'waiting', attempts: 1 });
  expect(mailTrouble(mail.house.db)?.detail).toContain('DMARC');
});

test('5yz for the message itself ends that mail and says nothing of the address', async () => {
  const { mail, anna } = await scene({ data: () => ({ code: 554, text: '5.6.0 It looks like spam' }) });
  expect(await attempted(mail, anna, 'a')).toMatchObject({ state: 'failed', attempts: 1 });
  expect(addressTrouble(mail.house.db, 'anna@example.org')).toBeNull();
  expect(mailTrouble(mail.house.db)).toBeNull();
});

test('a slow server is waited for; one that says nothing is given up in time, and the mail kept', async () => {
  const { smtp, mail, anna } = await scene({ delayMs: 700 }, { timeoutSeconds: 1 });
  expect(await attempted(mail, anna, 'a')).toMatchObject({ state: 'delivered' });
  smtp.set({ silent: true });
  const beganMs = performance.now();
  expect(await attempted(mail, anna, 'b')).toMatchObject({ state: 'waiting' });
  expect(performance.now() - beganMs).toBeLessThan(4000);
  expect(mailTrouble(mail.house.db)?.detail).toMatch(/in time|Timeout/i);
});

test('a server that hangs up after the data: the same mail goes again, and bears the same Message-ID', async () => {
  const { smtp, mail, anna } = await scene({ delayMs: 60_000 }, { timeoutSeconds: 1 });
  expect(await attempted(mail, anna, 'a')).toMatchObject({ state: 'waiting' });
  smtp.set({ delayMs: 0 });
  mail.house.clock.pass(MINUTE_MS);
  await until(() => smtp.mails.length === 2, 'it leaves at the second attempt');
  expect(new Set(smtp.mails.map(({ messageId }) => messageId)).size).toBe(1);
  expect(new Set(smtp.mails.map(({ raw }) => raw.replace(/boundary="[^"]+"|--_NmP-\S+/g, ''))).size).toBe(1);
});

test('the mail server is down for an hour: nothing is lost, nothing is doubled, and all of it leaves as soon as it is back', async () => {
  const first = await startSmtp();
  const mail = mailHouse({ url: first.url, timeoutSeconds: 2 });
  cleanups.push(mail.stop);
  const { house } = mail;
  const customers = Array.from({ length: 5 }, (_, n) => house.customer(`customer${n}@example.org`));
  await first.stop();
  const total = 50;
  for (let n = 0; n < total; n++) {
    mail.test(customers[n % 5] ?? '', String(n));
    mail.look();
    await Bun.sleep(5);
    house.clock.pass((60 * MINUTE_MS) / total);
  }
  await Bun.sleep(300);
  expect(mail.deliveries().every(({ state, attempts }) => state === 'waiting' && attempts < 15)).toBe(true);
  expect(mailTrouble(house.db)?.attempts).toBeGreaterThan(50);
  const again = await startSmtp({ port: first.port });
  cleanups.push(again.stop);
  house.clock.pass(31_000);
  mail.look();
  await until(() => again.mails.length >= total, 'all mails arrive', 20_000);
  await until(() => mail.deliveries().every(({ state }) => state === 'delivered'), 'all are written down');
  expect(new Set(again.mails.map(({ messageId }) => messageId)).size).toBe(total);
  expect(again.mails).toHaveLength(total);
  expect(mailTrouble(house.db)).toBeNull();
});
