import type { Database } from 'bun:sqlite';
import { eventsAfter, newestSeq, type StoredEvent } from '../db/events.ts';
import { type Log, messageOf } from '../lib/log.ts';

const EVENTS_PER_READ = 500;

/**
 * Hands committed events to whoever waits for them: sockets, long polls, timers. It reads the events table from where it stopped, so
 * it tells the same story whether the commit was this process's or a command's beside it.
 */
export interface Hub {
  /** Publishes what was committed since the last call. */
  drain(): void;
  /** Calls `listener` with a customer's new events, several at once when they were committed together. Returns how to stop. */
  onUser(userId: string, listener: (events: readonly StoredEvent[]) => void): () => void;
  /** Calls `listener` with every new event. */
  onEvent(listener: (event: StoredEvent) => void): void;
  /** Resolves true at the next event of an order or rental, false after `timeoutMs` or when the client went away. */
  nextOf(subjectId: string, timeoutMs: number, gone: AbortSignal): Promise<boolean>;
  /** Calls `listener` when the server stops. */
  onClose(listener: () => void): void;
  /** Ends all waiting; who asks afterwards does not wait. */
  close(): void;
  readonly isClosed: boolean;
  readonly counts: { published: number; waiting: number };
}

export function openHub(db: Database, log: Log): Hub {
  const byUser = new Map<string, Set<(events: readonly StoredEvent[]) => void>>();
  const bySubject = new Map<string, Set<(came: boolean) => void>>();
  const listeners: ((event: StoredEvent) => void)[] = [];
  const closers: (() => void)[] = [];
  const counts = { published: 0, waiting: 0 };
  let cursor = newestSeq(db);
  let isClosed = false;

  function attempt(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      log.error('publish_failed', { error: messageOf(thrown) });
    }
  }

  function publish(events: readonly StoredEvent[]): void {
    counts.published += events.length;
    const users = new Map<string, StoredEvent[]>();
    for (const event of events) {
      for (const listener of listeners) attempt(() => listener(event));
      const subjectId = event.orderId ?? event.rentalId;
      if (subjectId !== null) for (const wake of bySubject.get(subjectId) ?? []) wake(true);
      if (byUser.has(event.userId)) users.set(event.userId, [...(users.get(event.userId) ?? []), event]);
    }
    for (const [userId, own] of users) for (const listener of [...(byUser.get(userId) ?? [])]) attempt(() => listener(own));
  }

  return {
    counts,
    drain() {
      for (;;) {
        const events = eventsAfter(db, cursor, EVENTS_PER_READ);
        const last = events.at(-1);
        if (!last) return;
        cursor = last.seq;
        publish(events);
        if (events.length < EVENTS_PER_READ) return;
      }
    },
    onUser(userId, listener) {
      const set = byUser.get(userId) ?? new Set();
      byUser.set(userId, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0 && byUser.get(userId) === set) byUser.delete(userId);
      };
    },
    onEvent: (listener) => void listeners.push(listener),
    nextOf(subjectId, timeoutMs, gone) {
      if (isClosed) return Promise.resolve(false);
      return new Promise((resolve) => {
        const set = bySubject.get(subjectId) ?? new Set();
        const wake = (came: boolean): void => {
          clearTimeout(timer);
          gone.removeEventListener('abort', leave);
          set.delete(wake);
          if (set.size === 0 && bySubject.get(subjectId) === set) bySubject.delete(subjectId);
          counts.waiting--;
          resolve(came);
        };
        const leave = (): void => wake(false);
        const timer = setTimeout(leave, timeoutMs);
        gone.addEventListener('abort', leave, { once: true });
        bySubject.set(subjectId, set.add(wake));
        counts.waiting++;
      });
    },
    onClose: (listener) => void closers.push(listener),
    get isClosed() {
      return isClosed;
    },
    close() {
      isClosed = true;
      for (const listener of closers) attempt(listener);
      for (const set of [...bySubject.values()]) for (const wake of [...set]) wake(false);
      byUser.clear();
    },
  };
}
