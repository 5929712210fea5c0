import type { Final } from './finals.ts';

export interface ResyncTiming {
  /** How long the modem must have been silent before the first probe, after a timeout and after opening. */
  quietMs: number;
  openQuietMs: number;
  /** How long after the probe's answer a second answer, a late one, may still show itself. */
  settleMs: number;
  openSettleMs: number;
  probeMs: number;
  probes: number;
}

export const DEFAULT_TIMING: ResyncTiming = {
  quietMs: 300,
  openQuietMs: 100,
  settleMs: 300,
  openSettleMs: 60,
  probeMs: 2_000,
  probes: 5,
};

/** A modem that floods unsolicited lines is never quiet; the probe goes out all the same. */
const QUIET_LIMIT_MS = 3_000;
const STEP_MS = 20;

export interface ResyncLine {
  write(text: string): void;
  /** Milliseconds since the last octet came. */
  quietForMs(): number;
  /** From now on finals go to `seen`; null ends it. */
  listen(seen: ((final: Final) => void) | null): void;
  ended(): boolean;
}

/**
 * Brings the dialogue into step: waits for silence, sends ESC CR (which leaves a message prompt without sending anything), then AT until
 * exactly one answer follows it. Two mean that a late one was under way: again. True when in step, false when nothing answers.
 * Without this the answers would shift by one command: a wrong PDU for an index, then a wrong delete.
 */
export async function resynchronise(
  timing: Pick<ResyncTiming, 'quietMs' | 'settleMs' | 'probeMs' | 'probes'>,
  line: ResyncLine,
): Promise<boolean> {
  await quiet(line, timing.quietMs);
  line.listen(() => {});
  line.write('\u001b\r');
  await Bun.sleep(STEP_MS);
  await quiet(line, Math.min(100, timing.quietMs));
  for (let probe = 0; probe < timing.probes && !line.ended(); probe++) {
    if (await answersOnce(line, timing)) {
      line.listen(null);
      return true;
    }
  }
  line.listen(null);
  return false;
}

async function answersOnce(line: ResyncLine, timing: Pick<ResyncTiming, 'settleMs' | 'probeMs'>): Promise<boolean> {
  let answers = 0;
  const answered = Promise.withResolvers<void>();
  line.listen(() => {
    answers++;
    answered.resolve();
  });
  line.write('AT\r');
  const timer = setTimeout(() => answered.resolve(), timing.probeMs);
  await answered.promise;
  clearTimeout(timer);
  if (answers === 0) return false;
  await Bun.sleep(timing.settleMs);
  return answers === 1;
}

async function quiet(line: ResyncLine, quietMs: number): Promise<void> {
  for (let waited = 0; waited < QUIET_LIMIT_MS && !line.ended(); waited += STEP_MS) {
    if (line.quietForMs() >= quietMs) return;
    await Bun.sleep(STEP_MS);
  }
}
