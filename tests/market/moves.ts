/** What each move does to the house and, beside it, to the model. */
import type { Tx } from '../../src/db/write.ts';
import { topUp } from '../../src/ledger/ledger.ts';
import { Refusal } from '../../src/lib/errors.ts';
import { placeOrders } from '../../src/orders/batch.ts';
import { extendOrder } from '../../src/orders/extend.ts';
import { cancelOrder, endWindow, finishOrder, placeOrder } from '../../src/orders/orders.ts';
import { creditOutage, giveUpOutage } from '../../src/orders/outage.ts';
import { reportOrder } from '../../src/orders/reports.ts';
import type { Order } from '../../src/orders/view.ts';
import { askPayment, takeEvent } from '../../src/payments/payments.ts';
import type { PaymentEvent } from '../../src/payments/provider.ts';
import { addOutage, endOfTime } from '../../src/rentals/life.ts';
import { endRental, extendRental, type RentalTerms, rent } from '../../src/rentals/rentals.ts';
import type { Rental } from '../../src/rentals/view.ts';
import { simOffline, simOnline } from '../../src/sims/sims.ts';
import { redeemVoucher } from '../../src/vouchers/vouchers.ts';
import { joinLine, leaveLine } from '../../src/waiting/places.ts';
import { tend } from '../../src/waiting/tend.ts';
import type { Place } from '../../src/waiting/view.ts';
import { type House, testSim } from '../support/house.ts';
import { HOUR_MS, type Market, type ModelOrder, type ModelPlace, type ModelRental, PRICES, type Service } from './model.ts';

import { SIMS, type Step, USERS, VOUCHER_MINOR, VOUCHER_MS, WAIT_HOURS } from './steps.ts';

export interface Scene {
  house: House;
  terms: RentalTerms;
  market: Market;
  users: readonly string[];
  iccids: readonly string[];
  vouchers: readonly string[];
  payments: { id: string; user: number; amountMinor: number; isPaid: boolean; heard: Set<string> }[];
  credited: Map<string, number>;
  redeemed: Set<number>;
  startMs: number;
  write<T>(verb: (tx: Tx) => T): Promise<T>;
}

/** What each side said came of a move. */
interface Both {
  house: unknown;
  model: unknown;
}
type Said = (verb: (tx: Tx) => unknown) => Promise<string>;
type Where = Of<'message'>['place'];
type Of<K extends Step['kind']> = Extract<Step, { kind: K }>;
const DONE: Both = { house: 'done', model: 'done' };

/** Does one move on both sides. */
export async function move(scene: Scene, one: Step): Promise<Both> {
  const said: Said = (verb) =>
    scene.write(verb).then(
      () => 'done',
      (thrown: unknown) => {
        if (thrown instanceof Refusal) return thrown.type;
        throw thrown;
      },
    );
  switch (one.kind) {
    case 'topUp':
      return topUpBoth(scene, one, said);
    case 'voucher':
      return voucherBoth(scene, one, said);
    case 'ask':
      return askBoth(scene, one);
    case 'tell':
      return tellBoth(scene, one);
    case 'order':
      return orderBoth(scene, one, said);
    case 'wait':
      return waitBoth(scene, one, said);
    case 'leave':
      return leaveBoth(scene, one, said);
    case 'many':
      return manyBoth(scene, one, said);
    case 'message':
      return messageBoth(scene, one);
    case 'rent':
      return rentBoth(scene, one, said);
    case 'extendRental':
    case 'endRental':
      return rentalMoveBoth(scene, one, said);
    case 'away':
    case 'back':
      return outageBoth(scene, one);
    case 'outage':
      outageBoth(scene, { kind: 'away', place: one.place });
      await pass(scene, one.ms);
      return outageBoth(scene, { kind: 'back', place: one.place });
    case 'pass':
      await pass(scene, one.ms);
      return DONE;
    default:
      return orderMoveBoth(scene, one, said);
  }
}

/** Time goes by, and the wheel does on both sides what is due at its end. */
async function pass({ house, terms, market, write }: Scene, ms: number): Promise<void> {
  house.clock.pass(ms);
  for (const { id } of market.orders) {
    await write((tx) => endWindow(tx, terms, id));
    await write((tx) => giveUpOutage(tx, terms, id));
  }
  for (const { id } of market.rentals) await write((tx) => endOfTime(tx, terms, id));
  market.nowMs = house.clock.nowMs();
  market.settle();
}

