import type { Database } from 'bun:sqlite';
import { cleanEmail, findUserByEmail } from '../accounts/users.ts';
import { Refusal } from '../lib/errors.ts';
import { type Period, readDays } from '../lib/period.ts';
import { digitsOf, type NumberMatch, numbersWith } from './numbers.ts';

/** What the form of a search holds, as it was typed. */
export interface Typed {
  q: string;
  customer: string;
  from: string;
  to: string;
  state: string;
}

/** What a search is by, read from what was typed; `problem` says what cannot be looked for. */
export interface Read {
  period: Period;
  userId: string | null;
  id: string | null;
  numbers: NumberMatch[] | null;
  text: string;
  problem: { field: keyof Typed; message: string } | null;
}

const NOTHING: Read = { period: { fromMs: null, toMs: null }, userId: null, id: null, numbers: null, text: '', problem: null };

export function typedOf(query: Record<string, string | undefined>): Typed {
  const field = (name: keyof Typed): string => (query[name] ?? '').trim().slice(0, 100);
  return { q: field('q'), customer: field('customer'), from: field('from'), to: field('to'), state: field('state') };
}

/** Reads what was typed: an id, a number or words in one field, a customer by address or id, days. `ids`: what an id here begins with; `numbers`: digits are telephone numbers. */
export function readSearch(db: Database, typed: Typed, ids: RegExp, { numbers: hasNumbers } = { numbers: true }): Read {
  const wrong = (field: keyof Typed, message: string): Read => ({ ...NOTHING, problem: { field, message } });
  let period: Period;
  try {
    period = readDays({ from: typed.from, to: typed.to });
  } catch (thrown) {
    if (thrown instanceof Refusal) return wrong('from', thrown.detail);
    throw thrown;
  }
  const userId = typed.customer === '' ? null : customerNamed(db, typed.customer);
  if (userId === undefined) return wrong('customer', 'There is no customer of this address or id. Find them among the customers.');
  if (ids.test(typed.q)) return { ...NOTHING, period, userId, id: typed.q };
  const digits = hasNumbers ? digitsOf(typed.q) : null;
  if (digits === null) return { ...NOTHING, period, userId, text: typed.q };
  const numbers = numbersWith(db, digits);
  if (numbers === null) return wrong('q', 'More than ten numbers have these digits. Type more of them.');
  return { ...NOTHING, period, userId, numbers };
}

function customerNamed(db: Database, typed: string): string | undefined {
  if (/^usr_\w+$/.test(typed))
    return db.query<{ id: string }, { id: string }>('SELECT id FROM users WHERE id = $id').get({ id: typed })?.id;
  const email = cleanEmail(typed);
  return email === null ? undefined : findUserByEmail(db, email)?.id;
}
