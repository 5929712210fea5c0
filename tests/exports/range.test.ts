import { expect, test } from 'bun:test';
import { ifRangeHolds, isUnchanged, readRange } from '../../src/exports/range.ts';

test.each([
  ['none', null, null],
  ['first octets', 'bytes=0-4', { start: 0, end: 4 }],
  ['to the end', 'bytes=5-', { start: 5, end: 9 }],
  ['the last ones', 'bytes=-3', { start: 7, end: 9 }],
  ['more last ones than there are', 'bytes=-99', { start: 0, end: 9 }],
  ['beyond the end is cut', 'bytes=8-99', { start: 8, end: 9 }],
  ['the last octet', 'bytes=9-9', { start: 9, end: 9 }],
  ['with spaces and capitals', 'Bytes= 1 - 2 ', { start: 1, end: 2 }],
  ['behind the end', 'bytes=10-', 'unsatisfiable'],
  ['no last octet', 'bytes=-0', 'unsatisfiable'],
  ['backwards is no range', 'bytes=4-2', null],
  ['several are answered with all', 'bytes=0-1,4-5', null],
  ['another unit', 'lines=0-1', null],
  ['nonsense', 'bytes=abc', null],
  ['empty', 'bytes=-', null],
  ['a number that is none', `bytes=${'9'.repeat(40)}-`, null],
] as const)('Range of ten octets: %s', (_name, header, expected) => {
  expect(readRange(header, 10)).toEqual(expected);
});

test('an empty file has no range', () => {
  expect(readRange('bytes=0-', 0)).toBe('unsatisfiable');
  expect(readRange('bytes=-5', 0)).toBe('unsatisfiable');
});

const validators = { etag: '"abc"', modifiedMs: Date.UTC(2026, 10, 29, 1, 2, 3, 456) };
const date = new Date(validators.modifiedMs).toUTCString();

test.each([
  ['none', null, true],
  ['the same tag', '"abc"', true],
  ['another tag', '"abd"', false],
  ['a weak tag never', 'W/"abc"', false],
  ['the same time', date, true],
  ['another time', new Date(validators.modifiedMs + 1000).toUTCString(), false],
  ['nonsense', 'yesterday', false],
])('If-Range: %s', (_name, header, expected) => {
  expect(ifRangeHolds(header, validators)).toBe(expected);
});

test.each([
  ['nothing', null, null, false],
  ['the tag', '"abc"', null, true],
  ['one of many, weak', '"x", W/"abc"', null, true],
  ['any', '*', null, true],
  ['another tag beats the time', '"x"', date, false],
  ['the time', null, date, true],
  ['an earlier time', null, new Date(0).toUTCString(), false],
  ['nonsense', null, 'yesterday', false],
])('unchanged: %s', (_name, noneMatch, modifiedSince, expected) => {
  expect(isUnchanged({ noneMatch, modifiedSince }, validators)).toBe(expected);
});
