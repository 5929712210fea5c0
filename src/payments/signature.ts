import { createHmac, timingSafeEqual } from 'node:crypto';

/** True when `given` is the HMAC-SHA256 of the pieces, in hexadecimal. Compares in constant time. */
export function isHmac(secret: string, pieces: readonly (string | Uint8Array)[], given: string): boolean {
  const mac = createHmac('sha256', secret);
  for (const piece of pieces) mac.update(piece);
  const expected = mac.digest();
  if (!/^[0-9a-fA-F]{64}$/.test(given)) return false;
  return timingSafeEqual(expected, Buffer.from(given, 'hex'));
}
