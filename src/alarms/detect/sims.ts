import type { Database } from 'bun:sqlite';
import { twinsOf } from '../../sims/one-number.ts';
import type { Condition, Detector } from '../condition.ts';

const EVERY_MS = 30_000;
const DAY_MS = 86_400_000;
/** A day that is long over was forgotten to be taken away, or the card was. */
const LONG_OVER_DAYS = 60;

/** SIMs that share a number with another one that can be read. */
export function twinDetector({ db }: { db: Database }): Detector {
  return {
    name: 'twins',
    codes: ['same_number'],
    everyMs: EVERY_MS,
    look: () => twinsOf(db).map(({ iccid, text, sinceMs }) => ({ code: 'same_number', subject: iccid, iccid, text, sinceMs })),
  };
}

/** A card and the day (ISO 8601, UTC) on which it stops working, as the operator noted it. */
export interface Expiry {
  iccid: string;
  expiresOn: string;
}

/** SIMs whose day is near or over, the paused ones left out. 0 days: never. */
export function expiryDetector(deps: { expiries(untilDay: string): readonly Expiry[]; simExpiryDays: number; nowMs(): number }): Detector {
  const { simExpiryDays, nowMs } = deps;
  return {
    name: 'expiries',
    codes: ['sim_expiring'],
    everyMs: 600_000,
    look() {
      if (simExpiryDays === 0) return [];
      const todayMs = Math.floor(nowMs() / DAY_MS) * DAY_MS;
      const until = new Date(todayMs + simExpiryDays * DAY_MS).toISOString().slice(0, 10);
      return deps.expiries(until).flatMap(({ iccid, expiresOn }): Condition[] => {
        const days = Math.round((Date.parse(expiresOn) - todayMs) / DAY_MS);
        if (Number.isNaN(days) || days > simExpiryDays || days < -LONG_OVER_DAYS) return [];
        const when = days < 0 ? `was on ${expiresOn}, ${-days} days ago` : days === 0 ? 'is today' : `is ${expiresOn}, in ${days} days`;
        return [{ code: 'sim_expiring', subject: iccid, iccid, text: `Its last day ${when}.`, value: days, threshold: simExpiryDays }];
      });
    },
    why: () => 'Another day was noted, or it was paused.',
  };
}

/** The cards for sale whose noted day is not after `untilDay`. */
export function notedExpiries(db: Database, untilDay: string): Expiry[] {
  return db
    .query<Expiry, { untilDay: string }>(
      `SELECT c.iccid, c.expires_on AS expiresOn FROM sim_care c JOIN sims s ON s.iccid = c.iccid
       WHERE c.expires_on <= $untilDay AND s.state = 'active' ORDER BY c.expires_on, c.iccid LIMIT 1000`,
    )
    .all({ untilDay });
}
