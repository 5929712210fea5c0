/** What the pages of the rules are given. */
import type { FormView } from '../model.ts';

export type VerdictView = 'accept' | 'review' | 'reject';

/** How a message is judged, with what each stretch of it was taken for. */
export interface ExplanationView {
  sender: string;
  text: string;
  /** The name of the service it is judged for. */
  service: string;
  verdict: VerdictView;
  code: string | null;
  printed: string | null;
  /** The name of the service the evidence speaks for, or null. */
  recognised: string | null;
  rule: string;
  reason: string;
  confidence: number;
  version: string;
  spans: { start: number; end: number; kind: 'code' | 'candidate' | 'keyword' | 'brand' | 'other' | 'excluded'; what: string }[];
  /** Best first, each with what was seen of it and the points for that. */
  candidates: { text: string; code: string; score: number; features: { points: number; what: string }[] }[];
}

/** Which rules are in force, and what the operator works on: on top of every page of the rules. */
export interface RulesHeadView {
  nowMs: number;
  /** 0: only those that come with the program. */
  number: number;
  version: string;
  /** Why the newest version is not in force, or null. */
  problem: string | null;
  draftChanged: number;
}

export interface RuleRowView {
  slug: string;
  name: string;
  category: string;
  denied: string | null;
  /** Written by an operator, not shipped. */
  own: boolean;
  isPublishedChange: boolean;
  isDraftChange: boolean;
}

export interface RuleListView extends RulesHeadView {
  filter: { q: string; category: string; changed: boolean };
  categories: string[];
  /** Of this page. */
  services: RuleRowView[];
  /** How many fit the filter. */
  found: number;
  page: { number: number; count: number };
  total: number;
}

export interface TryView extends RulesHeadView {
  form: FormView;
  services: { slug: string; name: string }[];
  explanation: ExplanationView | null;
  /** Whose rules to look at next: the recognised service's, else the ordered one's; null when there are none. */
  next: { slug: string; name: string } | null;
  messageId: string | null;
  /** Of a stored message: the services ordered on its SIM when it came, to choose for which it is judged. */
  orders: { slug: string; name: string; shown: boolean }[];
}

export interface OutcomeView {
  verdict: VerdictView;
  code: string | null;
  service: string | null;
  rule: string;
  reason: string;
}

/** A message judged by the rules in force and by the draft. */
export interface ComparedView {
  id: string;
  sender: string;
  text: string;
  atMs: number;
  /** The name of the service it is judged for. */
  service: string;
  before: OutcomeView;
  after: OutcomeView;
  differs: boolean;
}

export interface TrialView {
  service: string;
  builtIn: boolean;
  sender: string;
  text: string;
  expected: string;
  got: string;
  reason: string;
}

export interface PreviewView {
  /** What keeps the draft from being tried. */
  problems: number;
  pasted: { before: ExplanationView; after: ExplanationView } | null;
  recent: ComparedView[];
  failing: TrialView[];
  trials: number;
}

export interface EditorView extends RulesHeadView {
  slug: string;
  name: string;
  own: boolean;
  isDraftChange: boolean;
  isPublishedChange: boolean;
  form: FormView;
  /** How many places for examples. */
  places: number;
  shipped: { text: string; sender: string; expected: string; code: string | null }[];
  preview: PreviewView;
}

/** What of a service's rules differs. */
export interface ServiceDiffView {
  slug: string;
  name: string;
  kind: 'new' | 'changed' | 'gone';
  fields: { field: string; removed: string[]; added: string[] }[];
}

export interface RerunView {
  state: 'running' | 'done' | 'canceled' | 'failed';
  days: number | null;
  startedAtMs: number;
  total: number;
  done: number;
  /** The draft is still what was tried. */
  isFresh: boolean;
  counts: { changed: number; verdict: number; code: number; service: number; gained: number; lost: number };
  changes: ComparedView[];
}

export interface DraftView extends RulesHeadView {
  /** What somebody else published since the draft was begun. */
  behind: { number: number; email: string; atMs: number; note: string } | null;
  diffs: ServiceDiffView[];
  /** What keeps the draft from being published, by service. */
  problems: { slug: string; name: string; words: string[] }[];
  trials: number;
  failing: TrialView[];
  rerun: RerunView | null;
  /** Names the draft as it is shown, so that nothing else is published. */
  seen: string;
  form: FormView;
}

export interface VersionRowView {
  number: number;
  atMs: number;
  email: string;
  note: string;
  hash: string;
  restores: number | null;
  isCurrent: boolean;
  changed: string[];
}

export interface VersionsView extends RulesHeadView {
  versions: VersionRowView[];
  form: FormView;
}

export interface VersionView extends RulesHeadView {
  row: VersionRowView;
  diffs: ServiceDiffView[];
  form: FormView;
}
