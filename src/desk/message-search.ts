import type { Database } from 'bun:sqlite';
import { idsFrom } from '../lib/ids.ts';
import type { Period } from '../lib/period.ts';
import { type Candidate, type Found, foundPage, like, SLICE } from './bounded.ts';

export type Verdict = 'accept' | 'review' | 'reject';

export interface MessageRow {
  id: string;
  place: string;
  iccid: string;
  number: string | null;
  sender: string;
  text: string;
  verdict: Verdict;
  service: string | null;
  reason: string;
  rule: string;
  orderId: string | null;
  rentalId: string | null;
  userId: string | null;
  email: string | null;
  storedAtMs: number;
}

/** What is looked for; null and empty leave a filter out. */
export interface MessageSearch extends Period {
  id: string | null;
  orderId: string | null;
  userId: string | null;
  /** Cards, by ICCID. */
  cards: readonly string[] | null;
  verdict: Verdict | null;
  /** Whether it reached somebody. */
  went: 'matched' | 'unmatched' | null;
  text: string;
  limit: number;
  cursor: string | null;
}

type Names = Record<string, string | number>;

/** Messages of all SIMs, the newest first. What is shown of them must be audited (admin/reveals.ts). */
export function searchMessages(db: Database, search: MessageSearch): Found<MessageRow> {
  const { sql, names } = messagesSql(search);
  const rows = db.query<MessageRow, Names>(sql.rows).all(names);
  const last = db.query<Candidate & { count: number }, Names>(sql.last).get(names);
  return foundPage(rows, search.limit, last !== null && last.count >= Number(names['examined']) ? last : null);
}

/** The statements and their parameters; exported for the test that looks at the plans. */
export function messagesSql(search: MessageSearch): { sql: { rows: string; last: string }; names: Names } {
  const { from, parameters, isLed } = candidatesOf(search);
  const { verdict, went, cards } = search;
  const text = search.text === '' ? null : like(search.text);
  const conditions = [
    ...(verdict === null ? [] : ['m.verdict = $verdict']),
    ...(went === null || isLed.went ? [] : [went === 'matched' ? 'm.user_id IS NOT NULL' : 'm.user_id IS NULL']),
    ...(cards === null || isLed.cards ? [] : ['m.iccid IN (SELECT value FROM json_each($cards))']),
    ...(text === null ? [] : [TEXT]),
  ];
  const names: Names = {
    ...parameters,
    ...{ limit: search.limit + 1, examined: conditions.length === 0 ? search.limit + 1 : SLICE },
    ...{ verdict: verdict ?? '', cards: JSON.stringify(cards ?? []), text: text ?? '' },
  };
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return {
    names,
    sql: {
      rows: `SELECT ${COLUMNS}, c.place FROM (${from}) c CROSS JOIN messages m ON m.id = c.id LEFT JOIN sims s ON s.iccid = m.iccid LEFT JOIN users u ON u.id = m.user_id
        ${where} ORDER BY c.place DESC LIMIT $limit`,
      last: `SELECT n.count, m.id, n.place, m.stored_at_ms AS atMs FROM (SELECT count(*) AS count, min(place) AS place, id FROM (${from})) n CROSS JOIN messages m ON m.id = n.id`,
    },
  };
}

const COLUMNS = `m.id, m.iccid, s.number, m.sender, m.text, m.verdict, m.service, m.reason, m.rule, m.order_id AS orderId, m.rental_id AS rentalId, m.user_id AS userId,
  u.email, m.stored_at_ms AS storedAtMs`;
const TEXT = `(m.text LIKE $text ESCAPE '\\' OR m.sender LIKE $text ESCAPE '\\')`;
const BY_ID = 'ORDER BY id DESC LIMIT $examined';

/** The messages to look at, by the index that leads to the fewest, at most `$examined` of them. */
function candidatesOf(search: MessageSearch): { from: string; parameters: Names; isLed: { went: boolean; cards: boolean } } {
  const { id, orderId, userId, cards, went, cursor, fromMs, toMs } = search;
  const neither = { went: false, cards: false };
  if (id === null && orderId === null && userId === null && cards !== null) return ofCards(search, cards);
  const until = toMs === null ? '~' : idsFrom('msg', toMs);
  const parameters: Names = { from: fromMs === null ? '' : idsFrom('msg', fromMs), before: [cursor ?? '~', until].toSorted()[0] ?? '~' };
  const by = (place: string, named: Names = {}, isLed = neither) => ({
    ...{
      from: `SELECT id, id AS place FROM messages ${place} AND id >= $from AND id < $before ${BY_ID}`,
      parameters: { ...parameters, ...named },
      isLed,
    },
  });
  if (id !== null) return by('WHERE id = $id', { id });
  if (orderId !== null) return by('INDEXED BY messages_by_order WHERE order_id = $orderId', { orderId });
  if (userId !== null) return by('INDEXED BY messages_by_user WHERE user_id = $userId', { userId });
  if (went === 'unmatched') return by('INDEXED BY messages_unmatched WHERE user_id IS NULL', {}, { went: true, cards: false });
  return by('WHERE true');
}

/** By card there is an index of arrival and not of ids, so a place is both: milliseconds of a fixed width and the id. */
function ofCards({ cursor, fromMs, toMs }: MessageSearch, cards: readonly string[]) {
  const [, beforeMs = '9'.repeat(15), beforeId = '~'] = /^(\d{15})\.(msg_\w{1,40})$/.exec(cursor ?? '') ?? [];
  const parameters: Names = {
    ...{ fromMs: fromMs ?? 0, untilMs: toMs ?? Number.MAX_SAFE_INTEGER, beforeMs: Number(beforeMs), beforeId },
    ...Object.fromEntries(cards.map((iccid, at) => [`card${at}`, iccid])),
  };
  const each = cards.map(
    (_, at) => `SELECT * FROM (SELECT id, printf('%015d.', arrived_at_ms) || id AS place FROM messages INDEXED BY messages_by_sim
      WHERE iccid = $card${at} AND arrived_at_ms >= $fromMs AND arrived_at_ms < $untilMs AND (arrived_at_ms, id) < ($beforeMs, $beforeId)
      ORDER BY arrived_at_ms DESC, id DESC LIMIT $examined)`,
  );
  return {
    from: `SELECT id, place FROM (${each.join(' UNION ALL ')}) ORDER BY place DESC LIMIT $examined`,
    parameters,
    isLed: { went: false, cards: true },
  };
}
