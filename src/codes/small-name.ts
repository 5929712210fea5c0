import { foldKeyword, type Shadow } from './normalise.ts';
import { gapBetween, overlaps, type Span } from './phrases.ts';
import vocabulary from './rules/plain-words.json' with { type: 'json' };

const PLAIN = new Set([...vocabulary.words, ...vocabulary.small].map(foldKeyword));
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
];

/** Spaces stand in the place of names that were taken out: what is before those is not last. */
const LAST = new RegExp(`(?<![\\p{L}\\p{M}\\d@./-])(${WORD})\\s?[.!)\\]]{0,4}\\s?$`, 'u');
const LAST_REACH = 40;

/**
 * Whether a word stands in the place of a sender's name that neither the rules nor the vocabulary of such messages know, whatever its letter case: "code
 * 4829 (acme)", "OTP 4829 ACME". `known` is every word that some rule knows.
 */
export function hasSmallName({ search }: Shadow, anchors: readonly Span[], known: readonly Span[], others: readonly Span[]): boolean {
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
  return (last !== null && isName(last, from)) || PLACES.some((place) => [...search.matchAll(place)].some((match) => isName(match, 0)));
}

function isPlain(word: string): boolean {
  return word.split(/[-.&]/).every((part) => part.length < 2 || PLAIN.has(part) || PLAIN.has(part.replace(/'.*$/, '')));
}
