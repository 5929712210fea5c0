import { CsvError, parse } from 'csv-parse';
import { csvRecord, plainText } from '../exports/csv.ts';
import { Refusal } from '../lib/errors.ts';
import { majorText, minorDigits, parseMajor } from '../lib/money.ts';
import { checkPrice, type PriceTerms } from './check.ts';
import { type OfferTerms, refuseDenied } from './offers.ts';
import { keyOf, type Price, type PriceMap } from './steps.ts';

/** Of a price list; 60,000 lines have about 2.5 MB. */
export const FILE_OCTETS_MAX = 16 * 1024 * 1024;
export const FILE_LINES_MAX = 250_000;
/** So many bad lines are named, the rest is counted. */
export const BAD_LINES_SHOWN = 500;
const RECORD_CHARACTERS_MAX = 2000;
const OCTETS_AT_ONCE = 16 * 1024;
const LINES_BETWEEN_BREATHS = 64;

export interface BadLine {
  /** As an editor counts, from 1; 0 for what is wrong with the file as a whole. */
  line: number;
  /** What stands there, cut. */
  text: string;
  /** What is wrong and what would be right. */
  problem: string;
}

export type ReadFile = { ok: true; prices: Price[]; separator: string } | { ok: false; bad: BadLine[]; badCount: number; lines: number };

/** The name of the price column says currency and unit, so that no list is read in another one: `price_usd`. */
export function priceColumn(currency: string): string {
  return `price_${currency.toLowerCase()}`;
}

/** The header of a price list, in the order in which it is written. */
export function columnsOf(currency: string): string[] {
  return ['country', 'service', 'carrier', priceColumn(currency), 'window_minutes'];
}

/** A whole price list as CSV (RFC 4180), with a byte order mark, without which spreadsheets take UTF-8 for something else. */
export function* priceFile(prices: Iterable<Price>, currency: string): Generator<string> {
  yield `\ufeff${csvRecord(columnsOf(currency))}`;
  for (const { country, service, carrier, priceMinor, windowMinutes } of prices) {
    yield csvRecord([country, service, carrier, majorText(priceMinor, currency), windowMinutes]);
  }
}

/**
 * Reads a price list: CSV in UTF-8 with commas, semicolons or tabs, any line ends, quotes where needed. Every line is checked; with any bad line nothing is returned but
 * those. A window that is empty is the house's; without that column, the one the offer has (`current`). Long lists are read in pieces, `breathe` between them.
 */
export async function readPriceFile(
  octets: Uint8Array,
  terms: Pick<OfferTerms, 'allow' | 'rules'> & PriceTerms & { currency: string },
  current: PriceMap,
  breathe: () => Promise<void>,
): Promise<ReadFile> {
  const bad: BadLine[] = [];
  let badCount = 0;
  let lines = 0;
  const complain = (line: number, record: readonly string[], problem: string): void => {
    if (++badCount <= BAD_LINES_SHOWN) bad.push({ line, text: record.join(' · ').slice(0, 120), problem });
  };
  const separator = separatorOf(octets);
  const whole = wholeProblem(octets);
  const prices: Price[] = [];
  const firstLine = new Map<string, number>();
  const denied = new Map<string, string | null>();
  let columns: Columns | null = null;
  if (whole !== null) complain(0, [], whole);
  else {
    try {
      for await (const { record, line } of recordsOf(octets, separator, (at, problem) => complain(at, [], problem))) {
        if (columns === null) {
          const read = columnsFrom(record, terms.currency);
          if (typeof read === 'string') {
            complain(line, record, read);
            break;
          }
          columns = read;
          continue;
        }
        if (++lines % LINES_BETWEEN_BREATHS === 0) await breathe();
        if (lines > FILE_LINES_MAX) {
          complain(line, [], `A list may have ${FILE_LINES_MAX} lines; split this one by countries.`);
          break;
        }
        const price = priceFrom(record, columns, terms, current, denied);
        if (typeof price === 'string') complain(line, record, price);
        else {
          const key = keyOf(price);
          const first = firstLine.get(key);
          if (first === undefined) firstLine.set(key, line);
          else complain(line, record, `This offer stands in line ${first} already; a list names each once.`);
          prices.push(price);
        }
      }
    } catch (thrown) {
      if (!(thrown instanceof CsvError)) throw thrown;
      complain(Number(thrown['lines'] ?? 0), [], csvProblem(thrown));
    }
    if (columns === null && badCount === 0)
      complain(1, [], `The file is empty. Its first line must be ${columnsOf(terms.currency).join(',')}.`);
    else if (lines === 0 && badCount === 0) complain(1, [], 'The list has a header and no prices.');
  }
  bad.sort((a, b) => a.line - b.line);
  return badCount > 0 ? { ok: false, bad, badCount, lines } : { ok: true, prices, separator };
}

