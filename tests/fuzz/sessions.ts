import type { Clock } from '../../src/lib/clock.ts';
import { DEFAULT_TIMING } from '../../src/modem/at/resync.ts';
import { Recorder, startSession } from '../modem/bench.ts';
import { BadLine } from './bad-line.ts';
import { inFastTime } from './fast-time.ts';
import { inParallel } from './parallel.ts';
import { Random } from './random.ts';
import type { Tally } from './tally.ts';

const FASTER = 30;
const SESSIONS_AT_ONCE = 40;
/** In the session's own time. */
const BAD_MS = 20_000;
const MENDED_MS = 300_000;
const LOOK_EVERY_MS = 300;
const HANG_MS = 30 * 60_000;
const MODEMS = 1000;

/** Leads whole sessions, with an emulated modem behind a bad line; what they did wrong goes into the tally. */
export async function fuzzSessions(count: number, seed: number, tally: Tally): Promise<void> {
  if (count === 0) return;
  await inFastTime(FASTER, (clock) =>
    inParallel(count, SESSIONS_AT_ONCE, (at) => tally.watch(seed + at, HANG_MS, () => fuzzSession((seed + at) % 2 ** 31, tally, clock))),
  );
}

async function fuzzSession(seed: number, tally: Tally, clock: Clock): Promise<void> {
  const random = new Random(seed);
  const recorder = new Recorder();
  const isStored = (pdu: string) => recorder.parts.some((part) => part.pdu === pdu);
  const line = new BadLine(seed % MODEMS, { random, seed, tally, clock, isStored });
  const before = random.below(4);
  for (let i = 0; i < before; i++) line.arrive();
  const session = startSession(line, recorder, { clock, timing: DEFAULT_TIMING, sweepSeconds: 45 });
  let isOver = false;
  void session.ended.then(() => {
    isOver = true;
  });
  const until = async (what: () => boolean, ms: number) => {
    const endMs = clock.monotonicMs() + ms;
    while (!isOver && !what() && clock.monotonicMs() < endMs) await Bun.sleep(LOOK_EVERY_MS);
  };
  const messages = 1 + random.below(6);
  for (let i = 0; i < messages; i++) {
    await until(() => false, random.below(BAD_MS / messages));
    line.arrive();
  }
  line.mended = true;
  await until(() => recorder.isReady() && line.sent.every(isStored), MENDED_MS);
  const isWhole = line.sent.every(isStored);
  tally.count(isWhole ? 'sessions that read everything' : 'sessions that ended early');
  if (!isWhole && !isOver) tally.violation(seed, `not everything was read ${MENDED_MS / 1000} s after the line was sound again`);
  await session.stop('done');
  const lost = line.lost();
  if (lost.length > 0) tally.violation(seed, `lost ${lost}`);
}
