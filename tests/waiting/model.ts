/** The waiting list once more, in the plainest way: lists that are walked from the front. It knows no SQL, no stock engine and no timers. */

export interface ModelPlace {
  seq: number;
  user: number;
  service: string;
  mode: 'notify' | 'buy';
  max: number;
  expiresAtMs: number;
  status: 'waiting' | 'served' | 'available' | 'expired' | 'left';
  leftAtMs: number;
}
interface ModelOrder {
  user: number;
  service: string;
  sim: number;
  price: number;
  endedAtMs: number | null;
}
interface ModelSim {
  online: boolean;
  soldAtMs: number;
}

const MINUTE_MS = 60_000;

export class Model {
  nowMs = 0;
  readonly places: ModelPlace[] = [];
  readonly orders: ModelOrder[] = [];
  /** Null: not offered. */
  readonly prices = new Map<string, number | null>();
  readonly purses: number[];
  readonly blocked = new Set<number>();
  readonly sims: ModelSim[];
  readonly #restMs: number;

  constructor(users: number, purse: number, sims: number, restMinutes: number) {
    this.purses = Array.from({ length: users }, () => purse);
    this.sims = Array.from({ length: sims }, () => ({ online: true, soldAtMs: 0 }));
    this.#restMs = restMinutes * MINUTE_MS;
  }

  free(service: string): number[] {
    const conflicts = (other: string) => other === service || other === 'any' || service === 'any';
    return this.sims
      .map((sim, at) => ({ ...sim, at }))
      .filter(({ online }) => online)
      .filter(({ at }) =>
        this.orders.every(
          (order) =>
            order.sim !== at || !conflicts(order.service) || (order.endedAtMs !== null && order.endedAtMs + this.#restMs <= this.nowMs),
        ),
      )
      .toSorted((a, b) => a.soldAtMs - b.soldAtMs || a.at - b.at)
      .map(({ at }) => at);
  }

  /** Serves the first that can be served, of the services named, until nobody can. */
  serve(services: readonly string[]): void {
    for (;;) {
      const next = this.places.find((place) => services.includes(place.service) && this.#canServe(place));
      if (next === undefined) return;
      this.#buy(next.user, next.service);
      next.status = 'served';
    }
  }

  /** All that happens by itself. */
  settle(): void {
    for (const place of this.places) if (place.status === 'waiting' && place.expiresAtMs <= this.nowMs) place.status = 'expired';
    this.serve([...this.prices.keys()]);
    for (const place of this.places) {
      const hears = place.status === 'waiting' && place.mode === 'notify' && !this.blocked.has(place.user);
      if (hears && this.prices.get(place.service) != null && this.free(place.service).length > 0) place.status = 'available';
    }
  }

  /** Somebody orders directly: true when they got a number. If not, whatever was served before them is taken back, and served by itself later. */
  order(user: number, service: string): boolean {
    const competing = service === 'any' ? [...this.prices.keys()] : [service, 'any'];
    const before = structuredClone({ places: this.places, orders: this.orders, purses: this.purses, sims: this.sims });
    this.serve(competing);
    const price = this.prices.get(service);
    if (price != null && this.free(service).length > 0 && (this.purses[user] ?? 0) >= price) {
      this.#buy(user, service);
      return true;
    }
    for (const [name, list] of Object.entries(before))
      (this as unknown as Record<string, unknown[]>)[name]?.splice(0, Number.MAX_SAFE_INTEGER, ...list);
    return false;
  }

  cancel(order: ModelOrder): void {
    order.endedAtMs = this.nowMs;
    this.purses[order.user] = (this.purses[order.user] ?? 0) + order.price;
  }

  #canServe({ status, mode, service, max, expiresAtMs, user }: ModelPlace): boolean {
    const price = this.prices.get(service);
    if (status !== 'waiting' || mode !== 'buy' || price == null || this.blocked.has(user)) return false;
    return expiresAtMs > this.nowMs && price <= max && (this.purses[user] ?? 0) >= price && this.free(service).length > 0;
  }

  #buy(user: number, service: string): void {
    const [sim = -1] = this.free(service);
    const price = this.prices.get(service) ?? 0;
    this.orders.push({ user, service, sim, price, endedAtMs: null });
    this.purses[user] = (this.purses[user] ?? 0) - price;
    const sold = this.sims[sim];
    if (sold) sold.soldAtMs = this.nowMs;
  }
}
