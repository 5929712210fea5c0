/** A message in the form the rules read it, with the way back to what was printed. */
export interface Shadow {
  /** The message as received. */
  original: string;
  /**
   * Digits of all scripts as ASCII, compatibility forms folded, dashes as `-`, odd spaces as a space, invisible characters gone. Letter case
   * kept: codes are taken from here.
   */
  text: string;
  /** `text` for searching words, place by place: lower case, without diacritics. Same length as `text`. */
  search: string;
  /** For each place in `text` the place in `original` it came from. */
  origin: readonly number[];
}

/** Nothing past this many UTF-16 units of a message is looked at. */
export const LONGEST_TEXT = 2000;

const DASHES = /[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]/;
/** Format characters, and the marks and variation selectors that only dress the character before them. */
const isInvisible = (character: string) =>
  /\p{Cf}/u.test(character) || (character >= '\u0300' && character <= '\u036F') || (character >= '\uFE00' && character <= '\uFE0F');

/** Letters that do not decompose, or that a reader takes for one another. */
const LOOKALIKES: ReadonlyMap<string, string> = new Map([
  ['ı', 'i'],
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['ß', 's'],
  ['ς', 'σ'],
  // Arabic yeh and kaf, which keyboards exchange with the Persian ones.
  ['ي', 'ی'],
  ['ى', 'ی'],
  ['ك', 'ک'],
  ['’', "'"],
  ['‘', "'"],
  ['`', "'"],
  ['´', "'"],
]);

/** The shadow of a message; whatever is longer than `LONGEST_TEXT` is cut off. */
export function shadowOf(original: string): Shadow {
  let text = '';
  const origin: number[] = [];
  let at = 0;
  for (const character of original.slice(0, LONGEST_TEXT)) {
    const plain = plainForm(character);
    for (let i = 0; i < plain.length; i++) origin.push(at);
    text += plain;
    at += character.length;
  }
  return { original, text, search: foldText(text), origin };
}

/** A keyword or name in the form it is searched in. */
export function foldKeyword(phrase: string): string {
  return shadowOf(phrase).search;
}

/** What stands in the original for the places from `start` to before `end` of the shadow. */
export function printed(shadow: Shadow, start: number, end: number): string {
  const from = shadow.origin[start] ?? shadow.original.length;
  const last = shadow.origin[end - 1] ?? from;
  const width = (shadow.original.codePointAt(last) ?? 0) > 0xffff ? 2 : 1;
  return end > start ? shadow.original.slice(from, last + width) : '';
}

function plainForm(character: string): string {
  if (character >= ' ' && character <= '~') return character;
  if (character === '\n') return character;
  if (character === '\r') return '';
  if (DASHES.test(character)) return '-';
  if (isInvisible(character)) return '';
  if (/\p{Nd}/u.test(character)) return asciiDigit(character);
  if (/[\s\p{Zs}]/u.test(character)) return /[\u2028\u2029\u0085\v\f]/.test(character) ? '\n' : ' ';
  return character.normalize('NFKC');
}

/** Decimal digits stand in runs of ten in Unicode, zero first, so the value follows from the place in the run. */
function asciiDigit(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  let zero = point;
  while (zero > point - 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  // Mathematical digits are five runs side by side, told apart by counting from the first.
  const value = point >= 0x1d7ce && point <= 0x1d7ff ? (point - 0x1d7ce) % 10 : point - zero;
  return String(value % 10);
}

function foldText(text: string): string {
  let folded = '';
  for (let i = 0; i < text.length; i++) folded += foldUnit(text.charAt(i));
  return folded;
}

function foldUnit(unit: string): string {
  if (unit <= '~') return unit.toLowerCase();
  const [base = unit, ...marks] = unit.normalize('NFD');
  const letter = marks.length > 0 && marks.every((mark) => mark >= '\u0300' && mark <= '\u036F') ? base : unit;
  const lower = letter.toLowerCase();
  const single = lower.length === 1 ? lower : letter;
  return LOOKALIKES.get(single) ?? single;
}
