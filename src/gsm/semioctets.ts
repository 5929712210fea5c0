/** Digits of an address in semi-octets (TS 23.040 9.1.2.3): 10 to 14 stand for these; 15 is filler. */
const DIGITS = '0123456789*#abc';
const FILLER = 0x0f;

/**
 * The first `count` semi-octets as digits, low nibble first; the nibble past an odd count is not looked at. A filler before the end is
 * passed over and reported.
 */
export function decodeDigits(octets: Uint8Array, count: number): { digits: string; fillerInside: boolean } {
  let digits = '';
  let fillerInside = false;
  for (let i = 0; i < count; i++) {
    const octet = octets[i >> 1];
    if (octet === undefined) break;
    const nibble = i % 2 === 0 ? octet & 0x0f : octet >> 4;
    if (nibble === FILLER) fillerInside = true;
    else digits += DIGITS.charAt(nibble);
  }
  return { digits, fillerInside };
}

/** Digits as swapped semi-octets, an odd count closed with the filler F. Null when a character is no digit of an address. */
export function encodeDigits(digits: string): Uint8Array | null {
  const octets = new Uint8Array(Math.ceil(digits.length / 2)).fill(FILLER << 4);
  for (let i = 0; i < digits.length; i++) {
    const value = DIGITS.indexOf(digits.charAt(i));
    if (value < 0) return null;
    const at = i >> 1;
    octets[at] = i % 2 === 0 ? (FILLER << 4) | value : ((octets[at] ?? 0) & 0x0f) | (value << 4);
  }
  return octets;
}

/** Two swapped BCD digits as a number, or null when a nibble is above 9. */
export function decodeBcd(octet: number): number | null {
  const tens = octet & 0x0f;
  const units = octet >> 4;
  return tens > 9 || units > 9 ? null : tens * 10 + units;
}

/** A number 0 to 99 as two swapped BCD digits in one octet. */
export function encodeBcd(value: number): number {
  return ((value % 10) << 4) | Math.floor(value / 10);
}
