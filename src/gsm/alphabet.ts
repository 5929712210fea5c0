import { lockingTable, singleShiftTable } from './national.ts';

/** The escape to the extension table (TS 23.038 6.2.1). */
export const ESCAPE = 0x1b;

/** Which national tables a message uses (TS 23.038 6.2.1.2.4): 0 is the default, 1 Turkish … 13 Urdu. */
export interface Language {
  locking: number;
  single: number;
}

export const DEFAULT_LANGUAGE: Language = { locking: 0, single: 0 };

/**
 * Septets as text. An escape takes the next septet from the extension (or national single shift) table; where that has nothing, the
 * character of the base (or locking) table is shown; two escapes are a space; an escape at the very end is nothing. Unknown language
 * numbers mean the default tables.
 */
export function decodeSeptets(septets: Uint8Array, language: Language = DEFAULT_LANGUAGE): string {
  const base = lockingTable(language.locking);
  const extension = singleShiftTable(language.single);
  let text = '';
  for (let i = 0; i < septets.length; i++) {
    const septet = (septets[i] ?? 0) & 0x7f;
    if (septet !== ESCAPE) {
      text += base[septet];
      continue;
    }
    i += 1;
    const escaped = septets[i];
    if (escaped === undefined) break;
    text += escaped === ESCAPE ? ' ' : (extension.get(escaped) ?? base[escaped & 0x7f]);
  }
  return text;
}

interface Encoder {
  base: Map<string, number>;
  extension: Map<string, number>;
}

const encoders = new Map<string, Encoder>();

function encoderFor(language: Language): Encoder {
  const key = `${language.locking}/${language.single}`;
  const known = encoders.get(key);
  if (known) return known;
  const base = new Map<string, number>();
  lockingTable(language.locking).forEach((character, septet) => {
    // A gap in a national table is shown as a space; only septet 0x20 writes one.
    if (septet !== ESCAPE && (character !== ' ' || septet === 0x20)) base.set(character, septet);
  });
  const extension = new Map<string, number>();
  for (const [septet, character] of singleShiftTable(language.single)) if (!extension.has(character)) extension.set(character, septet);
  const made = { base, extension };
  encoders.set(key, made);
  return made;
}

/**
 * Text as runs of septets, one run a character (two septets for an escaped one) so that a splitter never cuts inside a character.
 * Null when a character is in neither table.
 */
export function encodeSeptets(text: string, language: Language = DEFAULT_LANGUAGE): number[][] | null {
  const { base, extension } = encoderFor(language);
  const runs: number[][] = [];
  for (const character of text) {
    const plain = base.get(character);
    const escaped = extension.get(character);
    if (plain !== undefined) runs.push([plain]);
    else if (escaped !== undefined) runs.push([ESCAPE, escaped]);
    else return null;
  }
  return runs;
}
