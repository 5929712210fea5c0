import { describe, expect, test } from 'bun:test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvField, csvRecord, defused, plainText } from '../../src/exports/csv.ts';
import { encoderOf } from '../../src/exports/encode.ts';
import { SOURCES } from '../../src/exports/kinds.ts';

/** What a spreadsheet could calculate, by OWASP's list, at the start of a cell in any of the usual separators. */
const CALCULATED = /^[=+\-@＝＋－＠\t\r\n]/;
const isNumber = (text: string): boolean => /^[+-]\d+$/.test(text);

test.each([
  ['plain', 'hello', 'hello'],
  ['a formula', '=HYPERLINK("http://x","y")', `'=HYPERLINK("http://x","y")`],
  ['plus', '+1+1', "'+1+1"],
  ['minus', '-cmd|x', "'-cmd|x"],
  ['at', '@SUM(A1)', "'@SUM(A1)"],
  ['full width', '＝1', "'＝1"],
  ['tab', '\t=1', "'\t'=1"],
  ['carriage return', '\r=1', "'\r'=1"],
  ['a formula in the second line', 'a\r\n=1', "a\r\n'=1"],
  ['a formula behind a semicolon', 'a;=1', "a;'=1"],
  ['E.164 stays a number', '+447700900123', '+447700900123'],
  ['a negative amount stays one', '-150', '-150'],
  ['an apostrophe', "'tis", "''tis"],
  ['an apostrophe inside stays', "it's", "it's"],
  ['nothing', '', ''],
])('defused: %s', (_name, text, expected) => {
  expect(defused(text)).toBe(expected);
  expect(plainText(expected)).toBe(text);
});

test.each([
  ['null is empty', null, ''],
  ['a number', -5, '-5'],
  ['a comma', 'a,b', '"a,b"'],
  ['a quotation mark', 'say "hi"', '"say ""hi"""'],
  ['lines', 'a\r\nb', '"a\r\nb"'],
  ['a semicolon', 'a;b', '"a;b"'],
  ['outer spaces', ' a', '" a"'],
  ['NUL is shown', 'a\0b', 'a\u2400b'],
  ['emoji and right to left', '🦊 שלום', '🦊 שלום'],
])('field: %s', (_name, value, expected) => {
  expect(csvField(value)).toBe(expected);
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ',', ';', '\t', '\r', '\n', '1', 'a', '＝'), maxLength: 20 }),
);

describe('whatever a text is', () => {
  test('it comes back as it was', () => {
    fc.assert(
      fc.property(hostile, (text) => plainText(defused(text)) === text),
      { numRuns: 2000 },
    );
  });

  test('no cell begins as a formula, with comma, semicolon, tab or line end between cells', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const cell = defused(text);
        expect(isNumber(cell) || !CALCULATED.test(cell)).toBe(true);
        // The end of a line inside a cell is followed by another one at most.
        for (const piece of cell.split(/[;\t\r\n]/).slice(1)) expect(/^[=+\-@＝＋－＠]/.test(piece)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test('another CSV reader gives every record back', () => {
    const cell = fc.oneof(hostile, fc.integer(), fc.constant(null));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 }), (records) => {
        const file = Buffer.from(records.map(csvRecord).join('')).toString('utf8');
        const read: string[][] = parse(file, { record_delimiter: '\r\n', relax_column_count: false, skip_empty_lines: false });
        const shown = (value: string | number | null): string =>
          value === null ? '' : typeof value === 'number' ? String(value) : value.replaceAll('\0', '\u2400').toWellFormed();
        const texts = read.map((record, r) => record.map((field, c) => (typeof records[r]?.[c] === 'string' ? plainText(field) : field)));
        expect(texts).toEqual(records.map((record) => record.map(shown)));
      }),
      { numRuns: 500 },
    );
  });
});

test('JSON keeps every value as it is, one object a line, and has no byte order mark', () => {
  const { columns } = SOURCES.ledger;
  const encoder = encoderOf('json', columns, true);
  const reference = 'a\0"\ud800\r\n=1🦊';
  const line = encoder.row(['txn_1', 'top_up', null, reference, 5, 0, 'USD', Date.UTC(2026, 0, 1)]);
  expect(encoder.head).toBe('');
  expect(line.indexOf('\n')).toBe(line.length - 1);
  expect(JSON.parse(line)).toEqual({
    ...{ id: 'txn_1', kind: 'top_up', order_id: null, reference, available: 5, held: 0, currency: 'USD' },
    created_at: '2026-01-01T00:00:00.000Z',
  });
});

test('a CSV file begins with the names of the columns, after the byte order mark if that was wanted', () => {
  const { columns } = SOURCES.ledger;
  expect(encoderOf('csv', columns, false).head).toBe('id,kind,order_id,reference,available,held,currency,created_at,rental_id,reason\r\n');
  expect(encoderOf('csv', columns, true).head.startsWith('\ufeffid,')).toBe(true);
});
