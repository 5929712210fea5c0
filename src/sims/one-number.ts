import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';

/**
 * A number is sold from one SIM: of the cards that have it, at most one may be active and present (read right now). Others may have it too, a lost card
 * beside its replacement, as long as they are gone or paused. The operator is refused a second one; where a card itself brings it, neither is sold
 * until one of them is paused, taken out or corrected: its messages may reach either, and an order on the wrong one waits in vain (rule 6).
 */
const isHolder = (sim: string): string => `${sim}.online = 1 AND ${sim}.state = 'active'`;

/** The condition, as SQL, that no other SIM than `s` holds its number. */
export const NO_TWIN = `NOT EXISTS (SELECT 1 FROM sims t WHERE t.number = s.number AND t.iccid <> s.iccid AND ${isHolder('t')})`;

/** Refuses to let a SIM have a number that another active SIM, which is being read, has; names it and says what to do. */
export function refuseTwin(tx: Tx, iccid: string, number: string): void {
  const holder = tx.db
    .query<{ iccid: string; slot: string | null }, { iccid: string; number: string }>(
      `SELECT t.iccid, t.slot FROM sims t WHERE t.number = $number AND t.iccid <> $iccid AND ${isHolder('t')} ORDER BY t.iccid LIMIT 1`,
    )
    .get({ iccid, number });
  if (holder === null) return;
  const place = holder.slot === null ? '' : ` in ${holder.slot}`;
  throw new Refusal(
    'already_exists',
    `${number} is the number of SIM ${holder.iccid}${place}, which is active. A number is sold from one SIM: pause that one (on its page, or \`smspin sim set ${holder.iccid} --state paused\`), take it out if this card replaces it, or correct its number; then set this one.`,
    { iccid: holder.iccid },
  );
}

/** A SIM that holds a number together with another one, in plain words. */
export interface Twin {
  iccid: string;
  text: string;
  sinceMs: number;
}

/** Each of the SIMs that hold a number at the same time. */
export function twinsOf(db: Database): Twin[] {
  return db
    .query<{ iccid: string; number: string; other: string; slot: string | null; sinceMs: number }, []>(
      `SELECT s.iccid, s.number, t.iccid AS other, t.slot, max(s.last_seen_at_ms, t.last_seen_at_ms) AS sinceMs
       FROM sims s JOIN sims t ON t.number = s.number AND t.iccid <> s.iccid
       WHERE s.number IS NOT NULL AND ${isHolder('s')} AND ${isHolder('t')} ORDER BY s.iccid, t.iccid`,
    )
    .all()
    .map(({ iccid, number, other, slot, sinceMs }) => ({
      iccid,
      text: `SIM ${other} in ${slot ?? 'another slot'} has the number ${number} too. Neither is sold.`,
      sinceMs,
    }));
}
