import type { Database } from 'bun:sqlite';
import type { Tx, Verb } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import { allPrices, pricesChanged, pricesRevision } from './prices.ts';
import { keyOf, type Price, type PriceMap, type Step } from './steps.ts';

/** Up to so many steps are written in place: about two milliseconds for a thousand. */
const STEPS_IN_PLACE_MAX = 2000;
const ROWS_AT_ONCE = 2000;

export interface Applying {
  db: Database;
  /** The door's, or a command's own. */
  write<T>(verb: Verb<T>): Promise<T>;
  random: RandomBytes;
  breathe(): Promise<void>;
}

/**
 * Makes all of `steps` true at once, and `finish` in the same transaction. Refuses as `prices_changed` when the prices are not at `revision` any more.
 *
 * A long list would hold up every SMS that comes while it is written. It is therefore put together beside the prices in short transactions, and the last one only copies a
 * table that lies ready and sorted (SQLite moves it page by page). What was put together and never copied is thrown away by the next one.
 */
export async function applySteps(deps: Applying, steps: readonly Step[], revision: number, finish: (tx: Tx) => void): Promise<void> {
  if (steps.length <= STEPS_IN_PLACE_MAX) {
    await deps.write((tx) => {
      requireRevision(tx.db, revision);
      writeSteps(tx, steps);
      pricesChanged(tx);
      finish(tx);
    });
    return;
  }
  const { db, breathe } = deps;
  const rows = await merged((await allPrices(db, breathe)).prices, steps, breathe);
  const mark = newId('chg', revision, deps.random);
  await deps.write((tx) => {
    requireRevision(tx.db, revision);
    tx.db.run('DELETE FROM offers_staged');
    tx.db
      .query("INSERT INTO settings (key, value) VALUES ('prices_staged', $mark) ON CONFLICT (key) DO UPDATE SET value = $mark")
      .run({ mark });
  });
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const chunk = JSON.stringify(rows.slice(at, at + ROWS_AT_ONCE).map(rowOf));
    await deps.write((tx) => {
      requireMark(tx.db, mark);
      tx.db
        .query(
          `INSERT INTO offers_staged (country, service, carrier, price_minor, window_minutes, updated_at_ms)
           SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, $now FROM json_each($chunk)`,
        )
        .run({ chunk, now: tx.nowMs });
    });
    await breathe();
  }
  await deps.write((tx) => {
    requireMark(tx.db, mark);
    requireRevision(tx.db, revision);
    // Only `SELECT *` into an empty table of the same columns is moved page by page.
    tx.db.run('DELETE FROM offers');
    tx.db.run('INSERT INTO offers SELECT * FROM offers_staged');
    pricesChanged(tx);
    finish(tx);
  });
  await deps.write((tx) => {
    if (markOf(tx.db) === mark) tx.db.run('DELETE FROM offers_staged');
  });
}

/** The prices after the steps; both lists are sorted, and so is what comes of them. */
async function merged(prices: PriceMap, steps: readonly Step[], breathe: () => Promise<void>): Promise<Price[]> {
  const rows: Price[] = [];
  let at = 0;
  const take = (step: Step): void => {
    const [country, service, carrier, , , priceMinor, windowMinutes] = step;
    if (priceMinor !== null) rows.push({ country, service, carrier, priceMinor, windowMinutes });
  };
  for (const [key, price] of prices) {
    if (rows.length % 512 === 0) await breathe();
    for (let step = steps[at]; step !== undefined && keyOfStep(step) < key; step = steps[++at]) take(step);
    const step = steps[at];
    if (step !== undefined && keyOfStep(step) === key) {
      take(step);
      at++;
    } else rows.push(price);
  }
  for (let step = steps[at]; step !== undefined; step = steps[++at]) take(step);
  return rows;
}

const keyOfStep = ([country, service, carrier]: Step): string => keyOf({ country, service, carrier });
const rowOf = ({ country, service, carrier, priceMinor, windowMinutes }: Price) => [country, service, carrier, priceMinor, windowMinutes];

/** Writes a few steps in the caller's transaction. */
export function writeSteps(tx: Tx, steps: readonly Step[]): void {
  const set = steps.filter((step) => step[5] !== null);
  const gone = steps.filter((step) => step[5] === null);
  if (set.length > 0) {
    tx.db
      .query(
        `INSERT INTO offers (country, service, carrier, price_minor, window_minutes, updated_at_ms)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 5, value ->> 6, $now FROM json_each($steps) WHERE true
         ON CONFLICT (country, service, carrier) DO UPDATE SET price_minor = excluded.price_minor,
           window_minutes = excluded.window_minutes, updated_at_ms = excluded.updated_at_ms`,
      )
      .run({ steps: JSON.stringify(set), now: tx.nowMs });
  }
  const remove = tx.db.query('DELETE FROM offers WHERE country = $country AND service = $service AND carrier = $carrier');
  for (const [country, service, carrier] of gone) remove.run({ country, service, carrier });
}

function requireRevision(db: Database, revision: number): void {
  if (pricesRevision(db) === revision) return;
  throw new Refusal('prices_changed', 'Somebody changed prices meanwhile: look at what would change now, and confirm that.');
}

function markOf(db: Database): string | null {
  return db.query<{ value: string }, []>("SELECT value FROM settings WHERE key = 'prices_staged'").get()?.value ?? null;
}

function requireMark(db: Database, mark: string): void {
  if (markOf(db) === mark) return;
  throw new Refusal('prices_changed', 'Another price list is written at this moment: try again when it is done.');
}
