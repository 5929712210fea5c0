/** The pages of the rules with one text wherever an operator or a stranger may write. */
import type {
  ComparedView,
  DraftView,
  EditorView,
  ExplanationView,
  RuleListView,
  RulesHeadView,
  ServiceDiffView,
  TrialView,
  TryView,
  VersionRowView,
} from '../../views/rules/model.ts';
import { nowMs } from './sample.ts';

const head = (text: string): RulesHeadView => ({ nowMs, number: 2, version: text, problem: text, draftChanged: 1 });
const FIELDS =
  'name category aliases common notKeywords sisters senders blockedSenders domains appHashes templates minConfidence denied'.split(' ');
const form = (text: string) => {
  const names = [
    ...FIELDS,
    'shortest',
    'longest',
    'codePrefix',
    'keptPrefix',
    'text',
    'sender',
    'service',
    'alone',
    'try_text',
    'try_sender',
    'note',
    'slug',
    '',
  ];
  const all = Object.fromEntries([...names, 'e0_text', 'e0_sender', 'e0_code', 'e0', 'examples'].map((name) => [name, text]));
  return { values: all, errors: all };
};

export function explanation(text: string): ExplanationView {
  const kinds = ['code', 'candidate', 'keyword', 'brand', 'other', 'excluded'] as const;
  return {
    ...{
      sender: text,
      text,
      service: text,
      verdict: 'accept',
      code: text,
      printed: `${text}-`,
      recognised: text,
      rule: text,
      reason: text,
    },
    ...{ confidence: 0.9, version: text },
    spans: kinds.map((kind) => ({ start: 0, end: 2, kind, what: text })),
    candidates: [{ text, code: `${text}x`, score: 3, features: [{ points: 1, what: text }] }],
  };
}

const outcome = (text: string) => ({ verdict: 'reject' as const, code: text, service: text, rule: text, reason: text });
const compared = (text: string, differs: boolean): ComparedView => ({
  ...{ id: text, sender: text, text, atMs: nowMs, service: text, differs },
  ...{ before: outcome(text), after: outcome(text) },
});
const trial = (text: string): TrialView => ({ service: text, builtIn: true, sender: text, text, expected: text, got: text, reason: text });
const diffs = (text: string): ServiceDiffView[] => [
  { slug: text, name: text, kind: 'changed', fields: [{ field: text, removed: [text], added: [text] }] },
];
const row = (text: string): VersionRowView => ({
  ...{ number: 1, atMs: nowMs, email: text, note: text, hash: text, restores: 1, isCurrent: false, changed: [text] },
});

export const listView = (text: string): RuleListView => ({
  ...head(text),
  filter: { q: text, category: text, changed: true },
  categories: [text],
  services: [{ slug: text, name: text, category: text, denied: text, own: false, isPublishedChange: true, isDraftChange: true }],
  found: 51,
  page: { number: 1, count: 2 },
  total: 1,
});
export const newView = (text: string) => ({ ...head(text), form: form(text) });
export const tryView = (text: string, messageId: string | null): TryView => ({
  ...head(text),
  ...{
    form: form(text),
    services: [{ slug: text, name: text }],
    explanation: explanation(text),
    next: { slug: text, name: text },
    messageId,
    orders: [
      { slug: 'telegram', name: text, shown: true },
      { slug: text, name: 'Uber', shown: false },
    ],
  },
});
export const editorView = (text: string): EditorView => ({
  ...head(text),
  ...{ slug: text, name: text, own: true, isDraftChange: true, isPublishedChange: true, form: form(text), places: 1 },
  shipped: [{ text, sender: text, expected: text, code: text }],
  preview: {
    ...{ problems: 0, pasted: { before: explanation(text), after: explanation(text) }, failing: [trial(text)], trials: 3 },
    recent: [compared(text, true), compared(text, false)],
  },
});
export const draftView = (text: string): DraftView => ({
  ...head(text),
  ...{
    behind: { number: 3, email: text, atMs: nowMs, note: text },
    diffs: diffs(text),
    problems: [{ slug: text, name: text, words: [text] }],
    trials: 2,
    failing: [trial(text)],
    seen: text,
    form: form(text),
  },
  rerun: {
    ...{ state: 'running', days: 7, startedAtMs: nowMs, total: 3, done: 1, isFresh: false, changes: [compared(text, true)] },
    counts: { changed: 4, verdict: 1, code: 1, service: 1, gained: 1, lost: 1 },
  },
});
export const versionsView = (text: string) => ({ ...head(text), versions: [row(text)], form: form(text) });
export const versionView = (text: string) => ({ ...head(text), row: row(text), diffs: diffs(text), form: form(text) });
