import type { Database } from 'bun:sqlite';
import { listAudit } from '../admin/audit.ts';
import type { Entry } from '../evidence/entries.ts';
import { timelineOf } from '../evidence/timeline.ts';
import { movementsOfOrder } from '../ledger/movements.ts';
import { formatMinor } from '../lib/money.ts';
import type { Order } from '../orders/view.ts';
import { type OutageCause, outageInWords } from '../sims/outages.ts';

export type StoryKind = 'order' | 'message' | 'other_message' | 'money' | 'outage' | 'channel' | 'operator';

/** One thing that happened around an order. */
export interface StoryEntry {
  atMs: number;
  kind: StoryKind;
  /** Parts of it are a stranger's. */
  text: string;
  /** A message an operator may look closer at; its text does not stand here. */
  messageId: string | null;
}

const BEFORE_MS = 5 * 60_000;
const AFTER_MS = 15 * 60_000;
const OTHERS_MAX = 50;
const AUDIT_MAX = 50;

/**
 * Everything around an order in the order of time: what its customer can see too (evidence/timeline.ts), and besides it the messages that its SIM got meanwhile
 * and that were not given to it, each with the verdict, its money, outages of the SIM, and what operators did.
 */
export function storyOf(db: Database, order: Order): { entries: StoryEntry[]; shortened: boolean } {
  const { entries, shortened } = timelineOf(db, order);
  const own = entries.map(({ atMs, kind, text, messageId }): StoryEntry => ({ atMs, text, messageId, kind: KINDS[kind] }));
  const others = otherMessages(db, order);
  return {
    entries: [...own, ...others, ...money(db, order), ...outages(db, order), ...operators(db, order)].toSorted((a, b) => a.atMs - b.atMs),
    shortened: shortened || others.length === OTHERS_MAX,
  };
}

const KINDS: Record<Entry['kind'], StoryKind> = {
  ...{ status: 'order', event: 'channel', pushed: 'channel', attempt: 'channel', seen: 'channel' },
  ...{ network_time: 'message', part_read: 'message', part_stored: 'message', judged: 'message' },
};

interface OtherRow {
  id: string;
  sender: string;
  atMs: number;
  verdict: string;
  reason: string;
  rule: string;
  judged: string | null;
  orderId: string | null;
  rentalId: string | null;
}

/** What the SIM got in the time of the order and this order did not: why not, in the words of the rules. */
function otherMessages(db: Database, order: Order): StoryEntry[] {
  const untilMs = (order.endedAtMs ?? order.expiresAtMs) + AFTER_MS;
  return db
    .query<OtherRow, { iccid: string; fromMs: number; untilMs: number; orderId: string; limit: number }>(
      `SELECT m.id, m.sender, m.arrived_at_ms AS atMs, m.verdict, m.reason, m.rule, m.order_id AS orderId, m.rental_id AS rentalId,
         (SELECT r.verdict || ', ' || r.reason || ' (' || r.rule || ')' FROM review_orders r WHERE r.message_id = m.id AND r.order_id = $orderId) AS judged
       FROM messages m INDEXED BY messages_by_sim
       WHERE m.iccid = $iccid AND m.arrived_at_ms BETWEEN $fromMs AND $untilMs AND m.order_id IS NOT $orderId ORDER BY m.arrived_at_ms LIMIT $limit`,
    )
    .all({ iccid: order.iccid, fromMs: order.createdAtMs - BEFORE_MS, untilMs, orderId: order.id, limit: OTHERS_MAX })
    .map(({ id, sender, atMs, verdict, reason, rule, judged, orderId, rentalId }) => {
      const whose = orderId !== null ? 'It went to another order' : rentalId !== null ? 'It went to a rental' : 'It went to nobody';
      const said = judged === null ? `${verdict}, ${reason} (${rule})` : `For this order: ${judged}`;
      return {
        atMs,
        kind: 'other_message' as const,
        messageId: id,
        text: `An SMS from ${sender} that is not this order’s. ${whose}. ${said}`,
      };
    });
}

function money(db: Database, order: Order): StoryEntry[] {
  const words = { hold: 'was set aside', capture: 'was earned', refund: 'went back to the balance' };
  return movementsOfOrder(db, order.id).map(({ kind, createdAtMs }) => ({
    ...{ atMs: createdAtMs, kind: 'money' as const, messageId: null },
    text: `${formatMinor(order.priceMinor, order.currency)} ${words[kind]} (${kind}).`,
  }));
}

function outages(db: Database, order: Order): StoryEntry[] {
  return db
    .query<{ fromMs: number; toMs: number | null; cause: OutageCause }, { iccid: string; fromMs: number; untilMs: number }>(
      `SELECT from_ms AS fromMs, to_ms AS toMs, cause FROM outages WHERE iccid = $iccid AND from_ms <= $untilMs AND coalesce(to_ms, $untilMs) >= $fromMs
       ORDER BY from_ms LIMIT 20`,
    )
    .all({ iccid: order.iccid, fromMs: order.createdAtMs, untilMs: order.endedAtMs ?? order.expiresAtMs })
    .map((outage) => ({
      atMs: outage.fromMs,
      kind: 'outage' as const,
      messageId: null,
      text: `The SIM could not be read: ${outageInWords(outage)}.`,
    }));
}

function operators(db: Database, order: Order): StoryEntry[] {
  return listAudit(db, order.id, AUDIT_MAX).map(({ atMs, email, action, detail }) => ({
    ...{ atMs, kind: 'operator' as const, messageId: null, text: `${email}: ${action}. ${detail}` },
  }));
}
