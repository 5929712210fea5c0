import { withCheckDigit } from '../../lib/iccid.ts';

/** Everything that tells one virtual SIM and its modem from another. None of it can belong to anybody. */
export interface VirtualIdentity {
  /** Running number of the SIM, from 0. */
  serial: number;
  iccid: string;
  imsi: string;
  imei: string;
  /** E.164, from a range set aside for fiction. */
  number: string;
  /** ISO 3166-1 alpha-2, lower case. */
  country: string;
}

interface FictionRange {
  /** E.164 up to the running digits. */
  prefix: string;
  digits: number;
  /** How many numbers from zero on are set aside. */
  count: number;
}

const AREA_CODES = ['202', '212', '305', '312', '404', '415', '503', '617', '702', '808'];

/**
 * Numbers the regulators keep for film and print: Ofcom's mobile drama range 07700 900000-900999 · 555-0100 to 555-0199 in each area of
 * North America (NANPA) · the Bundesnetzagentur's drama numbers (notice 148/2021), mobile first, then five cities · ARCEP's 06 39 98.
 */
const RANGES: readonly { country: string; ranges: readonly FictionRange[] }[] = [
  { country: 'gb', ranges: [{ prefix: '+447700900', digits: 3, count: 1000 }] },
  { country: 'us', ranges: AREA_CODES.map((area) => ({ prefix: `+1${area}55501`, digits: 2, count: 100 })) },
  {
    country: 'de',
    ranges: [
      { prefix: '+4917139200', digits: 2, count: 100 },
      { prefix: '+49176040690', digits: 2, count: 100 },
      ...['+493023125', '+496990009', '+494066969', '+492214710', '+498999998'].map((prefix) => ({ prefix, digits: 3, count: 1000 })),
    ],
  },
  { country: 'fr', ranges: [{ prefix: '+33639980', digits: 3, count: 1000 }] },
];

/** How many virtual SIMs there can be: 1000 numbers in each of four countries. */
export const VIRTUAL_SIMS_MOST = 4000;

/** 89: telecommunications; 999: a country code the ITU assigns to nobody; 01: an issuer of ours. */
const ICCID_ISSUER = '8999901';
/** MCC 001, MNC 01: the test network (TS 23.003). */
const TEST_NETWORK = '00101';
/** A type allocation code of reporting body 00: test equipment, never on the market. */
const TEST_TYPE = '00101700';

/** The identity of the `serial`-th virtual SIM, always the same. Countries take turns: gb, us, de, fr. Throws a RangeError beyond the last. */
export function virtualIdentity(serial: number): VirtualIdentity {
  const place = RANGES[serial % RANGES.length];
  if (!Number.isInteger(serial) || serial < 0 || serial >= VIRTUAL_SIMS_MOST || place === undefined) {
    throw new RangeError(`there is no virtual SIM ${serial}: they are numbered 0 to ${VIRTUAL_SIMS_MOST - 1}`);
  }
  return {
    serial,
    iccid: withCheckDigit(ICCID_ISSUER + padded(serial + 1, 11)),
    imsi: TEST_NETWORK + padded(serial + 1, 10),
    imei: virtualImei(serial),
    number: numberIn(place.ranges, Math.floor(serial / RANGES.length)),
    country: place.country,
  };
}

/** The IMEI of the `serial`-th virtual modem, which keeps it when its SIM is swapped. */
export function virtualImei(serial: number): string {
  return withCheckDigit(TEST_TYPE + padded(serial + 1, 6));
}

/** True for the IMEI of a virtual modem: whatever family it speaks as, no real modem has one of these. */
export function isVirtualImei(imei: string): boolean {
  return imei.startsWith(TEST_TYPE);
}

function numberIn(ranges: readonly FictionRange[], at: number): string {
  let rest = at;
  for (const { prefix, digits, count } of ranges) {
    if (rest < count) return prefix + padded(rest, digits);
    rest -= count;
  }
  throw new RangeError(`no number set aside for fiction is left after ${at}`);
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
