import { foldKeyword, type Shadow } from './normalise.ts';
import type { Span } from './phrases.ts';

/** What must stand without a gap, in reading order; a null is the code. */
type Segment = readonly (string | null)[];

/** A wording with one code and at most one brand in it, cut at its `{any}`s and around the brand. */
export interface Template {
  brand: boolean;
  /** Segments before the one with the brand. */
  leading: readonly Segment[];
  /** What must stand before the brand, from the brand outward, and after it. */
  before: Segment;
  after: Segment;
  /** Segments after the one with the brand; all of them where there is none. */
  trailing: readonly Segment[];
  /** The longest literal of it: a text without that need not be looked at closer. */
  longest: string;
}

/** What a code may look like in a template, besides the usual forms. */
export interface TemplateCode {
  shortest: number;
  longest: number;
  alphabet: 'digits' | 'alnum' | 'letters';
}

/** How codes are printed: digits, also in groups, with letters and a hyphen before, or capitals and digits mixed. */
const CODE_AHEAD = /(?:[A-Za-z]{1,3}-\d{4,8}|\d(?:[ -]?\d){3,9}|(?=[A-Z]*\d)[A-Z0-9]{4,10})(?![A-Za-z0-9])/y;
const CODE_BEHIND = /(?<![A-Za-z0-9])(?:[A-Za-z]{1,3}-\d{4,8}|\d(?:[ -]?\d){3,9}|(?=[A-Z]*\d)[A-Z0-9]{4,10})$/;
const LONGEST_CODE = 20;
/** A word with hyphens in it, which is then measured by the form the service's codes have. */
const WORD_AHEAD = /[A-Za-z0-9]{1,20}(?:-[A-Za-z0-9]{1,20}){0,4}(?![A-Za-z0-9])/y;
const WORD_BEHIND = /(?<![A-Za-z0-9])[A-Za-z0-9]{1,20}(?:-[A-Za-z0-9]{1,20}){0,4}$/;
const LONGEST_WORD = 40;
const ALPHABETS = { digits: /^\d+$/, alnum: /^[A-Za-z0-9]+$/, letters: /^[A-Za-z]+$/ } as const;

/** Places of one text that are tried before it counts as made to be slow; an ordinary text has a few of them for each template. */
export const MOST_TRIES = 10_000;
const SPENT = new WeakMap<Shadow, { tries: number }>();

/** How many places of a text have been tried so far, for all templates together. */
export function triesOf(shadow: Shadow): number {
  return SPENT.get(shadow)?.tries ?? 0;
}

/**
 * Reads a template as the rules write it: `{code}` once, `{brand}` (a name of the service) at most once, `{any}` for any stretch, `{line}` for a line
 * break, the rest literal. Throws when it is none; codes/check.ts says so kindly.
 */
export function templateOf(written: string): Template {
  const segments = written.split('{any}');
  if (written.split('{code}').length !== 2 || written.split('{brand}').length > 2) {
    throw new Error(`The template "${written}" must have {code} once and {brand} at most once.`);
  }
  const at = segments.findIndex((segment) => segment.includes('{brand}'));
  const [left = '', right = ''] = at < 0 ? [] : (segments[at]?.split('{brand}') ?? []);
  const pieces = (some: readonly string[]) => some.map(piecesOf).filter((segment) => segment.length > 0);
  return {
    brand: at >= 0,
    leading: pieces(segments.slice(0, Math.max(0, at))),
    before: piecesOf(left).reverse(),
    after: piecesOf(right),
    trailing: pieces(segments.slice(at + 1)),
    longest: longestOf(written),
  };
}

/**
 * Where the code stands when a template fits around a brand (null for one that has none), or null. Each segment is looked for once, leftmost, and each
 * piece has one way to fit, so nothing is tried twice: linear in the text times the length of the template. All templates together get MOST_TRIES of a
 * text; beyond them none fits, and the text is weighed as any.
 */
