import { foldKeyword, type Shadow } from './normalise.ts';
import type { Span } from './phrases.ts';
import rules from './rules/endings.json' with { type: 'json' };

const ENDINGS = new Set(Object.values(rules.endings).flat().map(foldKeyword));
const CASELESS = new RegExp(`(?:^|[^\\p{L}])(?:${rules.caseless.map(foldKeyword).join('|')})(?!\\p{L})`, 'u');
const CASED = /[\p{Script=Latin}\p{Script=Cyrillic}]/u;

/**
 * Whether what is glued to the end of a name is a grammatical ending, or nothing: `Woltiin` and `Телеграма` are those names, `Tinderly` and `Boltz` are
 * others. Scripts without capitals write their particles without a joint and are not asked.
 */
export function endsAsName(shadow: Shadow, { end }: Span): boolean {
  const { search } = shadow;
  if (!CASED.test(search.charAt(end - 1)) || !CASED.test(search.charAt(end))) return true;
  const ending = /^\p{L}{1,4}/u.exec(search.slice(end, end + 4))?.[0] ?? '';
  return ENDINGS.has(ending) && !(/^\p{Script=Latin}/u.test(ending) && isCaseless(shadow));
}

/** Asked for each name of a message, and read once: the whole text for every name would take the square of its length. */
const CASELESS_TEXTS = new WeakMap<Shadow, boolean>();

/** Whether a message is in a language whose nouns take no endings. */
function isCaseless(shadow: Shadow): boolean {
  const before = CASELESS_TEXTS.get(shadow);
  if (before !== undefined) return before;
  const found = CASELESS.test(shadow.search);
  CASELESS_TEXTS.set(shadow, found);
  return found;
}
