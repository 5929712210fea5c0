/** Whom and for how long a SIM is asked for. `carrier`: '' is any. */
export type Wanted = {
  country: string;
  service: string;
  carrier: string;
  windowMinutes: number;
};

/** What the database says of one SIM, apart from what holds it back for a service. */
export interface SimFacts {
  iccid: string;
  country: string;
  carrier: string;
  /** Readable, active, with a number that is no other's, and in no rental. */
  sellable: boolean;
  lastSoldAtMs: number;
  /** Until when it rests after a rental. */
  restsUntilMs: number;
  /** Rentals booked on it: from when on no order may reach, and for which service (null: everything). */
  booked: readonly { reachedFromMs: number; service: string | null }[];
}

/** Until when a service is not sold on a SIM (Infinity: an order is open), for one service or for all the orders of it. */
export type Held = readonly { service: string; untilMs: number }[];

/** Of one service: its blocks and what was counted last. */
interface Column {
  /** By codes that arrived, per SIM: most SIMs have been used for most services some day, so this is an array. */
  uses: Float64Array;
  /** By orders, open or resting: few. */
  orders: Map<number, number>;
  /** Free SIMs of each group at `countedAtMs`, which hold until `nextAtMs`; null when something changed. */
  counts: Int32Array | null;
  countedAtMs: number;
  nextAtMs: number;
}

const MINUTE_MS = 60_000;
const ANY = 'any';
const OFF = 0;
const PLAIN = 1;
/** With a rental booked on it: whether it is free depends on the window, so it is looked at by itself. */
const BOOKED = 2;

/**
 * Which SIM is free for which service, in memory. It says what `freeSimsSql` says for nobody in particular, and holds for each pair of SIM and service the moment
 * until which it is held back; a count is one pass over the SIMs, kept until something of the service changes or the next of those moments comes.
 */
export class StockMatrix {
  private readonly usesCount: boolean;
  private readonly index = new Map<string, number>();
  private readonly iccids: string[] = [];
  private readonly groups = new Map<string, number>();
  private readonly groupsOf = new Map<string, number[]>();
  private readonly columns = new Map<string, Column>();
  private readonly booked = new Map<number, SimFacts['booked']>();
  private state = new Uint8Array(0);
  private group = new Int32Array(0);
  private lastSold = new Float64Array(0);
  private rests = new Float64Array(0);
  /** By orders of `any`, which hold back every service; by any order and by any use, which hold back `any`. */
  private anyOrders = new Float64Array(0);
  private allOrders = new Float64Array(0);
  private allUses = new Float64Array(0);

  /** `usesCount`: whether codes that arrived hold a number back at all (orders.reuse_days is not 0). */
  constructor(usesCount: boolean) {
    this.usesCount = usesCount;
  }

  isSellable(iccid: string): boolean {
    const at = this.index.get(iccid);
    return at !== undefined && this.state[at] !== OFF;
  }

  setSim(facts: SimFacts): void {
    const at = this.place(facts.iccid);
    this.state[at] = facts.sellable ? (facts.booked.length > 0 ? BOOKED : PLAIN) : OFF;
    this.group[at] = this.groupOf(facts.country, facts.carrier);
    this.lastSold[at] = facts.lastSoldAtMs;
    this.rests[at] = facts.restsUntilMs;
    if (facts.booked.length > 0) this.booked.set(at, facts.booked);
    else this.booked.delete(at);
    for (const column of this.columns.values()) column.counts = null;
  }

  /** What orders hold back of a SIM, all of it, and when it was sold last. */
  setOrders(iccid: string, held: Held, lastSoldAtMs: number): void {
    const at = this.place(iccid);
    this.lastSold[at] = lastSoldAtMs;
    for (const column of this.columns.values()) if (column.orders.delete(at)) column.counts = null;
    let all = 0;
    for (const { service, untilMs } of held) {
      const column = this.column(service);
      column.orders.set(at, Math.max(column.orders.get(at) ?? 0, untilMs));
      column.counts = null;
      all = Math.max(all, untilMs);
    }
    const any = this.columns.get(ANY)?.orders.get(at) ?? 0;
    if (any !== this.anyOrders[at]) for (const column of this.columns.values()) column.counts = null;
    this.anyOrders[at] = any;
    this.allOrders[at] = all;
    this.column(ANY).counts = null;
  }

