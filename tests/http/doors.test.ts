/** What is asked of a request before anything else: who sends it, how it is sent, how long it is. */
import { afterEach, expect, test } from 'bun:test';
import { setReadOnly } from '../../src/accounts/read-only.ts';
import { requireUserByEmail } from '../../src/accounts/users.ts';
import { type AdminHouse, adminHouse } from '../support/admin-house.ts';
import { freePort } from '../support/server.ts';

const admin = adminHouse();
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Whom these let in without a sign-in or a key, and no others: what is for everybody, what a signed link opens, and what a signature over the body does. */
const PUBLIC = new RegExp(
  `^/(${[
    '$|sign-in$|sign-up$|sign-out$|static/|health/|metrics$|swagger($|/json$)|contact$|status($|[./])|policies($|/)|\\.well-known/',
    'reset($|/)|unsubscribe/|contact/ticket/|exports/:id/:name$|payments/webhooks/:provider$',
  ].join('|')})`,
);
const addressOf = (path: string) => path.replace(/:\w+/g, 'x').replace('*', 'x');
/** By plain HTTP the stream tells everybody that it is a WebSocket. */
const guarded = admin.app.routes.filter(({ method, path }) => !PUBLIC.test(path) && !(method === 'GET' && path === '/api/v1/stream'));

const BODIES: [string, string, string][] = [
  ['a body that is no JSON', 'application/json', '{"number": '],
  ['a body with nothing right in it', 'application/json', '{"verb": 7, "zzz": []}'],
  ['a form with nothing right in it', 'application/x-www-form-urlencoded', `verb=explode&on=perhaps&number=${'9'.repeat(5000)}`],
];

test('there are guarded routes of every kind', () => {
  expect(guarded.length).toBeGreaterThan(40);
  expect(new Set(guarded.map(({ method }) => method))).toEqual(new Set(['GET', 'POST', 'PATCH', 'DELETE', 'WS']));
});

test.each(guarded.filter(({ method }) => method !== 'WS').map(({ method, path }) => [method, path]))(
  'a stranger who asks %s %s is sent to sign in, whatever he sends',
  async (method, path) => {
    const url = `http://localhost${addressOf(path)}?limit=no&cursor=${'c'.repeat(900)}`;
    for (const [what, type, body] of method === 'GET' ? [['nothing', 'text/plain', null] as const] : BODIES) {
      for (const accept of ['text/html', 'application/json']) {
        const answer = await admin.app.handle(
          new Request(url, { method, headers: { accept, 'content-type': type, origin: 'http://localhost:8080' }, body }),
        );
        const isPage = accept === 'text/html' && !path.startsWith('/api/') && !path.endsWith('.json');
        expect({ what, status: answer.status }).toEqual({ what, status: isPage ? 303 : 401 });
        if (isPage) expect(answer.headers.get('location')).toStartWith('/sign-in');
        expect(await answer.text()).not.toContain('verb');
      }
    }
  },
);

test('a customer is no operator, whatever he sends', async () => {
  const cookie = admin.signIn('customer');
  const operatorOnly = guarded.filter(({ method, path }) => path.startsWith('/admin') && method !== 'WS');
  for (const { method, path } of operatorOnly) {
    const body = method === 'GET' ? null : 'verb=explode';
    const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost:8080' };
    const answer = await admin.app.handle(new Request(`http://localhost${addressOf(path)}`, { method, headers, body }));
    expect({ path, status: answer.status }).toEqual({ path, status: 403 });
  }
});

test('a read-only operator sees every page, and changes nothing, whatever he sends', async () => {
  const own = adminHouse();
  const cookie = own.signIn('operator', 'reader@example.org');
  const { id } = requireUserByEmail(own.house.db, 'reader@example.org');
  own.house.write((tx) => setReadOnly(tx, id, true));
  const headers = {
    cookie,
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
    origin: 'http://localhost:8080',
  };
  const routes = own.app.routes.filter(({ path }) => path.startsWith('/admin'));
  const changing = routes.filter(({ method }) => !['GET', 'WS'].includes(method));
  expect(changing.length).toBeGreaterThan(40);
  for (const { method, path } of changing) {
    const answer = await own.app.handle(new Request(`http://localhost${addressOf(path)}`, { method, headers, body: 'verb=explode' }));
    expect({ path, status: answer.status, type: ((await answer.json()) as { type: string }).type }).toEqual({
      path,
      status: 403,
      type: 'read_only',
    });
  }
  for (const { path } of routes.filter((route) => route.method === 'GET' && !route.path.includes(':'))) {
    const answer = await own.app.handle(new Request(`http://localhost${path}`, { headers: { ...headers, accept: 'text/html' } }));
    expect({ path, isRefused: answer.status >= 400 && answer.status !== 404 }).toEqual({ path, isRefused: false });
  }
  const page = await (await own.get('/admin/bank', { cookie })).text();
  expect(page).toContain('data-read-only');
  expect(await (await own.get('/admin/bank')).text()).not.toContain('data-read-only');
});

