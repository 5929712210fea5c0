import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { fuzzDialogues } from './dialogue.ts';
import { inFastTime } from './fast-time.ts';
import { fuzzPdus } from './pdu.ts';

setDefaultTimeout(120_000);

const PDUS = 10_000;
const CHANNELS = 150;
const SESSIONS = 6;
/** One seed that is always the same, and one of this run. A failure shows it, and `bun tests/fuzz/run.ts` takes it with `--seed`. */
const seeds: [what: string, seed: number][] = [
  ['the fixed seed', 1],
  ['a fresh seed', Date.now() % 2 ** 31],
];

describe.each(seeds)('with %s, %i', (_what, seed) => {
  test('damaged PDUs never throw, never hang and never give what cannot be', () => {
    const { violations, slowestMs, slowest, outcomes } = fuzzPdus(PDUS, seed);
    expect({ seed, violations }).toEqual({ seed, violations: [] });
    // Microseconds each; a pause of the machine must not fail it.
    expect({ seed, slowest, isSlow: slowestMs > 1000 }).toEqual({ seed, slowest, isSlow: false });
    expect(Object.keys(outcomes).sort()).toEqual(['error', 'flagged', 'sound', 'text with error']);
  });

  test('damaged dialogues end, are answered by their own answers, and cost no message', async () => {
    const { violations, outcomes } = await fuzzDialogues({ channels: CHANNELS, sessions: SESSIONS }, seed);
    expect({ seed, violations }).toEqual({ seed, violations: [] });
    // Otherwise nothing was tried.
    expect(outcomes).toMatchObject({
      answered: expect.any(Number),
      timeout: expect.any(Number),
      'sessions that read everything': expect.any(Number),
    });
  });
});

test('fast time ends with its work, also with one that fails', async () => {
  const { setTimeout: before } = globalThis;
  const { sleep } = Bun;
  await expect(
    inFastTime(1000, async (clock) => {
      const startedAtMs = clock.monotonicMs();
      await Bun.sleep(20_000);
      expect(clock.monotonicMs() - startedAtMs).toBeGreaterThanOrEqual(19_000);
      throw new Error('as intended');
    }),
  ).rejects.toThrow('as intended');
  expect([globalThis.setTimeout === before, Bun.sleep === sleep]).toEqual([true, true]);
});
