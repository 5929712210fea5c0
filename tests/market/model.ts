/**
 * The whole market as a person would tell it: what a SIM is free for, what each thing costs, when it ends and what goes back. Written from docs/orders.md and
 * docs/money.md alone, with plain lists and no database, so that it and the house can disagree.
 */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** A modem that is away for less is no outage. */
const OUTAGE_MS_MIN = 30_000;
/** A rental whose SIM does not come back is given up this long after its end. */
const LOST_MS = DAY_MS;

export const PRICES = { telegram: 40, google: 30, any: 70 } as const;
export type Service = keyof typeof PRICES;
export const HOUR_PRICE = 50;

export interface Terms {
  quarantineMinutes: number;
  reuseDays: number;
  windowMinutes: number;
  extendMinutes: number;
  outageExtendMinutes: number;
  /** Of rentals. */
  outageMinutes: number;
}

interface Sim {
  awaySinceMs: number | null;
  lastSoldAtMs: number;
  /** When the newest code of each service came. */
  usedAtMs: Map<string, number>;
  retired: Set<Service>;
}

export interface ModelOrder {
  id: string;
  user: number;
  sim: number;
  service: Service;
  status: 'pending' | 'received' | 'finished' | 'expired' | 'canceled' | 'reported';
  createdAtMs: number;
  expiresAtMs: number;
  endedAtMs: number | null;
  isExtended: boolean;
  outageMs: number;
}

export interface ModelRental {
  id: string;
  user: number;
  sim: number;
  /** Null: everything that arrives. */
  service: Service | null;
  status: 'active' | 'ended';
  startsAtMs: number;
  endsAtMs: number;
  endedAtMs: number | null;
  hours: number;
  hasMessage: boolean;
}

/** A place in the waiting list: buys as soon as there is a number at no more than that. */
export interface ModelPlace {
  id: string;
  user: number;
  service: Service;
  maxPriceMinor: number;
  expiresAtMs: number;
  status: 'waiting' | 'served' | 'expired' | 'left';
}

export interface Purse {
  availableMinor: number;
  heldMinor: number;
}

/** What a verb comes to: done, or the code of the refusal. */
export type Outcome =
  | 'done'
  | 'out_of_stock'
  | 'insufficient_balance'
  | 'order_not_pending'
  | 'order_not_received'
  | 'cannot_extend'
  | 'rental_not_active'
  | 'not_found'
  | 'voucher_used'
  | 'voucher_expired';

export class Market {
  nowMs = 0;
  readonly sims: Sim[];
  readonly purses: Purse[];
  readonly orders: ModelOrder[] = [];
  readonly rentals: ModelRental[] = [];
  /** The line, in the order of joining. */
  readonly places: ModelPlace[] = [];
  readonly #terms: Terms;

  constructor(terms: Terms, sims: number, users: number) {
    this.#terms = terms;
    this.sims = Array.from({ length: sims }, () => ({ awaySinceMs: null, lastSoldAtMs: 0, usedAtMs: new Map(), retired: new Set() }));
    this.purses = Array.from({ length: users }, () => ({ availableMinor: 0, heldMinor: 0 }));
  }

  purse(user: number): Purse {
    return this.purses[user] as Purse;
  }

