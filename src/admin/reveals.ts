import type { Door, Tx } from '../db/write.ts';
import { writeAudit } from './audit.ts';

/** The same operator who sees the same text again within this time has seen it once: a page that is reloaded tells nothing new. */
const SAME_READING_MS = 3_600_000;

/** What an operator is about to be shown: texts of messages, or raw parts, both of which may hold codes. `where` ends the sentence "Shown …". */
export interface Reveal {
  userId: string;
  messageIds: readonly string[];
  partIds?: readonly string[];
  where: string;
}

/** Writes down who is shown which texts, before they are shown: when that fails, so does the page. Neither text nor code stands in the trail. */
export async function auditReveal(door: Door, reveal: Reveal): Promise<void> {
  const { userId, messageIds, partIds = [], where } = reveal;
  const entries = [
    ...messageIds.map((id) => ({ userId, action: 'message.reveal', target: id, detail: `Its text was shown ${where}.` })),
    ...partIds.map((id) => ({ userId, action: 'part.reveal', target: `part ${id}`, detail: `Its raw PDU was shown ${where}.` })),
  ];
  if (entries.length === 0) return;
  await door.write((tx) => {
    for (const entry of entries) if (!wasRevealed(tx, entry)) writeAudit(tx, entry);
  });
}

function wasRevealed(tx: Tx, { userId, action, target }: { userId: string; action: string; target: string }): boolean {
  return (
    tx.db
      .query(
        'SELECT 1 FROM audit WHERE target = $target AND user_id = $userId AND action = $action AND at_ms BETWEEN $since AND $now LIMIT 1',
      )
      .get({ target, userId, action, since: tx.nowMs - SAME_READING_MS, now: tx.nowMs }) !== null
  );
}
