import type { Database } from 'bun:sqlite';
import { fieldLabel } from '../../views/rules/fields.ts';
import type {
  ComparedView,
  DraftView,
  ExplanationView,
  RuleListView,
  RulesHeadView,
  ServiceDiffView,
  TrialView,
  VersionRowView,
} from '../../views/rules/model.ts';
import { BUILT_IN, compileBook, mergedRules, type RuleBook, type RuleChanges } from '../codes/book.ts';
import { checkRule } from '../codes/check.ts';
import { DENIED_CATEGORIES, type DeniedCategory } from '../codes/deny.ts';
import type { TrialResult } from '../codes/examples.ts';
import { describeFeatures } from '../codes/explain.ts';
import { type JudgeInput, serviceName } from '../codes/judge.ts';
import type { ListedRule } from '../codes/service-data.ts';
import { explainMessage } from '../codes/spans.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { changedServices, changesOf, draftOf, type RuleDraft } from './drafts.ts';
import { newRule, valuesOf } from './form.ts';
import { judgePast, type PastMessage, type PastTerms, pastWindows, servicesThen } from './history.ts';
import type { PublishedRules } from './published.ts';
import { differs, type Outcome, outcomeOf, type RerunChange } from './rerun.ts';
import { canonical, hashOf, latestVersion, type RuleVersion } from './versions.ts';

const CANDIDATES_SHOWN = 10;
const PAGE_ROWS = 50;

export interface RuleSources {
  db: Database;
  terms: OrderTerms;
  rules: PublishedRules;
  nowMs(): number;
}

/** What stands on top of every page of the rules. */
export function headView({ db, rules, nowMs }: RuleSources, draft: RuleDraft): RulesHeadView {
  return {
    nowMs: nowMs(),
    number: latestVersion(db)?.number ?? 0,
    version: rules.current().version,
    problem: rules.problem(),
    draftChanged: draft.changed.length,
  };
}

/** The services of the operator's draft, filtered by a part of the name or slug, by category, or to those that an operator changed; a page of them. */
export function listView(sources: RuleSources, userId: string, filter: RuleListView['filter'], asked = 1): RuleListView {
  const draft = draftOf(sources.db, userId);
  const published = changesOf(sources.db, draft.base);
  const q = filter.q.trim().toLowerCase();
  const all = mergedRules(draft.changes).map((rule) => ({
    ...{ slug: rule.slug, name: rule.name, category: rule.category, denied: rule.denied, rule },
    own: !BUILT_IN.rules.has(rule.slug),
    isPublishedChange: rule.slug in published.services,
    isDraftChange: draft.changed.includes(rule.slug),
  }));
  const services = all
    .filter(({ rule }) => q === '' || [rule.slug, rule.name, ...(rule.aliases ?? [])].some((name) => name.toLowerCase().includes(q)))
    .filter(({ category }) => filter.category === '' || category === filter.category)
    .filter((row) => !filter.changed || row.isPublishedChange || row.isDraftChange)
    .map(({ rule: _, ...row }) => row)
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
  const count = Math.max(1, Math.ceil(services.length / PAGE_ROWS));
  const number = Math.min(Math.max(1, asked), count);
  return {
    ...headView(sources, draft),
    filter,
    categories: [...new Set(all.map(({ category }) => category))].sort(),
    services: services.slice((number - 1) * PAGE_ROWS, number * PAGE_ROWS),
    found: services.length,
    page: { number, count },
    total: all.length,
  };
}

/** How rules judge a text, with its stretches explained. */
export function explanationView(input: JudgeInput & { book: RuleBook }): ExplanationView {
  const { judgement, spans } = explainMessage(input);
  const { verdict, code, printed, rule, reason, confidence, version, service } = judgement;
  return {
    ...{ sender: input.sender, text: input.text, service: serviceName(input.service, input.book), verdict, code, printed, rule, reason },
    ...{ confidence, version, spans, recognised: service === null ? null : serviceName(service, input.book) },
    candidates: judgement.candidates
      .slice(0, CANDIDATES_SHOWN)
      .map(({ text, code: typed, score, features }) => ({ text, code: typed, score, features: describeFeatures(features) })),
  };
}

/** A stored message judged by the rules in force and by others. */
export function comparedView(sources: RuleSources, message: PastMessage, after: RuleBook): ComparedView {
  const terms = pastTerms(sources.terms);
  const windows = pastWindows(sources.db, terms, message);
  const book = sources.rules.current();
  const [then, now] = [book, after].map((one) => judgePast(message, windows, one, terms)) as [Judged, Judged];
  return {
    ...{
      id: message.id,
      sender: message.sender,
      text: message.text,
      atMs: message.arrivedAtMs,
      service: namesOf(servicesThen(windows), after),
    },
    ...{ before: named(outcomeOf(then), after), after: named(outcomeOf(now), after), differs: differs(then, now) },
  };
}

