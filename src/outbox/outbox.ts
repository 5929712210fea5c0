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
  forgetEnded,
  nextDueAtMs,
  nextWaitingTarget,
  recordAttempt,
} from './deliveries.ts';
import { nextAttemptAtMs } from './retry.ts';

/** Who carries what leaves by one channel. */
export interface Courier {
  channel: Channel;
  /** At most so many attempts at once, in all, for one target, and for all targets of one customer. */
  atOnce: number;
  atOnceForTarget: number;
  atOnceForUser?: number;
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

/** So many due deliveries are looked at beyond those under way, to find one whose target and lane are free. */
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
  const lines = couriers.map((courier) => ({ courier, underWay: new Map<number, Delivery>() }));
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
    const { channel, atOnce } = line.courier;
    const nowMs = clock.nowMs();
    if (line.underWay.size < atOnce) {
      const limit = line.underWay.size + LOOK_AHEAD;
      const due = dueDeliveries(db, { channel, nowMs, limit });
      begin(line, due);
      // There is room, and more is due than was looked at: the rest of it must not wait behind targets that are busy.
      if (line.underWay.size < atOnce && due.length === limit) fillByTarget(line, nowMs, limit);
    }
    const nextAtMs = nextDueAtMs(db, channel, nowMs);
    if (nextAtMs !== null) again(line, nextAtMs);
  }

  function fillByTarget(line: Line, nowMs: number, limit: number): void {
    const { channel, atOnce } = line.courier;
    for (let target = nextWaitingTarget(db, channel, ''); target !== null; target = nextWaitingTarget(db, channel, target)) {
      begin(line, dueDeliveries(db, { channel, nowMs, limit, target }));
      if (line.underWay.size >= atOnce) return;
    }
  }

  /** Begins those of `due` that may begin now. */
  function begin(line: Line, due: readonly Delivery[]): void {
    const { underWay, courier } = line;
    const busy = new Map<string, number>();
    const busyUsers = new Map<string | null, number>();
    const lanes = new Set<string>();
    for (const delivery of underWay.values()) take(delivery);
    function take(delivery: Delivery): void {
      busy.set(delivery.target, (busy.get(delivery.target) ?? 0) + 1);
      busyUsers.set(delivery.userId, (busyUsers.get(delivery.userId) ?? 0) + 1);
      if (delivery.lane !== null) lanes.add(laneOf(delivery));
    }
    for (const delivery of due) {
      if (underWay.size >= courier.atOnce) break;
      if (underWay.has(delivery.seq)) continue;
      const isFree =
        (busy.get(delivery.target) ?? 0) < courier.atOnceForTarget &&
        (busyUsers.get(delivery.userId) ?? 0) < (courier.atOnceForUser ?? courier.atOnce) &&
        !(delivery.lane !== null && lanes.has(laneOf(delivery)));
      // Also where it may not begin: what comes behind it in its lane must not overtake it.
      if (delivery.lane !== null) lanes.add(laneOf(delivery));
      if (!isFree) continue;
      take(delivery);
      underWay.set(delivery.seq, delivery);
      const work = carry(line, delivery).finally(() => {
        working.delete(work);
        underWay.delete(delivery.seq);
        look();
      });
      working.add(work);
    }
  }

  async function carry(line: Line, delivery: Delivery): Promise<void> {
    const { courier } = line;
    const startedAtMs = clock.nowMs();
    const startedMs = clock.monotonicMs();
    const attempt = await tried(courier, delivery);
    if (stopping.signal.aborted && attempt.outcome !== 'delivered') return;
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
      return;
    }
    const isOver = state !== 'waiting';
    counts[attempt.outcome === 'delivered' ? 'delivered' : isOver ? 'failed' : 'retried']++;
    if (attempt.outcome !== 'delivered') {
      const fields = { delivery: delivery.id, channel: delivery.channel, status: attempt.status, attempts: delivery.attempts + 1 };
      if (isOver) log.warn('delivery_failed', fields);
      else log.info('delivery_retried', fields);
    }
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

  door.onCommit(look);
  timers.onJump(() => {
    forget();
    look();
  });
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