test('who may come in is still told what is wrong with what he sends', async () => {
  expect((await admin.post('/admin/bank/x/act', { verb: 'explode' })).status).toBe(422);
});

async function listening(): Promise<{ url: string; own: AdminHouse }> {
  const own = adminHouse();
  const port = freePort();
  own.app.listen({ hostname: '127.0.0.1', port });
  stops.push(() => own.app.stop(true));
  return { url: `http://127.0.0.1:${port}`, own };
}

test('a stranger opens no socket', async () => {
  const { url } = await listening();
  const sockets = guarded.filter(({ method }) => method === 'WS');
  expect(sockets.length).toBeGreaterThanOrEqual(2);
  for (const { path } of sockets) {
    const headers = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': btoa('0123456789abcdef'),
    };
    const { status } = await fetch(`${url}${path}?after=${'c'.repeat(900)}&heartbeat=perhaps`, { headers, redirect: 'manual' });
    expect({ path, status }).toEqual({ path, status: path.startsWith('/api/') ? 401 : 303 });
  }
});

const MIB = 1024 * 1024;

test.each([
  ['/sign-in', 'application/x-www-form-urlencoded', 'text/html', 'text/html; charset=utf-8'],
  ['/api/v1/orders', 'application/json', '*/*', 'application/problem+json'],
])('too much for %s is refused in words', async (path, type, accept, answered) => {
  const { url } = await listening();
  const headers = { 'content-type': type, accept };
  const long = 'x'.repeat(MIB + 1);
  const chunked = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let sent = 0; sent <= MIB; sent += 65_536) controller.enqueue(new Uint8Array(65_536).fill(120));
      controller.close();
    },
  });
  for (const body of [long, chunked]) {
    const answer = await fetch(url + path, { method: 'POST', headers, body });
    expect(answer.status).toBe(413);
    expect(answer.headers.get('content-type')).toBe(answered);
    expect(await answer.text()).toContain('1024 KiB');
  }
});

test('a body of just the limit, and one sent in pieces, are read', async () => {
  const { url } = await listening();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
  const form = 'email=nobody%40example.org&password=wrong+one&next=';
  const pieces = (text: string) =>
    new ReadableStream<Uint8Array>({
      async start(controller) {
        for (const piece of text.match(/.{1,7}/g) ?? []) {
          controller.enqueue(new TextEncoder().encode(piece));
          await Bun.sleep(1);
        }
        controller.close();
      },
    });
  for (const body of [form, pieces(form)]) {
    const answer = await fetch(`${url}/sign-in`, { method: 'POST', headers, body });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('E-mail or password is wrong.');
  }
  const full = await fetch(`${url}/sign-in`, { method: 'POST', headers, body: 'email='.padEnd(MIB, 'x') });
  expect(full.status).toBe(422);
  const broken = await fetch(`${url}/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: pieces('{"a": ') });
  expect(broken.status).toBe(400);
});

test.each([
  ['PUT', '/api/v1/orders', 'GET, HEAD, POST'],
  ['DELETE', '/api/v1/balance', 'GET, HEAD'],
  ['GET', '/api/v1/orders/ord_1/cancel', 'POST'],
  ['OPTIONS', '/api/v1/orders/ord_1/cancel/', 'POST'],
])('%s %s is answered with the methods there are', async (method, path, allow) => {
  const answer = await admin.app.handle(new Request(`http://localhost${path}`, { method }));
  expect(answer.status).toBe(405);
  expect(answer.headers.get('allow')).toBe(allow);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(await answer.json()).toMatchObject({ type: 'method_not_allowed', status: 405, detail: expect.stringContaining(allow) });
});

test('a person who comes by the wrong method sees a page', async () => {
  const answer = await admin.app.handle(new Request('http://localhost/sign-out', { headers: { accept: 'text/html' } }));
  expect({ status: answer.status, allow: answer.headers.get('allow') }).toEqual({ status: 405, allow: 'POST' });
  expect(await answer.text()).toContain('This address does not take that method.');
});

test.each(['/nowhere', '/api/v1', '/api/v1/orders/a/b/c', '/static'])('%s is nowhere', async (path) => {
  for (const method of ['GET', 'POST']) {
    expect((await admin.app.handle(new Request(`http://localhost${path}`, { method }))).status).toBe(404);
  }
});
