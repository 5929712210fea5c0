import type { Database, Statement } from 'bun:sqlite';

/** Who measures statements. */
export interface StatementWatch {
  monotonicMs(): number;
  /** Nothing is told of statements that are quicker. */
  slowMs: number;
  /** `text` is the statement without any value. */
  slow(statement: { text: string; ms: number }): void;
}

const MEASURED = ['get', 'all', 'run', 'values'] as const;
const TEXT_CHARACTERS_MAX = 400;

/** Measures every statement that is made by `db.query` from now on. What a statement is given never leaves it: only its own text is told. */
export function watchStatements(db: Database, watch: StatementWatch): void {
  const watched = new WeakSet<object>();
  const query = db.query.bind(db) as (sql: string) => Statement;
  const watchedQuery = (sql: string): Statement => {
    const statement = query(sql);
    if (watched.has(statement)) return statement;
    watched.add(statement);
    for (const name of MEASURED) measure(statement, name, sql, watch);
    return statement;
  };
  db.query = watchedQuery as Database['query'];
}

function measure(statement: Statement, name: (typeof MEASURED)[number], sql: string, watch: StatementWatch): void {
  const own = statement[name] as (...given: unknown[]) => unknown;
  const measured = (...given: unknown[]): unknown => {
    const beganMs = watch.monotonicMs();
    try {
      return own.apply(statement, given);
    } finally {
      const ms = watch.monotonicMs() - beganMs;
      if (ms >= watch.slowMs) watch.slow({ text: withoutValues(sql), ms });
    }
  };
  Object.defineProperty(statement, name, { value: measured, configurable: true, writable: true });
}

/** A statement's text on one line, with `?` for each literal in it: parameters are names in the text already. */
export function withoutValues(sql: string): string {
  return sql
    .slice(0, TEXT_CHARACTERS_MAX * 4)
    .replace(/x?'(?:[^']|'')*(?:'|$)/gi, '?')
    .replace(/\b\d[\d_.]*\b/g, '?')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, TEXT_CHARACTERS_MAX);
}
