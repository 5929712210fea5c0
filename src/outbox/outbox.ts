import type { Database } from 'bun:sqlite';
import type { Door, Tx } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import {
  type Attempt,
  type Channel,
  type Delivery,
  dueDeliveries,
  dueTargets,
  forgetEnded,
  nextDueAtMs,
  nextForTarget,
  pullBack,
  pullFromFuture,
  recordAttempt,
} from './deliveries.ts';
import { nextAttemptAtMs } from './retry.ts';
import { type Limits, Slots, turnOf } from './slots.ts';

/** Who carries what leaves by one channel. */
export interface Courier extends Limits {
  channel: Channel;
  /** Seconds after the first, second … failure; after the last one a delivery is given up. */
  retrySeconds: readonly number[];
  /** One attempt, ended early when `signal` aborts. What it throws counts as `retry` and is logged. */
  attempt(delivery: Delivery, signal: AbortSignal): Promise<Attempt>;
  /** Called in the transaction that writes the attempt down; `ended` when there will be no other. */
  recorded?(tx: Tx, delivery: Delivery, attempt: Attempt, ended: boolean): void;
}

export interface OutboxDeps {
  db: Database;
  door: Door;
  clock: Clock;
  timers: Timers;
  log: Log;
  /** From 0 to 1, for the jitter of retries. */
  chance(): number;
}

export interface Outbox {
  /** Looks for what is due: after each commit by itself, and when told that another process committed. */
  look(): void;
  /** Takes nothing more and waits, a few seconds at most, for the attempts under way. What is not heard of by then is attempted again at the next start. */
  stop(): Promise<void>;
  readonly counts: { delivered: number; retried: number; failed: number; broken: number };
}

/** So many due deliveries are looked at together beyond those under way; where more is due it goes target by target. */
const LOOK_AHEAD = 64;
const STOP_MS = 3000;
const KEPT_DAYS = 30;
const DAY_MS = 86_400_000;
const FORGET_EVERY_MS = 600_000;
const FORGET_AT_ONCE = 2000;
/** How soon to look again when an attempt could not be written down. */
const UNWRITTEN_MS = 1000;

/**
 * Drains the durable queue. The table is the truth: a delivery under way stays `waiting` in it until its attempt was written down, so it leaves at least
 * once, whatever happens in between, always under the same id.
 */
