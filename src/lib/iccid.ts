/** 89 (telecommunications), country and issuer; some issuers write hex letters from the seventh place on. EF-ICCID holds 20 places. */
const ICCID = /^89[0-9]{4}[0-9A-F]{12,14}$/;

/**
 * An ICCID (ITU-T E.118, TS 102 221 13.2) as it is written here, or null when the text is none: quotes, blanks and filler removed, nibbles turned when the
 * file came as it is (98…), upper case; else as the card tells it, with or without its check digit, so that people find it as they know it.
 */
export function canonicalIccid(text: string): string | null {
  const written = text.replace(/["\s]/g, '').toUpperCase();
  const turned = written.startsWith('98') ? swapNibbles(written) : written;
  const iccid = turned.replace(/F+$/, '');
  return ICCID.test(iccid) ? iccid : null;
}

/** True when both are the ICCID of one card: some commands, and some people, leave the check digit out. */
export function sameCard(one: string, other: string): boolean {
  const [a, b] = [canonicalIccid(one) ?? one, canonicalIccid(other) ?? other];
  return a === b || (/^\d+$/.test(a + b) && (withCheckDigit(a) === b || withCheckDigit(b) === a));
}

/**
 * The ways one card's ICCID may be written: as given first, then without and with its check digit where that makes sense. Two of them are the
 * same card by `sameCard`, so a register of cards is asked for at most three keys.
 */
export function formsOf(iccid: string): string[] {
  if (!/^\d+$/.test(iccid)) return [iccid];
  const shorter = iccid.slice(0, -1);
  const forms = withCheckDigit(shorter) === iccid ? [iccid, shorter, withCheckDigit(iccid)] : [iccid, withCheckDigit(iccid)];
  return forms.filter((form) => canonicalIccid(form) !== null);
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
