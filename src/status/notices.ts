import type { Tx } from '../db/write.ts';
import { isMailOn, queueMail } from '../mail/queue.ts';
import { confirmedSubscribers } from './subscribers.ts';

/** Queues a mail to everybody who subscribed, in the transaction of what it tells of. */
export function tellSubscribers(
  tx: Tx,
  notice: { kind: 'status_maintenance' | 'status_incident'; about: string; payload: Record<string, unknown> },
): void {
  if (!isMailOn(tx.db)) return;
  const { kind, about, payload } = notice;
  for (const { id, email } of confirmedSubscribers(tx.db))
    queueMail(tx, { kind, about: `${about}:${id}`, userId: null, payload: { ...payload, to: email, subscriber: id } });
}
