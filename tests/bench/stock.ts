import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/db/open.ts';
import { Measured, read } from './measure.ts';
import { buy, OPEN_ORDERS, openStockHouse, SIMS, type StockHouse, seedFolder } from './stock-house.ts';
import { measureLists } from './stock-lists.ts';
import { COUNTRIES, SERVICES, serviceOf } from './stock-seed.ts';

const ORDERS = 200_000;
const BLOCKS = 15;
const PER_BLOCK = 20;
const RATIO = 1.5;

/**
 * Offers and orders at 10,000 SIMs × 300 services with 1,000 open orders, as customers get them over the real port, beside each other in a house without history and
 * in one with `--orders N` (200,000) in history, and every list of a customer in that. With `--data FOLDER` (or SMSPIN_BENCH_DATA) the history is kept for the next
 * run. References in the same run: an Elysia route that does nothing, and one row a commit into SQLite with the same settings.
 */
export async function stock(): Promise<void> {
  const orders = Number(argument('--orders') ?? ORDERS);
  const kept = argument('--data') ?? process.env['SMSPIN_BENCH_DATA'];
  const own = mkdtempSync(join(tmpdir(), 'smspin-stock-'));
  const folders = { without: join(own, 'without'), with: join(kept ?? own, String(orders)) };
  console.log(
    `Offers and orders: ${SIMS} SIMs × ${SERVICES} services in ${COUNTRIES.length} countries, ${OPEN_ORDERS} open orders, ${orders.toLocaleString('en')} in history`,
  );
  const bare = await startBare();
  const raw = rawCommits(join(own, 'raw.db'));
  const houses: StockHouse[] = [];
  try {
    seedFolder(folders.without, 0);
    seedFolder(folders.with, orders);
    for (const folder of [folders.without, folders.with]) houses.push(await openStockHouse(folder));
    const [without, grown] = houses as [StockHouse, StockHouse];
    await compare({ bare, raw, without, grown });
    await measureLists(grown, bare);
    console.log(
      `  load of the machine: ${loadavg()
        .map((one) => one.toFixed(1))
        .join(', ')}`,
    );
  } finally {
    bare.stop();
    raw.close();
    for (const { server } of houses) await server.kill();
    rmSync(own, { recursive: true, force: true });
  }
}

/** The word after an argument, or undefined. */
function argument(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

type Request = (house: StockHouse, n: number) => Promise<unknown>;

const page =
  (address: (n: number) => string): Request =>
  ({ server, as }, n) =>
    read(`${server.url}${address(n)}`, { cookie: as.usual.cookie });
const api =
  (address: (n: number) => string): Request =>
  ({ server, as }, n) =>
    read(`${server.url}/api/v1${address(n)}`, { authorization: `Bearer ${as.usual.api.key}` });

const REQUESTS: Readonly<Record<string, Request>> = {
  'GET offers, all': api(() => '/offers'),
  'GET offers of a service': api((n) => `/offers?service=${serviceOf(n * 11)}`),
  'GET offers, 100 of a country': api(() => '/offers?country=gb&limit=100'),
  'page / with offers': page(() => '/'),
  'page /dashboard/offers': page((n) => `/dashboard/offers?country=gb&service=${serviceOf(n * 13)}`),
  'page /dashboard': page(() => '/dashboard'),
};

interface Compared {
  bare: Bare;
  raw: Raw;
  without: StockHouse;
  grown: StockHouse;
}

/** In blocks by turns, so that what else the machine does is felt by all alike. */
async function compare({ bare, raw, without, grown }: Compared): Promise<void> {
  const names = [...Object.keys(REQUESTS), 'POST order'];
  const found = new Map(names.map((name) => [name, { without: new Measured(), grown: new Measured() }]));
  const reference = { bare: new Measured(), raw: new Measured() };
  const octets = new Map<string, unknown>();
  for (let block = -1; block < BLOCKS; block++) {
    const isWarm = block >= 0;
    await (isWarm ? reference.bare : new Measured()).block(bare.pid, PER_BLOCK * 2, () => read(`${bare.url}/`));
    await (isWarm ? reference.raw : new Measured()).block(null, PER_BLOCK, async () => raw.commit());
    for (const [name, into] of found) {
      const work = REQUESTS[name];
      const turns = [
        { house: without, measured: into.without },
        { house: grown, measured: into.grown },
      ];
      for (const { house, measured } of block % 2 === 0 ? turns : turns.toReversed()) {
        const bought: string[] = [];
        const one = async (n: number) => {
          if (work === undefined) bought.push(await buy(house.as.usual.api, block * PER_BLOCK + n + 5000));
          else octets.set(name, await work(house, block * PER_BLOCK + n + PER_BLOCK));
        };
        await (isWarm ? measured : new Measured()).block(house.server.pid, PER_BLOCK, one);
        for (const id of bought) await house.as.usual.api.call('POST', `/orders/${id}/cancel`);
      }
    }
  }
  console.log(`  reference, bare route: ${reference.bare}`);
  console.log(`  reference, raw SQLite commit: p50 ${reference.raw.p(0.5).toFixed(2)} ms, p99 ${reference.raw.p(0.99).toFixed(2)} ms`);
  const holds = { p50: true, p99: true, work: true };
  for (const [name, { without: base, grown: big }] of found) {
    const ratios = [big.p(0.5) / base.p(0.5), big.p(0.99) / base.p(0.99), big.cpuMs / base.cpuMs];
    for (const [at, figure] of (['p50', 'p99', 'work'] as const).entries()) holds[figure] &&= (ratios[at] ?? 0) <= RATIO;
    console.log(`  ${name}${octets.has(name) ? ` (${octets.get(name)} octets)` : ''}`);
    console.log(
      `    without history: ${base}; to the bare route p50 ${ratio(base, reference.bare, 0.5)}, p99 ${ratio(base, reference.bare, 0.99)}`,
    );
    console.log(
      `    with history:    ${big}; to the bare route p50 ${ratio(big, reference.bare, 0.5)}, p99 ${ratio(big, reference.bare, 0.99)}`,
    );
    console.log(`    with / without:  p50 ${ratios[0]?.toFixed(2)}, p99 ${ratios[1]?.toFixed(2)}, work ${ratios[2]?.toFixed(2)}`);
    if (name === 'POST order')
      console.log(`    to the raw commit, without and with: p50 ${ratio(base, reference.raw, 0.5)} and ${ratio(big, reference.raw, 0.5)}`);
  }
  const words = Object.entries(holds).map(([figure, is]) => `${figure} ${is ? 'holds' : 'does not hold'}`);
  console.log(
    `  the same with history within ${RATIO} ×: ${words.join(', ')}; load of the machine ${loadavg()
      .map((one) => one.toFixed(1))
      .join(', ')}`,
  );
}

function ratio(one: Measured, to: Measured, share: number): string {
  return (one.p(share) / to.p(share)).toFixed(1);
}

interface Raw {
  commit(): void;
  close(): void;
}

function rawCommits(path: string): Raw {
  const db = openDatabase(path);
  db.run('CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT) STRICT');
  const insert = db.query('INSERT INTO rows (text) VALUES ($text)');
  const text = 'x'.repeat(300);
  return { commit: () => void insert.run({ text }), close: () => db.close() };
}

interface Bare {
  url: string;
  pid: number;
  stop(): void;
}

async function startBare(): Promise<Bare> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'bare.ts')], { stdout: 'pipe', stderr: 'inherit' });
  const { value } = await child.stdout.getReader().read();
  return { url: `http://127.0.0.1:${new TextDecoder().decode(value).trim()}`, pid: child.pid, stop: () => child.kill() };
}
