import type { Database } from 'bun:sqlite';
import { writeAudit } from '../admin/audit.ts';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';

export const REPORT_REASONS = ['wrong_code', 'not_my_service'] as const;
export type ReportReason = (typeof REPORT_REASONS)[number];

/** A customer may think again for this long after the first word. */
export const SECOND_THOUGHTS_MS = 5 * 60_000;
export const EXPECTED_CHARACTERS_MAX = 64;
const NOTE_CHARACTERS_MAX = 500;

/** What a customer said of a message. */
export interface MessageReport {
  messageId: string;
  reason: ReportReason;
  expected: string | null;
  reportedAtMs: number;
  /** Until when it can be taken back. */
  undoUntilMs: number;
}

/**
 * Takes a customer's word on a message that was delivered to them, for the operator; money is not touched. Refuses `not_found`, `already_exists` (one word for
 * each message), and `too_late` for a second word after the first was taken back and the minutes for second thoughts are over.
 */
export function reportMessage(
  tx: Tx,
  said: { userId: string; messageId: string; reason: ReportReason; expected: string | null },
): MessageReport {
  const { userId, messageId, reason } = said;
  const own = tx.db.query('SELECT 1 FROM messages WHERE id = $messageId AND user_id = $userId').get({ messageId, userId });
  if (!own) throw new Refusal('not_found', 'You have no message with this id.');
  const earlier = findRow(tx.db, messageId);
  if (earlier && earlier.withdrawnAtMs === null)
    throw new Refusal('already_exists', 'You have reported this message already; our operator looks at it.');
  if (earlier && tx.nowMs > earlier.firstAtMs + SECOND_THOUGHTS_MS)
    throw new Refusal('too_late', 'You reported this message and took it back; after five minutes that stands.');
  const expected = said.expected?.trim().slice(0, EXPECTED_CHARACTERS_MAX).toWellFormed() || null;
  tx.db
    .query(
      `INSERT INTO message_reports (message_id, user_id, reason, expected, first_at_ms, reported_at_ms) VALUES ($messageId, $userId, $reason, $expected, $now, $now)
       ON CONFLICT (message_id) DO UPDATE SET reason = $reason, expected = $expected, reported_at_ms = $now, withdrawn_at_ms = NULL`,
    )
    .run({ messageId, userId, reason, expected, now: tx.nowMs });
  return { messageId, reason, expected, reportedAtMs: tx.nowMs, undoUntilMs: (earlier?.firstAtMs ?? tx.nowMs) + SECOND_THOUGHTS_MS };
}

/** Takes a customer's word back within the first minutes. Refuses `not_found` and `too_late` (also once the operator has seen it). */
export function withdrawReport(tx: Tx, { userId, messageId }: { userId: string; messageId: string }): void {
  const row = findRow(tx.db, messageId);
  if (!row || row.userId !== userId || row.withdrawnAtMs !== null)
    throw new Refusal('not_found', 'You have no report on a message with this id.');
  if (row.seenAtMs !== null) throw new Refusal('too_late', 'Our operator has looked at this report already.');
  if (tx.nowMs > row.firstAtMs + SECOND_THOUGHTS_MS) throw new Refusal('too_late', 'A report can be taken back within five minutes.');
  tx.db.query('UPDATE message_reports SET withdrawn_at_ms = $now WHERE message_id = $messageId').run({ now: tx.nowMs, messageId });
}

/** What the customer of a message said of it, or null. */
export function reportOf(db: Database, messageId: string): MessageReport | null {
  const row = findRow(db, messageId);
  if (!row || row.withdrawnAtMs !== null) return null;
  const { reason, expected, reportedAtMs, firstAtMs, seenAtMs } = row;
  return { messageId, reason, expected, reportedAtMs, undoUntilMs: seenAtMs === null ? firstAtMs + SECOND_THOUGHTS_MS : 0 };
}

/** The operator has looked at a report; the customer does not see the note. False when it was seen, or taken back, already. */
export function seeReport(tx: Tx, seen: { operatorId: string; messageId: string; note: string }): boolean {
  const { operatorId, messageId } = seen;
  const note = seen.note.trim().slice(0, NOTE_CHARACTERS_MAX).toWellFormed();
  const { changes } = tx.db
    .query(
      `UPDATE message_reports SET seen_at_ms = $now, seen_by = $operatorId, note = $note
       WHERE message_id = $messageId AND seen_at_ms IS NULL AND withdrawn_at_ms IS NULL`,
    )
    .run({ now: tx.nowMs, operatorId, messageId, note });
  if (changes === 1) writeAudit(tx, { userId: operatorId, action: 'report.seen', target: messageId, detail: '' });
  return changes === 1;
}

/** A report as the operator reads it. */
export interface ReportItem {
  messageId: string;
  reason: ReportReason;
  expected: string | null;
  reportedAtMs: number;
  email: string;
  seenAtMs: number | null;
  seenBy: string | null;
  note: string | null;
}

/** Reports, those not seen first (oldest first), then the newest seen ones, at most `limit`. Each kind by its own index. */
export function listReports(db: Database, limit: number): ReportItem[] {
  const read = (which: string, most: number) =>
    db
      .query<ReportItem, { limit: number }>(
        `SELECT r.message_id AS messageId, r.reason, r.expected, r.reported_at_ms AS reportedAtMs, u.email, r.seen_at_ms AS seenAtMs, s.email AS seenBy, r.note
         FROM message_reports r JOIN users u ON u.id = r.user_id LEFT JOIN users s ON s.id = r.seen_by WHERE r.withdrawn_at_ms IS NULL AND ${which} LIMIT $limit`,
      )
      .all({ limit: most });
  const unseen = read('r.seen_at_ms IS NULL ORDER BY r.reported_at_ms, r.message_id', limit);
  return [...unseen, ...read('r.seen_at_ms IS NOT NULL ORDER BY r.seen_at_ms DESC, r.message_id DESC', limit - unseen.length)];
}

/** How many reports nobody has looked at. */
export function countUnseenReports(db: Database): number {
  const sql = 'SELECT count(*) AS n FROM message_reports WHERE seen_at_ms IS NULL AND withdrawn_at_ms IS NULL';
  return db.query<{ n: number }, []>(sql).get()?.n ?? 0;
}

interface ReportRow {
  userId: string;
  reason: ReportReason;
  expected: string | null;
  firstAtMs: number;
  reportedAtMs: number;
  withdrawnAtMs: number | null;
  seenAtMs: number | null;
}

function findRow(db: Database, messageId: string): ReportRow | null {
  return db
    .query<ReportRow, { messageId: string }>(
      `SELECT user_id AS userId, reason, expected, first_at_ms AS firstAtMs, reported_at_ms AS reportedAtMs, withdrawn_at_ms AS withdrawnAtMs, seen_at_ms AS seenAtMs
       FROM message_reports WHERE message_id = $messageId`,
    )
    .get({ messageId });
}