interface Columns {
  count: number;
  country: number;
  service: number;
  carrier: number;
  price: number;
  window: number;
}

/** What is wrong with the octets as a whole, or null. */
function wholeProblem(octets: Uint8Array): string | null {
  if (octets.length > FILE_OCTETS_MAX) return `The file has ${octets.length} octets; at most ${FILE_OCTETS_MAX} are read.`;
  if (octets[0] === 0x50 && octets[1] === 0x4b) return 'This is a spreadsheet (or another ZIP file): save it as CSV (UTF-8) first.';
  if (octets[0] === 0xff || octets[0] === 0xfe) return 'The file is in UTF-16: save it as CSV in UTF-8.';
  if (octets.includes(0)) return 'The file has NUL octets and is no text: save it as CSV in UTF-8.';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(octets);
    return null;
  } catch {
    return 'The file is not in UTF-8: save it as CSV (UTF-8).';
  }
}

/** What stands most often between the names of the header. */
function separatorOf(octets: Uint8Array): string {
  const header = new TextDecoder().decode(octets.subarray(0, 1000)).split(/[\r\n]/)[0] ?? '';
  const count = (one: string) => header.split(one).length;
  return [';', '\t'].find((one) => count(one) > count(',')) ?? ',';
}

/** The records of a file, line by line; those before a broken one come before its error. A broken one inside is told to `broken` and passed over. */
async function* recordsOf(
  octets: Uint8Array,
  separator: string,
  broken: (line: number, problem: string) => void,
): AsyncGenerator<{ record: string[]; line: number }> {
  let read: { record: string[]; line: number }[] = [];
  const parser = parse({
    ...{ bom: true, delimiter: separator, record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true, skip_empty_lines: true },
    ...{ skip_records_with_empty_values: true, trim: true, max_record_size: RECORD_CHARACTERS_MAX },
    // Nothing is left in the stream, which an error would throw away.
    on_record: (record: string[], { lines }) => {
      read.push({ record, line: lines });
      return null;
    },
    skip_records_with_error: true,
    on_skip: (error) => {
      if (error !== undefined) broken(Number(error['lines'] ?? 0), csvProblem(error));
    },
  });
  let failed: Error | null = null;
  parser.on('error', (error) => {
    failed = error;
  });
  parser.resume();
  for (let at = 0; at <= octets.length && failed === null; at += OCTETS_AT_ONCE) {
    const piece = octets.subarray(at, at + OCTETS_AT_ONCE);
    await new Promise<void>((resolve) => {
      if (at + OCTETS_AT_ONCE < octets.length) parser.write(piece, () => resolve());
      else {
        parser.once('close', resolve);
        parser.end(piece);
      }
    });
    yield* read;
    read = [];
    if (at + OCTETS_AT_ONCE >= octets.length) break;
  }
  if (failed !== null) throw failed;
}

