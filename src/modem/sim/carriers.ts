import data from './carriers.json' with { type: 'json' };

/** How a carrier tells a SIM its own number by USSD (TS 22.090). */
export interface Carrier {
  name: string;
  /** The code to send. */
  code: string;
  /** The country calling code, what national numbers begin with, and a mobile number without either, as a regular expression. */
  calling: string;
  trunk: string;
  number: string;
}

const BY_NETWORK = new Map<string, Carrier>(
  data.carriers.flatMap((carrier) => carrier.networks.map((network) => [network, carrier] as const)),
);

/** The carrier whose SIM has this IMSI, which begins with MCC and MNC (TS 23.003 2.2), or null when its code is not known. */
export function carrierOfImsi(imsi: string | null): Carrier | null {
  if (imsi === null) return null;
  return BY_NETWORK.get(imsi.slice(0, 6)) ?? BY_NETWORK.get(imsi.slice(0, 5)) ?? null;
}

/**
 * The number in a carrier's answer as E.164, or null when none of its mobile numbers stands there, or two different ones. Written with `+`,
 * `00`, the calling code alone or nationally, with or without blanks, dots, dashes and brackets between the digits.
 */
export function numberInAnswer(carrier: Carrier, text: string): string | null {
  const { calling, trunk, number } = carrier;
  const international = calling === '' ? '(?:\\+|00)?' : `(?:(?:\\+|00)?${calling}${trunk === '' ? '' : `(?:${trunk})?`}|${trunk})`;
  const pattern = new RegExp(`(?<![\\d+*#])${international}(${number})(?![\\d*#])`, 'g');
  for (const form of [text, text.replace(/(?<=\d)[ .()/-]{1,2}(?=\d)/g, '')]) {
    const found = new Set([...form.matchAll(pattern)].map((match) => `+${calling}${match[1]}`));
    const [only] = found;
    if (only !== undefined) return found.size === 1 ? only : null;
  }
  return null;
}
