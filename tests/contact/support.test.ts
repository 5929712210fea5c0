/** From the contact form to the operator's answer and back. */
import type { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { startSession } from '../../src/accounts/sessions.ts';
import { houseSecret } from '../../src/db/secret.ts';
import { signClaim } from '../../src/lib/signed.ts';
import { mailPreferences, setMailPreferences } from '../../src/mail/preferences.ts';
import { setMailOn } from '../../src/mail/queue.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { newFormToken } from '../../src/support/form-guard.ts';
import { setTicketClosed } from '../../src/support/tickets.ts';
import { adminHouse } from '../support/admin-house.ts';
import { MINUTE_MS, seededRandom } from '../support/house.ts';

function scene() {
  const admin = adminHouse();
  const { house, app } = admin;
  house.write((tx) => setMailOn(tx, true));
  const anna = house.customer('anna@example.org');
  const bob = house.customer('bob@example.org');
  const signIn = (id: string, seed: number) => `smspin_session=${house.write((tx) => startSession(tx, seededRandom(seed), id, 'test'))}`;
  const as = {
    anna: { cookie: signIn(anna, 3) },
    bob: { cookie: signIn(bob, 4) },
    nobody: { cookie: '' },
    operator: { cookie: admin.operator },
  };
  const secret = houseSecret(house.db, 'links', seededRandom(1), 0);
  let seed = 10;
  /** The mark of a form that was read for a while. */
  const token = (ageMs = 5000) => newFormToken(secret, seededRandom(seed++), house.clock.nowMs() - ageMs);
  const read = async (answer: Promise<Response>) => {
    const response = await answer;
    return { status: response.status, text: await response.text(), location: response.headers.get('location') ?? '' };
  };
  const write = (changes: Record<string, string>, who: { cookie: string } = as.nobody) =>
    read(
      admin.post(
        '/contact',
        { email: 'eve@example.org', topic: 'other', text: 'Nothing came, please help me.', token: token(), ...changes },
        who,
      ),
    );
  const get = (path: string, who: { cookie: string }) => read(admin.get(path, who));
  const post = (path: string, form: Record<string, string>, who: { cookie: string }) => read(admin.post(path, form, who));
  const mails = () =>
    house.db
      .query<{ topic: string; userId: string | null; payload: string }, []>(
        `SELECT topic, user_id AS userId, payload FROM deliveries WHERE channel = 'mail' ORDER BY seq`,
      )
      .all();
  const ticket = () =>
    house.db
      .query<{ id: string; number: string; state: string; user_id: string | null }, []>(
        'SELECT * FROM tickets ORDER BY created_at_ms DESC, id DESC',
      )
      .get();
  const tickets = () => house.db.query<{ n: number }, []>('SELECT count(*) AS n FROM tickets').get()?.n;
  return { ...admin, house, app, anna, bob, as, token, write, get, post, mails, ticket, tickets };
}

describe('somebody without an account', () => {
  test('writes, lands on the page of the ticket, and gets its number by mail, without their own words in it', async () => {
    const s = scene();
    const sent = await s.write({});
    expect(sent.status).toBe(303);
    expect(sent.location).toStartWith('/contact/ticket/');
    const page = await s.get(sent.location, s.as.nobody);
    expect(page.text).toContain('We have your message.');
    expect(page.text).toContain(s.ticket()?.number ?? '?');
    expect(page.text).toContain('Nothing came, please help me.');
    expect(s.mails()).toMatchObject([{ topic: 'ticket_received', userId: null }]);
    expect(JSON.parse(s.mails()[0]?.payload ?? '')).toMatchObject({ to: 'eve@example.org' });
    expect(s.mails()[0]?.payload).not.toContain('Nothing came');
  });

  test('answers by the link alone; a changed link shows nothing', async () => {
    const s = scene();
    const place = (await s.write({})).location.split('?')[0] ?? '';
    expect((await s.post(`${place}/answer`, { text: 'And here is more of it.' }, s.as.nobody)).status).toBe(303);
    expect((await s.get(place, s.as.nobody)).text).toContain('And here is more of it.');
    expect((await s.get(`${place.slice(0, -2)}xx`, s.as.nobody)).status).toBe(404);
    expect((await s.post(`${place.slice(0, -2)}xx/answer`, { text: 'And here is more of it.' }, s.as.nobody)).status).toBe(404);
    expect((await s.get(`/contact/tickets/${s.ticket()?.id}`, s.as.anna)).status).toBe(404);
  });
});

const DAY_MS = 24 * 60 * MINUTE_MS;

describe('the link of a ticket', () => {
  test('ends 180 days after it was made, in words', async () => {
    const s = scene();
    const place = (await s.write({})).location.split('?')[0] ?? '';
    expect((await s.get(place, s.as.nobody)).text).toContain('It works 180 days');
    s.house.clock.pass(180 * DAY_MS - 1);
    expect((await s.get(place, s.as.nobody)).status).toBe(200);
    s.house.clock.pass(1);
    const ended = await s.get(place, s.as.nobody);
    expect(ended.status).toBe(410);
    expect(ended.text).toContain('This link is older than 180 days');
    expect(ended.text).not.toContain('Nothing came');
    expect((await s.post(`${place}/answer`, { text: 'And here is more of it.' }, s.as.nobody)).status).toBe(410);
  });

  test('ends 30 days after the ticket was closed; before that its writer may open it again', async () => {
    const s = scene();
    const place = (await s.write({})).location.split('?')[0] ?? '';
    const close = () => s.house.write((tx) => setTicketClosed(tx, operatorOf(s.house.db), s.ticket()?.id ?? '', true));
    close();
    s.house.clock.pass(29 * DAY_MS);
    expect((await s.post(`${place}/answer`, { text: 'And here is more of it.' }, s.as.nobody)).status).toBe(303);
    close();
    s.house.clock.pass(30 * DAY_MS);
    const ended = await s.get(place, s.as.nobody);
    expect([ended.status, (await s.post(`${place}/answer`, { text: 'Once more, please.' }, s.as.nobody)).status]).toEqual([410, 410]);
    expect(ended.text).toContain('closed more than 30 days ago');
  });

  test('of an earlier release, without an end, ends with the 180th day of its ticket', async () => {
    const s = scene();
    await s.write({});
    const secret = houseSecret(s.house.db, 'links', seededRandom(1), 0);
    const token = signClaim(secret, { purpose: 'ticket', subject: s.ticket()?.id ?? '', expiresAtMs: null });
    expect((await s.get(`/contact/ticket/${token}`, s.as.nobody)).status).toBe(200);
    s.house.clock.pass(180 * DAY_MS);
    expect((await s.get(`/contact/ticket/${token}`, s.as.nobody)).status).toBe(410);
  });
});

const operatorOf = (db: Database): string => db.query<{ id: string }, []>("SELECT id FROM users WHERE role = 'operator'").get()?.id ?? '';

describe('the form', () => {
  test.each([
    ['no topic', { topic: 'x' }, 'Choose what it is about.'],
    ['no address', { email: 'eve' }, 'Type an e-mail address'],
    ['no words', { text: ' hi ' }, 'Write at least a sentence.'],
    ['too many', { text: 'x'.repeat(5001) }, 'at most 5000 characters; these are 5001'],
    ['no order id', { order: '12345' }, 'An order id begins with ord_'],
    ['the field for programs', { website: 'https://spam.example' }, 'Leave the field'],
    ['no mark', { token: '' }, 'The form came without its mark.'],
  ])('with %s is refused in words, and keeps what was typed', async (_, changes, words) => {
    const s = scene();
    const refused = await s.write(changes);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain(words);
    if (!('text' in changes)) expect(refused.text).toContain('Nothing came, please help me.');
    expect(s.tickets()).toBe(0);
  });

  test('filled faster than people write, or a day later, comes back with a fresh mark that works', async () => {
    const s = scene();
    expect((await s.write({ token: s.token(1900) })).text).toContain('faster than people write');
    const late = await s.write({ token: s.token(24 * 60 * MINUTE_MS) });
    expect(late.text).toContain('open for more than a day');
    const fresh = /name="token" value="([^"]+)"/.exec(late.text)?.[1] ?? '';
    s.house.clock.pass(2000);
    expect((await s.write({ token: fresh })).status).toBe(303);
  });

  test('sent twice makes one ticket', async () => {
    const s = scene();
    const token = s.token();
    const [first, second] = [await s.write({ token }), await s.write({ token })];
    expect(first.location).toBe(second.location);
    expect(s.tickets()).toBe(1);
    expect(s.mails()).toHaveLength(1);
  });

  test('with a file is refused in words', async () => {
    const s = scene();
    const body = new FormData();
    for (const [name, value] of Object.entries({
      email: 'eve@example.org',
      topic: 'other',
      text: 'See the picture of it.',
      token: s.token(),
    }))
      body.set(name, value);
    body.set('file', new File(['x'], 'x.png', { type: 'image/png' }));
    const answer = await s.app.handle(new Request('http://localhost/contact', { method: 'POST', body, headers: { accept: 'text/html' } }));
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('Attachments are not taken');
    expect(s.tickets()).toBe(0);
  });

  test('floods nobody: three tickets for an address in half a day', async () => {
    const s = scene();
    const statuses = [];
    for (let n = 0; n < 4; n++) statuses.push((await s.write({})).status);
    expect(statuses).toEqual([303, 303, 303, 429]);
    expect((await s.write({ email: 'other@example.org' })).status).toBe(303);
  });
});

