import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { queueDelivery } from '../outbox/deliveries.ts';
import { isSwitched, isUrgent, type MailKind } from './kinds.ts';
import { mailPreferences } from './preferences.ts';

/** Of each customer one, so that what waits of one holds nobody else's back; all without an account share one. How much goes to the mail server at once, the courier says. */
function mailTarget(userId: string | null): string {
  return `smtp:${userId ?? ''}`;
}

/** Whether a mail server is set up, as the server found at its last start; commands beside it obey the same word. */
export function isMailOn(db: Database): boolean {
  return db.query("SELECT 1 FROM settings WHERE key = 'mail' AND value = 'on'").get() !== null;
}

/** Tells the triggers and verbs of this data folder whether to queue mails. */
export function setMailOn(tx: Tx, on: boolean): void {
  tx.db
    .query("INSERT INTO settings (key, value) VALUES ('mail', $value) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
    .run({ value: on ? 'on' : 'off' });
}

/**
 * Queues a mail in the transaction of what it tells of. `about` names that fact: the same kind about the same is queued once. For somebody without an
 * account `userId` is null and the payload says `to`. False, and nothing is queued, without a mail server, or when its receiver does not want this kind.
 */
export function queueMail(
  tx: Tx,
  mail: { kind: MailKind; about: string; userId: string | null; lane?: string; payload?: unknown; notBeforeMs?: number },
): boolean {
  const { kind, about, userId, ...more } = mail;
  if (!isMailOn(tx.db)) return false;
  if (userId !== null && isSwitched(kind) && !mailPreferences(tx.db, userId)[kind]) return false;
  const target = mailTarget(userId);
  return queueDelivery(tx, {
    id: `mail:${kind}:${about}`,
    channel: 'mail',
    userId,
    target,
    topic: kind,
    isUrgent: isUrgent(kind),
    ...more,
  });
}
