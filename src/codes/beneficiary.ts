import { foldKeyword, type Shadow } from './normalise.ts';
import { overlaps, type Span } from './phrases.ts';
import vocabulary from './rules/plain-words.json' with { type: 'json' };
import roleRules from './rules/roles.json' with { type: 'json' };

const PLAIN = new Set(vocabulary.words.map(foldKeyword));
const FOR = roleRules.beneficiaries.map(foldKeyword).join('|');
const FOR_WHOM = new RegExp(`(?:^|[^\\p{L}\\p{M}])(?:${FOR}) $`, 'u');
const FOR_NAME = new RegExp(`(?<![\\p{L}\\p{M}])(?:${FOR}) ([\\p{L}\\d][\\p{L}\\p{M}\\d.&'-]{1,30})`, 'gu');

/** Whether a name stands where it is said whom a code is for: `code for Avito`, `код для Avito`. */
export function isBeneficiary({ search }: Shadow, { start }: Span): boolean {
  return FOR_WHOM.test(search.slice(Math.max(0, start - 32), start));
}

/** Whether a code is said to be for somebody with a name of their own, of which no rule knows: `known` are the names and words that are understood. */
export function namesBeneficiary({ text, search }: Shadow, known: readonly Span[]): boolean {
  for (const match of search.matchAll(FOR_NAME)) {
    const word = match[1] ?? '';
    const start = match.index + match[0].length - word.length;
    if (!/^\d{0,3}\p{Lu}/u.test(text.slice(start)) || /\d{3}/.test(word)) continue;
    if (!PLAIN.has(word.replace(/[.']+$/, '')) && !known.some((one) => overlaps(one, { start, end: start + 2 }))) return true;
  }
  return false;
}
