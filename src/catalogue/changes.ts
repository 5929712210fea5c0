import type { Database } from 'bun:sqlite';
import { writeAudit } from '../admin/audit.ts';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import type { PriceRule } from './price-rules.ts';
import type { Counts, Price, Step, StepKind } from './steps.ts';

export type ChangeKind = 'import' | 'rules' | 'many' | 'one';
export type ChangeState = 'planned' | 'scheduled' | 'applied' | 'undone' | 'canceled' | 'failed';

/** A change of prices, as it is listed. */
export interface PriceChange extends Counts {
  id: string;
  kind: ChangeKind;
  state: ChangeState;
  /** What it is, in words. */
  title: string;
  /** E-mail of the operator; null when it was made on the command line. */
  by: string | null;
  createdAtMs: number;
  dueAtMs: number | null;
  /** When it was applied, canceled or failed. */
  endedAtMs: number | null;
  detail: string;
  /** The prices it was worked out on; null while it is to come. */
  revision: number | null;
  /** Its steps are kept. */
  kept: boolean;
}

/** What is audited of prices has this target. */
export const PRICES_AUDITED = 'prices';
/** A plan nobody confirmed is kept so long, and so many of them; a long one is some megabytes. */
const PLAN_MS = 86_400_000;
const PLANS_MAX = 5;
/** So many applied changes can be taken back, the newest first. */
const UNDOABLE_MAX = 20;

const LISTED = `SELECT c.id, c.kind, c.state, c.title, u.email AS "by", c.created_at_ms AS createdAtMs, c.due_at_ms AS dueAtMs, c.ended_at_ms AS endedAtMs,
  c.detail, c.revision, c.added, c.changed, c.removed, c.unchanged, c.steps IS NOT NULL AS kept
  FROM price_changes c LEFT JOIN users u ON u.id = c.user_id`;

type Row = Omit<PriceChange, 'kept'> & { kept: number };
const changeOf = ({ kept, ...row }: Row): PriceChange => ({ ...row, kept: kept === 1 });

/** Changes that were applied, are to come, or ended otherwise, newest first; plans that nobody confirmed are none. */
export function listChanges(db: Database, limit: number): PriceChange[] {
  return db
    .query<Row, { limit: number }>(
      `${LISTED} WHERE c.state <> 'planned' ORDER BY coalesce(c.ended_at_ms, c.created_at_ms) DESC, c.revision DESC, c.id DESC LIMIT $limit`,
    )
    .all({ limit })
    .map(changeOf);
}

/** Those to come, the next first. */
export function scheduledChanges(db: Database): PriceChange[] {
  return db.query<Row, []>(`${LISTED} WHERE c.state = 'scheduled' ORDER BY c.due_at_ms, c.id`).all().map(changeOf);
}

/** The change that can be taken back now: the newest that was applied and not taken back. */
export function undoable(db: Database): PriceChange | null {
  const row = db.query<Row, []>(`${LISTED} WHERE c.state = 'applied' ORDER BY c.revision DESC LIMIT 1`).get();
  return row?.kept === 1 ? changeOf(row) : null;
}

/** One change, or a refusal as `not_found`. */
export function requireChange(db: Database, id: string): PriceChange {
  const row = db.query<Row, { id: string }>(`${LISTED} WHERE c.id = $id`).get({ id });
  if (!row) throw new Refusal('not_found', 'There is no such change of prices; a plan that nobody confirmed is kept for a day.');
  return changeOf(row);
}

/** All steps of a change; empty when they are not kept any more. */
export function stepsOf(db: Database, id: string): Step[] {
  const row = db.query<{ steps: string | null }, { id: string }>('SELECT steps FROM price_changes WHERE id = $id').get({ id });
  return row?.steps ? (JSON.parse(row.steps) as Step[]) : [];
}

