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

const DASHES = /[\u05BE\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]/;
/**
 * Format characters, and the marks that only dress the character before them: Latin accents, Hebrew points, Arabic vowels and its lengthening stroke,
 * variation selectors, and the frame of a keycap.
 */
const MARKS: readonly (readonly [first: number, last: number])[] = [
  [0x0300, 0x036f],
  [0x0591, 0x05bd],
  [0x05bf, 0x05bf],
  [0x05c1, 0x05c2],
  [0x05c4, 0x05c5],
  [0x05c7, 0x05c7],
  [0x0640, 0x0640],
  [0x064b, 0x065f],
  [0x0670, 0x0670],
  [0x20e3, 0x20e3],
  [0xfe00, 0xfe0f],
];
const isInvisible = (character: string) => {
  const point = character.codePointAt(0) ?? 0;
  return /\p{Cf}/u.test(character) || MARKS.some(([first, last]) => point >= first && point <= last);
};

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
  ['ڪ', 'ک'],
  ['ے', 'ی'],
  ['ې', 'ی'],
  // Alef with and without its hamza, and the many forms of a final h.
  ['أ', 'ا'],
  ['إ', 'ا'],
  ['آ', 'ا'],
  ['ٱ', 'ا'],
  ['ة', 'ه'],
  ['ہ', 'ه'],
  ['ھ', 'ه'],
  ['ە', 'ه'],
  ['ۀ', 'ه'],
  ['ۂ', 'ه'],
  ['ə', 'e'],
  ['ð', 'd'],
  ['þ', 't'],
  ['æ', 'e'],
  ['ħ', 'h'],
  ['ɗ', 'd'],
  ['ɓ', 'b'],
  ['ƙ', 'k'],
  ['ƴ', 'y'],
  ['ʻ', "'"],
  ['ʼ', "'"],
  ['’', "'"],
  ['‘', "'"],
  ['`', "'"],
  ['´', "'"],
]);

/** The shadow of a message; whatever is longer than `LONGEST_TEXT` is cut off. */
export function shadowOf(original: string): Shadow {
  const read = original.slice(0, LONGEST_TEXT);
  if (!BEYOND_ASCII.test(read)) return { original, text: read, search: read.toLowerCase(), origin: PLACES.slice(0, read.length) };
  let text = '';
  // What stays as it is, is copied by the run.
  let copied = 0;
  const origin: number[] = [];
  for (let at = 0; at < read.length; ) {
    const unit = read.charCodeAt(at);
    if (stays(unit)) {
      origin.push(at);
      at += 1;
      continue;
    }
    const character = String.fromCodePoint(read.codePointAt(at) ?? unit);
    const plain = remembered(PLAIN, character, plainForm);
    for (let i = 0; i < plain.length; i++) origin.push(at);
    text += read.slice(copied, at) + plain;
    at += character.length;
    copied = at;
  }
  text += read.slice(copied);
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
  if (!BEYOND_ASCII.test(text)) return text.toLowerCase();
  let folded = '';
  for (let from = 0; from < text.length; from += FOLDED_AT_ONCE) {
    const units: number[] = [];
    for (let at = from; at < text.length && at < from + FOLDED_AT_ONCE; at++) units.push(foldedUnit(text.charCodeAt(at)));
    folded += String.fromCharCode.apply(null, units);
  }
  return folded;
}

/** Whether a UTF-16 unit is a character that the shadow keeps as it is. */
function stays(unit: number): boolean {
  const known = STAYS[unit];
  if (known !== undefined && known !== UNKNOWN) return known === STAYING;
  const character = String.fromCharCode(unit);
  const isHalf = unit >= 0xd800 && unit <= 0xdfff;
  const found = !isHalf && plainForm(character) === character;
  STAYS[unit] = found ? STAYING : CHANGING;
  return found;
}

/** What `foldUnit` makes of a unit: again a single one. ASCII only loses its capitals. */
function foldedUnit(unit: number): number {
  if (unit <= LAST_ASCII) return unit >= CAPITAL_A && unit <= CAPITAL_Z ? unit + TO_SMALL : unit;
  const known = FOLDED[unit];
  if (known !== undefined && known !== UNKNOWN) return known;
  const found = foldUnit(String.fromCharCode(unit)).charCodeAt(0);
  FOLDED[unit] = found;
  return found;
}

/** What a character becomes never changes, and working it out costs more than looking it up: found out when it is first met. */
const [UNKNOWN, STAYING, CHANGING] = [0, 1, 2];
const STAYS = new Uint8Array(0x10000);
const FOLDED = new Uint16Array(0x10000);
/** At most one entry for each character. */
const PLAIN = new Map<string, string>();

/** `~`, and the capitals with their distance to the small letters. */
const [LAST_ASCII, CAPITAL_A, CAPITAL_Z, TO_SMALL] = [0x7e, 0x41, 0x5a, 0x20];
const BEYOND_ASCII = /[^ -~\n]/;
const PLACES: readonly number[] = Array.from({ length: LONGEST_TEXT }, (_, at) => at);
/** A call takes only so many arguments. */
const FOLDED_AT_ONCE = 4096;

function remembered(known: Map<string, string>, character: string, form: (character: string) => string): string {
  const before = known.get(character);
  if (before !== undefined) return before;
  const found = form(character);
  known.set(character, found);
  return found;
}

function foldUnit(unit: string): string {
  const [base = unit, ...marks] = unit.normalize('NFD');
  const letter = marks.length > 0 && marks.every((mark) => mark >= '\u0300' && mark <= '\u036F') ? base : unit;
  const lower = letter.toLowerCase();
  const single = lower.length === 1 ? lower : letter;
  return LOOKALIKES.get(single) ?? single;
}
