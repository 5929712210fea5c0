import type { Database } from 'bun:sqlite';

/** Writes as fast as the disk takes it, for a database that is thrown away when it fails. */
export function inBulk(db: Database, work: () => void): void {
  for (const pragma of ['synchronous = OFF', 'foreign_keys = OFF', 'temp_store = FILE', 'cache_size = -1048576', 'threads = 2']) {
    db.run(`PRAGMA ${pragma}`);
  }
  work();
  db.run('PRAGMA wal_checkpoint(TRUNCATE)');
}

/** Triggers and indexes of tables, put aside while many rows are written at once and then made again. */
export function withoutTriggers(db: Database, tables: readonly string[], work: () => void, told: (what: string) => void = () => {}): void {
  const made = db
    .query<{ type: string; name: string; sql: string }, { tables: string }>(
      `SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'index') AND sql IS NOT NULL
       AND tbl_name IN (SELECT value FROM json_each($tables)) ORDER BY type`,
    )
    .all({ tables: JSON.stringify(tables) });
  for (const { type, name } of made) db.run(`DROP ${type} ${name}`);
  work();
  for (const { name, sql } of made) {
    db.run(sql);
    told(name);
  }
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** SQL of the ten characters that `idsFrom` (src/lib/ids.ts) gives for a time, of the milliseconds that the expression says. */
export function timeCharacters(ms: string): string {
  const character = (shift: number) => `substr('${ALPHABET}', ((${ms}) >> ${shift} & 31) + 1, 1)`;
  return Array.from({ length: 10 }, (_, at) => character(45 - 5 * at)).join(' || ');
}

/** SQL of one of `of`, taken in turn by the integer expression. */
export function chosen(index: string, of: readonly string[]): string {
  return `CASE (${index}) % ${of.length} ${of.map((one, n) => `WHEN ${n} THEN '${one}'`).join(' ')} END`;
}

/** A table `n` with the whole numbers from `from` to `until`, `until` left out, as the beginning of a statement. */
export function numbers(from: number, until: number): string {
  return `WITH RECURSIVE n(i) AS (SELECT ${from} WHERE ${from} < ${until} UNION ALL SELECT i + 1 FROM n WHERE i < ${until - 1})`;
}
