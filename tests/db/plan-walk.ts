import { withIds } from '../support/addresses.ts';
import { adminHouse } from '../support/admin-house.ts';
import { openFilledHouse } from '../support/filled-house.ts';
import { type House, makeHouse } from '../support/house.ts';
import { recordStatements, type Seen } from '../support/plans.ts';

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
export async function walkHouse(folder: string): Promise<{ house: House; seen: Map<string, Seen>; answers: Map<string, number> }> {
  const house = makeHouse({}, `${folder}/smspin.db`);
  const seen = recordStatements(house.db);
  const filled = await openFilledHouse(house, folder);
  const { url } = filled;
  try {
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
    await filled.stop();
  }
}

/** Calls of operators alone. */
const OPERATORS_API = /^\/api\/v1\/alarms/;

/** Opens a stream until its first frame. */
async function listen(url: string, headers: Record<string, string>): Promise<void> {
  const socket = new WebSocket(url, { headers });
  await new Promise((resolve, reject) => {
    socket.addEventListener('message', resolve);
    socket.addEventListener('close', ({ code, reason }) => reject(new Error(`${url}: closed with ${code} ${reason}`)));
  });
  socket.close();
}

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
