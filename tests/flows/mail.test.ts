/** The server as its operator runs it, with a mail server beside it. */
import { Database } from 'bun:sqlite';
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestBank } from '../support/bank.ts';
import { customer, expectOk, until, untilStock } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { startSmtp } from '../support/smtp.ts';

setDefaultTimeout(120_000);
const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup();
});

const PASSWORD = 'a password for anna';

/** Signs in as a browser would and returns the cookie. */
async function signIn(server: Server, email: string, password = PASSWORD): Promise<string> {
  const answer = await send(server, '/sign-in', { email, password });
  expect(answer.status).toBe(303);
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
}

function send(server: Server, path: string, form: Record<string, string>, cookie = ''): Promise<Response> {
  return fetch(server.url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, origin: server.url, 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
    body: new URLSearchParams(form).toString(),
  });
}

test('one SMS: the code in the mail bears the event of the API, and the link of a mail sets a new password', async () => {
  const smtp = await startSmtp({ starttls: true, auth: { user: 'pin', pass: 'secret' } });
  const bank = await startTestBank(1);
  const config = `[modems]\nports = ["${bank.pattern}"]\ndiscover = false\n[smtp]\nurl = "${smtp.url}"\nfrom = "SMSPin <pin@example.org>"\ntimeout_seconds = 5\n`;
  const server = await startServer({ config });
  cleanups.push(smtp.stop, () => bank.stop(), server.stop);
  const api = await customer(server, 'anna@example.org');
  await expectOk(server.run(['user', 'password', 'anna@example.org', '--password-stdin'], `${PASSWORD}\n`));
  await expectOk(server.run(['offer', 'set', 'gb', 'telegram', '--price', '45']));
  await until(() => smtp.mails.length === 2, 'the notices about the key and the password, which commands beside the server made');
  expect(smtp.mails.map(({ subject }) => subject).toSorted()).toEqual(['An API key was made', 'Your password was changed']);
  const cookie = await signIn(server, 'anna@example.org');
  expect((await send(server, '/settings/notifications', { code_received: 'yes', code_in_mail: 'yes' }, cookie)).status).toBe(303);
  await untilStock(api, 'gb', 'telegram', 1);
  const { body: order } = await api.order('gb', 'telegram');
  await bank.sendSms({ number: order.number, sender: 'Telegram', text: 'Telegram code: 48213' });
  const code = () => smtp.mails.find(({ subject }) => subject === '48213 is your Telegram code');
  await until(() => code() !== undefined, 'the code arrives by mail');
  expect(code()?.eventId).toBe((await api.get(order.id)).body.last_event);
  expect(code()).toMatchObject({ to: 'anna@example.org', secure: true, user: 'pin' });

  const ended = /<([^>]+)>/.exec(code()?.headers.get('list-unsubscribe') ?? '')?.[1] ?? '';
  expect((await fetch(ended, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) })).status).toBe(200);
  await bank.sendSms({ number: order.number, sender: 'Telegram', text: 'Telegram code: 55555' });
  await until(async () => (await api.get(order.id)).body.code === '55555', 'the second code');

  expect((await send(server, '/reset', { email: 'anna@example.org' })).status).toBe(303);
  const reset = () => smtp.mails.find(({ subject }) => subject === 'Set a new password');
  await until(() => reset() !== undefined, 'the link arrives');
  const link = new URL(/http\S+\/reset\/\S+/.exec(reset()?.text ?? '')?.[0] ?? 'http://x').pathname;
  expect((await send(server, link, { password: 'another password' })).status).toBe(303);
  await signIn(server, 'anna@example.org', 'another password');
  expect((await fetch(`${server.url}/dashboard`, { headers: { cookie }, redirect: 'manual' })).status).toBe(303);
  await Bun.sleep(300);
  expect(smtp.mails.some(({ subject }) => subject.startsWith('55555'))).toBe(false);
  // No password, link or code in the log.
  for (const secret of ['48213', 'secret', link.split('/').at(-1) ?? '?', PASSWORD]) expect(server.output()).not.toContain(secret);
});

test('killed again and again while mails go out: each arrives, under one Message-ID each time', async () => {
  const smtp = await startSmtp({ delayMs: 40 });
  const dir = mkdtempSync(join(tmpdir(), 'smspin-mail-'));
  cleanups.push(smtp.stop, () => rmSync(dir, { recursive: true, force: true }));
  const config = `[modems]\nvirtual = 0\ndiscover = false\n[smtp]\nurl = "${smtp.url}"\nfrom = "pin@example.org"\ntimeout_seconds = 5\n`;
  let server = await startServer({ dir, config });
  cleanups.push(() => server.stop());
  await expectOk(server.run(['user', 'add', 'anna@example.org']));
  const db = new Database(join(dir, 'data', 'smspin.db'));
  cleanups.push(() => db.close());
  db.run('PRAGMA busy_timeout = 5000');
  const total = 300;
  const insert = db.query(
    `INSERT INTO api_keys (id, user_id, name, key_hash, prefix, scopes, created_at_ms)
     SELECT $id, id, $id, $id, 'smspin_test', 'orders:read', $now FROM users WHERE email = 'anna@example.org'`,
  );
  db.transaction(() => {
    for (let n = 0; n < total; n++) insert.run({ $id: `key_${n}`, $now: Date.now() });
  })();
  for (let kills = 0; kills < 4; kills++) {
    const before = smtp.mails.length;
    await until(() => smtp.mails.length >= before + 20, 'some leave');
    await server.kill('SIGKILL');
    server = await startServer({ dir, config });
  }
  const waiting = () => db.query<{ n: number }, []>(`SELECT count(*) AS n FROM deliveries WHERE state = 'waiting'`).get()?.n;
  await until(() => waiting() === 0, 'all are written down', 60_000);
  const events = new Set(smtp.mails.map(({ eventId }) => eventId));
  const doubled = smtp.mails.length - events.size;
  console.log(`${total} mails, 4 kills: ${smtp.mails.length} arrived, ${doubled} of them twice`);
  expect(events.size).toBe(total);
  // At most those that were under way at each kill.
  expect(doubled).toBeLessThanOrEqual(4 * 8);
  expect(new Set(smtp.mails.map(({ eventId, messageId }) => `${eventId} ${messageId}`)).size).toBe(total);
});

test('without smtp.url nothing is queued, and a later start with one sends only what came since', async () => {
  const smtp = await startSmtp();
  const dir = mkdtempSync(join(tmpdir(), 'smspin-mail-'));
  cleanups.push(smtp.stop, () => rmSync(dir, { recursive: true, force: true }));
  const off = '[modems]\nvirtual = 0\ndiscover = false\n';
  let server = await startServer({ dir, config: off });
  cleanups.push(() => server.stop());
  await customer(server, 'anna@example.org');
  expect(server.output()).not.toContain('smtp_unused');
  await server.kill();
  server = await startServer({ dir, config: `${off}[smtp]\nurl = "${smtp.url}"\nfrom = "pin@example.org"\n` });
  await expectOk(server.run(['key', 'create', 'anna@example.org']));
  await until(() => smtp.mails.length > 0, 'the notice of the second key');
  await Bun.sleep(300);
  expect(smtp.mails).toHaveLength(1);
});
