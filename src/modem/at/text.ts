const UCS2_UNIT = 4;
const UCS2_HEX = /^([0-9A-Fa-f]{4}){2,}$/;
/** Latin, Greek to Arabic, Indic to Georgian, punctuation and kana, Chinese, Korean, full width: where the names of carriers are written. */
const SCRIPTS = /^(00|0[1-7]|09|0[A-F]|10|1E|20|21|30|[4-9][0-9A-F]|A[C-F]|[BC][0-9A-F]|D[0-7]|F[EF])/i;
/** A run of decimal digits is a number unless all of it lies in these two. */
const LATIN_OR_CYRILLIC = /^0[04]/;
const CONTROL = /[\p{Cc}\p{Cn}]/u;

/**
 * A text of an answer as a person reads it. A modem left in the character set UCS2 (AT+CSCS, TS 27.007 5.5) gives texts as hex, four digits a
 * character; such a text is decoded, any other is given back as it is. Four digits alone, and numbers, are taken for what they are.
 */
export function readableText(text: string): string {
  if (!UCS2_HEX.test(text)) return text;
  const units = text.match(/.{4}/g) ?? [];
  const allowed = /^\d+$/.test(text) ? LATIN_OR_CYRILLIC : SCRIPTS;
  const decoded = String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16)));
  return units.every((unit) => allowed.test(unit)) && !CONTROL.test(decoded) ? decoded : text;
}

/** `text` as a modem in the character set UCS2 wants it: four hex digits a UTF-16 unit. */
export function asUcs2Hex(text: string): string {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).toUpperCase().padStart(UCS2_UNIT, '0')).join('');
}
