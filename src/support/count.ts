import type { Database } from 'bun:sqlite';

/** How many tickets the operator is to answer. */
export function openTicketCount(db: Database): number {
  return db.query<{ n: number }, []>(`SELECT count(*) AS n FROM tickets WHERE state = 'open'`).get()?.n ?? 0;
}