async function orderBoth({ market, terms, users, iccids }: Scene, one: Of<'order'>, said: Said): Promise<Both> {
  const { outcome, sim: at } = market.askOrder(one.user, one.service);
  const orders: Order[] = [];
  const request = { userId: users[one.user] ?? '', country: 'gb', service: one.service, maxPriceMinor: null };
  const got = await said((tx) => orders.push(placeOrder(tx, terms, request)));
  const [order] = orders;
  if (order === undefined || outcome !== 'done') return { house: got, model: outcome };
  market.order(order.id, one.user, one.service, at);
  return { house: ['done', order.iccid], model: ['done', iccids[at]] };
}

async function manyBoth({ market, terms, users, iccids }: Scene, one: Of<'many'>, said: Said): Promise<Both> {
  const { count, fill, service: of } = one;
  const orders: Order[] = [];
  const request = { userId: users[one.user] ?? '', country: 'gb', service: of, maxPriceMinor: null, count, fill };
  const got = await said((tx) => orders.push(...placeOrders(tx, terms, request).orders));
  const free = market.freeFor(of);
  const first = market.askOrder(one.user, of).outcome;
  if (first !== 'done') return { house: got, model: first };
  const affordable = Math.floor(market.purse(one.user).availableMinor / PRICES[of]);
  const possible = Math.min(count, free.length, affordable);
  if (possible < count && fill === 'all') return { house: got, model: free.length === possible ? 'out_of_stock' : 'insufficient_balance' };
  const sold = free.slice(0, possible);
  for (const [index, at] of sold.entries()) market.order(orders[index]?.id ?? '', one.user, of, at);
  return { house: [got, ...orders.map(({ iccid }) => iccid)], model: ['done', ...sold.map((at) => iccids[at])] };
}

async function waitBoth({ market, terms, users }: Scene, one: Of<'wait'>, said: Said): Promise<Both> {
  const places: Place[] = [];
  const maxPriceMinor = PRICES[one.service] - (one.tooCheap ? 1 : 0);
  const line = { country: 'gb', service: one.service, carrier: '' };
  const got = await said((tx) =>
    places.push(joinLine(tx, terms, { userId: users[one.user] ?? '', ...line, mode: 'buy', maxPriceMinor, hours: WAIT_HOURS })),
  );
  const [place] = places;
  const isThere = market.places.some(
    ({ user: who, service: what, status }) => status === 'waiting' && who === one.user && what === one.service,
  );
  if (place === undefined || isThere) return { house: got, model: isThere ? 'already_exists' : 'done' };
  const expiresAtMs = market.nowMs + WAIT_HOURS * HOUR_MS;
  market.places.push({ id: place.id, user: one.user, service: one.service, maxPriceMinor, expiresAtMs, status: 'waiting' });
  return { house: got, model: 'done' };
}

async function leaveBoth({ market, terms, users }: Scene, one: Of<'leave'>, said: Said): Promise<Both> {
  const place = recent(market.places, one.place);
  const got = await said((tx) => leaveLine(tx, terms, { userId: users[actor(place, one.by)] ?? '', id: place?.id ?? 'none' }));
  if (place === undefined || one.by === 'other') return { house: got, model: 'not_found' };
  if (place.status !== 'waiting') return { house: got, model: 'too_late' };
  place.status = 'left';
  return { house: got, model: 'done' };
}

/** The line is served on both sides: what the house does after every commit. Returns who got which SIM. */
export async function serveBoth({ house, terms, market, iccids, write }: Scene): Promise<Both> {
  const known = new Set(market.orders.map(({ id }) => id));
  await write((tx) => tend(tx, terms));
  const sold = house.db
    .query<{ id: string; iccid: string; place: string }, []>(
      'SELECT o.id, o.iccid, w.id AS place FROM waiting_places w JOIN orders o ON o.id = w.order_id ORDER BY o.id',
    )
    .all()
    .filter(({ id }) => !known.has(id));
  market.expirePlaces();
  const expected: string[] = [];
  for (let next = market.nextServed(); next !== null; next = market.nextServed()) {
    const { place, sim } = next;
    const { id } = sold.find((one) => one.place === place.id) ?? { id: 'none' };
    market.order(id, place.user, place.service, sim);
    place.status = 'served';
    expected.push(`${place.id} ${iccids[sim]}`);
  }
  return { house: sold.map(({ place, iccid }) => `${place} ${iccid}`).toSorted(), model: expected.toSorted() };
}

