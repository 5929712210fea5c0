import { writeAudit } from '../admin/audit.ts';
import type { Config } from '../config.ts';
import { writeNow } from '../db/write.ts';
import { formatMinor, parseMinor } from '../lib/money.ts';
import { UNITS } from '../rentals/pricing.ts';
import { listRates, type PriceChange, RATES_AUDITED, type Rate, removeRate, setRate } from '../rentals/rates.ts';
import { type Io, openConfigured, readArgs, UsageError } from './usage.ts';

const SET = 'smspin rate set COUNTRY [--hour N] [--day N] [--week N]   (none takes a unit away)';
const LIST = 'smspin rate list [--json]';
const REMOVE = 'smspin rate remove COUNTRY';
export const RATE_USAGE = [SET, LIST, REMOVE];

/** `smspin rate …`: what a whole number costs. Returns the exit code. */
export async function rateCommand(args: string[], config: Config, io: Io): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === 'set') return set(rest, config, io);
  if (verb === 'list') return list(rest, config, io);
  if (verb === 'remove') return remove(rest, config, io);
  throw new UsageError(`the verb must be set, list or remove\nusage: ${RATE_USAGE.join('\n       ')}`);
}

function set(args: string[], config: Config, io: Io): number {
  const { words, values } = readArgs(args, {
    usage: SET,
    positionals: ['COUNTRY'],
    options: { hour: { type: 'string' }, day: { type: 'string' }, week: { type: 'string' } },
  });
  const change: PriceChange = {};
  for (const unit of UNITS) {
    const text = values[unit];
    if (text !== undefined) change[unit] = text === 'none' ? null : parseMinor(text, `--${unit}`);
  }
  if (Object.keys(change).length === 0) throw new UsageError(`one of --hour, --day and --week is missing\nusage: ${SET}`);
  const [country] = words;
  const rate = writeNow(openConfigured(config, io), Date.now(), (tx) => {
    const kept = setRate(tx, country, change);
    const said = UNITS.map((unit) => `${unit} ${pricedAs(kept.prices[unit], config.money.currency)}`).join(', ');
    writeAudit(tx, { userId: null, action: 'rate.set', target: RATES_AUDITED, detail: `${kept.country}: ${said}.` });
    return kept;
  });
  io.out(lineOf(rate, config.money.currency));
  return 0;
}

function list(args: string[], config: Config, io: Io): number {
  const { values } = readArgs(args, { usage: LIST, positionals: [], options: { json: { type: 'boolean' } } });
  const rates = listRates(openConfigured(config, io));
  const { currency } = config.money;
  if (values.json === true) {
    io.out(
      JSON.stringify(
        rates.map(({ country, prices }) => ({ country, ...prices, currency })),
        null,
        2,
      ),
    );
    return 0;
  }
  if (rates.length === 0) io.out(`No whole numbers are rented out yet: ${SET}`);
  for (const rate of rates) io.out(lineOf(rate, currency));
  return 0;
}

function remove(args: string[], config: Config, io: Io): number {
  const { words } = readArgs(args, { usage: REMOVE, positionals: ['COUNTRY'], options: {} });
  const [country] = words;
  writeNow(openConfigured(config, io), Date.now(), (tx) => {
    removeRate(tx, country);
    writeAudit(tx, { userId: null, action: 'rate.remove', target: RATES_AUDITED, detail: `${country}: no whole numbers any more.` });
  });
  io.out(`No whole numbers are rented out in ${country} any more; rentals that run go on and cannot be extended`);
  return 0;
}

function lineOf({ country, prices }: Rate, currency: string): string {
  const parts = UNITS.map((unit) => {
    return `${unit} ${pricedAs(prices[unit], currency).padStart(11)}`;
  });
  return `${country}  ${parts.join('  ')}`;
}

function pricedAs(price: number | null, currency: string): string {
  return price === null ? 'not offered' : formatMinor(price, currency);
}
