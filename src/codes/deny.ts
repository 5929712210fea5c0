import { BUILT_IN, bookOfNames, hasOwnDenied, knownService, type RuleBook } from './book.ts';
import type { Mask } from './mask.ts';
import { type Message, readMessage } from './message.ts';
import { foldKeyword, type Shadow } from './normalise.ts';
import { indexPhrases } from './phrase-index.ts';
import { gapBetween, overlaps, phraseOf, type Span } from './phrases.ts';
import rules from './rules/denied-words.json' with { type: 'json' };
import senderRules from './rules/senders.json' with { type: 'json' };
import { DENIED_CATEGORIES, type DeniedCategory, serviceSlug } from './service-data.ts';
import { sendersOf } from './service-senders.ts';
import { type Evidence, findEvidence, STRONG_EVIDENCE, serviceName } from './services.ts';

export { DENIED_CATEGORIES, type DeniedCategory } from './service-data.ts';

/** Why a service or a message is refused by default; the reason is for people. */
export interface Denial {
  category: DeniedCategory;
  reason: string;
}

/** What is said of a service of a kind. */
export const WORDS: Readonly<Record<DeniedCategory, string>> = {
  bank: 'a bank',
  payment: 'a payment service',
  government: 'a government office',
  health: 'a health service',
  insurance: 'an insurer',
};
/** How near to the word for "code" a word of an institution's name must stand. */
const NEAR = 40;

const listed = (lists: Readonly<Partial<Record<DeniedCategory, readonly string[]>>>) =>
  DENIED_CATEGORIES.flatMap((category) => (lists[category] ?? []).map((word): [DeniedCategory, string] => [category, word]));
const SLUG_WORDS = new Map(listed(rules.slugWords).map(([category, word]) => [foldKeyword(word), category]));
const SLUG_ENDINGS = listed(rules.slugEndings).map(([category, ending]): [DeniedCategory, string] => [category, foldKeyword(ending)]);
const ALLOWED_SLUGS = new Set(rules.allowedSlugs);
const COUNTRY = new RegExp(`(?<=.{3})(?:${senderRules.countries.join('|')})$`, 'u');
const HOSTS = new Map(listed(rules.hosts).map(([category, host]) => [host, category]));
const NAME_WORDS = indexPhrases(listed(rules.nameWords).map(([tag, word]) => ({ phrase: phraseOf(word), tag })));
const SIGNS = indexPhrases([
  ...rules.action.map((word) => ({ phrase: phraseOf(word), tag: 'action' as const })),
  ...rules.card.map((word) => ({ phrase: phraseOf(word), tag: 'card' as const })),
]);

/**
 * Whether a service is one that may not be ordered unless the operator allows its category: a bank, a payment service, a government office, a health
 * service, an insurer. Known ones by their rules, others by the words of their slug (`nordbank`, `acme-pay`). Null when nothing is against it.
 */
export function deniedService(slug: string, book: RuleBook = BUILT_IN): Denial | null {
  const plain = serviceSlug(slug);
  const shipped = BUILT_IN.bySlug.get(plain);
  // What the program denies no edited rules allow.
  const known = shipped?.denied ? shipped : knownService(plain, book);
  if (known?.denied) return denial(known.denied, `${known.name} is ${WORDS[known.denied]}`);
  // An operator's own service is denied by its name too: naming it must not be a way around.
  if (ALLOWED_SLUGS.has(plain) || (known && BUILT_IN.bySlug.has(known.slug))) return null;
  const words = plain.split('-').map(foldKeyword).filter(Boolean);
  for (const size of [3, 2, 1]) {
    const part = deniedPart(plain, size, book);
    if (part) return part;
  }
  for (const word of words) {
    const category = SLUG_WORDS.get(word) ?? SLUG_ENDINGS.find(([, ending]) => word.endsWith(ending))?.[0];
    if (category !== undefined) return denial(category, `"${word}" in its name says that it is ${WORDS[category]}`);
  }
  return null;
}

/**
 * Whether a message is one of a bank, a payment service, a government office, a health service or an insurer, or a code for a transaction, whoever
 * sends it. Words alone are not enough: a Telegram code that speaks of paying stays one of Telegram. Linear in the text; never throws.
 */