const KINDS: Record<StepKind, string> = {
  added: 's.value ->> 3 IS NULL',
  changed: 's.value ->> 3 IS NOT NULL AND s.value ->> 5 IS NOT NULL',
  removed: 's.value ->> 5 IS NULL',
};

/** One page of the steps of a kind. */
export function stepPage(db: Database, id: string, kind: StepKind, page: { number: number; size: number }): Step[] {
  return db
    .query<{ step: string }, { id: string; limit: number; offset: number }>(
      `SELECT s.value AS step FROM price_changes c, json_each(c.steps) s WHERE c.id = $id AND ${KINDS[kind]} ORDER BY s.key LIMIT $limit OFFSET $offset`,
    )
    .all({ id, limit: page.size, offset: (page.number - 1) * page.size })
    .map(({ step }) => JSON.parse(step) as Step);
}

export interface NewChange {
  kind: ChangeKind;
  title: string;
  /** Null on the command line. */
  userId: string | null;
}

export interface Plan {
  steps: readonly Step[];
  counts: Counts;
  revision: number;
}

/** What a plan is made of, so that it can be made anew when prices change meanwhile. */
export interface PlanSource {
  rules?: readonly PriceRule[];
  /** A whole list, as JSON. */
  wanted?: string;
}

/** Keeps what would change, to be looked at and confirmed; returns its id. Old plans are thrown away. */
export function keepPlan(tx: Tx, random: RandomBytes, change: NewChange, plan: Plan, source: PlanSource = {}): string {
  const id = insert(tx, random, change, { state: 'planned', ...plan });
  tx.db
    .query('UPDATE price_changes SET rules = $rules, wanted = $wanted WHERE id = $id')
    .run({ id, rules: source.rules === undefined ? null : JSON.stringify(source.rules), wanted: source.wanted ?? null });
  tx.db
    .query(
      `DELETE FROM price_changes WHERE state = 'planned' AND (created_at_ms < $old
         OR id NOT IN (SELECT id FROM price_changes WHERE state = 'planned' ORDER BY created_at_ms DESC, id DESC LIMIT ${PLANS_MAX}))`,
    )
    .run({ old: tx.nowMs - PLAN_MS });
  return id;
}

/** Notes a change that is applied in this transaction without a plan before it; returns its id. */
export function noteApplied(tx: Tx, random: RandomBytes, change: NewChange, plan: Plan): string {
  const id = insert(tx, random, change, { state: 'applied', ...plan });
  applied(tx, id, change, plan.counts);
  return id;
}

/**
 * Notes in the transaction that applies it that a plan, or a change that was to come, is applied. `steps`: as JSON, null when they are kept with it already. Refuses one
 * that is neither any more.
 */
export function planApplied(tx: Tx, id: string, change: NewChange, plan: Omit<Plan, 'steps'> & { steps: string | null }): void {
  const { added, changed, removed, unchanged } = plan.counts;
  const { changes } = tx.db
    .query(
      `UPDATE price_changes SET state = 'applied', wanted = NULL, ended_at_ms = $now, revision = $revision, steps = coalesce($steps, steps), added = $added, changed = $changed,
         removed = $removed, unchanged = $unchanged WHERE id = $id AND state IN ('planned', 'scheduled')`,
    )
    .run({ id, now: tx.nowMs, revision: plan.revision, steps: plan.steps, added, changed, removed, unchanged });
  if (changes === 0) throw new Refusal('prices_changed', 'This change was applied or canceled before.');
  applied(tx, id, change, plan.counts);
}

/** A change by rules that is to come. */
export function scheduleChange(tx: Tx, random: RandomBytes, change: NewChange, dueAtMs: number, rules: readonly PriceRule[]): string {
  const id = newId('chg', tx.nowMs, random);
  tx.db
    .query(
      `INSERT INTO price_changes (id, kind, state, title, user_id, created_at_ms, due_at_ms, rules)
       VALUES ($id, $kind, 'scheduled', $title, $userId, $now, $dueAtMs, $rules)`,
    )
    .run({ id, ...change, now: tx.nowMs, dueAtMs, rules: JSON.stringify(rules) });
  audit(tx, change.userId, 'prices.schedule', `${change.title}: to come at ${new Date(dueAtMs).toISOString()}.`);
  return id;
}

