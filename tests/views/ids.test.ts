import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { modemCardId } from '../../views/ids.ts';

test('slots that look alike have cards of their own', () => {
  const slots = [
    '/dev/ttyUSB1',
    '/dev-ttyUSB1',
    '-dev-ttyUSB1',
    '/dev//ttyUSB1',
    '1-1.2:1.0',
    '1-1-2:1.0',
    '1-1_2_1.0',
    'a/b',
    'a_2f_b',
    'é',
    'e',
  ];
  expect(new Set(slots.map(modemCardId)).size).toBe(slots.length);
});

test('whatever a slot is called: no other has its id, and it may stand in a selector', () => {
  const slot = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[-_/:.2f5a]{0,8}$/));
  fc.assert(
    fc.property(slot, slot, (a, b) => {
      expect(modemCardId(a)).toMatch(/^modem-[A-Za-z0-9_-]*$/);
      expect(modemCardId(a) === modemCardId(b)).toBe(a === b);
    }),
    { numRuns: 2000 },
  );
});
