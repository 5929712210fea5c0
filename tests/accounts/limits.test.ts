/** The limits of sign-in, reset and keys, over the port and behind a proxy that says for whom it asks. */
import { afterEach, expect, test } from 'bun:test';
import { createKey } from '../../src/accounts/keys.ts';
import { hashPassword, setPassword } from '../../src/accounts/users.ts';
import { houseSecret } from '../../src/db/secret.ts';
import { setMailOn } from '../../src/mail/queue.ts';
import { passwordMark, resetUrl } from '../../src/mail/reset-link.ts';
import { adminHouse } from '../support/admin-house.ts';
import { MINUTE_MS, seededRandom } from '../support/house.ts';

const EMAIL = 'anna@example.org';
const HOUR_MS = 60 * MINUTE_MS;
const PASSWORD = 'the password of anna';
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function scene() {
  const admin = adminHouse({ env: { SMSPIN_SERVER_TRUSTED_PROXIES: '127.0.0.1' } });
  const { house, app } = admin;
  app.listen({ port: 0, hostname: '127.0.0.1' });
  stops.push(() => app.stop(true));
  house.write((tx) => setMailOn(tx, true));
  const anna = house.customer(EMAIL, 0);
  const hash = await hashPassword(PASSWORD);
  house.write((tx) => setPassword(tx, anna, hash));
  const send = (path: string, from: string, headers: Record<string, string>, body?: URLSearchParams) =>
    fetch(`http://127.0.0.1:${app.server?.port}${path}`, {
      ...{ method: body ? 'POST' : 'GET', redirect: 'manual' },
      headers: { origin: 'http://localhost:8080', 'x-forwarded-for': from, ...headers },
      ...(body && { body }),
    });
  const post = (path: string, from: string, form: Record<string, string>, cookie = '') =>
    send(path, from, { cookie }, new URLSearchParams(form));
  const signIn = (from: string, password: string, cookie = '', email = EMAIL) => post('/sign-in', from, { email, password }, cookie);
  const resets = () => house.db.query("SELECT 1 FROM deliveries WHERE topic = 'password_reset'").all().length;
  return { ...admin, anna, send, post, signIn, resets };
}

const browserOf = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .find((one) => one.startsWith('smspin_browser='))
    ?.split(';')[0] ?? '';

test('strangers who ask for a new password of somebody do not keep the owner from asking, nor fill the mailbox', async () => {
  const s = await scene();
  const ask = async (from: string) => {
    s.house.clock.pass(1);
    const { status } = await s.post('/reset', from, { email: EMAIL });
    // The answer does not wait for the mail to be queued; two of one millisecond would be one.
    await Bun.sleep(10);
    return status;
  };
  for (const from of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) expect(await ask(from)).toBe(303);
  expect(await ask('198.51.100.7')).toBe(303);
  for (let n = 10; n < 20; n++) expect(await ask(`192.0.2.${n}`)).toBe(303);
  await Bun.sleep(50);
  expect(s.resets()).toBe(5);
  expect([await ask('198.51.100.7'), await ask('198.51.100.7'), await ask('198.51.100.7')]).toEqual([303, 303, 429]);
  s.house.clock.pass(HOUR_MS);
  expect(await ask('198.51.100.7')).toBe(303);
  await Bun.sleep(50);
  expect(s.resets()).toBe(6);
});

test('addresses of one IPv6 network count as one for sign-ins, resets and wrong keys', async () => {
  const s = await scene();
  const within = (n: number) => `2001:db8:1:2:${n.toString(16)}::${n + 1}`;
  const signIn = async (from: string, n: number) => (await s.signIn(from, 'wrong', '', `nobody${n}@example.org`)).status;
  for (let n = 0; n < 30; n++) expect(await signIn(within(n), n)).toBe(422);
  expect(await signIn(within(31), 31)).toBe(429);
  expect(await signIn('2001:db8:1:3::1', 32)).toBe(422);
  for (let n = 0; n < 3; n++) expect((await s.post('/reset', within(n), { email: EMAIL })).status).toBe(303);
  expect((await s.post('/reset', within(9), { email: EMAIL })).status).toBe(429);
  const call = async (from: string, key: string) => (await s.send('/api/v1/offers', from, { authorization: `Bearer ${key}` })).status;
  for (let n = 0; n < 30; n++) expect(await call(within(n), 'smspin_wrong')).toBe(401);
  expect(await call(within(40), 'smspin_wrong')).toBe(429);
  expect(await call('2001:db8:1:3::1', 'smspin_wrong')).toBe(401);
});

test('a list of allowed addresses goes on looking at the whole address', async () => {
  const s = await scene();
  const limits = { expiresAtMs: null, allowedAddresses: ['2001:db8::7/128'] };
  const { secret } = s.house.write((tx) => createKey(tx, seededRandom(5), { userId: s.anna, name: 'x', scopes: ['offers:read'], limits }));
  const call = async (from: string) => (await s.send('/api/v1/offers', from, { authorization: `Bearer ${secret}` })).status;
  expect([await call('2001:db8::7'), await call('2001:db8::8')]).toEqual([200, 403]);
});

test('wrong passwords from everywhere are slowed down for an account, but not for a browser it knows', async () => {
  const s = await scene();
  const known = browserOf(await s.signIn('198.51.100.7', PASSWORD));
  expect(known).not.toBe('');
  const guessed = await Promise.all(Array.from({ length: 50 }, (_, n) => s.signIn(`192.0.2.${n}`, 'a wrong guess')));
  expect(new Set(guessed.map(({ status }) => status))).toEqual(new Set([422]));
  expect((await s.signIn('192.0.2.200', 'a wrong guess')).status).toBe(429);
  expect((await s.signIn('192.0.2.200', PASSWORD)).status).toBe(429);
  expect((await s.signIn('192.0.2.200', PASSWORD, 'smspin_browser=00000000000000000000000000000000')).status).toBe(429);
  expect((await s.signIn('192.0.2.201', PASSWORD, known)).status).toBe(303);
  expect((await s.signIn('192.0.2.202', 'wrong', '', 'bert@example.org')).status).toBe(422);
  const links = { publicUrl: '', secret: houseSecret(s.house.db, 'links', seededRandom(1), 0) };
  const mark = passwordMark(s.house.db, s.anna) ?? '';
  const url = resetUrl(s.house.db, links, { userId: s.anna, mark, askedAtMs: s.house.clock.nowMs() })?.url ?? '';
  // Who sets a new password by the mailed link is known from then on.
  const reset = await s.post(url, '192.0.2.203', { password: 'another good one' });
  expect(reset.status).toBe(303);
  expect((await s.signIn('192.0.2.203', 'another good one', browserOf(reset))).status).toBe(303);
  s.house.clock.pass(HOUR_MS);
  expect((await s.signIn('192.0.2.204', 'another good one')).status).toBe(303);
}, 30_000);
