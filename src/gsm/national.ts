/**
 * The tables of TS 23.038: the default alphabet (6.2.1), its extension (6.2.1.1), and the national language tables of annex A.
 * A blank stands for an unassigned place.
 */

const CR = '\r';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const MIDDLE = (currency: string) => ` !"#${currency}%&'()*+,-./0123456789:;<=>?`;

const DEFAULT_TABLE = `@£$¥èéùìòÇ\nØø${CR}ÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ${MIDDLE('¤')}¡${UPPER}ÄÖÑÜ§¿${LOWER}äöñüà`;
const TURKISH = `@£$¥€éùıòÇ\nĞğ${CR}ÅåΔ_ΦΓΛΩΠΨΣΘΞ ŞşßÉ${MIDDLE('¤')}İ${UPPER}ÄÖÑÜ§ç${LOWER}äöñüà`;
const PORTUGUESE = `@£$¥êéúíóç\nÔô${CR}ÁáΔ_ªÇÀ∞^\\€Ó| ÂâÊÉ${MIDDLE('º')}Í${UPPER}ÃÕÚÜ§~${LOWER}ãõ\`üà`;
const URDU =
  `اآبٻڀپڦتۂٿ\nٹٽ${CR}ٺټثجځڄڃڅچڇحخد ڌڈډڊ !ڏڍذرڑړ)(ڙز,ږ.ژ0123456789:;ښسش?صضطظعفقکڪګگڳڱلمنںڻڼوۄەہھءیېے` +
  `\u064D\u0650\u064F\u0657\u0654${LOWER}\u0655\u0651\u0653\u0656\u0670`;

/**
 * An Indic locking table. The scripts share one plan: the block's letters stand in code point order in the places that the common
 * characters leave free, so a table is its block, the offsets the script lacks, and the six places that differ from the plan.
 */
interface IndicTable {
  block: number;
  /** Offsets in the block that have no character in this table. */
  lacking: readonly number[];
  /** Offsets for the places 0x60 and 0x7B to 0x7F. */
  special: readonly [number, number, number, number, number, number];
}

/** In place order: block offsets as a range, or literal characters; `special` slots take the table's own. */
const INDIC_PLAN: readonly (readonly [from: number, to: number] | string)[] = [
  [0x01, 0x03],
  [0x05, 0x0b],
  '\n',
  [0x0c, 0x0d],
  CR,
  [0x0e, 0x1a],
  ' ',
  [0x1b, 0x1e],
  ' !',
  [0x1f, 0x24],
  ')(',
  [0x25, 0x26],
  ',',
  [0x27, 0x27],
  '.',
  [0x28, 0x28],
  '0123456789:;',
  [0x29, 0x2b],
  '?',
  [0x2c, 0x39],
  [0x3c, 0x4d],
];

