import { type Hit, indexPhrases } from './phrase-index.ts';
import { overlaps, phraseOf, type Span } from './phrases.ts';
import signRules from './rules/signs.json' with { type: 'json' };
import africaAndOthers from './rules/words/africa-and-others.json' with { type: 'json' };
import asiaEast from './rules/words/asia-east.json' with { type: 'json' };
import asiaSouth from './rules/words/asia-south.json' with { type: 'json' };
import asiaWest from './rules/words/asia-west.json' with { type: 'json' };
import europeEast from './rules/words/europe-east.json' with { type: 'json' };
import europeWest from './rules/words/europe-west.json' with { type: 'json' };

/** The words of one language, as the rule files write them: `*` at an end of a phrase lets the word go on there. */
export interface LanguageWords {
  name: string;
  /** A one-time code beyond doubt. */
  strong: readonly string[];
  /** A code or password of any kind. */
  weak: readonly string[];
  /** A code of another kind: vouchers, parcels, postcodes … */
  anti: readonly string[];
  /** What makes a weak word a strong one in the same clause: verification, log-in … */
  purpose?: readonly string[];
  /** What makes a weak word a code of another kind right beside it: discount, order … */
  trade?: readonly string[];
  /** A number or digits: a word for the code only beside what it is for, after an imperative, or alone with it. */
  number?: readonly string[];
  safety?: readonly string[];
  validity?: readonly string[];
  command?: readonly string[];
  offer?: readonly string[];
  account?: readonly string[];
  delivery?: readonly string[];
  booking?: readonly string[];
}

/** Every language the rules know, by BCP 47 tag. */
export const LANGUAGES: Readonly<Record<string, LanguageWords>> = {
  ...europeWest,
  ...europeEast,
  ...asiaWest,
  ...asiaSouth,
  ...asiaEast,
  ...africaAndOthers,
};

/** A word for "code" in a message. */
export interface Keyword extends Span {
  strong: boolean;
  /** The end of a longer word of unknown meaning: `Termincode`. */
  compound: boolean;
}

/** The words of a message that the rules know. */
export interface Words {
  keywords: Keyword[];
  /** Codes of another kind: vouchers, postcodes … */
  anti: Span[];
  commands: Span[];
  /** What a code is for: verification, log-in … */
  purposes: Span[];
  safety: boolean;
  validity: boolean;
  /** Which groups of signs speak against a one-time code. */
  against: string[];
  /** Everything that some rule has a word for, by its start. */
  all: readonly Span[];
}

type List = 'strong' | 'weak' | 'anti' | 'purpose' | 'trade' | 'number' | 'safety' | 'validity' | 'command' | `against ${string}`;

/** The lists of a language that are signs of another kind of message, by the group of signs they belong to. */
const GROUPS = { offer: 'offer', account: 'account_notice', delivery: 'delivery', booking: 'booking' } as const;
const LISTS = ['strong', 'weak', 'anti', 'purpose', 'trade', 'number', 'safety', 'validity', 'command'] as const;
const INDEX = indexPhrases(entries());

/** A purpose this near to a word for "code" is its purpose; further away it may be anything's. */
const PURPOSE_REACH = 32;
/** Another kind of thing stands right beside the word: "code promo", "promo code", "código de descuento", "kod do odbioru". */
const TRADE_REACH = 4;
const MOST_BARE = 40;
/** No message has more of one kind; words are compared with one another, so a text of nothing else would take the square of its length. */
const MOST_HITS = 32;
/** "Enter the number": how far the word may be from its imperative. */
const TOLD_REACH = 6;
const CLAUSE_END = /[.!?;\n。！？।۔።]/;

