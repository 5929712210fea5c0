import { findPhrase, overlaps, type Phrase, phraseOf, type Span } from './phrases.ts';
import keywordRules from './rules/keywords.json' with { type: 'json' };
import signRules from './rules/signs.json' with { type: 'json' };

/** A word for "code" in a message. */
export interface Keyword extends Span {
  strong: boolean;
}

/** The words of a message that the rules know. */
export interface Words {
  keywords: Keyword[];
  /** Codes of another kind: vouchers, postcodes … */
  anti: Span[];
  commands: Span[];
  safety: boolean;
  validity: boolean;
  /** Which groups of signs speak against a one-time code. */
  against: string[];
}

const LANGUAGES = Object.values(keywordRules.languages);
const phrases = (lists: readonly (readonly string[])[]): Phrase[] => [...new Set(lists.flat())].map(phraseOf);
const STRONG = phrases(LANGUAGES.map((language) => language.strong));
const WEAK = phrases(LANGUAGES.map((language) => language.weak));
const ANTI = phrases(LANGUAGES.map((language) => language.anti));
const SAFETY = phrases([signRules.safety]);
const VALIDITY = phrases([signRules.validity]);
const COMMANDS = phrases([signRules.command]);
const AGAINST = Object.entries(signRules.against).map(([group, list]): [string, Phrase[]] => [group, phrases([list])]);

/** Finds the words of all languages in a folded text at once; which language a message is in is not asked. */
export function findWords(search: string): Words {
  const all = (list: readonly Phrase[]) => list.flatMap((phrase) => findPhrase(search, phrase));
  const some = (list: readonly Phrase[]) => list.some((phrase) => findPhrase(search, phrase).length > 0);
  const strong = all(STRONG);
  const strongOutright = (span: Span) => strong.some((keyword) => keyword.start <= span.start && keyword.end >= span.end);
  // "Verification code" is no voucher though "code" is in both lists; "promo code" is no code though "code" is a keyword.
  const anti = all(ANTI).filter((span) => !strongOutright(span));
  const free = (span: Span) => !anti.some((other) => overlaps(other, span));
  return {
    keywords: [
      ...strong.filter(free).map((span): Keyword => ({ ...span, strong: true })),
      ...all(WEAK)
        .filter(free)
        .map((span): Keyword => ({ ...span, strong: false })),
    ],
    anti,
    commands: all(COMMANDS),
    safety: some(SAFETY),
    validity: some(VALIDITY),
    against: AGAINST.filter(([, list]) => some(list)).map(([group]) => group),
  };
}