const INDIC: Readonly<Record<number, IndicTable>> = {
  4: {
    block: 0x0980,
    lacking: [0x0d, 0x0e, 0x11, 0x12, 0x29, 0x31, 0x33, 0x34, 0x35, 0x45, 0x46, 0x49, 0x4a],
    special: [0x4e, 0x57, 0x5c, 0x5d, 0x70, 0x71],
  },
  5: { block: 0x0a80, lacking: [0x0e, 0x12, 0x29, 0x31, 0x34, 0x46, 0x4a], special: [0x50, 0x60, 0x61, 0x62, 0x63, 0x71] },
  6: { block: 0x0900, lacking: [], special: [0x50, 0x72, 0x7b, 0x7c, 0x7e, 0x7f] },
  7: { block: 0x0c80, lacking: [0x01, 0x0d, 0x11, 0x29, 0x34, 0x45, 0x49], special: [0x55, 0x56, 0x60, 0x61, 0x62, 0x63] },
  8: { block: 0x0d00, lacking: [0x01, 0x0d, 0x11, 0x29, 0x3c, 0x45, 0x49], special: [0x57, 0x60, 0x61, 0x62, 0x63, 0x79] },
  9: {
    block: 0x0b00,
    lacking: [0x0d, 0x0e, 0x11, 0x12, 0x29, 0x31, 0x34, 0x45, 0x46, 0x49, 0x4a],
    special: [0x56, 0x57, 0x60, 0x61, 0x62, 0x63],
  },
  10: {
    block: 0x0a00,
    lacking: [0x0b, 0x0c, 0x0d, 0x0e, 0x11, 0x12, 0x29, 0x31, 0x34, 0x37, 0x3d, 0x43, 0x44, 0x45, 0x46, 0x49, 0x4a],
    special: [0x51, 0x70, 0x71, 0x72, 0x73, 0x74],
  },
  11: {
    block: 0x0b80,
    lacking: [
      0x01, 0x0b, 0x0c, 0x0d, 0x11, 0x16, 0x17, 0x18, 0x1b, 0x1d, 0x20, 0x21, 0x22, 0x25, 0x26, 0x27, 0x2b, 0x2c, 0x2d, 0x3c, 0x3d, 0x43,
      0x44, 0x45, 0x49,
    ],
    special: [0x50, 0x57, 0x70, 0x71, 0x72, 0x79],
  },
  12: { block: 0x0c00, lacking: [0x0d, 0x11, 0x29, 0x34, 0x3c, 0x45, 0x49], special: [0x55, 0x56, 0x60, 0x61, 0x62, 0x63] },
};

function indicTable(table: IndicTable): string {
  const letter = (offset: number) => (table.lacking.includes(offset) ? ' ' : String.fromCharCode(table.block + offset));
  const places = INDIC_PLAN.map((piece) => {
    if (typeof piece === 'string') return piece;
    return Array.from({ length: piece[1] - piece[0] + 1 }, (_, i) => letter(piece[0] + i)).join('');
  });
  const [first, ...last] = table.special.map((offset) => String.fromCharCode(table.block + offset));
  return `${places.join('')}${first}${LOWER}${last.join('')}`;
}

/** The extension of the default alphabet; the European national tables add to it. */
const EXTENSION: Readonly<Record<number, string>> = {
  0x0a: '\f',
  0x14: '^',
  0x28: '{',
  0x29: '}',
  0x2f: '\\',
  0x3c: '[',
  0x3d: '~',
  0x3e: ']',
  0x40: '|',
  0x65: '€',
};
const TURKISH_SINGLE = { 0x47: 'Ğ', 0x49: 'İ', 0x53: 'Ş', 0x63: 'ç', 0x67: 'ğ', 0x69: 'ı', 0x73: 'ş' };
const SPANISH_SINGLE = {
  0x09: 'ç',
  0x41: 'Á',
  0x49: 'Í',
  0x4f: 'Ó',
  0x55: 'Ú',
  0x61: 'á',
  0x69: 'í',
  0x6f: 'ó',
  0x75: 'ú',
};
const PORTUGUESE_SINGLE = {
  0x05: 'ê',
  0x09: 'ç',
  0x0b: 'Ô',
  0x0c: 'ô',
  0x0e: 'Á',
  0x0f: 'á',
  0x12: 'Φ',
  0x13: 'Γ',
  0x15: 'Ω',
  0x16: 'Π',
  0x17: 'Ψ',
  0x18: 'Σ',
  0x19: 'Θ',
  0x1f: 'Ê',
  0x41: 'À',
  0x49: 'Í',
  0x4f: 'Ó',
  0x55: 'Ú',
  0x5b: 'Ã',
  0x5c: 'Õ',
  0x61: 'Â',
  0x69: 'í',
  0x6f: 'ó',
  0x75: 'ú',
  0x7b: 'ã',
  0x7c: 'õ',
  0x7f: 'â',
};

