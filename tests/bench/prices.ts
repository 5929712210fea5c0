import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepPlan } from '../../src/catalogue/changes.ts';
import { confirmPlan, type PriceDeps, planPrices, undoChange } from '../../src/catalogue/planning.ts';
import { readPriceFile } from '../../src/catalogue/price-file.ts';
import { allPrices } from '../../src/catalogue/prices.ts';
import { openDoor } from '../../src/db/write.ts';
import { silentLog } from '../../src/lib/log.ts';
import { breather } from '../../src/lib/slices.ts';
import { makeHouse } from '../support/house.ts';

const LINES = 60_000;

/** A price list of 60,000 lines into an empty catalogue on the disk: how long it takes, and how long everything else waits meanwhile. */
export async function prices(): Promise<void> {
  console.log(`A price list of ${LINES} lines`);
  const folder = mkdtempSync(join(tmpdir(), 'smspin-prices-'));
  const house = makeHouse({}, join(folder, 'smspin.db'));
  const door = openDoor(house.db, house.clock.nowMs, silentLog);
  const clock = { monotonicMs: () => performance.now() };
  let longest = 0;
  const timed: PriceDeps['door'] = {
    async write(verb) {
      const waitedFrom = performance.now();
      let ran = 0;
      const value = await door.write((tx) => {
        const from = performance.now();
        const made = verb(tx);
        ran = performance.now() - from;
        return made;
      });
      // With the commit and its fsync: the door does nothing else between.
      longest = Math.max(longest, Math.max(ran, performance.now() - waitedFrom));
      return value;
    },
  };
  const deps: PriceDeps = { db: house.db, door: timed, clock, terms: house.terms };
  const userId = house.customer('op@example.org', 0);
  const octets = new TextEncoder().encode(list());
  const { stop } = lag();

  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    longest = 0;
    const meter = lag();
    const from = performance.now();
    const value = await work();
    const took = performance.now() - from;
    const stalled = meter.stop();
    console.log(
      `  ${name}: ${took.toFixed(0)} ms; event loop held at most ${stalled.toFixed(1)} ms; longest write ${longest.toFixed(1)} ms`,
    );
    return value;
  };
  const breathe = breather(clock);
  const read = await step(`read and check ${(octets.length / 1e6).toFixed(1)} MB`, async () => {
    const current = (await allPrices(house.db, breathe)).prices;
    return readPriceFile(octets, { ...house.terms, minimumPriceMinor: 1 }, current, breathe);
  });
  if (!read.ok) throw new Error('the list is right');
  const plan = await step('work out the difference', () => planPrices(deps, read.prices, true));
  const id = await step('keep the plan', () =>
    timed.write((tx) => keepPlan(tx, house.terms.random, { kind: 'import', title: 'list', userId }, plan)),
  );
  await step('apply it', () => confirmPlan(deps, id, userId));
  await step('take it back', () => undoChange(deps, id, userId));
  stop();
  house.db.close();
  rmSync(folder, { recursive: true });
}

function list(): string {
  const lines = ['country;service;carrier;price_usd;window_minutes'];
  const countries = ['gb', 'de', 'fr', 'es', 'it', 'pl', 'nl', 'se', 'us', 'ca', 'jp', 'kw'];
  for (const country of countries) {
    for (let n = 0; n < LINES / countries.length; n++) lines.push(`${country};service-${n};;"${(0.05 + n / 100).toFixed(2)}";20`);
  }
  return `\ufeff${lines.join('\r\n')}\r\n`;
}

/** The longest that a timer of 1 ms was late. */
function lag(): { stop(): number } {
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 1);
    last = now;
  }, 1);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(longest, performance.now() - last - 1);
    },
  };
}
