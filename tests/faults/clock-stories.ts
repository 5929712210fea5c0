import { encodeDeliver } from '../../src/gsm/encode.ts';
import { auditLedger } from '../../src/ledger/audit.ts';
import { type ApiOrder, until } from '../support/client.ts';
import type { Country, World } from './world.ts';

export interface ClockTold {
  name: string;
  customers: string;
  wrong: string[];
}

const HOUR_MS = 3_600_000;
const code = (n: number) => `Telegram code: 1000${n}`;

async function sendCode({ bank }: World, number: string, n: number): Promise<void> {
  await bank.sendSms({ number, sender: 'Telegram', text: code(n) });
}

/** An order, as soon as there is a number: modems may be coming back from the story before. */
async function ordered({ anna }: World, country: Country): Promise<ApiOrder> {
  let order: ApiOrder | null = null;
  await until(async () => {
    const { status, body } = await anna.order(country, 'telegram');
    order = status === 201 ? body : null;
    return order !== null;
  }, `an order in ${country}`);
  if (order === null) throw new Error('no order');
  return order;
}

const refundsOf = (world: World, id: string): number =>
  world.look(
    (db) =>
      db
        .query<{ n: number }, { id: string }>("SELECT count(*) AS n FROM ledger_transactions WHERE order_id = $id AND kind = 'refund'")
        .get({ id })?.n ?? -1,
  );

/** The clock is set forward by an hour while an order waits, and back again. */
export async function clockForward(world: World): Promise<ClockTold> {
  const { anna } = world;
  const early = await ordered(world, 'gb');
  const { available } = (await anna.balance()).body;
  world.setClock(HOUR_MS);
  await until(
    async () => (await anna.get(early.id)).body.status === 'expired',
    'the order whose window is over by the new clock ends',
    20_000,
  );
  const refunded = (await anna.balance()).body.available - available;
  const later = await ordered(world, 'gb');
  await sendCode(world, later.number, 1);
  await until(async () => (await anna.get(later.id)).body.code === '10001', 'an order of the new time gets its code');
  const open = await ordered(world, 'gb');
  world.setClock(0);
  await sendCode(world, open.number, 2);
  await until(
    async () => (await anna.get(open.id)).body.code === '10002',
    'an order of the future gets its code after the clock was set back',
  );
  // Whatever the timers do after the second jump, they have done.
  await Bun.sleep(1500);
  const wrong = [
    ...(refunded === early.price ? [] : [`${refunded} came back for the order that ended, not ${early.price}`]),
    ...(refundsOf(world, early.id) === 1 ? [] : [`${refundsOf(world, early.id)} refunds of one order`]),
    ...((await anna.get(early.id)).body.status === 'expired' ? [] : ['an order that had ended changed']),
    ...world.look(auditLedger),
  ];
  for (const { id } of [later, open]) await anna.call('POST', `/orders/${id}/finish`);
  const customers =
    'the open order ends as expired and is refunded, once; orders of the new time, and after the clock is right again, get their codes';
  return { name: 'clock set +1 h, then back', customers, wrong };
}

/** The clock is set back by an hour while an order waits, and right again. */
export async function clockBack(world: World): Promise<ClockTold> {
  const { anna } = world;
  const one = await ordered(world, 'us');
  const two = await ordered(world, 'us');
  world.setClock(-HOUR_MS);
  await sendCode(world, one.number, 3);
  await until(async () => (await anna.get(one.id)).body.code === '10003', 'the code comes after the clock was set back');
  const past = await ordered(world, 'us');
  const waiting = (await anna.get(two.id)).body.status;
  world.setClock(0);
  // What was ordered in the past is over by the clock that is right.
  await until(async () => (await anna.get(past.id)).body.status === 'expired', 'the order of the past ends', 20_000);
  await sendCode(world, two.number, 4);
  await until(async () => (await anna.get(two.id)).body.code === '10004', 'the code of the other comes after the clock is right again');
  const wrong = [
    ...(waiting === 'pending' ? [] : [`an open order became ${waiting}`]),
    ...(refundsOf(world, past.id) === 1 ? [] : [`${refundsOf(world, past.id)} refunds of one order`]),
    ...world.look(auditLedger),
  ];
  for (const { id } of [one, two]) await anna.call('POST', `/orders/${id}/finish`);
  const customers =
    'open orders wait on and get their codes; one placed meanwhile ends when the clock is right again, and is refunded, once';
  return { name: 'clock set -1 h, then right', customers, wrong };
}

/** The summer time of central Europe in 2026: from 01:00 UTC of these days clocks there show another hour. */
export const SHIFTS = [
  { name: 'DST ends (02:59:59+02:00 → 02:00:00+01:00)', atMs: Date.UTC(2026, 9, 25, 1), zones: [120, 60] },
  { name: 'DST begins (01:59:59+01:00 → 03:00:00+02:00)', atMs: Date.UTC(2026, 2, 29, 1), zones: [60, 120] },
] as const;
/** So long before the shift the world must be opened, by its clock. */
export const BEFORE_SHIFT_MS = 20_000;

/** An order over the shift, in a world whose windows last `windowMs` and whose clock comes to the shift soon: an SMS of either zone, and the end of the window. */
export async function overShift(world: World, shift: (typeof SHIFTS)[number], aheadMs: number, windowMs: number): Promise<ClockTold> {
  const { anna, bank } = world;
  const nowMs = (): number => Date.now() + aheadMs;
  const waitUntil = (atMs: number) => Bun.sleep(Math.max(0, atMs - nowMs()));
  if (nowMs() > shift.atMs - 1000) throw new Error('the world was opened too late for the shift');
  await waitUntil(shift.atMs - 4000);
  const order = await ordered(world, 'us');
  for (const [index, zoneMinutes] of shift.zones.entries()) {
    await waitUntil(shift.atMs + (index === 0 ? -2000 : 1000));
    const [part] = encodeDeliver({ sender: 'Telegram', text: code(index), atMs: nowMs(), zoneMinutes });
    await bank.sendPdu(part?.pdu ?? '', { number: order.number });
  }
  await until(async () => (await anna.get(order.id)).body.messages.length === 2, 'both messages come');
  await until(async () => (await anna.get(order.id)).body.status === 'finished', 'the window ends', windowMs + 10_000);
  const { messages } = (await anna.call<{ messages: { code: string; network_time: string }[] }>('GET', `/orders/${order.id}`)).body;
  const endedMs = world.look(
    (db) => db.query<{ at: number }, { id: string }>('SELECT ended_at_ms AS at FROM orders WHERE id = $id').get({ id: order.id })?.at ?? 0,
  );
  const lateMs = endedMs - Date.parse(order.expires_at);
  const apartMs = messages.map(({ network_time }) => Date.parse(network_time) - shift.atMs);
  const wrong = [
    ...(Date.parse(order.expires_at) - Date.parse(order.created_at) === windowMs ? [] : ['the window is not as long as it should be']),
    ...(lateMs >= 0 && lateMs < 3000 ? [] : [`the window ended ${lateMs} ms after its time`]),
    ...(apartMs.length === 2 && apartMs.every((ms) => Math.abs(ms) < 5000)
      ? []
      : [`the network's times are ${apartMs.join(' and ')} ms from the shift`]),
    ...(messages.map((one) => one.code).join() === '10001,10000' ? [] : [`the codes are ${messages.map((one) => one.code).join()}`]),
    ...world.look(auditLedger),
  ];
  return { name: shift.name, customers: `both codes, the newest first; the window ends to the second (${lateMs} ms late)`, wrong };
}
