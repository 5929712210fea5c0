import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { connect } from 'node:net';
import { customer, expectOk, until } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';

setDefaultTimeout(60_000);

const ORIGIN = 'https://app.example.org';
let server: Server;
let key: string;

beforeAll(async () => {
  server = await startServer({
    env: { SMSPIN_MODEMS_VIRTUAL: '0', SMSPIN_MODEMS_DISCOVER: 'false', SMSPIN_API_CORS_ORIGINS: ORIGIN },
  });
  await customer(server, 'anna@example.org');
  key = (await expectOk(server.run(['key', 'create', 'anna@example.org', '--name', 'edge']))).trim();
});
afterAll(() => server.stop());

const send = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
  fetch(`${server.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...headers },
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  });
const json = { 'content-type': 'application/json' };

test.each([
  ['an unknown address', 'GET', '/api/v1/nothing', {}, undefined, 404, 'not_found'],
  ['an unknown address outside v1', 'GET', '/api/nothing', {}, undefined, 404, 'not_found'],
  ['a wrong method', 'PUT', '/api/v1/orders', json, '{}', 405, 'method_not_allowed'],
  ['a wrong method of one order', 'DELETE', '/api/v1/orders/ord_1', {}, undefined, 405, 'method_not_allowed'],
  ['broken JSON', 'POST', '/api/v1/orders', json, '{"country":', 400, 'malformed'],
  [
    'a form',
    'POST',
    '/api/v1/orders',
    { 'content-type': 'application/x-www-form-urlencoded' },
    'country=gb',
    415,
    'unsupported_media_type',
  ],
  ['plain text', 'POST', '/api/v1/orders', { 'content-type': 'text/plain' }, '{}', 415, 'unsupported_media_type'],
  ['nearly JSON', 'POST', '/api/v1/orders', { 'content-type': 'application/jsonp' }, '{}', 415, 'unsupported_media_type'],
  ['no body', 'POST', '/api/v1/orders', {}, undefined, 422, 'validation'],
  ['a large body', 'POST', '/api/v1/orders', json, `{"country":"${'x'.repeat(1_100_000)}"}`, 413, 'payload_too_large'],
  ['a cursor of somebody’s making', 'GET', '/api/v1/orders?cursor=ord_01kanq7x2fq3v8b1c6d9e4g5h7', {}, undefined, 422, 'validation'],
  ['a cursor with rubbish', 'GET', '/api/v1/orders?cursor=c1.%F0%9F%98%80', {}, undefined, 422, 'validation'],
  ['a limit that is no number', 'GET', '/api/v1/ledger?limit=ten', {}, undefined, 422, 'validation'],
  ['a wrong key', 'GET', '/api/v1/orders', { authorization: 'Bearer smspin_wrong' }, undefined, 401, 'unauthorized'],
  ['a wrong key and a wrong body', 'POST', '/api/v1/orders', { ...json, authorization: 'Bearer smspin_wrong' }, '{', 401, 'unauthorized'],
] as const)('%s is answered with a problem', async (_, method, path, headers, body, status, type) => {
  const answer = await send(method, path, headers, body);
  const problem = (await answer.json()) as Record<string, unknown>;
  expect({ status: answer.status, type: problem['type'] }).toEqual({ status, type });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(problem).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
  expect(problem['request_id']).toBe(answer.headers.get('x-request-id'));
  if (status === 405) expect(answer.headers.get('allow')).toMatch(/GET, HEAD/);
  if (status === 401) expect(answer.headers.get('www-authenticate')).toContain('Bearer');
});

test('a body that names no length is read only as far as it may be long', async () => {
  const chunked = (octets: number) =>
    new Promise<string>((resolve) => {
      const socket = connect(server.port, '127.0.0.1');
      let said = '';
      socket.on('data', (data) => {
        said += data.toString();
        if (said.includes('\r\n\r\n')) socket.end();
      });
      socket.on('close', () => resolve(said));
      socket.on('error', () => resolve(said));
      socket.write(
        `POST /api/v1/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      const piece = `{"country":"${'x'.repeat(octets)}"}`;
      socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n0\r\n\r\n`);
    });
  expect(await chunked(10)).toContain(' 422 ');
  expect(await chunked(1_500_000)).toContain(' 413 ');
  expect(await chunked(1_500_000)).toContain('payload_too_large');
});

test('a sane request id of the client is kept, another is replaced, and refusals are logged under it', async () => {
  expect((await send('GET', '/api/v1/nothing', { 'x-request-id': 'my-id:1.2_3' })).headers.get('x-request-id')).toBe('my-id:1.2_3');
  await until(() => server.output().includes('"request_id":"my-id:1.2_3"'), 'the line of the log');
  for (const id of ['has space', 'x'.repeat(129), '<b>', '"']) {
    expect((await send('GET', '/api/v1/balance', { 'x-request-id': id })).headers.get('x-request-id')).toMatch(/^req_[0-9a-z]{26}$/);
  }
  expect((await send('GET', '/health/live', { 'x-request-id': 'page-7' })).headers.get('x-request-id')).toBe('page-7');
});

test('every GET has an ETag and answers 304 to it; HEAD is GET without its body; what is not yet known is not kept', async () => {
  for (const path of ['/api/v1/offers', '/api/v1/orders', '/api/v1/messages', '/api/v1/balance', '/api/v1/ledger', '/api/v1/keys']) {
    const answer = await send('GET', path);
    const etag = answer.headers.get('etag') ?? '';
    expect({ path, status: answer.status, cache: answer.headers.get('cache-control') }).toEqual({
      path,
      status: 200,
      cache: 'private, no-cache',
    });
    expect(answer.headers.get('ratelimit')).toMatch(/^"address";r=\d+;t=\d+, "account";r=\d+;t=\d+, "key";r=\d+;t=\d+$/);
    for (const given of [etag, `"x", ${etag}`, '*', etag.replace('W/', '')]) {
      const again = await send('GET', path, { 'if-none-match': given });
      expect({ path, given, status: again.status, body: await again.text() }).toEqual({ path, given, status: 304, body: '' });
      expect(again.headers.get('etag')).toBe(etag);
    }
    expect((await send('GET', path, { 'if-none-match': 'W/"x"' })).status).toBe(200);
    const head = await send('HEAD', path);
    expect({ status: head.status, body: await head.text() }).toEqual({ status: 200, body: '' });
  }
  const { headers } = await send('GET', '/api/v1/ledger');
  await expectOk(server.run(['user', 'credit', 'anna@example.org', '5']));
  expect((await send('GET', '/api/v1/ledger', { 'if-none-match': headers.get('etag') ?? '' })).status).toBe(200);
});

test('an address says which methods it takes', async () => {
  const options = await send('OPTIONS', '/api/v1/orders');
  expect({ status: options.status, allow: options.headers.get('allow') }).toEqual({ status: 405, allow: 'GET, HEAD, POST' });
  expect((await send('OPTIONS', '/api/v1/nothing')).status).toBe(404);
});

const preflight = (origin: string, path = '/api/v1/orders') =>
  fetch(`${server.url}${path}`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,idempotency-key' },
  });

test('pages of an allowed origin may call the API by key; nobody is ever allowed credentials', async () => {
  const permitted = await preflight(ORIGIN);
  expect(permitted.status).toBe(204);
  expect(permitted.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  expect(permitted.headers.get('access-control-allow-methods')).toContain('POST');
  expect(permitted.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('idempotency-key');
  expect(permitted.headers.get('access-control-allow-credentials')).toBeNull();
  expect(permitted.headers.get('vary')).toContain('Origin');

  const body = JSON.stringify({ country: 'gb', service: 'nothing' });
  const called = await send('POST', '/api/v1/orders', { ...json, origin: ORIGIN, 'sec-fetch-site': 'cross-site' }, body);
  expect(called.status).toBe(404);
  expect(called.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  expect(called.headers.get('access-control-expose-headers')).toContain('X-Request-Id');
  const unknown = await send('GET', '/api/v1/balance', { origin: ORIGIN, authorization: 'Bearer smspin_wrong' });
  expect({ status: unknown.status, origin: unknown.headers.get('access-control-allow-origin') }).toEqual({ status: 401, origin: ORIGIN });
});

test.each([
  ['another origin', { origin: 'https://app.example.org.evil.example' }],
  ['the same host by http', { origin: 'http://app.example.org' }],
  ['another port', { origin: 'https://app.example.org:8443' }],
  ['no origin at all', { origin: 'null' }],
  ['an allowed origin with a cookie', { origin: ORIGIN, cookie: 'smspin_session=abcdefghijklmnopqrstuvwxyz' }],
  ['an allowed origin without a key', { origin: ORIGIN, authorization: '' }],
])('%s may not write', async (_, headers: Record<string, string>) => {
  const answer = await send('POST', '/api/v1/orders', { ...json, ...headers }, '{"country":"gb","service":"nothing"}');
  expect([401, 403]).toContain(answer.status);
  if (headers['origin'] !== ORIGIN) {
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect((await preflight(headers['origin'] ?? '')).headers.get('access-control-allow-origin')).toBeNull();
  }
});

test('an allowed origin opens no page and posts no form', async () => {
  const page = await send('POST', '/sign-in', { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' }, 'email=a');
  expect(page.status).toBe(403);
  expect(page.headers.get('access-control-allow-origin')).toBeNull();
});

test('without configured origins no answer says anything of origins', async () => {
  const plain = await startServer({
    env: { SMSPIN_MODEMS_VIRTUAL: '0', SMSPIN_MODEMS_DISCOVER: 'false', SMSPIN_API_REQUESTS_PER_MINUTE: '5' },
  });
  try {
    const options = await fetch(`${plain.url}/api/v1/orders`, {
      method: 'OPTIONS',
      headers: { origin: ORIGIN, 'access-control-request-method': 'GET' },
    });
    expect([...options.headers.keys()].filter((name) => name.startsWith('access-control') || name === 'vary')).toEqual([]);
    const bob = await customer(plain, 'bob@example.org', 0);
    const statuses: number[] = [];
    for (let n = 0; n < 7; n++) statuses.push((await bob.balance()).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    const refused = await bob.call<Record<string, unknown>>('GET', '/balance');
    expect(refused.body).toMatchObject({ type: 'limit_reached', status: 429 });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('ratelimit-policy')).toBe('"address";q=20;w=60, "account";q=10;w=60, "key";q=5;w=60');
    expect((await fetch(`${plain.url}/health/live`)).status).toBe(200);
  } finally {
    await plain.stop();
  }
});
