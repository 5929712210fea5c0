import { parseHex } from '../../gsm/octets.ts';
import { decodeDigits } from '../../gsm/semioctets.ts';
import type { AtChannel } from '../at/channel.ts';
import { query, SIM_MS, set } from '../at/commands.ts';
import { fieldsOf, numberOf } from '../at/fields.ts';
import type { LearnedNumber } from '../memory.ts';
import { isBusy } from './identify.ts';
import { toE164 } from './national.ts';

export interface OwnNumberOptions {
  /** Tells the country of a number in national form; without it such a number is none. */
  imsi?: string | null;
  /** What was learned before (CardMemory): one that the network told outranks what anybody may have written on the card. */
  known?: LearnedNumber | null;
  busyRetryMs?: number;
}

type Channel = Pick<AtChannel, 'send'>;

const ATTEMPTS = 3;
const BUSY_RETRY_MS = 3_000;
const PHONE_BOOK_MS = 30_000;
/** Cards hold one to four entries; more than this is not the SIM's own list. */
const ENTRIES_MOST = 10;
const RECORDS_MOST = 4;
/** EF-MSISDN (6F40, TS 51.011 10.5.5): its records, and their length where the file does not tell it (14 octets and a name of 14). */
const EF_MSISDN = 28480;
const RECORD_LENGTH = 28;
const RECORD_TAIL = 14;
/** Octets 2 and 6 of an FCP template: the file descriptor and the length of a linear fixed record in it (TS 102 221 11.1.1.4.3). */
const FILE_DESCRIPTOR = /^8205....(....)/;
const INTERNATIONAL = 145;

/**
 * The SIM's own number, from where it says so: its entry (+CNUM, TS 27.007 7.1), else what was learned before, else its phone book "ON", else
 * its file EF-MSISDN; null when it does not know it, as most SIMs do not. The phone book selected before is selected again.
 */
export async function readOwnNumber(channel: Channel, options: OwnNumberOptions = {}): Promise<LearnedNumber | null> {
  const { imsi = null, known = null, busyRetryMs = BUSY_RETRY_MS } = options;
  if (known?.source === 'ussd') return known;
  const entry = await fromEntry(channel, imsi, busyRetryMs);
  if (entry !== null) return { number: entry, source: 'cnum' };
  if (known !== null) return known;
  const listed = await fromPhoneBook(channel, imsi);
  if (listed !== null) return { number: listed, source: 'phone_book' };
  const filed = await fromFile(channel, imsi);
  return filed === null ? null : { number: filed, source: 'ef_msisdn' };
}

async function fromEntry(channel: Channel, imsi: string | null, busyRetryMs: number): Promise<string | null> {
  for (let attempt = 1; ; attempt++) {
    const result = await channel.send(query('AT+CNUM', SIM_MS));
    // `+CNUM: [alpha],number,type[,…]`
    if (result.ok)
      return bestOf(
        result.lines.map(({ text }) => fieldsOf(text)),
        imsi,
      );
    if (!isBusy(result) || attempt === ATTEMPTS) return null;
    await Bun.sleep(busyRetryMs);
  }
}

async function fromPhoneBook(channel: Channel, imsi: string | null): Promise<string | null> {
  const before = await channel.send(query('AT+CPBS?'));
  const selected = before.ok ? (/^[A-Z]{2}$/.exec(fieldsOf(before.lines[0]?.text ?? '')[0] ?? '')?.[0] ?? 'SM') : 'SM';
  const isThere = await channel.send(set('AT+CPBS="ON"'));
  if (!isThere.ok) return null;
  const size = await channel.send(query('AT+CPBS?'));
  const [, , total] = size.ok ? fieldsOf(size.lines[0]?.text ?? '') : [];
  const last = Math.min(Math.max(numberOf(total) ?? 1, 1), ENTRIES_MOST);
  const listing = await channel.send(query(`AT+CPBR=1,${last}`, PHONE_BOOK_MS));
  await channel.send(set(`AT+CPBS="${selected}"`));
  // `+CPBR: index,number,type,text`
  return listing.ok
    ? bestOf(
        listing.lines.map(({ text }) => fieldsOf(text).slice(0, 3)),
        imsi,
      )
    : null;
}

