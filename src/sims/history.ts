import type { Database } from 'bun:sqlite';
import type { Door, Tx } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import type { Troubles } from '../lib/troubles.ts';
import type { ModemEvent, ModemEventKind } from '../modem/source.ts';
import { EventBrake } from './event-brake.ts';
import { EventFold, type FoldedEvent } from './event-fold.ts';

/** How long the history of a slot reaches back, whichever is less. */
export const HISTORY_DAYS = 30;
export const HISTORY_ROWS_PER_SLOT = 2000;
/** The newest of each kind that stay, however much of other kinds comes: fifteen kinds of them fit well into a slot's rows. */
export const HISTORY_ROWS_PER_KIND = 100;
/** So many go at once when a slot has too many, so that a full slot is not thinned anew for each event. */
export const HISTORY_ROWS_HEADROOM = 100;
/** The same again within this time is the same row, for at most a day: a fault that lasts for weeks shows on which days it did. */
export const FOLD_WITHIN_MS = 3_600_000;
export const FOLD_SPAN_MS = 86_400_000;
/** Only so many newest rows of a slot are looked through for the same. */
const FOLD_ROWS = 50;

const DAY_MS = 86_400_000;
/** Events of this long share one commit: the history is for people, and a commit costs an fsync. */
const GATHER_MS = 500;
const THIN_EVERY_MS = 3_600_000;
/** So many old rows go in one verb, so that thinning never holds back an SMS. */
const THIN_ROWS = 500;
const WAITING_MAX = 2000;
const DETAIL_CHARACTERS_MAX = 500;

export interface History {
  /** Keeps what happened to a modem; cheap, synchronous, never throws. The same again, and a storm of like events, become one row that counts them. */
  happened(event: ModemEvent): void;
  /** Writes what was gathered, with the counts of storms that are under way; resolves when it is on the disk. For an orderly stop. */
  flush(): Promise<void>;
  /** Events that could not be written at last, since the start. */
  readonly lost: number;
}

/**
 * Writes the history of slots and SIMs in small batches and thins it: at most HISTORY_ROWS_PER_SLOT rows a slot, rare kinds longest, none older than
 * HISTORY_DAYS.
 */
export function openHistory(deps: { door: Door; clock: Clock; timers: Timers; log: Log; troubles: Troubles }): History {
  const { door, clock, timers, log, troubles } = deps;
  const brake = new EventBrake();
  const waiting = new EventFold();
  let gathering = false;
  let lost = 0;

  function gather(): void {
    if (gathering) return;
    gathering = true;
    timers.set('history:write', clock.nowMs() + GATHER_MS, () => void write(brake.endedBy(clock.nowMs())));
  }

  async function write(more: readonly ModemEvent[]): Promise<void> {
    gathering = false;
    for (const event of more) waiting.add(event);
    const batch = waiting.take();
    // A storm that stopped tells its count when its minute is over, though nothing follows it.
    if (brake.isHolding) timers.set('history:storm', clock.nowMs() + 60_000, gather);
    if (batch.length === 0) return;
    try {
      await door.write((tx) => recordEvents(tx, batch));
      troubles.mended('history');
    } catch (thrown) {
      lost += waiting.putBack(batch, WAITING_MAX);
      timers.set('history:storm', clock.nowMs() + 60_000, gather);
      log.error('history_not_written', { events: batch.length, lost, error: messageOf(thrown) });
      troubles.failed(
        'history',
        `${messageOf(thrown)}. ${lost === 0 ? 'Nothing is lost yet' : `${lost} events are lost`}; it is tried again.`,
      );
    }
  }

  async function thin(): Promise<void> {
    try {
      let gone = THIN_ROWS;
      while (gone === THIN_ROWS) gone = await door.write((tx) => forgetOldEvents(tx, tx.nowMs - HISTORY_DAYS * DAY_MS));
      troubles.mended('history_thinning');
    } catch (thrown) {
      log.error('history_not_thinned', { error: messageOf(thrown) });
      troubles.failed('history_thinning', messageOf(thrown));
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
      for (const passed of brake.pass(event)) waiting.add(passed);
      gather();
    },
    flush: () => write(brake.endAll()),
    get lost() {
      return lost;
    },
  };
}

/**
 * Appends events inside a verb. The same again within FOLD_WITHIN_MS is put into one row, which becomes the newest. Too long a text is cut. Keeps at
 * most HISTORY_ROWS_PER_SLOT rows of each slot. Operators who want mails about alarms get them from here.
 */
