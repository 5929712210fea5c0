import { Database } from 'bun:sqlite';
import { existsSync } from 'node:fs';
import { BUILT_IN, compileBook, type RuleBook, type RuleChanges } from '../codes/book.ts';
import { type Log, messageOf } from '../lib/log.ts';
import { editionOf, latestVersion } from './versions.ts';

/** The rules in force, kept compiled. */
export interface PublishedRules {
  /** The book of the published version; that of the program alone when none is published. */
  current: () => RuleBook;
  /** Reads the database again: after a version was published, here or by another process. Cheap when none was. */
  refresh(): void;
  /** Why the published version is not in force, in words, or null. Then the one before goes on. */
  problem(): string | null;
}

/** Opens the published rules of a database. What this release cannot read is logged and shown to the operator, and changes nothing. */
export function openRules(db: Database, log: Log | null = null): PublishedRules {
  let number = 0;
  let judging = BUILT_IN;
  let book = BUILT_IN;
  let names = '[]';
  let problem: string | null = null;
  const refresh = (): void => {
    readVersion();
    const rows = shownNames(db);
    const now = JSON.stringify(rows);
    if (book.version === judging.version && now === names) return;
    names = now;
    book = rows.length === 0 ? judging : { ...judging, shownNames: new Map(rows) };
  };
  const readVersion = (): void => {
    const version = latestVersion(db);
    if (version === null || version.number === number) return;
    number = version.number;
    try {
      judging = compileBook(JSON.parse(version.changes) as RuleChanges, editionOf(version));
      problem = null;
      log?.info('rules_published', { version: judging.version });
    } catch (thrown) {
      problem = `Version ${version.number} cannot be read by this release (${messageOf(thrown)}); ${judging.version} stays in force.`;
      log?.error('rules_unreadable', { number: version.number, error: messageOf(thrown) });
    }
  };
  refresh();
  return { current: () => book, refresh, problem: () => problem };
}

/** What the operator calls services in the catalogue. */
function shownNames(db: Database): [slug: string, name: string][] {
  return db
    .query<{ slug: string; name: string }, []>('SELECT slug, name FROM services WHERE name IS NOT NULL ORDER BY slug')
    .all()
    .map(({ slug, name }) => [slug, name]);
}

/** The published rules of a data folder for a command that only reads: those of the program where there is no database yet, or an older one. */
export function rulesOfFile(path: string): RuleBook {
  if (!existsSync(path)) return BUILT_IN;
  const db = new Database(path, { readonly: true, strict: true });
  try {
    db.run('PRAGMA busy_timeout = 5000');
    const table = db.query("SELECT 1 FROM sqlite_schema WHERE name = 'rule_versions'").get();
    const version = table === null ? null : latestVersion(db);
    return version === null ? BUILT_IN : compileBook(JSON.parse(version.changes) as RuleChanges, editionOf(version));
  } finally {
    db.close();
  }
}
