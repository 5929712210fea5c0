import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { createKey, type Scope } from '../../src/accounts/keys.ts';
import { silentLog } from '../../src/lib/log.ts';
import { startTimers } from '../../src/lib/timers.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { startOutbox } from '../../src/outbox/outbox.ts';
import { networksOf } from '../../src/webhooks/address.ts';
import { webhookCourier } from '../../src/webhooks/courier.ts';
import { WEBHOOKS_MAX } from '../../src/webhooks/webhooks.ts';
import { type AdminHouse, adminHouse } from '../support/admin-house.ts';
import { until } from '../support/client.ts';
import { seededRandom } from '../support/house.ts';
import { type Receiver, startReceiver, verified } from './receiver.ts';

/** What a name leads to in these tests; everything not in it does not exist. */
const NAMES: Record<string, string[]> = { 'a.example': ['93.184.216.34'], 'inside.example': ['10.0.0.7'], 'hook.example': ['127.0.0.1'] };
const resolve = async (host: string): Promise<string[]> => {
  const found = NAMES[host];
  if (!found) throw Object.assign(new Error(host), { code: 'ENOTFOUND' });
  return found;
};
const random = seededRandom(3);

let admin: AdminHouse;
let anna: string;
let receiver: Receiver;
const cleanups: (() => unknown)[] = [];
beforeEach(() => {
  admin = adminHouse({ resolve });
  anna = admin.house.customer('anna@example.org', 10_000);
  receiver = startReceiver();
  cleanups.push(() => receiver.stop());
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

type Body = Record<string, unknown> & { id: string; data: Body[]; errors: { field: string; message: string }[] };
function client(userId: string, scopes: Scope[] = ['webhooks:read', 'webhooks:write', 'orders:read', 'rentals:read', 'balance:read']) {
  const { secret: key } = admin.house.write((tx) => createKey(tx, random, { userId, name: 'test', scopes }));
  return async (method: string, path: string, body?: unknown) => {
    const response = await admin.app.handle(
      new Request(`http://localhost/api/v1/webhooks${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as Body };
  };
}

/** Lets deliveries leave, to 127.0.0.1 on any port. */
function carry(): void {
  const { db, clock } = admin.house;
  const timers = startTimers(clock, silentLog);
  const courier = webhookCourier({
    ...{ db, clock, log: silentLog, resolve, allow: networksOf(['127.0.0.1']), timeoutSeconds: 2, retrySeconds: [] },
  });
  const outbox = startOutbox({ db, door: admin.door, clock, timers, log: silentLog, chance: () => 0.5 }, [courier]);
  cleanups.push(timers.stop, () => outbox.stop());
}

/** Points an endpoint of the API to the receiver of the test, which the app itself does not allow. */
function point(id: string): void {
  admin.house.write((tx) => tx.db.query('UPDATE webhooks SET url = $url WHERE id = $id').run({ id, url: receiver.url }));
}

function order(): void {
  const { house } = admin;
  house.offer('telegram', 45);
  house.sim(1);
  house.write((tx) => placeOrder(tx, house.terms, { userId: anna, country: 'gb', service: 'telegram', maxPriceMinor: null }));
}

test('an endpoint is made, shown without its secret, changed, paused, and deleted', async () => {
  const api = client(anna);
  const made = await api('POST', '', { url: 'https://A.example/hook', events: ['order.received'] });
  // Taken before it is compared: toMatchObject puts its matchers in place of what they matched.
  const { id } = made.body;
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    ...{ id: expect.stringMatching(/^whk_/), url: 'https://a.example/hook', events: ['order.received'], state: 'active' },
    ...{ secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/), failing_since: null, description: '' },
  });
  for (const answer of [
    await api('GET', `/${id}`),
    await api('PATCH', `/${id}`, { events: [], description: 'mine' }),
    await api('PATCH', `/${id}`, { paused: true }),
    await api('GET', ''),
  ]) {
    const { body } = answer;
    expect(answer).toMatchObject({ status: 200 });
    expect(JSON.stringify(body)).not.toContain('whsec_');
  }
  expect((await api('GET', '')).body.data).toMatchObject([{ id, events: [], description: 'mine', state: 'paused' }]);
  expect((await api('PATCH', `/${id}`, { paused: false, url: 'http://a.example:8080/' })).body).toMatchObject({
    state: 'active',
    url: 'http://a.example:8080/',
  });
  expect(await api('DELETE', `/${id}`)).toEqual({ status: 204, body: null as never });
  expect((await api('GET', `/${id}`)).status).toBe(404);
  expect((await api('GET', '')).body.data).toEqual([]);
});

test('none, an empty list and null of events mean all', async () => {
  const api = client(anna);
  for (const [n, events] of [undefined, [], null].entries()) {
    const { body } = await api('POST', '', { url: `https://a.example/${n}`, ...(events === undefined ? {} : { events }) });
    expect(body['events']).toEqual([]);
  }
  order();
  expect(admin.house.db.query("SELECT count(*) AS n FROM deliveries WHERE channel = 'webhook'").get()).toEqual({ n: 6 });
});

describe('refusals name the field and say what would be right', () => {
  test.each<[Record<string, unknown>, string, RegExp]>([
    [{ url: 'http://127.0.0.1/' }, 'url', /not on the public internet/],
    [{ url: 'http://inside.example/' }, 'url', /not on the public internet/],
    [{ url: 'http://nowhere.example/' }, 'url', /without an address/],
    [{ url: 'http://a.example:22/' }, 'url', /80, 443, 8080 or 8443/],
    [{ url: '' }, 'url', /missing/],
    [{ url: `https://a.example/${'x'.repeat(3000)}` }, 'url', /2000 characters/],
    [{}, 'url', /url/],
    [{ url: 'https://a.example/', events: ['order.exploded'] }, 'events.0', /order\.created/],
    [{ url: 'https://a.example/', description: 'x'.repeat(201) }, 'description', /200 characters/],
    [{ url: 'https://a.example/', secret: 'mine' }, 'secret', /not a known field/],
  ])('%j', async (body, field, message) => {
    const answer = await client(anna)('POST', '', body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toContainEqual({ field, message: expect.stringMatching(message) });
    expect(JSON.stringify(answer.body)).not.toContain('10.0.0.7');
  });

  test('the same address twice, and more endpoints than an account may have', async () => {
    const api = client(anna);
    for (let n = 0; n < WEBHOOKS_MAX; n++) expect((await api('POST', '', { url: `https://a.example/${n}` })).status).toBe(201);
    expect(await api('POST', '', { url: 'https://a.example/more' })).toMatchObject({ status: 429, body: { type: 'limit_reached' } });
    const { data } = (await api('GET', '')).body;
    const [first, second] = [0, 3].map((n) => data.find(({ url }) => url === `https://a.example/${n}`));
    await api('DELETE', `/${first?.id}`);
    expect(await api('POST', '', { url: 'https://a.example/1' })).toMatchObject({ status: 409, body: { type: 'already_exists' } });
    expect(await api('PATCH', `/${second?.id}`, { url: 'https://a.example/2' })).toMatchObject({ status: 409 });
    expect(await api('PATCH', `/${second?.id}`, { url: 'https://a.example/3', description: 'x' })).toMatchObject({ status: 200 });
  });

  test('a customer makes this server ask other machines in moderation', async () => {
    const api = client(anna);
    const statuses = await Promise.all(Array.from({ length: 25 }, () => api('POST', '', { url: 'http://nowhere.example/' })));
    expect(statuses.filter(({ status }) => status === 429)).toHaveLength(5);
  });
});

test('keys need the scopes, and nobody reaches what is another customer’s', async () => {
  const api = client(anna);
  const { id } = (await api('POST', '', { url: 'https://a.example/' })).body;
  order();
  const [delivery] = (await api('GET', `/${id}/deliveries`)).body.data;
  const bert = client(admin.house.customer('bert@example.org', 0));
  expect((await bert('GET', '')).body.data).toEqual([]);
  const calls: [string, string, unknown?][] = [
    ['GET', `/${id}`],
    ['PATCH', `/${id}`, { paused: true }],
    ['PATCH', `/${id}`, { url: 'https://a.example/' }],
    ['DELETE', `/${id}`],
    ['POST', `/${id}/test`],
    ['POST', `/${id}/rotate`, {}],
    ['GET', `/${id}/deliveries`],
    ['POST', `/${id}/replay`, { since: '2026-11-22T11:00:00Z' }],
    ['GET', `/deliveries/${delivery?.id}`],
    ['POST', `/deliveries/${delivery?.id}/replay`],
  ];
  for (const [method, path, body] of calls) expect([method, path, (await bert(method, path, body)).status]).toEqual([method, path, 404]);
  const reader = client(anna, ['webhooks:read']);
  const writer = client(anna, ['webhooks:write']);
  for (const [method, path, body] of calls) {
    const lacks = method === 'GET' ? writer : reader;
    expect([method, path, (await lacks(method, path, body)).status]).toEqual([method, path, 403]);
  }
  expect((await api('GET', `/${id}`)).body['state']).toBe('active');
  expect((await api('GET', `/${id}/deliveries`)).body.data).toHaveLength(2);
});

test('a key has nothing sent, and sees nothing sent, that it may not read itself', async () => {
  const api = client(anna);
  const bare = client(anna, ['webhooks:read', 'webhooks:write']);
  const reader = client(anna, ['webhooks:read', 'webhooks:write', 'orders:read']);
  const url = 'https://a.example/hook';
  const refused = (scopes: string) => ({
    status: 403,
    body: { type: 'forbidden', detail: expect.stringContaining(`needs also ${scopes}`) },
  });
  expect(await bare('POST', '', { url })).toMatchObject(refused('orders:read and rentals:read and balance:read,'));
  for (const events of [null, [], undefined])
    expect(await reader('POST', '', { url, events })).toMatchObject(refused('rentals:read and balance:read,'));
  expect(await bare('POST', '', { url, events: ['order.received'] })).toMatchObject(refused('orders:read,'));
  expect(await bare('POST', '', { url, events: ['rental.message'] })).toMatchObject(refused('rentals:read,'));
  expect(await reader('POST', '', { url, events: ['balance.changed'] })).toMatchObject(refused('balance:read,'));
  expect((await reader('POST', '', { url: 'https://a.example/r', events: ['order.received'] })).status).toBe(201);
  const { id } = (await api('POST', '', { url })).body;
  expect(await reader('PATCH', `/${id}`, { url: 'https://a.example/mine' })).toMatchObject(refused('rentals:read and balance:read,'));
  expect(await bare('PATCH', `/${id}`, { events: ['order.created'] })).toMatchObject(refused('orders:read,'));
  expect(await reader('PATCH', `/${id}`, { events: [] })).toMatchObject(refused('rentals:read and balance:read,'));
  expect((await api('GET', `/${id}`)).body).toMatchObject({ url, events: [] });
  expect((await bare('PATCH', `/${id}`, { description: 'mine' })).status).toBe(200);
  order();
  const { data } = (await bare('GET', `/${id}/deliveries`)).body;
  for (const { id: delivery, type } of data) {
    const answer = await bare('GET', `/deliveries/${delivery}`);
    expect(answer).toMatchObject(refused(type === 'balance.changed' ? 'balance:read,' : 'orders:read,'));
    expect(JSON.stringify(answer.body)).not.toContain('payload');
    expect((await reader('GET', `/deliveries/${delivery}`)).status).toBe(type === 'balance.changed' ? 403 : 200);
    expect((await api('GET', `/deliveries/${delivery}`)).body['payload']).toContain('"data"');
  }
  expect(data).toHaveLength(2);
  const sent = await bare('POST', `/${id}/test`);
  expect((await bare('GET', `/deliveries/${sent.body.id}`)).status).toBe(200);
});

test('a test event is sent once and its delivery tells all', async () => {
  receiver = startReceiver(() => new Response('<b>thanks</b>', { status: 500 }));
  cleanups.push(() => receiver.stop());
  admin.house.clock.ms = Date.now();
  const api = client(anna);
  const { id, secret } = (await api('POST', '', { url: 'https://a.example/' })).body;
  point(id);
  carry();
  await api('PATCH', `/${id}`, { paused: true });
  const sent = await api('POST', `/${id}/test`);
  expect(sent).toMatchObject({ status: 202, body: { webhook_id: id, type: 'webhook.test', state: 'waiting', attempts: 0 } });
  const look = () => api('GET', `/deliveries/${sent.body.id}`);
  await until(async () => (await look()).body['state'] !== 'waiting', 'the test has ended');
  const { body } = await look();
  expect(body).toMatchObject({
    state: 'failed',
    attempts: 1,
    last_status: 500,
    next_attempt_at: null,
    log: [{ number: 1, status: 500, outcome: 'failed', detail: '<b>thanks</b>' }],
  });
  const [one] = receiver.received;
  expect(one?.body).toBe(String(body['payload']));
  expect(verified(String(secret), one as never)).toMatchObject({ id: body['event_id'], type: 'webhook.test', data: { webhook_id: id } });
  expect((await api('GET', `/${id}`)).body).toMatchObject({ state: 'paused', failures: 0 });
});

test('deliveries come in pages, by state, and a failed one is replayed', async () => {
  receiver = startReceiver((_, n) => new Response('', { status: n % 3 === 0 ? 200 : 500 }));
  cleanups.push(() => receiver.stop());
  const api = client(anna);
  const { id } = (await api('POST', '', { url: 'https://a.example/' })).body;
  point(id);
  carry();
  for (let n = 0; n < 7; n++) await api('POST', `/${id}/test`);
  order();
  await until(async () => (await api('GET', `/${id}/deliveries?state=waiting`)).body.data.length === 0, 'all have ended');
  const seen: string[] = [];
  let cursor = '';
  for (let page = 0; page < 9 && cursor !== 'null'; page++) {
    const { body } = await api('GET', `/${id}/deliveries?limit=2${cursor && `&cursor=${cursor}`}`);
    seen.push(...body.data.map((one) => one.id));
    cursor = String(body['next_cursor']);
  }
  expect(seen).toHaveLength(9);
  expect(new Set(seen).size).toBe(9);
  const failed = (await api('GET', `/${id}/deliveries?state=failed`)).body.data;
  expect(failed).toHaveLength(6);
  expect((await api('GET', `/${id}/deliveries?state=lost`)).status).toBe(422);
  expect((await api('GET', `/${id}/deliveries?cursor=nonsense`)).status).toBe(422);
  const replayed = await api('POST', `/deliveries/${failed[0]?.id}/replay`);
  expect(replayed).toMatchObject({ status: 202, body: { state: 'waiting' } });
  expect((await api('POST', `/${id}/replay`, { since: 'yesterday' })).status).toBe(422);
  expect((await api('POST', `/${id}/replay`, { since: '1999-01-01T00:00:00Z' })).status).toBe(422);
  const since = new Date(admin.house.clock.nowMs() - 60_000).toISOString();
  expect((await api('POST', `/${id}/replay`, { since })).status).toBe(202);
  await api('PATCH', `/${id}`, { paused: true });
  expect(await api('POST', `/${id}/replay`, { since })).toMatchObject({ status: 409, body: { type: 'webhook_not_active' } });
});

test('the operator sees how many endpoints fail and how many were switched off', async () => {
  const counted = async () => {
    const page = await (await admin.get('/admin/bank')).text();
    return ['failing now', 'switched off'].map((what) =>
      Number(new RegExp(`Webhook endpoints ${what}</dt><dd class="mono">(\\d+)`).exec(page)?.[1]),
    );
  };
  expect(await counted()).toEqual([0, 0]);
  const api = client(anna);
  for (const n of [1, 2, 3]) await api('POST', '', { url: `https://a.example/${n}` });
  const set = (url: string, changes: string) => admin.house.db.query(`UPDATE webhooks SET ${changes} WHERE url = ?`).run(url);
  set('https://a.example/1', 'failing_since_ms = 1, failures = 1');
  set('https://a.example/2', "state = 'disabled', disabled_reason = 'failing', disabled_at_ms = 1, failing_since_ms = 1");
  expect(await counted()).toEqual([1, 1]);
});

test('a rotation answers with the new secret, this once', async () => {
  const api = client(anna);
  const { id, secret } = (await api('POST', '', { url: 'https://a.example/' })).body;
  expect((await api('POST', `/${id}/rotate`)).status).toBe(200);
  const rotated = await api('POST', `/${id}/rotate`, {});
  expect(rotated).toMatchObject({
    status: 200,
    body: { id, secret: expect.stringMatching(/^whsec_/), previous_secret_until: expect.any(String) },
  });
  expect(rotated.body['secret']).not.toBe(secret);
  expect((await api('POST', `/${id}/rotate`, { overlap_hours: 0 })).body).toMatchObject({ previous_secret_until: null });
  expect((await api('POST', `/${id}/rotate`, { overlap_hours: 25 })).status).toBe(422);
});

test('the API document knows the answer without a body', async () => {
  const response = await admin.app.handle(new Request('http://localhost/swagger/json'));
  const { paths } = (await response.json()) as {
    paths: Record<string, Record<string, { responses: Record<string, { content?: unknown }> }>>;
  };
  expect(paths['/api/v1/webhooks/{id}']?.['delete']?.responses['204']?.content).toBeUndefined();
});

test('sending again is asked for in moderation, one by one and all together counted as one', async () => {
  const api = client(anna);
  for (let n = 0; n < 30; n++) expect((await api('POST', '/deliveries/nothing/replay')).status).toBe(404);
  for (let n = 0; n < 30; n++) expect((await api('POST', '/nothing/replay', { since: '2026-11-22T11:00:00Z' })).status).toBe(404);
  expect(await api('POST', '/deliveries/nothing/replay')).toMatchObject({ status: 429, body: { type: 'limit_reached' } });
  expect((await api('POST', '/nothing/replay', { since: '2026-11-22T11:00:00Z' })).status).toBe(429);
});
