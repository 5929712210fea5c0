import { expect, test } from 'bun:test';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { barsOf } from '../../views/admin/signal.tsx';
import { agoInWords, countryName, minutesInWords, money, numberGrouped, numberParts, timeLeft, utc } from '../../views/format.ts';
import { modemCardId } from '../../views/ids.ts';
import { orderPath, simPath, withQuery } from '../../views/paths.ts';

test.each([
  [1250, 'USD', '$12.50'],
  [1250, 'JPY', '¥1,250'],
  [1250, 'KWD', 'KWD\u00a01.250'],
])('%p minor units of %s are %s', (minor, currency, words) => {
  expect(money(minor, currency)).toBe(words);
});

test.each([
  ['gb', 'United Kingdom'],
  ['de', 'Germany'],
  ['zz9', 'ZZ9'],
  ['', ''],
  ['<b', '<B'],
])('the country %p is called %p', (country, name) => {
  expect(countryName(country)).toBe(name);
});

test.each([
  ['+447700900123', '+44 7700 900123', { callingCode: '+44', national: '7700900123' }],
  ['+12025550123', '+1 202 555 0123', { callingCode: '+1', national: '2025550123' }],
  ['12345', '12345', null],
  ['<b>', '<b>', null],
])('the number %s is shown as %s', (number, grouped, parts) => {
  expect(numberGrouped(number)).toBe(grouped);
  expect(numberParts(number)).toEqual(parts);
});

const lefts: [number, string][] = [
  [-5000, '00:00'],
  [0, '00:00'],
  [1, '00:01'],
  [249_000, '04:09'],
  [3_599_001, '1:00:00'],
  [3_849_000, '1:04:09'],
  [273_849_000, '3 d 04:04:09'],
];

test.each(lefts)('%p ms left read %s', (leftMs, words) => {
  expect(timeLeft(leftMs)).toBe(words);
});

test('the browser counts on in the very form the server began with', async () => {
  const script = await Bun.file(resolve(import.meta.dir, '../../static/live.js')).text();
  const source = /function timeLeft\(leftMs\) \{.*?\n {2}\}/s.exec(script)?.[0];
  expect(source).toBeDefined();
  const inBrowser = new Function(`${source}; return timeLeft;`)() as typeof timeLeft;
  fc.assert(fc.property(fc.integer({ min: -10_000, max: 1e9 }), (leftMs) => expect(inBrowser(leftMs)).toBe(timeLeft(leftMs))));
});

test.each([
  [20, '20 minutes'],
  [1, '1 minute'],
  [60, '1 hour'],
  [90, '90 minutes'],
  [4320, '3 days'],
])('%p minutes are %s', (minutes, words) => {
  expect(minutesInWords(minutes)).toBe(words);
});

test.each([
  [0, 'just now'],
  [12_000, '12 s ago'],
  [200_000, '3 min ago'],
  [18_000_000, '5 h ago'],
  [180_000_000, '2 d ago'],
  [-9000, 'just now'],
])('%p ms ago is %s', (agoMs, words) => {
  expect(agoInWords(1e12, 1e12 + agoMs)).toBe(words);
});

test('a time is in UTC, with its date unless it is today', () => {
  const atMs = Date.UTC(2026, 10, 22, 23, 59, 59);
  expect(utc(atMs)).toBe('2026-11-22 23:59:59 UTC');
  expect(utc(atMs, atMs - 1000)).toBe('23:59:59 UTC');
  expect(utc(atMs, atMs + 1000)).toBe('2026-11-22 23:59:59 UTC');
});

test.each([
  [-120, 0],
  [-110, 1],
  [-91, 2],
  [-73, 4],
  [-51, 5],
])('%p dBm are %p bars', (dbm, bars) => {
  expect(barsOf(dbm)).toBe(bars);
});

test('addresses hold what a stranger chose without being led elsewhere', () => {
  expect(orderPath('../../admin?x=1#', 'cancel')).toBe('/dashboard/orders/..%2F..%2Fadmin%3Fx%3D1%23/cancel');
  expect(simPath('89/1', 'pause')).toBe('/admin/sims/89%2F1/pause');
  expect(withQuery('/x', { a: '1&b=2', c: null, d: '' })).toBe('/x?a=1%26b%3D2');
  expect(modemCardId('1-1.4:1.0')).toBe('modem-1-1_2e_4_3a_1_2e_0');
});
