import { expect, test } from 'bun:test';
import { createKey } from '../../src/accounts/keys.ts';
import { startSession } from '../../src/accounts/sessions.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { findOrder } from '../../src/orders/view.ts';
import { adminHouse } from '../support/admin-house.ts';
import { seededRandom } from '../support/house.ts';
import { UNCLEAR } from './room.ts';

/** A pending order of Anna's on a SIM to which an SMS came. */
function withSms(sms: { sender: string; text: string }) {
  const admin = adminHouse();
  const { house } = admin;
  const iccid = house.sim(1);
  house.offer('telegram', 40);
  const anna = house.customer('anna@example.org');
  const cookie = `smspin_session=${house.write((tx) => startSession(tx, seededRandom(3), anna, 'test'))}`;
  const order = house.write((tx) => placeOrder(tx, house.terms, { userId: anna, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  house.receive({ iccid, ...sms });
  const messageId = house.db.query<{ id: string }, []>('SELECT id FROM messages').get()?.id ?? '';
  const { secret: key } = house.write((tx) =>
    createKey(tx, seededRandom(9), { userId: anna, name: 'test', scopes: ['orders:read', 'orders:write'] }),
  );
  const api = (method: string, path: string, body?: object) =>
    admin.app.handle(
      new Request(`http://localhost/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
      }),
    );
  const text = async (path: string, headers = {}) => (await admin.get(path, headers)).text();
  return { ...admin, house, order, messageId, cookie, api, text, now: () => findOrder(house.db, order.id) };
}

test('the list shows what a decision needs, marks the code, and the menu counts it', async () => {
  const { text, order, messageId } = withSms(UNCLEAR);
  const list = await text('/admin/reviews');
  for (const part of ['Acme', '+44 7700 900001', 'anna@example.org', 'Telegram', 'rule unknown_brand', 'rules ', 'data-review-count="1"'])
    expect(list).toContain(part);
  expect(list).toContain('<mark>482913</mark>');
  expect(list).toContain(`data-expires-at-ms="${order.expiresAtMs}"`);
  expect(await text(`/admin/reviews/${messageId}`)).toContain('Deliver now');
  expect(await text('/admin/unmatched')).toContain(`/admin/reviews/${messageId}`);
});

test('delivered from the page; a second decision is refused in words', async () => {
  const { post, postAndFollow, order, messageId, now, audit } = withSms(UNCLEAR);
  const form = { order: order.id, code: '482913', typed: '' };
  expect(await postAndFollow(`/admin/reviews/${messageId}/deliver`, form)).toContain('Delivered: the customer has it.');
  expect(now()).toMatchObject({ status: 'received', code: '482913' });
  const again = await post(`/admin/reviews/${messageId}/deliver`, form);
  expect(again.status).toBe(409);
  expect(await again.text()).toContain('It was decided already');
  expect(audit().map(({ action }) => action)).toEqual(['review.deliver', 'message.reveal']);
});

test('what is typed goes before what is chosen, and must stand in the text', async () => {
  const { post, order, messageId, now } = withSms({ sender: 'Acme', text: 'Your verification code is 482913, not 771204' });
  const wrong = await post(`/admin/reviews/${messageId}/deliver`, { order: order.id, code: '482913', typed: '111111' });
  expect(wrong.status).toBe(409);
  expect(now()?.status).toBe('pending');
  await post(`/admin/reviews/${messageId}/deliver`, { order: order.id, code: '482913', typed: '771204' });
  expect(now()?.code).toBe('771204');
});

test('closed, undone, closed as of another service', async () => {
  const { postAndFollow, text, messageId } = withSms(UNCLEAR);
  const path = `/admin/reviews/${messageId}`;
  expect(await postAndFollow(`${path}/not-code`, { note: 'Hotel WLAN' })).toContain('Hotel WLAN');
  expect(await text('/admin/reviews')).not.toContain('data-review-count');
  expect(await postAndFollow(`${path}/undo`, {})).toContain('Open again.');
  expect(await postAndFollow(`${path}/other-service`, { service: 'spotify', code: '482913' })).toContain(
    'No order of it is open on this number.',
  );
});

test('customers and strangers see none of it', async () => {
  const { get, post, cookie, messageId, now } = withSms(UNCLEAR);
  for (const path of ['/admin/reviews', `/admin/reviews/${messageId}`]) {
    expect((await get(path, { cookie })).status).toBe(403);
    expect((await get(path, { cookie: '', accept: 'application/json' })).status).toBe(401);
  }
  expect((await post(`/admin/reviews/${messageId}/deliver`, { order: 'x' }, { cookie })).status).toBe(403);
  expect(now()?.status).toBe('pending');
  expect((await get('/admin/reviews/msg_nothing')).status).toBe(404);
});

test('the customer’s page says that a message is looked at, and shows nothing of it', async () => {
  const { text, cookie, api, order } = withSms(UNCLEAR);
  const dashboard = await text('/dashboard', { cookie });
  expect(dashboard).toContain('A message came that we are not sure about; our operator looks at it.');
  for (const secret of ['482913', 'Acme', 'verification']) expect(dashboard).not.toContain(secret);
  expect(dashboard).not.toContain('data-review-count');
  const json = (await (await api('GET', `/orders/${order.id}`)).json()) as { unsure: unknown };
  expect(json.unsure).toEqual({ count: 1, since: expect.stringMatching(/^2026-/) });
});

test('the tag of an order changes when it becomes unsure, so that a poll sees it', async () => {
  const { api, order, house } = withSms({ sender: 'Mum', text: 'Dinner at eight?' });
  const etag = (await api('GET', `/orders/${order.id}`)).headers.get('etag');
  house.receive({ iccid: order.iccid, ...UNCLEAR });
  expect((await api('GET', `/orders/${order.id}`)).headers.get('etag')).not.toBe(etag);
});

test('a report by the API: once, taken back, seen by the operator with a note', async () => {
  const { api, messageId, text, cookie, postAndFollow, house } = withSms({ sender: 'Telegram', text: 'Telegram code: 48213' });
  const path = `/messages/${messageId}/report`;
  const first = await api('POST', path, { reason: 'wrong_code', expected: '99110' });
  expect(first.status).toBe(201);
  expect(await first.json()).toEqual({
    message_id: messageId,
    reason: 'wrong_code',
    expected: '99110',
    reported_at: new Date(house.clock.ms).toISOString(),
    undo_until: new Date(house.clock.ms + 300_000).toISOString(),
  });
  const problem = async (answer: Response) => [answer.status, ((await answer.json()) as { type: string }).type.split('/').at(-1)];
  expect(await problem(await api('POST', path, { reason: 'wrong_code' }))).toEqual([409, 'already_exists']);
  expect((await api('DELETE', path)).status).toBe(204);
  expect((await api('POST', path, { reason: 'not_my_service' })).status).toBe(201);
  expect(await problem(await api('POST', path, { reason: 'silly' }))).toEqual([422, 'validation']);
  expect(await problem(await api('POST', '/messages/msg_nothing/report', { reason: 'wrong_code' }))).toEqual([404, 'not_found']);
  const reported = await text('/admin/reviews?tab=reported');
  for (const part of ['Not my service', 'anna@example.org', 'rule s', '<mark>48213</mark>', 'data-review-count="1"'])
    expect(reported).toContain(part);
  expect(await postAndFollow(`/admin/reviews/${messageId}/seen`, { note: 'Told them.' })).toContain('Told them.');
  expect(await problem(await api('DELETE', path))).toEqual([409, 'too_late']);
  expect(await text('/dashboard', { cookie })).not.toContain('Told them.');
});

test('the forms of the dashboard and the history', async () => {
  const { post, text, cookie, messageId } = withSms({ sender: 'Telegram', text: 'Telegram code: 48213' });
  const history = await text('/dashboard/history', { cookie });
  expect(history).toContain('Not right?');
  expect(history).toContain('It changes nothing about your money.');
  const path = `/dashboard/messages/${messageId}`;
  const sent = await post(`${path}/report`, { reason: 'wrong_code', expected: '', back: '/dashboard/history' }, { cookie });
  expect(sent.headers.get('location')).toBe('/dashboard/history?notice=reported');
  expect(await text('/dashboard', { cookie })).toContain('You said: the code is wrong.');
  const back = await post(`${path}/unreport`, { back: '//evil.example' }, { cookie });
  expect(back.headers.get('location')).toBe('/dashboard?notice=unreported');
  expect(await text('/dashboard', { cookie })).toContain('Not right?');
  expect((await post(`${path}/report`, { reason: '' }, { cookie })).status).toBe(422);
});
