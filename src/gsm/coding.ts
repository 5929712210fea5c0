/** How user data is written. `compressed` is TS 23.042, which is kept but not decoded. */
export type CodingName = 'gsm7' | '8bit' | 'ucs2' | 'compressed';
export type MessageClass = 0 | 1 | 2 | 3;

/** A message waiting indication in the data coding scheme (groups 1100 to 1110). */
export interface Waiting {
  active: boolean;
  kind: 'voicemail' | 'fax' | 'email' | 'other';
  /** False for "discard message": the network does not ask for it to be kept (it still is, here). */
  store: boolean;
}

/** What a data coding scheme octet says (TS 23.038 4). */
export interface Coding {
  name: CodingName;
  /** Null when the octet carries none; 0 is flash. */
  messageClass: MessageClass | null;
  waiting: Waiting | null;
  /** Group 01xx: the sender wishes automatic deletion after reading. */
  deleteAfterReading: boolean;
  /** A reserved value, read as the standard demands: the GSM 7 bit default alphabet. */
  reserved: boolean;
}

const WAITING_KINDS = ['voicemail', 'fax', 'email', 'other'] as const;

/** Reads any of the 256 data coding scheme octets. */
export function decodeCoding(octet: number): Coding {
  const group = octet >> 4;
  if (group < 0x8) return generalCoding(octet);
  const plain: Coding = { name: 'gsm7', messageClass: null, waiting: null, deleteAfterReading: false, reserved: false };
  if (group < 0xc) return { ...plain, reserved: true };
  if (group === 0xf) return { ...plain, name: octet & 0x04 ? '8bit' : 'gsm7', messageClass: classOf(octet) };
  const waiting: Waiting = {
    active: (octet & 0x08) !== 0,
    kind: WAITING_KINDS[octet & 0x03] ?? 'other',
    store: group !== 0xc,
  };
  return { ...plain, name: group === 0xe ? 'ucs2' : 'gsm7', waiting };
}

/** Groups 00xx and 01xx: bit 5 compressed, bit 4 "class bits mean something", bits 3 and 2 the alphabet. */
function generalCoding(octet: number): Coding {
  const alphabet = (octet >> 2) & 0x03;
  const name = alphabet === 1 ? '8bit' : alphabet === 2 ? 'ucs2' : 'gsm7';
  return {
    name: octet & 0x20 ? 'compressed' : name,
    messageClass: octet & 0x10 ? classOf(octet) : null,
    waiting: null,
    deleteAfterReading: (octet & 0x40) !== 0,
    reserved: alphabet === 3,
  };
}

function classOf(octet: number): MessageClass {
  const bits = octet & 0x03;
  return bits === 0 || bits === 1 || bits === 2 ? bits : 3;
}