export function deniedMessage(
  { text, sender }: { text: string; sender: string },
  book: RuleBook = BUILT_IN,
  message: Message = readMessage(text),
): Denial | null {
  const reader = new Reader(message, sender);
  const names = bookOfNames(book);
  const { shadow, masks, candidates } = message;
  const { keywords, commands } = message.words;
  const byEvidence =
    deniedSender(sender, names) ?? reader.deniedBy(names) ?? (hasOwnDenied(book) ? reader.deniedBy(book) : null) ?? linked(message);
  if (byEvidence) return byEvidence;
  if (candidates.length === 0 && keywords.length === 0) return null;
  const shop = reader.namesShop(names);
  const transaction = keywords.length + commands.length > 0 ? transactionOf(shadow, masks, shop) : null;
  if (transaction && (transaction.card || !reader.isNamed(names) || shop)) return denial('bank', 'it is a code for a payment or transfer');
  const institution = institutionOf(shadow, keywords, sender);
  return institution && !reader.isNamed(names) ? institution : null;
}

/** Whether a wording that an operator writes is one of a denied kind: by the names, links and words in it. What is paid for says nothing there. */
export function deniedWording(text: string): Denial | null {
  const message = readMessage(text);
  const reader = new Reader(message, '');
  const byEvidence = reader.deniedBy(BUILT_IN) ?? linked(message);
  if (byEvidence || reader.isNamed(BUILT_IN)) return byEvidence;
  const { shadow, words } = message;
  return institutionOf(shadow, words.keywords, '') ?? compoundOf(shadow.text);
}

/** A word such as "Nordbank" with a capital: in a wording that an operator writes it can only be a name. */
function compoundOf(text: string): Denial | null {
  for (const [word] of text.matchAll(/[\p{Lu}\p{Lo}][\p{L}\p{M}]{0,39}/gu)) {
    const folded = foldKeyword(word);
    const category = SLUG_ENDINGS.find(([, ending]) => folded.length > ending.length && folded.endsWith(ending))?.[0];
    if (category !== undefined && !ALLOWED_SLUGS.has(folded)) return denial(category, `"${word}" in it says that it is ${WORDS[category]}`);
  }
  return null;
}

/** Whether a host is one of a denied kind, by its ending or the words in it. */
export function deniedDomain(host: string): Denial | null {
  return deniedHost([host]) ?? deniedService(host);
}

/**
 * A message as several books read it. What an operator wrote (templates, senders, hosts, exclusions) makes no message of a denied service another's:
 * the built-in rules are asked, and of an operator's services the names alone speak against them.
 */
class Reader {
  readonly #message: Message;
  readonly #sender: string;
  readonly #found = new Map<RuleBook, Evidence[]>();

  constructor(message: Message, sender: string) {
    this.#message = message;
    this.#sender = sender;
  }

  evidence(book: RuleBook): Evidence[] {
    const { shadow, masks, origin, candidates, prefixes, words } = this.#message;
    const anchors = [...words.keywords, ...candidates];
    const { purposes } = words;
    const sender = this.#sender;
    const found =
      this.#found.get(book) ?? findEvidence({ shadow, sender, ordered: 'any', origin, masks, anchors, prefixes, purposes, book });
    this.#found.set(book, found);
    return found;
  }

  winner(book: RuleBook): Evidence | null {
    return this.evidence(book).find((one) => !isMerchant(one)) ?? null;
  }

  /** Whether it is clearly one of somebody. */
  isNamed(book: RuleBook): boolean {
    return (this.winner(book)?.confidence ?? 0) >= STRONG_EVIDENCE;
  }

  /** Whether it names somebody as the shop of a payment. */
  namesShop(book: RuleBook): boolean {
    return this.evidence(book).some(isMerchant);
  }

  deniedBy(book: RuleBook): Denial | null {
    const winner = this.winner(book);
    if (!winner) return null;
    const known = knownService(winner.slug, book);
    const { shadow, words } = this.#message;
    if (!known?.denied || !(this.namesShop(book) || this.isNamed(book) || isInSentence(shadow, winner.span, words.keywords))) return null;
    return denial(known.denied, `it is a message of ${serviceName(winner.slug, book)}, ${WORDS[known.denied]}`);
  }
}

function isMerchant({ rule }: Evidence): boolean {
  return rule === 'merchant';
}

/** By a host in it, whoever's the rest is. */
function linked({ origin, shadow, masks }: Message): Denial | null {
  return deniedHost([...(origin ? [origin.host] : []), ...hostsOf(shadow, masks)]);
}

function denial(category: DeniedCategory, reason: string): Denial {
  return { category, reason };
}

