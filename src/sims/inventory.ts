import type { Database } from 'bun:sqlite';
import { type InventoryFilter, SORTS, type SortName } from '../../views/admin/sims-model.ts';
import type { ModemSnapshot } from '../modem/source.ts';
import { AHEAD_DAYS, dayAfter } from './care.ts';
import { UNKNOWN_CARD } from './modem-cards.ts';
import { RENTED } from './sims.ts';

export type PinState = 'open' | 'pin' | 'puk' | 'unknown';

export interface InventoryRow {
  iccid: string;
  number: string | null;
  country: string | null;
  carrier: string | null;
  state: 'active' | 'paused';
  online: boolean;
  slot: string | null;
  lastMessageAtMs: number | null;
  tags: string[];
  note: string;
  expiresOn: string | null;
  topUpOn: string | null;
  earnedMinor: number;
  openOrders: number;
  /** A rental runs on it. */
  rented: boolean;
  pin: PinState;
}

export interface Inventory {
  rows: InventoryRow[];
  total: number;
  countries: string[];
  carriers: string[];
  tags: string[];
}

/** What the sort names mean; unknown values come last, whichever way. */
const ORDER: Record<SortName, { by: string; first: 'ASC' | 'DESC' }> = {
  number: { by: 's.number', first: 'ASC' },
  country: { by: 's.country', first: 'ASC' },
  carrier: { by: 's.carrier', first: 'ASC' },
  slot: { by: 's.slot', first: 'ASC' },
  message: { by: 's.last_message_at_ms', first: 'DESC' },
  earned: { by: 'e.earned_minor', first: 'DESC' },
  due: { by: 'min(coalesce(c.expires_on, c.top_up_on), coalesce(c.top_up_on, c.expires_on))', first: 'ASC' },
};

const FROM = "FROM sims s LEFT JOIN sim_care c ON c.iccid = s.iccid LEFT JOIN sim_earnings e ON e.iccid = s.iccid AND e.month = ''";

/** The cards a filter leaves, a page of them, and what may be filtered by. Cards are thousands, and are looked through; their orders never are. */
export function inventory(
  db: Database,
  filter: InventoryFilter,
  page: { offset: number; limit: number },
  deps: { nowMs: number; snapshots: readonly ModemSnapshot[] },
): Inventory {
  const locked = lockedCards(deps.snapshots);
  const { where, values } = conditions(filter, deps.nowMs, locked);
  const { by, first } = ORDER[filter.sort];
  const way = filter.reversed ? (first === 'ASC' ? 'DESC' : 'ASC') : first;
  const rows = db
    .query<
      Omit<InventoryRow, 'online' | 'tags' | 'pin' | 'rented'> & { online: number; tags: string; rented: number },
      Record<string, string | number>
    >(
      `SELECT s.iccid, s.number, s.country, s.carrier, s.state, s.online, s.slot, s.last_message_at_ms AS lastMessageAtMs, coalesce(c.tags, '') AS tags,
              coalesce(c.note, '') AS note, c.expires_on AS expiresOn, c.top_up_on AS topUpOn, coalesce(e.earned_minor, 0) AS earnedMinor,
              (SELECT count(*) FROM orders o WHERE o.iccid = s.iccid AND o.status IN ('pending', 'received')) AS openOrders,
              ${RENTED} AS rented
       ${FROM} WHERE ${where} ORDER BY ${by} IS NULL, ${by} ${way}, s.iccid LIMIT $limit OFFSET $offset`,
    )
    .all({ ...values, ...page });
  return {
    rows: rows.map((row) => ({
      ...row,
      online: row.online === 1,
      rented: row.rented === 1,
      tags: row.tags === '' ? [] : row.tags.split(' '),
      pin: locked.get(row.iccid) ?? (row.online === 1 ? 'open' : 'unknown'),
    })),
    total: db.query<{ n: number }, Record<string, string | number>>(`SELECT count(*) AS n ${FROM} WHERE ${where}`).get(values)?.n ?? 0,
    countries: distinct(db, 'SELECT DISTINCT country AS value FROM sims WHERE country IS NOT NULL ORDER BY value'),
    carriers: distinct(db, 'SELECT DISTINCT carrier AS value FROM sims WHERE carrier IS NOT NULL ORDER BY value'),
    tags: knownTags(db),
  };
}

