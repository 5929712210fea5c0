/**
 * Closing the books day by day. A closing covers a run of entries, from behind the closing before it, and neither entries nor closings can be changed or
 * taken out (triggers of 0001 and 0031): so a closed day stays as it is, and a movement that is written later belongs to a later day, whatever its clock says.
 */
import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { invariant, Refusal } from '../lib/errors.ts';
import { idsFrom } from '../lib/ids.ts';
import { dayIn, nextDay, startOfDayIn } from '../lib/zoned-day.ts';

export const ACCOUNT_KINDS = ['available', 'held', 'revenue', 'funding'] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

export interface Closing {
  day: string;
  zone: string;
  fromMs: number;
  toMs: number;
  firstEntry: number;
  lastEntry: number;
  email: string;
  closedAtMs: number;
}

/** What one kind of movement did to one kind of account; `opening` is what was there before. */
export interface ClosingLine {
  kind: string;
  account: AccountKind;
  movements: number;
  amountMinor: number;
}

/** A day that can be closed. */
export interface OpenDay {
  day: string;
  zone: string;
  fromMs: number;
  toMs: number;
}

/** A day worked out, ready to be kept. */
export interface WorkedOut extends OpenDay {
  firstEntry: number;
  lastEntry: number;
  lines: ClosingLine[];
}

const COLUMNS = `c.day, c.zone, c.from_ms AS fromMs, c.to_ms AS toMs, c.first_entry AS firstEntry, c.last_entry AS lastEntry, u.email, c.closed_at_ms AS closedAtMs`;
/** So many entries are summed up in one go: a millisecond or two. */
const SUMMED_AT_ONCE = 2000;

/** Closed days, the newest first, before the day `cursor`. */
export function listClosings(db: Database, page: { limit: number; cursor: string | null }): Closing[] {
  return db
    .query<Closing, { cursor: string; limit: number }>(
      `SELECT ${COLUMNS} FROM ledger_closings c JOIN users u ON u.id = c.closed_by WHERE c.day < $cursor ORDER BY c.day DESC LIMIT $limit`,
    )
    .all({ cursor: page.cursor ?? '~', limit: page.limit });
}

export function findClosing(db: Database, day: string): Closing | null {
  return db
    .query<Closing, { day: string }>(`SELECT ${COLUMNS} FROM ledger_closings c JOIN users u ON u.id = c.closed_by WHERE c.day = $day`)
    .get({ day });
}

/** The lines of a closed day, the opening first. */
export function linesOf(db: Database, day: string): ClosingLine[] {
  return db
    .query<ClosingLine, { day: string }>(
      `SELECT kind, account, movements, amount_minor AS amountMinor FROM ledger_closing_lines WHERE day = $day ORDER BY kind <> 'opening', kind, account`,
    )
    .all({ day });
}

/** What stands on each kind of account when all lines are added up. */
export function totalsOf(lines: readonly ClosingLine[]): Record<AccountKind, number> {
  const totals: Record<AccountKind, number> = { available: 0, held: 0, revenue: 0, funding: 0 };
  for (const { account, amountMinor } of lines) totals[account] += amountMinor;
  return totals;
}

/** The days that are over and not closed, oldest first, at most `limit`. The first of all is that of the first movement there ever was. */
export function openDays(db: Database, zone: string, nowMs: number, limit: number): OpenDay[] {
  const last = lastClosing(db);
  const first =
    db.query<{ atMs: number | null }, []>('SELECT created_at_ms AS atMs FROM ledger_transactions ORDER BY id LIMIT 1').get()?.atMs ?? null;
  if (last === null && first === null) return [];
  let day = last === null ? dayIn(zone, first ?? 0) : nextDay(last.day);
  let fromMs = last?.toMs ?? startOfDayIn(zone, day);
  const days: OpenDay[] = [];
  while (days.length < limit) {
    const toMs = startOfDayIn(zone, nextDay(day));
    if (toMs > nowMs) break;
    // Where the zone was changed, a day may be short or long, but none is left out or counted twice.
    days.push({ day, zone, fromMs, toMs: Math.max(toMs, fromMs + 1) });
    day = nextDay(day);
    fromMs = toMs;
  }
  return days;
}

/** Adds up the movements of the next open day, letting others have their turn in between: what it reads does not change any more. */
export async function workOut(db: Database, open: OpenDay, breathe: () => Promise<void>): Promise<WorkedOut> {
  const last = lastClosing(db);
  const after = last?.lastEntry ?? 0;
  const lastEntry = Math.max(after, lastEntryBefore(db, open.toMs));
  const opening = last === null ? [] : openingAfter(db, last.day);
  return { ...open, firstEntry: after + 1, lastEntry, lines: [...opening, ...(await sumUp(db, after + 1, lastEntry, breathe))] };
}

