import type { Database } from 'bun:sqlite';
import { incidentOfOutage } from '../alarms/incident.ts';
import { findOutage, outageInWords } from '../sims/outages.ts';
import type { PushChannel } from './pushes.ts';

type EntryKind = 'status' | 'network_time' | 'part_read' | 'part_stored' | 'judged' | 'event' | 'pushed' | 'attempt' | 'seen';

/** One thing that happened. */
export interface Entry {
  atMs: number;
  kind: EntryKind;
  /** Whose clock told the time: the network's stamp has whole seconds and may be some off. */
  clock: 'network' | 'ours';
  /** In plain words. */
  text: string;
  messageId: string | null;
  eventId: string | null;
  /** By which way it went out. */
  channel: PushChannel | 'webhook' | 'mail' | null;
  detail: Record<string, string | number | null>;
}

const NOTHING = { clock: 'ours', messageId: null, eventId: null, channel: null } as const;

interface ChangeRow {
  status: string;
  reason: string;
  atMs: number;
  addedMs: number;
  outageId: string | null;
}

/** Every status of the order with its reason, and what moved the end of its window. */
export function fromChanges(db: Database, orderId: string): Entry[] {
  return db
    .query<ChangeRow, { orderId: string }>(
      'SELECT status, reason, at_ms AS atMs, added_ms AS addedMs, outage_id AS outageId FROM order_changes WHERE order_id = $orderId ORDER BY id',
    )
    .all({ orderId })
    .map((change) => {
      const { status, reason, atMs, addedMs, outageId } = change;
      const outage = outageId === null ? null : findOutage(db, outageId);
      const incident = outage === null ? null : incidentOfOutage(db, outage);
      const detail = {
        ...{ status, reason, ...(addedMs > 0 && { added_ms: addedMs }) },
        ...(outageId !== null && { outage: outageId }),
        ...(incident !== null && { incident }),
      };
      return { ...NOTHING, atMs, kind: 'status', detail, text: changeInWords(change, outage === null ? null : outageInWords(outage)) };
    });
}

function changeInWords({ status, reason, addedMs }: ChangeRow, outage: string | null): string {
  const added = `${Math.round(addedMs / 1000)} s`;
  if (reason === 'ordered') return 'Ordered.';
  if (reason === 'extended_by_customer') return `The window was extended by ${added}, as you asked.`;
  if (reason === 'outage_added') return `The window was extended by ${added}: ${outage ?? 'its modem had been away'}.`;
  if (reason === 'another_code_asked') return 'You asked the service for another code.';
  return `The order is ${status} (${reason.replaceAll('_', ' ')}${outage === null ? '' : `: ${outage}`}).`;
}

interface MessageRow {
  id: string;
  networkAtMs: number | null;
  judgedAtMs: number | null;
  verdict: string;
  rule: string;
  reason: string;
}

interface PartRow {
  arrivedAtMs: number;
  storedAtMs: number;
  how: keyof typeof HOW;
  seq: number;
  total: number;
}

const HOW = {
  urc: 'as the modem announced it',
  direct: 'handed over by the modem unasked',
  sweep: "found when the SIM's storage was read through",
} as const;

/** The newest messages of the order: when the network took each, when its parts were read and stored, when it was judged. */
export function fromMessages(db: Database, orderId: string, max: number): { entries: Entry[]; shortened: boolean } {
  const rows = db
    .query<MessageRow, { orderId: string; limit: number }>(
      `SELECT id, network_at_ms AS networkAtMs, judged_at_ms AS judgedAtMs, verdict, rule, reason FROM messages
       WHERE order_id = $orderId ORDER BY id DESC LIMIT $limit`,
    )
    .all({ orderId, limit: max + 1 });
  const parts = db.query<PartRow, { id: string }>(
    `SELECT p.arrived_at_ms AS arrivedAtMs, p.stored_at_ms AS storedAtMs, p.read_how AS how, p.seq, m.parts_total AS total
     FROM parts p JOIN messages m ON m.id = p.message_id WHERE p.message_id = $id ORDER BY p.seq LIMIT 255`,
  );
  const entries = rows
    .slice(0, max)
    .flatMap((row) => [...ofMessage(row), ...parts.all({ id: row.id }).flatMap((part) => ofPart(row.id, part))]);
  return { entries, shortened: rows.length > max };
}

function ofMessage({ id, networkAtMs, judgedAtMs, verdict, rule, reason }: MessageRow): Entry[] {
  const network: Entry[] =
    networkAtMs === null
      ? []
      : [{ ...NOTHING, clock: 'network', atMs: networkAtMs, kind: 'network_time', messageId: id, detail: {}, text: NETWORK_TEXT }];
  const judged: Entry[] =
    judgedAtMs === null
      ? []
      : [
          {
            ...{ ...NOTHING, atMs: judgedAtMs, kind: 'judged', messageId: id, detail: { verdict, rule } },
            text: `Judged to be this order's: ${reason}`,
          },
        ];
  return [...network, ...judged];
}

