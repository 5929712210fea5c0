/**
 * `bun tests/stress/export.ts [--rows 10000000] [--binary PATH] [--keep]`
 *
 * The books of one customer with that many movements, exported as CSV by the real server while another customer orders and gives back; the file is
 * checked by `smspin verify`, then read back by another program's CSV reader and compared with the database, row by row. Prints what it took; exit code 1
 * when anything differs. Wants some 8 GB of disk for ten million.
 */
import { Database } from 'bun:sqlite';
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse';
import { plainText } from '../../src/exports/csv.ts';
import { describeMs } from '../bench/figures.ts';
import { type ApiClient, customer, expectOk, until, untilStock } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { fillBooks } from './export-books.ts';

interface ApiExport {
  id: string;
  status: string;
  rows: number;
  bytes: number;
  url: string;
  manifest_url: string;
  detail: string | null;
  progress: { rows_done: number; rows_estimated: number } | null;
}

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    binary: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const rows = Number(values.rows);
const dir = mkdtempSync(join(tmpdir(), 'smspin-export-'));
const filePath = join(dir, 'download.csv');
const databasePath = join(dir, 'data/smspin.db');
const env = {
  SMSPIN_MODEMS_DISCOVER: 'false',
  SMSPIN_MODEMS_VIRTUAL: '2',
  SMSPIN_LOG_LEVEL: 'warn',
  SMSPIN_ORDERS_QUARANTINE_MINUTES: '0',
  SMSPIN_EXPORTS_ACCOUNT_MEGABYTES: '16000',
};
const start = (): Promise<Server> =>
  startServer({ dir, env, entry: 'binary', readyTimeoutMs: 60_000, ...(values.binary === undefined ? {} : { binary: values.binary }) });

try {
  const { key } = await makeBooks();
  const server = await start();
  const holds = await exportAndCheck(server, key).finally(() => server.stop());
  process.exitCode = holds ? 0 : 1;
} finally {
  if (values.keep) console.log(`kept: ${dir}`);
  else rmSync(dir, { recursive: true, force: true });
}
process.exit();

async function makeBooks(): Promise<{ key: string }> {
  const server = await start();
  await customer(server, 'anna@example.org', 1);
  const key = (await expectOk(server.run(['key', 'create', 'anna@example.org']))).trim();
  await server.kill();
  const startedMs = performance.now();
  const db = new Database(databasePath);
  const { id } = db.query<{ id: string }, []>("SELECT id FROM users WHERE email = 'anna@example.org'").get() ?? { id: '' };
  db.close();
  fillBooks(databasePath, id, rows);
  console.log(`books of ${rows} movements, ${gigabytes(statSync(databasePath).size)} GB, proven, in ${seconds(startedMs)} s`);
  return { key };
}

async function exportAndCheck(server: Server, key: string): Promise<boolean> {
  const { ApiClient } = await import('../support/client.ts');
  const anna = new ApiClient(server.url, key);
  const bob = await customer(server, 'bob@example.org', 1_000_000);
  await expectOk(server.run(['offer', 'set', 'gb', 'any', '--price', '10']));
  await untilStock(bob, 'gb', 'any', 1);
  const quiet = await loadWhile(
    server,
    bob,
    Bun.sleep(10_000).then(() => false),
  );
  const before = memory(server.pid);
  writeFileSync(`/proc/${server.pid}/clear_refs`, '5');
  const startedMs = performance.now();
  let made: ApiExport | null = null;
  let logMost = 0;
  const making = (async () => {
    made = await makeExport(anna, () => {
      logMost = Math.max(logMost, statSync(`${databasePath}-wal`, { throwIfNoEntry: false })?.size ?? 0);
    });
    return true;
  })();
  const busy = await loadWhile(server, bob, making);
  const one = made as ApiExport | null;
  if (one?.status !== 'ready') throw new Error(`not ready: ${JSON.stringify(one)}`);
  const tookS = (performance.now() - startedMs) / 1000;
  const after = memory(server.pid);
  console.log(`export: ${one.rows} rows, ${gigabytes(one.bytes)} GB in ${tookS.toFixed(1)} s (${Math.round(one.rows / tookS)} rows/s)`);
  console.log(`memory of the server with its worker thread: ${before.rss} MB before, ${after.peak} MB at its peak, ${after.rss} MB after`);
  console.log(`log of the database: at most ${Math.round(logMost / 1e6)} MB`);
  console.log(`GET /health/ready      before ${describeMs(quiet.health)}`);
  console.log(`                       during ${describeMs(busy.health)}`);
  console.log(`order and cancel       before ${describeMs(quiet.orders)}`);
  console.log(`                       during ${describeMs(busy.orders)}`);
  return (await fetchAndVerify(server, one)) && (await compareWithDatabase(one));
}

