import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import { queueMail } from '../mail/queue.ts';

export interface Subscriber {
  id: string;
  email: string;
}

/** Each notice is a mail to each of them. */
const SUBSCRIBERS_MAX = 5000;
/** Who was asked and did not answer is forgotten. */
export const CONFIRM_MS = 3 * 24 * 3_600_000;
/** Another mail to the same address not before. */
const ASK_AGAIN_MS = 3_600_000;

/** Takes note that somebody wants mails, and asks the address whether that is so. Says the same whoever asks for whatever address. Refuses when there are too many. */
export function subscribe(tx: Tx, random: RandomBytes, email: string): void {
  tx.db
    .query('DELETE FROM status_subscribers WHERE confirmed_at_ms IS NULL AND asked_at_ms < $before')
    .run({ before: tx.nowMs - CONFIRM_MS });
  const known = tx.db
    .query<Subscriber & { askedAtMs: number; confirmedAtMs: number | null }, { email: string }>(
      'SELECT id, email, asked_at_ms AS askedAtMs, confirmed_at_ms AS confirmedAtMs FROM status_subscribers WHERE email = $email',
    )
    .get({ email });
  if (known !== null && (known.confirmedAtMs !== null || known.askedAtMs > tx.nowMs - ASK_AGAIN_MS)) return;
  const id = known?.id ?? newId('sub', tx.nowMs, random);
  if (known === null) {
    const count = tx.db.query<{ n: number }, []>('SELECT count(*) AS n FROM status_subscribers').get()?.n ?? 0;
    if (count >= SUBSCRIBERS_MAX)
      throw new Refusal('limit_reached', 'There are as many subscribers as there may be. The Atom feed has no limit.');
    tx.db.query('INSERT INTO status_subscribers (id, email, asked_at_ms) VALUES ($id, $email, $now)').run({ id, email, now: tx.nowMs });
  } else tx.db.query('UPDATE status_subscribers SET asked_at_ms = $now WHERE id = $id').run({ id, now: tx.nowMs });
  queueMail(tx, { kind: 'status_confirm', about: `${id}:${tx.nowMs}`, userId: null, payload: { to: email, subscriber: id } });
}

/** The address said yes; false when it is not asked any more. */
export function confirm(tx: Tx, id: string): boolean {
  return (
    tx.db.query('UPDATE status_subscribers SET confirmed_at_ms = coalesce(confirmed_at_ms, $now) WHERE id = $id').run({ id, now: tx.nowMs })
      .changes > 0
  );
}

/** Forgets the address altogether. */
export function unsubscribe(tx: Tx, id: string): void {
  tx.db.query('DELETE FROM status_subscribers WHERE id = $id').run({ id });
}

export function findSubscriber(db: Database, id: string): (Subscriber & { isConfirmed: boolean }) | null {
  const row = db
    .query<Subscriber & { confirmedAtMs: number | null }, { id: string }>(
      'SELECT id, email, confirmed_at_ms AS confirmedAtMs FROM status_subscribers WHERE id = $id',
    )
    .get({ id });
  return row && { id: row.id, email: row.email, isConfirmed: row.confirmedAtMs !== null };
}

export function confirmedSubscribers(db: Database): Subscriber[] {
  return db.query<Subscriber, []>('SELECT id, email FROM status_subscribers WHERE confirmed_at_ms IS NOT NULL ORDER BY id').all();
}

export function countSubscribers(db: Database): number {
  return db.query<{ n: number }, []>('SELECT count(*) AS n FROM status_subscribers WHERE confirmed_at_ms IS NOT NULL').get()?.n ?? 0;
}
