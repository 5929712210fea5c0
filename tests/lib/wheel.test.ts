import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { TICK_MS, TimerWheel } from '../../src/lib/wheel.ts';

const START = Date.UTC(2026, 10, 22);

test('a timer fires when its millisecond has come and not before', () => {
  const wheel = new TimerWheel<string>(START);
  wheel.insert('a', START + 1000, 'payload');
  expect(wheel.advance(START + 999)).toEqual([]);
  expect(wheel.advance(START + 1000).map((due) => due.payload)).toEqual(['payload']);
  expect(wheel.size).toBe(0);
});

test('a time gone by is due at once', () => {
  const wheel = new TimerWheel<null>(START);
  wheel.insert('late', START - 86_400_000, null);
  expect(wheel.advance(START).map((due) => due.key)).toEqual(['late']);
});

test('setting a key again moves it, canceling removes it', () => {
  const wheel = new TimerWheel<number>(START);
  wheel.insert('a', START + 50, 1);
  wheel.insert('a', START + 500_000, 2);
  wheel.insert('b', START + 60, 3);
  expect(wheel.cancel('b')).toBe(true);
  expect(wheel.cancel('b')).toBe(false);
  expect(wheel.advance(START + 400_000)).toEqual([]);
  expect(wheel.advance(START + 500_000).map((due) => due.payload)).toEqual([2]);
});

test('a clock that goes back fires nothing, and after reset the new times hold', () => {
  const wheel = new TimerWheel<null>(START);
  wheel.insert('a', START + 1000, null);
  expect(wheel.advance(START - 3_600_000)).toEqual([]);
  wheel.reset(START - 3_600_000);
  wheel.insert('a', START + 1000, null);
  expect(wheel.advance(START + 999)).toEqual([]);
  expect(wheel.advance(START + 1000)).toHaveLength(1);
});

test('whatever is set, moved and canceled, each timer fires once, in the step in which its time came', () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('insert' as const),
      key: fc.nat(30),
      inMs: fc.oneof(fc.nat(300), fc.nat(10_000_000), fc.nat(90 * 86_400_000)),
    }),
    fc.record({ kind: fc.constant('cancel' as const), key: fc.nat(30) }),
    fc.record({ kind: fc.constant('advance' as const), byMs: fc.oneof(fc.nat(40), fc.nat(70_000), fc.nat(30 * 86_400_000)) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const wheel = new TimerWheel<number>(START);
      const model = new Map<string, number>();
      let nowMs = START;
      for (const one of steps) {
        if (one.kind === 'insert') {
          wheel.insert(`k${one.key}`, nowMs + one.inMs, one.key);
          model.set(`k${one.key}`, nowMs + one.inMs);
        } else if (one.kind === 'cancel') {
          expect(wheel.cancel(`k${one.key}`)).toBe(model.delete(`k${one.key}`));
        } else {
          nowMs += one.byMs;
          const due = wheel.advance(nowMs);
          const expected = [...model].filter(([, atMs]) => atMs <= nowMs).sort(([, a], [, b]) => a - b);
          for (const [key] of expected) model.delete(key);
          expect(due.map((entry) => entry.atMs)).toEqual(expected.map(([, atMs]) => atMs));
          expect(new Set(due.map((entry) => entry.key))).toEqual(new Set(expected.map(([key]) => key)));
        }
        expect(wheel.size).toBe(model.size);
      }
    }),
    { numRuns: 300 },
  );
});

test('a million timers over a month are inserted, half canceled, and the rest fires', () => {
  const wheel = new TimerWheel<null>(START);
  for (let i = 0; i < 1_000_000; i++) wheel.insert(String(i), START + ((i * 7919) % 2_592_000) * 1000, null);
  for (let i = 0; i < 1_000_000; i += 2) wheel.cancel(String(i));
  let fired = 0;
  for (let nowMs = START; nowMs < START + 2_592_000_000; nowMs += 3_600_000) fired += wheel.advance(nowMs).length;
  fired += wheel.advance(START + 2_592_000_000).length;
  expect(fired).toBe(500_000);
  expect(TICK_MS).toBeLessThanOrEqual(100);
});
