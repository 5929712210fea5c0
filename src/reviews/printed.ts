import type { StoredCandidate } from '../messages/judgements.ts';

const FEWEST = 3;
const MOST = 32;

/**
 * A code as it stands in the text, or null for what does not stand there: one of the candidates, literally a stretch of the text, or one whose
 * groups the text sets apart (`482913` of `482 913`).
 */
export function printedAs(text: string, code: string, candidates: readonly Pick<StoredCandidate, 'code' | 'text'>[]): string | null {
  if (code.length < FEWEST || code.length > MOST || /\s/.test(code)) return null;
  const candidate = candidates.find((one) => one.code === code);
  if (candidate) return candidate.text;
  if (text.includes(code)) return code;
  if (!/^[\p{L}\p{N}]+$/u.test(code)) return null;
  const pattern = [...code].join('[ \\u00a0-]?');
  return new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'u').exec(text.normalize('NFKC'))?.[0] ?? null;
}
