import { fuzzChannel } from './channels.ts';
import { inParallel } from './parallel.ts';
import { fuzzSessions } from './sessions.ts';
import { Tally } from './tally.ts';

export interface DialogueReport {
  outcomes: Record<string, number>;
  violations: string[];
  seconds: number;
  slowestMs: number;
  heapGrowthMb: number;
}

/** So many dialogues wait for their timers at once; more would only make the timers late. */
const CHANNELS_AT_ONCE = 400;
/** What a run may leave behind, of whatever length: counters, compiled code. */
const HEAP_GROWTH_MOST_MB = 64;
const SEED_SPAN = 2 ** 31;

/** Leads damaged dialogues through single channels and through whole modem sessions. */
export async function fuzzDialogues(count: { channels: number; sessions: number }, seed: number): Promise<DialogueReport> {
  const tally = new Tally();
  const startedAtMs = performance.now();
  const before = heapMb();
  // What a line's event handler throws reaches nobody else.
  const thrown = (error: unknown) => tally.violation(seed, `threw ${error instanceof Error ? error.stack : String(error)}`);
  process.on('uncaughtException', thrown).on('unhandledRejection', thrown);
  try {
    // A seed of its own for each, so that one that fails can be run alone: `--count 1 --seed S`.
    await inParallel(count.channels, CHANNELS_AT_ONCE, (at) => fuzzChannel((seed + at) % SEED_SPAN, tally));
    await fuzzSessions(count.sessions, seed, tally);
  } finally {
    process.off('uncaughtException', thrown).off('unhandledRejection', thrown);
  }
  const heapGrowthMb = heapMb() - before;
  if (heapGrowthMb > HEAP_GROWTH_MOST_MB) tally.violation(seed, `the heap grew by ${heapGrowthMb.toFixed(1)} MB`);
  const { outcomes, violations, slowestMs } = tally;
  return { outcomes, violations, slowestMs, heapGrowthMb, seconds: (performance.now() - startedAtMs) / 1000 };
}

function heapMb(): number {
  Bun.gc(true);
  return process.memoryUsage().heapUsed / 2 ** 20;
}
