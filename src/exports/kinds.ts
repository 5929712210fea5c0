import type { Scope } from '../accounts/keys.ts';
import type { IdPrefix } from '../lib/ids.ts';

export const EXPORT_KINDS = ['orders', 'messages', 'ledger'] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];
/** What a key must be able to read to have a kind exported. */
export const READ_SCOPES: Record<ExportKind, Scope> = { orders: 'orders:read', messages: 'messages:read', ledger: 'balance:read' };
export const EXPORT_FORMATS = ['csv', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** How a column is written: `time` is milliseconds in the database and RFC 3339 in the file. */
export interface Column {
  name: string;
  type: 'text' | 'integer' | 'time';
}

/** Where the rows of a kind come from. */
export interface Source {
  /** Named as the API names them. */
  columns: readonly Column[];
  prefix: IdPrefix;
  /** Rows after the id `$after`, oldest first, at most `$limit`, in the order of the columns. */
  page: string;
  count: string;
  /**
   * Of rows to which others are only ever added: `$bound` for its page, such that what is written later stays outside by it. Then no transaction has to be held
   * for minutes; null where rows change, and only a transaction shows them as they were.
   */
  bound: string | null;
  /** The last id of a page of raw rows, if there is a whole page of them. */
  pageEnd: string | null;
}

const text = (name: string): Column => ({ name, type: 'text' });
const integer = (name: string): Column => ({ name, type: 'integer' });
const time = (name: string): Column => ({ name, type: 'time' });

/** Ids begin with the time of their row, so the ids of the period are found in the index; the row's own time decides. */
const within = (at: string, id = 'id') => `${id} > $after AND ${id} < $before AND ${at} >= $fromMs AND ${at} < $toMs`;

const HELD = { bound: null, pageEnd: null } as const;

export const SOURCES: Record<ExportKind, Source> = {
  orders: {
    prefix: 'ord',
    columns: [
      ...['id', 'status', 'reason', 'country', 'service', 'number'].map(text),
      ...[integer('price'), text('currency')],
      ...['created_at', 'expires_at', 'received_at', 'ended_at'].map(time),
      ...['code', 'last_event', 'note', 'tags', 'report_reason', 'report_text'].map(text),
      ...['extended_seconds', 'outage_seconds'].map(integer),
    ],
    page: `SELECT id, status, reason, country, service, number, price_minor, currency, created_at_ms, expires_at_ms, received_at_ms, ended_at_ms, code, last_event,
         note, tags, report_reason, report_text, extended_ms / 1000, outage_ms / 1000
       FROM orders WHERE user_id = $userId AND ${within('created_at_ms')} ORDER BY id LIMIT $limit`,
    count: `SELECT count(*) AS n FROM orders WHERE user_id = $userId AND ${within('created_at_ms')}`,
    ...HELD,
  },
  messages: {
    prefix: 'msg',
    columns: [
      ...['id', 'order_id', 'country', 'service', 'number', 'sender', 'text', 'code', 'reason'].map(text),
      ...['received_at', 'network_time'].map(time),
      text('rental_id'),
    ],
    page: `SELECT m.id, m.order_id, coalesce(o.country, r.country), coalesce(o.service, r.service), coalesce(o.number, r.number), m.sender, m.text, m.code, m.reason,
         m.stored_at_ms, m.network_at_ms, m.rental_id
       FROM messages m LEFT JOIN orders o ON o.id = m.order_id LEFT JOIN rentals r ON r.id = m.rental_id WHERE m.user_id = $userId AND ${within('m.stored_at_ms', 'm.id')} ORDER BY m.id LIMIT $limit`,
    count: `SELECT count(*) AS n FROM messages WHERE user_id = $userId AND ${within('stored_at_ms')}`,
    ...HELD,
  },
  ledger: {
    prefix: 'txn',
    columns: [
      ...['id', 'kind', 'order_id', 'reference'].map(text),
      ...['available', 'held'].map(integer),
      ...[text('currency'), time('created_at'), text('rental_id'), text('reason')],
    ],
    page: `SELECT t.id, t.kind, t.order_id, t.reference,
         coalesce(sum(e.amount_minor) FILTER (WHERE e.account_id = $available), 0),
         coalesce(sum(e.amount_minor) FILTER (WHERE e.account_id = $held), 0), $currency, t.created_at_ms, t.rental_id, t.reason
       FROM (SELECT * FROM ledger_transactions WHERE user_id = $userId AND ${within('created_at_ms')} ORDER BY id LIMIT $limit) t
       JOIN ledger_entries e ON e.transaction_id = t.id AND e.id <= $bound GROUP BY t.id ORDER BY t.id`,
    count: `SELECT count(*) AS n FROM ledger_transactions WHERE user_id = $userId AND ${within('created_at_ms')}`,
    // Entries are numbered as they are written, and a movement is sealed with its last one: it is inside with all of them, or outside.
    bound: 'SELECT coalesce(max(id), 0) AS bound FROM ledger_entries',
    pageEnd: `SELECT id FROM ledger_transactions WHERE user_id = $userId AND ${within('created_at_ms')} ORDER BY id LIMIT 1 OFFSET $limit - 1`,
  },
};