describe('a customer', () => {
  const order = (s: ReturnType<typeof scene>, userId: string) => {
    s.house.sim(1);
    s.house.offer('telegram', 40);
    return s.house.write((tx) => placeOrder(tx, s.house.terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null })).id;
  };

  test('writes under their own address, about an order of their own alone', async () => {
    const s = scene();
    const id = order(s, s.bob);
    const refused = await s.write({ order: id, topic: 'order' }, s.as.anna);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('You have no order with this id.');
    const sent = await s.write({ order: id, topic: 'order', email: 'forged@example.org' }, s.as.bob);
    expect(sent.location).toStartWith('/contact/tickets/tkt_');
    expect(s.house.db.query('SELECT email, order_id FROM tickets').all()).toEqual([{ email: 'bob@example.org', order_id: id }]);
    expect((await s.get('/contact/tickets', s.as.bob)).text).toContain(s.ticket()?.number ?? '?');
    expect((await s.get('/contact/tickets', s.as.anna)).text).toContain('You have written nothing yet.');
    for (const path of ['', '/answer'])
      expect((await s.get(`/contact/tickets/${s.ticket()?.id}${path}`, s.as.anna)).status).toBe(path === '' ? 404 : 303);
    expect((await s.post(`/contact/tickets/${s.ticket()?.id}/answer`, { text: 'Let me into this one.' }, s.as.anna)).status).toBe(404);
  });

  test('the operator reads, notes, answers, closes; the customer sees the answer and never the note', async () => {
    const s = scene();
    const operatorId = s.house.db.query<{ id: string }, []>(`SELECT id FROM users WHERE role = 'operator'`).get()?.id ?? '';
    s.house.write((tx) => setMailPreferences(tx, operatorId, { ...mailPreferences(tx.db, operatorId), ticket_opened: true }));
    await s.write({ order: order(s, s.anna), topic: 'order' }, s.as.anna);
    const id = s.ticket()?.id ?? '';
    const place = `/admin/support/${id}`;
    const list = await s.get('/admin/support', s.as.operator);
    expect(list.text).toContain('data-ticket-count="1"');
    expect(list.text).toContain('Nothing came, please help me.');
    const page = await s.get(place, s.as.operator);
    for (const part of ['anna@example.org', 'customer, active', 'Telegram', '/admin/sims/', 'Everything from this address'])
      expect(page.text).toContain(part);
    expect((await s.post(`${place}/answer`, { text: 'No' }, s.as.operator)).text).toContain('Write at least a sentence.');
    await s.post(`${place}/note`, { text: 'She wrote before: secret note' }, s.as.operator);
    s.house.clock.pass(MINUTE_MS);
    expect((await s.post(`${place}/answer`, { text: 'It is on its way to you.' }, s.as.operator)).location).toContain('ticket-answered');
    expect(s.ticket()?.state).toBe('waiting');
    const seen = await s.get(`/contact/tickets/${id}`, s.as.anna);
    expect(seen.text).toContain('It is on its way to you.');
    expect(seen.text).not.toContain('secret note');
    expect(seen.text).not.toContain('operator@example.org');
    await s.post(`${place}/close`, {}, s.as.operator);
    expect((await s.get('/admin/support', s.as.operator)).text).not.toContain('data-ticket-count');
    expect((await s.post(`/contact/tickets/${id}/answer`, { text: 'It did not come after all.' }, s.as.anna)).status).toBe(303);
    expect(s.ticket()?.state).toBe('open');
    await s.post(`${place}/close`, {}, s.as.operator);
    await s.post(`${place}/close`, {}, s.as.operator);
    await s.post(`${place}/reopen`, {}, s.as.operator);
    expect(s.audit().map(({ action }) => action)).toEqual([
      'support.note',
      'support.answer',
      'support.close',
      'support.close',
      'support.reopen',
    ]);
    expect(s.mails().map(({ topic }) => topic)).toEqual(['ticket_received', 'ticket_opened', 'ticket_answered', 'ticket_opened']);
    expect(s.mails().some(({ payload }) => payload.includes('secret note'))).toBe(false);
  });
});