/** Where each column stands, or what is wrong with the header. */
function columnsFrom(record: readonly string[], currency: string): Columns | string {
  const names = record.map((name) => name.trim().toLowerCase());
  const price = priceColumn(currency);
  const expected = columnsOf(currency);
  const example = `The first line must name the columns: ${expected.join(',')} (carrier and window_minutes may be missing).`;
  const otherPrice = names.find((name) => name.startsWith('price') && name !== price);
  if (otherPrice !== undefined && !names.includes(price)) {
    const digits = minorDigits(currency);
    const form = digits === 0 ? 'whole units without decimals' : `amounts with at most ${digits} decimals`;
    return `The column ${JSON.stringify(otherPrice.slice(0, 40))} does not say what its numbers are: name it ${price} for ${form} of ${currency}.`;
  }
  const missing = ['country', 'service', price].filter((name) => !names.includes(name));
  if (missing.length > 0) return `The column ${missing.join(', ')} is missing. ${example}`;
  const unknown = names.find((name) => !expected.includes(name));
  if (unknown !== undefined) return `The column ${JSON.stringify(unknown.slice(0, 40))} is none of a price list. ${example}`;
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return `The column ${twice} stands there twice. ${example}`;
  const at = (name: string) => names.indexOf(name);
  return {
    count: names.length,
    ...{ country: at('country'), service: at('service'), carrier: at('carrier'), price: at(price), window: at('window_minutes') },
  };
}

/** A line as a price, or what is wrong with it. `denied`: what was found out of services before. */
function priceFrom(
  record: readonly string[],
  columns: Columns,
  terms: Pick<OfferTerms, 'allow' | 'rules'> & PriceTerms & { currency: string },
  current: PriceMap,
  denied: Map<string, string | null>,
): Price | string {
  const { currency } = terms;
  if (record.length !== columns.count) {
    return `The line has ${record.length} fields, the header ${columns.count}: quote a field that holds the separator.`;
  }
  const field = (at: number) => (at < 0 ? '' : plainText(record[at] ?? '').trim());
  const priceMinor = parseMajor(field(columns.price), currency);
  if (priceMinor === null) {
    const digits = minorDigits(currency);
    const right =
      digits === 0
        ? `a whole number of ${currency}, such as ${majorText(50, currency)}`
        : `an amount in ${currency} with at most ${digits} decimals, such as ${majorText(45, currency)}`;
    return `The price must be ${right}; got ${JSON.stringify(field(columns.price).slice(0, 40))}.`;
  }
  const key = { country: field(columns.country).toLowerCase(), service: field(columns.service), carrier: field(columns.carrier) };
  const windowMinutes = columns.window < 0 ? (current.get(keyOf(key))?.windowMinutes ?? null) : minutesOf(field(columns.window));
  if (Number.isNaN(windowMinutes))
    return `The window must be a number of minutes, or empty; got ${JSON.stringify(field(columns.window).slice(0, 40))}.`;
  const price = { ...key, priceMinor, windowMinutes };
  return problemOf(() => checkPrice(price, terms)) ?? deniedProblem(price.service, terms, denied) ?? price;
}

/** Null is empty, NaN is no number. */
function minutesOf(text: string): number | null {
  if (text === '') return null;
  return /^\d{1,7}([.,]\d{1,6})?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
}

function deniedProblem(service: string, terms: Pick<OfferTerms, 'allow' | 'rules'>, denied: Map<string, string | null>): string | null {
  const known = denied.get(service);
  if (known !== undefined) return known;
  const problem = problemOf(() => refuseDenied(service, terms));
  denied.set(service, problem);
  return problem;
}

function problemOf(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    return thrown.detail;
  }
}

function csvProblem({ code }: CsvError): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'A quotation mark is opened and never closed.';
  if (code === 'CSV_MAX_RECORD_SIZE')
    return `A line may have ${RECORD_CHARACTERS_MAX} characters: perhaps a quotation mark is never closed.`;
  if (code === 'INVALID_OPENING_QUOTE' || code === 'CSV_INVALID_CLOSING_QUOTE') {
    return 'A quotation mark stands inside a field: put the whole field in quotation marks and double those inside.';
  }
  return `The line is no CSV (${code}).`;
}
