import { type DecodeOptions, decodePdu } from './deliver.ts';
import { concatOctets } from './octets.ts';

const utf8 = new TextEncoder();

/**
 * What makes a part the same part when it is read again: SHA-256 (64 lower-case hex digits) over the ICCID and the originating address,
 * time stamp, protocol identifier, data coding scheme and whole user data as sent. The service centre and the first octet are left out,
 * since a network may change both when it delivers again. What is no sound SMS-DELIVER is identified by its whole hex line.
 */
export function fingerprint(iccid: string, hex: string, options: DecodeOptions = { smsc: 'present' }): string {
  const pdu = decodePdu(hex, options);
  const fields =
    pdu.type === 'deliver' && pdu.error === null
      ? [pdu.address, pdu.sctsOctets, Uint8Array.of(pdu.pid, pdu.dcs, pdu.userDataLength), pdu.userData]
      : [utf8.encode(hex.trim().toUpperCase())];
  const hasher = new Bun.CryptoHasher('sha256');
  hasher.update(fields.length === 1 ? 'raw' : 'deliver');
  for (const field of [utf8.encode(iccid), ...fields]) hasher.update(withLength(field));
  return hasher.digest('hex');
}

/** Lengths keep neighbouring fields apart: no two different lists of fields give the same octets. */
function withLength(field: Uint8Array): Uint8Array {
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, field.length);
  return concatOctets(size, field);
}
