import type { Door } from '../db/write.ts';
import { type Log, messageOf } from '../lib/log.ts';

/** By which way an event reached its customer; `seen`: a browser says that its code stood on a visible page. */
export const PUSH_CHANNELS = ['dashboard', 'stream', 'long_poll', 'poll', 'page', 'seen'] as const;
export type PushChannel = (typeof PUSH_CHANNELS)[number];

/**
 * Remembers when an event first reached its customer by each way. Nothing is written while a frame waits to be sent: what was noted is collected and written
 * once a second, many in one commit. What a crash in that second loses is evidence, never a message.
 */
export interface Pushes {
  /** These events went out by this way just now. Costs no more than remembering it. */
  note(channel: PushChannel, eventIds: readonly string[]): void;
  /** Writes what was noted so far. */
  flush(): Promise<void>;
  readonly counts: { written: number; dropped: number };
}

interface Push {
  eventId: string;
  channel: PushChannel;
  atMs: number;
}

const FLUSH_AFTER_MS = 1000;
/** Beyond it what is noted is dropped and counted: evidence must not eat the memory of the house. */
const WAITING_MAX = 20_000;
/** What was noted lately is not noted again: a poller asks the same every few seconds. */
const REMEMBERED_MAX = 50_000;

export function openPushes({ door, nowMs, log }: { door: Door; nowMs(): number; log: Log }): Pushes {
  const counts = { written: 0, dropped: 0 };
  const remembered = new Set<string>();
  const waiting: Push[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;

  function remember(key: string): boolean {
    if (remembered.has(key)) return false;
    remembered.add(key);
    const oldest = remembered.values().next();
    if (remembered.size > REMEMBERED_MAX && !oldest.done) remembered.delete(oldest.value);
    return true;
  }

  async function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const batch = waiting.splice(0);
    if (batch.length === 0) return;
    try {
      counts.written += await door.write((tx) => {
        // Nothing for an event that is not there (any more).
        const insert = tx.db.query(
          `INSERT INTO pushes (event_id, channel, at_ms) SELECT id, $channel, $atMs FROM events WHERE id = $eventId ON CONFLICT DO NOTHING`,
        );
        return batch.reduce((sum, push) => sum + insert.run({ ...push }).changes, 0);
      });
    } catch (thrown) {
      counts.dropped += batch.length;
      log.error('pushes_not_written', { count: batch.length, error: messageOf(thrown) });
    }
  }

  return {
    counts,
    note(channel, eventIds) {
      const atMs = nowMs();
      for (const eventId of eventIds) {
        if (!remember(`${channel}:${eventId}`)) continue;
        if (waiting.length >= WAITING_MAX) counts.dropped++;
        else waiting.push({ eventId, channel, atMs });
      }
      if (timer === null && waiting.length > 0) timer = setTimeout(() => void flush(), FLUSH_AFTER_MS);
    },
    flush,
  };
}

/** For what only describes the pages, and for tests of other rooms. */
export const noPushes: Pushes = { note() {}, flush: async () => {}, counts: { written: 0, dropped: 0 } };
