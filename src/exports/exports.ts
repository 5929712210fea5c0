import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import type { Period } from '../lib/period.ts';
import type { FailureReason, Made } from './job.ts';
import type { ExportFormat, ExportKind } from './kinds.ts';

export type ExportStatus = 'queued' | 'running' | 'ready' | 'failed' | 'canceled' | 'revoked' | 'expired';

/** A file a customer asked for, as the database keeps it. */
export interface Export {
  id: string;
  userId: string;
  kind: ExportKind;
  format: ExportFormat;
  bom: 0 | 1;
  fromMs: number | null;
  toMs: number | null;
  status: ExportStatus;
  reason: FailureReason | null;
  detail: string | null;
  attempts: number;
  rows: number | null;
  octets: number | null;
  sha256: string | null;
  createdAtMs: number;
  madeAtMs: number | null;
  expiresAtMs: number;
}

/** What bounds the disk that exports take. */
export interface ExportLimits {
  keepHours: number;
  /** Of all files of an account together. */
  accountOctets: number;
  /** Files that are made at the same time, at most one of an account. */
  atOnce: number;
}

/** Waiting and running ones of an account. */
const OPEN_MAX = 5;
/** Files of an account, however small. */
const KEPT_MAX = 100;
/** Begun so often without an end, it is the export that brings the server down. */
const ATTEMPTS_MAX = 3;
/** Rows without a file are forgotten after this long. */
const ROW_KEPT_MS = 90 * 86_400_000;
const HOUR_MS = 3_600_000;

const COLUMNS = `id, user_id AS userId, kind, format, bom, from_ms AS fromMs, to_ms AS toMs, status, reason, detail, attempts, row_count AS rows, octets, sha256,
  created_at_ms AS createdAtMs, made_at_ms AS madeAtMs, expires_at_ms AS expiresAtMs`;

export interface ExportRequest extends Period {
  userId: string;
  kind: ExportKind;
  format: ExportFormat;
  bom: boolean;
}

/** Queues an export. Refuses with `limit_reached` when too many wait or the account's space is used up. */
export function createExport(tx: Tx, request: ExportRequest, limits: ExportLimits, random: RandomBytes): Export {
  const { open = 0, kept = 0 } =
    tx.db
      .query<{ open: number; kept: number }, { userId: string }>(
        `SELECT count(*) FILTER (WHERE status <> 'ready') AS open, count(*) FILTER (WHERE status = 'ready') AS kept
         FROM exports WHERE user_id = $userId AND status IN ('queued', 'running', 'ready')`,
      )
      .get({ userId: request.userId }) ?? {};
  if (open >= OPEN_MAX) {
    throw new Refusal(
      'limit_reached',
      `${OPEN_MAX} of your exports are being made or wait for it. Try again when one is ready, or cancel one.`,
    );
  }
  if (kept >= KEPT_MAX) {
    throw new Refusal('limit_reached', `You have ${KEPT_MAX} exports that are ready. Revoke one, or wait until one expires.`);
  }
  if (octetsLeft(tx.db, request.userId, limits) <= 0) {
    throw new Refusal(
      'limit_reached',
      `Your exports take up all of the ${Math.floor(limits.accountOctets / 1_000_000)} MB there are for them. Revoke one, or wait until one expires.`,
    );
  }
  const id = newId('exp', tx.nowMs, random);
  tx.db
    .query(
      `INSERT INTO exports (id, user_id, kind, format, bom, from_ms, to_ms, status, created_at_ms, expires_at_ms)
       VALUES ($id, $userId, $kind, $format, $bom, $fromMs, $toMs, 'queued', $now, $expiresAtMs)`,
    )
    .run({
      ...{ id, userId: request.userId, kind: request.kind, format: request.format, bom: request.bom ? 1 : 0 },
      ...{ fromMs: request.fromMs, toMs: request.toMs, now: tx.nowMs, expiresAtMs: tx.nowMs + limits.keepHours * HOUR_MS },
    });
  return requireExport(tx.db, id, request.userId);
}

/** How many octets the next file of an account may have. */
export function octetsLeft(db: Database, userId: string, limits: ExportLimits): number {
  const kept = db
    .query<{ octets: number | null }, { userId: string }>(
      `SELECT sum(octets) AS octets FROM exports WHERE user_id = $userId AND status = 'ready'`,
    )
    .get({ userId });
  return limits.accountOctets - (kept?.octets ?? 0);
}

/** An export by its id, only the customer's if given; null when there is none. */
export function findExport(db: Database, id: string, userId?: string): Export | null {
  return db
    .query<Export, { id: string; userId: string | null }>(
      `SELECT ${COLUMNS} FROM exports WHERE id = $id AND ($userId IS NULL OR user_id = $userId)`,
    )
    .get({ id, userId: userId ?? null });
}

/** As findExport, but refuses with `not_found`. */
export function requireExport(db: Database, id: string, userId: string): Export {
  const found = findExport(db, id, userId);
  if (!found) throw new Refusal('not_found', 'You have no export with this id.');
  return found;
}

