import { encodeAddress, encodeServiceCentre } from '../../gsm/address.ts';
import { encodeDeliver } from '../../gsm/encode.ts';
import { concatOctets, toHex } from '../../gsm/octets.ts';
import { encodeTimestamp } from '../../gsm/timestamp.ts';
import type { StoredPdu } from './storage.ts';

const SENDER = '+447700900997';
const SENT_AT_MS = Date.UTC(2026, 0, 1);
const OTHER_CENTRE = '+447700900996';
const READ = 1;

/** So many messages of a stranger, as they fill a storage. */
export function strangers(count: number): StoredPdu[] {
  return Array.from({ length: count }, (_, at) => {
    const [part] = encodeDeliver({ sender: SENDER, text: `An old message, number ${at + 1}`, atMs: SENT_AT_MS + at * 1000 });
    if (part === undefined) throw new Error('a short text has one part');
    return { ...part, stat: READ, foreign: true as const };
  });
}

/** A status report of a message never sent (SMS-STATUS-REPORT, TS 23.040 9.2.2.3): it was delivered. */
export function statusReport(): StoredPdu {
  const time = encodeTimestamp(SENT_AT_MS);
  return fromTpdu(concatOctets(Uint8Array.of(0x06, 0x2a), encodeAddress(SENDER), time, time, Uint8Array.of(0x00)));
}

/** Notice of a picture message: 8-bit data to port 2948, where WAP pushes go (TS 23.040 9.2.3.24.4). */
export function pictureNotice(): StoredPdu {
  const header = Uint8Array.of(0x06, 0x05, 0x04, 0x0b, 0x84, 0x23, 0xf0);
  const body = Uint8Array.of(0x01, 0x06, 0x03, 0xbe, 0xaf, 0x84);
  const fields = Uint8Array.of(0x00, 0x04);
  const time = encodeTimestamp(SENT_AT_MS);
  const length = Uint8Array.of(header.length + body.length);
  return fromTpdu(concatOctets(Uint8Array.of(0x44), encodeAddress(SENDER), fields, time, length, header, body));
}

/** The same message through another service centre, as a network delivers what it believes was not received. */
export function byOtherCentre(pdu: string): string {
  const centreOctets = Number.parseInt(pdu.slice(0, 2), 16);
  return toHex(encodeServiceCentre(OTHER_CENTRE)) + pdu.slice(2 + 2 * centreOctets);
}

function fromTpdu(tpdu: Uint8Array): StoredPdu {
  return { pdu: `00${toHex(tpdu)}`, length: tpdu.length, stat: 0, foreign: true };
}
