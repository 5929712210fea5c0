import { createKey, SCOPES } from '../../src/accounts/keys.ts';
import { startSession } from '../../src/accounts/sessions.ts';
import { addUser } from '../../src/accounts/users.ts';
import { loadConfig } from '../../src/config.ts';
import { silentLog } from '../../src/lib/log.ts';
import { askPayment } from '../../src/payments/payments.ts';
import { setRate } from '../../src/rentals/rates.ts';
import { startServer } from '../../src/server.ts';
import { openTicket } from '../../src/support/tickets.ts';
import { createBatch } from '../../src/vouchers/vouchers.ts';
import { adminHouse } from '../support/admin-house.ts';
import { makeHouse } from '../support/house.ts';
import { recordStatements, type Seen } from '../support/plans.ts';
import { freePort } from '../support/server.ts';

const SERVICES = ['telegram', 'google', 'whatsapp', 'discord', 'any'];
/** What pages take in the address, by the beginning of their path; every page is read without anything too. */
const PAGE_QUERIES: readonly (readonly [path: string, queries: readonly string[]])[] = [
  [
    '/dashboard/history',
    [
      'status=finished',
      'tag=ci',
      'tag=ci&status=finished',
      'q=code',
      'q=code&status=finished',
      'q=code&tag=ci',
      'cursor=zzz',
      'status=expired&cursor=zzz',
    ],
  ],
  [
    '/dashboard/balance',
    ['kind=hold', 'kind=top_up&from=2026-01-01&to=2026-12-31', 'from=2026-01-01', 'cursor=zzz', 'kind=capture&cursor=zzz'],
  ],
  ['/dashboard/rentals', ['q=code', 'q=code&from=2026-01-01&to=2026-12-31', 'from=2026-01-01', 'cursor=zzz']],
  ['/dashboard/shared', ['q=code', 'cursor=zzz']],
  ['/dashboard/offers', ['country=gb&service=google', 'country=cheapest&service=google']],
  ['/settings/webhooks', ['state=failed', 'state=waiting', 'state=waiting&cursor=zzz', 'cursor=zzz']],
  ['/settings/exports', ['cursor=zzz']],
  ['/admin/sims', ['cursor=99999', 'view=all']],
  ['/admin/bank', ['show=all', 'view=all', 'cursor=99999']],
  ['/admin/unmatched', ['cursor=zzz', 'view=aside']],
  ['/admin/reviews', ['tab=decided', 'tab=late', 'tab=reported']],
  ['/admin/retired', ['service=telegram']],
  ['/admin/support', ['state=waiting', 'state=closed', 'q=anna']],
  ['/admin/rules', ['q=tele', 'category=messenger', 'page=2', 'service=telegram']],
  [
    '/admin/catalogue',
    ['q=tele', 'country=gb', 'service=telegram', 'country=gb&service=telegram', 'category=messenger', 'page=2', 'show=all'],
  ],
  ['/admin/vouchers', ['cursor=zzz']],
  ['/', ['q=tele', 'country=gb']],
];

