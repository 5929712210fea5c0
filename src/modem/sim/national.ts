import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import mcc from './mcc.json' with { type: 'json' };

const E164 = /^\+[1-9]\d{6,14}$/;
const COUNTRY_BY_MCC = new Map(Object.entries(mcc.countries).flatMap(([country, codes]) => codes.map((code) => [code, country] as const)));

/** The country (ISO 3166-1 alpha-2, lower case) whose mobile country code an IMSI (or MCC and MNC) begins with (ITU-T E.212), or null. */
export function countryOfImsi(imsi: string | null): string | null {
  return imsi === null ? null : (COUNTRY_BY_MCC.get(imsi.slice(0, 3)) ?? null);
}

/**
 * A number as E.164, or null. One with a `+`, or of the type `international` (TS 24.008 10.5.4.7, 145 in AT answers), is taken as it is; any
 * other only when the card's IMSI tells the country and it is a valid number there: a guess could sell somebody else's number.
 */
export function toE164(number: string, isInternational: boolean, imsi: string | null): string | null {
  const digits = number.replace(/[\s().-]/g, '');
  if (isInternational || digits.startsWith('+')) {
    const whole = `+${digits.replace(/^\+/, '')}`;
    return E164.test(whole) ? whole : null;
  }
  const country = countryOfImsi(imsi)?.toUpperCase() ?? '';
  if (!isSupportedCountry(country) || !/^\d+$/.test(digits)) return null;
  const parsed = parsePhoneNumberFromString(digits, { defaultCountry: country, extract: false });
  return parsed?.isValid() === true ? parsed.number : null;
}
