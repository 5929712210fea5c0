import type { Database } from 'bun:sqlite';
import type { Door } from '../db/write.ts';
import { type FreeSim, findFreeSim, freeSim, type RestTerms } from '../sims/allocate.ts';
import { type Delivery, deliveryOf } from './delivery.ts';
import { StockMatrix, type Wanted } from './matrix.ts';
import { nextFreeAtMs } from './next-free.ts';
import { readOrders, readSim, readUses, SLACK_MS } from './read.ts';

export type { Wanted } from './matrix.ts';

/** A choice that the database does not confirm is followed by the next best; after so many the database is searched by itself. */
const TRIES_MAX = 8;

/** Which kinds of facts changed: see 0026_stock.sql. */
type Kind = 'sim' | 'orders' | 'uses' | 'offers' | 'sample';
interface Change {
  kind: Kind;
  key: string;
  seq: number;
}
const nameOf = ({ kind, key }: Change): string => `${kind} ${key}`;

/** The answers of one moment: what changes after it was asked for may be left out of them. */
export interface StockNow {
  /** How many numbers could be rented: what `freeSimsSql` says for nobody in particular. */
  stockOf(wanted: Wanted): number;
  /** How the last orders of an offer went, or null while there are too few to say. */
  deliveryOf(offer: Pick<Wanted, 'country' | 'service' | 'carrier'>): Delivery | null;
}

/**
 * Stock, counted from the live SIMs at any moment. Everything it says is of the database as its connection sees it then, whoever wrote it. The door tells it of verbs and
 * commits that were undone, nobody of a savepoint inside a verb: what may be undone by itself asks for stock before it writes and not after (tests/stock/savepoints.test.ts).
 */
export interface Stock {
  /** Reads what changed, once for many questions. */
  at(nowMs: number): StockNow;
  /** `at` for one question. */
  stockOf(wanted: Wanted, nowMs: number): number;
  /** The SIM to sell: the one sold longest ago, or null when none is free. Confirmed by the database: to be called in the transaction that sells it. */
  choose(wanted: Wanted, nowMs: number): FreeSim | null;
  /** The next moment when more of the service may be free though nothing is written; Infinity when there is none. */
  nextAtMs(service: string, nowMs: number): number;
  /** When the next number of an offer without stock is expected to be free, as things stand; null when there is one, and when it is not known. */
  freeAtMs(wanted: Wanted, nowMs: number): number | null;
  /** Reads what changed, and returns how often anything has, offers included: equal numbers mean equal answers but for what the passing of time ends. */
  version(nowMs: number): number;
  /** Counts everything anew when it is asked next: the terms changed. */
  reread(): void;
}

