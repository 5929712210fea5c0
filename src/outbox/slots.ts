import type { Attempt, Delivery } from './deliveries.ts';

/** How much may be under way at once by one channel. */
export interface Limits {
  /** In all, for one target, and for all targets of one customer. */
  atOnce: number;
  atOnceForTarget: number;
  atOnceForUser?: number;
  /** So many of `atOnce` are kept for customers with nothing under way, so that those who have much cannot shut them out; a quarter if not given. */
  reserved?: number;
}

/** Whose turn something is: a customer's, or, of what has none, the target's. */
export function turnOf({ userId, target }: Pick<Delivery, 'userId' | 'target'>): string {
  return userId ?? target;
}

/** What is under way by one channel, and what may begin beside it. */
export class Slots {
  readonly #limits: Limits;
  readonly #reserved: number;
  readonly #underWay = new Map<number, Delivery>();
  readonly #ofTarget = new Map<string, number>();
  readonly #ofUser = new Map<string, number>();
  /** Attempts at each target that had no answer, since the last one that had. */
  readonly #silences = new Map<string, number>();

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#reserved = limits.reserved ?? Math.ceil(limits.atOnce / 4);
  }

  get size(): number {
    return this.#underWay.size;
  }

  get isFull(): boolean {
    return this.size >= this.#limits.atOnce;
  }

  has({ seq }: Delivery): boolean {
    return this.#underWay.has(seq);
  }

  /** How much is under way of whose turn it is. */
  ofTurn(turn: string): number {
    return this.#ofUser.get(turn) ?? 0;
  }

  /** What is under way for a target. */
  ofTarget(target: string): Delivery[] {
    return [...this.#underWay.values()].filter((delivery) => delivery.target === target);
  }

  /** Whether there is room for another one of this customer and target; of lanes it knows nothing. */
  hasRoom(of: Pick<Delivery, 'userId' | 'target'>): boolean {
    const { atOnce, atOnceForUser = atOnce } = this.#limits;
    const begun = this.ofTurn(turnOf(of));
    if (this.size >= (begun === 0 ? atOnce : atOnce - this.#reserved)) return false;
    return begun < atOnceForUser && (this.#ofTarget.get(of.target) ?? 0) < this.#limitOf(of.target);
  }

  begin(delivery: Delivery): void {
    this.#underWay.set(delivery.seq, delivery);
    count(this.#ofTarget, delivery.target, 1);
    count(this.#ofUser, turnOf(delivery), 1);
  }

  /** `attempt` is null for one that was broken off. */
  end(delivery: Delivery, attempt: Attempt | null): void {
    this.#underWay.delete(delivery.seq);
    count(this.#ofTarget, delivery.target, -1);
    count(this.#ofUser, turnOf(delivery), -1);
    if (attempt?.outcome === 'retry' && attempt.status === null) count(this.#silences, delivery.target, 1);
    else if (attempt !== null) this.#silences.delete(delivery.target);
  }

  /** A target that does not answer holds each of its slots to the end of the timeout: half as many after each silence, one at last, until it answers. */
  #limitOf(target: string): number {
    return Math.max(1, Math.floor(this.#limits.atOnceForTarget / 2 ** (this.#silences.get(target) ?? 0)));
  }
}

function count(counts: Map<string, number>, key: string, by: number): void {
  const now = (counts.get(key) ?? 0) + by;
  if (now === 0) counts.delete(key);
  else counts.set(key, now);
}
