import { setOffer } from '../catalogue/offers.ts';
import type { Config } from '../config.ts';
import { writeNow } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { formatMinor, parseMinor } from '../lib/money.ts';
import { type Io, openConfigured, readArgs, UsageError } from './usage.ts';

export const OFFER_USAGE = 'smspin offer set COUNTRY SERVICE --price N [--window-minutes M]';

/** `smspin offer set`: sets a price, in minor units. Returns the exit code. */
export async function offerCommand(args: string[], config: Config, io: Io): Promise<number> {
  const [verb, ...rest] = args;
  if (verb !== 'set') throw new UsageError(`the verb must be set\nusage: ${OFFER_USAGE}`);
  const { words, values } = readArgs(rest, {
    usage: OFFER_USAGE,
    positionals: ['COUNTRY', 'SERVICE'],
    options: { price: { type: 'string' }, 'window-minutes': { type: 'string' } },
  });
  if (values.price === undefined) throw new UsageError(`--price is missing\nusage: ${OFFER_USAGE}`);
  const windowText = values['window-minutes'];
  if (windowText !== undefined && !/^\d+(\.\d+)?$/.test(windowText)) {
    throw new Refusal('validation', `--window-minutes must be a number of minutes; got ${JSON.stringify(windowText)}.`);
  }
  const priceMinor = parseMinor(values.price, '--price');
  const windowMinutes = windowText === undefined ? null : Number(windowText);
  const [country, service] = words;
  const db = openConfigured(config);
  writeNow(db, Date.now(), (tx) => setOffer(tx, { country, service, priceMinor, windowMinutes }));
  io.out(
    `${service} in ${country}: ${formatMinor(priceMinor, config.money.currency)}${windowMinutes === null ? '' : `, ${windowMinutes} minutes`}`,
  );
  return 0;
}
