/**
 * Many who wait for codes at once: `bun tests/stress/crowd.ts [--polls 10000] [--sockets 0] [--orders 400] [--accounts 200] [--seconds 20] [--rate 100]`.
 *
 * A server with a virtual bank of its own, orders of many accounts, a second process that holds that many long-polls open (`?wait=60`), spread over the
 * orders, and a third that holds that many streams open, spread over the accounts. Then SMS go out at the given rate; a long-poll that gets a code asks at
 * once for the next. Printed: from the commit of a message to the first and the last of its receivers (p50, p99 over the messages), memory of the server for
 * each that waits, processor time while nothing happens, and what was lost: it must be nothing. Each takes a file descriptor: mind `ulimit -n`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createKey, SCOPES } from '../../src/accounts/keys.ts';
import { addUser } from '../../src/accounts/users.ts';
import { openDatabase } from '../../src/db/open.ts';
import { writeNow } from '../../src/db/write.ts';
import { topUp } from '../../src/ledger/ledger.ts';
import { systemRandom } from '../../src/lib/ids.ts';
import { startTestBank } from '../support/bank.ts';
import { ApiClient, expectOk, until } from '../support/client.ts';
import { startServer } from '../support/server.ts';
import type { PollScene } from './crowd-polls.ts';
import type { CrowdReport } from './crowd-report.ts';
import type { SocketScene } from './crowd-sockets.ts';
import { quantile } from './quantile.ts';

const { values } = parseArgs({
  options: {
    polls: { type: 'string', default: '10000' },
    sockets: { type: 'string', default: '0' },
    orders: { type: 'string', default: '400' },
    accounts: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '20' },
    rate: { type: 'string', default: '100' },
  },
});
const [polls, sockets, orderCount, accountCount, seconds, rate] = [
  values.polls,
  values.sockets,
  values.orders,
  values.accounts,
  values.seconds,
  values.rate,
].map(Number) as [number, number, number, number, number, number];
const SERVICES = ['telegram', 'google', 'whatsapp', 'discord'];
const SENDERS: Record<string, string> = { telegram: 'Telegram', google: 'Google', whatsapp: 'WhatsApp', discord: 'Discord' };
const textOf = (service: string, code: number) => `${SENDERS[service]} code: ${code}`;

const bank = await startTestBank(Math.max(8, Math.ceil(orderCount / SERVICES.length)));
const server = await startServer({
  config: `[modems]\nports = ["${bank.pattern}"]\ndiscover = false\n[orders]\nquarantine_minutes = 0\n[api]\nrequests_per_minute = 0\n`,
  readyTimeoutMs: 60_000,
});
try {
  await measure();
} finally {
  await server.stop();
  await bank.stop();
}

async function measure(): Promise<void> {
  const accounts = openAccounts();
  const orders = await placeOrders(accounts);
  console.log(
    `${polls} long-polls, ${sockets} streams, ${orders.length} orders of ${accountCount} accounts, ${rate} SMS a second for ${seconds} s`,
  );
  const emptyKb = await settledKb();
  const idleBefore = await processorShare(5);
  const polling = spawnCrowd<PollScene>('crowd-polls.ts');
  const streaming = spawnCrowd<SocketScene>('crowd-sockets.ts');
  await polling.start({ url: server.url, waiters: polls, orders: orders.map(({ id, after, key }) => ({ id, after, key })) });
  await streaming.start({ url: server.url, sockets, keys: accounts.map(({ key }) => key) });
  const fullKb = await settledKb();
  const idle = await processorShare(5);
  const each = ((fullKb - emptyKb) * 1024) / (polls + sockets);
  console.log(`memory: ${emptyKb} kB without, ${fullKb} kB with: ${each.toFixed(0)} octets for each that waits`);
  console.log(`processor while all wait: ${idle.toFixed(1)} % (${idleBefore.toFixed(1)} % without them)`);

  const ticksBefore = processorTicks();
  const sent = await sendAll(orders);
  await until(async () => (await stored(orders)) >= sent, 'every SMS is stored', 60_000);
  await Bun.sleep(3000);
  const usedMs = (processorTicks() - ticksBefore) * 10;
  const reports = { polls: await polling.report(), streams: await streaming.report() };
  // An order has so many long-polls, an account so many streams; where they do not divide, some have one more.
  if (polls > 0) print('long-poll', reports.polls, sent, Math.floor(polls / orders.length));
  if (sockets > 0) print('stream', reports.streams, sent, Math.floor(sockets / accountCount));
  const deliveries = [...reports.polls.messages, ...reports.streams.messages].reduce((sum, { receivers }) => sum + receivers, 0);
  console.log(`processor: ${(usedMs / deliveries).toFixed(3)} ms for each of ${deliveries} deliveries`);
  await polling.stop();
  await streaming.stop();
  await until(async () => (await connections()) < 20, 'the connections are gone');
  console.log(`memory after all went: ${await settledKb()} kB`);
}

/** Made beside the server, as commands are: hundreds of them one by one would take minutes. */
function openAccounts(): { key: string; client: ApiClient }[] {
  const db = openDatabase(join(server.dir, 'data', 'smspin.db'));
  const terms = { currency: 'USD', random: systemRandom };
  const keys = writeNow(db, Date.now(), (tx) =>
    Array.from({ length: accountCount }, (_, n) => {
      const email = `crowd${n}@example.org`;
      const user = { email, passwordHash: null, role: 'customer', state: 'active', purpose: null, acceptedTerms: true } as const;
      const { id } = addUser(tx, systemRandom, user);
      topUp(tx, terms, { userId: id, amountMinor: 1_000_000, reference: null });
      return createKey(tx, systemRandom, { userId: id, name: 'crowd', scopes: SCOPES }).secret;
    }),
  );
  db.close();
  return keys.map((key) => ({ key, client: new ApiClient(server.url, key) }));
}

