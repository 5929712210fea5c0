/** What a spreadsheet may take for the beginning of a formula where a cell begins (OWASP, CSV Injection), full-width forms included. */
const RISKY = '=+\\-@＝＋－＠';
/** Also at the start of a line or after a semicolon or tab inside a cell: read with another separator than the comma, a new cell begins there. */
const RISKY_INSIDE = new RegExp(`([;\\t\\r\\n])(?=[${RISKY}'])`, 'g');
const RISKY_FIRST = new RegExp(`^[${RISKY}'\\t\\r\\n]`);
/** A number is no formula, and an E.164 number with an apostrophe could be used nowhere. */
const PLAIN_NUMBER = /^[+-]\d{1,20}$/;
const QUOTED = /[",;\t\r\n]|^ | $/;

/**
 * A text that no spreadsheet calculates: an apostrophe is put before `=`, `+`, `-`, `@`, tab and line end where a cell begins. The apostrophe itself is doubled
 * there, so that `plainText` gives back exactly what it was.
 */
export function defused(text: string): string {
  if (text === '' || PLAIN_NUMBER.test(text)) return text;
  const inside = text.replace(RISKY_INSIDE, "$1'");
  return RISKY_FIRST.test(text) ? `'${inside}` : inside;
}

/** The text that was defused: one apostrophe less wherever a cell could begin. */
export function plainText(cell: string): string {
  return cell.replace(/(^|[;\t\r\n])'/g, '$1');
}

/** One field of RFC 4180: null is empty, text is defused and quoted where it must be. NUL, at which many readers stop, is shown as U+2400. */
export function csvField(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = defused(value.includes('\0') ? value.replaceAll('\0', '\u2400') : value);
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One record with its line end (RFC 4180 2.1). */
export function csvRecord(values: readonly (string | number | null)[]): string {
  let line = '';
  for (let i = 0; i < values.length; i++) line += (i === 0 ? '' : ',') + csvField(values[i] ?? null);
  return `${line}\r\n`;
}