async function makeExport(anna: ApiClient, tick: () => void): Promise<ApiExport> {
  let { body } = await anna.call<ApiExport>('POST', '/exports', { kind: 'ledger', format: 'csv' });
  await until(
    async () => {
      tick();
      ({ body } = await anna.call<ApiExport>('GET', `/exports/${body.id}`));
      await Bun.sleep(200);
      return body.status !== 'queued' && body.status !== 'running';
    },
    'the export is made',
    1_800_000,
  );
  return body;
}

/** Asks and writes all the time until `end`; how long each took. */
async function loadWhile(server: Server, bob: ApiClient, end: Promise<unknown>): Promise<{ health: number[]; orders: number[] }> {
  let over = false;
  const times = { health: [] as number[], orders: [] as number[] };
  const repeat = async (into: number[], everyMs: number, work: () => Promise<unknown>): Promise<void> => {
    while (!over) {
      const startedMs = performance.now();
      await work();
      into.push(performance.now() - startedMs);
      await Bun.sleep(everyMs);
    }
  };
  const loads = [
    repeat(times.health, 5, () => fetch(`${server.url}/health/ready`).then((answer) => answer.text())),
    repeat(times.orders, 10, async () => {
      const { body, status } = await bob.order('gb', 'any');
      if (status !== 201) throw new Error(`no order: ${JSON.stringify(body)}`);
      await bob.call('POST', `/orders/${body.id}/cancel`);
    }),
  ];
  await end.finally(() => {
    over = true;
  });
  await Promise.all(loads);
  return times;
}

async function fetchAndVerify(server: Server, one: ApiExport): Promise<boolean> {
  mkdirSync(dir, { recursive: true });
  const startedMs = performance.now();
  await Bun.write(filePath, await fetch(one.url));
  console.log(`download: ${seconds(startedMs)} s; peak of the server ${memory(server.pid).peak} MB`);
  await Bun.write(`${filePath}.manifest.json`, await fetch(one.manifest_url));
  await Bun.write(join(dir, 'keys.json'), await fetch(`${server.url}/.well-known/smspin-signing-key.json`));
  const verifyMs = performance.now();
  const { code, stdout, stderr } = await server.run(['verify', filePath, '--key', join(dir, 'keys.json')]);
  console.log(`smspin verify: exit ${code} in ${seconds(verifyMs)} s\n  ${(stdout + stderr).trim().replaceAll('\n', '\n  ')}`);
  return code === 0;
}

/** Reads the file with csv-parse and the books with other SQL than the export's. */
async function compareWithDatabase(one: ApiExport): Promise<boolean> {
  const startedMs = performance.now();
  const db = new Database(databasePath, { readonly: true });
  const { id } = db.query<{ id: string }, []>("SELECT id FROM users WHERE email = 'anna@example.org'").get() ?? { id: '' };
  const books = db
    .query<Record<string, string | number | null>, [string]>('SELECT * FROM ledger_transactions WHERE user_id = ? ORDER BY id')
    .iterate(id);
  const entries = db.query<{ account_id: string; amount_minor: number }, [string]>(
    'SELECT account_id, amount_minor FROM ledger_entries WHERE transaction_id = ?',
  );
  const reader = createReadStream(filePath, { highWaterMark: 1 << 20 }).pipe(parse({ columns: true }));
  let compared = 0;
  for await (const row of reader as AsyncIterable<Record<string, string>>) {
    const { value: expected } = books.next() as { value?: Record<string, string | number | null> };
    const legs = entries.all(row['id'] ?? '');
    const on = (account: string): string =>
      String(legs.reduce((sum, leg) => sum + (leg.account_id === `${account}:${id}` ? leg.amount_minor : 0), 0));
    const same =
      expected !== undefined &&
      row['id'] === expected['id'] &&
      row['kind'] === expected['kind'] &&
      row['order_id'] === (expected['order_id'] ?? '') &&
      plainText(row['reference'] ?? '') === (expected['reference'] ?? '') &&
      row['available'] === on('available') &&
      row['held'] === on('held') &&
      row['currency'] === 'USD' &&
      row['created_at'] === new Date(Number(expected['created_at_ms'])).toISOString();
    if (!same) {
      console.log(`row ${compared + 1} differs: ${JSON.stringify(row)} is not ${JSON.stringify(expected)}`);
      return false;
    }
    compared++;
  }
  const complete = books.next().done === true && compared === one.rows;
  console.log(`csv-parse: ${compared} rows, every value as in the database: ${complete ? 'yes' : 'no'}; ${seconds(startedMs)} s`);
  return complete;
}

function memory(pid: number): { rss: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string): number => Math.round(Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024);
  return { rss: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

function seconds(sinceMs: number): string {
  return ((performance.now() - sinceMs) / 1000).toFixed(1);
}

function gigabytes(octets: number): string {
  return (octets / 1e9).toFixed(2);
}
