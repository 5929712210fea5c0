import { createRequire } from 'node:module';
import type { Row } from './rows.ts';

/** Another extractor, as a function from a text to a code. */
export interface Extractor {
  name: string;
  extract(text: string): string | null;
}

const load = createRequire(import.meta.url);

/** The extractors on npm that are downloaded most; they only answer which code, never whose. */
export function otherExtractors(): Extractor[] {
  const parse: unknown = load('parse-otp-message');
  const detector: unknown = load('@onedaydevelopers/otp-detector');
  const extractOtp: unknown = typeof detector === 'object' && detector !== null ? Reflect.get(detector, 'extractOTP') : undefined;
  if (typeof parse !== 'function' || typeof extractOtp !== 'function') throw new Error('an extractor has changed what it exports');
  return [
    { name: 'parse-otp-message 1.0.2', extract: (text) => codeOf(parse(text)) },
    { name: '@onedaydevelopers/otp-detector 1.1.1', extract: (text) => codeOf(extractOtp(text)) },
  ];
}

/** How many positives it finds exactly, spaces and hyphens aside, and for how many negatives it gives any code. */
export function measureExtractor({ extract }: Extractor, rows: readonly Row[]): { exact: number; wrong: number; falseAccepts: number } {
  const bare = (code: string) => code.replace(/[\s-]/g, '').toUpperCase();
  const result = { exact: 0, wrong: 0, falseAccepts: 0 };
  for (const row of rows) {
    const found = extract(row.text);
    if (found === null) continue;
    if (row.code === null) result.falseAccepts += 1;
    else if (row.right.map(bare).includes(bare(found))) result.exact += 1;
    else result.wrong += 1;
  }
  return result;
}

function codeOf(answer: unknown): string | null {
  if (typeof answer === 'string') return answer;
  if (typeof answer !== 'object' || answer === null) return null;
  const code: unknown = Reflect.get(answer, 'code');
  return typeof code === 'string' ? code : null;
}
