import metadata from 'libphonenumber-js/metadata.min.json';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/**
 * The country (ISO 3166-1 alpha-2, lower case) a number belongs to, or null when it is no E.164 number. Numbers outside a plan's allotted
 * ranges (the virtual bank's) are placed in the main country of their calling code.
 */
export function countryOfNumber(number: string): string | null {
  const parsed = parsePhoneNumberFromString(number);
  if (!parsed) return null;
  const mains: Record<string, readonly string[]> = metadata.country_calling_codes;
  return (parsed.country ?? mains[parsed.countryCallingCode]?.[0])?.toLowerCase() ?? null;
}

/** True for a number in E.164 form: a plus and 7 to 15 digits (ITU-T E.164 6.2.1). */
export function isE164(text: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(text);
}

/** True for a lower-case ISO 3166-1 alpha-2 code of a country that has telephone numbers (so not `uk`, which is no such code, nor `eu`). */
export function isCountry(code: string): boolean {
  return /^[a-z]{2}$/.test(code) && code.toUpperCase() in metadata.countries;
}
