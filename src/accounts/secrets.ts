import { base32, type RandomBytes } from '../lib/ids.ts';

/** 160 bits: nobody guesses one, so a fast hash of it is enough to keep. */
const SECRET_OCTETS = 20;

/** A new random secret with its prefix, such as `smspin_…`. */
export function newSecret(prefix: string, random: RandomBytes): string {
  return `${prefix}${base32(random(SECRET_OCTETS))}`;
}

/** What is stored of a secret: its SHA-256. Looking a hash up in an index tells an attacker nothing about the secret by its timing. */
export function hashSecret(secret: string): string {
  return new Bun.CryptoHasher('sha256').update(secret).digest('hex');
}

/** A password a person can type from a terminal: five groups of four. */
export function readablePassword(random: RandomBytes): string {
  return (base32(random(13)).slice(0, 20).match(/.{4}/g) ?? []).join('-');
}