/** The ICCIDs of all cards that a filter leaves, in its order; at most `limit`. */
export function filteredIccids(
  db: Database,
  filter: InventoryFilter,
  limit: number,
  deps: { nowMs: number; snapshots: readonly ModemSnapshot[] },
): string[] {
  const { where, values } = conditions(filter, deps.nowMs, lockedCards(deps.snapshots));
  return db
    .query<{ iccid: string }, Record<string, string | number>>(`SELECT s.iccid ${FROM} WHERE ${where} ORDER BY s.iccid LIMIT $limit`)
    .all({ ...values, limit })
    .map(({ iccid }) => iccid);
}

/** What a card asks for where it is now. */
export function pinStateOf(snapshots: readonly ModemSnapshot[], { iccid, online }: { iccid: string; online: boolean }): PinState {
  return lockedCards(snapshots).get(iccid) ?? (online ? 'open' : 'unknown');
}

/** The cards that ask for a PIN or a PUK right now, as far as they told who they are. */
function lockedCards(snapshots: readonly ModemSnapshot[]): Map<string, 'pin' | 'puk'> {
  return new Map(
    snapshots.flatMap(({ state, lockedCard, iccid }) => {
      const card = lockedCard?.iccid ?? iccid;
      if (card === null || (state !== 'pin_required' && state !== 'puk_required')) return [];
      return [[card, state === 'puk_required' ? 'puk' : 'pin'] as const];
    }),
  );
}

function conditions(filter: InventoryFilter, nowMs: number, locked: ReadonlyMap<string, string>) {
  const where = ['s.iccid NOT LIKE $unknown'];
  const values: Record<string, string | number> = { unknown: `${UNKNOWN_CARD}%` };
  const add = (condition: string, name: string, value: string) => {
    where.push(condition);
    values[name] = value;
  };
  if (filter.q !== '') {
    const digits = filter.q.replace(/[\s().-]/g, '');
    const within = "s.iccid LIKE $q ESCAPE '\\' OR s.slot LIKE $q ESCAPE '\\' OR c.note LIKE $q ESCAPE '\\' OR c.tags LIKE $q ESCAPE '\\'";
    add(`(s.number LIKE $digits ESCAPE '\\' OR ${within})`, 'q', `%${escaped(filter.q)}%`);
    values['digits'] = `%${escaped(digits)}%`;
  }
  if (filter.country !== null) add('s.country = $country', 'country', filter.country);
  if (filter.carrier !== null) add('s.carrier = $carrier', 'carrier', filter.carrier);
  if (filter.tag !== null) add("' ' || c.tags || ' ' LIKE $tag ESCAPE '\\'", 'tag', `% ${escaped(filter.tag)} %`);
  if (filter.due) add('(c.expires_on <= $until OR c.top_up_on <= $until)', 'until', dayAfter(nowMs, AHEAD_DAYS));
  if (filter.show === 'selling') where.push(`s.online = 1 AND s.state = 'active' AND s.number IS NOT NULL AND NOT ${RENTED}`);
  if (filter.show === 'paused') where.push("s.state = 'paused'");
  if (filter.show === 'away') where.push('s.online = 0');
  if (filter.show === 'numberless') where.push('s.number IS NULL');
  if (filter.show === 'locked') add('s.iccid IN (SELECT value FROM json_each($locked))', 'locked', JSON.stringify([...locked.keys()]));
  return { where: where.join(' AND '), values };
}

function escaped(text: string): string {
  return text.replace(/[%_\\]/g, '\\$&');
}

function distinct(db: Database, sql: string): string[] {
  return db
    .query<{ value: string }, []>(sql)
    .all()
    .map(({ value }) => value);
}

function knownTags(db: Database): string[] {
  const all = distinct(db, "SELECT DISTINCT tags AS value FROM sim_care WHERE tags <> ''");
  return [...new Set(all.flatMap((tags) => tags.split(' ')))].toSorted();
}

/** Which filter an address asks for; what it does not know it leaves out. */
export function filterFrom(query: Record<string, string | undefined>): InventoryFilter {
  const text = (name: string, most = 60): string => (query[name] ?? '').trim().slice(0, most);
  return {
    q: text('q', 100),
    country: text('country') || null,
    carrier: text('carrier') || null,
    tag: text('tag') || null,
    due: query['due'] === 'yes',
    show: (['selling', 'paused', 'away', 'numberless', 'locked'] as const).find((one) => one === query['show']) ?? 'all',
    sort: SORTS.find((one) => one === query['sort']) ?? 'number',
    reversed: query['way'] === 'back',
  };
}
