import { writeAudit } from '../admin/audit.ts';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';

export const NOTE_CHARACTERS_MAX = 500;

/**
 * An operator says that an event which needed a look was dealt with, with a note of how, or takes that back. Kept with who and when, and in the audit trail; saying the same
 * twice changes nothing. Refuses with `not_found`, and with `validation` a mark without a note.
 */
export function markEvent(
  tx: Tx,
  asked: { userId: string; provider: string; eventId: string; done: boolean; note: string },
): 'marked' | 'unchanged' {
  const { userId, provider, eventId, done } = asked;
  const note = asked.note.trim().slice(0, NOTE_CHARACTERS_MAX).toWellFormed();
  const event = tx.db
    .query<{ outcome: string; done: number | null }, { provider: string; eventId: string }>(
      `SELECT outcome, (SELECT m.done FROM payment_event_marks m WHERE m.provider = e.provider AND m.event_id = e.event_id ORDER BY m.id DESC LIMIT 1) AS done
       FROM payment_events e WHERE provider = $provider AND event_id = $eventId AND attention = 1`,
    )
    .get({ provider, eventId });
  if (!event) throw new Refusal('not_found', 'There is no such event of a payment to look at.');
  if ((event.done === 1) === done) return 'unchanged';
  if (done && note === '') throw new Refusal('validation', 'Write what was done about it, such as: refunded at Stripe.');
  tx.db
    .query(
      `INSERT INTO payment_event_marks (provider, event_id, done, note, user_id, at_ms) VALUES ($provider, $eventId, $done, $note, $userId, $now)`,
    )
    .run({ provider, eventId, done: done ? 1 : 0, note, userId, now: tx.nowMs });
  const action = done ? 'payment_event_done' : 'payment_event_undone';
  writeAudit(tx, { userId, action, target: `${provider}:${eventId}`, detail: done ? `${event.outcome}: ${note}` : event.outcome });
  return 'marked';
}