  /** What codes that arrived hold back of a SIM, all of it; and the services that refuse its number, each for itself alone. */
  setUses(iccid: string, held: Held, retired: readonly string[]): void {
    const at = this.place(iccid);
    const now = new Map<string, number>();
    for (const { service, untilMs } of held) now.set(service, Math.max(now.get(service) ?? 0, untilMs));
    this.allUses[at] = Math.max(0, ...now.values(), retired.includes(ANY) ? Number.POSITIVE_INFINITY : 0);
    for (const service of retired) now.set(service, Number.POSITIVE_INFINITY);
    for (const service of now.keys()) this.column(service);
    for (const [service, column] of this.columns) {
      const untilMs = now.get(service) ?? 0;
      if (column.uses[at] === untilMs) continue;
      column.uses[at] = untilMs;
      column.counts = null;
    }
    this.column(ANY).counts = null;
  }

  /** How many SIMs are free. */
  count({ country, service, carrier, windowMinutes }: Wanted, nowMs: number): number {
    const counts = this.counted(service, nowMs);
    const groups = this.groupsAsked(country, carrier);
    let free = 0;
    for (const group of groups) free += counts[group] ?? 0;
    for (const at of this.booked.keys()) {
      if (this.state[at] === BOOKED && groups.includes(this.group[at] ?? -1) && this.isFree(at, service, windowMinutes, nowMs)) free++;
    }
    return free;
  }

  /** When at the latest a count of the service must be made anew, though nothing changes: Infinity when never. */
  nextAtMs(service: string, nowMs: number): number {
    this.counted(service, nowMs);
    let next = this.columns.get(service)?.nextAtMs ?? Number.POSITIVE_INFINITY;
    for (const at of this.booked.keys()) {
      const untilMs = this.heldUntil(at, service);
      if (untilMs > nowMs && untilMs < next) next = untilMs;
    }
    return next;
  }

  /** What holds back the SIMs of an offer that nobody booked: when the first of them is free, and those with an open order, with until when anything else holds them. */
  held(
    { country, service, carrier }: Omit<Wanted, 'windowMinutes'>,
    nowMs: number,
  ): { firstAtMs: number; ordered: { iccid: string; untilMs: number }[] } {
    const groups = this.groupsAsked(country, carrier);
    const ordered: { iccid: string; untilMs: number }[] = [];
    let firstAtMs = Number.POSITIVE_INFINITY;
    for (const [at, iccid] of this.iccids.entries()) {
      if (this.state[at] !== PLAIN || !groups.includes(this.group[at] ?? -1)) continue;
      const untilMs = this.heldUntil(at, service);
      if (untilMs > nowMs && untilMs < firstAtMs) firstAtMs = untilMs;
      const uses = service === ANY ? this.allUses : this.columns.get(service)?.uses;
      const besides = Math.max(this.rests[at] ?? 0, uses?.[at] ?? 0);
      if (untilMs === Number.POSITIVE_INFINITY && besides !== Number.POSITIVE_INFINITY) ordered.push({ iccid, untilMs: besides });
    }
    return { firstAtMs, ordered };
  }

  /** The free SIM that was sold longest ago, but for those named, or null. */
  choose({ country, service, carrier, windowMinutes }: Wanted, nowMs: number, but: ReadonlySet<string>): string | null {
    const groups = new Uint8Array(this.groups.size);
    for (const group of this.groupsAsked(country, carrier)) groups[group] = 1;
    let best = -1;
    for (let at = 0; at < this.iccids.length; at++) {
      if (this.state[at] === OFF || groups[this.group[at] ?? 0] !== 1) continue;
      if (best >= 0 && !this.isBefore(at, best)) continue;
      if (this.isFree(at, service, windowMinutes, nowMs) && !but.has(this.iccids[at] ?? '')) best = at;
    }
    return this.iccids[best] ?? null;
  }

  private isBefore(one: number, other: number): boolean {
    const [a = 0, b = 0] = [this.lastSold[one], this.lastSold[other]];
    return a < b || (a === b && (this.iccids[one] ?? '') < (this.iccids[other] ?? ''));
  }