/** Adds the entries of a closed day up again and says whether they are what was kept. */
export async function recheck(db: Database, closing: Closing, breathe: () => Promise<void>): Promise<boolean> {
  const kept = linesOf(db, closing.day).filter(({ kind }) => kind !== 'opening');
  const again = await sumUp(db, closing.firstEntry, closing.lastEntry, breathe);
  return JSON.stringify(again.toSorted(byName)) === JSON.stringify(kept.toSorted(byName));
}

/** Keeps a closing. `closed_before` when the day is closed already; refuses as `too_late` when another day was closed meanwhile, and what is not the next. */
export function closeDay(tx: Tx, worked: WorkedOut, operatorId: string): 'closed' | 'closed_before' {
  const { day, zone, fromMs, toMs, firstEntry, lastEntry, lines } = worked;
  if (findClosing(tx.db, day) !== null) return 'closed_before';
  if (toMs > tx.nowMs) throw new Refusal('too_early', `${day} is not over yet.`);
  const last = lastClosing(tx.db);
  if (firstEntry !== (last?.lastEntry ?? 0) + 1 || (last !== null && day !== nextDay(last.day))) {
    throw new Refusal('too_late', 'Another day was closed meanwhile. Look again.');
  }
  invariant(lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0) === 0, `the lines of ${day} sum to zero`);
  const insert = tx.db.query(
    'INSERT INTO ledger_closing_lines (day, kind, account, movements, amount_minor) VALUES ($day, $kind, $account, $movements, $amountMinor)',
  );
  for (const line of lines) insert.run({ day, ...line });
  // The closing comes last: its insert seals the lines.
  tx.db
    .query(
      `INSERT INTO ledger_closings (day, zone, from_ms, to_ms, first_entry, last_entry, closed_by, closed_at_ms)
       VALUES ($day, $zone, $fromMs, $toMs, $firstEntry, $lastEntry, $operatorId, $now)`,
    )
    .run({ day, zone, fromMs, toMs, firstEntry, lastEntry, operatorId, now: tx.nowMs });
  return 'closed';
}

function lastClosing(db: Database): { day: string; toMs: number; lastEntry: number } | null {
  return db
    .query<{ day: string; toMs: number; lastEntry: number }, []>(
      'SELECT day, to_ms AS toMs, last_entry AS lastEntry FROM ledger_closings ORDER BY day DESC LIMIT 1',
    )
    .get();
}

/** The number of the last entry of the newest movements before a moment; those of the same millisecond belong together. */
function lastEntryBefore(db: Database, toMs: number): number {
  const newest = db
    .query<{ atMs: number }, { before: string }>(
      'SELECT created_at_ms AS atMs FROM ledger_transactions WHERE id < $before ORDER BY id DESC LIMIT 1',
    )
    .get({ before: idsFrom('txn', toMs) });
  if (newest === null) return 0;
  const row = db
    .query<{ last: number | null }, { from: string; to: string }>(
      `SELECT max(e.id) AS last FROM ledger_transactions t CROSS JOIN ledger_entries e ON e.transaction_id = t.id WHERE t.id >= $from AND t.id < $to`,
    )
    .get({ from: idsFrom('txn', newest.atMs), to: idsFrom('txn', newest.atMs + 1) });
  return row?.last ?? 0;
}

function openingAfter(db: Database, day: string): ClosingLine[] {
  const totals = totalsOf(linesOf(db, day));
  return ACCOUNT_KINDS.map((account) => ({ kind: 'opening', account, movements: 0, amountMinor: totals[account] }));
}

async function sumUp(db: Database, firstEntry: number, lastEntry: number, breathe: () => Promise<void>): Promise<ClosingLine[]> {
  const sum = db.query<ClosingLine, { first: number; last: number }>(
    `SELECT t.kind, a.kind AS account, count(*) AS movements, sum(e.amount_minor) AS amountMinor
     FROM ledger_entries e CROSS JOIN ledger_transactions t ON t.id = e.transaction_id CROSS JOIN ledger_accounts a ON a.id = e.account_id
     WHERE e.id BETWEEN $first AND $last GROUP BY t.kind, a.kind`,
  );
  const lines = new Map<string, ClosingLine>();
  for (let first = firstEntry; first <= lastEntry; first += SUMMED_AT_ONCE) {
    for (const line of sum.all({ first, last: Math.min(first + SUMMED_AT_ONCE - 1, lastEntry) })) {
      const name = `${line.kind} ${line.account}`;
      const before = lines.get(name);
      lines.set(name, {
        ...line,
        movements: line.movements + (before?.movements ?? 0),
        amountMinor: line.amountMinor + (before?.amountMinor ?? 0),
      });
    }
    await breathe();
  }
  return [...lines.values()].toSorted(byName);
}

function byName(a: ClosingLine, b: ClosingLine): number {
  return a.kind.localeCompare(b.kind) || a.account.localeCompare(b.account);
}
