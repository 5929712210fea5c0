import type { Database } from 'bun:sqlite';
import type { Detector } from '../condition.ts';

const EVERY_MS = 10_000;
/** Entries summed in one look: a few milliseconds, and only ever one piece between two commits. */
const AT_ONCE = 20_000;

/** A sum of the entries with ids up to `upTo`. */
interface Sum {
  upTo: number;
  minor: number;
}

/**
 * Whether all entries of the ledger sum to zero. Entries are only ever appended, and each commit's sum to zero, so the sum up to the newest is known from the sum before
 * and what is new. Besides, the old ones are summed again and again, piece by piece, in case something else than SMSPin changed them. Never all at once.
 */
export function ledgerDetector({ db, atOnce = AT_ONCE }: { db: Database; atOnce?: number }): Detector {
  /** Of all up to the newest that was looked at; null before the first round is complete. */
  let all: Sum | null = null;
  let round: Sum & { end: number } = { upTo: 0, minor: 0, end: newestId(db) };

  return {
    name: 'ledger',
    codes: ['ledger_unequal'],
    everyMs: EVERY_MS,
    look(standing) {
      round = { ...round, ...summed(db, round, round.end, atOnce) };
      if (round.upTo >= round.end) {
        // What came since the round began is new to the sum of all.
        all = { upTo: round.end, minor: round.minor };
        round = { upTo: 0, minor: 0, end: newestId(db) };
      }
      if (all === null) return standing.map((alarm) => ({ ...alarm, code: 'ledger_unequal' as const }));
      const newest = newestId(db);
      all = summed(db, all, newest, atOnce);
      // In the middle of much that is new, as after an import, the sum says nothing.
      if (all.upTo < newest) return standing.map((alarm) => ({ ...alarm, code: 'ledger_unequal' as const }));
      if (all.minor === 0) return [];
      return [
        {
          code: 'ledger_unequal',
          subject: '',
          text: `All entries together are ${all.minor} minor units, not 0.`,
          value: all.minor,
          threshold: 0,
        },
      ];
    },
    why: () => 'All entries sum to zero.',
  };
}

function newestId(db: Database): number {
  return db.query<{ id: number | null }, []>('SELECT max(id) AS id FROM ledger_entries').get()?.id ?? 0;
}

/** Goes on with a sum by one piece, to `end` at most. Ids may have gaps; the piece is of ids. */
function summed(db: Database, { upTo, minor }: Sum, end: number, atOnce: number): Sum {
  const to = Math.min(end, upTo + atOnce);
  if (to <= upTo) return { upTo, minor };
  const row = db
    .query<{ minor: number }, { after: number; to: number }>(
      'SELECT coalesce(sum(amount_minor), 0) AS minor FROM ledger_entries WHERE id > $after AND id <= $to',
    )
    .get({ after: upTo, to });
  return { upTo: to, minor: minor + (row?.minor ?? 0) };
}