export function fitTemplate(shadow: Shadow, brand: Span | null, template: Template, shape: TemplateCode | null): Span | null {
  let code: Span | null = null;
  let [from, until] = [0, shadow.text.length];
  let end = 0;
  if (template.brand) {
    if (brand === null) return null;
    const after = fitAhead(shadow, brand.end, template.after, shape);
    const before = after && fitBehind(shadow, brand.start, template.before, shape);
    if (!before) return null;
    code = before.code ?? after.code;
    until = before.at;
    end = after.at;
  }
  for (const segment of template.leading) {
    const fit = findSegment(shadow, from, until, segment, shape);
    if (!fit) return null;
    from = fit.at;
    code ??= fit.code;
  }
  for (const segment of template.trailing) {
    const fit = findSegment(shadow, end, shadow.text.length, segment, shape);
    if (!fit) return null;
    end = fit.at;
    code ??= fit.code;
  }
  return code;
}

function longestOf(written: string): string {
  const literals = written.split(/\{(?:any|brand|code)\}/).flatMap((part) => piecesOf(part).filter((piece) => piece !== null));
  return literals.sort((a, b) => b.length - a.length)[0] ?? '';
}

function piecesOf(part: string): (string | null)[] {
  const pieces = part.split('{code}').map((piece) => piece.split('{line}').map(foldKeyword).join('\n'));
  return pieces.flatMap((piece, i): (string | null)[] => [...(i > 0 ? [null] : []), ...(piece === '' ? [] : [piece])]);
}

/** Where a fit ends (or, looking back, begins), and the code in it. */
interface Fit {
  at: number;
  code: Span | null;
}

/** The leftmost place from `from` where a segment stands and ends no later than `until`. */
function findSegment(shadow: Shadow, from: number, until: number, segment: Segment, shape: TemplateCode | null): Fit | null {
  const [first] = segment;
  const spent = SPENT.get(shadow) ?? { tries: 0 };
  SPENT.set(shadow, spent);
  for (let at = from; at < until; at++) {
    if (spent.tries >= MOST_TRIES) return null;
    spent.tries += 1;
    if (typeof first === 'string') {
      at = shadow.search.indexOf(first, at);
      if (at < 0 || at >= until) return null;
    } else if (/[A-Za-z0-9]/.test(shadow.text.charAt(at - 1)) || !/[A-Za-z0-9]/.test(shadow.text.charAt(at))) continue;
    const fit = fitAhead(shadow, at, segment, shape);
    if (fit && fit.at <= until) return fit;
  }
  return null;
}

function fitAhead({ text, search }: Shadow, from: number, pieces: Segment, shape: TemplateCode | null): Fit | null {
  let at = from;
  let code: Span | null = null;
  for (const piece of pieces) {
    if (piece !== null) {
      if (!search.startsWith(piece, at)) return null;
      at += piece.length;
      continue;
    }
    const found = codeAhead(text, at, CODE_AHEAD) ?? (shape && shaped(codeAhead(text, at, WORD_AHEAD), shape));
    if (found === null) return null;
    code = { start: at, end: at + found.length };
    at = code.end;
  }
  return { at, code };
}

function fitBehind({ text, search }: Shadow, until: number, pieces: Segment, shape: TemplateCode | null): Fit | null {
  let at = until;
  let code: Span | null = null;
  for (const piece of pieces) {
    if (piece !== null) {
      if (!search.endsWith(piece, at)) return null;
      at -= piece.length;
      continue;
    }
    const behind = (longest: number, form: RegExp) => form.exec(text.slice(Math.max(0, at - longest), at))?.[0] ?? null;
    const found = behind(LONGEST_CODE, CODE_BEHIND) ?? (shape && shaped(behind(LONGEST_WORD, WORD_BEHIND), shape));
    if (found === null) return null;
    code = { start: at - found.length, end: at };
    at = code.start;
  }
  return { at, code };
}

function codeAhead(text: string, at: number, form: RegExp): string | null {
  form.lastIndex = at;
  return form.exec(text)?.[0] ?? null;
}

/** The word when it has the form of the service's codes. */
function shaped(word: string | null, { shortest, longest, alphabet }: TemplateCode): string | null {
  const bare = word?.replaceAll('-', '') ?? '';
  return bare.length >= shortest && bare.length <= longest && ALPHABETS[alphabet].test(bare) ? word : null;
}