function namesOf(slugs: readonly string[], book: RuleBook): string {
  return slugs.map((slug) => serviceName(slug, book)).join(' or ');
}

function named(outcome: Outcome, book: RuleBook): Outcome {
  return { ...outcome, service: outcome.service === null ? null : serviceName(outcome.service, book) };
}

type Judged = ReturnType<typeof judgePast>;

/** What a trial on history found, for the page. */
export function changeView({ messageId, sender, text, arrivedAtMs, ordered, before, after }: RerunChange, book: RuleBook): ComparedView {
  return {
    id: messageId,
    sender,
    text,
    atMs: arrivedAtMs,
    service: namesOf(ordered, book),
    before: named(before, book),
    after: named(after, book),
    differs: true,
  };
}

/** An example that does not pass: what it should be, and what it would become. */
export function trialView({ trial, verdict, code, rule, reason }: TrialResult, book: RuleBook): TrialView {
  const words: Record<string, string> = { not_accept: 'not accept', not_denied: 'not denied' };
  const said = (what: string, typed: string | null) => `${words[what] ?? what}${typed === null ? '' : ` ${typed}`}`;
  return {
    service: serviceName(trial.slug, book),
    ...{ builtIn: trial.builtIn, sender: trial.sender, text: trial.text },
    expected: said(trial.expected, trial.code),
    got: `${said(verdict, code)}${rule === '' ? '' : ` (rule ${rule})`}`,
    reason,
  };
}

/** What two sets of changes make of the services they differ about, field by field and line by line. */
export function diffsOf(before: RuleChanges, after: RuleChanges): ServiceDiffView[] {
  const bySlug = (changes: RuleChanges) => new Map(mergedRules(changes).map((rule) => [rule.slug, rule]));
  const [old, now] = [bySlug(before), bySlug(after)];
  return changedServices(before, after).map((slug): ServiceDiffView => {
    const [was, is] = [old.get(slug), now.get(slug)];
    return {
      ...{ slug, name: is?.name ?? was?.name ?? slug, kind: was === undefined ? 'new' : is === undefined ? 'gone' : 'changed' },
      fields: fieldDiffs(was, is),
    };
  });
}

const UNWRITTEN = newRule('', '', '');

function fieldDiffs(was: ListedRule | undefined, is: ListedRule | undefined): ServiceDiffView['fields'] {
  const [old, now] = [valuesOf(was ?? UNWRITTEN), valuesOf(is ?? UNWRITTEN)];
  const lines = (values: Record<string, string>, field: string) =>
    (field.endsWith('_text') ? [values[field] ?? ''] : (values[field] ?? '').split('\n')).filter(Boolean);
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((field) => {
    const [a, b] = [lines(old, field), lines(now, field)];
    const removed = a.filter((line) => !b.includes(line));
    const added = b.filter((line) => !a.includes(line));
    return removed.length + added.length === 0 ? [] : [{ field: fieldLabel(field), removed, added }];
  });
}

/** A version in a list, with the services it changed against the one before. */
export function versionRow(db: Database, version: RuleVersion, current: number): VersionRowView {
  const { number, createdAtMs, email, note, hash, restores, changes } = version;
  return {
    ...{ number, atMs: createdAtMs, email, note, hash, restores, isCurrent: number === current },
    changed: changedServices(changesOf(db, number - 1), JSON.parse(changes) as RuleChanges),
  };
}

/** The kinds of messages that nobody is given here. */
export function denyOf({ allow }: OrderTerms): DeniedCategory[] {
  return DENIED_CATEGORIES.filter((category) => !allow.includes(category));
}

/** What a trial on stored messages needs of the configuration. */
export function pastTerms(terms: OrderTerms): PastTerms {
  return { ...terms, deny: denyOf(terms) };
}

/** A draft is looked at again and again while it is written: the newest books are kept. */
const BOOKS_KEPT = 8;
const books = new Map<string, RuleBook>();

/** The book of a draft, named for what is in it. */
export function draftBook(changes: RuleChanges): RuleBook {
  const json = canonical(changes);
  const book = books.get(json) ?? compileBook(changes, `draft-${hashOf(json)}`);
  books.delete(json);
  books.set(json, book);
  for (const oldest of [...books.keys()].slice(0, -BOOKS_KEPT)) books.delete(oldest);
  return book;
}

/** What is wrong with the services of a draft as they stand together: what each was checked against may have changed since it was kept. */
export function draftProblems({ changes, changed }: RuleDraft): DraftView['problems'] {
  const book = draftBook(changes);
  return changed.flatMap((slug) => {
    const rule = book.rules.get(slug);
    const problems = rule === undefined ? [] : checkRule(rule, book);
    const words = problems.map(({ field, message }) => `${fieldLabel(field)}: ${message}`);
    return words.length === 0 ? [] : [{ slug, name: rule?.name ?? slug, words }];
  });
}
