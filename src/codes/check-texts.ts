import type { RuleBook } from './book.ts';
import { BUILT_IN } from './book.ts';
import { foreignWording } from './check-words.ts';
import { type Complain, RULE_LIMITS } from './rule-limits.ts';
import type { ListedRule, ServiceRule } from './service-data.ts';

const PLACEHOLDER = /\{[^{}]{0,20}\}/g;
const KNOWN = ['{code}', '{brand}', '{any}', '{line}'];
const TEMPLATE_CHARACTERS_MAX = 300;
const EXAMPLE_CHARACTERS_MAX = 1000;
/** With a brand in it a wording needs few letters of its own; without one it must be nobody else's. */
const LETTERS_MIN = { branded: 3, brandless: 12 };

/** Templates are literal but for their placeholders: each is checked to be bounded and particular enough, and what was meant as a regular expression is refused. */
export function checkTemplates(rule: ListedRule, others: RuleBook, complain: Complain): void {
  const templates = rule.templates ?? [];
  for (const [at, template] of templates.entries()) {
    const problem = templateProblem(template);
    if (problem !== null) complain('templates', at + 1, problem);
    else if (!template.includes('{brand}') && !BUILT_IN.rules.get(rule.slug)?.templates?.includes(template)) {
      const foreign = foreignWording(template, rule, others);
      if (foreign !== null)
        complain('templates', at + 1, `"${template.slice(0, 40)}" names nobody, and ${foreign}: put {brand} where the name stands.`);
    }
  }
  const brandless = templates.filter((template) => !template.includes('{brand}')).length;
  const before = others.brandless.filter(({ service }) => service.slug !== rule.slug).length;
  if (brandless + before > RULE_LIMITS.brandless)
    complain('templates', null, `All services together have at most ${RULE_LIMITS.brandless} templates without {brand}.`);
}

/** What is wrong with a template, and what would be right; null when it is sound. */
export function templateProblem(template: string): string | null {
  const shown = `"${template.length > 40 ? `${template.slice(0, 40)}…` : template}"`;
  if (template.length > TEMPLATE_CHARACTERS_MAX) return `${shown} has more than ${TEMPLATE_CHARACTERS_MAX} characters.`;
  const unknown = (template.match(PLACEHOLDER) ?? []).find((one) => !KNOWN.includes(one));
  if (unknown !== undefined || /\\[dwsDWSbB]|\(\?|\.[*+]|\[(?:\^|[^\]]-[^\]])|\)[*+?{]/.test(template))
    return `${shown} reads like a regular expression or has an unknown placeholder${unknown ? ` ${unknown}` : ''}: only {code}, {brand}, {any} and {line} stand for something, all else is literal. Regular expressions are not taken, since some make a message slow to judge.`;
  const count = (placeholder: string) => template.split(placeholder).length - 1;
  if (count('{code}') !== 1) return `${shown} must have {code} exactly once: where the code stands.`;
  if (count('{brand}') > 1) return `${shown} may have {brand} once only: where a name of the service stands.`;
  const most = count('{brand}') > 0 ? 5 : 2;
  if (count('{any}') > most) return `${shown} has {any} more than ${most} times${most === 2 ? ', the most without {brand}' : ''}.`;
  const letters = template.replace(PLACEHOLDER, '').match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  // Scripts that write a syllable or a word in a sign say as much with fewer.
  const least = count('{brand}') > 0 ? LETTERS_MIN.branded : LETTERS_MIN.brandless;
  const dense = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(template) ? least / 2 : least;
  if (letters < dense)
    return `${shown} says too little of its own: it needs ${dense} letters beside the placeholders${count('{brand}') > 0 ? '' : ', or {brand}'}, else messages of others would fit.`;
  return null;
}

export function checkExamples({ examples = [] }: ServiceRule, complain: Complain): void {
  for (const [at, { text, sender, verdict, code }] of examples.entries()) {
    if (text.trim() === '' || text.length > EXAMPLE_CHARACTERS_MAX)
      complain('examples', at + 1, `The text must have 1 to ${EXAMPLE_CHARACTERS_MAX} characters.`);
    if (sender.length > 40) complain('examples', at + 1, 'The sender must have at most 40 characters.');
    if (verdict === 'accept' && (code === null || code === '')) complain('examples', at + 1, 'Say which code the customer must get.');
    if (verdict !== 'accept' && code !== null) complain('examples', at + 1, `With "${verdict}" there is no code: leave the field empty.`);
  }
}