/** A server on a database of its own that notes what it asks it, whatever is to be found in it, and everything read over its port. Returns the statements and the answers. */
export async function walkHouse(
  folder: string,
): Promise<{ house: ReturnType<typeof makeHouse>; seen: Map<string, Seen>; answers: Map<string, number> }> {
  const house = makeHouse({}, `${folder}/smspin.db`);
  const seen = recordStatements(house.db);
  house.clock.ms = Date.now();
  const port = freePort();
  const config = loadConfig(
    null,
    {
      ...{ SMSPIN_SERVER_PORT: String(port), SMSPIN_DATA_DIR: folder, SMSPIN_MODEMS_VIRTUAL: '0', SMSPIN_MODEMS_DISCOVER: 'false' },
      ...{
        SMSPIN_SMTP_URL: 'smtp://127.0.0.1:9',
        SMSPIN_SMTP_FROM: 'pin@example.org',
        SMSPIN_WEBHOOKS_ALLOW: '127.0.0.1/32',
        SMSPIN_API_REQUESTS_PER_MINUTE: '0',
      },
    },
    folder,
  );
  const server = await startServer({ config, db: house.db, log: silentLog, self: [] });
  const url = `http://127.0.0.1:${port}`;
  try {
    const filled = fill(house);
    const api = async (method: string, path: string, body?: unknown) => {
      const headers = { authorization: `Bearer ${filled.key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
      const answer = await fetch(`${url}/api/v1${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, never> };
    };
    await act(house, api);
    await listen(`${url.replace('http', 'ws')}/api/v1/stream?after=start`, { authorization: `Bearer ${filled.key}` });
    const answers = new Map<string, number>();
    for (const { path, queries } of await addresses(house, url)) {
      const cookies = path.startsWith('/admin') || path === '/metrics' ? [filled.operator] : [filled.customer];
      for (const query of queries) {
        for (const cookie of cookies) {
          const key = OPERATORS_API.test(path) ? filled.operatorKey : filled.key;
          const headers = path.startsWith('/api/') ? { authorization: `Bearer ${key}` } : { cookie, accept: 'text/html' };
          const answer = await fetch(`${url}${path}${query === '' ? '' : `?${query}`}`, { headers, redirect: 'manual' });
          await answer.arrayBuffer();
          answers.set(`${path}?${query}`, answer.status);
        }
      }
    }
    return { house, seen, answers };
  } finally {
    await server.stop();
  }
}

/** Calls of operators alone. */
const OPERATORS_API = /^\/api\/v1\/alarms/;

type House = ReturnType<typeof makeHouse>;
type Api = (method: string, path: string, body?: unknown) => Promise<{ status: number; body: Record<string, never> }>;

function fill(house: House): { key: string; operatorKey: string; customer: string; operator: string } {
  const { random } = house.terms;
  for (let n = 1; n <= 8; n++) house.sim(n);
  for (const service of SERVICES) house.offer(service, 45);
  house.offer('google', 45, { country: 'fr' });
  house.write((tx) => setRate(tx, 'gb', { hour: 80, day: 400, week: 1500 }));
  const anna = house.customer('anna@example.org', 50_000);
  const operator = house.write((tx) =>
    addUser(tx, random, {
      email: 'op@example.org',
      passwordHash: null,
      role: 'operator',
      state: 'active',
      purpose: null,
      acceptedTerms: true,
    }),
  );
  const cookie = (id: string) => `smspin_session=${house.write((tx) => startSession(tx, random, id, 'test'))}`;
  const { secret } = house.write((tx) => createKey(tx, random, { userId: anna, name: 'test', scopes: SCOPES }));
  const { secret: operatorKey } = house.write((tx) => createKey(tx, random, { userId: operator.id, name: 'test', scopes: SCOPES }));
  house.write((tx) =>
    openTicket(tx, random, {
      userId: anna,
      email: 'anna@example.org',
      topic: 'other',
      orderId: null,
      text: 'No code came to my number.',
      formKey: 'a',
    }),
  );
  house.write((tx) =>
    createBatch(tx, house.terms, { count: 3, amountMinor: 100, note: 'n', expiresAtMs: null, createdBy: operator.id, formKey: 'b' }),
  );
  house.write((tx) => askPayment(tx, house.terms, { userId: anna, provider: 'stripe', amountMinor: 1000, formKey: 'c' }));
  return { key: secret, operatorKey, customer: cookie(anna), operator: cookie(operator.id) };
}

/** Buys, receives, ends, rents, reports: what makes rows, by the API. */
async function act(house: House, api: Api): Promise<void> {
  const order = async (service: string) => (await api('POST', '/orders', { country: 'gb', service, tags: ['ci'] })).body;
  const iccidOf = (id: string) =>
    house.db.prepare<{ iccid: string }, [string]>('SELECT iccid FROM orders WHERE id = ?').get(id)?.iccid ?? '';
  const receive = (iccid: string, sender: string, text: string) => {
    house.clock.ms = Date.now();
    house.receive({ iccid, sender, text });
  };
  const hook = await api('POST', '/webhooks', { url: 'http://127.0.0.1:9/hook' });
  if (hook.status >= 300) throw new Error(`no webhook: ${JSON.stringify(hook.body)}`);
  const received = await order('telegram');
  receive(iccidOf(received['id'] ?? ''), 'Telegram', 'Telegram code: 48213');
  await api('POST', `/orders/${received['id']}/finish`);
  await api('POST', `/orders/${received['id']}/reuse`, {});
  await api('POST', `/orders/${(await order('whatsapp'))['id']}/cancel`);
  await api('POST', `/orders/${(await order('discord'))['id']}/report`, { reason: 'number_unusable' });
  const open = await order('google');
  receive(iccidOf(open['id'] ?? ''), 'Acme', 'Your verification code is 482913');
  await api('POST', '/orders', { service: 'telegram', pick: 'cheapest', count: 2 });
  const rental = await api('POST', '/rentals', { country: 'gb', hours: 2 });
  if (rental.status !== 201) throw new Error(`no rental: ${JSON.stringify(rental.body)}`);
  const iccid = house.db.prepare<{ iccid: string }, []>('SELECT iccid FROM rentals').get()?.iccid ?? '';
  receive(iccid, 'Friend', 'Are you coming to dinner tonight?');
  await api('POST', `/rentals/${rental.body['id']}/extend`, { hours: 1 });
  house.db
    .prepare(
      `INSERT INTO rental_shares (id, rental_id, owner_id, email, user_id, state, invited_at_ms, until_ms, accepted_at_ms)
       SELECT 'shr_1', id, user_id, 'anna@example.org', user_id, 'accepted', 1, ends_at_ms, 1 FROM rentals`,
    )
    .run();
  receive(house.sim(9), 'Nobody', 'This is for nobody at all.');
  for (const only of [[1], [0], [2]]) house.receive({ iccid, sender: 'Shop', text: 'A long text in parts. '.repeat(20), ref: 7, only });
  const message = house.db.prepare<{ id: string }, []>('SELECT id FROM messages WHERE order_id IS NOT NULL').get()?.id ?? '';
  await api('POST', `/messages/${message}/report`, { reason: 'wrong_code' });
  await api('POST', `/webhooks/${hook.body['id']}/replay`, { since: new Date(Date.now() - 60_000).toISOString() });
  const waiting = await api('POST', '/waiting', { country: 'fr', service: 'google', mode: 'notify' });
  if (waiting.status >= 300) throw new Error(`nothing is waited for: ${JSON.stringify(waiting.body)}`);
  await api('POST', '/exports', { kind: 'orders', format: 'csv' });
  await Bun.sleep(100);
}

/** Opens a stream until its first frame. */
async function listen(url: string, headers: Record<string, string>): Promise<void> {
  const socket = new WebSocket(url, { headers });
  await new Promise((resolve, reject) => {
    socket.addEventListener('message', resolve);
    socket.addEventListener('close', ({ code, reason }) => reject(new Error(`${url}: closed with ${code} ${reason}`)));
  });
  socket.close();
}

/** What stands for the parameters of a route, by the path before it. */
const IDS: Readonly<Record<string, string>> = {
  orders: 'SELECT id FROM orders WHERE code IS NOT NULL',
  rentals: 'SELECT id FROM rentals',
  reviews: 'SELECT message_id AS id FROM reviews',
  sims: 'SELECT iccid AS id FROM sims',
  bank: "SELECT '/dev/test1' AS id",
  services: "SELECT 'telegram' AS id",
  versions: "SELECT '0' AS id",
  tickets: 'SELECT id FROM tickets',
  support: 'SELECT id FROM tickets',
  changes: "SELECT 'chg_none' AS id",
  'sim-changes': "SELECT 'sch_none' AS id",
  alarms: "SELECT 'alm_none' AS id",
  settings: "SELECT 'orders.window_minutes' AS id",
  customers: "SELECT id FROM users WHERE role = 'customer'",
  days: "SELECT '2020-01-01' AS id",
  webhooks: 'SELECT id FROM webhooks',
  deliveries: "SELECT id FROM deliveries WHERE channel = 'webhook'",
  exports: 'SELECT id FROM exports',
  receipts: "SELECT id FROM ledger_transactions WHERE kind = 'top_up'",
  payments: 'SELECT id FROM payments',
  vouchers: 'SELECT id FROM voucher_batches',
  status: "SELECT strftime('%Y-%m-%d') AS id",
  shared: 'SELECT id FROM rentals',
  waiting: 'SELECT id FROM waiting_places',
  'shared-rentals': 'SELECT id FROM rentals',
  policies: "SELECT 'delivery' AS id",
  incidents: "SELECT 'inc_none' AS id",
  maintenance: "SELECT 'mnt_none' AS id",
};
/** Verbs of pages that post: their GET leads back to the page. Files and streams read no list. */
const PASSED = /:verb|^\/static\/|^\/swagger|^\/exports\/|\/stream$/;

async function addresses(house: House, url: string): Promise<{ path: string; queries: string[] }[]> {
  const routes = adminHouse().app.routes.filter(({ method, path }) => method === 'GET' && !PASSED.test(path));
  const document = (await (await fetch(`${url}/swagger/json`)).json()) as { paths: Record<string, { get?: { parameters?: Parameter[] } }> };
  return routes.map(({ path }) => ({
    path: withIds(house, path),
    queries: path.startsWith('/api/')
      ? apiQueries(house, document.paths[path.replace(/:(\w+)/g, '{$1}')]?.get?.parameters ?? [])
      : ['', ...(PAGE_QUERIES.find(([prefix]) => (prefix === '/' ? path === '/' : path.startsWith(prefix)))?.[1] ?? [])],
  }));
}

function withIds(house: House, path: string): string {
  return path
    .split('/')
    .map((word, at, words) => {
      if (!word.startsWith(':')) return word;
      if (word === ':token') return 'none';
      const sql = IDS[words[at - 1] ?? ''];
      if (sql === undefined) throw new Error(`${path}: what stands for ${word}? Add it to IDS`);
      const id = house.db.prepare<{ id: string }, []>(sql).get()?.id;
      if (id === undefined) throw new Error(`${path}: nothing was made by ${sql}`);
      return encodeURIComponent(id);
    })
    .join('/');
}

interface Parameter {
  name: string;
  in: string;
  schema?: { enum?: string[] };
}

/** None, each by itself with each word it may have, each two, and all. */
function apiQueries(house: House, parameters: readonly Parameter[]): string[] {
  const asked = parameters.filter((one) => one.in === 'query' && one.name !== 'wait').map((one) => valuesOf(house, one));
  const pairs = asked.flatMap((one, at) =>
    asked.slice(at + 1).flatMap((other) => one.slice(0, 2).flatMap((a) => other.slice(0, 2).map((b) => `${a}&${b}`))),
  );
  return ['', ...asked.flat(), ...pairs, asked.map(([one = '']) => one).join('&')];
}

function valuesOf(house: House, { name, schema }: Parameter): string[] {
  const sealed = (id: string) => `c1.${Buffer.from(id, 'latin1').toString('base64url')}`;
  const known: Record<string, string[]> = {
    cursor: [sealed('zzz')],
    limit: ['10'],
    ...{ from: ['2026-01-01'], to: ['2026-12-31'], q: ['code'], tag: ['ci'], country: ['gb'], service: ['telegram'], carrier: ['o2'] },
    order_id: [withIds(house, '/orders/:id').slice(8)],
    rental_id: [withIds(house, '/rentals/:id').slice(9)],
  };
  return (schema?.enum ?? known[name] ?? ['1']).map((value) => `${name}=${encodeURIComponent(value)}`);
}
