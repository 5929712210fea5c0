import type { Database } from 'bun:sqlite';
import { seal } from '../exports/envelope.ts';
import { EVIDENCE_STATEMENT } from '../exports/manifest.ts';
import type { SigningKey } from '../exports/signing-key.ts';
import { rfc3339 } from '../lib/clock.ts';
import { type Order, presentOrder } from '../orders/view.ts';
import { MESSAGES_MAX, type Timeline, timelineOf } from './timeline.ts';

/** `timeline` of the API. */
export function timelineJson(orderId: string, { entries, shortened, figures }: Timeline) {
  return {
    order_id: orderId,
    entries: entries.map(({ atMs, kind, clock, text, messageId, eventId, channel, detail }) => ({
      ...{ at: rfc3339(atMs), kind, clock, text, message_id: messageId, event_id: eventId, channel, detail },
    })),
    shortened,
    figures: {
      network_to_push_ms: figures.networkToPushMs,
      read_to_push_ms: figures.readToPushMs,
      first_channel: figures.firstChannel,
    },
  };
}

/** The order, its messages and all that happened to them, signed: `smspin verify` checks it. */
export function evidenceOf(db: Database, order: Order, signer: { key: SigningKey; issuer: string; nowMs: number }): string {
  return seal(signer.key, {
    type: EVIDENCE_STATEMENT,
    version: 1,
    issuer: signer.issuer,
    account: order.userId,
    made_at: rfc3339(signer.nowMs),
    order: presentOrder(db, order, MESSAGES_MAX),
    timeline: timelineJson(order.id, timelineOf(db, order)),
  });
}

export const evidenceName = (order: Order): string => `smspin-evidence-${order.id}.json`;