  /** Which SIMs can be sold for the service, the one sold longest ago first. */
  freeFor(service: Service): number[] {
    return this.sims
      .map((_, at) => at)
      .filter((at) => this.#isFree(at, service))
      .toSorted((a, b) => (this.sims[a]?.lastSoldAtMs ?? 0) - (this.sims[b]?.lastSoldAtMs ?? 0) || a - b);
  }

  /** Which SIMs can be rented whole, for one service or for everything. */
  freeWhole(service: Service | null): number[] {
    return this.sims
      .map((_, at) => at)
      .filter((at) => this.#isFree(at, service ?? 'any') && !this.orders.some((one) => one.sim === at && one.endedAtMs === null))
      .toSorted((a, b) => (this.sims[a]?.lastSoldAtMs ?? 0) - (this.sims[b]?.lastSoldAtMs ?? 0) || a - b);
  }

  #isFree(at: number, service: Service): boolean {
    const sim = this.sims[at] as Sim;
    if (sim.awaySinceMs !== null || sim.retired.has(service)) return false;
    const restMs = this.#terms.quarantineMinutes * MINUTE_MS;
    const rests = (endedAtMs: number | null) => endedAtMs === null || this.nowMs - endedAtMs < restMs;
    const clashes = (other: Service) => service === 'any' || other === 'any' || other === service;
    if (this.orders.some((one) => one.sim === at && clashes(one.service) && rests(one.endedAtMs))) return false;
    if (this.rentals.some((one) => one.sim === at && rests(one.endedAtMs))) return false;
    const isUsed = (usedAtMs: number) => this.nowMs - usedAtMs < this.#terms.reuseDays * DAY_MS;
    return ![...sim.usedAtMs].some(([of, usedAtMs]) => (service === 'any' || of === service) && isUsed(usedAtMs));
  }

  /** Whether an order would be refused, and else on which SIM it comes to stand. */
  askOrder(user: number, service: Service): { outcome: Outcome; sim: number } {
    const [sim] = this.freeFor(service);
    if (sim === undefined) return { outcome: 'out_of_stock', sim: -1 };
    return this.purse(user).availableMinor < PRICES[service] ? { outcome: 'insufficient_balance', sim } : { outcome: 'done', sim };
  }

  order(id: string, user: number, service: Service, sim: number): void {
    this.#hold(user, PRICES[service]);
    (this.sims[sim] as Sim).lastSoldAtMs = this.nowMs;
    const times = { createdAtMs: this.nowMs, expiresAtMs: this.nowMs + this.#terms.windowMinutes * MINUTE_MS, endedAtMs: null };
    this.orders.push({ ...{ id, user, sim, service, status: 'pending', isExtended: false, outageMs: 0 }, ...times });
  }

  /** The next one in line who can be served now, and the SIM it gets. */
  nextServed(): { place: ModelPlace; sim: number } | null {
    for (const place of this.places) {
      const { outcome, sim } = this.askOrder(place.user, place.service);
      if (place.status === 'waiting' && outcome === 'done' && place.maxPriceMinor >= PRICES[place.service]) return { place, sim };
    }
    return null;
  }

  /** Places whose time is over are so before anybody is served. */
  expirePlaces(): void {
    for (const place of this.places) if (place.status === 'waiting' && this.nowMs >= place.expiresAtMs) place.status = 'expired';
  }

  cancel(order: ModelOrder): Outcome {
    return this.#giveBack(order, 'canceled');
  }

  report(order: ModelOrder, isUnusable: boolean): Outcome {
    const outcome = this.#giveBack(order, 'reported');
    if (outcome === 'done' && isUnusable) this.sims[order.sim]?.retired.add(order.service);
    return outcome;
  }

  finish(order: ModelOrder): Outcome {
    if (order.status !== 'received') return 'order_not_received';
    Object.assign(order, { status: 'finished', endedAtMs: this.nowMs });
    return 'done';
  }

  extend(order: ModelOrder): Outcome {
    const isOpen = order.endedAtMs === null && this.nowMs < order.expiresAtMs;
    if (!isOpen || order.isExtended || this.#terms.extendMinutes === 0) return 'cannot_extend';
    order.expiresAtMs += this.#terms.extendMinutes * MINUTE_MS;
    order.isExtended = true;
    return 'done';
  }

  #giveBack(order: ModelOrder, status: 'canceled' | 'reported' | 'expired'): Outcome {
    if (order.status !== 'pending') return 'order_not_pending';
    this.#refund(order.user, PRICES[order.service]);
    Object.assign(order, { status, endedAtMs: this.nowMs });
    return 'done';
  }

  askRental(user: number, service: Service | null, hours: number): { outcome: Outcome; sim: number } {
    const [sim] = this.freeWhole(service);
    if (sim === undefined) return { outcome: 'out_of_stock', sim: -1 };
    return { outcome: this.purse(user).availableMinor < hours * HOUR_PRICE ? 'insufficient_balance' : 'done', sim };
  }

  rent(id: string, user: number, service: Service | null, hours: number, sim: number): void {
    this.#hold(user, hours * HOUR_PRICE);
    (this.sims[sim] as Sim).lastSoldAtMs = this.nowMs;
    const times = { startsAtMs: this.nowMs, endsAtMs: this.nowMs + hours * HOUR_MS, endedAtMs: null };
    this.rentals.push({ ...{ id, user, sim, service, status: 'active', hours, hasMessage: false }, ...times });
  }

  extendRental(rental: ModelRental): Outcome {
    if (rental.status !== 'active') return 'rental_not_active';
    if (this.purse(rental.user).availableMinor < HOUR_PRICE) return 'insufficient_balance';
    this.#hold(rental.user, HOUR_PRICE);
    if (rental.hasMessage) this.#capture(rental.user, HOUR_PRICE);
    rental.endsAtMs = Math.max(rental.endsAtMs, this.nowMs) + HOUR_MS;
    rental.hours++;
    return 'done';
  }

  endRental(rental: ModelRental): Outcome {
    if (rental.status !== 'active') return 'rental_not_active';
    this.#close(rental, this.nowMs);
    return 'done';
  }

  /** `unusedFromMs`: hours that begin after it go back; null: it ran its time. */
  #close(rental: ModelRental, unusedFromMs: number | null): void {
    const { user, hours, hasMessage, endsAtMs } = rental;
    if (!hasMessage) this.#refund(user, hours * HOUR_PRICE);
    else if (unusedFromMs !== null) {
      const whole = Math.min(hours, Math.max(0, Math.ceil((endsAtMs - unusedFromMs) / HOUR_MS) - 1));
      this.purse(user).availableMinor += whole * HOUR_PRICE;
    }
    Object.assign(rental, { status: 'ended', endedAtMs: this.nowMs });
  }

  /** An SMS comes on a SIM: a code of a service, or (null) plain words. */
  message(at: number, service: Service | null): void {
    const rental = this.rentals.find((one) => one.sim === at && one.status === 'active');
    const order = this.orders.find(
      (one) => one.sim === at && one.endedAtMs === null && service !== null && [service, 'any'].includes(one.service),
    );
    if (rental !== undefined && (rental.service === null || rental.service === service)) {
      if (!rental.hasMessage) this.#capture(rental.user, rental.hours * HOUR_PRICE);
      rental.hasMessage = true;
    } else if (order?.status === 'pending') {
      this.#capture(order.user, PRICES[order.service]);
      order.status = 'received';
    }
    if (service !== null) this.sims[at]?.usedAtMs.set(service, this.nowMs);
  }

  goesAway(at: number): void {
    const sim = this.sims[at] as Sim;
    sim.awaySinceMs ??= this.nowMs;
  }

  comesBack(at: number): void {
    const sim = this.sims[at] as Sim;
    const { awaySinceMs } = sim;
    if (awaySinceMs === null) return;
    for (const order of this.orders) {
      if (order.sim !== at || order.endedAtMs !== null) continue;
      const { lostMs } = this.#waits(order);
      order.expiresAtMs += lostMs;
      order.outageMs += lostMs;
    }
    for (const rental of this.rentals) {
      if (rental.sim !== at || rental.status !== 'active') continue;
      const lostMs = Math.min(this.nowMs, rental.endsAtMs) - Math.max(awaySinceMs, rental.startsAtMs);
      if (lostMs > this.#terms.outageMinutes * MINUTE_MS) rental.endsAtMs = Math.max(rental.endsAtMs, this.nowMs) + lostMs;
    }
    sim.awaySinceMs = null;
  }

  /** What the window of an order lost by now to the outage of its SIM, and when it waits no longer. */
  #waits(order: ModelOrder): { lostMs: number; boundAtMs: number } {
    const { awaySinceMs = null } = this.sims[order.sim] ?? {};
    const fromMs = awaySinceMs === null ? Number.POSITIVE_INFINITY : Math.max(awaySinceMs, order.createdAtMs);
    if (fromMs >= order.expiresAtMs) return { lostMs: 0, boundAtMs: Number.POSITIVE_INFINITY };
    const leftMs = Math.min(this.#terms.outageExtendMinutes, this.#terms.windowMinutes) * MINUTE_MS - order.outageMs;
    const awayMs = this.nowMs - fromMs;
    return { lostMs: awayMs < OUTAGE_MS_MIN ? 0 : Math.min(awayMs, leftMs), boundAtMs: fromMs + Math.max(leftMs, OUTAGE_MS_MIN) };
  }

  /** What ends by itself at this moment. */
  settle(): void {
    for (const order of this.orders.filter(({ endedAtMs }) => endedAtMs === null)) {
      const { lostMs, boundAtMs } = this.#waits(order);
      const isOver = this.nowMs >= order.expiresAtMs + lostMs;
      if (order.status === 'received' && isOver) this.finish(order);
      if (order.status === 'pending' && (isOver || this.nowMs >= boundAtMs)) this.#giveBack(order, 'expired');
    }
    for (const rental of this.rentals.filter(({ status, endsAtMs }) => status === 'active' && this.nowMs >= endsAtMs)) {
      const { awaySinceMs = null } = this.sims[rental.sim] ?? {};
      const outFromMs = awaySinceMs === null ? null : Math.max(awaySinceMs, rental.startsAtMs);
      const isOwed = outFromMs !== null && rental.endsAtMs - outFromMs > this.#terms.outageMinutes * MINUTE_MS;
      if (!isOwed) this.#close(rental, null);
      else if (this.nowMs >= rental.endsAtMs + LOST_MS) this.#close(rental, outFromMs);
    }
  }

  #hold(user: number, amountMinor: number): void {
    this.purse(user).availableMinor -= amountMinor;
    this.purse(user).heldMinor += amountMinor;
  }

  #capture(user: number, amountMinor: number): void {
    this.purse(user).heldMinor -= amountMinor;
  }

  #refund(user: number, amountMinor: number): void {
    this.purse(user).heldMinor -= amountMinor;
    this.purse(user).availableMinor += amountMinor;
  }
}
