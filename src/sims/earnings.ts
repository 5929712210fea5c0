import type { Database } from 'bun:sqlite';

export interface Earned {
  earnedMinor: number;
  sales: number;
}

const MONTHS_SHOWN = 24;

/** What a card earned in all, and in the newest months in which anything was charged or went back. */
export function earningsOf(db: Database, iccid: string): { all: Earned; months: (Earned & { month: string })[] } {
  const rows = db
    .query<Earned & { month: string }, { iccid: string; limit: number }>(
      'SELECT month, earned_minor AS earnedMinor, sales FROM sim_earnings WHERE iccid = $iccid ORDER BY month DESC LIMIT $limit',
    )
    .all({ iccid, limit: MONTHS_SHOWN + 1 });
  const all = db
    .query<Earned, { iccid: string }>("SELECT earned_minor AS earnedMinor, sales FROM sim_earnings WHERE iccid = $iccid AND month = ''")
    .get({ iccid });
  return { all: all ?? { earnedMinor: 0, sales: 0 }, months: rows.filter(({ month }) => month !== '').slice(0, MONTHS_SHOWN) };
}