/** Ends a change that is to come, or a plan, without applying it. */
export function endChange(tx: Tx, id: string, state: 'canceled' | 'failed', userId: string | null, detail = ''): void {
  const row = requireChange(tx.db, id);
  const { changes } = tx.db
    .query(
      `UPDATE price_changes SET state = $state, ended_at_ms = $now, detail = $detail, steps = NULL, wanted = NULL WHERE id = $id AND state IN ('planned', 'scheduled')`,
    )
    .run({ id, state, now: tx.nowMs, detail });
  if (changes === 0) throw new Refusal('prices_changed', 'This change was applied or canceled before.');
  audit(tx, userId, state === 'failed' ? 'prices.fail' : 'prices.cancel', `${row.title}: ${state}${detail === '' ? '' : `: ${detail}`}.`);
}

/** Notes in the transaction that takes it back that a change is undone. */
export function changeUndone(tx: Tx, { id, title }: Pick<PriceChange, 'id' | 'title'>, userId: string | null): void {
  const { changes } = tx.db.query("UPDATE price_changes SET state = 'undone' WHERE id = $id AND state = 'applied'").run({ id });
  if (changes === 0) throw new Refusal('prices_changed', 'This change was taken back before.');
  audit(tx, userId, 'prices.undo', `${title}: taken back.`);
}

function insert(tx: Tx, random: RandomBytes, change: NewChange, { state, steps, counts, revision }: Plan & { state: ChangeState }): string {
  const id = newId('chg', tx.nowMs, random);
  const { added, changed, removed, unchanged } = counts;
  tx.db
    .query(
      `INSERT INTO price_changes (id, kind, state, title, user_id, created_at_ms, ended_at_ms, revision, added, changed, removed, unchanged, steps)
       VALUES ($id, $kind, $state, $title, $userId, $now, $endedAtMs, $revision, $added, $changed, $removed, $unchanged, $steps)`,
    )
    .run({
      ...{ id, ...change, state, now: tx.nowMs, endedAtMs: state === 'applied' ? tx.nowMs : null },
      ...{ revision, added, changed, removed, unchanged, steps: JSON.stringify(steps) },
    });
  return id;
}

function applied(tx: Tx, id: string, { kind, title, userId }: NewChange, counts: Counts): void {
  tx.db
    .query(
      `UPDATE price_changes SET steps = NULL WHERE state IN ('applied', 'undone') AND steps IS NOT NULL AND id <> $id AND id NOT IN
         (SELECT id FROM price_changes WHERE state = 'applied' ORDER BY revision DESC LIMIT ${UNDOABLE_MAX})`,
    )
    .run({ id });
  audit(tx, userId, `prices.${kind}`, `${title}: ${countsInWords(counts)}.`);
}

/** `3 new, 2 changed, 1 removed, 40 unchanged`. */
export function countsInWords({ added, changed, removed, unchanged }: Counts): string {
  return `${added} new, ${changed} changed, ${removed} removed, ${unchanged} unchanged`;
}

/** What a plan was made of. */
export function sourceOf(db: Database, id: string): { rules: PriceRule[] | null; wanted: Price[] | null } {
  const row = db
    .query<{ rules: string | null; wanted: string | null }, { id: string }>('SELECT rules, wanted FROM price_changes WHERE id = $id')
    .get({ id });
  const read = <T>(text: string | null | undefined): T | null => (text ? (JSON.parse(text) as T) : null);
  return { rules: read<PriceRule[]>(row?.rules), wanted: read<Price[]>(row?.wanted) };
}

function audit(tx: Tx, userId: string | null, action: string, detail: string): void {
  writeAudit(tx, { userId, action, target: PRICES_AUDITED, detail });
}
