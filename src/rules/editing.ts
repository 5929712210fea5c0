import type { EditorView, PreviewView } from '../../views/rules/model.ts';
import { BUILT_IN, type RuleBook } from '../codes/book.ts';
import { checkRule } from '../codes/check.ts';
import type { RuleProblem } from '../codes/rule-limits.ts';
import type { ListedRule } from '../codes/service-data.ts';
import { Refusal } from '../lib/errors.ts';
import { changesOf, draftOf, withService } from './drafts.ts';
import { changeOf, errorsOf, examplePlaces, ruleOfForm, shippedExamples } from './form.ts';
import { recentOfService } from './history.ts';
import { comparedView, denyOf, draftBook, explanationView, headView, type RuleSources, trialView } from './present.ts';
import { runOwnTrials } from './trials.ts';

const RECENT_SHOWN = 20;

type Values = Readonly<Record<string, string>>;

/** What stands in the editor's fields, and whether to say what is wrong with it. */
export interface Typed {
  values: Values;
  check: boolean;
}

/** The rules of a service in an operator's draft, or as the fields say them, with what is wrong and the book they join. Refuses an unknown service. */
export function editedOf(
  { db }: RuleSources,
  userId: string,
  slug: string,
  values: Values | null = null,
): { rule: ListedRule; problems: RuleProblem[]; book: RuleBook } {
  const draft = draftOf(db, userId);
  const book = draftBook(draft.changes);
  const kept = book.rules.get(slug);
  if (kept === undefined) throw new Refusal('not_found', 'No rules are written for this service; the list has those there are.');
  if (values === null) return { rule: kept, problems: [], book };
  const rule = ruleOfForm(values, kept);
  const problems = checkRule(rule, book);
  return { rule, problems, book: problems.length > 0 ? book : draftBook(withService(draft.changes, slug, changeOf(rule))) };
}

/** The editor with its preview. */
export function editorView(sources: RuleSources, userId: string, slug: string, typed: Typed): EditorView {
  const { db } = sources;
  const draft = draftOf(db, userId);
  const edited = editedOf(sources, userId, slug, typed.values);
  const { rule, problems } = edited;
  return {
    ...headView(sources, draft),
    ...{ slug, name: rule.name || slug, own: !BUILT_IN.rules.has(slug) },
    isDraftChange: draft.changed.includes(slug),
    isPublishedChange: slug in changesOf(db, draft.base).services,
    form: { values: { ...typed.values }, errors: typed.check ? errorsOf(problems) : {} },
    places: examplePlaces(typed.values),
    shipped: shippedExamples(slug),
    preview: previewView(sources, slug, typed.values, edited),
  };
}

function previewView(sources: RuleSources, slug: string, values: Values, edited: ReturnType<typeof editedOf>): PreviewView {
  const { problems, book } = edited;
  if (problems.length > 0) return { problems: problems.length, pasted: null, recent: [], failing: [], trials: 0 };
  const { count, failing } = runOwnTrials(book, slug);
  const text = (values['try_text'] ?? '').replaceAll('\r\n', '\n');
  const input = { text, sender: values['try_sender'] ?? '', service: slug, onlyOrder: false, deny: denyOf(sources.terms) };
  return {
    problems: 0,
    pasted:
      text.trim() === ''
        ? null
        : { before: explanationView({ ...input, book: sources.rules.current() }), after: explanationView({ ...input, book }) },
    recent: recentOfService(sources.db, slug, RECENT_SHOWN).map((message) => comparedView(sources, message, book)),
    failing: failing.map((result) => trialView(result, book)),
    trials: count,
  };
}
