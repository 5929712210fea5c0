import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import { holdDeliveries, releaseDeliveries } from '../outbox/deliveries.ts';
import { newSigningSecret } from './sign.ts';
import type { WebhookEvent } from './types.ts';

/** Endpoints a customer can have: each event costs as many deliveries. */
export const WEBHOOKS_MAX = 10;
export const DESCRIPTION_CHARACTERS_MAX = 200;
/** How long the secret before a rotation goes on signing. */
export const OVERLAP_HOURS = 24;
const HOUR_MS = 3_600_000;

/** An endpoint, without its secrets. */
export interface Webhook {
  id: string;
  userId: string;
  url: string;
  description: string;
  /** Null: all of them. */
  events: WebhookEvent[] | null;
  /** The rentals whose `rental.` events it gets; null: all of them. Other types are not touched by it. */
  rentals: string[] | null;
  state: 'active' | 'paused' | 'disabled';
  disabledReason: 'gone' | 'failing' | null;
  disabledAtMs: number | null;
  /** Until then two secrets sign; null when one does. */
  previousUntilMs: number | null;
  /** Failed attempts since the last success, and since when. */
  failures: number;
  failingSinceMs: number | null;
  lastDeliveredAtMs: number | null;
  createdAtMs: number;
}

type Row = Omit<Webhook, 'events' | 'rentals'> & { events: string | null; rentals: string | null };
/** Rentals an endpoint can be limited to. */
export const RENTALS_MAX = 100;
const COLUMNS = `id, user_id AS userId, url, description, events, rentals, state, disabled_reason AS disabledReason, disabled_at_ms AS disabledAtMs,
  previous_until_ms AS previousUntilMs, failures, failing_since_ms AS failingSinceMs, last_delivered_at_ms AS lastDeliveredAtMs,
  created_at_ms AS createdAtMs`;

/** An endpoint by its id, or null; with `userId` only that customer's. */
export function findWebhook(db: Database, id: string, userId?: string): Webhook | null {
  const row = db
    .query<Row, { id: string; userId: string | null }>(
      `SELECT ${COLUMNS} FROM webhooks WHERE id = $id AND ($userId IS NULL OR user_id = $userId)`,
    )
    .get({ id, userId: userId ?? null });
  return row && webhookOf(row);
}

/** The same of a customer's own, refused as `not_found` when there is none. */
export function ownWebhook(db: Database, userId: string, id: string): Webhook {
  const webhook = findWebhook(db, id, userId);
  if (!webhook) throw new Refusal('not_found', 'You have no webhook endpoint with this id.');
  return webhook;
}

/** A customer's endpoints, the oldest first. */
export function listWebhooks(db: Database, userId: string): Webhook[] {
  return db
    .query<Row, { userId: string }>(`SELECT ${COLUMNS} FROM webhooks WHERE user_id = $userId ORDER BY id`)
    .all({ userId })
    .map(webhookOf);
}

function webhookOf(row: Row): Webhook {
  const listOf = (text: string | null): string[] | null => (text === null ? null : (JSON.parse(text) as string[]));
  return { ...row, events: listOf(row.events) as WebhookEvent[] | null, rentals: listOf(row.rentals) };
}

/** The secrets that sign for an endpoint now, the newest first. For the courier alone: no page and no answer shows them again. */
export function signingSecrets(db: Database, id: string, nowMs: number): string[] {
  const row = db
    .query<{ secret: string; previous: string | null }, { id: string; nowMs: number }>(
      'SELECT secret, iif(previous_until_ms > $nowMs, previous_secret, NULL) AS previous FROM webhooks WHERE id = $id',
    )
    .get({ id, nowMs });
  return row ? [row.secret, ...(row.previous === null ? [] : [row.previous])] : [];
}

/** A word that tells one present secret from another and says nothing else about it. */
export function secretMark(db: Database, id: string): string {
  const [secret = ''] = signingSecrets(db, id, 0);
  return new Bun.CryptoHasher('sha256').update(secret).digest('hex').slice(0, 16);
}

/** Makes an endpoint whose `url` was checked. Its secret is returned here and nowhere else. */
export function createWebhook(
  tx: Tx,
  random: RandomBytes,
  wanted: { userId: string; url: string; description: string; events: readonly WebhookEvent[] | null; rentals?: readonly string[] | null },
): { webhook: Webhook; secret: string } {
  const { userId, url, description } = wanted;
  const others = listWebhooks(tx.db, userId);
  if (others.length >= WEBHOOKS_MAX) {
    throw new Refusal('limit_reached', `An account has at most ${WEBHOOKS_MAX} webhook endpoints. Delete one you do not need.`);
  }
  refuseDouble(others, url);
  const rentals = rentalsText(tx, userId, wanted.rentals ?? null);
  const id = newId('whk', tx.nowMs, random);
  const secret = newSigningSecret(random);
  tx.db
    .query(
      `INSERT INTO webhooks (id, user_id, url, description, events, rentals, state, secret, created_at_ms)
       VALUES ($id, $userId, $url, $description, $events, $rentals, 'active', $secret, $now)`,
    )
    .run({ id, userId, url, description, events: eventsText(wanted.events), rentals, secret, now: tx.nowMs });
  return { webhook: ownWebhook(tx.db, userId, id), secret };
}