  private isFree(at: number, service: string, windowMinutes: number, nowMs: number): boolean {
    if (this.heldUntil(at, service) > nowMs) return false;
    return (this.booked.get(at) ?? []).every(
      (rental) =>
        rental.reachedFromMs >= nowMs + windowMinutes * MINUTE_MS &&
        !(this.usesCount && (rental.service === null || service === ANY || rental.service === service)),
    );
  }

  private heldUntil(at: number, service: string): number {
    const rests = this.rests[at] ?? 0;
    if (service === ANY) return Math.max(rests, this.allOrders[at] ?? 0, this.allUses[at] ?? 0);
    const column = this.columns.get(service);
    return Math.max(rests, this.anyOrders[at] ?? 0, column?.uses[at] ?? 0, column?.orders.get(at) ?? 0);
  }

  private counted(service: string, nowMs: number): Int32Array {
    const column = this.column(service);
    if (column.counts !== null && nowMs >= column.countedAtMs && nowMs < column.nextAtMs) return column.counts;
    const counts = new Int32Array(this.groups.size);
    let next = Number.POSITIVE_INFINITY;
    const uses = service === ANY ? this.allUses : column.uses;
    const orders = service === ANY ? this.allOrders : this.anyOrders;
    const { state, group, rests } = this;
    for (let at = 0; at < this.iccids.length; at++) {
      if (state[at] !== PLAIN) continue;
      const untilMs = Math.max(uses[at] ?? 0, orders[at] ?? 0, rests[at] ?? 0);
      if (untilMs > nowMs) {
        if (untilMs < next) next = untilMs;
      } else add(counts, group[at] ?? 0, 1);
    }
    if (service !== ANY) next = this.withoutOrdered(column, counts, nowMs, next);
    Object.assign(column, { counts, countedAtMs: nowMs, nextAtMs: next });
    return counts;
  }

  /** Takes off those that only an order of the service itself holds back, and returns when the first of them is free. */
  private withoutOrdered(column: Column, counts: Int32Array, nowMs: number, next: number): number {
    let first = next;
    for (const [at, untilMs] of column.orders) {
      if (untilMs <= nowMs || this.state[at] !== PLAIN) continue;
      if (Math.max(column.uses[at] ?? 0, this.anyOrders[at] ?? 0, this.rests[at] ?? 0) <= nowMs) add(counts, this.group[at] ?? 0, -1);
      first = Math.min(first, untilMs);
    }
    return first;
  }

  private column(service: string): Column {
    const known = this.columns.get(service);
    if (known !== undefined) return known;
    const made: Column = { uses: new Float64Array(this.state.length), orders: new Map(), counts: null, countedAtMs: 0, nextAtMs: 0 };
    this.columns.set(service, made);
    return made;
  }

  private groupsAsked(country: string, carrier: string): readonly number[] {
    if (carrier === '') return this.groupsOf.get(country) ?? [];
    const group = this.groups.get(`${country}/${carrier}`);
    return group === undefined ? [] : [group];
  }

  private groupOf(country: string, carrier: string): number {
    const key = `${country}/${carrier}`;
    const known = this.groups.get(key);
    if (known !== undefined) return known;
    const made = this.groups.size;
    this.groups.set(key, made);
    this.groupsOf.set(country, [...(this.groupsOf.get(country) ?? []), made]);
    return made;
  }

  private place(iccid: string): number {
    const known = this.index.get(iccid);
    if (known !== undefined) return known;
    const at = this.iccids.push(iccid) - 1;
    this.index.set(iccid, at);
    if (at >= this.state.length) this.grow(Math.max(64, this.state.length * 2));
    return at;
  }

  private grow(size: number): void {
    this.state = larger(this.state, new Uint8Array(size));
    this.group = larger(this.group, new Int32Array(size));
    for (const name of ['lastSold', 'rests', 'anyOrders', 'allOrders', 'allUses'] as const) {
      this[name] = larger(this[name], new Float64Array(size));
    }
    for (const column of this.columns.values()) column.uses = larger(column.uses, new Float64Array(size));
  }
}

function add(counts: Int32Array, group: number, by: number): void {
  counts[group] = (counts[group] ?? 0) + by;
}

function larger<T extends Uint8Array | Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