type Placed = { id: string; number: string; service: string; after: string; key: string; client: ApiClient };

async function sendAll(orders: readonly Placed[]): Promise<number> {
  const startedAtMs = performance.now();
  let sent = 0;
  while (performance.now() - startedAtMs < seconds * 1000) {
    const due = Math.floor(((performance.now() - startedAtMs) / 1000) * rate);
    for (; sent < due; sent++) {
      const order = orders[sent % orders.length];
      if (!order) continue;
      await bank.sendSms({ number: order.number, sender: SENDERS[order.service] ?? '', text: textOf(order.service, 100_000 + sent) });
    }
    await Bun.sleep(2);
  }
  return sent;
}

/** Orders for each account in turn, so that all have the same number of them. */
async function placeOrders(accounts: readonly { key: string; client: ApiClient }[]): Promise<Placed[]> {
  const placed: Placed[] = [];
  const [first] = accounts;
  if (!first) throw new Error('no accounts');
  for (const country of ['gb', 'us', 'de', 'fr'])
    for (const service of SERVICES) await expectOk(server.run(['offer', 'set', country, service, '--price', '1']));
  await until(async () => (await stock(first.client)) >= orderCount, `stock for ${orderCount} orders`, 60_000);
  for (const service of SERVICES)
    for (const country of ['gb', 'us', 'de', 'fr'])
      while (placed.length < orderCount) {
        const account = accounts[placed.length % accounts.length] ?? first;
        const { status, body } = await account.client.order(country, service);
        if (status !== 201) break;
        placed.push({ id: body.id, number: body.number, service, after: body.last_event, ...account });
      }
  return placed;
}

async function stock(anna: ApiClient): Promise<number> {
  const { body } = await anna.call<{ data: { stock: number }[] }>('GET', '/offers');
  return body.data.reduce((sum, offer) => sum + offer.stock, 0);
}

async function stored(orders: readonly Placed[]): Promise<number> {
  let sum = 0;
  for (const { id, client } of orders) {
    let cursor: string | null = '';
    do {
      const page: { body: { data: unknown[]; next_cursor: string | null } } = await client.call(
        'GET',
        `/messages?order_id=${id}&limit=200${cursor ? `&cursor=${cursor}` : ''}`,
      );
      sum += page.body.data.length;
      cursor = page.body.next_cursor;
    } while (cursor !== null);
  }
  return sum;
}

function statusOf(name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]);
}

async function settledKb(): Promise<number> {
  await Bun.sleep(3000);
  return statusOf('VmRSS');
}

/** Percent of one processor that the server used over so many seconds. */
async function processorShare(overSeconds: number): Promise<number> {
  const before = processorTicks();
  await Bun.sleep(overSeconds * 1000);
  return (processorTicks() - before) / overSeconds;
}

/** Hundredths of a second that the server has computed (proc(5), utime and stime). */
function processorTicks(): number {
  const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

async function connections(): Promise<number> {
  const hexPort = server.port.toString(16).toUpperCase().padStart(4, '0');
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .filter((line) => line.includes(`:${hexPort} `) && / 01 /.test(line)).length;
}

/** A process of the crowd; `start` resolves when all of it waits. */
function spawnCrowd<Scene>(file: string) {
  const child = Bun.spawn([process.execPath, new URL(file, import.meta.url).pathname], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const reports = readReports(child.stdout);
  const tell = (command: object): void => {
    child.stdin.write(`${JSON.stringify(command)}\n`);
    void child.stdin.flush();
  };
  const next = async (): Promise<CrowdReport> => {
    const { value } = await reports.next();
    if (!value) throw new Error(`${file} said nothing`);
    return value;
  };
  return {
    start: (scene: Scene) => {
      tell({ start: scene });
      return next();
    },
    report: () => {
      tell({ report: true });
      return next();
    },
    stop: () => {
      tell({});
      return child.exited;
    },
  };
}

async function* readReports(stream: ReadableStream<Uint8Array>): AsyncGenerator<CrowdReport, void, void> {
  let held = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    held += decoder.decode(chunk, { stream: true });
    const lines = held.split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as CrowdReport;
  }
}

function print(way: string, { messages, errors }: CrowdReport, sent: number, expected: number): void {
  const whole = messages.filter(({ receivers }) => receivers >= expected);
  const show = (name: string, pick: (one: CrowdReport['messages'][number]) => number) => {
    const sorted = whole.map(pick).sort((a, b) => a - b);
    const figures = `p50 ${quantile(sorted, 0.5).toFixed(1)} ms, p99 ${quantile(sorted, 0.99).toFixed(1)} ms, most ${sorted.at(-1)?.toFixed(1)} ms`;
    console.log(`${way}: commit to ${name}: ${figures}`);
  };
  show('the first receiver', ({ firstMs }) => firstMs);
  show('the last receiver', ({ lastMs }) => lastMs);
  console.log(`${way}: ${sent} SMS, ${messages.length} seen, ${whole.length} of them by all ${expected} or more; ${errors} errors`);
  if (errors > 0 || whole.length < sent) process.exitCode = 1;
}
