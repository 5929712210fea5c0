import type { Database } from 'bun:sqlite';
import type { DeliveryFigure } from '../../views/status/model.ts';
import { idsFrom } from '../lib/ids.ts';

/** What is shown is of this many days. */
export const FIGURE_DAYS = 30;
/** Fewer say nothing. */
export const SAMPLE_MIN = 5;
/** More are not kept; the oldest go first. */
const SAMPLES_MAX = 50_000;
/** Whoever was connected was pushed to within this; later ones came back later, which is not the time of the delivery. */
const CONNECTED_MS = 60_000;
/** Pushes are written down once a second. */
const WRITTEN_MS = 5000;
const READ_AT_ONCE = 500;
const DAY_MS = 86_400_000;

interface Sample {
  country: string;
  atMs: number;
  tookMs: number;
}

/**
 * How long messages took from the network (SCTS, whole seconds) to the first frame or long poll that showed them to a customer who was connected when they were
 * stored. Reads only what is new, in small pieces.
 */
export class DeliveryFigures {
  readonly #db: Database;
  readonly #samples: Sample[] = [];
  #afterSeq: number | null = null;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Takes in one piece of what is new; false when there was nothing more. */
  read(nowMs: number): boolean {
    this.#afterSeq ??= seqBefore(this.#db, nowMs - FIGURE_DAYS * DAY_MS);
    const rows = this.#db
      .query<
        { seq: number; type: string; country: string | null; atMs: number; tookMs: number | null },
        { after: number; before: number; limit: number; connected: number }
      >(
        `SELECT e.seq, e.type, s.country, e.created_at_ms AS atMs, (
           SELECT min(p.at_ms) FROM pushes p
           WHERE p.event_id = e.id AND p.channel IN ('dashboard', 'stream', 'long_poll') AND p.at_ms <= e.created_at_ms + $connected) - m.network_at_ms AS tookMs
         FROM events e
         LEFT JOIN messages m ON m.id = coalesce(
           (SELECT id FROM messages WHERE order_id = e.order_id AND event_seq = e.seq),
           (SELECT id FROM messages WHERE rental_id = e.rental_id AND event_seq = e.seq))
         LEFT JOIN sims s ON s.iccid = m.iccid
         WHERE e.seq > $after AND e.created_at_ms <= $before ORDER BY e.seq LIMIT $limit`,
      )
      .all({ after: this.#afterSeq, before: nowMs - CONNECTED_MS - WRITTEN_MS, limit: READ_AT_ONCE, connected: CONNECTED_MS });
    for (const { type, country, atMs, tookMs } of rows) {
      if (tookMs === null || country === null || (type !== 'order.received' && type !== 'rental.message')) continue;
      this.#samples.push({ country, atMs, tookMs: Math.max(0, tookMs) });
    }
    this.#afterSeq = rows.at(-1)?.seq ?? this.#afterSeq;
    const fresh = this.#samples.findIndex(({ atMs }) => atMs > nowMs - FIGURE_DAYS * DAY_MS);
    this.#samples.splice(0, Math.max(fresh === -1 ? this.#samples.length : fresh, this.#samples.length - SAMPLES_MAX));
    return rows.length === READ_AT_ONCE;
  }

  /** Of what came after a moment, as far as it was read. */
  since(sinceMs: number): DeliveryFigure {
    return figureOf(this.#samples.filter(({ atMs }) => atMs > sinceMs).map(({ tookMs }) => tookMs));
  }

  /** What was read so far: of all, and by country, the one with most messages first. */
  figures(): { all: DeliveryFigure; countries: (DeliveryFigure & { country: string })[] } {
    const countries = [...Map.groupBy(this.#samples, ({ country }) => country)]
      .map(([country, own]) => ({ country, ...figureOf(own.map(({ tookMs }) => tookMs)) }))
      .toSorted((a, b) => b.sample - a.sample || a.country.localeCompare(b.country));
    return { all: figureOf(this.#samples.map(({ tookMs }) => tookMs)), countries };
  }

  /** The same by time: steps of `stepMs` each from a moment on. */
  steps(fromMs: number, stepMs: number, count: number): DeliverySteps {
    const within: number[][] = Array.from({ length: count }, () => []);
    for (const { atMs, tookMs } of this.#samples) within[Math.floor((atMs - fromMs) / stepMs)]?.push(tookMs);
    return { all: figureOf(within.flat()), steps: within.map(figureOf) };
  }
}

/** Figures of `count` steps of time, and of all of them. */
export interface DeliverySteps {
  all: DeliveryFigure;
  steps: DeliveryFigure[];
}

/** Median and 95th percentile by nearest rank; null under SAMPLE_MIN. */
export function figureOf(tookMs: readonly number[]): DeliveryFigure {
  const sorted = tookMs.toSorted((a, b) => a - b);
  const rank = (share: number): number | null => sorted[Math.ceil(sorted.length * share) - 1] ?? null;
  const says = sorted.length >= SAMPLE_MIN;
  return { sample: sorted.length, medianMs: says ? rank(0.5) : null, p95Ms: says ? rank(0.95) : null };
}

/** The last event before a moment; ids are in the order of their time, and have an index. */
function seqBefore(db: Database, atMs: number): number {
  const row = db
    .query<{ seq: number }, { id: string }>('SELECT seq FROM events WHERE id < $id ORDER BY id DESC LIMIT 1')
    .get({ id: idsFrom('evt', atMs) });
  return row?.seq ?? 0;
}
