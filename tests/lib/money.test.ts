import { expect, test } from 'bun:test';
import { majorText, parseMajor } from '../../src/lib/money.ts';

test.each([
  ['12.50', 'USD', 1250],
  ['12,5', 'USD', 1250],
  ['0.01', 'USD', 1],
  ['400', 'JPY', 400],
  ['1.234', 'KWD', 1234],
  ['1.5', 'JPY', null],
  ['1.234', 'USD', null],
  ['0', 'USD', 0],
  ['-1', 'USD', null],
  ['1e3', 'USD', null],
  ['', 'USD', null],
  ['1.000.000', 'USD', null],
  ['99999999999', 'USD', null],
] as const)('%j of %s is %p minor units', (text, currency, minor) => {
  expect(parseMajor(text, currency)).toBe(minor);
});

test('an amount is written as it would be typed', () => {
  expect([majorText(1250, 'USD'), majorText(400, 'JPY'), majorText(1234, 'KWD')]).toEqual(['12.50', '400', '1.234']);
});
