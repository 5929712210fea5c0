import { Database } from 'bun:sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../src/modem/virtual/random.ts';
import { startTestBank, type TestBank } from '../support/bank.ts';
import { ApiClient, type ApiOrder, customer, expectOk, until, untilStock } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { Keeper } from './keeper.ts';
import type { Fact, Sink, SinkVerdict } from './sink.ts';

export interface OutgoingOptions {
  /** SMS with a code, each another one. */
  codes: number;
  modems: number;
  kills: number;
  /** So long codes come and the server is killed. */
  seconds: number;
  seed: number;
}

export interface OutgoingReport {
  kills: number;
  /** Codes that stand in no event: the way of the SMS itself lost them. */
  lostCodes: string[];
  facts: number;
  verdicts: SinkVerdict[];
  /** What the queue says of itself at the end. */
  queue: { channel: string; state: string; deliveries: number; attempts: number }[];
  settledSeconds: number;
}

const EMAIL = 'anna@example.org';
const SETTLE_MS = 300_000;

/**
 * A real server on virtual modems gets codes and tells them to `sinks` while it is killed at random moments; afterwards every event of its log must have
 * reached each of them. The bank and the sinks outlive it.
 */
export async function runOutgoing(options: OutgoingOptions, sinks: readonly Sink[]): Promise<OutgoingReport> {
  const random = new Random(options.seed);
  const bank = await startTestBank(options.modems, { seed: options.seed });
  const dir = mkdtempSync(join(tmpdir(), 'smspin-outgoing-'));
  const config = [
    `[modems]\nports = ["${bank.pattern}"]\ndiscover = false\nsweep_seconds = 5\n`,
    '[orders]\nquarantine_minutes = 0\nreuse_days = 0\nwindow_minutes = 120\n',
    '[log]\nlevel = "error"\n',
    ...sinks.map((sink) => sink.config),
  ].join('');
  let server: Server | null = null;
  const keeper = new Keeper(async () => {
    server = await startServer({ dir, config, readyTimeoutMs: 60_000 });
    return server;
  });
  try {
    const first = await keeper.start();
    const anna = await customer(first, EMAIL, 1_000_000);
    for (const sink of sinks) await sink.subscribe(anna, first);
    const orders = await orderAll(first, anna, bank);

    const killing = keeper.killAtRandom({ kills: options.kills, durationMs: options.seconds * 1000, random });
    const codes = await sendCodes(bank, orders, options);
    await killing;
    for (const sink of sinks) sink.heal();
    await until(
      async () => (await bank.list()).every((sim) => sim.messages.length === 0 && sim.waiting === 0),
      'the modems are empty',
      SETTLE_MS,
    );
    const after = await clientOf(server ?? first);
    for (const { id } of orders) await after.call('POST', `/orders/${id}/finish`);

    const settlingMs = performance.now();
    const db = new Database(join(dir, 'data', 'smspin.db'), { readonly: true });
    try {
      await until(() => db.query("SELECT 1 FROM deliveries WHERE state = 'waiting'").get() === null, 'the queue is empty', SETTLE_MS);
      // Answers that are under way when the last one was written down.
      await Bun.sleep(500);
      const facts = db
        .query<Fact, []>('SELECT id, type, data FROM events WHERE created_at_ms >= (SELECT min(created_at_ms) FROM webhooks) ORDER BY seq')
        .all();
      return {
        kills: keeper.kills,
        lostCodes: codes.filter((code) => !facts.some(({ data }) => data.includes(`"code":"${code}"`))),
        facts: facts.length,
        verdicts: sinks.map((sink) => sink.check(facts)),
        queue: db
          .query<OutgoingReport['queue'][number], []>(
            'SELECT channel, state, count(*) AS deliveries, sum(attempts) AS attempts FROM deliveries GROUP BY channel, state',
          )
          .all(),
        settledSeconds: (performance.now() - settlingMs) / 1000,
      };
    } finally {
      db.close();
    }
  } finally {
    await keeper.stop();
    await bank.stop();
    for (const sink of sinks) await sink.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The same customer at a server that was started again, on another port, with a key of its own. */
async function clientOf(server: Server): Promise<ApiClient> {
  return new ApiClient(server.url, (await expectOk(server.run(['key', 'create', EMAIL]))).trim());
}

/** One order on every SIM. */
async function orderAll(server: Server, anna: ApiClient, bank: TestBank): Promise<ApiOrder[]> {
  const orders: ApiOrder[] = [];
  for (const [country, sims] of Map.groupBy(bank.sims, (sim) => sim.country)) {
    await expectOk(server.run(['offer', 'set', country, 'telegram', '--price', '45']));
    await untilStock(anna, country, 'telegram', sims.length);
    for (const _ of sims) {
      const { status, body } = await anna.order(country, 'telegram');
      if (status !== 201) throw new Error(`no order: ${JSON.stringify(body)}`);
      orders.push(body);
    }
  }
  return orders;
}

/** Sends each code to one of the orders, evenly over the time; the codes. */
async function sendCodes(bank: TestBank, orders: readonly ApiOrder[], { codes, seconds }: OutgoingOptions): Promise<string[]> {
  const startedMs = performance.now();
  const sent: string[] = [];
  for (let n = 0; n < codes; n++) {
    const order = orders[n % orders.length];
    if (!order) throw new Error('no order');
    await Bun.sleep(Math.max(0, (n / codes) * seconds * 1000 - (performance.now() - startedMs)));
    const code = String(100_000 + n);
    const result = await bank.sendSms({ number: order.number, sender: 'Telegram', text: `Telegram code: ${code}` });
    if (!result.ok) throw new Error(`the virtual network refused a message: ${result.error}`);
    sent.push(code);
  }
  return sent;
}

/** The report in lines, and whether all is as it must be. */
export function describeOutgoing(report: OutgoingReport): { text: string; isGood: boolean } {
  const { kills, lostCodes, facts, verdicts, queue, settledSeconds } = report;
  const lines = [
    `kills ${kills}; events ${facts}; codes in no event ${lostCodes.length}${lostCodes.length > 0 ? ` (${lostCodes.slice(0, 5).join(', ')})` : ''}`,
    ...queue.map(
      ({ channel, state, deliveries, attempts }) => `queue: ${channel} ${state} ${deliveries}, attempts written down ${attempts}`,
    ),
    ...verdicts.flatMap(({ name, expected, arrived, duplicates, problems, figures }) => [
      `${name}: arrived ${arrived} of ${expected}, duplicates ${duplicates}, problems ${problems.length}`,
      ...figures.map((figure) => `  ${figure}`),
      ...problems.slice(0, 8).map((problem) => `  ${problem}`),
    ]),
    `empty ${settledSeconds.toFixed(1)} s after the last code was read`,
  ];
  return { text: lines.join('\n'), isGood: lostCodes.length === 0 && verdicts.every(({ problems }) => problems.length === 0) };
}
