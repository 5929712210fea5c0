import type { Database } from 'bun:sqlite';
import type { RuleBook } from '../codes/book.ts';
import type { Judgement } from '../codes/judge.ts';
import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import { breather } from '../lib/slices.ts';
import {
  countPast,
  judgePast,
  type PastCursor,
  type PastJudgement,
  type PastTerms,
  pastMessages,
  pastWindows,
  servicesThen,
} from './history.ts';

/** What a verdict would be. */
export interface Outcome {
  verdict: Judgement['verdict'];
  code: string | null;
  service: string | null;
  rule: string;
  reason: string;
}

/** A message that would be judged otherwise. */
export interface RerunChange {
  messageId: string;
  sender: string;
  text: string;
  arrivedAtMs: number;
  /** The services it may have been for. */
  ordered: string[];
  before: Outcome;
  after: Outcome;
}

/** A trial of rules on the messages that came in: it reads, and writes nothing. */
export interface Rerun {
  /** Of the draft that is tried (RuleDraft.json). */
  json: string;
  /** The version it is compared with. */
  against: string;
  /** How far back; null for everything. */
  days: number | null;
  startedAtMs: number;
  state: 'running' | 'done' | 'canceled' | 'failed';
  total: number;
  done: number;
  counts: { changed: number; verdict: number; code: number; service: number; gained: number; lost: number };
  /** The first of them, oldest first. */
  changes: RerunChange[];
}

/** More would make a page that nobody reads; the counts go on. */
export const CHANGES_SHOWN = 200;
const BATCH = 100;
const DAY_MS = 86_400_000;

export interface RerunDeps {
  db: Database;
  clock: Clock;
  log: Log;
  terms: PastTerms;
  /** A rest between slices of work. */
  rest?: () => Promise<void>;
}

/** One trial for each operator, kept until the next one or a restart. */
export class Reruns {
  readonly #deps: RerunDeps;
  readonly #byOperator = new Map<string, Rerun>();

  constructor(deps: RerunDeps) {
    this.#deps = deps;
  }

  /** The newest trial of an operator, or null. */
  of(operatorId: string): Rerun | null {
    return this.#byOperator.get(operatorId) ?? null;
  }

  /** Begins a trial and gives a promise of its end; one that runs already is canceled. */
  start(operatorId: string, tried: { json: string; before: RuleBook; after: RuleBook; days: number | null }): Promise<void> {
    this.cancel(operatorId);
    const { db, clock } = this.#deps;
    const startedAtMs = clock.nowMs();
    const sinceMs = tried.days === null ? 0 : startedAtMs - tried.days * DAY_MS;
    const rerun: Rerun = {
      ...{
        json: tried.json,
        against: tried.before.version,
        days: tried.days,
        startedAtMs,
        state: 'running',
        total: countPast(db, sinceMs),
        done: 0,
      },
      counts: { changed: 0, verdict: 0, code: 0, service: 0, gained: 0, lost: 0 },
      changes: [],
    };
    this.#byOperator.set(operatorId, rerun);
    return this.#run(rerun, tried, { arrivedAtMs: sinceMs, id: '' }).catch((thrown) => {
      rerun.state = 'failed';
      this.#deps.log.error('rerun_failed', { error: messageOf(thrown) });
    });
  }

  cancel(operatorId: string): void {
    const rerun = this.of(operatorId);
    if (rerun?.state === 'running') rerun.state = 'canceled';
  }

  /** At the end of the process: nothing may read a closed database. */
  stop(): void {
    for (const operatorId of this.#byOperator.keys()) this.cancel(operatorId);
  }

  async #run(rerun: Rerun, { before, after }: { before: RuleBook; after: RuleBook }, from: PastCursor): Promise<void> {
    const { db, clock, terms, rest } = this.#deps;
    const breathe = breather(clock, rest);
    let cursor = from;
    while (rerun.state === 'running') {
      const batch = pastMessages(db, cursor, BATCH);
      // What comes in while it runs is judged by the rules in force anyway.
      const old = batch.filter(({ arrivedAtMs }) => arrivedAtMs <= rerun.startedAtMs);
      for (const message of old) {
        const windows = pastWindows(db, terms, message);
        const then = judgePast(message, windows, before, terms);
        const now = judgePast(message, windows, after, terms);
        rerun.done += 1;
        if (differs(then, now)) {
          note(rerun, then, now);
          const { id: messageId, sender, text, arrivedAtMs } = message;
          if (rerun.changes.length < CHANGES_SHOWN)
            rerun.changes.push({
              messageId,
              sender,
              text,
              arrivedAtMs,
              ordered: servicesThen(windows),
              before: outcomeOf(then),
              after: outcomeOf(now),
            });
        }
        await breathe();
        if (rerun.state !== 'running') return;
      }
      const last = old.at(-1);
      if (!last || old.length < BATCH) {
        rerun.state = 'done';
        rerun.total = rerun.done;
        return;
      }
      cursor = { arrivedAtMs: last.arrivedAtMs, id: last.id };
    }
  }
}

export function differs(a: PastJudgement, b: PastJudgement): boolean {
  return a.orderId !== b.orderId || a.verdict !== b.verdict || a.code !== b.code || a.service !== b.service;
}

export function outcomeOf({ verdict, code, service, rule, reason }: Judgement): Outcome {
  return { verdict, code, service, rule, reason };
}

function note({ counts }: Rerun, before: Judgement, after: Judgement): void {
  counts.changed += 1;
  if (before.verdict !== after.verdict) counts.verdict += 1;
  else if (before.code !== after.code) counts.code += 1;
  else counts.service += 1;
  if (before.verdict !== 'accept' && after.verdict === 'accept') counts.gained += 1;
  if (before.verdict === 'accept' && after.verdict !== 'accept') counts.lost += 1;
}
