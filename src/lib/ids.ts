/** A source of random octets, as an argument: tests bring a seeded one. */
export type RandomBytes = (length: number) => Uint8Array;

export const systemRandom: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

/** Crockford's base 32 in lower case: no i, l, o, u, so an id survives being read out. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_CHARACTERS = 10;
const RANDOM_OCTETS = 10;

export type IdPrefix =
  | 'usr'
  | 'ord'
  | 'rnt'
  | 'msg'
  | 'evt'
  | 'key'
  | 'txn'
  | 'req'
  | 'whk'
  | 'exp'
  | 'tkt'
  | 'vbt'
  | 'vch'
  | 'pay'
  | 'out'
  | 'chg'
  | 'sch'
  | 'shr'
  | 'mnt'
  | 'inc'
  | 'sub'
  | 'alm'
  | 'wai';

/**
 * A new id such as `ord_01kbq3w5ks0v9d…`: 10 characters of milliseconds, 16 of chance. Ids made later sort later (to the millisecond),
 * so primary keys grow at the right edge of their index, and no id tells how many others there are.
 */
export function newId(prefix: IdPrefix, nowMs: number, random: RandomBytes): string {
  return `${idsFrom(prefix, nowMs)}${base32(random(RANDOM_OCTETS))}`;
}

/** What sorts before every id made in that millisecond or later, and after every one made earlier. */
export function idsFrom(prefix: IdPrefix, nowMs: number): string {
  let time = '';
  let rest = nowMs;
  for (let i = 0; i < TIME_CHARACTERS; i++) {
    time = ALPHABET.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  return `${prefix}_${time}`;
}

/** The next id after one: what stands at its end counted on by one. Its chance is that of the first, so nobody guesses it who does not know that one. */
export function idAfter(id: string): string {
  const at = id.length - 1 - (/z*$/.exec(id)?.[0].length ?? 0);
  return id.slice(0, at) + ALPHABET.charAt(ALPHABET.indexOf(id.charAt(at)) + 1) + ALPHABET.charAt(0).repeat(id.length - 1 - at);
}

/** Octets as base 32, 5 bits a character, no padding. */
export function base32(octets: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const octet of octets) {
    held = (held << 8) | octet;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((held >> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET.charAt((held << (5 - bits)) & 31) : text;
}
