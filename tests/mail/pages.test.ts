/** The pages about mail: choosing them, ending them by link, and a new password by link. */
import { describe, expect, test } from 'bun:test';
import { startSession } from '../../src/accounts/sessions.ts';
import { checkPassword, hashPassword, setPassword, setUserState } from '../../src/accounts/users.ts';
import { houseSecret } from '../../src/db/secret.ts';
import { jsonLog } from '../../src/lib/log.ts';
import { noteRefusal } from '../../src/mail/addresses.ts';
import { unsubscribeUrl } from '../../src/mail/links.ts';
import { mailPreferences } from '../../src/mail/preferences.ts';
import { setMailOn } from '../../src/mail/queue.ts';
import { passwordMark, resetUrl } from '../../src/mail/reset-link.ts';
import { noteTrouble } from '../../src/mail/trouble.ts';
import { adminHouse } from '../support/admin-house.ts';
import { until } from '../support/client.ts';
import { MINUTE_MS, seededRandom } from '../support/house.ts';

function scene({ mail = true } = {}) {
  const lines: string[] = [];
  const admin = adminHouse({ log: jsonLog((line) => lines.push(line), Date.now) });
  const { house } = admin;
  house.write((tx) => setMailOn(tx, mail));
  const anna = house.customer('anna@example.org');
  const cookie = `smspin_session=${house.write((tx) => startSession(tx, seededRandom(3), anna, 'test'))}`;
  const links = { publicUrl: '', secret: houseSecret(house.db, 'links', seededRandom(1), 0) };
  const queued = () =>
    house.db
      .query<{ topic: string; payload: string | null }, []>(`SELECT topic, payload FROM deliveries WHERE channel = 'mail' ORDER BY seq`)
      .all();
  const shown = async (answer: Promise<Response>) => {
    const response = await answer;
    return { status: response.status, text: await response.text(), location: response.headers.get('location') };
  };
  return { ...admin, lines, anna, cookie, links, queued, shown, as: { cookie }, nobody: { cookie: '' } };
}

const FORM = { code_received: 'yes', code_in_mail: 'yes', order_expired: 'yes', low_balance: 'yes', low_balance_at: '4,50' };

describe('choosing mails', () => {
  test('is kept, shown again, and typed amounts are read as people type them', async () => {
    const { post, get, shown, as, anna, house } = scene();
    const kept = await shown(post('/settings/notifications', FORM, as));
    expect(kept).toMatchObject({ status: 303, location: '/settings/notifications?notice=mails-kept' });
    expect(mailPreferences(house.db, anna)).toMatchObject({
      ...{ code_received: true, codeInMail: true, order_expired: true, low_balance: true, lowBalanceMinor: 450 },
      ...{ webhook_disabled: false, alarms: false },
    });
    const page = (await shown(get('/settings/notifications', as))).text;
    expect(page).toContain('value="4.50"');
    expect(page).toContain('aria-current="page"');
    expect(page).not.toContain('Mails for operators');
  });

  test.each(['', 'much', '-5', '1.234', '99999999999'])(
    'an amount of %j is refused in words, and what was chosen stays on the page',
    async (amount) => {
      const { post, shown, as, anna, house } = scene();
      const refused = await shown(post('/settings/notifications', { ...FORM, low_balance_at: amount }, as));
      expect(refused.status).toBe(422);
      expect(refused.text).toMatch(/such as 5\.00/);
      expect(refused.text).toMatch(/name="order_expired" value="yes" checked/);
      expect(mailPreferences(house.db, anna).code_received).toBe(false);
    },
  );

  test('a customer cannot choose what is the operator’s', async () => {
    const { post, as, anna, house, operator } = scene();
    await post('/settings/notifications', { alarms: 'yes', ticket_opened: 'yes' }, as);
    expect(mailPreferences(house.db, anna)).toMatchObject({ alarms: false, ticket_opened: false });
    await post('/settings/notifications', { alarms: 'yes' }, { cookie: operator });
    const id = house.db.query<{ id: string }, []>(`SELECT id FROM users WHERE role = 'operator'`).get()?.id ?? '';
    expect(mailPreferences(house.db, id).alarms).toBe(true);
  });

  test('without a mail server the page says so, and the operator how to set one up', async () => {
    const { get, post, shown, as, operator } = scene({ mail: false });
    const page = (await shown(get('/settings/notifications', as))).text;
    expect(page).toContain('The operator has not set up mail');
    expect(page).not.toContain('smspin.toml');
    expect(page).not.toContain('name="code_received"');
    expect((await shown(get('/settings/notifications', { cookie: operator }))).text).toContain('smspin.toml');
    expect((await post('/settings/notifications', FORM, as)).status).toBe(503);
  });

  test('an address that takes no mail is shown with what it said, and can be tried again', async () => {
    const { post, get, shown, as, house, queued } = scene();
    for (let n = 0; n < 3; n++) house.write((tx) => noteRefusal(tx, 'anna@example.org', '550 <b>no such mailbox</b>'));
    const page = (await shown(get('/settings/notifications', as))).text;
    expect(page).toContain('Your address takes no mail');
    expect(page).toContain('550 &lt;b>no such mailbox'.replaceAll('>', '&gt;'));
    expect((await shown(post('/settings/notifications/retry', {}, as))).location).toContain('mail-tested');
    expect(queued().map(({ topic }) => topic)).toEqual(['test']);
    expect((await shown(get('/settings/notifications', as))).text).not.toContain('takes no mail');
  });

  test('test mails are few', async () => {
    const { post, as } = scene();
    const answers = [];
    for (let n = 0; n < 6; n++) answers.push((await post('/settings/notifications/test', {}, as)).status);
    expect(answers).toEqual([303, 303, 303, 303, 303, 429]);
  });

  test('trouble with the mail server is on every page of the operator, and on none of a customer', async () => {
    const { get, shown, as, house, operator } = scene();
    house.write((tx) => noteTrouble(tx, 'the mail server cannot be reached: connect ECONNREFUSED'));
    expect((await shown(get('/admin/bank', { cookie: operator }))).text).toContain('Mail does not leave');
    expect((await shown(get('/dashboard', as))).text).not.toContain('Mail does not leave');
  });
});

