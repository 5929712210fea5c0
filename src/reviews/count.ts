import type { Database } from 'bun:sqlite';
import { countOpenReviews } from './list.ts';
import { countUnseenReports } from './reports.ts';

/** How much waits for an operator: undecided messages of open orders, and reports nobody has seen. */
export function reviewCount(db: Database): number {
  return countOpenReviews(db) + countUnseenReports(db);
}
