import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { isTag, TAG_CHARACTERS_MAX, TAGS_MAX } from '../orders/labels.ts';
import { startOfDay } from '../status/calendar.ts';
import { isUnknownCard } from './modem-cards.ts';

export const NOTE_CHARACTERS_MAX = 2000;
const TOP_UP_DAYS_MAX = 3650;
/** From so many days ahead a day that was typed is shown as due, and the first reminder goes out. */
export const AHEAD_DAYS = 14;
/** Reminders go out so many days ahead. */
export const REMIND_DAYS: readonly number[] = [AHEAD_DAYS, 3, 0];
const DUE_MAX = 200;
const DAY_MS = 86_400_000;

/** What the operator keeps of a card beside what it tells. Days are `2026-11-29`, in UTC. */
export interface Care {
  note: string;
  tags: string[];
  /** When the card, or its credit, ends. */
  expiresOn: string | null;
  /** When it is to be topped up next. */
  topUpOn: string | null;
  /** So many days after a top-up the next one is due. */
  topUpDays: number | null;
}

export const NO_CARE: Care = { note: '', tags: [], expiresOn: null, topUpOn: null, topUpDays: null };

/** A day of a card that is near or past. */
export interface DueSim {
  iccid: string;
  number: string | null;
  slot: string | null;
  what: 'expiry' | 'top_up';
  on: string;
  /** How many days are left; negative: so many are over. */
  days: number;
}

export function careOf(db: Database, iccid: string): Care {
  const row = db
    .query<Omit<Care, 'tags'> & { tags: string }, { iccid: string }>(
      'SELECT note, tags, expires_on AS expiresOn, top_up_on AS topUpOn, top_up_days AS topUpDays FROM sim_care WHERE iccid = $iccid',
    )
    .get({ iccid });
  return row === null ? NO_CARE : { ...row, tags: row.tags === '' ? [] : row.tags.split(' ') };
}

/** Keeps what the operator says of a card; what is absent stays. Refuses as `validation`, with the field, what is too long, no tag or no day, and an unknown card. */
export function setCare(tx: Tx, iccid: string, change: Partial<Care>): Care {
  const known = tx.db.query('SELECT 1 FROM sims WHERE iccid = $iccid').get({ iccid }) !== null && !isUnknownCard(iccid);
  if (!known) throw new Refusal('not_found', `No SIM with ICCID ${iccid} was ever seen here.`);
  const care = checked({ ...careOf(tx.db, iccid), ...change });
  tx.db
    .query(
      `INSERT INTO sim_care (iccid, note, tags, expires_on, top_up_on, top_up_days) VALUES ($iccid, $note, $tags, $expiresOn, $topUpOn, $topUpDays)
       ON CONFLICT (iccid) DO UPDATE SET note = excluded.note, tags = excluded.tags, expires_on = excluded.expires_on, top_up_on = excluded.top_up_on,
         top_up_days = excluded.top_up_days`,
    )
    .run({ iccid, ...care, tags: care.tags.join(' ') });
  return care;
}

/** The card was topped up today: the next time is its usual number of days later, or not known. */
export function toppedUp(tx: Tx, iccid: string): Care {
  const { topUpDays } = careOf(tx.db, iccid);
  return setCare(tx, iccid, { topUpOn: topUpDays === null ? null : dayAfter(tx.nowMs, topUpDays) });
}

/** The days of cards that are near or past, the nearest first; at most 200. */
export function dueSims(db: Database, nowMs: number): DueSim[] {
  const until = dayAfter(nowMs, AHEAD_DAYS);
  const today = startOfDay(dayAfter(nowMs, 0)) ?? nowMs;
  return db
    .query<Omit<DueSim, 'days'>, { until: string; limit: number }>(
      `SELECT * FROM (
         SELECT s.iccid, s.number, s.slot, 'expiry' AS what, c.expires_on AS "on" FROM sim_care c JOIN sims s ON s.iccid = c.iccid WHERE c.expires_on <= $until
         UNION ALL
         SELECT s.iccid, s.number, s.slot, 'top_up', c.top_up_on FROM sim_care c JOIN sims s ON s.iccid = c.iccid WHERE c.top_up_on <= $until)
       ORDER BY "on", iccid, what LIMIT $limit`,
    )
    .all({ until, limit: DUE_MAX })
    .map((row) => ({ ...row, days: Math.round(((startOfDay(row.on) ?? today) - today) / DAY_MS) }));
}

/** Those of some days that a mail tells of that are as they were, with how many days are left now. */
export function stillDue(db: Database, told: unknown, nowMs: number): DueSim[] {
  if (!Array.isArray(told)) throw new Error('a mail about SIMs needs a list of days');
  const known = new Set(told.map(({ iccid, what, on }: Pick<DueSim, 'iccid' | 'what' | 'on'>) => `${iccid} ${what} ${on}`));
  return dueSims(db, nowMs).filter(({ iccid, what, on }) => known.has(`${iccid} ${what} ${on}`));
}

/** The UTC day so many days after that of a moment. */
export function dayAfter(atMs: number, days: number): string {
  return new Date(atMs + days * DAY_MS).toISOString().slice(0, 10);
}

function checked(care: Care): Care {
  const note = care.note.replaceAll('\r\n', '\n').trim().toWellFormed();
  if ([...note].length > NOTE_CHARACTERS_MAX) throw wrong('note', `The note must be at most ${NOTE_CHARACTERS_MAX} characters long.`);
  const tags = [...new Set(care.tags)].toSorted();
  if (tags.some((tag) => !isTag(tag)))
    throw wrong('tags', `A tag must be 1 to ${TAG_CHARACTERS_MAX} of the characters a-z, 0-9, - and _; one of these is not.`);
  if (tags.length > TAGS_MAX) throw wrong('tags', `A SIM has at most ${TAGS_MAX} tags; these are ${tags.length}.`);
  for (const [field, day] of [['expires', care.expiresOn] as const, ['topup', care.topUpOn] as const]) {
    if (day !== null && startOfDay(day) === null)
      throw wrong(field, `Type the day as year-month-day, for example 2027-03-31; got ${JSON.stringify(day.slice(0, 20))}.`);
  }
  const { topUpDays } = care;
  if (topUpDays !== null && !(Number.isInteger(topUpDays) && topUpDays >= 1 && topUpDays <= TOP_UP_DAYS_MAX))
    throw wrong('topupdays', `The days between top-ups must be a whole number from 1 to ${TOP_UP_DAYS_MAX}.`);
  return { ...care, note, tags };
}

function wrong(field: string, message: string): Refusal {
  return new Refusal('validation', message, { errors: [{ field, message }] });
}