describe('ending mails by the link of one', () => {
  const place = (s: ReturnType<typeof scene>) => unsubscribeUrl(s.links, s.anna, 'code_received');

  test('opening it changes nothing; one click, and it is off; undo, and it is on', async () => {
    const s = scene();
    const { get, post, shown, as, nobody, anna, house } = s;
    await post('/settings/notifications', FORM, as);
    expect((await shown(get(place(s), nobody))).text).toContain('Turn them off');
    expect(mailPreferences(house.db, anna).code_received).toBe(true);
    const off = await shown(post(place(s), {}, nobody));
    expect(off).toMatchObject({ status: 200 });
    expect(off.text).toContain('no more mails of this kind');
    expect(mailPreferences(house.db, anna)).toMatchObject({ code_received: false, order_expired: true, codeInMail: true });
    expect((await shown(post(`${place(s)}/undo`, {}, nobody))).text).toContain('Turned on again');
    expect(mailPreferences(house.db, anna).code_received).toBe(true);
  });

  test('the program of a mail provider does it by RFC 8058, from anywhere, in both forms of a body', async () => {
    const s = scene();
    await s.post('/settings/notifications', FORM, s.as);
    const bodies = [
      { body: 'List-Unsubscribe=One-Click', type: 'application/x-www-form-urlencoded' },
      {
        body: '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
        type: 'multipart/form-data; boundary=x',
      },
    ];
    for (const { body, type } of bodies) {
      await s.post('/settings/notifications', FORM, s.as);
      const request = {
        method: 'POST',
        body,
        headers: { 'content-type': type, origin: 'https://mail.example.com', 'sec-fetch-site': 'cross-site' },
      };
      expect((await s.app.handle(new Request(`http://localhost${place(s)}`, request))).status).toBe(200);
      expect(mailPreferences(s.house.db, s.anna).code_received).toBe(false);
    }
    // Nothing else is open to other sites.
    const undo = { method: 'POST', headers: { origin: 'https://mail.example.com' } };
    expect((await s.app.handle(new Request(`http://localhost${place(s)}/undo`, undo))).status).toBe(403);
  });

  test('a link that was changed ends nothing, and is not logged', async () => {
    const s = scene();
    await s.post('/settings/notifications', FORM, s.as);
    const forged = place(s).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const other = `/unsubscribe/${new URL(`http://x${resetUrl(s.house.db, s.links, { userId: s.anna, mark: passwordMark(s.house.db, s.anna) ?? '', askedAtMs: 0 })?.url}`).pathname.split('/')[2]}`;
    for (const path of [forged, other, '/unsubscribe/x']) {
      expect((await s.post(path, {}, s.nobody)).status).toBe(404);
      expect((await s.get(path, s.nobody)).status).toBe(404);
    }
    expect(mailPreferences(s.house.db, s.anna).code_received).toBe(true);
  });
});