async function orderMoveBoth(
  { market, terms, users }: Scene,
  one: Of<'cancel' | 'finish' | 'report' | 'unusable' | 'extend'>,
  said: Said,
): Promise<Both> {
  const order = recent(market.orders, one.order);
  const request = { userId: users[actor(order, one.by)] ?? '', orderId: order?.id ?? 'none' };
  const verbs = { cancel: cancelOrder, finish: finishOrder, extend: extendOrder, report: reportOrder };
  const got = await said((tx) =>
    one.kind === 'unusable' ? reportOrder(tx, terms, { ...request, reason: 'number_unusable' }) : verbs[one.kind](tx, terms, request),
  );
  if (order === undefined || one.by === 'other') return { house: got, model: 'not_found' };
  if (one.kind === 'cancel') return { house: got, model: market.cancel(order) };
  if (one.kind === 'finish') return { house: got, model: market.finish(order) };
  return { house: got, model: one.kind === 'extend' ? market.extend(order) : market.report(order, one.kind === 'unusable') };
}

const TEXTS = {
  telegram: { sender: 'Telegram', text: (code: string) => `Telegram code: ${code}` },
  google: { sender: 'Google', text: (code: string) => `G-${code} is your Google verification code.` },
  none: { sender: 'Post', text: () => 'The parcel comes tomorrow between ten and twelve.' },
};

/** The SIM of a move, and what would fit on it. */
function placed({ market }: Scene, { of, index }: Where): { sim: number; service: Service | null } {
  const tenancy = of === 'any' ? undefined : recent<ModelOrder | ModelRental>(of === 'order' ? market.orders : market.rentals, index);
  return tenancy ?? { sim: index % SIMS, service: null };
}

function messageBoth(scene: Scene, one: Of<'message'>): Both {
  const { house, market, iccids } = scene;
  const { sim, service: ordered } = placed(scene, one.place);
  if ((market.sims[sim]?.awaySinceMs ?? null) !== null) return DONE;
  const fitting = ordered === 'google' ? 'google' : 'telegram';
  const service = one.service === 'fitting' ? fitting : one.service;
  const { sender, text } = TEXTS[service ?? 'none'];
  house.receive({ iccid: iccids[sim] ?? '', sender, text: text(String(100_000 + (house.clock.monotonicMs() % 900_000))) });
  market.message(sim, service);
  return DONE;
}

function outageBoth(scene: Scene, one: Pick<Of<'away' | 'back'>, 'kind' | 'place'>): Both {
  const { house, market, terms } = scene;
  const { sim } = placed(scene, one.place);
  const card = testSim(sim + 1);
  if (one.kind === 'away') {
    house.write((tx) => simOffline(tx, card));
    market.goesAway(sim);
    return DONE;
  }
  house.write((tx) => {
    const sinceMs = simOnline(tx, card);
    if (sinceMs === null) return;
    creditOutage(tx, terms, card.iccid, sinceMs);
    addOutage(tx, terms, card.iccid, sinceMs);
  });
  market.comesBack(sim);
  return DONE;
}

async function rentBoth({ market, terms, users, iccids }: Scene, one: Of<'rent'>, said: Said): Promise<Both> {
  const { outcome, sim: at } = market.askRental(one.user, one.service, one.hours);
  const rentals: Rental[] = [];
  const term = { unit: 'hour' as const, periods: one.hours };
  const request = { userId: users[one.user] ?? '', country: 'gb', service: one.service, term };
  const more = { startsAtMs: null, name: '', autoCapMinor: null, maxPriceMinor: null };
  const got = await said((tx) => rentals.push(rent(tx, terms, { ...request, ...more })));
  const [rental] = rentals;
  if (rental === undefined || outcome !== 'done') return { house: got, model: outcome };
  market.rent(rental.id, one.user, one.service, one.hours, at);
  return { house: ['done', rental.iccid], model: ['done', iccids[at]] };
}

