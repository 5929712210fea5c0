/**
 * Many programs that wait for codes at once: `bun tests/stress/waiters.ts [--waiters 10000] [--orders 400] [--seconds 20] [--rate 100]`.
 *
 * A server with a virtual bank of its own, orders, and a second process that holds that many long-polls open (`?wait=60`), spread over the orders. Then SMS
 * go out at the given rate; whoever gets a code asks at once for the next. Printed: from the commit of a message to the first, the middle and the last of its
 * receivers (p50, p99 over the messages), memory of the server for each waiter, processor time while nothing happens, and what was lost: it must be nothing.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startTestBank } from '../support/bank.ts';
import { type ApiClient, customer, expectOk, until } from '../support/client.ts';
import { startServer } from '../support/server.ts';
import { quantile } from './quantile.ts';
import type { WaiterCommand, WaiterReport } from './waiting-process.ts';

const { values } = parseArgs({
  options: {
    waiters: { type: 'string', default: '10000' },
    orders: { type: 'string', default: '400' },
    seconds: { type: 'string', default: '20' },
    rate: { type: 'string', default: '100' },
  },
});
const [waiters, orderCount, seconds, rate] = [values.waiters, values.orders, values.seconds, values.rate].map(Number) as [
  number,
  number,
  number,
  number,
];
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
  const anna = await customer(server, 'anna@example.org', 1_000_000);
  const key = (await expectOk(server.run(['key', 'create', 'anna@example.org']))).trim();
  const orders = await placeOrders(anna);
  console.log(`${waiters} waiters, ${orders.length} orders, ${rate} SMS a second for ${seconds} s`);

  const emptyKb = await settledKb();
  const idleBefore = await processorShare(5);
  const child = Bun.spawn([process.execPath, new URL('waiting-process.ts', import.meta.url).pathname], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const reports = readReports(child.stdout);
  const tell = (command: WaiterCommand) => {
    child.stdin.write(`${JSON.stringify(command)}\n`);
    void child.stdin.flush();
  };
  const { last_event: _, ...scene } = {
    last_event: '',
    url: server.url,
    key,
    waiters,
    orders: orders.map(({ id, after }) => ({ id, after })),
  };
  tell({ start: scene });
  await (await reports.next()).value;
  const fullKb = await settledKb();
  const idle = await processorShare(5);
  console.log(
    `memory: ${emptyKb} kB without, ${fullKb} kB with: ${(((fullKb - emptyKb) * 1024) / waiters).toFixed(0)} octets for each waiter`,
  );
  console.log(`processor while all wait: ${idle.toFixed(1)} % (${idleBefore.toFixed(1)} % without waiters)`);

  const startedAtMs = performance.now();
  const ticksBefore = processorTicks();
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
  await until(async () => (await stored(anna, orders)) >= sent, 'every SMS is stored', 60_000);
  await Bun.sleep(3000);
  const usedMs = (processorTicks() - ticksBefore) * 10;
  tell({ report: true });
  const report = (await reports.next()).value;
  if (!report) throw new Error('the waiting process said nothing');
  print(report, sent, Math.floor(waiters / orders.length), usedMs);
  tell({ stop: true });
  await child.exited;
  await until(async () => Math.abs((await connections()) - 0) < 20, 'the connections are gone');
  console.log(`memory after all went: ${await settledKb()} kB`);
}

async function placeOrders(anna: ApiClient) {
  const placed: { id: string; number: string; service: string; after: string }[] = [];
  await until(async () => (await bankCountries(anna)) > 0, 'numbers for sale');
  for (const country of ['gb', 'us', 'de', 'fr'])
    for (const service of SERVICES) await expectOk(server.run(['offer', 'set', country, service, '--price', '1']));
  await until(async () => (await stock(anna)) >= orderCount, `stock for ${orderCount} orders`, 60_000);
  for (const service of SERVICES)
    for (const country of ['gb', 'us', 'de', 'fr'])
      while (placed.length < orderCount) {
        const { status, body } = await anna.order(country, service);
        if (status !== 201) break;
        placed.push({ id: body.id, number: body.number, service, after: body.last_event });
      }
  return placed;
}

async function bankCountries(anna: ApiClient): Promise<number> {
  return (await anna.call('GET', '/offers')).status === 200 ? 1 : 0;
}

async function stock(anna: ApiClient): Promise<number> {
  const { body } = await anna.call<{ data: { stock: number }[] }>('GET', '/offers');
  return body.data.reduce((sum, offer) => sum + offer.stock, 0);
}

async function stored(anna: ApiClient, orders: readonly { id: string }[]): Promise<number> {
  let sum = 0;
  for (const { id } of orders) {
    let cursor: string | null = '';
    do {
      const page: { body: { data: unknown[]; next_cursor: string | null } } = await anna.call(
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

async function* readReports(stream: ReadableStream<Uint8Array>): AsyncGenerator<WaiterReport, void, void> {
  let held = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    held += decoder.decode(chunk, { stream: true });
    const lines = held.split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as WaiterReport;
  }
}

function print({ messages, errors }: WaiterReport, sent: number, perOrder: number, usedMs: number): void {
  const whole = messages.filter(({ receivers }) => receivers >= perOrder);
  const show = (name: string, pick: (one: WaiterReport['messages'][number]) => number) => {
    const sorted = whole.map(pick).sort((a, b) => a - b);
    console.log(
      `commit to ${name}: p50 ${quantile(sorted, 0.5).toFixed(1)} ms, p99 ${quantile(sorted, 0.99).toFixed(1)} ms, most ${sorted.at(-1)?.toFixed(1)} ms`,
    );
  };
  show('the first receiver', ({ firstMs }) => firstMs);
  show('the last receiver', ({ lastMs }) => lastMs);
  const deliveries = messages.reduce((sum, { receivers }) => sum + receivers, 0);
  console.log(
    `${sent} SMS, ${messages.length} seen, ${whole.length} by all ${perOrder} waiters of their order or more; ${deliveries} answers; ${errors} errors`,
  );
  console.log(`processor: ${(usedMs / deliveries).toFixed(3)} ms for each answer`);
  if (errors > 0 || messages.length < sent) process.exitCode = 1;
}
