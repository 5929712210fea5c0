import type { Database } from 'bun:sqlite';
import type { InboxView, PolicyView, QuoteView, RentalListView, RentalView, RentFormView } from '../../views/rentals/model.ts';
import { newSecret } from '../accounts/secrets.ts';
import { balanceView, readFilter } from '../balance/present.ts';
import { serviceDenied } from '../catalogue/offers.ts';
import { DENIED_CATEGORIES } from '../codes/deny.ts';
import { serviceName } from '../codes/judge.ts';
import type { MailLinks } from '../mail/links.ts';
import { shareUrl } from '../mail/share-link.ts';
import { countFreeNumbers, nextFreeAtMs } from './free.ts';
import { outSince } from './life.ts';
import { BOOKING_MS_MAX, durationMs, PERIODS_MAX, priceOf, type Term, UNITS, type Unit } from './pricing.ts';
import { findRate, listRates } from './rates.ts';
import { type RentalTerms, returnedAtEnd } from './rentals.ts';
import { sharesOf } from './shares.ts';
import { moneyOf } from './state.ts';
import { changesOf, chargesOf, countMessages, listRentals, messagesOfRental, type Rental } from './view.ts';

const PAST_PAGE = 10;
const INBOX_PAGE = 50;
const NO_PRICES = { hour: null, day: null, week: null };

export interface Sources {
  db: Database;
  terms: RentalTerms;
  nowMs(): number;
  links: MailLinks;
}

/** A rental as the pages show it. */
export function rentalView({ db, terms }: Sources, rental: Rental): RentalView {
  const [newest] = messagesOfRental(db, rental.id, { limit: 1 });
  const money = moneyOf(rental);
  const { id, status, reason, name, country, service, number, currency, priceMinor, startsAtMs, endsAtMs, endedAtMs, outageMs } = rental;
  return {
    ...{ id, status, reason, name, country, service, number, currency, priceMinor, startsAtMs, endsAtMs, endedAtMs, outageMs, money },
    returnedMinor: money === 'refunded' ? priceMinor : chargesOf(db, id).reduce((sum, { returnedMinor }) => sum + returnedMinor, 0),
    awaySinceMs: status === 'active' ? outSince({ db }, rental) : null,
    serviceName: service === null ? null : serviceName(service, terms.rules()),
    autoCapMinor: rental.autoCapMinor,
    autoSpentMinor: rental.autoSpentMinor,
    messageCount: countMessages(db, id),
    code: newest?.code ?? null,
    codeServiceName: newest?.code ? nameOfMessage(db, terms, newest.id) : null,
    lastEvent: rental.lastEvent,
  };
}

function nameOfMessage(db: Database, terms: RentalTerms, id: string): string | null {
  const row = db.query<{ service: string | null }, { id: string }>('SELECT service FROM messages WHERE id = $id').get({ id });
  return row?.service ? serviceName(row.service, terms.rules()) : null;
}

/** What changes by itself on the page of rentals. */
export function listView(sources: Sources, userId: string, cursor: string | null = null): RentalListView {
  const { db, terms, nowMs } = sources;
  const current = listRentals(db, userId, { limit: 200, statuses: ['scheduled', 'active'] });
  const past = listRentals(db, userId, { limit: PAST_PAGE + 1, cursor, statuses: ['ended', 'canceled'] });
  const shown = past.slice(0, PAST_PAGE);
  return {
    nowMs: nowMs(),
    balance: balanceView(db, userId, terms.currency),
    current: current.map((rental) => rentalView(sources, rental)),
    past: shown.map((rental) => rentalView(sources, rental)),
    nextCursor: past.length > PAST_PAGE ? (shown.at(-1)?.id ?? null) : null,
  };
}

/** What the form was left at, as text. */
export interface Typed {
  country?: string | undefined;
  unit?: string | undefined;
  periods?: string | undefined;
  service?: string | undefined;
  starts?: string | undefined;
  name?: string | undefined;
}

/** The term that was typed; a unit that is none is a day, a count that is none is one. */
export function termOf(typed: Pick<Typed, 'unit' | 'periods'>, fallback: Unit = 'day'): Term {
  const unit = UNITS.find((one) => one === typed.unit) ?? fallback;
  const periods = /^\d{1,4}$/.test(typed.periods ?? '') ? Math.max(1, Number(typed.periods)) : 1;
  return { unit, periods };
}

/** `2026-12-01T08:00`, read as UTC; null for none, NaN for what is no such time. */
export function startOf(starts: string | undefined): number | null {
  if (!starts) return null;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(starts) ? Date.parse(`${starts}Z`) : Number.NaN;
}

