import { decodeSeptets, encodeSeptets } from '../../gsm/alphabet.ts';
import { parseHex, toHex } from '../../gsm/octets.ts';
import { packSeptets, unpackSeptets } from '../../gsm/septets.ts';

const CR = 0x0d;
const HEX = /^([0-9A-Fa-f]{2})+$/;
/** Nothing but digits may be a number in plain text as well as hex. */
const DIGITS = /^\d+$/;
const ASCII = /^[\r\n\x20-\x7e]*$/;

/** A code as 7-bit packed hex, filled with CR where seven bits would be left (TS 23.038 6.1.2.3.1). Null for text outside of the alphabet. */
export function packUssd(text: string): string | null {
  const septets = encodeSeptets(text)?.flat();
  if (septets === undefined) return null;
  return toHex(packSeptets(Uint8Array.from(septets.length % 8 === 7 ? [...septets, CR] : septets)));
}

/**
 * The text of a +CUSD answer. Modems write it plainly, or in hex: the octets of the network (packed septets or UCS2, as the data coding scheme
 * says, TS 23.038 5), one octet a character, or UCS2 whatever the scheme says. `packed`: the modem took our code as packed hex, so what looks
 * like hex is.
 */
export function decodeUssd(text: string, dcs: number | null, packed: boolean): string {
  const compact = text.replace(/[\r\n]/g, '');
  const alphabet = alphabetOf(dcs);
  if (!HEX.test(compact) || (DIGITS.test(compact) && !packed && alphabet.name !== 'ucs2')) return text.trim();
  const { octets } = parseHex(compact);
  if (alphabet.name === 'ucs2') return octets.length < 2 ? text.trim() : ucs2(octets.subarray(alphabet.language ? 2 : 0));
  if (looksUcs2(octets)) return ucs2(octets);
  const bytes = Buffer.from(octets).toString('latin1');
  if (alphabet.name === '8bit' || ASCII.test(bytes)) return bytes.trim();
  return septets(octets);
}

/** The alphabet of a USSD string, and whether a language stands before the text (the coding of cell broadcasts, TS 23.038 5). */
function alphabetOf(dcs: number | null): { name: 'gsm7' | '8bit' | 'ucs2'; language: boolean } {
  const group = (dcs ?? 0x0f) >> 4;
  if (dcs === null || group === 0) return { name: 'gsm7', language: false };
  if (group === 1) return { name: dcs === 0x11 ? 'ucs2' : 'gsm7', language: dcs === 0x11 };
  if (group >= 4 && group <= 7) return { name: (['gsm7', '8bit', 'ucs2', 'gsm7'] as const)[(dcs >> 2) & 3] ?? 'gsm7', language: false };
  if (group === 9) return { name: (['gsm7', '8bit', 'ucs2', 'gsm7'] as const)[(dcs >> 2) & 3] ?? 'gsm7', language: false };
  return { name: group === 15 && (dcs & 4) !== 0 ? '8bit' : 'gsm7', language: false };
}

/** Two octets a character, and the first of most of them nothing: no packed text of letters and digits looks so. */
function looksUcs2(octets: Uint8Array): boolean {
  if (octets.length % 2 === 1 || octets.length < 4) return false;
  const zeros = octets.filter((octet, at) => at % 2 === 0 && octet === 0).length;
  return zeros * 4 >= octets.length;
}

function ucs2(octets: Uint8Array): string {
  const even = octets.subarray(0, octets.length - (octets.length % 2));
  return new TextDecoder('utf-16be')
    .decode(even)
    .replace(/^\ufeff/, '')
    .trim();
}

/** Eight septets in seven octets: the last may be filling, CR by the standard and zero (`@`) with some. */
function septets(octets: Uint8Array): string {
  const all = unpackSeptets(octets, Math.floor((octets.length * 8) / 7));
  const text = decodeSeptets(all);
  return (octets.length % 7 === 0 ? text.replace(/@$/, '') : text).trim();
}
