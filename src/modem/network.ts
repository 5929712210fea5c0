import { fieldsOf, numberOf } from './at/fields.ts';
import { readableText } from './at/text.ts';
import type { Registration } from './source.ts';

/** <stat> of +CREG (TS 27.007 7.2); 6 and 7 are "SMS only", 9 and 10 "circuit-switched fallback not preferred": messages come. */
const REGISTRATIONS: Record<number, Registration> = {
  0: 'idle',
  1: 'home',
  2: 'searching',
  3: 'denied',
  4: 'unknown',
  5: 'roaming',
  6: 'home',
  7: 'roaming',
  8: 'denied',
  9: 'home',
  10: 'roaming',
};
/** <AcT> of +COPS (TS 27.007 7.3). */
const RADIOS: readonly string[] = ['2G', '2G', '3G', '2G', '3G', '3G', '3G', '4G', '2G', 'NB-IoT', '4G', '5G', '5G', '5G'];
const RSSI_MOST = 31;
const TD_SCDMA = { from: 100, to: 191, dbmOfFirst: -116 } as const;
/** The fields of +CESQ that hold a level, best first: [place, what 0 stands for in dBm, the greatest value]. NR and LTE, then 3G, then 2G. */
const LEVELS = [
  { field: 8, zeroDbm: -157, most: 126 },
  { field: 5, zeroDbm: -141, most: 97 },
  { field: 2, zeroDbm: -121, most: 96 },
  { field: 0, zeroDbm: -111, most: 63 },
] as const;
const NAME_MOST = 60;

/** Which network the modem is on, as AT+COPS? tells it; null for what it does not tell. */
export interface Network {
  carrier: string | null;
  /** MCC and MNC, when it tells these in the name's place. */
  plmn: string | null;
  radio: string | null;
}

/** Whether messages can reach a SIM so registered. */
export function isOnNetwork(registration: Registration | null): boolean {
  return registration === 'home' || registration === 'roaming';
}

/** `+CREG: <n>,<stat>[,…]`. */
export function registrationOf(line: string): Registration | null {
  const [n, stat] = fieldsOf(line);
  const number = numberOf(stat ?? n);
  return number === null ? null : (REGISTRATIONS[number] ?? 'unknown');
}

/**
 * `+CSQ: <rssi>,<ber>` (TS 27.007 8.5): dBm = -113 + 2 · rssi; 100 to 191 is makers' form for TD-SCDMA and LTE, from -116 dBm up (SIMCom SIM7500
 * AT manual). Null when unknown.
 */
export function dbmOf(line: string): number | null {
  const rssi = numberOf(fieldsOf(line)[0]);
  if (rssi === null) return null;
  if (rssi <= RSSI_MOST) return -113 + 2 * rssi;
  return rssi >= TD_SCDMA.from && rssi <= TD_SCDMA.to ? TD_SCDMA.dbmOfFirst + rssi - TD_SCDMA.from : null;
}

/** `+CESQ: <rxlev>,<ber>,<rscp>,<ecno>,<rsrq>,<rsrp>[,<ss_rsrq>,<ss_rsrp>,…]` (TS 27.007 8.69): the level of the present radio, or null. */
export function extendedDbmOf(line: string): number | null {
  const fields = fieldsOf(line);
  for (const { field, zeroDbm, most } of LEVELS) {
    const level = numberOf(fields[field]);
    if (level !== null && level <= most) return zeroDbm + level;
  }
  return null;
}

/**
 * `+COPS: <mode>[,<format>,<name>[,<AcT>]]` (TS 27.007 7.3). A name in UCS-2 hex is decoded; one whose closing quote is missing ends before the
 * <AcT> it swallowed.
 */
export function networkOf(line: string): Network {
  const fields = fieldsOf(line);
  const isUnclosed = line.split('"').length % 2 === 0;
  const swallowed = isUnclosed ? /^(.*?),(\d{1,2})$/.exec(fields[2] ?? '') : null;
  const name = readableText((swallowed?.[1] ?? fields[2] ?? '').trim());
  const access = numberOf(swallowed?.[2] ?? fields[3]);
  const plmn = /^\d{5,6}$/.test(name) ? name : null;
  return { carrier: name === '' ? null : name.slice(0, NAME_MOST), plmn, radio: access === null ? null : (RADIOS[access] ?? null) };
}
