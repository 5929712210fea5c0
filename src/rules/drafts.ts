import type { Database } from 'bun:sqlite';
import { writeAudit } from '../admin/audit.ts';
import { NO_CHANGES, type RuleChanges } from '../codes/book.ts';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { canonical, findVersion, latestVersion, publish, type RuleVersion, refuseIfMoved } from './versions.ts';

export type ServiceChange = RuleChanges['services'][string];

/** What an operator is working on, or the published rules as they are when nothing is begun. */
export interface RuleDraft {
  /** The version it started from; 0 for none. */
  base: number;
  changes: RuleChanges;
  /** The changes as they are stored and compared. */
  json: string;
  /** Services whose rules differ from those of its base. */
  changed: string[];
  /** Somebody else published since. */
  isBehind: boolean;
  begun: boolean;
}

/** The draft of an operator. */
export function draftOf(db: Database, userId: string): RuleDraft {
  const row = db
    .query<{ base: number; changes: string }, { userId: string }>('SELECT base, changes FROM rule_drafts WHERE user_id = $userId')
    .get({ userId });
  const latest = latestVersion(db);
  const base = row?.base ?? latest?.number ?? 0;
  const before = changesOf(db, base);
  const changes = row === null ? before : (JSON.parse(row.changes) as RuleChanges);
  return {
    ...{ base, changes, begun: row !== null },
    json: canonical(changes),
    changed: changedServices(before, changes),
    isBehind: base !== (latest?.number ?? 0),
  };
}

/** The changes of a version; none for 0. */
export function changesOf(db: Database, number: number): RuleChanges {
  const json = findVersion(db, number)?.changes;
  return json === undefined ? NO_CHANGES : (JSON.parse(json) as RuleChanges);
}

/** Services that two sets of changes say different things of, by slug. */
export function changedServices(a: RuleChanges, b: RuleChanges): string[] {
  const one = (changes: RuleChanges, slug: string) => canonical({ services: { [slug]: changes.services[slug] ?? {} } });
  return [...new Set([...Object.keys(a.services), ...Object.keys(b.services)])].filter((slug) => one(a, slug) !== one(b, slug)).sort();
}

/** Changes with one service's replaced, or, with null, taken out. */
export function withService({ services }: RuleChanges, slug: string, change: ServiceChange | null): RuleChanges {
  const { [slug]: _, ...others } = services;
  return { services: change === null || Object.keys(change).length === 0 ? others : { ...others, [slug]: change } };
}

/** Keeps what an operator changed of a service in the draft; null brings the built-in rules of it back, or takes an own service away. */
export function saveDraft(tx: Tx, userId: string, slug: string, change: ServiceChange | null): void {
  const draft = draftOf(tx.db, userId);
  write(tx, userId, draft.base, withService(draft.changes, slug, change));
  writeAudit(tx, {
    userId,
    action: 'rules.draft',
    target: slug,
    detail: change === null ? 'brought back' : `changed: ${Object.keys(change).join(', ')}`,
  });
}

/** Takes one service out of the draft: it is again as published. */
export function dropService(tx: Tx, userId: string, slug: string): void {
  const draft = draftOf(tx.db, userId);
  write(tx, userId, draft.base, withService(draft.changes, slug, changesOf(tx.db, draft.base).services[slug] ?? null));
}

/** Throws the draft away. */
export function discardDraft(tx: Tx, userId: string): void {
  tx.db.query('DELETE FROM rule_drafts WHERE user_id = $userId').run({ userId });
}

/** Puts an operator's changes on the newest version: of a service that both changed, the operator's own change stays. Says which those are. */
export function rebaseDraft(tx: Tx, userId: string): string[] {
  const draft = draftOf(tx.db, userId);
  const latest = latestVersion(tx.db)?.number ?? 0;
  const theirs = changesOf(tx.db, latest);
  const both = changedServices(changesOf(tx.db, draft.base), theirs).filter((slug) => draft.changed.includes(slug));
  let changes = theirs;
  for (const slug of draft.changed) changes = withService(changes, slug, draft.changes.services[slug] ?? null);
  write(tx, userId, latest, changes);
  return both;
}

/**
 * Publishes an operator's draft, whose examples the caller has run: `tried` is the draft (RuleDraft.json) that passed them, so that what was changed
 * meanwhile, in another tab, is not published untried.
 */
export function publishDraft(tx: Tx, asked: { operatorId: string; note: string; tried: string }): RuleVersion {
  const draft = draftOf(tx.db, asked.operatorId);
  refuseIfMoved(tx.db, draft.base);
  if (draft.changed.length === 0) throw new Refusal('rules_fail', 'There is nothing to publish: the draft is as the rules in force.');
  if (draft.json !== asked.tried)
    throw new Refusal('rules_changed', 'The draft was changed meanwhile. Look at it again before you publish it.');
  if (asked.note.trim() === '') throw new Refusal('validation', 'Say in a few words what changes: the note stands with the version.');
  const version = publish(tx, { operatorId: asked.operatorId, base: draft.base, note: asked.note }, draft.json);
  discardDraft(tx, asked.operatorId);
  return version;
}

function write(tx: Tx, userId: string, base: number, changes: RuleChanges): void {
  tx.db
    .query(
      `INSERT INTO rule_drafts (user_id, base, changes, updated_at_ms) VALUES ($userId, $base, $changes, $now)
       ON CONFLICT (user_id) DO UPDATE SET base = excluded.base, changes = excluded.changes, updated_at_ms = excluded.updated_at_ms`,
    )
    .run({ userId, base, changes: canonical(changes), now: tx.nowMs });
}
