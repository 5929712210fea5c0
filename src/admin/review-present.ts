import type { Database } from 'bun:sqlite';
import type {
  ReportItemView,
  ReportListView,
  ReviewItemView,
  ReviewListView,
  ReviewMessageView,
  ReviewOrderView,
  ReviewPageView,
} from '../../views/admin/review-model.ts';
import { type RuleBook, serviceName } from '../codes/judge.ts';
import { Refusal } from '../lib/errors.ts';
import { whyNotFor } from '../messages/claims.ts';
import { readCandidates } from '../messages/judgements.ts';
import { judgeFor, type OrderWindow } from '../messages/placement.ts';
import { findMessage, type StoredMessage, windowsFor } from '../messages/windows.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { findOrder } from '../orders/view.ts';
import {
  countOpenReviews,
  decidedReviews,
  decisionSentence,
  findReview,
  lastDecision,
  lateReviews,
  openReviews,
  type ReviewItem,
  reviewOrders,
} from '../reviews/list.ts';
import { countUnseenReports, listReports } from '../reviews/reports.ts';
import { findSim } from '../sims/sims.ts';

const OPEN_SHOWN = 100;
const PAST_SHOWN = 30;
const CANDIDATES_SHOWN = 8;

export interface ReviewSources {
  db: Database;
  terms: OrderTerms;
  nowMs(): number;
}

/** The list of messages that wait, waited too long, or were decided. */
export function reviewListView(sources: ReviewSources): ReviewListView {
  const { db, nowMs } = sources;
  const views = (items: readonly ReviewItem[]) => items.flatMap((item) => itemView(sources, item.messageId, item) ?? []);
  return {
    nowMs: nowMs(),
    open: views(openReviews(db, OPEN_SHOWN)),
    late: views(lateReviews(db, PAST_SHOWN)),
    decided: views(decidedReviews(db, PAST_SHOWN)),
    services: services(db, sources.terms.rules()),
    counts: counts(db),
  };
}

/** One message, on a list or not. Refuses one that does not exist. */
export function reviewPageView(sources: ReviewSources, messageId: string, problem: string | null): Omit<ReviewPageView, 'audit'> {
  const item = itemView(sources, messageId, findReview(sources.db, messageId));
  if (!item) throw new Refusal('not_found', 'There is no message with this id.');
  return { nowMs: sources.nowMs(), item, services: services(sources.db, sources.terms.rules()), problem };
}

/** What customers reported. */
export function reportListView({ db, terms, nowMs }: ReviewSources): ReportListView {
  const reports = listReports(db, OPEN_SHOWN).flatMap((report): ReportItemView[] => {
    const message = findMessage(db, terms, report.messageId);
    const order = message?.orderId ? findOrder(db, message.orderId) : null;
    if (!message || !order) return [];
    const { email, reason, expected, reportedAtMs, seenAtMs, seenBy, note } = report;
    const seen = seenAtMs === null ? null : { by: seenBy ?? '', atMs: seenAtMs, note: note ?? '' };
    return [
      {
        message: messageView(db, message),
        service: order.service,
        serviceName: serviceName(order.service, message.book),
        email,
        reason,
        expected,
        reportedAtMs,
        seen,
      },
    ];
  });
  return { nowMs: nowMs(), reports, counts: counts(db) };
}

function itemView(sources: ReviewSources, messageId: string, item: ReviewItem | null): ReviewItemView | null {
  const { db, terms, nowMs } = sources;
  const message = findMessage(db, terms, messageId);
  if (!message) return null;
  const windows = windowsFor(db, terms, message, nowMs());
  const whyNot = (id: string): string | null => {
    const order = windows.find((one) => one.id === id);
    if (message.rentalId !== null) return 'A rental has the message.';
    if (message.orderId !== null) return message.orderId === id ? 'It has the message.' : 'Another order has the message.';
    return order ? whyNotFor(message, order, windows) : 'The order has ended, and its money is settled.';
  };
  const doubted = reviewOrders(db, messageId).map(
    (order): ReviewOrderView => ({
      ...order,
      id: order.orderId,
      serviceName: serviceName(order.service, message.book),
      whyNot: whyNot(order.orderId),
    }),
  );
  const others = windows.filter(
    ({ id, kind, endedAtMs }) => kind === 'order' && endedAtMs === null && doubted.every((one) => one.id !== id),
  );
  const decision = lastDecision(db, messageId);
  return {
    // What was said of each order says more than what was said of the message alone.
    message: { ...messageView(db, message), ...(doubted.length > 0 ? { rule: null } : {}) },
    state: item?.state ?? null,
    tooLate: item?.tooLate ?? false,
    orders: [...doubted, ...others.map((order) => ({ ...otherOrder(db, message, order, windows), whyNot: whyNot(order.id) }))],
    decision: decision && { text: `${decisionSentence(decision, message.book)}.`, note: decision.note },
    canUndo: (item?.state === 'not_code' || item?.state === 'other_service') && doubted.some((order) => order.whyNot === null),
  };
}

/** An open order on the SIM that the rules do not think the message to be for. */
function otherOrder(db: Database, message: StoredMessage, order: OrderWindow, windows: readonly OrderWindow[]) {
  const { rule, reason } = judgeFor(message, order, windows);
  const { id, service, createdAtMs, expiresAtMs, endedAtMs } = order;
  const row = db.query<{ email: string }, { userId: string }>('SELECT email FROM users WHERE id = $userId').get({ userId: order.userId });
  const name = serviceName(service ?? 'any', message.book);
  return {
    ...{ id, service: service ?? 'any', serviceName: name, createdAtMs, expiresAtMs, endedAtMs, rule, reason },
    ...{ status: 'open', email: row?.email ?? '' },
  };
}

function messageView(db: Database, message: StoredMessage): ReviewMessageView & { code: string | null } {
  const { id, iccid, sender, text, incomplete, live, arrivedAtMs, networkAtMs, reason, rule, ruleVersion, code } = message;
  // A text may have grown since it was judged: only what still stands there is marked.
  const candidates = readCandidates(message.candidates).filter((one) => text.slice(one.start, one.end) === one.text);
  return {
    ...{ id, iccid, sender, text, incomplete, live, arrivedAtMs, networkAtMs, reason, rule, ruleVersion, code },
    number: findSim(db, iccid)?.number ?? null,
    candidates: candidates
      .slice(0, CANDIDATES_SHOWN)
      .map(({ code, text: printed, score, start, end }) => ({ code, text: printed, score, start, end })),
  };
}

function services(db: Database, book: RuleBook): ReviewListView['services'] {
  const offered = db.query<{ service: string }, []>("SELECT DISTINCT service FROM offers WHERE service <> 'any'").all();
  const slugs = new Set([...book.orderable.map(({ slug }) => slug), ...offered.map(({ service }) => service)]);
  return [...slugs].sort().map((slug) => ({ slug, name: serviceName(slug, book) }));
}

function counts(db: Database): ReviewListView['counts'] {
  return { open: countOpenReviews(db), reported: countUnseenReports(db) };
}
