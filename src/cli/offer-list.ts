import { existsSync, readFileSync } from 'node:fs';
import { keepPlan } from '../catalogue/changes.ts';
import { confirmPlan, type PriceDeps, planPrices } from '../catalogue/planning.ts';
import { priceFile, readPriceFile } from '../catalogue/price-file.ts';
import { allPrices } from '../catalogue/prices.ts';
import type { Step } from '../catalogue/steps.ts';
import type { Config } from '../config.ts';
import { writeNow } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { systemRandom } from '../lib/ids.ts';
import { formatMinor } from '../lib/money.ts';
import { openRules } from '../rules/published.ts';
import { configNow, type Io, OFFER_USAGE, openConfigured, readArgs } from './usage.ts';

/** Of a dry run; the page shows all. */
const STEPS_SHOWN = 40;
/** A command has nothing else to do meanwhile. */
const breathe = async (): Promise<void> => {};

/** `smspin offer import`: a price list, all of it or nothing. `-` reads standard input. Exit code 1 when a line is bad. */
export async function importOffers(args: string[], config: Config, io: Io): Promise<number> {
  const { words, values } = readArgs(args, {
    usage: OFFER_USAGE.import,
    positionals: ['FILE'],
    options: { 'dry-run': { type: 'boolean' }, replace: { type: 'boolean' } },
  });
  const [path] = words;
  const whole = values.replace === true;
  const octets = path === '-' ? await octetsOf(io.stdin) : readList(path);
  const deps = depsOf(config, io);
  const { currency } = config.money;
  const { prices } = await allPrices(deps.db, breathe);
  const read = await readPriceFile(octets, deps.terms, prices, breathe);
  if (!read.ok) {
    for (const { line, problem } of read.bad) io.err(line === 0 ? `${path}: ${problem}` : `${path}:${line}: ${problem}`);
    const more = read.badCount - read.bad.length;
    io.err(
      `${read.badCount} bad ${read.badCount === 1 ? 'line' : 'lines'}${more > 0 ? ` (${more} more than shown)` : ''}: nothing was changed`,
    );
    return 1;
  }
  const plan = await planPrices(deps, read.prices, whole);
  const { added, changed, removed, unchanged } = plan.counts;
  const counts = `${added} new, ${changed} changed, ${removed} removed, ${unchanged} unchanged`;
  if (values['dry-run'] === true) {
    for (const step of plan.steps.slice(0, STEPS_SHOWN)) io.out(stepInWords(step, currency));
    if (plan.steps.length > STEPS_SHOWN) io.out(`and ${plan.steps.length - STEPS_SHOWN} more`);
    io.out(`${counts}; a dry run: nothing was changed`);
    return 0;
  }
  if (plan.steps.length > 0) {
    const title = `${path === '-' ? 'standard input' : path.slice(-80)}${whole ? ' as the whole list' : ''}`;
    const id = await deps.door.write((tx) => keepPlan(tx, systemRandom, { kind: 'import', title, userId: null }, plan));
    await confirmPlan(deps, id, null);
  }
  io.out(counts);
  return 0;
}

/** `smspin offer export`: all prices as an import takes them. */
export async function exportOffers(args: string[], config: Config, io: Io): Promise<number> {
  readArgs(args, { usage: OFFER_USAGE.export, positionals: [], options: {} });
  const { db } = depsOf(config, io);
  const { prices } = await allPrices(db, breathe);
  for (const record of priceFile(prices.values(), config.money.currency)) io.out(record.replace(/^\ufeff|\r\n$/g, ''));
  return 0;
}

function depsOf(config: Config, io: Io): PriceDeps {
  const db = openConfigured(config, io);
  const { orders, access, money } = configNow(db, config, io);
  const { windowMinutes, quarantineMinutes, reuseDays } = orders;
  return {
    db,
    door: { write: async (verb) => writeNow(db, Date.now(), verb) },
    clock: { monotonicMs: () => performance.now() },
    terms: {
      ...{ windowMinutes, quarantineMinutes, reuseDays, allow: access.allow, rules: openRules(db).current, random: systemRandom },
      ...{ currency: money.currency, minimumPriceMinor: money.minimumPriceMinor },
    },
  };
}

function readList(path: string): Uint8Array {
  if (!existsSync(path)) throw new Refusal('not_found', `There is no file ${JSON.stringify(path)}; write - to read standard input.`);
  return readFileSync(path);
}

async function octetsOf(stdin: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function stepInWords([country, service, carrier, before, windowBefore, after, windowAfter]: Step, currency: string): string {
  const price = (minor: number | null) => (minor === null ? 'none' : formatMinor(minor, currency));
  const minutes = (window: number | null) => (window === null ? 'usual window' : `${window} minutes`);
  const window =
    windowBefore === windowAfter || before === null || after === null ? '' : `, ${minutes(windowBefore)} → ${minutes(windowAfter)}`;
  return `${country}  ${service}${carrier === '' ? '' : ` (${carrier})`}  ${price(before)} → ${price(after)}${window}`;
}