describe('a new password by link', () => {
  const linkOf = (s: ReturnType<typeof scene>) => {
    const mark = passwordMark(s.house.db, s.anna) ?? '';
    return resetUrl(s.house.db, s.links, { userId: s.anna, mark, askedAtMs: s.house.clock.nowMs() })?.url ?? '';
  };

  test('is sent to who has an account; the answer is the same for everybody', async () => {
    const s = scene();
    const known = await s.shown(s.post('/reset', { email: 'Anna@example.org ' }, s.nobody));
    const unknown = await s.shown(s.post('/reset', { email: 'eve@example.org' }, s.nobody));
    expect(known).toEqual(unknown);
    expect(known).toMatchObject({ status: 303, location: '/reset?notice=reset-asked' });
    await until(() => s.queued().length > 0, 'the mail is queued');
    await Bun.sleep(30);
    expect(s.queued().map(({ topic }) => topic)).toEqual(['password_reset']);
    expect((await s.shown(s.get('/sign-in', s.nobody))).text).toContain('href="/reset"');
  });

  test('works once: it sets the password, ends all sessions and tells by mail', async () => {
    const s = scene();
    const link = linkOf(s);
    const page = (await s.shown(s.get(link, s.nobody))).text;
    expect(page).toContain('Set a new password');
    expect(page).toContain('href="/settings/keys"');
    const short = await s.shown(s.post(link, { password: 'short' }, s.nobody));
    expect(short).toMatchObject({ status: 422 });
    expect(short.text).toContain('Use at least 10 characters.');
    const set = await s.shown(s.post(link, { password: 'a new and good one' }, s.nobody));
    expect(set).toMatchObject({ status: 303, location: '/sign-in?notice=password-set' });
    expect((await checkPassword(s.house.db, 'anna@example.org', 'a new and good one'))?.id).toBe(s.anna);
    expect((await s.get('/dashboard', s.as)).headers.get('location')).toContain('/sign-in');
    expect(s.queued().map(({ topic }) => topic)).toEqual(['password_changed']);
    // Whoever was in the account may have left a key or a webhook behind.
    const signIn = await s.shown(s.get(set.location ?? '', s.nobody));
    expect(signIn.text).toContain('API keys and webhooks go on working');
    expect(signIn.text).toContain('href="/settings/keys"');
    expect((await s.shown(s.get('/sign-in', s.nobody))).text).not.toContain('API keys and webhooks');
    const again = await s.shown(s.post(link, { password: 'another good one' }, s.nobody));
    expect(again.status).toBe(410);
    expect(again.text).toContain('was used already');
    expect(await checkPassword(s.house.db, 'anna@example.org', 'another good one')).toBeNull();
  });

  test('of two at once one wins', async () => {
    const s = scene();
    const link = linkOf(s);
    const answers = await Promise.all(['the first of two', 'the second of two'].map((password) => s.post(link, { password }, s.nobody)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 410]);
  });

  test('dies after an hour, with a password set otherwise, and with a blocked account', async () => {
    const s = scene();
    const first = linkOf(s);
    s.house.clock.pass(61 * MINUTE_MS);
    expect((await s.shown(s.get(first, s.nobody))).text).toContain('older than an hour');
    const second = linkOf(s);
    const hash = await hashPassword('set by the operator');
    s.house.write((tx) => setPassword(tx, s.anna, hash));
    expect((await s.shown(s.get(second, s.nobody))).text).toContain('used already');
    const third = linkOf(s);
    s.house.write((tx) => setUserState(tx, s.anna, 'blocked'));
    expect((await s.get(third, s.nobody)).status).toBe(410);
    await s.post('/reset', { email: 'anna@example.org' }, s.nobody);
    await Bun.sleep(30);
    expect(s.queued().map(({ topic }) => topic)).not.toContain('password_reset');
    expect((await s.shown(s.get('/reset/x', s.nobody))).text).toContain('not whole');
  });

  test('is asked for at most three times an hour for an account from one address, whether there is an account or not', async () => {
    const s = scene();
    const ask = async (email: string) => (await s.post('/reset', { email }, s.nobody)).status;
    for (const email of ['anna@example.org', 'eve@example.org']) {
      expect([await ask(email), await ask(email), await ask(email), await ask(email)]).toEqual([303, 303, 303, 429]);
    }
  });

  test('without a mail server it says whom to ask', async () => {
    const s = scene({ mail: false });
    expect((await s.shown(s.get('/reset', s.nobody))).text).toContain('Ask the operator for a new password');
    expect((await s.post('/reset', { email: 'anna@example.org' }, s.nobody)).status).toBe(422);
  });

  test('a refused request never puts the link into the log', async () => {
    const s = scene();
    const link = linkOf(s);
    await s.post(link, { password: 'x' }, { cookie: '', origin: 'https://evil.example' });
    expect(s.lines.join('\n')).toContain('request_refused');
    expect(s.lines.join('\n')).not.toContain(link.split('/').at(-1) ?? '?');
  });
});

test('a sign-in with a browser not seen before is told, the next one with it is not, nor is a sign-up', async () => {
  const s = scene();
  const hash = await hashPassword('the password of anna');
  s.house.write((tx) => setPassword(tx, s.anna, hash));
  const signIn = async (cookie: string) => {
    const answer = await s.post(
      '/sign-in',
      { email: 'anna@example.org', password: 'the password of anna' },
      { cookie, 'user-agent': 'Firefox/1' },
    );
    return (
      answer.headers
        .getSetCookie()
        .find((one) => one.startsWith('smspin_browser='))
        ?.split(';')[0] ?? ''
    );
  };
  const browser = await signIn('');
  const notices = () => s.queued().filter(({ topic }) => topic === 'new_browser');
  expect(notices()).toHaveLength(1);
  expect(JSON.parse(notices()[0]?.payload ?? '')).toMatchObject({ userAgent: 'Firefox/1', address: 'unknown' });
  expect(await signIn(browser)).toBe(browser);
  expect(notices()).toHaveLength(1);
  await signIn('smspin_browser=00000000000000000000000000000000');
  expect(notices()).toHaveLength(2);
  await s.post('/sign-up', { email: 'new@example.org', password: 'a long password', purpose: 'testing', terms: 'yes' }, s.nobody);
  expect(notices()).toHaveLength(2);
});