const SOUTH_ASIAN_HEAD = `@£$¥¿"¤%&'\f*+ -/<=>¡^¡_#*`;
/** What differs between the South Asian single shift tables: the places 0x19 to 0x27, 0x2A to 0x2E, and 0x30 on. */
const SOUTH_ASIAN_SINGLE: Readonly<Record<number, readonly [digits: string, more: string, rest: string]>> = {
  4: ['০১ ২৩৪৫৬৭৮৯\u09DFৠৡৢ', 'ৣ৲৳৴৵', '৶৷৸৹৺'],
  5: ['।॥ ૦૧૨૩૪૫૬૭૮૯', '', ''],
  6: ['।॥ ०१२३४५६७८९\u0951\u0952', '\u0953\u0954\u0958\u0959\u095A', '\u095B\u095C\u095D\u095E\u095Fॠॡॢॣ॰ॱ'],
  7: ['।॥ ೦೧೨೩೪೫೬೭೮೯ೞೱ', 'ೲ', ''],
  8: ['।॥ ൦൧൨൩൪൫൬൭൮൯൰൱', '൲൳൴൵ൺ', 'ൻർൽൾൿ'],
  9: ['।॥ ୦୧୨୩୪୫୬୭୮୯\u0B5C\u0B5D', '\u0B5F୰ୱ', ''],
  10: ['।॥ ੦੧੨੩੪੫੬੭੮੯\u0A59\u0A5A', '\u0A5B\u0A5C\u0A5E\u0A75', ''],
  11: ['।॥ ௦௧௨௩௪௫௬௭௮௯௳௴', '௵௶௷௸௺', ''],
  12: ['   ౦౧౨౩౪౫౬౭౮౯ౘౙ', '౸౹౺౻౼', '౽౾౿'],
  13: ['\u0600\u0601 ۰۱۲۳۴۵۶۷۸۹،؍', '؎؏\u0610\u0611\u0612', '\u0613\u0614؛؟ـ\u0652\u0658٫٬ٲٳۍ'],
};

function southAsianSingle(language: number, parts: readonly [string, string, string]): string {
  const [digits, more, rest] = parts;
  const fullStop = language === 13 ? '۔' : ' ';
  const head = `${SOUTH_ASIAN_HEAD}${digits.padEnd(15)}{}${more.padEnd(5)}\\${rest.padEnd(12)}[~]${fullStop}|${UPPER}`;
  return `${head.padEnd(0x65)}€`;
}

function buildLocking(): ReadonlyMap<number, readonly string[]> {
  const tables = new Map<number, readonly string[]>([
    [1, [...TURKISH]],
    [3, [...PORTUGUESE]],
    [13, [...URDU]],
  ]);
  for (const [language, table] of Object.entries(INDIC)) tables.set(Number(language), [...indicTable(table)]);
  return tables;
}

function places(characters: Readonly<Record<number, string>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(characters).map(([place, character]) => [Number(place), character]));
}

function buildSingle(): ReadonlyMap<number, ReadonlyMap<number, string>> {
  const tables = new Map<number, ReadonlyMap<number, string>>([
    [1, places({ ...EXTENSION, ...TURKISH_SINGLE })],
    [2, places({ ...EXTENSION, ...SPANISH_SINGLE })],
    [3, places({ ...EXTENSION, ...PORTUGUESE_SINGLE })],
  ]);
  for (const [language, parts] of Object.entries(SOUTH_ASIAN_SINGLE)) {
    const all = [...southAsianSingle(Number(language), parts)].map((character, place): [number, string] => [place, character]);
    tables.set(Number(language), new Map(all.filter(([, character]) => character !== ' ')));
  }
  return tables;
}

const DEFAULT_LOCKING: readonly string[] = [...DEFAULT_TABLE];
const DEFAULT_SINGLE = places(EXTENSION);
const LOCKING = buildLocking();
const SINGLE = buildSingle();

/** The 128 characters of a base or national locking shift table; the default alphabet for a number without one (2 has none). */
export function lockingTable(language: number): readonly string[] {
  return LOCKING.get(language) ?? DEFAULT_LOCKING;
}

/** The assigned places of an extension or national single shift table; the default extension for an unknown number. */
export function singleShiftTable(language: number): ReadonlyMap<number, string> {
  return SINGLE.get(language) ?? DEFAULT_SINGLE;
}