/** Finds the words of all languages in a folded text at once; which language a message is in is not asked. */
export function findWords(search: string): Words {
  const found = new Map<List, Hit<List>[]>();
  const hits = INDEX.find(search);
  for (const hit of hits) {
    const known = found.get(hit.tag);
    if (known === undefined) found.set(hit.tag, [hit]);
    else if (known.length < MOST_HITS) known.push(hit);
  }
  const of = (list: List) => found.get(list) ?? [];
  const strong = of('strong');
  // "Verification code" is no voucher though "code" is in both lists; "promo code" is no code though "code" is a keyword.
  const outright = (span: Span) => strong.some((keyword) => keyword.start <= span.start && keyword.end >= span.end);
  const listed = of('anti').filter((span) => !outright(span));
  const trades = of('trade');
  const weak = of('weak').filter((span) => !outright(span));
  const traded = weak.filter((span) => trades.some((trade) => isBeside(search, trade, span)));
  const anti = merged([...listed, ...traded]);
  const free = (span: Span) => !anti.some((other) => overlaps(other, span));
  const purposes = of('purpose');
  const meant = (span: Span) => purposes.some((purpose) => isNear(search, purpose, span));
  const commands = of('command');
  const told = (span: Span) => commands.some(({ end }) => end <= span.start && span.start - end <= TOLD_REACH);
  const numbers = of('number').filter((span) => !outright(span) && !trades.some((trade) => isBeside(search, trade, span)));
  const speaking = numbers.filter((span) => !isWithinWord(search, span.start) && (meant(span) || told(span) || isAllBut(search, span)));
  return {
    keywords: [
      ...strong.filter(free).map((span): Keyword => ({ ...spanOf(span), strong: true, compound: false })),
      ...weak
        .filter(free)
        .map((span): Keyword => ({ ...spanOf(span), strong: meant(span), compound: !meant(span) && isWithinWord(search, span.start) })),
      ...speaking.filter(free).map((span): Keyword => ({ ...spanOf(span), strong: false, compound: false })),
    ],
    anti,
    commands: commands.map(spanOf),
    purposes: purposes.map(spanOf),
    safety: found.has('safety'),
    validity: found.has('validity'),
    all: hits,
    against: [...found.keys()].flatMap((list) => (list.startsWith('against ') ? [list.slice('against '.length)] : [])).sort(),
  };
}

function entries(): { phrase: ReturnType<typeof phraseOf>; tag: List }[] {
  const written = new Map<List, Set<string>>();
  const add = (list: List, phrases: readonly string[]) => {
    const known = written.get(list) ?? new Set();
    for (const phrase of phrases) known.add(phrase);
    written.set(list, known);
  };
  for (const words of Object.values(LANGUAGES)) {
    for (const list of LISTS) add(list, words[list] ?? []);
    for (const [list, group] of Object.entries(GROUPS)) add(`against ${group}`, words[list as keyof typeof GROUPS] ?? []);
  }
  for (const list of ['safety', 'validity', 'command'] as const) add(list, signRules[list]);
  for (const [group, phrases] of Object.entries(signRules.against)) add(`against ${group}`, phrases);
  return [...written].flatMap(([tag, phrases]) => [...phrases].map((phrase) => ({ phrase: phraseOf(phrase), tag })));
}

function isNear(search: string, a: Span, b: Span): boolean {
  return stretch(search, a, b, PURPOSE_REACH) !== null;
}

function isBeside(search: string, trade: Span, word: Span): boolean {
  if (overlaps(trade, word)) return true;
  const between = stretch(search, trade, word, TRADE_REACH);
  return between !== null && !/[\d:,]/.test(between);
}

/** What stands between two spans when it is short and one clause, else null. */
function stretch(search: string, a: Span, b: Span, reach: number): string | null {
  const [first, second] = a.start <= b.start ? [a, b] : [b, a];
  if (second.start - first.end > reach) return null;
  const between = search.slice(first.end, second.start);
  return CLAUSE_END.test(between) ? null : between;
}

/** Overlapping spans as one, in reading order: a phrase is mostly found with its longer forms. */
export function merged(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = all.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else all.push({ start, end });
  }
  return all;
}

/** Nothing but this word and digits: "Number: 48213". */
function isAllBut(search: string, { start, end }: Span): boolean {
  return search.length <= MOST_BARE && !/\p{L}/u.test(search.slice(0, start)) && !/\p{L}/u.test(search.slice(end));
}

function isWithinWord(search: string, start: number): boolean {
  const pair = search.slice(Math.max(0, start - 1), start + 1);
  return /^(?:\p{Script=Latin}{2}|\p{Script=Cyrillic}{2})$/u.test(pair);
}

function spanOf({ start, end }: Hit<List>): Span {
  return { start, end };
}
