import type { RandomBytes } from '../lib/ids.ts';

/** Crockford's base 32: no I, L, O, U, so a code survives being read out and typed from paper. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 75 bits of chance: nobody finds one by trying, and its SHA-256 is safe to keep. */
const BODY_CHARACTERS = 15;
const CODE_CHARACTERS = BODY_CHARACTERS + 1;
const GROUP_CHARACTERS = 4;
/** Crockford's check symbol is the number modulo 37, a prime: it betrays every single wrong character and every two neighbours swapped. */
const CHECK_MODULUS = 37;
/** What somebody may paste around a code; longer than that is none. */
const TYPED_CHARACTERS_MAX = 64;
const LAST_CHARACTERS = 4;

/**
 * A new voucher code of 16 characters, the last of them its check digit. Crockford writes checks from 32 to 36 with signs that are hard to type
 * (`*~$=U`): bodies with such a check are drawn again.
 */
export function newVoucherCode(random: RandomBytes): string {
  for (;;) {
    const body = Array.from(random(BODY_CHARACTERS), (octet) => ALPHABET.charAt(octet & 31)).join('');
    const check = ALPHABET.charAt(remainderOf(body));
    if (check !== '') return body + check;
  }
}

/**
 * The code somebody typed, or null when it is none. Hyphens, dashes, dots and spaces are left out, small letters taken as capitals, and look-alikes read
 * as Crockford says: I and L as 1, O as 0.
 */
export function parseVoucherCode(typed: string): string | null {
  if (typed.length > TYPED_CHARACTERS_MAX) return null;
  const code = typed
    .toUpperCase()
    .replace(/[\s.\u00ad\u2010-\u2015\u2212_-]/g, '')
    .replace(/[IL]/g, '1')
    .replaceAll('O', '0');
  if (code.length !== CODE_CHARACTERS || [...code].some((one) => !ALPHABET.includes(one))) return null;
  const check = ALPHABET.charAt(remainderOf(code.slice(0, BODY_CHARACTERS)));
  return check === code.at(-1) ? code : null;
}

/** A code as it is printed: `7K3M-P2QX-9TBA-4WZ6`. */
export function printedCode(code: string): string {
  return (code.match(new RegExp(`.{1,${GROUP_CHARACTERS}}`, 'g')) ?? []).join('-');
}

/** What stays readable of a code, to tell vouchers apart. */
export function endOfCode(code: string): string {
  return code.slice(-LAST_CHARACTERS);
}

function remainderOf(body: string): number {
  let remainder = 0;
  for (const character of body) remainder = (remainder * 32 + ALPHABET.indexOf(character)) % CHECK_MODULUS;
  return remainder;
}