test('the operator finds tickets by number, address, order and words, whatever their state', async () => {
  const s = scene();
  await s.write({ text: 'A hundred % of 50_50 things' });
  await s.write({ email: 'mallory@example.org', text: 'Something else entirely.' });
  const found = async (q: string) =>
    [...(await s.get(`/admin/support?q=${encodeURIComponent(q)}`, s.as.operator)).text.matchAll(/data-ticket-id/g)].length;
  expect(await Promise.all(['mallory', '%', '50_50', 'entirely', s.ticket()?.number ?? '', 'nothing of that'].map(found))).toEqual([
    1, 1, 1, 1, 1, 0,
  ]);
  expect((await s.get('/admin/support?state=closed', s.as.operator)).text).toContain('No ticket is closed.');
});

test('an order that a stranger names is marked as not theirs', async () => {
  const s = scene();
  s.house.sim(1);
  s.house.offer('telegram', 40);
  const { id } = s.house.write((tx) =>
    placeOrder(tx, s.house.terms, { userId: s.anna, country: 'gb', service: 'telegram', maxPriceMinor: null }),
  );
  expect((await s.write({ order: id, topic: 'order' })).status).toBe(303);
  const page = await s.get(`/admin/support/${s.ticket()?.id}`, s.as.operator);
  expect(page.text).toContain('Not proven to be the writer’s');
  expect(page.text).toContain('the address is not proven');
});

test('customers and strangers see nothing of the operator’s pages', async () => {
  const s = scene();
  await s.write({});
  const place = `/admin/support/${s.ticket()?.id}`;
  for (const path of ['/admin/support', place]) {
    expect((await s.get(path, s.as.anna)).status).toBe(403);
    expect((await s.get(path, s.as.nobody)).location).toContain('/sign-in');
  }
  for (const verb of ['answer', 'note', 'close', 'reopen'])
    expect((await s.post(`${place}/${verb}`, { text: 'Let me do it for you.' }, s.as.anna)).status).toBe(403);
  expect(s.ticket()?.state).toBe('open');
  expect((await s.get('/admin/support/tkt_nothing', s.as.operator)).status).toBe(404);
});

test('what was said is never changed', async () => {
  const s = scene();
  await s.write({});
  expect(() => s.house.db.run(`UPDATE ticket_messages SET text = 'x'`)).toThrow('append only');
});
