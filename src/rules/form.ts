import type { FormView } from '../../views/model.ts';
import { BUILT_IN } from '../codes/book.ts';
import { builtInTrials } from '../codes/examples.ts';
import type { RuleProblem } from '../codes/rule-limits.ts';
import { DENIED_CATEGORIES, type ListedRule, type RuleExample } from '../codes/service-data.ts';
import type { ServiceChange } from './drafts.ts';

type Values = Readonly<Record<string, string>>;

/** Fields that are lists, one entry a line. */
export const LIST_FIELDS = ['aliases', 'common', 'senders', 'blockedSenders', 'notKeywords', 'domains', 'appHashes', 'templates'] as const;
/** Empty places for further examples; more come after saving. */
const BLANK_EXAMPLES = 2;
const VERDICTS = ['accept', 'review', 'reject'] as const;

/** A service's rules as the editor shows them. */
export function valuesOf(rule: ListedRule): Record<string, string> {
  const values: Record<string, string> = {
    name: rule.name,
    category: rule.category,
    denied: rule.denied ?? '',
    shortest: rule.code ? String(rule.code.shortest) : '',
    longest: rule.code ? String(rule.code.longest) : '',
    alphabet: rule.code?.alphabet ?? '',
    codePrefix: rule.codePrefix ?? '',
    keptPrefix: rule.keptPrefix ?? '',
    separators: rule.separators ?? '',
    acceptWeak: rule.acceptWeak === false ? 'no' : 'yes',
    minConfidence: rule.minConfidence ? String(rule.minConfidence) : '',
    sisters: acceptedSisters(rule).join('\n'),
  };
  // A line of the editor holds a whole template.
  for (const field of LIST_FIELDS) values[field] = (rule[field] ?? []).map((entry) => entry.replaceAll('\n', '{line}')).join('\n');
  for (const [at, { text, sender, verdict, code }] of (rule.examples ?? []).entries())
    Object.assign(values, { [`e${at}_text`]: text, [`e${at}_sender`]: sender, [`e${at}_verdict`]: verdict, [`e${at}_code`]: code ?? '' });
  return values;
}

/** How many places for examples the editor shows. */
export function examplePlaces(values: Values): number {
  const filled = Object.entries(values).flatMap(([name, value]) => {
    const at = /^e(\d{1,2})_text$/.exec(name)?.[1];
    return at !== undefined && value.trim() !== '' ? [Number(at) + 1] : [];
  });
  return Math.max(0, ...filled) + BLANK_EXAMPLES;
}

/** The rules that the editor's fields say, of the service that `base` is. */
export function ruleOfForm(values: Values, base: ListedRule): ListedRule {
  const text = (field: string) => (values[field] ?? '').trim();
  const lines = (field: string) =>
    (values[field] ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  const number = (field: string) => (text(field) === '' ? 0 : Number(text(field).replace(',', '.')));
  const isOwn = !BUILT_IN.rules.has(base.slug);
  const shaped = text('shortest') !== '' || text('longest') !== '';
  const alphabet = (['digits', 'alnum', 'letters'] as const).find((one) => one === text('alphabet')) ?? 'digits';
  return {
    ...{ slug: base.slug, carriesForOthers: base.carriesForOthers ?? false },
    name: text('name'),
    category: isOwn ? text('category') || 'own' : base.category,
    denied: DENIED_CATEGORIES.find((one) => one === text('denied')) ?? null,
    ...(Object.fromEntries(LIST_FIELDS.map((field) => [field, lines(field)])) as Record<(typeof LIST_FIELDS)[number], string[]>),
    code: shaped ? { shortest: number('shortest'), longest: number('longest') || number('shortest'), alphabet } : null,
    codePrefix: text('codePrefix') || null,
    keptPrefix: text('keptPrefix') || null,
    separators: (['strip', 'keep'] as const).find((one) => one === text('separators')) ?? null,
    acceptWeak: text('acceptWeak') !== 'no',
    minConfidence: number('minConfidence'),
    sisters: Object.fromEntries(lines('sisters').map((slug) => [slug, 'accept'])),
    examples: examplesOf(values),
  };
}

/** What a service's rules say differently from those that come with the program; all of it for an own service. */
export function changeOf(rule: ListedRule): ServiceChange {
  const { slug, ...fields } = rule;
  const builtIn = BUILT_IN.rules.get(slug);
  // As the editor would give them back unchanged, so that only what was typed is a change.
  const { slug: _, ...before } = builtIn ? ruleOfForm(valuesOf(builtIn), builtIn) : EMPTY;
  const known = before as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(known[field]) || (!builtIn && field === 'name'),
    ),
  ) as ServiceChange;
}

/** The fields of a rule that nobody wrote. */
const EMPTY: ListedRule = ruleOfForm({}, { slug: '', name: '', category: 'own', denied: null });

/** A rule of an own service before anything is known but its name. */
export function newRule(slug: string, name: string, category: string): ListedRule {
  return { ...EMPTY, slug, name, category };
}

/** What is wrong, by the fields of the editor, as whole sentences with the line. */
export function errorsOf(problems: readonly RuleProblem[]): FormView['errors'] {
  const errors = new Map<string, string[]>();
  for (const { field, entry, message } of problems) {
    const key = field === 'examples' && entry !== null ? `e${entry - 1}` : field;
    const place = entry === null || field === 'examples' ? '' : `Line ${entry}: `;
    errors.set(key, [...(errors.get(key) ?? []), place + message]);
  }
  return Object.fromEntries([...errors].map(([key, messages]) => [key, messages.join(' ')]));
}

/** Built-in examples of a service, for the editor to show beside the operator's. */
export function shippedExamples(slug: string): { text: string; sender: string; expected: string; code: string | null }[] {
  return builtInTrials(slug).map(({ text, sender, expected, code }) => ({ text, sender, expected, code }));
}

function acceptedSisters({ sisters = {} }: ListedRule): string[] {
  return Object.entries(sisters).flatMap(([slug, how]) => (how === 'accept' ? [slug] : []));
}

function examplesOf(values: Values): RuleExample[] {
  return Array.from({ length: examplePlaces(values) }, (_, at) => at).flatMap((at): RuleExample[] => {
    const text = values[`e${at}_text`] ?? '';
    if (text.trim() === '') return [];
    const verdict = VERDICTS.find((one) => one === values[`e${at}_verdict`]) ?? 'accept';
    const code = (values[`e${at}_code`] ?? '').trim();
    return [
      { text: text.replaceAll('\r\n', '\n'), sender: (values[`e${at}_sender`] ?? '').trim(), verdict, code: code === '' ? null : code },
    ];
  });
}
