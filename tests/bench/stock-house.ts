import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { ApiClient, expectOk, until } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { seedHistory } from './history-seed.ts';
import { COUNTRIES, seedBank, serviceOf } from './stock-seed.ts';

export const SIMS = 10_000;
export const OPEN_ORDERS = 1000;
/** As an operator would set it for customers who are other programs. No modems: the SIMs are said to be readable. */
const CONFIG = '[modems]\nports = []\ndiscover = false\nvirtual = 0\n[api]\nrequests_per_minute = 0\n[log]\nlevel = "error"\n';
const PASSWORD = 'a password for the bench';

/** Who looks: the customer who has a tenth of the history, one with as much of it as most have, and one who buys. */
export type Who = 'heavy' | 'usual' | 'buyer';
const EMAILS: Record<Who, string> = { heavy: 'bench0@example.org', usual: 'bench1@example.org', buyer: 'bench2@example.org' };

export interface StockHouse {
  server: Server;
  folder: string;
  /** A client of the API and the cookie of the pages for each. */
  as: Record<Who, { api: ApiClient; cookie: string }>;
}

/** Fills a folder with a bank and `orders` ended orders, or finds it filled by an earlier run. */
export function seedFolder(folder: string, orders: number): void {
  const done = join(folder, 'seeded');
  if (existsSync(done) && readFileSync(done, 'utf8') === String(orders)) {
    const startMs = performance.now();
    const db = openDatabase(join(folder, 'data', 'smspin.db'));
    const steps = migrate(db);
    db.close();
    if (steps > 0) console.log(`  ${steps} migrations of the kept history in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
    return;
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'data'), { recursive: true });
  const startMs = performance.now();
  const db = openDatabase(join(folder, 'data', 'smspin.db'));
  migrate(db);
  seedBank(db, SIMS);
  const tell = (what: string) => console.log(`  ${((performance.now() - startMs) / 1000).toFixed(0)} s: ${what}`);
  if (orders > 0) seedHistory(db, orders, SIMS, orders > 1_000_000 ? tell : () => {});
  db.close();
  writeFileSync(done, String(orders));
}

/** Starts the server on a filled folder, signs its customers in, and opens as many orders as are missing. */
export async function openStockHouse(folder: string): Promise<StockHouse> {
  const startMs = performance.now();
  const server = await startServer({ dir: folder, config: CONFIG, readyTimeoutMs: 600_000 });
  console.log(`  ready after ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  const as = { heavy: await enter(server, 'heavy'), usual: await enter(server, 'usual'), buyer: await enter(server, 'buyer') };
  const db = openDatabase(join(folder, 'data', 'smspin.db'));
  db.run("UPDATE sims SET online = 1 WHERE slot LIKE 'bench%'");
  const open =
    db
      .query<{ n: number }, []>("SELECT count(*) AS n FROM orders INDEXED BY orders_open_by_user WHERE status IN ('pending', 'received')")
      .get()?.n ?? 0;
  db.close();
  const { api } = as.buyer;
  const seen = async () =>
    (await api.call<{ data: { stock: number }[] }>('GET', `/offers?country=gb&service=${serviceOf(0)}`)).body.data[0]?.stock;
  const loadMs = performance.now();
  await until(async () => (await seen()) !== 0, 'the SIMs are seen', 600_000);
  console.log(`  stock counted anew in ${((performance.now() - loadMs) / 1000).toFixed(1)} s, ${open} orders are open`);
  for (let n = open; n < OPEN_ORDERS; n++) await buy(api, n);
  return { server, folder, as };
}

async function enter(server: Server, who: Who): Promise<{ api: ApiClient; cookie: string }> {
  const email = EMAILS[who];
  await expectOk(server.run(['user', 'credit', email, '10000000', '--reference', 'for the bench']));
  await expectOk(server.run(['user', 'password', email, '--password-stdin'], `${PASSWORD}\n`));
  const key = (await expectOk(server.run(['key', 'create', email]))).trim();
  const body = new URLSearchParams({ email, password: PASSWORD });
  const answer = await fetch(`${server.url}/sign-in`, { method: 'POST', body, redirect: 'manual' });
  return { api: new ApiClient(server.url, key), cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
}

/** Orders a number and returns the id; of any service, also of those that are used up on most SIMs. */
export async function buy(api: ApiClient, n: number): Promise<string> {
  const { status, body } = await api.order(COUNTRIES[n % COUNTRIES.length] ?? 'gb', serviceOf(n * 7));
  if (status !== 201) throw new Error(`no order of ${serviceOf(n * 7)}: ${JSON.stringify(body)}`);
  return body.id;
}