export function recordEvents(tx: Tx, events: readonly (ModemEvent & Partial<FoldedEvent>)[]): void {
  const same = tx.db.query<{ id: number; firstAtMs: number; count: number }, Record<string, string | number | null>>(
    `SELECT id, firstAtMs, count FROM (
       SELECT id, at_ms, kind, imei, iccid, detail, count, coalesce(first_at_ms, at_ms) AS firstAtMs
       FROM modem_events WHERE slot = $slot ORDER BY id DESC LIMIT ${FOLD_ROWS})
     WHERE kind = $kind AND imei IS $imei AND iccid IS $iccid AND detail = $detail
       AND at_ms BETWEEN $atMs - ${FOLD_WITHIN_MS} AND $atMs AND firstAtMs >= $atMs - ${FOLD_SPAN_MS} ORDER BY id DESC LIMIT 1`,
  );
  const insert = tx.db.query(
    `INSERT INTO modem_events (at_ms, kind, slot, port, imei, iccid, detail, first_at_ms, count)
     VALUES ($atMs, $kind, $slot, $port, $imei, $iccid, $detail, $firstAtMs, $count)`,
  );
  const remove = tx.db.query('DELETE FROM modem_events WHERE id = $id');
  for (const { atMs, kind, slot, port, imei, iccid, detail: said, firstAtMs = atMs, count = 1 } of events) {
    const detail = said.slice(0, DETAIL_CHARACTERS_MAX).toWellFormed();
    const before = same.get({ slot, kind, imei, iccid, detail, atMs });
    const times = count + (before?.count ?? 0);
    const since = Math.min(before?.firstAtMs ?? firstAtMs, firstAtMs);
    // The new row first: the id of a deleted newest row would be given again, and who reads on from it would miss this one.
    insert.run({ atMs, kind, slot, port, imei, iccid, detail, firstAtMs: times > 1 ? since : null, count: times });
    if (before !== null) remove.run({ id: before.id });
  }
  for (const slot of new Set(events.map((event) => event.slot))) cutSlot(tx, slot);
}

/** Thins a slot with too many rows: the oldest of the kinds of which there are many go, so that a steady fault pushes nothing rare out. */
function cutSlot(tx: Tx, slot: string): void {
  const rows =
    tx.db.query<{ n: number }, { slot: string }>('SELECT count(*) AS n FROM modem_events WHERE slot = $slot').get({ slot })?.n ?? 0;
  if (rows <= HISTORY_ROWS_PER_SLOT) return;
  tx.db
    .query(
      `DELETE FROM modem_events WHERE id IN (
         SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY kind ORDER BY id DESC) AS nth FROM modem_events WHERE slot = $slot)
         WHERE nth > ${HISTORY_ROWS_PER_KIND} ORDER BY id LIMIT $surplus)`,
    )
    .run({ slot, surplus: rows - (HISTORY_ROWS_PER_SLOT - HISTORY_ROWS_HEADROOM) });
}

/** Deletes at most THIN_ROWS of the events before `beforeMs`; returns how many went. */
function forgetOldEvents(tx: Tx, beforeMs: number): number {
  return tx.db
    .query('DELETE FROM modem_events WHERE id IN (SELECT id FROM modem_events WHERE at_ms < $beforeMs LIMIT $limit)')
    .run({ beforeMs, limit: THIN_ROWS }).changes;
}

export interface PastEvent {
  id: string;
  /** The last time; `firstAtMs` is the first of `count` times. */
  atMs: number;
  firstAtMs: number;
  count: number;
  kind: ModemEventKind;
  slot: string;
  iccid: string | null;
  detail: string;
}

const COLUMNS = 'CAST(id AS TEXT) AS id, at_ms AS atMs, coalesce(first_at_ms, at_ms) AS firstAtMs, count, kind, slot, iccid, detail';

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
      `SELECT slot, min(coalesce(first_at_ms, at_ms)) AS firstAtMs, max(at_ms) AS lastAtMs, sum(count) AS events FROM modem_events
       WHERE iccid = $iccid GROUP BY slot ORDER BY lastAtMs DESC, slot LIMIT 100`,
    )
    .all({ iccid });
}

function idBefore(cursor: string | null): number {
  return cursor !== null && /^\d{1,15}$/.test(cursor) ? Number(cursor) : Number.MAX_SAFE_INTEGER;
}
