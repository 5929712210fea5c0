import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { invariant } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';

export type OutageCause = 'modem_lost' | 'modem_restarted' | 'server_down' | 'unknown';

/** A time in which a SIM could not be read, whichever of the house's parts failed. */
export interface Outage {
  id: string;
  iccid: string;
  fromMs: number;
  /** Null while it lasts. */
  toMs: number | null;
  cause: OutageCause;
}

/** The id of the outage of a SIM that began then, which is kept from now on: what changes because of it refers to it. */
export function keepOutage(tx: Tx, random: RandomBytes, iccid: string, fromMs: number): string {
  const insert = tx.db.query(
    `INSERT INTO outages (id, iccid, from_ms, to_ms, cause)
     SELECT $id, iccid, $fromMs, CASE online WHEN 1 THEN max($now, $fromMs) END, coalesce(offline_cause, 'unknown') FROM sims WHERE iccid = $iccid
     ON CONFLICT (iccid, from_ms) DO NOTHING`,
  );
  insert.run({ id: newId('out', tx.nowMs, random), iccid, fromMs, now: tx.nowMs });
  const row = tx.db
    .query<{ id: string }, { iccid: string; fromMs: number }>('SELECT id FROM outages WHERE iccid = $iccid AND from_ms = $fromMs')
    .get({ iccid, fromMs });
  invariant(row !== null, `the outage of ${iccid} from ${fromMs} was kept`);
  return row.id;
}

/** A SIM can be read again: what was kept as lasting is over. */
export function endOutages(tx: Tx, iccid: string): void {
  tx.db.query('UPDATE outages SET to_ms = max($now, from_ms) WHERE iccid = $iccid AND to_ms IS NULL').run({ iccid, now: tx.nowMs });
}

/** An outage by its id, or null. */
export function findOutage(db: Database, id: string): Outage | null {
  return db
    .query<Outage, { id: string }>('SELECT id, iccid, from_ms AS fromMs, to_ms AS toMs, cause FROM outages WHERE id = $id')
    .get({ id });
}

const CAUSES: Record<OutageCause, string> = {
  modem_lost: 'its modem was lost',
  modem_restarted: 'its modem was started anew',
  server_down: 'the server did not run',
  unknown: 'its modem could not be read',
};

/** An outage in plain words, for customers: `its modem was lost, from 2026-11-22 12:03 to 12:09 UTC`. */
export function outageInWords({ fromMs, toMs, cause }: Pick<Outage, 'fromMs' | 'toMs' | 'cause'>): string {
  const at = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return `${CAUSES[cause]}, from ${at(fromMs)}${toMs === null ? '' : ` to ${at(toMs)}`}`;
}
