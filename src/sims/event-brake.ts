import type { ModemEvent, ModemEventKind } from '../modem/source.ts';

/** So many different events of a kind pass in a slot and minute; the others are counted. */
export const EVENTS_PER_MINUTE = 10;
const MINUTE_MS = 60_000;

/** What more of a kind is called: "and 214 more faults". */
const MORE: Partial<Record<ModemEventKind, string>> = {
  fault: 'faults',
  alarm_raised: 'alarms',
  alarm_cleared: 'alarms over',
  restarted: 'restarts',
  lost: 'losses',
};

interface Minute {
  startMs: number;
  /** What passed, by its words. */
  passed: Set<string>;
  held: number;
  last: ModemEvent;
}

/**
 * Holds back a storm of different events: the first EVENTS_PER_MINUTE of a kind in a slot pass, what follows within the minute becomes one event that
 * counts it. Kinds are counted apart, so that a storm of faults hides no alarm; the same again passes, since it is folded (sims/event-fold.ts).
 */
export class EventBrake {
  readonly #minutes = new Map<string, Minute>();

  /** What to write now because of this event: itself, the count of a storm that ended, both or nothing. */
  pass(event: ModemEvent): ModemEvent[] {
    const key = `${event.kind} ${event.slot}`;
    const minute = this.#minutes.get(key);
    if (minute !== undefined && !isOver(minute, event.atMs)) {
      if (minute.passed.has(event.detail)) return [event];
      if (minute.passed.size < EVENTS_PER_MINUTE) {
        minute.passed.add(event.detail);
        return [event];
      }
      minute.last = event;
      minute.held++;
      return [];
    }
    this.#minutes.set(key, { startMs: event.atMs, passed: new Set([event.detail]), held: 0, last: event });
    return [...countOf(minute), event];
  }

  /** The counts of storms whose minute is over; forgets all that is over. */
  endedBy(nowMs: number): ModemEvent[] {
    return this.#end((minute) => isOver(minute, nowMs));
  }

  /** The counts of all storms, also of those under way. */
  endAll(): ModemEvent[] {
    return this.#end(() => true);
  }

  /** Events are held back that are not told yet. */
  get isHolding(): boolean {
    return [...this.#minutes.values()].some((minute) => minute.held > 0);
  }

  #end(isDone: (minute: Minute) => boolean): ModemEvent[] {
    const done = [...this.#minutes].filter(([, minute]) => isDone(minute));
    for (const [key] of done) this.#minutes.delete(key);
    return done.flatMap(([, minute]) => countOf(minute));
  }
}

/** Also when the wall clock was set back. */
function isOver(minute: Minute, nowMs: number): boolean {
  return nowMs < minute.startMs || nowMs - minute.startMs >= MINUTE_MS;
}

function countOf(minute: Minute | undefined): ModemEvent[] {
  if (minute === undefined || minute.held === 0) return [];
  const { held, last } = minute;
  // A count is no alarm of its own: what the last one was may long be over.
  const { alarm: _over, ...about } = last;
  return [{ ...about, detail: `and ${held} more ${MORE[last.kind] ?? 'like these'} within a minute; the last: ${last.detail}` }];
}
