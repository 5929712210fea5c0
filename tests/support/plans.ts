import type { Database } from 'bun:sqlite';

/** How SQLite would answer a query, step by step; its parameters need no values. */
export function plansOf(db: Database, sql: string): string[] {
  const statement = db.prepare<{ detail: string }, null[]>(`EXPLAIN QUERY PLAN ${sql.replace(/\$\w+/g, '?')}`);
  return statement.all(...Array.from({ length: statement.paramsCount }, () => null)).map(({ detail }) => detail);
}
