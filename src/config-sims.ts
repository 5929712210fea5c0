import { isCarrier } from './lib/carrier.ts';
import { isCountry, isE164 } from './lib/country.ts';
import { canonicalIccid, sameCard } from './lib/iccid.ts';

/** A mistake in the configuration, as one line that names file (or variable), key and what is allowed. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}

export interface KnownSim {
  iccid: string;
  pin?: string;
  number?: string;
  country?: string;
  carrier?: string;
}

const SIM_KEYS: Record<string, { allowed: string; ok(value: string): boolean }> = {
  iccid: { allowed: 'the 18 to 20 digits printed on the card, beginning with 89', ok: (value) => canonicalIccid(value) !== null },
  pin: { allowed: '4 to 8 digits in quotes', ok: (value) => /^\d{4,8}$/.test(value) },
  number: { allowed: 'an E.164 number such as "+447700900123"', ok: isE164 },
  country: { allowed: 'an ISO 3166-1 code in lower case such as "gb"', ok: isCountry },
  carrier: { allowed: 'a slug of lower-case letters, digits and dashes such as "vodafone", and not "any"', ok: isCarrier },
};

/** The tables of `[[modems.sim]]` in the file `name`: what the operator knows better than the SIMs. Throws ConfigError for the first mistake. */
export function readSims(value: unknown, name: string): KnownSim[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new ConfigError(`${name}: modems.sim must be a list of tables, each written as [[modems.sim]]`);
  const sims = value.map((sim: unknown, index): KnownSim => {
    const at = `${name}: modems.sim number ${index + 1}`;
    if (typeof sim !== 'object' || sim === null) throw new ConfigError(`${at} must be a table written as [[modems.sim]]`);
    const read: Record<string, string> = {};
    for (const [key, given] of Object.entries(sim)) {
      const spec = Object.hasOwn(SIM_KEYS, key) ? SIM_KEYS[key] : undefined;
      if (!spec) throw new ConfigError(`${at}: unknown key ${key}; [[modems.sim]] takes ${Object.keys(SIM_KEYS).join(', ')}`);
      if (typeof given !== 'string' || !spec.ok(given))
        // A mistyped PIN is still a PIN, and this line goes to logs.
        throw new ConfigError(`${at}: ${key} must be ${spec.allowed}${key === 'pin' ? '' : `; it is ${shown(given)}`}`);
      read[key] = given;
    }
    const { iccid, ...facts } = read;
    if (iccid === undefined) throw new ConfigError(`${at}: iccid is missing; it says which SIM the entry is about`);
    return { iccid: canonicalIccid(iccid) ?? iccid, ...facts };
  });
  refuseTwins(sims, name);
  return sims;
}

/** One number is on one card: of a card and its replacement, the configuration keeps the one in use. */
function refuseTwins(sims: readonly KnownSim[], name: string): void {
  for (const [index, { iccid, number }] of sims.entries()) {
    const first = sims.findIndex((other) => other.number === number);
    if (number === undefined || first === index || sameCard(sims[first]?.iccid ?? '', iccid)) continue;
    throw new ConfigError(
      `${name}: modems.sim number ${index + 1}: ${number} is the number of modems.sim number ${first + 1} too; keep it with the card that is in use`,
    );
  }
}

/** A value as it may be quoted in an error. */
export function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}
