import { BUILT_IN, type RuleBook } from './book.ts';
import { builtInAccepted } from './examples.ts';
import { findWords, merged } from './keywords.ts';
import { foldKeyword, shadowOf } from './normalise.ts';
import { findPhrase, type Span } from './phrases.ts';
import plainWords from './rules/plain-words.json' with { type: 'json' };
import type { ListedRule } from './service-data.ts';
import { fitTemplate, templateOf } from './templates.ts';

const PLAIN = new Set(plainWords.words.map(foldKeyword));
/** Shorter rests are endings of grammar, or particles. */
const SHORTEST_OWN = 2;

/** One word may be any service's: "gute Fahrt: {code}" with a code of a rival. */
const OWN_WORDS_LEAST = 2;
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Whether a folded name is a word of ordinary messages. */
export function isPlain(folded: string): boolean {
  return PLAIN.has(folded);
}

/** Whether a name is nothing but words for codes, in some language: messages of everybody have those. */
export function isOnlyKeywords(name: string): boolean {
  const folded = foldKeyword(name);
  const compact = folded.replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
  return [folded, compact].some((text) => {
    const { keywords, purposes } = findWords(text);
    return keywords.length > 0 && restOf(text, [...keywords, ...purposes]).length === 0;
  });
}

/** Whether a text is nothing but words that some language's rules know, and words of ordinary messages. */
export function saysNothingOfItsOwn(text: string): boolean {
  const folded = foldKeyword(text);
  const compact = folded.replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
  return [folded, compact].some((form) => {
    const { all } = findWords(form);
    return restOf(form, all).every((word) => PLAIN.has(word) || [...word].length < SHORTEST_OWN);
  });
}

/** How many different words a text has that neither some language's rules nor ordinary messages have; in scripts without spaces, pairs of characters. */
function ownWords(text: string): number {
  const folded = foldKeyword(text);
  const own = new Set(restOf(folded, findWords(folded).all).filter((word) => !PLAIN.has(word) && [...word].length >= SHORTEST_OWN));
  return [...own].reduce((sum, word) => sum + (SPACELESS.test(word) ? Math.floor([...word].length / 2) : 1), 0);
}

function restOf(text: string, spans: readonly Span[]): string[] {
  let rest = '';
  let at = 0;
  for (const { start, end } of merged(spans)) {
    rest += `${text.slice(at, start)} `;
    at = end;
  }
  return (rest + text.slice(at)).split(/[^\p{L}\p{M}\p{N}]+/u).filter(Boolean);
}

/**
 * Why a template without a brand would take messages of others: its words are everybody's, or it fits what a service of the program sends, with or
 * without that service's name. Null when it is particular enough.
 */
export function foreignWording(written: string, rule: ListedRule, others: RuleBook): string | null {
  const literal = written.replaceAll(/\{[a-z]{1,9}\}/g, ' ');
  if (ownWords(literal) < OWN_WORDS_LEAST)
    return 'it has hardly a word but those that everybody uses, so that messages of others would fit';
  const template = templateOf(written);
  const shape = rule.code ? { ...rule.code, alphabet: alphabetOf(rule.code.alphabet) } : null;
  for (const { slug, forms } of accepted()) {
    if (slug === rule.slug) continue;
    const fits = forms.some(({ text, search }) => search.includes(template.longest) && fitTemplate(shadowOf(text), null, template, shape));
    if (fits) return `a message of ${others.rules.get(slug)?.name ?? slug} fits it, with or without that name`;
  }
  return null;
}

function alphabetOf(written: string): 'digits' | 'alnum' | 'letters' {
  return written === 'alnum' || written === 'letters' ? written : 'digits';
}

interface Accepted {
  slug: string;
  forms: { text: string; search: string }[];
}

let known: Accepted[] | null = null;

/** The built-in examples that are delivered, each also without the names of its service; worked out when first asked for. */
function accepted(): Accepted[] {
  known ??= builtInAccepted().map(({ slug, text }) => {
    const { text: printed, search } = shadowOf(text);
    const names = BUILT_IN.bySlug.get(slug)?.names ?? [];
    const spans = merged(names.flatMap(({ phrase }) => findPhrase(search, phrase)));
    const bare = spans.reduceRight((rest, { start, end }) => `${rest.slice(0, start)}${rest.slice(end)}`, printed);
    const forms = [printed, bare.replace(/^[\s:,-]+/, '').replace(/ {2,}/g, ' ')];
    return { slug, forms: [...new Set(forms)].map((form) => ({ text: form, search: shadowOf(form).search })) };
  });
  return known;
}