async function rentalMoveBoth({ market, terms, users }: Scene, one: Of<'extendRental' | 'endRental'>, said: Said): Promise<Both> {
  const rental = recent(market.rentals, one.rental);
  const request = { userId: users[actor(rental, one.by)] ?? '', rentalId: rental?.id ?? 'none' };
  const got = await said((tx) =>
    one.kind === 'endRental'
      ? endRental(tx, terms, { ...request, minReturnedMinor: null })
      : extendRental(tx, terms, { ...request, term: { unit: 'hour', periods: 1 }, maxPriceMinor: null }),
  );
  if (rental === undefined || one.by === 'other') return { house: got, model: 'not_found' };
  return { house: got, model: one.kind === 'endRental' ? market.endRental(rental) : market.extendRental(rental) };
}

function actor(own: { user: number } | undefined, by: 'owner' | 'other'): number {
  const { user: owner } = own ?? { user: 0 };
  return by === 'owner' ? owner : (owner + 1) % USERS;
}

async function topUpBoth({ market, users, terms, credited }: Scene, one: Of<'topUp'>, said: Said): Promise<Both> {
  const reference = `${one.user}:${one.reference}`;
  const credit = { userId: users[one.user] ?? '', amountMinor: one.amountMinor, reference };
  const got = await said((tx) => topUp(tx, terms, credit));
  const earlier = credited.get(reference);
  if (earlier === undefined) {
    credited.set(reference, one.amountMinor);
    market.purse(one.user).availableMinor += one.amountMinor;
  }
  return { house: got, model: earlier === undefined || earlier === one.amountMinor ? 'done' : 'reference_conflict' };
}

async function voucherBoth({ market, users, terms, vouchers, redeemed, startMs }: Scene, one: Of<'voucher'>, said: Said): Promise<Both> {
  const got = await said((tx) => redeemVoucher(tx, terms, { userId: users[one.user] ?? '', typed: vouchers[one.voucher] ?? '' }));
  if (redeemed.has(one.voucher)) return { house: got, model: 'voucher_used' };
  if (market.nowMs >= startMs + VOUCHER_MS) return { house: got, model: 'voucher_expired' };
  redeemed.add(one.voucher);
  market.purse(one.user).availableMinor += VOUCHER_MINOR;
  return { house: got, model: 'done' };
}

async function askBoth({ payments, users, terms, write }: Scene, one: Of<'ask'>): Promise<Both> {
  const asked = {
    userId: users[one.user] ?? '',
    provider: 'stripe' as const,
    amountMinor: one.amountMinor,
    formKey: `key${payments.length}`,
  };
  const { payment } = await write((tx) => askPayment(tx, terms, asked));
  payments.push({ id: payment.id, user: one.user, amountMinor: one.amountMinor, isPaid: false, heard: new Set() });
  return { house: 'done', model: 'done' };
}

async function tellBoth({ payments, market, terms, write }: Scene, one: Of<'tell'>): Promise<Both> {
  const payment = recent(payments, one.payment);
  if (payment === undefined) return { house: 'none', model: 'none' };
  const isWrong = one.news === 'wrong';
  const event: PaymentEvent = {
    ...{ id: `evt:${payment.id}:${one.news}:${one.event}`, type: one.news, news: one.news === 'wrong' ? 'paid' : one.news },
    ...{ providerRef: `cs_${payment.id}`, paymentId: payment.id, amountMinor: payment.amountMinor + (isWrong ? 1 : 0), currency: 'USD' },
    ...{ isPartial: false, isOver: false },
  };
  const got = await write((tx) => takeEvent(tx, terms, 'stripe', event));
  const isNew = !payment.heard.has(event.id);
  payment.heard.add(event.id);
  const credits = isNew && one.news === 'paid' && !payment.isPaid;
  if (credits) {
    payment.isPaid = true;
    market.purse(payment.user).availableMinor += payment.amountMinor;
  }
  return { house: [got === 'credited', got === 'repeated'], model: [credits, !isNew] };
}

/** One of the last few: what is long over is seldom worth a move. */
export function recent<T extends ModelOrder | ModelRental | ModelPlace | Scene['payments'][number]>(
  list: readonly T[],
  index: number,
): T | undefined {
  return list.at(-1 - (index % Math.max(1, Math.min(list.length, 5))));
}