const NETWORK_TEXT = 'The network took the SMS (its own time stamp, whole seconds).';

function ofPart(messageId: string, { arrivedAtMs, storedAtMs, how, seq, total }: PartRow): Entry[] {
  const which = total > 1 ? `Part ${seq} of ${total}` : 'The SMS';
  const detail = { part: seq, parts: total, how };
  return [
    { ...NOTHING, atMs: arrivedAtMs, kind: 'part_read', messageId, detail, text: `${which} was read from the line, ${HOW[how]}.` },
    { ...NOTHING, atMs: storedAtMs, kind: 'part_stored', messageId, detail: { part: seq, parts: total }, text: `${which} was stored.` },
  ];
}

/** The newest facts about the order that left the house, each under the id it bears in every channel. */
export function fromEvents(db: Database, orderId: string, max: number): { entries: Entry[]; shortened: boolean } {
  const rows = db
    .query<{ id: string; type: string; atMs: number }, { orderId: string; limit: number }>(
      `SELECT id, type, created_at_ms AS atMs FROM events WHERE order_id = $orderId AND type LIKE 'order.%' ORDER BY seq DESC LIMIT $limit`,
    )
    .all({ orderId, limit: max + 1 });
  const entries = rows.slice(0, max).map(
    ({ id, type, atMs }): Entry => ({
      ...{ ...NOTHING, atMs, kind: 'event', eventId: id, detail: { type }, text: `Ready to be told as ${type}.` },
    }),
  );
  return { entries, shortened: rows.length > max };
}

const BY: Record<PushChannel, string> = {
  dashboard: 'Pushed to the dashboard over its WebSocket.',
  stream: 'Pushed over the stream of the API.',
  long_poll: 'Answered to a waiting request of the API.',
  poll: 'Answered to a request of the API.',
  page: 'Shown on a page that was asked for.',
  seen: 'A browser says that it stood on a visible page.',
};

/** When each of those facts first went out by each way. */
export function fromPushes(db: Database, orderId: string, max: number): Entry[] {
  return db
    .query<{ eventId: string; type: string; channel: PushChannel; atMs: number }, { orderId: string; limit: number }>(
      `SELECT p.event_id AS eventId, e.type, p.channel, p.at_ms AS atMs FROM events e JOIN pushes p ON p.event_id = e.id
       WHERE e.order_id = $orderId AND e.type LIKE 'order.%' ORDER BY e.seq DESC LIMIT $limit`,
    )
    .all({ orderId, limit: max })
    .map(({ eventId, type, channel, atMs }) => ({
      ...{ ...NOTHING, atMs, kind: channel === 'seen' ? 'seen' : 'pushed', eventId, channel, detail: { type }, text: BY[channel] },
    }));
}

interface AttemptRow {
  eventId: string;
  type: string;
  channel: 'webhook' | 'mail';
  number: number;
  startedAtMs: number;
  durationMs: number;
  outcome: 'delivered' | 'retry' | 'failed';
  status: number | null;
}

/** Every attempt to deliver those facts by webhook or mail, and how the receiver answered. */
export function fromAttempts(db: Database, { id: orderId, userId }: { id: string; userId: string }, max: number): Entry[] {
  return db
    .query<AttemptRow, { orderId: string; userId: string; limit: number }>(
      `SELECT d.event_id AS eventId, d.topic AS type, d.channel, a.number, a.started_at_ms AS startedAtMs, a.duration_ms AS durationMs, a.outcome, a.status
       FROM events e JOIN deliveries d ON d.event_id = e.id JOIN delivery_attempts a ON a.delivery_seq = d.seq
       WHERE e.order_id = $orderId AND d.user_id = $userId ORDER BY a.started_at_ms DESC LIMIT $limit`,
    )
    .all({ orderId, userId, limit: max })
    .map(({ eventId, type, channel, number, startedAtMs, durationMs, outcome, status }) => ({
      // What the receiver acknowledged, it acknowledged at the end of the attempt.
      ...{ ...NOTHING, atMs: startedAtMs + durationMs, kind: 'attempt', eventId, channel },
      detail: { type, attempt: number, outcome, status, duration_ms: durationMs },
      text: attemptInWords(channel, number, outcome, status),
    }));
}

function attemptInWords(channel: 'webhook' | 'mail', number: number, outcome: AttemptRow['outcome'], status: number | null): string {
  const receiver = channel === 'webhook' ? 'The webhook' : 'The mail server';
  const answer = status === null ? 'did not answer' : `answered ${status}`;
  if (outcome === 'delivered') return `${receiver} acknowledged it${status === null ? '' : ` (${status})`}, attempt ${number}.`;
  return `${receiver} ${answer}, attempt ${number}${outcome === 'failed' ? '; given up' : ''}.`;
}