/** Counts the stock of a database from now on. `door`: where this connection's writes may be undone after they were read. */
export function openStock(db: Database, terms: RestTerms, door?: Pick<Door, 'onUndone' | 'onCommit'>): Stock {
  let matrix = new StockMatrix(terms.reuseDays > 0);
  let seen = -1;
  let newestMs = Number.NEGATIVE_INFINITY;
  let version = 0;
  const deliveries = new Map<string, Delivery | null>();
  // Read within a transaction that may still be undone, in it as a whole and in its last verb.
  const inside = {
    commit: new Map<string, Change>(),
    verb: new Map<string, Change>(),
    seenBeforeCommit: -1,
    seenBeforeVerb: -1,
    isLoaded: false,
  };

  function load(nowMs: number): void {
    matrix = new StockMatrix(terms.reuseDays > 0);
    seen = newestSeq();
    deliveries.clear();
    // One that cannot be read is not for sale; it is told of when it can be.
    const online = db.query<{ iccid: string }, []>('SELECT iccid FROM sims WHERE online = 1').all();
    for (const { iccid } of online) readSim(db, matrix, iccid, terms, nowMs);
    version++;
    inside.isLoaded = door !== undefined && db.inTransaction;
  }

  function newestSeq(): number {
    return db.query<{ seq: number | null }, []>('SELECT max(seq) AS seq FROM stock_changes').get()?.seq ?? 0;
  }

  function sync(nowMs: number): void {
    if (seen < 0 || nowMs < newestMs - SLACK_MS) {
      load(nowMs);
      newestMs = nowMs;
    }
    newestMs = Math.max(newestMs, nowMs);
    const before = seen;
    const changes = changesAfter(seen);
    if (changes.length === 0) return;
    for (const change of changes) apply(change, nowMs);
    seen = changes.at(-1)?.seq ?? seen;
    if (door !== undefined && db.inTransaction) remember(changes, before);
  }

  /** Of each kind and key the newest, in their order. */
  function changesAfter(seq: number): Change[] {
    return db.query<Change, { seq: number }>('SELECT kind, key, seq FROM stock_changes WHERE seq > $seq ORDER BY seq').all({ seq });
  }

  function apply({ kind, key }: Change, nowMs: number): void {
    version++;
    if (kind === 'offers') return;
    if (kind === 'sample') {
      deliveries.delete(key);
      return;
    }
    const read = kind === 'sim' ? readSim : kind === 'orders' ? readOrders : readUses;
    read(db, matrix, key, terms, nowMs);
  }

  function remember(changes: readonly Change[], before: number): void {
    if (inside.commit.size === 0) inside.seenBeforeCommit = before;
    if (inside.verb.size === 0) inside.seenBeforeVerb = before;
    for (const change of changes) {
      inside.commit.set(nameOf(change), change);
      inside.verb.set(nameOf(change), change);
    }
  }

  /**
   * What was read of a transaction, or of its last verb, was undone: it is read again as it is now. What was written before and only read inside is not: there may be
   * much of it, and many verbs are undone in one commit.
   */
  function undone(what: 'verb' | 'commit'): void {
    if (inside.isLoaded) seen = -1;
    const read = new Map(inside[what]);
    inside.verb.clear();
    if (what === 'commit') inside.commit.clear();
    if (read.size === 0 || seen < 0) return;
    const before = what === 'verb' ? inside.seenBeforeVerb : inside.seenBeforeCommit;
    const now = changesAfter(before);
    const fresh: Change[] = [];
    for (const change of now) {
      if (read.get(nameOf(change))?.seq !== change.seq) fresh.push(change);
      read.delete(nameOf(change));
    }
    for (const change of [...read.values(), ...fresh]) apply(change, newestMs);
    seen = now.at(-1)?.seq ?? before;
    if (what === 'verb') for (const change of fresh) inside.commit.set(nameOf(change), change);
  }

  door?.onUndone(undone);
  door?.onCommit(() => {
    inside.isLoaded = false;
    inside.commit.clear();
    inside.verb.clear();
  });

  function knownDelivery(offer: Pick<Wanted, 'country' | 'service' | 'carrier'>): Delivery | null {
    const { country, service, carrier } = offer;
    const key = `${country}/${service}/${carrier}`;
    const known = deliveries.get(key);
    if (known !== undefined) return known;
    const read = deliveryOf(db, { country, service, carrier });
    deliveries.set(key, read);
    return read;
  }

  function at(nowMs: number): StockNow {
    sync(nowMs);
    return { stockOf: (wanted) => matrix.count(wanted, nowMs), deliveryOf: knownDelivery };
  }

  return {
    at,
    stockOf: (wanted, nowMs) => at(nowMs).stockOf(wanted),
    choose(wanted, nowMs) {
      sync(nowMs);
      const tried = new Set<string>();
      while (tried.size < TRIES_MAX) {
        const iccid = matrix.choose(wanted, nowMs, tried);
        if (iccid === null) return null;
        const sim = freeSim(db, iccid, wanted, terms, nowMs);
        if (sim !== null) return sim;
        tried.add(iccid);
      }
      return findFreeSim(db, wanted, terms, nowMs);
    },
    nextAtMs(service, nowMs) {
      sync(nowMs);
      return matrix.nextAtMs(service, nowMs);
    },
    freeAtMs(wanted, nowMs) {
      return at(nowMs).stockOf(wanted) > 0 ? null : nextFreeAtMs(db, matrix, wanted, terms, nowMs);
    },
    version(nowMs) {
      sync(nowMs);
      return version;
    },
    reread() {
      seen = -1;
    },
  };
}
