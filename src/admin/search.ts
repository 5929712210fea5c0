import type { Database } from 'bun:sqlite';
import type { Found } from '../../views/admin/found.ts';
import { isUnknownCard } from '../sims/modem-cards.ts';

/** So many of each kind are shown. */
export const FOUND_MAX = 8;
export const QUERY_CHARACTERS_MAX = 100;
/** The last digits of a number or an ICCID that somebody reads off a card. */
const END_DIGITS = /^\d{3,20}$/;
const ID = /^(ord|rnt|msg)_[0-9a-z]{0,26}$/;

/** Each search is a range of an index, but the ends of numbers, for which the cards are looked through (thousands, not millions). */
export const SEARCHES = {
  customer: `SELECT 'customer' AS kind, id, email, state FROM users WHERE email >= $from AND email < $to ORDER BY email LIMIT $limit`,
  order: `SELECT 'order' AS kind, id, status, service, country, iccid FROM orders WHERE id >= $from AND id < $to ORDER BY id DESC LIMIT $limit`,
  rental: `SELECT 'rental' AS kind, id, status, number, iccid FROM rentals WHERE id >= $from AND id < $to ORDER BY id DESC LIMIT $limit`,
  message: `SELECT 'message' AS kind, id, iccid, stored_at_ms AS storedAtMs FROM messages WHERE id >= $from AND id < $to ORDER BY id DESC LIMIT $limit`,
  iccid: `SELECT 'sim' AS kind, iccid, number, country, slot, state FROM sims WHERE iccid >= $from AND iccid < $to ORDER BY iccid LIMIT $limit`,
  number: `SELECT 'sim' AS kind, iccid, number, country, slot, state FROM sims WHERE number >= $from AND number < $to ORDER BY number LIMIT $limit`,
  end: `SELECT 'sim' AS kind, iccid, number, country, slot, state FROM sims WHERE number LIKE $end OR iccid LIKE $end ORDER BY iccid LIMIT $limit`,
  slot: `SELECT 'slot' AS kind, slot, iccid FROM sims WHERE slot LIKE $within ESCAPE '\\' ORDER BY slot LIMIT $limit`,
} as const;

/** What an operator may mean by what he typed: customers by e-mail, orders, rentals and messages by id, SIMs by number, ICCID and slot. */
export function searchHouse(db: Database, typed: string): { found: Found[]; isCut: boolean } {
  const text = typed.trim().slice(0, QUERY_CHARACTERS_MAX);
  const found: Found[] = [];
  let isCut = false;
  const take = (name: keyof typeof SEARCHES, bounds: Record<string, string>): void => {
    const rows = db.query<Found, Record<string, string | number>>(SEARCHES[name]).all({ ...bounds, limit: FOUND_MAX + 1 });
    isCut ||= rows.length > FOUND_MAX;
    for (const row of rows.slice(0, FOUND_MAX)) if (!isKnown(found, row)) found.push(row);
  };
  if (text.length < 2) return { found, isCut };
  const id = ID.exec(text.toLowerCase());
  if (id !== null) {
    take(({ ord: 'order', rnt: 'rental', msg: 'message' } as const)[id[1] as 'ord' | 'rnt' | 'msg'], rangeOf(id[0]));
    return { found, isCut };
  }
  const digits = text.replace(/[\s().-]/g, '');
  if (/^\+?\d{2,20}$/.test(digits)) {
    take('number', rangeOf(digits.startsWith('+') ? digits : `+${digits}`));
    if (!digits.startsWith('+')) take('iccid', rangeOf(digits));
    if (END_DIGITS.test(digits)) take('end', { end: `%${digits}` });
  } else if (/^[^\s<>"',;]+$/.test(text)) {
    take('customer', rangeOf(text.toLowerCase()));
  }
  take('slot', { within: `%${text.replace(/[%_\\]/g, '\\$&')}%` });
  return { found, isCut };
}

/** All that begins so, as the bounds of an index. */
function rangeOf(beginning: string): { from: string; to: string } {
  return { from: beginning, to: `${beginning}\u{10ffff}` };
}

function isKnown(found: readonly Found[], row: Found): boolean {
  if (row.kind !== 'sim') return false;
  return isUnknownCard(row.iccid) || found.some((one) => one.kind === 'sim' && one.iccid === row.iccid);
}
