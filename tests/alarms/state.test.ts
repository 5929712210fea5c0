/** How looks become alarms. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  FLUTTER_MS,
  holdMs,
  isForgettable,
  type Level,
  levelOf,
  QUIET,
  type Rule,
  standingTrack,
  step,
  type Track,
} from '../../src/alarms/state.ts';

const RULE: Rule = { raiseAfterMs: 120, clearAfterMs: 30 };
const LEVELS = { b: 'bad', m: 'between', g: 'good' } as const;

/** One look each ten milliseconds, as a line of letters; what happened at which of them. */
function live(looks: string, rule = RULE, from: Track = QUIET): string {
  let track = from;
  return [...looks]
    .map((letter, index) => {
      const { track: next, did } = step(track, LEVELS[letter as keyof typeof LEVELS], rule, index * 10);
      track = next;
      return did === 'raised' ? 'R' : did === 'cleared' ? 'C' : '.';
    })
    .join('');
}

const AT_ONCE: Rule = { raiseAfterMs: 0, clearAfterMs: 0 };
test.each([
  ['all is well', 'ggggg', AT_ONCE, '.....'],
  ['at once, and over at once', 'gbbgg', AT_ONCE, '.R.C.'],
  ['between raises nothing', 'mmmmm', AT_ONCE, '.....'],
  ['between holds what is raised', 'bmmmg', AT_ONCE, 'R...C'],
  ['bad for just under its time', 'bbbbbbbbbbbbg', RULE, '.............'],
  ['bad for its time', 'bbbbbbbbbbbbbb', RULE, '............R.'],
  ['one good look in between begins anew', 'bbbbbbgbbbbbbbbbbbbbb', RULE, '...................R.'],
  ['one look in the margin begins anew too', 'bbbbbbmbbbbbbbbbbbbbb', RULE, '...................R.'],
  ['over only after its time', 'bbbbbbbbbbbbbggggg', RULE, '............R...C.'],
  ['a bad look in between holds it', 'bbbbbbbbbbbbbggbgggg', RULE, '............R......C'],
  ['a look in the margin holds it', 'bbbbbbbbbbbbbggmgggg', RULE, '............R......C'],
  ['once, however long it lasts', `${'b'.repeat(40)}`, RULE, `............R${'.'.repeat(27)}`],
])('%s', (_name, looks, rule, happened) => {
  expect(live(looks, rule)).toBe(happened);
});

test.each([
  ['still so', 'bbb', '...'],
  ['over meanwhile', 'gggg', '...C'],
  ['in the margin', 'mmmg', '....'],
])('what stood before a restart and is %s', (_name, looks, happened) => {
  expect(live(looks, RULE, standingTrack(0))).toBe(happened);
});

test.each([
  [90, 'above', 'bad'],
  [80, 'above', 'between'],
  [75, 'above', 'between'],
  [70, 'above', 'good'],
  [5, 'below', 'bad'],
  [10, 'below', 'between'],
  [11, 'below', 'good'],
] as const)('%p against a threshold %s', (value, is, level) => {
  const bound = is === 'above' ? { is, threshold: 80, clearAt: 70 } : { is, threshold: 10, clearAt: 11 };
  expect(levelOf(value, bound)).toBe(level);
});

test('one that flutters must be good for longer each time, for an hour at most, and is forgiven after an hour of peace', () => {
  const rule: Rule = { raiseAfterMs: 0, clearAfterMs: 30_000 };
  let track: Track = QUIET;
  let atMs = 0;
  const goodFor: number[] = [];
  for (let round = 0; round < 9; round++) {
    track = step(track, 'bad', rule, atMs).track;
    expect(track.phase).toBe('raised');
    const fromMs = atMs;
    for (let did: unknown = null; did !== 'cleared'; atMs += 30_000) ({ track, did } = step(track, 'good', rule, atMs));
    goodFor.push((atMs - 30_000 - fromMs) / 30_000);
  }
  expect(goodFor).toEqual([1, 2, 4, 8, 16, 32, 64, 120, 120]);
  track = step(track, 'bad', rule, atMs + FLUTTER_MS + 60_000).track;
  expect(track.returns).toBe(0);
  expect(holdMs({ raiseAfterMs: 0, clearAfterMs: 2 * FLUTTER_MS }, 5)).toBe(2 * FLUTTER_MS);
});

const looks = fc.array(
  fc.record({ level: fc.constantFrom<Level>('bad', 'between', 'good'), passMs: fc.integer({ min: 1, max: 90_000 }) }),
  {
    maxLength: 200,
  },
);
const rules = fc.record({ raiseAfterMs: fc.integer({ min: 0, max: 300_000 }), clearAfterMs: fc.integer({ min: 0, max: 300_000 }) });

test('whatever the looks: raised and cleared by turns, none before its time, none by a look in the margin', () => {
  fc.assert(
    fc.property(looks, rules, fc.boolean(), (given, rule, stood) => {
      let track = stood ? standingTrack(0) : QUIET;
      let raised = stood;
      let atMs = 0;
      let sameSinceMs = 0;
      let before: Level | null = null;
      for (const { level, passMs } of given) {
        atMs += passMs;
        if (level !== before) sameSinceMs = atMs;
        before = level;
        const { track: next, did } = step(track, level, rule, atMs);
        if (did === 'raised') {
          expect([raised, level]).toEqual([false, 'bad']);
          expect(atMs - sameSinceMs).toBeGreaterThanOrEqual(rule.raiseAfterMs);
          raised = true;
        } else if (did === 'cleared') {
          expect([raised, level]).toEqual([true, 'good']);
          expect(atMs - sameSinceMs).toBeGreaterThanOrEqual(rule.clearAfterMs);
          raised = false;
        }
        expect(next.phase === 'raised' || next.phase === 'falling').toBe(raised);
        if (isForgettable(next, atMs)) expect(raised).toBe(false);
        track = next;
      }
    }),
    { numRuns: 500 },
  );
});

test('whatever came before, an hour of good looks ends it and five minutes of bad ones raise it', () => {
  fc.assert(
    fc.property(looks, rules, (given, rule) => {
      let track = QUIET;
      let atMs = 0;
      const look = (level: Level, passMs: number): void => {
        atMs += passMs;
        ({ track } = step(track, level, rule, atMs));
      };
      for (const { level, passMs } of given) look(level, passMs);
      for (let n = 0; n < 62; n++) look('good', 60_000);
      expect(track.phase).toBe('quiet');
      for (let n = 0; n < 6; n++) look('bad', 60_000);
      expect(track.phase).toBe('raised');
    }),
    { numRuns: 200 },
  );
});
