import type { ReportListView, ReviewItemView, ReviewListView, ReviewMessageView, ReviewOrderView } from '../../views/admin/review-model.ts';
import { nowMs } from './sample.ts';

function message(text: string): ReviewMessageView & { code: string } {
  return {
    ...{ id: text, iccid: text, number: text, sender: text, text, incomplete: true, live: false, arrivedAtMs: nowMs, networkAtMs: nowMs },
    ...{ reason: text, rule: text, ruleVersion: text, code: text },
    candidates: [
      { code: text, text, score: 3.2, start: 0, end: 1 },
      { code: text, text, score: -1, start: 2, end: 3 },
    ],
  };
}

function order(text: string, changes: Partial<ReviewOrderView> = {}): ReviewOrderView {
  return {
    ...{
      id: text,
      email: text,
      service: text,
      serviceName: text,
      status: text,
      createdAtMs: nowMs,
      expiresAtMs: nowMs + 60_000,
      endedAtMs: null,
    },
    ...{ rule: text, reason: text, whyNot: null, ...changes },
  };
}

/** A message that two orders may get, with what a stranger could write everywhere. */
export function reviewItem(text: string, changes: Partial<ReviewItemView> = {}): ReviewItemView {
  const orders = [order(text), order(text, { endedAtMs: nowMs }), order(text, { whyNot: text })];
  return { message: message(text), state: 'open', tooLate: false, orders, decision: { text, note: text }, canUndo: false, ...changes };
}

export function reviewListView(text: string): ReviewListView {
  return {
    nowMs,
    open: [reviewItem(text)],
    late: [reviewItem(text, { tooLate: true, orders: [] })],
    decided: [reviewItem(text, { state: 'not_code', canUndo: true })],
    services: [{ slug: text, name: text }],
    counts: { open: 1, reported: 2 },
  };
}

export function reportListView(text: string): ReportListView {
  const report = {
    message: message(text),
    service: text,
    serviceName: text,
    email: text,
    reason: 'wrong_code' as const,
    expected: text,
    reportedAtMs: nowMs,
  };
  return {
    nowMs,
    reports: [
      { ...report, seen: null },
      { ...report, seen: { by: text, atMs: nowMs, note: text } },
    ],
    counts: { open: 1, reported: 2 },
  };
}
