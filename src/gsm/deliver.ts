import { type Address, readAddress, readServiceCentre } from './address.ts';
import { DEFAULT_LANGUAGE, type Language } from './alphabet.ts';
import { type Coding, type CodingName, decodeCoding, type MessageClass, type Waiting } from './coding.ts';
import type { Concat, Ports } from './header.ts';
import { Cursor, type Fault, faultText, parseHex } from './octets.ts';
import { protocolFlags } from './protocol.ts';
import { decodeTimestamp } from './timestamp.ts';
import { printableOctets, readUserData } from './userdata.ts';

export type { Concat, Ports } from './header.ts';

/** By message type indicator (TS 23.040 9.2.3.1); `unknown` when not even the first octet could be read. */
export type PduType = 'deliver' | 'submit' | 'status_report' | 'unknown';

/** What a status report tells of an SMS that was sent (TS 23.040 9.2.2.3). */
export interface StatusReport {
  /** TP-MR of the SMS it is about. */
  ref: number;
  /** RFC 3339, or null when the time stamp is impossible. */
  discharge: string | null;
  status: number;
}

/** Everything read from one PDU. Where `error` is set, the fields before the error hold what could be read. */
export interface DecodedPdu {
  type: PduType;
  firstOctet: number;
  smsc: string | null;
  /** `+49…`, digits, or an alphanumeric name; '' for an empty address. Of a submit or a status report: the other party. */
  sender: string;
  /** The address field as sent: length, type, digits. */
  address: Uint8Array;
  pid: number;
  dcs: number;
  messageClass: MessageClass | null;
  waiting: Waiting | null;
  coding: CodingName;
  /** Null when there is none to show: 8 bit data, compressed, a report, or the PDU ended before its user data. */
  text: string | null;
  /** 8 bit data as UTF-8 where that is printable and no application port is named; for an operator to look at. */
  printable: string | null;
  /** The network's time stamp as RFC 3339 in its own zone; null when missing or impossible. */
  scts: string | null;
  /** The time stamp's seven octets as sent; empty when missing. */
  sctsOctets: Uint8Array;
  networkTimeMs: number | null;
  concat: Concat | null;
  ports: Ports | null;
  language: Language;
  /** UD as sent, header included. */
  userData: Uint8Array;
  /** UDL as sent: septets for gsm7, octets otherwise. */
  userDataLength: number;
  /** How many octets of `userData` are the header. */
  headerOctets: number;
  /** The septets after the header, of a gsm7 PDU. */
  septets: Uint8Array | null;
  report: StatusReport | null;
  /**
   * What was odd but did not stop the reading: `truncated`, `trailing_octets`, `header_malformed`, `concat_ignored`, `language_unknown`,
   * `odd_ucs2`, `replacement_character`, `address_irregular`, `timestamp_invalid`, `reserved_type`, `reserved_coding`,
   * `length_mismatch` (TS 27.005 length against the octets), and what its protocol identifier asks for (see protocol.ts).
   */
  flags: string[];
  /** Why something could not be read: `<field path> at octet <offset from the start of the hex>: <why>`; null when all could. */
  error: string | null;
  /** All that was wrong, with its places, in the order it was found: what `error` says and what the flags only name. */
  errors: Fault[];
}

export interface DecodeOptions {
  /** Whether a service centre stands before the TPDU. `auto` decides by `length` and by which reading is sound. */
  smsc: 'present' | 'absent' | 'auto';
  /** The TPDU length in octets from a +CMGR, +CMGL or +CMT line (TS 27.005), the service centre not counted. */
  length?: number | null;
}

/** Decodes one hex line as it stands in a modem's storage. Never throws; what cannot be read is told by `error`, `errors` and `flags`. */
export function decodePdu(hex: string, options: DecodeOptions): DecodedPdu {
  const { octets, fault } = parseHex(hex);
  const decoded = decodeOctets(octets, options);
  if (fault === null) return decoded;
  return { ...decoded, error: faultText(fault), errors: [fault, ...decoded.errors] };
}

/** Whether a person should see it as a message: it was delivered, has text, and is not for an application, the SIM or nobody. */
export function isForReading(pdu: DecodedPdu): boolean {
  const forMachines = pdu.ports !== null || FOR_MACHINES.some((flag) => pdu.flags.includes(flag));
  return pdu.type === 'deliver' && pdu.text !== null && !forMachines;
}

