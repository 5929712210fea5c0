import type { Database } from 'bun:sqlite';

/** Tables that stay small however long the house runs, so that reading one whole or sorting it is no matter, each with the reason. */
export const SMALL_TABLES: Readonly<Record<string, string>> = {
  settings: 'one row a setting',
  sims: 'one row a SIM: thousands, and whoever reads them all shows them all',
  modems: 'one row a modem',
  modem_cards: 'the cards that a modem may hold',
  modem_events: 'thinned by slot and by age',
  cloned_imeis: 'one row a cloned IMEI',
  alarms: 'raised with hysteresis and forgotten after a year',
  sim_care: 'one row a SIM',
  sim_changes: 'made by operators',
  sim_earnings: 'one row a SIM and month',
  ledger_closings: 'one row a day',
  house_minutes: 'one row a minute, of one month',
  sim_pin_attempts: 'a few a card',
  offers: 'one row an offer: read whole at a change and kept in memory',
  offers_staged: 'a price list on its way in',
  rates: 'one row a country',
  services: 'one row a service',
  price_changes: 'made by operators, kept with their steps for twenty',
  rule_versions: 'one row a published version',
  rule_drafts: 'one row an operator',
  voucher_batches: 'one row a batch that an operator made',
  operator_details: 'one row a change of the address of the house',
  mail_addresses: 'addresses that refuse mail now',
  alarm_notices: 'notices that wait to be mailed',
  webhooks: 'bounded for each account',
  exports: 'bounded for each account and deleted soon after they ended',
  retired_numbers: 'numbers that customers reported and no operator has lifted',
  status_minutes: 'three rows a minute, of some months; read by the minutes asked for',
  status_days: 'three rows a day',
  maintenance: 'announced by people',
  maintenance_versions: 'announced by people',
  incidents: 'few, or something is very wrong',
  incident_updates: 'few, or something is very wrong',
  status_subscribers: 'people who want mail about the status',
  tickets: 'written by people, one by one',
  ticket_messages: 'written by people, one by one',
};

/** Indexes that hold only what is open now or waits for an operator: reading one whole costs what there is to do, not what ever was. */
export const OPEN_INDEXES: Readonly<Record<string, string>> = {
  users_operators: 'the people who run the house',
  orders_open_by_user: 'orders whose window runs: a few for each SIM',
  orders_open_by_sim: 'orders whose window runs: a few for each SIM',
  rentals_current_by_user: 'rentals that run or are booked: a few for each SIM',
  rentals_scheduled: 'rentals that are booked',
  waiting_lines: 'places in line now, bounded for each account',
  waiting_by_expiry: 'places in line now, bounded for each account',
  deliveries_due: 'what has not left yet',
  reviews_open: 'unclear messages that nobody has decided: counted from the index alone',
  messages_waiting: 'messages whose rest has not come',
  message_reports_unseen: 'reports that no operator has seen',
  payment_events_attention: 'what a provider said that an operator must look at',
};

