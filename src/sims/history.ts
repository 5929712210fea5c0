import type { Database } from 'bun:sqlite';
import type { Door, Tx } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import type { ModemEvent, ModemEventKind } from '../modem/source.ts';
import { EventBrake } from './event-brake.ts';

/** How long the history of a slot reaches back, whichever is less. */
export const HISTORY_DAYS = 30;
export const HISTORY_ROWS_PER_SLOT = 2000;

const DAY_MS = 86_400_000;
/** Events of this long share one commit: the history is for people, and a commit costs an fsync. */
const GATHER_MS = 500;
const THIN_EVERY_MS = 3_600_000;
/** So many old rows go in one verb, so that thinning never holds back an SMS. */
const THIN_ROWS = 500;
const WAITING_MAX = 2000;
const DETAIL_CHARACTERS_MAX = 500;

export interface History {
  /** Keeps what happened to a modem; cheap, synchronous, never throws. A storm of like events becomes one row that counts them. */
  happened(event: ModemEvent): void;
  /** Writes what was gathered, with the counts of storms that are under way; resolves when it is on the disk. For an orderly stop. */
  flush(): Promise<void>;
  /** Events that could not be written at last, since the start. */
  readonly lost: number;
}

/** Writes the history of slots and SIMs in small batches and thins it: at most HISTORY_ROWS_PER_SLOT rows a slot, none older than HISTORY_DAYS. */
export function openHistory(deps: { door: Door; clock: Clock; timers: Timers; log: Log }): History {
  const { door, clock, timers, log } = deps;
  const brake = new EventBrake();
  let waiting: ModemEvent[] = [];
  let gathering = false;
  let lost = 0;

  function gather(): void {
    if (gathering) return;
    gathering = true;
    timers.set('history:write', clock.nowMs() + GATHER_MS, () => void write(brake.endedBy(clock.nowMs())));
  }

  async function write(more: readonly ModemEvent[]): Promise<void> {
    gathering = false;
    const batch = [...waiting, ...more];
    waiting = [];
    // A storm that stopped tells its count when its minute is over, though nothing follows it.
    if (brake.isHolding) timers.set('history:storm', clock.nowMs() + 60_000, gather);
    if (batch.length === 0) return;
    try {
      await door.write((tx) => recordEvents(tx, batch));
    } catch (thrown) {
      waiting = [...batch, ...waiting];
      const dropped = Math.max(0, waiting.length - WAITING_MAX);
      lost += dropped;
      waiting = waiting.slice(dropped);
      timers.set('history:storm', clock.nowMs() + 60_000, gather);
      log.error('history_not_written', { events: batch.length, lost, error: messageOf(thrown) });
    }
  }

  async function thin(): Promise<void> {
    try {
      let gone = THIN_ROWS;
      while (gone === THIN_ROWS) gone = await door.write((tx) => forgetOldEvents(tx, tx.nowMs - HISTORY_DAYS * DAY_MS));
    } catch (thrown) {
      log.error('history_not_thinned', { error: messageOf(thrown) });
    }
  }

  function thinRegularly(): void {
    void thin();
    timers.set('history:thin', clock.nowMs() + THIN_EVERY_MS, thinRegularly);
  }

  thinRegularly();
  timers.onJump(() => {
    gathering = false;
    gather();
    thinRegularly();
  });
  return {
    happened(event) {
      const passed = brake.pass(event);
      if (passed.length > 0) waiting.push(...passed);
      gather();
    },
    flush: () => write(brake.endAll()),
    get lost() {
      return lost;
    },
  };
}

/** Appends events inside a verb and keeps the newest HISTORY_ROWS_PER_SLOT rows of each slot. Too long a text is cut. */
export function recordEvents(tx: Tx, events: readonly ModemEvent[]): void {
  const insert = tx.db.query(
    'INSERT INTO modem_events (at_ms, kind, slot, port, imei, iccid, detail) VALUES ($atMs, $kind, $slot, $port, $imei, $iccid, $detail)',
  );
  for (const { atMs, kind, slot, port, imei, iccid, detail } of events) {
    insert.run({ atMs, kind, slot, port, imei, iccid, detail: detail.slice(0, DETAIL_CHARACTERS_MAX).toWellFormed() });
  }
  const cut = tx.db.query(
    `DELETE FROM modem_events WHERE slot = $slot
       AND id <= (SELECT id FROM modem_events WHERE slot = $slot ORDER BY id DESC LIMIT 1 OFFSET ${HISTORY_ROWS_PER_SLOT})`,
  );
  for (const slot of new Set(events.map((event) => event.slot))) cut.run({ slot });
}

/** Deletes at most THIN_ROWS of the events before `beforeMs`; returns how many went. */
function forgetOldEvents(tx: Tx, beforeMs: number): number {
  return tx.db
    .query('DELETE FROM modem_events WHERE id IN (SELECT id FROM modem_events WHERE at_ms < $beforeMs LIMIT $limit)')
    .run({ beforeMs, limit: THIN_ROWS }).changes;
}

export interface PastEvent {
  id: string;
  atMs: number;
  kind: ModemEventKind;
  slot: string;
  iccid: string | null;
  detail: string;
}

const COLUMNS = 'CAST(id AS TEXT) AS id, at_ms AS atMs, kind, slot, iccid, detail';

/** What happened in a slot, newest first, before the event `cursor`; null begins with the newest. */
export function slotHistory(db: Database, slot: string, page: { limit: number; cursor: string | null }): PastEvent[] {
  return db
    .query<PastEvent, { slot: string; before: number; limit: number }>(
      `SELECT ${COLUMNS} FROM modem_events WHERE slot = $slot AND modem_events.id < $before ORDER BY modem_events.id DESC LIMIT $limit`,
    )
    .all({ slot, before: idBefore(page.cursor), limit: page.limit });
}

/** What happened to a SIM, wherever it was, newest first, before the event `cursor`. */
export function simHistory(db: Database, iccid: string, page: { limit: number; cursor: string | null }): PastEvent[] {
  return db
    .query<PastEvent, { iccid: string; before: number; limit: number }>(
      `SELECT ${COLUMNS} FROM modem_events WHERE iccid = $iccid AND modem_events.id < $before ORDER BY modem_events.id DESC LIMIT $limit`,
    )
    .all({ iccid, before: idBefore(page.cursor), limit: page.limit });
}

export interface SlotStay {
  slot: string;
  firstAtMs: number;
  lastAtMs: number;
  events: number;
}

/** The slots a SIM was in, the latest first, as far as the history reaches back. */
export function slotsOfSim(db: Database, iccid: string): SlotStay[] {
  return db
    .query<SlotStay, { iccid: string }>(
      `SELECT slot, min(at_ms) AS firstAtMs, max(at_ms) AS lastAtMs, count(*) AS events FROM modem_events
       WHERE iccid = $iccid GROUP BY slot ORDER BY lastAtMs DESC, slot LIMIT 100`,
    )
    .all({ iccid });
}

function idBefore(cursor: string | null): number {
  return cursor !== null && /^\d{1,15}$/.test(cursor) ? Number(cursor) : Number.MAX_SAFE_INTEGER;
}