const FOR_MACHINES = ['type_0', 'sim_download', 'me_download'];

function decodeOctets(octets: Uint8Array, options: DecodeOptions): DecodedPdu {
  const length = options.length ?? null;
  if (options.smsc !== 'auto') return decodeFrom(octets, options.smsc === 'present', length);
  const present = decodeFrom(octets, true, length);
  // The one reading in which the header's length and the service centre's own length agree with what is there.
  if (length !== null && length > 0 && 1 + (octets[0] ?? 0) + length === octets.length) return present;
  const absent = decodeFrom(octets, false, length);
  return doubts(absent, octets) < doubts(present, octets) ? absent : present;
}

/** How unlikely a reading is, for choosing between one with and one without a service centre. */
function doubts(pdu: DecodedPdu, octets: Uint8Array): number {
  // A service centre is at most 12 octets (TS 24.011) and its type octet has the top bit set.
  const oddServiceCentre = pdu.smsc !== null && ((octets[0] ?? 0) > 12 || (octets[1] ?? 0) < 0x80);
  // A cut end is what bad lines do to a sound PDU; an impossible time or a coding nobody uses is what a wrong beginning does to it.
  const wrongBeginning = pdu.flags.filter((flag) => WRONG_BEGINNING.includes(flag)).length;
  const isCutOnly = pdu.error === null || pdu.flags.includes('truncated');
  return (isCutOnly ? 0 : 100) + wrongBeginning * 40 + (oddServiceCentre ? 10 : 0) + pdu.flags.length;
}

const WRONG_BEGINNING = ['timestamp_invalid', 'reserved_coding', 'reserved_type', 'trailing_octets', 'address_irregular'];

function decodeFrom(octets: Uint8Array, hasServiceCentre: boolean, length: number | null): DecodedPdu {
  const cursor = new Cursor(octets, 0);
  const pdu = blank();
  readFields(pdu, cursor, hasServiceCentre, length);
  pdu.error = cursor.failure === null ? null : faultText(cursor.failure);
  pdu.errors = cursor.faults;
  return pdu;
}

function readFields(pdu: DecodedPdu, cursor: Cursor, hasServiceCentre: boolean, length: number | null): void {
  if (hasServiceCentre) {
    const centre = readServiceCentre(cursor);
    pdu.smsc = centre.text;
    if (!centre.ok) return;
  }
  if (length !== null && length !== cursor.left) {
    pdu.flags.push('length_mismatch');
    cursor.note('pdu.length', `the modem counts ${length} octets, ${cursor.left} are there`, cursor.at);
  }
  const first = cursor.octet('pdu.first_octet');
  if (first === null) return;
  pdu.firstOctet = first;
  const type = first & 0x03;
  if (type === 1) readSubmit(pdu, cursor);
  else if (type === 2) readStatusReport(pdu, cursor);
  else readDeliver(pdu, cursor, type === 3);
}

function blank(): DecodedPdu {
  const none = new Uint8Array();
  return {
    type: 'unknown',
    firstOctet: 0,
    smsc: null,
    sender: '',
    address: none,
    pid: 0,
    dcs: 0,
    messageClass: null,
    waiting: null,
    coding: 'gsm7',
    text: null,
    printable: null,
    scts: null,
    sctsOctets: none,
    networkTimeMs: null,
    concat: null,
    ports: null,
    language: DEFAULT_LANGUAGE,
    userData: none,
    userDataLength: 0,
    headerOctets: 0,
    septets: null,
    report: null,
    flags: [],
    error: null,
    errors: [],
  };
}

/** SMS-DELIVER, TS 23.040 9.2.2.1. The reserved type 3 is read as one, but only where every field is sound. */
function readDeliver(pdu: DecodedPdu, cursor: Cursor, reserved: boolean): void {
  pdu.type = 'deliver';
  if (!applyAddress(pdu, readAddress(cursor, 'deliver.address'))) return;
  const coding = readProtocolAndCoding(pdu, cursor, 'deliver');
  if (coding === null) return;
  if (!readTimestamp(pdu, cursor)) return;
  applyUserData(pdu, cursor, 'deliver.user_data', coding);
  if (!reserved) return;
  if (pdu.flags.some((flag) => flag !== 'reserved_coding' && flag !== 'length_mismatch')) {
    cursor.fail('pdu.first_octet', `reserved message type 3, and no sound SMS-DELIVER (${pdu.flags.join(', ')})`);
  }
  pdu.flags.push('reserved_type');
}

