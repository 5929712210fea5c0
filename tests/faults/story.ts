import type { Database } from 'bun:sqlite';
import { auditLedger } from '../../src/ledger/audit.ts';
import { type ApiOrder, until } from '../support/client.ts';
import type { Country, World } from './world.ts';

/** A way to break the house and to mend it again. */
export interface Fault {
  name: string;
  on(): unknown;
  off(): unknown;
  /** How long it lasts. */
  forMs: number;
  /** What the operator's page must say while it lasts; null: nothing that one could wait for. */
  operatorSees: RegExp | null;
  /** How many messages must lie on the modems while it lasts; null: they are stored all the same. */
  waiting: number | null;
}

/** What was seen. */
export interface Told {
  name: string;
  /** The answer to an order meanwhile: status and type, and how long it took. */
  order: string;
  orderMs: number;
  retryAfter: string | null;
  /** What still works: the open order by the API, the public page. */
  reading: string;
  operator: string;
  /** Messages on the modems while it lasted. */
  onModems: number;
  /** From the end of the fault to the code with its customer. */
  recoveredMs: number;
  /** What is wrong afterwards; empty: nothing was lost, doubled or charged. */
  wrong: string[];
}

const CODE = '48213';
const RECOVERY_MAX_MS = 60_000;

/**
 * An open order, then the fault; an SMS for it and a new order come while it lasts. When it is over, the code must reach its order by itself, once, and a new order must be
 * taken. Nothing of what was refused may have been kept.
 */
export async function tell(world: World, fault: Fault, country: Country): Promise<Told> {
  const { anna } = world;
  const before = world.look(countAll);
  const first = await anna.order(country, 'telegram');
  if (first.status !== 201) throw new Error(`${fault.name}: no order before the fault: ${JSON.stringify(first.body)}`);
  let mended = false;
  const mend = async (): Promise<void> => {
    if (!mended) await fault.off();
    mended = true;
  };
  await fault.on();
  try {
    return await live(world, fault, { before, first: first.body, mend, country });
  } finally {
    await mend();
    await endAll(world);
  }
}

async function live(
  world: World,
  fault: Fault,
  { before, first, mend, country }: { before: Counts; first: ApiOrder; mend(): Promise<void>; country: Country },
): Promise<Told> {
  const { anna, bank } = world;
  const startedMs = performance.now();
  await bank.sendSms({ number: first.number, sender: 'Telegram', text: `Telegram code: ${CODE}` });
  const asked = performance.now();
  const refused = await anna.call<{ type?: string; status: unknown }>('POST', '/orders', { country, service: 'telegram' });
  const orderMs = performance.now() - asked;
  const reading = await readingWorks(world, first.id);
  const seen = await operatorSaw(world, fault);
  await Bun.sleep(Math.max(0, fault.forMs - (performance.now() - startedMs)));
  const onModems = (await bank.list()).flatMap((sim) => sim.messages).length;
  await mend();

  const endedMs = performance.now();
  await until(async () => (await anna.get(first.id)).body.code === CODE, `${fault.name}: the code comes`, RECOVERY_MAX_MS);
  const recoveredMs = performance.now() - endedMs;
  const taken = refused.status === 201 ? 2 : 1;
  await until(async () => (await anna.order(country, 'telegram')).status === 201, `${fault.name}: orders are taken again`, RECOVERY_MAX_MS);
  await until(
    async () => (await bank.list()).every(({ messages }) => messages.length === 0),
    `${fault.name}: the modems are emptied`,
    RECOVERY_MAX_MS,
  );
  const wrong = [
    ...world.look((db) => difference(before, countAll(db), { orders: taken + 1, parts: 1, messages: 1, received: 1, captures: 1 })),
    ...(fault.waiting === null || onModems === fault.waiting ? [] : [`${onModems} messages lay on the modems, not ${fault.waiting}`]),
    ...(fault.operatorSees !== null && /(Messages stay|nearly full|Only \d)/.test(await world.operatorSees())
      ? ['the operator is still told of it']
      : []),
    ...world.look(auditLedger),
  ];
  const type = refused.status === 201 ? '' : ` ${refused.body.type}`;
  return {
    ...{ name: fault.name, order: `${refused.status}${type}`, orderMs, retryAfter: refused.headers.get('retry-after') },
    ...{ reading, operator: seen, onModems, recoveredMs, wrong },
  };
}

async function readingWorks({ anna, url }: World, orderId: string): Promise<string> {
  const [order, balance, page] = await Promise.all([anna.get(orderId), anna.balance(), fetch(url)]);
  const answers = [order.status, balance.status, page.status];
  return answers.every((status) => status === 200) ? `as ever (order ${order.body.status})` : `order, balance, page: ${answers.join(', ')}`;
}

async function operatorSaw(world: World, { operatorSees, name }: Fault): Promise<string> {
  if (operatorSees === null) return '';
  let found = '';
  await until(async () => {
    found = operatorSees.exec(await world.operatorSees())?.[0] ?? '';
    return found !== '';
  }, `${name}: the operator is told`);
  return found;
}

/** Gives the numbers free for the next story. */
async function endAll({ anna }: World): Promise<void> {
  const { body } = await anna.call<{ data: { id: string; status: string }[] }>('GET', '/orders?limit=100');
  for (const { id, status } of body.data) {
    if (status === 'pending') await anna.call('POST', `/orders/${id}/cancel`);
    if (status === 'received') await anna.call('POST', `/orders/${id}/finish`);
  }
}

const COUNTED = {
  orders: 'orders',
  parts: 'parts',
  messages: 'messages',
  received: "events WHERE type = 'order.received'",
  captures: "ledger_transactions WHERE kind = 'capture'",
};
type Counts = Record<keyof typeof COUNTED, number>;

function countAll(db: Database): Counts {
  const count = (what: string): number => db.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${what}`).get()?.n ?? -1;
  return Object.fromEntries(Object.entries(COUNTED).map(([name, what]) => [name, count(what)])) as Counts;
}

function difference(before: Counts, after: Counts, expected: Counts): string[] {
  return (Object.keys(COUNTED) as (keyof Counts)[]).flatMap((name) => {
    const more = after[name] - before[name];
    return more === expected[name] ? [] : [`${more} more ${name}, not ${expected[name]}`];
  });
}