/** A customer's exports, newest first, before the export `cursor`. */
export function listExports(db: Database, userId: string, page: { limit: number; cursor: string | null }): Export[] {
  return db
    .query<Export, { userId: string; cursor: string; limit: number }>(
      `SELECT ${COLUMNS} FROM exports WHERE user_id = $userId AND id < $cursor ORDER BY id DESC LIMIT $limit`,
    )
    .all({ userId, cursor: page.cursor || '~', limit: page.limit });
}

/** The oldest that waits and whose customer has none of those that are `begun`; null when there is none. */
export function nextQueued(db: Database, begun: readonly string[]): Export | null {
  return db
    .query<Export, { begun: string }>(
      `SELECT ${COLUMNS} FROM exports WHERE status = 'queued' AND user_id NOT IN
         (SELECT b.user_id FROM exports b WHERE b.id IN (SELECT value FROM json_each($begun))) ORDER BY id LIMIT 1`,
    )
    .get({ begun: JSON.stringify(begun) });
}

/** Those that are not over: for timers, files and a new start. */
export function liveExports(db: Database): Export[] {
  return db.query<Export, []>(`SELECT ${COLUMNS} FROM exports WHERE status IN ('queued', 'running', 'ready') ORDER BY id`).all();
}

/** The signed manifest of a file that is ready, or null. */
export function manifestOf(db: Database, id: string): string | null {
  const row = db.query<{ manifest: string | null }, { id: string }>(`SELECT manifest FROM exports WHERE id = $id AND status = 'ready'`);
  return row.get({ id })?.manifest ?? null;
}

/** From waiting to running; false when it is not waiting any more. */
export function beginExport(tx: Tx, id: string): boolean {
  const begun = tx.db.query(`UPDATE exports SET status = 'running', attempts = attempts + 1 WHERE id = $id AND status = 'queued'`);
  return begun.run({ id }).changes === 1;
}

/** Writes down how the making ended; false, and nothing changes, when it is not running any more (canceled meanwhile). */
export function endExport(tx: Tx, id: string, made: Made, manifest: string | null): boolean {
  if (made.ok) {
    return (
      tx.db
        .query(
          `UPDATE exports SET status = 'ready', row_count = $rows, octets = $octets, sha256 = $sha256, manifest = $manifest, made_at_ms = $now
           WHERE id = $id AND status = 'running'`,
        )
        .run({ id, rows: made.rows, octets: made.octets, sha256: made.sha256, manifest, now: tx.nowMs }).changes === 1
    );
  }
  return failExport(tx, id, made.reason, made.detail);
}

function failExport(tx: Tx, id: string, reason: FailureReason, detail: string): boolean {
  return (
    tx.db
      .query(`UPDATE exports SET status = 'failed', reason = $reason, detail = $detail WHERE id = $id AND status IN ('queued', 'running')`)
      .run({ id, reason, detail }).changes === 1
  );
}

/** What is said to run, and of the `begun` is none, is made anew: the process had died; what was begun too often has failed. */
export function resumeExports(tx: Tx, begun: readonly string[]): { again: number; failed: number } {
  const running = tx.db
    .query<{ id: string; attempts: number }, []>(`SELECT id, attempts FROM exports WHERE status = 'running'`)
    .all()
    .filter(({ id }) => !begun.includes(id));
  let failed = 0;
  for (const { id, attempts } of running) {
    if (attempts >= ATTEMPTS_MAX) {
      failExport(
        tx,
        id,
        'interrupted',
        `The server was stopped ${attempts} times while it made this file. Ask for it again, or for a shorter period.`,
      );
      failed++;
    } else tx.db.query(`UPDATE exports SET status = 'queued' WHERE id = $id`).run({ id });
  }
  return { again: running.length - failed, failed };
}

/** The customer wants it no more: what waits or runs is canceled, what is ready is revoked; what is over stays as it is. Refuses with `not_found`. */
export function withdrawExport(tx: Tx, id: string, userId: string): Export {
  requireExport(tx.db, id, userId);
  tx.db
    .query(
      `UPDATE exports SET status = iif(status = 'ready', 'revoked', 'canceled'), manifest = NULL WHERE id = $id AND status IN ('queued', 'running', 'ready')`,
    )
    .run({ id });
  return requireExport(tx.db, id, userId);
}

/** Cancels what waits or runs. Refuses with `not_found`, and with `too_late` what is over or ready. */
export function cancelExport(tx: Tx, id: string, userId: string): Export {
  const found = requireExport(tx.db, id, userId);
  if (found.status !== 'queued' && found.status !== 'running') {
    throw new Refusal('too_late', `The export is ${found.status}: only one that waits or is being made can be canceled.`);
  }
  return withdrawExport(tx, id, userId);
}

/** Ends what has reached its time, and forgets rows that ended long ago; the ids of those whose files go. */
export function expireExports(tx: Tx): string[] {
  const due = tx.db
    .query<{ id: string }, { now: number }>(
      `UPDATE exports SET status = 'expired', manifest = NULL WHERE status IN ('queued', 'running', 'ready') AND expires_at_ms <= $now RETURNING id`,
    )
    .all({ now: tx.nowMs });
  tx.db
    .query(`DELETE FROM exports WHERE status NOT IN ('queued', 'running', 'ready') AND expires_at_ms <= $beforeMs`)
    .run({ beforeMs: tx.nowMs - ROW_KEPT_MS });
  return due.map(({ id }) => id);
}
