import type { Database } from 'bun:sqlite';
import { writeAudit } from '../admin/audit.ts';
import type { RuleChanges } from '../codes/book.ts';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';

/** A published version of an operator's changes. */
export interface RuleVersion {
  number: number;
  createdAtMs: number;
  email: string;
  note: string;
  /** JSON, see codes/book.ts. */
  changes: string;
  hash: string;
  restores: number | null;
}

export const NOTE_CHARACTERS_MAX = 500;

const VERSION = `SELECT v.number, v.created_at_ms AS createdAtMs, u.email, v.note, v.changes, v.hash, v.restores
  FROM rule_versions v JOIN users u ON u.id = v.user_id`;

/** The version in force, or null when none was published. */
export function latestVersion(db: Database): RuleVersion | null {
  return db.query<RuleVersion, []>(`${VERSION} ORDER BY v.number DESC LIMIT 1`).get();
}

/** A version by its number, or null. */
export function findVersion(db: Database, number: number): RuleVersion | null {
  return db.query<RuleVersion, { number: number }>(`${VERSION} WHERE v.number = $number`).get({ number });
}

/** The newest versions first. */
export function listVersions(db: Database, limit: number): RuleVersion[] {
  return db.query<RuleVersion, { limit: number }>(`${VERSION} ORDER BY v.number DESC LIMIT $limit`).all({ limit });
}

/** How a judgement names the version: its number and what it holds. */
export function editionOf({ number, hash }: { number: number; hash: string }): string {
  return `${number}-${hash}`;
}

/** Changes in the one form in which they are stored and compared: services by slug, nothing that says nothing. */
export function canonical({ services }: RuleChanges): string {
  const sorted = Object.entries(services)
    .filter(([, change]) => Object.keys(change).length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([slug, change]) => [slug, Object.fromEntries(Object.entries(change).sort(([a], [b]) => (a < b ? -1 : 1)))]);
  return JSON.stringify({ services: Object.fromEntries(sorted) });
}

export function hashOf(changes: string): string {
  return new Bun.CryptoHasher('sha256').update(changes).digest('hex').slice(0, 8);
}

export interface Publishing {
  operatorId: string;
  /** The version the operator started from, 0 for none: another one meanwhile means that somebody else published. */
  base: number;
  note: string;
}

/**
 * Publishes changes as the next version; refuses when another version was published since `base`. It is in force for what is judged after the commit.
 */
export function publish(tx: Tx, { operatorId, base, note }: Publishing, changes: string, restores: number | null = null): RuleVersion {
  refuseIfMoved(tx.db, base);
  const number = base + 1;
  const hash = hashOf(changes);
  const kept = note.trim().slice(0, NOTE_CHARACTERS_MAX).toWellFormed();
  tx.db
    .query(
      `INSERT INTO rule_versions (number, created_at_ms, user_id, note, changes, hash, restores)
       VALUES ($number, $now, $operatorId, $note, $changes, $hash, $restores)`,
    )
    .run({ number, now: tx.nowMs, operatorId, note: kept, changes, hash, restores });
  const what =
    restores === null
      ? `version ${number}`
      : `version ${number}, which brings back ${restores === 0 ? 'the built-in rules' : `version ${restores}`}`;
  writeAudit(tx, { userId: operatorId, action: 'rules.publish', target: 'rules', detail: `${what} (${hash}): ${kept}` });
  const published = findVersion(tx.db, number);
  if (published === null) throw new Error('broken invariant: a version that was written is not there');
  return published;
}

/** Publishes a former version again as a new one. Number 0 brings the rules back that come with the program. */
export function restore(tx: Tx, asked: Publishing, number: number): RuleVersion {
  const former = number === 0 ? null : findVersion(tx.db, number);
  if (number !== 0 && former === null) throw new Refusal('not_found', `There is no version ${number}.`);
  refuseIfMoved(tx.db, asked.base);
  const changes = former?.changes ?? canonical({ services: {} });
  if (number === asked.base || changes === latestVersion(tx.db)?.changes)
    throw new Refusal('rules_fail', 'These are the rules in force already: there is nothing to bring back.');
  // The column names versions; what comes with the program is none.
  return publish(tx, asked, changes, number === 0 ? null : number);
}

/** Tells an operator that somebody else published meanwhile. */
export function refuseIfMoved(db: Database, base: number): void {
  const latest = latestVersion(db);
  if ((latest?.number ?? 0) === base) return;
  const who = latest === null ? '' : ` (by ${latest.email} at ${new Date(latest.createdAtMs).toISOString()}: ${latest.note})`;
  throw new Refusal(
    'rules_changed',
    `Version ${latest?.number ?? 0} was published meanwhile${who}. Nothing of yours was published; look at it first.`,
  );
}
