/** Most septets a user data field of 140 octets holds (TS 23.040 9.2.3.24). */
export const USER_DATA_SEPTETS = 160;

/**
 * Takes septets out of octets they were packed into, lowest bit first (TS 23.038 6.1.2.1.1).
 * `skip` septets at the start are passed over: with a header of n octets the text begins at septet ceil(n * 8 / 7), fill bits before it.
 * Gives at most `count` septets; fewer when the octets end sooner.
 */
export function unpackSeptets(octets: Uint8Array, count: number, skip = 0): Uint8Array {
  const held = Math.floor((octets.length * 8) / 7);
  const taken = Math.max(0, Math.min(count, held - skip));
  const septets = new Uint8Array(taken);
  for (let i = 0; i < taken; i++) {
    const bit = (i + skip) * 7;
    const at = bit >> 3;
    const pair = (octets[at] ?? 0) | ((octets[at + 1] ?? 0) << 8);
    septets[i] = (pair >> (bit & 7)) & 0x7f;
  }
  return septets;
}

/**
 * Packs septets into octets, lowest bit first, after `skip` septets' worth of zero bits (room for a header). The result covers the skipped
 * bits too; fill bits are zero.
 */
export function packSeptets(septets: Uint8Array, skip = 0): Uint8Array {
  const octets = new Uint8Array(Math.ceil(((septets.length + skip) * 7) / 8));
  septets.forEach((septet, i) => {
    const bit = (i + skip) * 7;
    const at = bit >> 3;
    const pair = (septet & 0x7f) << (bit & 7);
    octets[at] = (octets[at] ?? 0) | (pair & 0xff);
    if (pair > 0xff) octets[at + 1] = (octets[at + 1] ?? 0) | (pair >> 8);
  });
  return octets;
}

/** How many septets a header of so many octets (its length octet included) takes, fill bits included. */
export function headerSeptets(headerOctets: number): number {
  return Math.ceil((headerOctets * 8) / 7);
}