export function startOutbox(deps: OutboxDeps, couriers: readonly Courier[]): Outbox {
  const { db, door, clock, timers, log, chance } = deps;
  const counts = { delivered: 0, retried: 0, failed: 0, broken: 0 };
  const lines = couriers.map((courier) => ({ courier, slots: new Slots(courier) }));
  type Line = (typeof lines)[number];
  const working = new Set<Promise<void>>();
  const stopping = new AbortController();
  let stopped = false;
  let wanted = false;

  function look(): void {
    if (wanted || stopped) return;
    wanted = true;
    // After the live path: a socket gets its frame before a webhook gets its request.
    setImmediate(() => {
      wanted = false;
      for (const line of lines) {
        try {
          fill(line);
        } catch (thrown) {
          log.error('outbox_look_failed', { channel: line.courier.channel, error: messageOf(thrown) });
          again(line, clock.nowMs() + UNWRITTEN_MS);
        }
      }
    });
  }

  function fill(line: Line): void {
    if (stopped) return;
    const { channel } = line.courier;
    const nowMs = clock.nowMs();
    if (!line.slots.isFull) {
      begin(line, dueDeliveries(db, { channel, nowMs, limit: line.slots.size + LOOK_AHEAD, isUrgent: true }));
      const limit = line.slots.size + LOOK_AHEAD;
      const due = dueDeliveries(db, { channel, nowMs, limit });
      if (due.length < limit) begin(line, due);
      // More is due than was looked at: the rest of it must not wait behind customers, targets and lanes that are busy.
      else beginInTurns(line, nowMs);
    }
    const nextAtMs = nextDueAtMs(db, channel, nowMs);
    if (nextAtMs !== null) again(line, nextAtMs);
  }

  /** Begins those of `due`, which is all of it or the most urgent, that may begin now: of each customer the first, of each the second, and so on. */
  function begin(line: Line, due: readonly Delivery[]): void {
    const { slots } = line;
    const lanes = new Set<string>();
    for (const delivery of due) if (slots.has(delivery) && delivery.lane !== null) lanes.add(laneOf(delivery));
    for (const delivery of inTurns(due, slots)) {
      // Also where it may not begin: what comes behind it in its lane must not overtake it.
      const isHeld = delivery.lane !== null && lanes.has(laneOf(delivery));
      if (delivery.lane !== null) lanes.add(laneOf(delivery));
      if (!isHeld && slots.hasRoom(delivery)) start(line, delivery);
    }
  }

  /** Begins what may begin now, one by one, always of the customer who has the fewest under way. */
  function beginInTurns(line: Line, nowMs: number): void {
    const { slots } = line;
    const { channel } = line.courier;
    const targets = new Set(dueTargets(db, channel, nowMs));
    while (!slots.isFull && targets.size > 0) {
      let next: { target: string; userId: string | null } | null = null;
      let fewest = Number.POSITIVE_INFINITY;
      for (const target of targets) {
        const begun = slots.ofTurn(turnOf(target));
        if (!slots.hasRoom(target)) targets.delete(target);
        else if (begun < fewest) [next, fewest] = [target, begun];
      }
      if (next === null) return;
      const delivery = nextForTarget(db, { channel, nowMs, target: next.target, underWay: slots.ofTarget(next.target) });
      if (delivery === null) targets.delete(next);
      else start(line, delivery);
    }
  }

  function start(line: Line, delivery: Delivery): void {
    line.slots.begin(delivery);
    let attempt: Attempt | null = null;
    const work = carry(line, delivery)
      .then((made) => {
        attempt = made;
      })
      .finally(() => {
        working.delete(work);
        line.slots.end(delivery, attempt);
        look();
      });
    working.add(work);
  }

  /** The attempt that was made, or null when it was broken off. */
  async function carry(line: Line, delivery: Delivery): Promise<Attempt | null> {
    const { courier } = line;
    const startedAtMs = clock.nowMs();
    const startedMs = clock.monotonicMs();
    const attempt = await tried(courier, delivery);
    if (stopping.signal.aborted && attempt.outcome !== 'delivered') return null;
    const durationMs = clock.monotonicMs() - startedMs;
    const nextAtMs =
      attempt.outcome === 'retry'
        ? nextAttemptAtMs(
            { failures: delivery.failures + 1, nowMs: clock.nowMs(), chance: chance(), afterMs: attempt.afterMs ?? 0 },
            courier.retrySeconds,
          )
        : null;
    let state: ReturnType<typeof recordAttempt>;
    try {
      state = await door.write((tx) => {
        const recorded = recordAttempt(tx, delivery, { ...attempt, startedAtMs, durationMs, nextAtMs });
        if (recorded !== null) courier.recorded?.(tx, delivery, attempt, recorded !== 'waiting');
        return recorded;
      });
    } catch (thrown) {
      // It waits still, so it will go out again under the same id: better twice than never.
      counts.broken++;
      log.error('delivery_unwritten', { delivery: delivery.id, outcome: attempt.outcome, error: messageOf(thrown) });
      await Bun.sleep(UNWRITTEN_MS);
      return attempt;
    }
    const isOver = state !== 'waiting';
    counts[attempt.outcome === 'delivered' ? 'delivered' : isOver ? 'failed' : 'retried']++;
    if (attempt.outcome !== 'delivered') {
      const fields = { delivery: delivery.id, channel: delivery.channel, status: attempt.status, attempts: delivery.attempts + 1 };
      if (isOver) log.warn('delivery_failed', fields);
      else log.info('delivery_retried', fields);
    }
    return attempt;
  }

  async function tried(courier: Courier, delivery: Delivery): Promise<Attempt> {
    try {
      return await courier.attempt(delivery, stopping.signal);
    } catch (thrown) {
      counts.broken++;
      log.error('delivery_broke', { delivery: delivery.id, channel: delivery.channel, error: messageOf(thrown) });
      return { outcome: 'retry', status: null, detail: 'it failed on our side; the log has the details' };
    }
  }

  function again({ courier }: Line, atMs: number): void {
    timers.set(`outbox:${courier.channel}`, atMs, look);
  }

  function forget(): void {
    const nowMs = clock.nowMs();
    timers.set('outbox:forget', nowMs + FORGET_EVERY_MS, forget);
    door
      .write((tx) => forgetEnded(tx, nowMs - KEPT_DAYS * DAY_MS, FORGET_AT_ONCE))
      .catch((thrown: unknown) => log.error('outbox_not_thinned', { error: messageOf(thrown) }));
  }

  /** What comes due earlier because the clock was set back; the commit looks for it. */
  function put(forward: (tx: Tx) => unknown): void {
    door.write(forward).catch((thrown: unknown) => log.error('outbox_clock_not_followed', { error: messageOf(thrown) }));
  }

  door.onCommit(look);
  timers.onJump((byMs) => {
    forget();
    if (byMs < 0) put((tx) => pullBack(tx, Math.round(-byMs)));
    look();
  });
  // It may have been set back while the server was down.
  put(pullFromFuture);
  forget();
  look();
  return {
    counts,
    look,
    async stop() {
      stopped = true;
      await Promise.race([Promise.allSettled(working), Bun.sleep(STOP_MS)]);
      stopping.abort();
      await Promise.race([Promise.allSettled(working), Bun.sleep(STOP_MS)]);
    },
  };
}

function laneOf({ target, lane }: Delivery): string {
  return `${target} ${lane}`;
}

/** What is not under way yet, in the order in which customers take turns; of one customer in the order of `due`. */
function inTurns(due: readonly Delivery[], slots: Slots): Delivery[] {
  const turns = new Map<string, number>();
  return due
    .filter((delivery) => !slots.has(delivery))
    .map((delivery) => {
      const whose = turnOf(delivery);
      const turn = turns.get(whose) ?? slots.ofTurn(whose);
      turns.set(whose, turn + 1);
      return { delivery, turn };
    })
    .sort((a, b) => a.turn - b.turn)
    .map(({ delivery }) => delivery);
}
