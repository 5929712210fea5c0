/** 89 (telecommunications), country and issuer; some issuers write hex letters from the seventh place on. EF-ICCID holds 20 places. */
const ICCID = /^89[0-9]{4}[0-9A-F]{12,14}$/;
const DIGITS = /^\d+$/;
/** The fewest places there are before a check digit. */
const LEAST_PLACES = 18;

/**
 * The one way an ICCID (ITU-T E.118, TS 102 221 13.2) is written here, or null when the text is none: quotes, blanks and filler removed,
 * nibbles turned when the file came as it is (98…), upper case, and *with* its Luhn check digit, as it is printed on the card.
 *
 * Some commands leave the check digit out, and a card has 18 or 19 digits before it, so 19 digits are whole when the last one checks and
 * lack their check digit otherwise. Where 20 digits check and their first 19 check as well (one card in ten of that length) nobody could
 * tell the two forms apart, so both become the 19. The same card thus always gives the same text, and two cards of an issuer never do: the
 * number is not cut to a common length, because neighbouring cards may differ in the 19th digit alone. What has letters, or 20 digits that
 * do not check, has no check digit and stays as it is.
 */
export function canonicalIccid(text: string): string | null {
  const written = text.replace(/["\s]/g, '').toUpperCase();
  const turned = written.startsWith('98') ? swapNibbles(written) : written;
  const iccid = turned.replace(/F+$/, '');
  if (!ICCID.test(iccid)) return null;
  return DIGITS.test(iccid) ? checked(iccid) : iccid;
}

function checked(digits: string): string {
  if (digits.length === LEAST_PLACES) return withCheckDigit(digits);
  const shorter = digits.slice(0, LEAST_PLACES + 1);
  const shorterChecks = isChecked(shorter);
  if (digits.length === shorter.length) return shorterChecks ? digits : withCheckDigit(digits);
  return shorterChecks && isChecked(digits) ? shorter : digits;
}

function isChecked(digits: string): boolean {
  return withCheckDigit(digits.slice(0, -1)) === digits;
}

/** Appends the Luhn check digit (ISO/IEC 7812-1 annex B). */
export function withCheckDigit(digits: string): string {
  let sum = 0;
  for (const [at, digit] of [...digits].toReversed().entries()) {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** Exchanges the two digits of each octet, as EF-ICCID and other BCD fields keep them. */
export function swapNibbles(hex: string): string {
  return hex.replace(/(.)(.)/g, '$2$1');
}