/** The form with price, stock and terms for what is chosen in it. */
export function formView(sources: Sources, userId: string, typed: Typed, problem: string | null = null): RentFormView {
  const { db, terms } = sources;
  const nowMs = sources.nowMs();
  const countries = listRates(db);
  const country = countries.find((one) => one.country === typed.country) ?? countries[0];
  const prices = country?.prices ?? NO_PRICES;
  const term = termOf(typed, UNITS.find((unit) => unit === 'day' && prices[unit] !== null) ?? UNITS.find((unit) => prices[unit] !== null));
  const services = servicesOf(sources);
  const chosen = services.find(({ slug }) => slug === typed.service) ?? null;
  const startsAtMs = startOf(typed.starts);
  const fromMs = startsAtMs === null || Number.isNaN(startsAtMs) ? nowMs : startsAtMs;
  const wanted = {
    country: country?.country ?? '',
    service: chosen?.slug ?? null,
    startsAtMs: fromMs,
    endsAtMs: fromMs + durationMs(term),
  };
  const stock = countFreeNumbers(db, wanted, terms, nowMs);
  return {
    nowMs,
    balance: balanceView(db, userId, terms.currency),
    countries: countries.map((one) => ({ country: one.country, prices: one.prices })),
    services,
    values: {
      country: country?.country ?? '',
      ...term,
      service: chosen?.slug ?? '',
      serviceName: chosen?.name ?? '',
      starts: typed.starts ?? '',
      name: typed.name ?? '',
    },
    quote: startsAtMs === null ? quoteView(prices, term) : startQuote(quoteView(prices, term), startsAtMs, nowMs),
    stock,
    nextFreeAtMs: stock > 0 ? null : nextFreeAtMs(db, wanted, terms, nowMs),
    periodsMax: PERIODS_MAX,
    bookingDays: BOOKING_MS_MAX / 86_400_000,
    policy: policyOf(terms),
    problem,
    key: newSecret('form-', terms.random),
  };
}

function startQuote(quote: QuoteView, startsAtMs: number, nowMs: number): QuoteView {
  if (startsAtMs > nowMs && startsAtMs <= nowMs + BOOKING_MS_MAX) return quote;
  return { whyNot: 'The start must lie in the future and at most 30 days ahead; leave it empty to start at once.' };
}

function quoteView(prices: Record<Unit, number | null>, term: Term): QuoteView {
  const most = PERIODS_MAX[term.unit];
  if (term.periods > most) return { whyNot: `At most ${most} ${term.unit}s at once.` };
  if (prices[term.unit] === null) return { whyNot: `Numbers of this country are not rented by the ${term.unit}.` };
  const priceMinor = priceOf(prices, term);
  return priceMinor === null ? { whyNot: 'That is more than can be charged at once.' } : { priceMinor };
}

/** Services that a rental may be limited to: the known ones and those that are offered, but for denied ones. */
function servicesOf({ db, terms }: Sources): { slug: string; name: string }[] {
  const book = terms.rules();
  const offered = db.query<{ service: string }, []>("SELECT DISTINCT service FROM offers WHERE service <> 'any'").all();
  const all = new Set([...offered.map(({ service }) => service), ...book.orderable.map(({ slug }) => slug)]);
  return [...all].filter((slug) => !serviceDenied(slug, terms)).map((slug) => ({ slug, name: serviceName(slug, book) }));
}

function policyOf({ outageMinutes, refundUnused, allow }: RentalTerms): PolicyView {
  return { outageMinutes, refundUnused, denies: DENIED_CATEGORIES.some((category) => !allow.includes(category)) };
}

/** What the page of one rental was asked for. */
export interface InboxAsked {
  search?: string;
  /** Days as typed, both inclusive, in UTC. */
  from?: string;
  to?: string;
  cursor?: string | null;
  typed?: Typed;
  problem?: string | null;
}

/** One rental with its messages and what may be done with it. */
export function inboxView(
  sources: Sources,
  rental: Rental,
  { search = '', from = '', to = '', cursor = null, typed = {}, problem = null }: InboxAsked = {},
): InboxView {
  const { db, terms } = sources;
  const nowMs = sources.nowMs();
  const { period, problem: wrongDays } = readFilter(from, to);
  const messages = messagesOfRental(db, rental.id, { limit: INBOX_PAGE + 1, cursor, search, ...period });
  const shown = messages.slice(0, INBOX_PAGE);
  const prices = findRate(db, rental.country)?.prices ?? NO_PRICES;
  const term = termOf(typed, chargesOf(db, rental.id).at(-1)?.unit);
  return {
    nowMs,
    rental: rentalView(sources, rental),
    balance: balanceView(db, rental.userId, terms.currency),
    messages: shown.map(({ id, sender, text, code, storedAtMs }) => ({ id, sender, text, code, receivedAtMs: storedAtMs })),
    ...{ search, from, to, wrongDays },
    isOlder: cursor !== null,
    nextCursor: messages.length > INBOX_PAGE ? (shown.at(-1)?.id ?? null) : null,
    shares: sharesOf(db, rental.id, nowMs).map((share) => {
      const { id, email, state, untilMs, acceptedAtMs } = share;
      return { id, email, untilMs, acceptedAtMs, url: state === 'invited' ? shareUrl(sources.links, share) : null };
    }),
    changes: changesOf(db, rental.id).map(({ reason, detail, addedMs, atMs }) => ({ reason, detail, addedMs, atMs })),
    backMinor: returnedAtEnd({ db }, terms, rental, nowMs),
    extend: { values: term, prices, quote: quoteView(prices, term), key: newSecret('form-', terms.random) },
    periodsMax: PERIODS_MAX,
    policy: policyOf(terms),
    problem,
  };
}
