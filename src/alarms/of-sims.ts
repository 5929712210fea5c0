import type { Database } from 'bun:sqlite';
import { twinsOf } from '../sims/one-number.ts';

/** An alarm about a SIM, for the pages of modems and SIMs. */
export interface SimAlarm {
  iccid: string;
  code: 'deaf' | 'same_number';
  text: string;
  sinceMs: number;
}

/** What the house found of SIMs. Those with one number are looked for now, so that a correction is seen at once. */
export function alarmsOfSims(db: Database): SimAlarm[] {
  const deaf = db
    .query<SimAlarm, []>(
      `SELECT subject AS iccid, code, text, since_ms AS sinceMs FROM alarms INDEXED BY alarms_standing
       WHERE code = 'deaf' AND cleared_at_ms IS NULL ORDER BY since_ms`,
    )
    .all();
  return [...deaf, ...twinsOf(db).map((twin) => ({ ...twin, code: 'same_number' as const }))];
}