/** A denied service's slug as part of a longer one (`hsbc-uk`, `my-chase-bank`); single short words are too ambiguous. */
function deniedPart(slug: string, size: number, book: RuleBook): Denial | null {
  const words = slug.split('-');
  for (let i = 0; i + size <= words.length && words.length > size; i++) {
    const part = words.slice(i, i + size).join('-');
    const known = part.length >= 4 ? knownService(part, book) : null;
    if (known?.denied && known.slug === part && (size > 1 || known.names.every(({ written }) => written === null))) {
      return denial(known.denied, `${known.name} is ${WORDS[known.denied]}`);
    }
  }
  return null;
}

function deniedHost(hosts: readonly string[]): Denial | null {
  for (const host of hosts) {
    const labels = host.split('.').slice(-6);
    for (let i = 0; i < labels.length; i++) {
      const category = HOSTS.get(labels.slice(i).join('.'));
      if (category !== undefined) return denial(category, `its link leads to ${host}, ${WORDS[category]}`);
    }
  }
  return null;
}

function hostsOf({ search }: Shadow, masks: readonly Mask[]): string[] {
  const links = masks.filter(({ kind }) => kind === 'url').slice(0, 20);
  return links.map(
    ({ start, end }) =>
      search
        .slice(start, end)
        .replace(/^https?:\/\//, '')
        .split(/[/?#:]/)[0] ?? '',
  );
}

/** Whoever is the sender, whatever shop the text names: `HSBCUK` is the bank of that name in a country. */
function deniedSender(sender: string, book: RuleBook): Denial | null {
  const found = sendersOf(sender)
    .flatMap((form) => [form, form.replace(COUNTRY, '')])
    .map((form) => book.bySender.get(form))
    .find((service) => service !== undefined);
  return found?.denied ? denial(found.denied, `its sender is ${found.name}, ${WORDS[found.denied]}`) : null;
}

/** A word for paying or a shop, and an amount or a card: neither alone makes a transaction. */
function transactionOf({ search }: Shadow, masks: readonly Mask[], shop: boolean): { card: boolean } | null {
  const signs = SIGNS.find(search);
  const action = signs.find(({ tag }) => tag === 'action') ?? null;
  if (!action) return shop && masks.some(({ kind }) => kind === 'amount') ? { card: false } : null;
  const card = signs.some((sign) => sign.tag === 'card' && !overlaps(sign, action)) || masks.some(({ kind }) => kind === 'masked');
  const amount = masks.some(({ kind }) => kind === 'amount');
  return amount || (card && masks.some(({ kind }) => kind === 'masked' || kind === 'account')) ? { card } : null;
}

/** A word such as "bank" in the place of a sender's name: in the sender itself, in a signature, or as part of a name near the word for "code". */
function institutionOf(shadow: Shadow, keywords: readonly Span[], sender: string): Denial | null {
  const folded = foldKeyword(sender);
  const inSender = SLUG_ENDINGS.find(([, ending]) => folded.endsWith(ending)) ?? null;
  if (inSender) return denial(inSender[0], `its sender is ${WORDS[inSender[0]]}`);
  const { text } = shadow;
  for (const hit of NAME_WORDS.find(shadow.search)) {
    if (!isWord(text, hit) || !isOfName(text, hit) || !keywords.some((keyword) => gapBetween(keyword, hit) <= NEAR)) continue;
    return denial(hit.tag, `"${text.slice(hit.start, hit.end)}" names ${WORDS[hit.tag]}`);
  }
  return null;
}

/** Where the only evidence is a name further away: it must be in the sentence of the code. A link of its own says enough. */
function isInSentence({ search }: Shadow, span: Span | null, keywords: readonly Span[]): boolean {
  if (span === null) return true;
  return keywords.some((keyword) => {
    const between = keyword.start >= span.end ? search.slice(span.end, keyword.start) : search.slice(keyword.end, span.start);
    return !/[!?\n。！？]|\.(?:\s|$)/.test(between);
  });
}

/** Scripts with spaces but particles glued to words: there the word must at least end. */
function isWord(text: string, { end }: Span): boolean {
  const glued = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Devanagari}]/u;
  return !(glued.test(text.charAt(end - 1)) && glued.test(text.charAt(end)));
}

/** A name has a capital, or a script that has none, or stands in brackets; `your bank will never ask` is nobody's name. */
function isOfName(text: string, { start, end }: Span): boolean {
  const first = text.charAt(start);
  if (/\p{Lo}/u.test(first)) return true;
  if (!/\p{Lu}/u.test(first)) return false;
  const opens = /(?:^|[.!?\n]\s*)$/.test(text.slice(Math.max(0, start - 3), start));
  return !opens || /^\s\p{Lu}|^[:\]】-]|^\s(?:of|de)\s\p{Lu}/u.test(text.slice(end, end + 6));
}
