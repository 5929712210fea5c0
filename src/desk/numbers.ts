import type { Database } from 'bun:sqlite';

const NUMBERS_MAX = 10;
const DIGITS_MIN = 4;

export interface NumberMatch {
  number: string;
  iccid: string | null;
}

/** What somebody typed, if it reads as a telephone number or a part of one: its digits, without what stands before a national number. */
export function digitsOf(typed: string): string | null {
  if (!/^\+?[\d\s().\-/]+$/.test(typed)) return null;
  const digits = typed.replace(/\D/g, '').replace(/^0+/, '');
  return digits.length >= DIGITS_MIN ? digits : null;
}

/** The numbers that hold these digits: of all cards there ever were, and the number itself; null when there are more than anybody wants to look through. */
export function numbersWith(db: Database, digits: string): NumberMatch[] | null {
  const found = db
    .query<NumberMatch, { pattern: string; limit: number }>(
      'SELECT number, iccid FROM sims WHERE number IS NOT NULL AND number LIKE $pattern ORDER BY number LIMIT $limit',
    )
    .all({ pattern: `%${digits}%`, limit: NUMBERS_MAX + 1 });
  if (found.length > NUMBERS_MAX) return null;
  const whole = `+${digits}`;
  return found.some(({ number }) => number === whole) ? found : [...found, { number: whole, iccid: null }];
}
