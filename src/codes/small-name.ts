import { LANGUAGES } from './keywords.ts';
import { foldKeyword, type Shadow } from './normalise.ts';
import { gapBetween, overlaps, type Span } from './phrases.ts';
import vocabulary from './rules/plain-words.json' with { type: 'json' };
import signRules from './rules/signs.json' with { type: 'json' };

/** The vocabulary of such messages: what the lists have for it, and every word of a phrase that some language's rules know. */
const PLAIN = new Set(
  [...vocabulary.words, ...vocabulary.small, ...signRules.copulas, ...signRules.articles, ...signRules.yours, ...signRules.withIt].map(
    foldKeyword,
  ),
);
for (const words of Object.values(LANGUAGES))
  for (const list of Object.values(words))
    if (typeof list !== 'string')
      for (const phrase of list) for (const word of foldKeyword(phrase).split(/[^\p{L}\p{M}]+/u)) PLAIN.add(word);
/** Shorter ones are particles in some language. */
const SHORTEST = 4;
/** How far from a code or its word a name without a capital is looked for. */
const REACH = 48;
const WORD = "[\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Greek}][\\p{L}\\p{M}\\d.&'-]{2,30}";
/** Where senders put their names: in brackets, behind a slash or a bar, behind "app". */
const PLACES = [
  new RegExp(`[([<]\\s?(${WORD})\\s?[)\\]>]`, 'gu'),
  new RegExp(`\\s[/|]\\s?(${WORD})`, 'gu'),
  new RegExp(`(?<![\\p{L}])(?:app|aplikasi|application|applicazione|aplicacion|aplicativo|приложение|приложении) (${WORD})`, 'gu'),
  new RegExp(`(?<![\\p{L}])(?:log|sign|logging|signing|register|registering)(?: in| up)? ?(?:to|on|at|with) (${WORD})`, 'gu'),
  new RegExp(`(?<![\\p{L}])(?:code|use|enter|type) [\\d -]{4,12} (?:on|at|in|with|for) (${WORD})`, 'gu'),
];

/** Spaces stand in the place of names that were taken out: what is before those is not last. */
const LAST = new RegExp(`(?<![\\p{L}\\p{M}\\d@./-])(${WORD})\\s?[.!)\\]]{0,4}\\s?$`, 'u');
const LAST_REACH = 40;
/** "acme code 4829", "acme-kod", "code acme est 4829", "code for acme: 4829": what touches the word for "code", or stands behind a preposition. */
const BESIDE_BEFORE = new RegExp(`(?<![\\p{L}\\p{M}\\d@./-])(${WORD})[ -]$`, 'u');
const BESIDE_AFTER = new RegExp(`^(?: (?:${vocabulary.prepositions.map(foldKeyword).join('|')}) |[ -])(${WORD})(?=[ :]|$)`, 'u');
const BESIDE = 40;
const MOST_TOUCHED = 8;

/**
 * Whether a word stands in the place of a sender's name that neither the rules nor the vocabulary of such messages know, whatever its letter case: "code
 * 4829 (acme)", "OTP 4829 ACME". `known` is every word that some rule knows.
 */
export function hasSmallName(
  { search }: Shadow,
  anchors: readonly Span[],
  known: readonly Span[],
  others: readonly Span[],
  keywords: readonly Span[],
): boolean {
  const from = Math.max(0, search.length - LAST_REACH);
  const last = LAST.exec(search.slice(from));
  const isName = (match: RegExpExecArray, offset: number) => {
    const written = match[1] ?? '';
    const start = offset + match.index + match[0].indexOf(written);
    const word = written.replace(/[.'-]+$/, '');
    const span = { start, end: start + word.length };
    if (word.length < SHORTEST || /\d{3}/.test(word) || isPlain(word) || others.some((other) => overlaps(other, span))) return false;
    return anchors.some((anchor) => gapBetween(anchor, span) <= REACH) && !known.some((one) => overlaps(one, span));
  };
  return (
    (last !== null && isName(last, from)) ||
    PLACES.some((place) => [...search.matchAll(place)].some((match) => isName(match, 0))) ||
    keywords.slice(0, MOST_TOUCHED).some(({ start, end }) => {
      const before = BESIDE_BEFORE.exec(search.slice(Math.max(0, start - BESIDE), start));
      const after = BESIDE_AFTER.exec(search.slice(end, end + BESIDE));
      return (before !== null && isName(before, Math.max(0, start - BESIDE))) || (after !== null && isName(after, end));
    })
  );
}

function isPlain(word: string): boolean {
  return word.split(/[-.&]/).every((part) => part.length < 2 || PLAIN.has(part) || PLAIN.has(part.replace(/'.*$/, '')));
}
