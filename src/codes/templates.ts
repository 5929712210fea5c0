import { foldKeyword, type Shadow } from './normalise.ts';
import type { Span } from './phrases.ts';
import templateRules from './rules/templates.json' with { type: 'json' };

/** A wording with one brand and one code in it, cut at both. */
export interface Template {
  /** What must stand before the brand, from the brand outward; a null is the code. */
  before: readonly (string | null)[];
  after: readonly (string | null)[];
}

/** How codes are printed: digits, also in groups, with letters and a hyphen before, or capitals and digits mixed. */
const CODE_AHEAD = /(?:[A-Za-z]{1,3}-\d{4,8}|\d(?:[ -]?\d){3,9}|(?=[A-Z]*\d)[A-Z0-9]{4,10})(?![A-Za-z0-9])/y;
const CODE_BEHIND = /(?<![A-Za-z0-9])(?:[A-Za-z]{1,3}-\d{4,8}|\d(?:[ -]?\d){3,9}|(?=[A-Z]*\d)[A-Z0-9]{4,10})$/;
const LONGEST_CODE = 20;

/** Wordings that every service uses. */
export const FRAMES: readonly Template[] = Object.values(templateRules.frames).flat().map(templateOf);

/** Reads a template as the rules write it: `{brand}` once, `{code}` once, the rest literal. */
export function templateOf(written: string): Template {
  const [left = '', right, ...more] = written.split('{brand}');
  if (right === undefined || more.length > 0 || written.split('{code}').length !== 2) {
    throw new Error(`The template "${written}" must have {brand} once and {code} once.`);
  }
  return { before: piecesOf(left).reverse(), after: piecesOf(right) };
}

/** Whether a template fits around a brand. Looks no further than the template is long. */
export function fitsTemplate(shadow: Shadow, brand: Span, { before, after }: Template): boolean {
  return fitsAfter(shadow, brand.end, after) && fitsBefore(shadow, brand.start, before);
}

function piecesOf(part: string): (string | null)[] {
  const pieces = part.split('{code}').map(foldKeyword);
  return pieces.flatMap((piece, i): (string | null)[] => [...(i > 0 ? [null] : []), ...(piece === '' ? [] : [piece])]);
}

function fitsAfter({ text, search }: Shadow, from: number, pieces: readonly (string | null)[]): boolean {
  let at = from;
  for (const piece of pieces) {
    if (piece !== null) {
      if (!search.startsWith(piece, at)) return false;
      at += piece.length;
      continue;
    }
    CODE_AHEAD.lastIndex = at;
    const code = CODE_AHEAD.exec(text);
    if (code === null) return false;
    at += code[0].length;
  }
  return true;
}

function fitsBefore({ text, search }: Shadow, until: number, pieces: readonly (string | null)[]): boolean {
  let at = until;
  for (const piece of pieces) {
    if (piece !== null) {
      if (!search.endsWith(piece, at)) return false;
      at -= piece.length;
      continue;
    }
    const code = CODE_BEHIND.exec(text.slice(Math.max(0, at - LONGEST_CODE), at));
    if (code === null) return false;
    at -= code[0].length;
  }
  return true;
}