/** Statements whose plan looks worse than it is, each with the reason. `isTimed`: a timer asks for it, in a walk or after it. */
export const EXCUSED: readonly { fragment: string; reason: string; isTimed?: true }[] = [
  { fragment: 'LIMIT $examined)', reason: 'looks at a slice of the newest, and stops' },
  {
    fragment: 'u.purpose, u.created_at_ms AS createdAtMs, coalesce((SELECT balance_minor',
    reason: 'walks the newest customers and stops at the limit',
  },
  { fragment: 'FROM ledger_closings c JOIN users u', reason: 'one row a day, each with the operator who closed it' },
  { fragment: 'created_at_ms AS atMs FROM ledger_transactions ORDER BY id LIMIT 1', reason: 'the first one' },
  { fragment: 'WITH RECURSIVE seen (action) AS', reason: 'one step in the index for each kind of action' },
  { fragment: 'FROM alarms a LEFT JOIN users u', reason: 'alarms, each with the operator who acknowledged it' },
  { fragment: 'FROM webhooks w INDEXED BY webhooks_troubled', reason: 'sorts endpoints that were switched off lately', isTimed: true },
  { fragment: 'arrived_at_ms - network_at_ms AS offsetMs FROM messages', reason: 'the newest messages of an hour, so many' },
  { fragment: 'WHERE t.id >= $from AND t.id < $to AND t.kind IN', reason: 'what happened in one minute', isTimed: true },
  { fragment: 'FROM messages WHERE id >= $from AND id < $to AND code IS NOT NULL', reason: 'what happened in one minute', isTimed: true },
  { fragment: 'FROM orders WHERE id >= $from AND id < $to', reason: 'what happened in one minute', isTimed: true },
  {
    fragment: 'FROM sims s LEFT JOIN sim_care c ON c.iccid = s.iccid LEFT JOIN sim_earnings e',
    reason: 'sorts the SIMs; their open orders are few',
  },
  {
    fragment: "FROM sim_changes c JOIN users u ON u.id = c.user_id WHERE c.state <> 'planned'",
    reason: 'walks the newest that operators made',
  },
  { fragment: 'FROM events WHERE seq > $seq ORDER BY seq LIMIT', reason: 'reads on from where it was' },
  { fragment: 'FROM events WHERE id < $firstId ORDER BY id DESC LIMIT 1', reason: 'one step back in the index' },
  { fragment: 'FROM events WHERE id < $id ORDER BY id DESC LIMIT 1', reason: 'one step back in the index', isTimed: true },
  {
    fragment: 'WHERE e.seq > $after AND e.created_at_ms <= $before ORDER BY e.seq LIMIT',
    reason: 'reads on from where it was',
    isTimed: true,
  },
  { fragment: 'FROM ledger_entries WHERE id > $cursor ORDER BY id LIMIT', reason: 'reads on from where it was', isTimed: true },
  { fragment: 'WHERE e.id > $cursor AND e.id <= $last GROUP BY t.kind', reason: 'sums up what is new, so many at once', isTimed: true },
  { fragment: 'FROM audit WHERE id > $after AND id <= $id', reason: 'reads on from where it was', isTimed: true },
  { fragment: 'FROM audit_chain ORDER BY audit_id DESC LIMIT 1', reason: 'the last one' },
  { fragment: "AS userId FROM waiting_places WHERE status = 'waiting' AND country = $country", reason: 'sorts those in one line now' },
  { fragment: "FROM waiting_places WHERE status = 'waiting' GROUP BY country, service, carrier", reason: 'sorts the lines there are now' },
  { fragment: '(SELECT email FROM users u WHERE u.id = user_id) AS email FROM waiting_places', reason: 'sorts those in one line now' },
  { fragment: "FROM orders WHERE status IN ('pending', 'received') GROUP BY status", reason: 'groups what is open now' },
  { fragment: "FROM rentals WHERE status IN ('scheduled', 'active') GROUP BY status", reason: 'groups what is open now' },
  { fragment: 'FROM stock_changes WHERE seq > $seq ORDER BY seq', reason: 'reads on from where it was' },
  { fragment: 'FROM deliveries WHERE ended_at_ms < $beforeMs LIMIT', reason: 'deletes what is too old, so many at once', isTimed: true },
  { fragment: 'DELETE FROM sessions WHERE expires_at_ms < $now', reason: 'deletes what has expired since it was done last' },
  {
    fragment: 'WHERE m.user_id IS NULL AND m.id < $cursor ORDER BY m.id DESC LIMIT',
    reason: 'walks its index from the newest and stops at the limit',
  },
  {
    fragment: 'FROM parts WHERE set_aside IS NOT NULL ORDER BY id DESC LIMIT',
    reason: 'walks its index from the newest and stops at the limit',
  },
  {
    fragment: 'FROM payments p JOIN users u ON u.id = p.user_id ORDER BY p.id DESC LIMIT',
    reason: 'walks the newest and stops at the limit',
  },
  { fragment: 'r.seen_at_ms IS NOT NULL ORDER BY r.seen_at_ms DESC', reason: 'walks its index from the newest and stops at the limit' },
  { fragment: 'FROM payment_event_marks m JOIN payment_events', reason: 'walks the newest marks; all but those taken back are shown' },
  { fragment: 'JOIN review_decisions d ON d.message_id', reason: 'walks the newest decisions; all but those taken back are shown' },
  {
    fragment: "WHERE r.state = 'open' AND NOT EXISTS",
    reason: 'walks its index from the newest and passes over those of open orders alone',
  },
  {
    fragment: 'r.message_id IN (SELECT ro.message_id FROM orders o INDEXED BY orders_open_by_user',
    reason: 'sorts what open orders wait for',
  },
  {
    fragment: 'FROM (SELECT * FROM messages ORDER BY arrived_at_ms DESC, id DESC LIMIT $recent) m',
    reason: 'looks at the newest 3000 messages alone',
  },
  {
    fragment: "UNION ALL SELECT 'rental' AS kind, id, user_id AS userId, service, starts_at_ms",
    reason: 'sorts what was open on one SIM at one time',
  },
  { fragment: 'FROM orders INDEXED BY orders_reported', reason: 'sorts customers with many reports of the last thirty days' },
  {
    fragment: 'FROM review_orders ro JOIN orders o ON o.id = ro.order_id JOIN users',
    reason: 'sorts the orders that one message may be for',
  },
  {
    fragment: 'FROM parts p JOIN messages m ON m.id = p.message_id WHERE p.message_id = $id',
    reason: 'sorts the parts of one message, at most 255',
  },
  { fragment: 'FROM events e JOIN deliveries d ON d.event_id = e.id', reason: 'sorts the attempts for one order' },
  {
    fragment: 'FROM messages WHERE order_id = $orderId AND code IS NOT NULL ORDER BY arrived_at_ms',
    reason: 'sorts the messages of one order',
  },
  {
    fragment: 'FROM messages m WHERE m.id IN (SELECT p.message_id FROM parts p',
    reason: 'sorts messages of one sender and reference on one SIM',
  },
  {
    fragment: 'FROM parts p JOIN messages m ON m.id = p.message_id WHERE p.iccid = $iccid',
    reason: 'sorts parts of one sender and reference on one SIM',
  },
  { fragment: 'FROM sims s WHERE s.iccid NOT LIKE', reason: 'sorts the SIMs; their open orders are few' },
  { fragment: 'FROM retired_numbers x', reason: 'sorts numbers retired for one service; of each the orders of its number are counted' },
  { fragment: 'FROM price_changes c LEFT JOIN users u', reason: 'sorts changes of prices, each with the operator who made it' },
  { fragment: 'FROM parts WHERE message_id = $messageId ORDER BY seq', reason: 'sorts the parts of one message, at most 255' },
  { fragment: 'FROM orders o WHERE id IN (SELECT value FROM json_each($ids))', reason: 'sorts a hundred orders that an index gave' },
  { fragment: 'FROM users WHERE email IN ($operator, $demo)', reason: 'sorts two rows' },
];

