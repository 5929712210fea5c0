import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { type ApiClient, customer, expectOk, until } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { describeMs, percentile } from './figures.ts';
import { COUNTRIES, SERVICES, seedBank, seedHistory, serviceOf } from './stock-seed.ts';

const SIMS = 10_000;
const OPEN_ORDERS = 1000;
const ROUNDS = 300;
const HISTORY = 200_000;
const PASSWORD = 'a password for the bench';
const CONFIG = '[modems]\nports = []\ndiscover = false\nvirtual = 0\n[api]\nrequests_per_minute = 0\n[log]\nlevel = "error"\n';

type Times = Record<string, number[]>;

/**
 * Offers and orders at 10,000 SIMs × 300 services with 1,000 open orders through the real port, without history and with `--history N` orders (200,000) and
 * the codes of years on the SIMs, against an Elysia route that does nothing.
 */
export async function stock(): Promise<void> {
  const history = Number(process.argv[process.argv.indexOf('--history') + 1] || HISTORY) || HISTORY;
  const usedServices = Math.min(200, Math.ceil((history / SIMS) * 2));
  console.log(`Offers and orders: ${SIMS} SIMs × ${SERVICES} services in ${COUNTRIES.length} countries, ${OPEN_ORDERS} open orders`);
  const dir = mkdtempSync(join(tmpdir(), 'smspin-stock-'));
  mkdirSync(join(dir, 'data'));
  const bare = await startBare();
  try {
    await timed('seeded the bank', () => inDatabase(dir, (db) => seedBank(db, SIMS, usedServices)));
    console.log(`  ${(SIMS * usedServices).toLocaleString('en')} codes once arrived on its SIMs`);
    const without = await measured(dir, bare.url, true);
    print('without history', without);
    await timed(`seeded ${history.toLocaleString('en')} orders`, () => inDatabase(dir, (db) => seedHistory(db, history, SIMS)));
    const grown = await measured(dir, bare.url, false);
    print(`with ${history.toLocaleString('en')} orders in history`, grown);
    for (const name of Object.keys(without)) {
      console.log(`  with / without history: ${name} p50 ${ratio(grown, without, name, 0.5)}, p99 ${ratio(grown, without, name, 0.99)}`);
    }
  } finally {
    bare.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measured(dir: string, bareUrl: string, isFirst: boolean): Promise<Times> {
  const server = await startServer({ dir, config: CONFIG, readyTimeoutMs: 120_000 });
  try {
    const anna = isFirst ? await newCustomer(server) : await customerAgain(server);
    inDatabase(dir, (db) => db.run("UPDATE sims SET online = 1 WHERE slot LIKE 'bench%'"));
    await until(
      async () =>
        (await anna.call<{ data: { stock: number }[] }>('GET', `/offers?country=gb&service=${serviceOf(299)}`)).body.data[0]?.stock !== 0,
      'the SIMs are seen',
      120_000,
    );
    if (isFirst) for (let n = 0; n < OPEN_ORDERS; n++) await buy(anna, n);
    const cookie = await signIn(server);
    const times: Times = {};
    const time = async (name: string, work: () => Promise<unknown>) => {
      const startMs = performance.now();
      await work();
      const own = times[name] ?? [];
      times[name] = own;
      own.push(performance.now() - startMs);
    };
    for (let n = -20; n < ROUNDS; n++) {
      if (n === 0) for (const name of Object.keys(times)) times[name] = [];
      await time('bare route', () => read(`${bareUrl}/`));
      await time('POST order', () => buy(anna, n + 5000));
      await time('GET offers, all', () => read(`${server.url}/api/v1/offers`, { authorization: `Bearer ${anna.key}` }));
      await time('GET offers of a service', () =>
        read(`${server.url}/api/v1/offers?service=${serviceOf(n + 20)}`, { authorization: `Bearer ${anna.key}` }),
      );
      await time('GET offers, 100 of a country', () =>
        read(`${server.url}/api/v1/offers?country=gb&limit=100`, { authorization: `Bearer ${anna.key}` }),
      );
      await time('page /', () => read(`${server.url}/`));
      await time('page /dashboard/offers', () =>
        read(`${server.url}/dashboard/offers?country=gb&service=${serviceOf(n + 20)}`, { cookie }),
      );
      await time('page /dashboard', () => read(`${server.url}/dashboard`, { cookie }));
    }
    console.log(
      `  octets: / ${await read(`${server.url}/`)}, /dashboard ${await read(`${server.url}/dashboard`, { cookie })}, all offers ${await read(`${server.url}/api/v1/offers`, { authorization: `Bearer ${anna.key}` })}`,
    );
    return times;
  } finally {
    await server.kill();
  }
}

/** Of services that are used up on two thirds of the SIMs, and of those that are not. */
async function buy(anna: ApiClient, n: number): Promise<void> {
  const service = serviceOf(200 + (n % 100));
  const { status, body } = await anna.order(COUNTRIES[n % COUNTRIES.length] ?? 'gb', service);
  if (status !== 201) throw new Error(`no order of ${service}: ${JSON.stringify(body)}`);
}

async function read(url: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(url, { headers });
  const { byteLength } = await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return byteLength;
}

async function newCustomer(server: Server): Promise<ApiClient> {
  const anna = await customer(server, 'anna@example.org', 10_000_000);
  await expectOk(server.run(['user', 'add', 'ben@example.org']));
  await expectOk(server.run(['user', 'credit', 'ben@example.org', '10000']));
  await expectOk(server.run(['user', 'password', 'ben@example.org', '--password-stdin'], `${PASSWORD}\n`));
  return anna;
}

async function customerAgain(server: Server): Promise<ApiClient> {
  const { ApiClient } = await import('../support/client.ts');
  return new ApiClient(server.url, (await expectOk(server.run(['key', 'create', 'anna@example.org']))).trim());
}

/** A customer who looks and has bought nothing. */
async function signIn(server: Server): Promise<string> {
  const body = new URLSearchParams({ email: 'ben@example.org', password: PASSWORD });
  const answer = await fetch(`${server.url}/sign-in`, { method: 'POST', body, redirect: 'manual' });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

function inDatabase(dir: string, work: (db: ReturnType<typeof openDatabase>) => void): void {
  const db = openDatabase(join(dir, 'data', 'smspin.db'));
  migrate(db);
  work(db);
  db.close();
}

async function startBare(): Promise<{ url: string; stop(): void }> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'bare.ts')], { stdout: 'pipe', stderr: 'inherit' });
  const { value } = await child.stdout.getReader().read();
  return { url: `http://127.0.0.1:${new TextDecoder().decode(value).trim()}`, stop: () => child.kill() };
}

async function timed(what: string, work: () => void): Promise<void> {
  const startMs = performance.now();
  work();
  console.log(`  ${what} in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
}

function print(title: string, times: Times): void {
  console.log(`  ${title}`);
  for (const [name, values] of Object.entries(times)) {
    console.log(
      `    ${name}: ${describeMs(values)}; to the bare route p50 ${ratioTo(times, name, 0.5)}, p99 ${ratioTo(times, name, 0.99)}`,
    );
  }
}

function ratioTo(times: Times, name: string, share: number): string {
  return (percentile(times[name] ?? [], share) / percentile(times['bare route'] ?? [], share)).toFixed(1);
}

function ratio(times: Times, reference: Times, name: string, share: number): string {
  return (percentile(times[name] ?? [], share) / percentile(reference[name] ?? [], share)).toFixed(2);
}
