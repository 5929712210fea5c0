import { expect, test } from 'bun:test';
import { createKey } from '../../src/accounts/keys.ts';
import { findUserByEmail } from '../../src/accounts/users.ts';
import { adminHouse } from '../support/admin-house.ts';
import { seededRandom } from '../support/house.ts';

const admin = adminHouse();
const { house, app, metrics } = admin;
const customer = admin.signIn('customer');
const random = seededRandom(3);
const idOf = (email: string): string => findUserByEmail(house.db, email)?.id ?? '';
const keyOf = (email: string, scopes: Parameters<typeof createKey>[2]['scopes']): string =>
  house.write((tx) => createKey(tx, random, { userId: idOf(email), name: 'scraper', scopes })).secret;
const detailOf = async (answer: Response): Promise<string> => String(((await answer.json()) as { detail: unknown }).detail);
const scrape = (headers: Record<string, string>) => app.handle(new Request('http://localhost/metrics', { headers }));

test('an operator reads the metrics, by key or signed in', async () => {
  const key = keyOf('operator@example.org', ['metrics:read']);
  const headersOf: Record<string, string>[] = [{ authorization: `Bearer ${key}` }, { cookie: admin.operator }];
  for (const headers of headersOf) {
    const answer = await scrape(headers);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const text = await answer.text();
    expect(text).toContain('# TYPE smspin_refusals counter\n');
    expect(text.endsWith('# EOF\n')).toBe(true);
  }
});

test.each([
  ['nobody', 401, () => ({}), 'metrics.allow'],
  ['a customer who is signed in', 401, () => ({ cookie: customer }), 'metrics:read'],
  ['an unknown key', 401, () => ({ authorization: 'Bearer smspin_nobody' }), 'unknown or was revoked'],
  ['no key at all', 401, () => ({ authorization: 'Basic abc' }), 'must be `Bearer KEY`'],
  ['the key of a customer', 403, () => ({ authorization: `Bearer ${keyOf('customer@example.org', ['balance:read'])}` }), 'of an operator'],
  ['a key for something else', 403, () => ({ authorization: `Bearer ${keyOf('operator@example.org', ['offers:read'])}` }), 'metrics:read'],
] as const)('%s is refused with %i, not sent to a sign-in page', async (_, status, headers, said) => {
  const answer = await scrape({ accept: 'text/html', ...headers() });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(await detailOf(answer)).toContain(said);
});

test('a customer gets no key that reads metrics', () => {
  expect(() => keyOf('customer@example.org', ['metrics:read'])).toThrow('Only the key of an operator can have the scope metrics:read.');
});

test('the form of keys offers it to operators alone', async () => {
  expect(await (await admin.get('/settings/keys')).text()).toContain('metrics:read');
  expect(await (await admin.get('/settings/keys', { cookie: customer })).text()).not.toContain('metrics:read');
});

test('an address in metrics.allow needs no key, any other does', async () => {
  const open = adminHouse({ env: { SMSPIN_METRICS_ALLOW: '127.0.0.0/8', SMSPIN_SERVER_TRUSTED_PROXIES: '127.0.0.1' } });
  open.app.listen({ hostname: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${open.app.server?.port}/metrics`;
  try {
    expect((await fetch(url)).status).toBe(200);
    // Behind the proxy it is the address of who asks that counts.
    const outside = await fetch(url, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(outside.status).toBe(401);
    expect(await detailOf(outside)).toContain('203.0.113.9');
  } finally {
    await open.app.stop(true);
  }
});

test('requests are counted by the pattern of their route, refusals by their code', async () => {
  const own = adminHouse();
  for (const path of ['/admin/sims/8944010000000000001', '/admin/sims/8944010000000000002', '/nowhere/secret-1', '/nowhere/secret-2'])
    await own.get(path);
  await own.app.handle(new Request('http://localhost/api/v1/orders/ord_1?wait=1'));
  await own.app.handle(new Request('http://localhost/api/v1/orders/ord_2', { method: 'PUT' }));
  await Bun.sleep(1);
  const text = await own.metrics.meters.text();
  const lines = text.split('\n').filter((line) => line.startsWith('smspin_http_requests_total{'));
  expect(lines.toSorted()).toEqual(
    [
      'smspin_http_requests_total{method="GET",route="/admin/sims/:iccid",status="404"} 2',
      'smspin_http_requests_total{method="GET",route="none",status="404"} 2',
      'smspin_http_requests_total{method="GET",route="/api/v1/orders/:id",status="401"} 1',
      'smspin_http_requests_total{method="PUT",route="none",status="405"} 1',
    ].toSorted(),
  );
  expect(text).toContain('smspin_refusals_total{type="not_found"} 4');
  expect(text).toContain('smspin_refusals_total{type="method_not_allowed"} 1');
  expect(text).toContain('smspin_refusals_total{type="unauthorized"} 1');
  expect(text).toContain('smspin_http_request_duration_seconds_count{method="GET",route="/admin/sims/:iccid"} 2');
  // What waits on purpose would say nothing.
  expect(text).not.toContain('smspin_http_request_duration_seconds_count{method="GET",route="/api/v1/orders/:id"}');
  expect(text).not.toMatch(/89440|secret|ord_/);
});

test.each(['/', '/admin/bank', '/static/site.css', '/nowhere', '/api/v1/orders', '/health/live', '/metrics'])(
  'every answer has the id by which the log calls the request: %s',
  async (path) => {
    const idOf = async (headers: Record<string, string>) => (await admin.get(path, headers)).headers.get('x-request-id');
    expect(await idOf({})).toMatch(/^req_[0-9a-z]{20,}$/);
    expect(await idOf({ 'x-request-id': 'trace-7/a:b' })).toBe('trace-7/a:b');
    // What could break a line of the log, or fill it, is not taken over.
    for (const bad of ['a b', '"}', '<b>', 'ä', 'x'.repeat(129), '']) expect(await idOf({ 'x-request-id': bad })).toMatch(/^req_/);
  },
);

test('what cannot be read is left out, counted and told, and the rest is answered', async () => {
  const { meters } = metrics;
  meters.gauge({ name: 'smspin_test_broken', help: 'A test.' }, () => {
    throw new Error('no such table');
  });
  await meters.text();
  const text = await meters.text();
  expect(text).toContain('smspin_metric_read_failures_total{metric="smspin_test_broken"} 2');
  expect(text).not.toMatch(/^smspin_test_broken\b.* \d/m);
  expect(text).toContain('smspin_refusals_total{type="not_found"}');
});