export interface Seen {
  sql: string;
  /** `src/orders/view.ts:110`, where it was asked first. */
  at: string;
}

/** Notes every statement that a database is asked for from now on, once each. */
export function recordStatements(db: Database): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  const note = (sql: string) => {
    if (seen.has(sql)) return;
    const at = /(src\/(?!db\/statements)[\w/.-]+:\d+)/.exec(new Error().stack?.split('\n').slice(2).join('\n') ?? '')?.[1] ?? 'a test';
    seen.set(sql, { sql, at });
  };
  for (const verb of ['query', 'prepare'] as const) {
    const own = db[verb].bind(db);
    Object.assign(db, {
      [verb]: (sql: string, ...rest: never[]) => {
        note(sql);
        return own(sql, ...rest);
      },
    });
  }
  return seen;
}

/** The plan of a statement, a line a step; a statement that SQLite does not take any more is a plan of one line that says so. */
export function planOf(db: Database, sql: string): string[] {
  if (!/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i.test(sql)) return [];
  const names = [...sql.matchAll(/\$(\w+)/g)].map(([, name = '']) => [name, null] as const);
  try {
    const statement = db.prepare<{ detail: string }, Record<string, null>>(`EXPLAIN QUERY PLAN ${sql}`);
    const steps = statement.all(Object.fromEntries(names)).map(({ detail }) => detail);
    statement.finalize();
    return steps;
  } catch (thrown) {
    return [`REFUSED: ${String(thrown)}`];
  }
}

/** Of the tables `known`: what is wrong with a plan: a table read whole, rows sorted before the first is known, or a filter that no index can serve. */
export function complaintsAbout(sql: string, plan: readonly string[], known: ReadonlySet<string>): string[] {
  const plain = plainSql(sql);
  const refused = plan.filter((line) => line.startsWith('REFUSED'));
  if (refused.length > 0 || EXCUSED.some(({ fragment }) => plain.includes(fragment))) return refused;
  const tables = namesIn(plain, known);
  const isSmall = [...tables.values()].every((table) => table in SMALL_TABLES);
  const bad = plan.filter((line) => {
    if (line.includes('USE TEMP B-TREE')) return !isSmall;
    // A search by nothing but a bound reads half the table as likely as not.
    const [, name, index] = /^SCAN (\w+)(?:.* INDEX (\w+))?/.exec(line) ?? /^SEARCH (\w+) .*?(?:INDEX (\w+) )?\(\w+[<>]/.exec(line) ?? [];
    const table = name === undefined ? undefined : tables.get(name);
    return table !== undefined && !(table in SMALL_TABLES) && !((index ?? '') in OPEN_INDEXES);
  });
  const isOptional =
    /\$(\w+) IS NULL OR/.test(plain) &&
    !isSmall &&
    !plan.some((line) => /USING (PRIMARY KEY|INTEGER PRIMARY KEY|.*autoindex\w*) \(\w+=\?\)/.test(line));
  return isOptional ? [...bad, 'a condition that may be left out is written into the statement: no index serves it'] : bad;
}

/** A statement on one line. */
export function plainSql(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim();
}

/** Tables by the names that the statement gives them. */
function namesIn(sql: string, known: ReadonlySet<string>): Map<string, string> {
  const names = new Map<string, string>();
  for (const [, table = '', alias = table] of sql.matchAll(
    /\b(?:FROM|JOIN|UPDATE|INTO) (\w+)(?: (?:AS )?(?!WHERE|ON|JOIN|LEFT|CROSS|ORDER|SET|INDEXED|GROUP|LIMIT|UNION)(\w+))?/g,
  )) {
    if (!known.has(table)) continue;
    names.set(table, table);
    names.set(alias, table);
  }
  return names;
}

/** The tables of a database. */
export function tablesOf(db: Database): Set<string> {
  return new Set(
    db
      .query<{ name: string }, []>("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .all()
      .map(({ name }) => name),
  );
}

/** How SQLite would answer a query, step by step; its parameters need no values. */
export function plansOf(db: Database, sql: string): string[] {
  const statement = db.prepare<{ detail: string }, null[]>(`EXPLAIN QUERY PLAN ${sql.replace(/\$\w+/g, '?')}`);
  return statement.all(...Array.from({ length: statement.paramsCount }, () => null)).map(({ detail }) => detail);
}