/** SMS-SUBMIT, TS 23.040 9.2.2.2: an outgoing SMS that lies in the storage. */
function readSubmit(pdu: DecodedPdu, cursor: Cursor): void {
  pdu.type = 'submit';
  if (cursor.octet('submit.message_reference') === null) return;
  if (!applyAddress(pdu, readAddress(cursor, 'submit.address'))) return;
  const coding = readProtocolAndCoding(pdu, cursor, 'submit');
  if (coding === null) return;
  const format = (pdu.firstOctet >> 3) & 0x03;
  const validityOctets = format === 0 ? 0 : format === 2 ? 1 : 7;
  if (cursor.take(validityOctets, 'submit.validity_period') === null) return;
  applyUserData(pdu, cursor, 'submit.user_data', coding);
}

/** SMS-STATUS-REPORT, TS 23.040 9.2.2.3. What may follow the status is of no use here and not read. */
function readStatusReport(pdu: DecodedPdu, cursor: Cursor): void {
  pdu.type = 'status_report';
  const ref = cursor.octet('status_report.message_reference');
  if (ref === null || !applyAddress(pdu, readAddress(cursor, 'status_report.address'))) return;
  if (!readTimestamp(pdu, cursor)) return;
  const discharge = cursor.take(7, 'status_report.discharge_time');
  const status = discharge && cursor.octet('status_report.status');
  if (discharge === null || status === null) return;
  pdu.report = { ref, discharge: decodeTimestamp(discharge)?.text ?? null, status };
}

function applyAddress(pdu: DecodedPdu, address: Address | null): boolean {
  if (address === null) return false;
  pdu.sender = address.text;
  pdu.address = address.octets;
  if (address.irregular) pdu.flags.push('address_irregular');
  return true;
}

function readProtocolAndCoding(pdu: DecodedPdu, cursor: Cursor, field: string): Coding | null {
  const pid = cursor.octet(`${field}.protocol_identifier`);
  const dcs = pid === null ? null : cursor.octet(`${field}.data_coding_scheme`);
  if (pid === null || dcs === null) return null;
  const coding = decodeCoding(dcs);
  Object.assign(pdu, { pid, dcs, coding: coding.name, messageClass: coding.messageClass, waiting: coding.waiting });
  if (coding.reserved) pdu.flags.push('reserved_coding');
  pdu.flags.push(...protocolFlags(pid));
  return coding;
}

function readTimestamp(pdu: DecodedPdu, cursor: Cursor): boolean {
  const octets = cursor.take(7, `${pdu.type}.service_centre_time_stamp`);
  if (octets === null) return false;
  const stamp = decodeTimestamp(octets);
  pdu.sctsOctets = octets;
  pdu.scts = stamp?.text ?? null;
  pdu.networkTimeMs = stamp?.atMs ?? null;
  if (stamp === null) {
    pdu.flags.push('timestamp_invalid');
    cursor.note(`${pdu.type}.service_centre_time_stamp`, 'no such date or time', cursor.at - octets.length);
  }
  return true;
}

function applyUserData(pdu: DecodedPdu, cursor: Cursor, field: string, coding: Coding): void {
  const start = cursor.at;
  const data = readUserData(cursor, field, coding, (pdu.firstOctet & 0x40) !== 0);
  const { text, septets, language, concat, ports, headerOctets } = data;
  Object.assign(pdu, { text, septets, language, concat, ports, headerOctets, userData: data.octets, userDataLength: data.length ?? 0 });
  pdu.flags.push(...data.flags);
  if (coding.name === 'compressed') cursor.fail(field, 'compressed (TS 23.042), kept but not decoded', start);
  if (coding.name === '8bit' && ports === null) pdu.printable = printableOctets(data.octets.subarray(headerOctets));
}
