import type { Database } from 'bun:sqlite';
import { writeAudit } from '../admin/audit.ts';
import { PRICES_AUDITED } from '../catalogue/changes.ts';
import { listOffers, type OfferFilter } from '../catalogue/listing.ts';
import { type Offer, removeOffer, setOffer } from '../catalogue/offers.ts';
import { knownService } from '../codes/book.ts';
import type { Config } from '../config.ts';
import { writeNow } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { formatMinor, parseMinor } from '../lib/money.ts';
import { openRules } from '../rules/published.ts';
import { exportOffers, importOffers } from './offer-list.ts';
import { configNow, type Io, OFFER_USAGE, openConfigured, readArgs, UsageError } from './usage.ts';

/** `smspin offer …`. Returns the exit code. */
export async function offerCommand(args: string[], config: Config, io: Io): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === 'set') return set(rest, config, io);
  if (verb === 'list') return list(rest, config, io);
  if (verb === 'remove') return remove(rest, config, io);
  if (verb === 'import') return importOffers(rest, config, io);
  if (verb === 'export') return exportOffers(rest, config, io);
  throw new UsageError(`the verb must be set, list, remove, import or export\nusage: ${Object.values(OFFER_USAGE).join('\n       ')}`);
}

function set(args: string[], config: Config, io: Io): number {
  const { words, values } = readArgs(args, {
    usage: OFFER_USAGE.set,
    positionals: ['COUNTRY', 'SERVICE'],
    options: { price: { type: 'string' }, carrier: { type: 'string' }, 'window-minutes': { type: 'string' } },
  });
  if (values.price === undefined) throw new UsageError(`--price is missing\nusage: ${OFFER_USAGE.set}`);
  const windowText = values['window-minutes'];
  if (windowText !== undefined && !/^\d+(\.\d+)?$/.test(windowText)) {
    throw new Refusal('validation', `--window-minutes must be a number of minutes; got ${JSON.stringify(windowText)}.`);
  }
  const priceMinor = parseMinor(values.price, '--price');
  const [country, service] = words;
  const db = openConfigured(config, io);
  const now = configNow(db, config, io);
  const { access, money } = now;
  const { current: rules } = openRules(db);
  writeNow(db, Date.now(), (tx) => {
    setOffer(
      tx,
      { country, service, carrier: values.carrier ?? '', priceMinor, windowMinutes: windowText === undefined ? null : Number(windowText) },
      { allow: access.allow, rules, currency: money.currency, minimumPriceMinor: money.minimumPriceMinor },
    );
    const window = windowText === undefined ? '' : `, window ${windowText} minutes`;
    const detail = `${nameOf(country, service, values.carrier)}: ${formatMinor(priceMinor, money.currency)}${window}.`;
    writeAudit(tx, { userId: null, action: 'prices.set', target: PRICES_AUDITED, detail });
  });
  for (const offer of offersOf(db, now, { country, service, carrier: values.carrier ?? '' })) io.out(lineOf(offer));
  if (service !== 'any' && knownService(service, rules()) === null) {
    io.err(`${service} is none of the known services: its messages are recognised by that name alone.`);
  }
  return 0;
}

function list(args: string[], config: Config, io: Io): number {
  const { values } = readArgs(args, { usage: OFFER_USAGE.list, positionals: [], options: { json: { type: 'boolean' } } });
  const db = openConfigured(config, io);
  const offers = offersOf(db, configNow(db, config, io));
  if (values.json === true) {
    const rows = offers.map(({ country, service, carrier, priceMinor, currency, windowMinutes, stock }) => ({
      ...{ country, service, carrier: carrier || null, price: priceMinor, currency, window_minutes: windowMinutes, stock },
    }));
    io.out(JSON.stringify(rows, null, 2));
    return 0;
  }
  if (offers.length === 0) io.out(`Nothing is offered yet: ${OFFER_USAGE.set}`);
  for (const offer of offers) io.out(lineOf(offer));
  return 0;
}

function remove(args: string[], config: Config, io: Io): number {
  const { words, values } = readArgs(args, {
    usage: OFFER_USAGE.remove,
    positionals: ['COUNTRY', 'SERVICE'],
    options: { carrier: { type: 'string' } },
  });
  const [country, service] = words;
  const db = openConfigured(config, io);
  const name = nameOf(country, service, values.carrier);
  writeNow(db, Date.now(), (tx) => {
    removeOffer(tx, country, service, values.carrier ?? '');
    writeAudit(tx, { userId: null, action: 'prices.remove', target: PRICES_AUDITED, detail: `${name}: not offered any more.` });
  });
  io.out(`${name} is not offered any more; orders that are open go on`);
  return 0;
}

function nameOf(country: string, service: string, carrier: string | undefined): string {
  return `${service} in ${country}${carrier === undefined ? '' : ` by ${carrier}`}`;
}

function offersOf(db: Database, config: Config, filter: OfferFilter = {}): Offer[] {
  const { windowMinutes, quarantineMinutes, reuseDays } = config.orders;
  return listOffers(
    db,
    {
      currency: config.money.currency,
      windowMinutes,
      quarantineMinutes,
      reuseDays,
      allow: config.access.allow,
      rules: openRules(db).current,
    },
    Date.now(),
    filter,
  );
}

function lineOf(offer: Offer): string {
  const price = formatMinor(offer.priceMinor, offer.currency).padStart(8);
  return `${offer.country}  ${offer.service.padEnd(16)}  ${(offer.carrier || 'any carrier').padEnd(14)}  ${price}  ${offer.windowMinutes} minutes  ${offer.stock} in stock`;
}