/** The first number of the answer's lines, international forms before national ones. */
function bestOf(lines: readonly string[][], imsi: string | null): string | null {
  const entries = lines.map(entryOf).filter((entry) => entry !== null);
  const ordered = [...entries.filter(({ isWhole }) => isWhole), ...entries.filter(({ isWhole }) => !isWhole)];
  return ordered.map(({ number, isWhole }) => toE164(number, isWhole, imsi)).find((found) => found !== null) ?? null;
}

/** The field with a number in it, and whether it is international: by its `+` or by the type that follows. */
function entryOf(fields: string[]): { number: string; isWhole: boolean } | null {
  const written = fields.map(plain);
  // A name may consist of digits, so a field with its type behind it comes first.
  const isNumber = (field: string | undefined) => field !== undefined && /^\+?\d{5,20}$/.test(field);
  const typed = written.findIndex((field, at) => isNumber(field) && /^(129|1[3-9]\d|2[0-4]\d|25[0-5])$/.test(written[at + 1] ?? ''));
  const at = typed >= 0 ? typed : written.findIndex((field, index) => isNumber(field) && (index > 0 || field.startsWith('+')));
  const number = written[at];
  return number === undefined ? null : { number, isWhole: number.startsWith('+') || written[at + 1] === String(INTERNATIONAL) };
}

/** A field as text: a modem left in the character set UCS2 writes `+4` as 002B0034. */
function plain(field: string): string {
  const compact = field.replace(/[\s().-]/g, '');
  if (!/^(00[23][0-9A-F]){5,}$/i.test(compact)) return compact;
  return compact.replace(/00(..)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

async function fromFile(channel: Channel, imsi: string | null): Promise<string | null> {
  let length = await recordLength(channel);
  for (let record = 1; record <= RECORDS_MOST; record++) {
    let read = await restricted(channel, 178, record, length);
    // 67 XX and 6C XX: the length was wrong, XX is right (TS 51.011 9.4.6, TS 102 221 10.2.1.5).
    if (read !== null && (read.status === 0x67 || read.status === 0x6c) && read.more > RECORD_TAIL) {
      length = read.more;
      read = await restricted(channel, 178, record, length);
    }
    if (read === null || read.status !== 0x90) return null;
    const number = numberInRecord(read.data, imsi);
    if (number !== null) return number;
  }
  return null;
}

/** AT+CRSM=<command>,EF-MSISDN,<record>,4,<length> (TS 27.007 8.18): the status words and the data, or null when refused. */
async function restricted(
  channel: Channel,
  command: number,
  record: number,
  length: number,
): Promise<{ status: number; more: number; data: Uint8Array } | null> {
  const mode = record === 0 ? 0 : 4;
  const result = await channel.send(query(`AT+CRSM=${command},${EF_MSISDN},${record},${mode},${length}`, SIM_MS));
  if (!result.ok) return null;
  const [status, more, data = ''] = fieldsOf(result.lines[0]?.text ?? '');
  return { status: numberOf(status) ?? 0, more: numberOf(more) ?? 0, data: parseHex(data).octets };
}

/** GET RESPONSE: a SIM answers 15 octets with the record's length last (TS 51.011 9.2.1), a USIM an FCP template. */
async function recordLength(channel: Channel): Promise<number> {
  const described = await restricted(channel, 192, 0, 15);
  if (described === null || described.status !== 0x90) return RECORD_LENGTH;
  const { data } = described;
  const hex = Buffer.from(data).toString('hex');
  const told = data[0] === 0x62 ? Number.parseInt(FILE_DESCRIPTOR.exec(hex.slice(hex.indexOf('8205')))?.[1] ?? '', 16) : (data[14] ?? 0);
  return told > RECORD_TAIL && told <= 255 ? told : RECORD_LENGTH;
}

/** A record: a name, then length, TON and NPI, ten octets of digits, two more (TS 51.011 10.5.1). */
function numberInRecord(record: Uint8Array, imsi: string | null): string | null {
  const tail = record.subarray(record.length - RECORD_TAIL);
  const [length = 0, type = 0] = tail;
  if (record.length < RECORD_TAIL || length < 2 || length > 11) return null;
  const { digits } = decodeDigits(tail.subarray(2, length + 1), 2 * (length - 1));
  return toE164(digits, ((type >> 4) & 7) === 1, imsi);
}
