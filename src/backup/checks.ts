import type { Database } from 'bun:sqlite';
import { auditTheAudit, chainHead } from '../admin/audit-chain.ts';
import { schemaVersion } from '../db/migrate.ts';
import { auditLedger } from '../ledger/audit.ts';
import type { Facts } from './manifest.ts';

/** Of a broken file SQLite names this many faults. */
const FAULTS_MAX = 20;

/** What was proved, and what is wrong with it, in plain words. */
export type Wrong = Record<'file' | 'ledger' | 'audit', string[]>;

/** The books and the audit log are read by this release's rules, which older schemas have no columns for: see `proveDatabase`. */
export interface Proof {
  /** All that is wrong; empty when nothing is. */
  wrong: string[];
  /** The same by where it is wrong. */
  by: Wrong;
  /** What could not be looked at, and why. */
  unchecked: string[];
  facts: Facts;
}

/**
 * Everything that can be proved of a database by itself: every page and index (integrity_check), references between tables, the books from their entries,
 * and the links of the audit log. A database of an older schema has its pages, references and sums checked, the rest only after it was migrated. Reads all
 * of it: seconds for each gigabyte. `latest` is the newest schema that this release knows.
 */
export function proveDatabase(db: Database, latest: number): Proof {
  const file = db
    .query<{ integrity_check: string }, []>(`PRAGMA integrity_check(${FAULTS_MAX})`)
    .all()
    .map((row) => row.integrity_check)
    .filter((said) => said !== 'ok');
  // A file with broken pages may answer anything from here on.
  const facts = factsOf(db);
  const proof = (by: Wrong, unchecked: string[]): Proof => ({ wrong: Object.values(by).flat(), by, unchecked, facts });
  if (file.length > 0) return proof({ file, ledger: [], audit: [] }, ['the books and the audit log, since the file is damaged']);
  const dangling = db.query<{ table: string; parent: string }, []>('PRAGMA foreign_key_check').all();
  if (dangling.length > 0)
    file.push(`${dangling.length} rows refer to rows that are not there, the first in ${dangling[0]?.table} to ${dangling[0]?.parent}`);
  const { sum_minor } = facts.ledger;
  const ledger = sum_minor === 0 ? [] : [`the entries of the ledger sum to ${sum_minor}, not to zero`];
  if (facts.schema_version !== latest)
    return proof({ file, ledger, audit: [] }, [
      `the books order by order, and the audit log: the schema is of version ${facts.schema_version}`,
    ]);
  return proof({ file, ledger: [...ledger, ...auditLedger(db)], audit: auditTheAudit(db) }, []);
}

/** The schema, the rows of each table, and the sums. */
export function factsOf(db: Database): Facts {
  const tables = db
    .query<{ name: string }, []>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
    )
    .all()
    .map(({ name }) => name);
  const count = (table: string): number => db.query<{ n: number }, []>(`SELECT count(*) AS n FROM "${table}"`).get()?.n ?? 0;
  const has = (table: string): boolean => tables.includes(table);
  const head = has('audit_chain') ? chainHead(db) : null;
  return {
    schema_version: schemaVersion(db),
    rows: Object.fromEntries(tables.map((table) => [table, count(table)])),
    ledger: has('ledger_entries') ? ledgerFacts(db) : { currency: null, entries: 0, sum_minor: 0, balances_minor: {} },
    audit: head === null ? null : { entry: head.auditId, hash: head.hash },
  };
}

function ledgerFacts(db: Database): Facts['ledger'] {
  const { entries, sum } = db
    .query<{ entries: number; sum: number }, []>('SELECT count(*) AS entries, coalesce(sum(amount_minor), 0) AS sum FROM ledger_entries')
    .get() ?? { entries: 0, sum: 0 };
  const kinds = db
    .query<{ kind: string; sum: number }, []>('SELECT kind, sum(balance_minor) AS sum FROM ledger_accounts GROUP BY kind')
    .all();
  const currency = db.query<{ value: string }, []>(`SELECT value FROM settings WHERE key = 'currency'`).get()?.value ?? null;
  return { currency, entries, sum_minor: sum, balances_minor: Object.fromEntries(kinds.map(({ kind, sum: total }) => [kind, total])) };
}