function refuseDouble(others: readonly Webhook[], url: string): void {
  if (others.some((other) => other.url === url)) {
    throw new Refusal('already_exists', 'You have an endpoint with this address already; change which events it gets.');
  }
}

/** No event chosen means all, as an empty list in the API does. */
function eventsText(events: readonly WebhookEvent[] | null): string | null {
  return events === null || events.length === 0 ? null : JSON.stringify([...new Set(events)]);
}

/** No rental chosen means those of all, as with events. Refuses what is no rental of this customer, and too many. */
function rentalsText(tx: Tx, userId: string, rentals: readonly string[] | null): string | null {
  const chosen = [...new Set(rentals ?? [])];
  if (chosen.length === 0) return null;
  const refuse = (message: string): never => {
    throw new Refusal('validation', message, { errors: [{ field: 'rentals', message }] });
  };
  if (chosen.length > RENTALS_MAX) refuse(`An endpoint is limited to at most ${RENTALS_MAX} rentals; leave the list empty for all.`);
  const own = tx.db.query('SELECT 1 FROM rentals WHERE id = $id AND user_id = $userId');
  if (chosen.some((id) => own.get({ id, userId }) === null)) refuse('rentals may hold ids of your own rentals; none means all.');
  return JSON.stringify(chosen);
}

export interface WebhookChanges {
  /** Checked. */
  url?: string;
  description?: string;
  /** Null or none: all. */
  events?: readonly WebhookEvent[] | null;
  /** Null or none: all. */
  rentals?: readonly string[] | null;
  /** False also switches on again what the house switched off. */
  paused?: boolean;
}

/** Changes what is given and returns the endpoint as it is then. A new address begins without the failures of the old one. */
export function changeWebhook(tx: Tx, asked: { userId: string; id: string; changes: WebhookChanges }): Webhook {
  const { userId, id, changes } = asked;
  const before = ownWebhook(tx.db, userId, id);
  const { url = before.url, description = before.description, events = before.events } = changes;
  if (url !== before.url) {
    refuseDouble(listWebhooks(tx.db, userId), url);
    forgetFailures(tx, id);
  }
  // What stays was looked at when it came.
  const kept = before.rentals === null ? null : JSON.stringify(before.rentals);
  const rentals = changes.rentals === undefined ? kept : rentalsText(tx, userId, changes.rentals);
  tx.db
    .query('UPDATE webhooks SET url = $url, description = $description, events = $events, rentals = $rentals WHERE id = $id')
    .run({ id, url, description, events: eventsText(events), rentals });
  if (changes.paused === true) pause(tx, before);
  if (changes.paused === false) resume(tx, before);
  return ownWebhook(tx.db, userId, id);
}

/** Nothing is queued from now on, and what waits is held until it goes on. */
function pause(tx: Tx, { id, state }: Webhook): void {
  if (state === 'paused') return;
  setState(tx, id, 'paused');
  holdDeliveries(tx, id);
}

function resume(tx: Tx, { id, state }: Webhook): void {
  if (state === 'active') return;
  setState(tx, id, 'active');
  forgetFailures(tx, id);
  releaseDeliveries(tx, id);
}

function setState(tx: Tx, id: string, state: 'active' | 'paused'): void {
  tx.db.query('UPDATE webhooks SET state = $state, disabled_reason = NULL, disabled_at_ms = NULL WHERE id = $id').run({ id, state });
}

function forgetFailures(tx: Tx, id: string): void {
  tx.db.query('UPDATE webhooks SET failures = 0, failing_since_ms = NULL WHERE id = $id').run({ id });
}

/**
 * Gives an endpoint a new secret and returns it, here and nowhere else. The one before goes on signing beside it for `overlapHours`, none for one that leaked;
 * an even older one stops at once.
 */
export function rotateSecret(
  tx: Tx,
  random: RandomBytes,
  asked: { userId: string; id: string; overlapHours: number },
): { webhook: Webhook; secret: string } {
  const { userId, id, overlapHours } = asked;
  ownWebhook(tx.db, userId, id);
  const secret = newSigningSecret(random);
  const untilMs = overlapHours > 0 ? tx.nowMs + overlapHours * HOUR_MS : null;
  tx.db
    .query(
      `UPDATE webhooks SET previous_secret = iif($untilMs IS NULL, NULL, secret), previous_until_ms = $untilMs, secret = $secret WHERE id = $id`,
    )
    .run({ id, secret, untilMs });
  return { webhook: ownWebhook(tx.db, userId, id), secret };
}

/** Removes an endpoint. What still waits for it is given up at its next turn. */
export function deleteWebhook(tx: Tx, asked: { userId: string; id: string }): void {
  const { id } = ownWebhook(tx.db, asked.userId, asked.id);
  releaseDeliveries(tx, id);
  tx.db.query('DELETE FROM webhooks WHERE id = $id').run({ id });
}
