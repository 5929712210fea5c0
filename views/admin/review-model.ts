/** What the page of messages that need a decision is given. */
import type { AuditView } from './model.ts';

export interface ReviewOrderView {
  id: string;
  email: string;
  service: string;
  serviceName: string;
  status: string;
  createdAtMs: number;
  expiresAtMs: number;
  endedAtMs: number | null;
  /** What the rules say of the message and this order. */
  rule: string;
  reason: string;
  /** Why the message may not be given to it now, or null. */
  whyNot: string | null;
}

export interface ReviewMessageView {
  id: string;
  iccid: string;
  number: string | null;
  sender: string;
  text: string;
  /** Parts of it are missing. */
  incomplete: boolean;
  live: boolean;
  arrivedAtMs: number;
  networkAtMs: number | null;
  /** Why nobody got it, or why its customer did. */
  reason: string;
  /** Null where it stands with each order. */
  rule: string | null;
  ruleVersion: string | null;
  /** Best first. */
  candidates: { code: string; text: string; score: number; start: number; end: number }[];
}

export interface ReviewItemView {
  message: ReviewMessageView;
  /** Null: the message is on no list, somebody only looks at it. */
  state: 'open' | 'delivered' | 'not_code' | 'other_service' | 'withdrawn' | null;
  tooLate: boolean;
  /** Those it may be for, then the others that are open on its SIM. */
  orders: ReviewOrderView[];
  /** The last decision, in words. */
  decision: { text: string; note: string } | null;
  canUndo: boolean;
}

export interface ReviewListView {
  nowMs: number;
  open: ReviewItemView[];
  late: ReviewItemView[];
  decided: ReviewItemView[];
  /** Slug and name of each service there is to choose. */
  services: { slug: string; name: string }[];
  counts: { open: number; reported: number };
}

export interface ReviewPageView {
  nowMs: number;
  item: ReviewItemView;
  services: ReviewListView['services'];
  /** Why a decision was refused. */
  problem: string | null;
  /** Who was shown the text, and when. */
  audit: AuditView[];
}

export interface ReportItemView {
  message: ReviewMessageView & { code: string | null };
  service: string;
  serviceName: string;
  email: string;
  reason: 'wrong_code' | 'not_my_service';
  expected: string | null;
  reportedAtMs: number;
  seen: { by: string; atMs: number; note: string } | null;
}

export interface ReportListView {
  nowMs: number;
  reports: ReportItemView[];
  counts: ReviewListView['counts'];
}
