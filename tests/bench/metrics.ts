import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { watchStatements } from '../../src/db/statements.ts';
import { openDoor } from '../../src/db/write.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { openMetrics } from '../../src/metrics/open.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { fillHouse } from './fill.ts';

const ORDERS = 1000;
const ROUNDS = 5;
const CALLS = 300_000;

/** What measuring costs: one observation against one order with its commit, and orders with and without all of it, in turns. */
export async function metrics(): Promise<void> {
  const { meters, requests, way, database } = makeMetrics();
  const seconds = meters
    .histogram({ name: 'smspin_bench_seconds', help: 'One observation.', labels: ['stage'] })
    .labels({ stage: 'bench' });
  const answered = { method: 'POST', route: '/api/v1/orders', status: 201, ms: 1.2 };
  const times = { handedMs: 1, decodedMs: 2, begunMs: 3, storedMs: 4, judgedMs: 5, committedMs: 6, arrivedMs: [0], told: [] };
  const one = nanosecondsOf(() => seconds.observe(0.0012));
  const request = nanosecondsOf(() => requests.answered(answered));
  const sms = nanosecondsOf(() => way.committed(times));
  const commit = nanosecondsOf(() => database.committed({ ms: 1.2, verbs: 1 }));
  const plain: Cost[] = [];
  const measured: Cost[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    plain.push(await costOfOrder(false));
    measured.push(await costOfOrder(true));
  }
  const order = median(plain.map(({ us }) => us));
  const [cpu, cpuMeasured] = [plain, measured].map((costs) => median(costs.map(({ cpuUs }) => cpuUs)));
  console.log(`Metrics (${ORDERS} orders one after the other, each with a commit of its own, median of ${ROUNDS} runs each)`);
  console.log(`  one order with its commit, nothing measured: ${order.toFixed(0)} us`);
  for (const [what, ns] of [
    ['one duration (one observation of a histogram)', one],
    ['a commit (one observation, one count)', commit],
    ['an HTTP request (one observation, one count)', request],
    ['the way of an SMS (six observations)', sms],
  ] as const)
    console.log(`  measuring ${what}: ${ns.toFixed(0)} ns, ${((100 * ns) / 1000 / order).toFixed(3)} % of an order`);
  // CPU, since what the disk takes differs from run to run by more than this.
  console.log(`  CPU of one order: ${cpu?.toFixed(0)} us, with commits and every statement measured ${cpuMeasured?.toFixed(0)} us`);
  console.log(`  ratio measured / not measured: ${((cpuMeasured ?? 0) / (cpu ?? 1)).toFixed(3)}`);
}

function makeMetrics() {
  return openMetrics({ log: silentLog, monotonicMs: systemClock.monotonicMs, slowStatementMs: 100, slowLoopMs: 250 });
}

function nanosecondsOf(work: () => void): number {
  for (let n = 0; n < CALLS / 10; n++) work();
  const beganMs = performance.now();
  for (let n = 0; n < CALLS; n++) work();
  return ((performance.now() - beganMs) * 1e6) / CALLS;
}

/** Of one order, in microseconds. */
interface Cost {
  us: number;
  cpuUs: number;
}

async function costOfOrder(isMeasured: boolean): Promise<Cost> {
  const dir = mkdtempSync(join(tmpdir(), 'smspin-bench-'));
  try {
    const db = openDatabase(join(dir, 'orders.db'));
    migrate(db);
    const { terms, userId } = fillHouse(db, ORDERS);
    const { database } = makeMetrics();
    if (isMeasured) watchStatements(db, database);
    const door = openDoor(db, Date.now, silentLog, isMeasured ? database : null);
    const request = { userId, country: 'gb', service: 'telegram', maxPriceMinor: null };
    const cpu = process.cpuUsage();
    const beganMs = performance.now();
    for (let placed = 0; placed < ORDERS; placed++) await door.write((tx) => placeOrder(tx, terms, request));
    const us = (performance.now() - beganMs) * 1000;
    const { user, system } = process.cpuUsage(cpu);
    db.close();
    return { us: us / ORDERS, cpuUs: (user + system) / ORDERS };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
