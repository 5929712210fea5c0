import type { Tx } from '../db/write.ts';
import { isCarrier } from '../lib/carrier.ts';
import { countryOfNumber, isCountry, isE164 } from '../lib/country.ts';
import { Refusal } from '../lib/errors.ts';
import { refuseTwin } from './one-number.ts';

export type SimState = 'active' | 'paused';

/** What the operator says of a SIM. Null takes back what was said before, so that what the SIM itself tells counts again; absent leaves it. */
export interface SimChange {
  number?: string | null | undefined;
  country?: string | null | undefined;
  /** The home carrier's slug. */
  carrier?: string | null | undefined;
  state?: SimState | undefined;
}

interface Known {
  state: SimState;
  number: string | null;
  numberSet: string | null;
  numberRead: string | null;
  country: string | null;
  countrySet: string | null;
  carrier: string | null;
  carrierSet: string | null;
}

/**
 * The operator corrects a SIM. Refuses an unknown ICCID, a number that is not E.164 or that another active SIM has now (sims/one-number.ts), a country
 * that is none, a carrier that is no slug, and to take back what was never set. Returns what is known then.
 */
export function setSim(tx: Tx, iccid: string, change: SimChange): Pick<Known, 'number' | 'country' | 'carrier'> {
  refuseMalformed(change);
  const before = knownOf(tx, iccid);
  refuseNothingToRemove(before, change);
  const after = applyChange(tx, iccid, change);
  const isNew = after.number !== before.number || (before.state === 'paused' && after.state === 'active');
  if (isNew && after.number !== null && after.state === 'active') refuseTwin(tx, iccid, after.number);
  return { number: after.number, country: after.country, carrier: after.carrier };
}

/** The change itself, unchecked: what the configuration says holds whatever other SIMs there are. Refuses an unknown ICCID. */
export function applyChange(tx: Tx, iccid: string, { number, country, carrier, state }: SimChange): Known {
  const before = knownOf(tx, iccid);
  // A country the operator set stays; one that only followed from the number follows the new one.
  const follows = number === undefined ? null : (number ?? before.numberRead);
  tx.db
    .query(
      `UPDATE sims SET number_set = $number, country_set = $country, country_read = coalesce($countryRead, country_read),
         carrier_set = $carrier, state = $state
       WHERE iccid = $iccid`,
    )
    .run({
      iccid,
      number: number === undefined ? before.numberSet : number,
      country: country === undefined ? before.countrySet : country,
      carrier: carrier === undefined ? before.carrierSet : carrier,
      countryRead: follows === null ? null : countryOfNumber(follows),
      state: state ?? before.state,
    });
  return knownOf(tx, iccid);
}

function knownOf(tx: Tx, iccid: string): Known {
  const known = tx.db
    .query<Known, { iccid: string }>(
      `SELECT state, number, number_set AS numberSet, number_read AS numberRead, country, country_set AS countrySet,
              carrier, carrier_set AS carrierSet FROM sims
       WHERE iccid = $iccid`,
    )
    .get({ iccid });
  if (known === null) throw new Refusal('not_found', `No SIM with ICCID ${iccid} was ever seen; \`smspin sim list\` shows the known ones.`);
  return known;
}

function refuseMalformed({ number, country, carrier }: SimChange): void {
  if (typeof number === 'string' && !isE164(number)) {
    throw wrong('number', `The number must be E.164, for example +447700900123; got ${JSON.stringify(number.slice(0, 40))}.`);
  }
  if (typeof country === 'string' && !isCountry(country)) {
    throw wrong(
      'country',
      `The country must be an ISO 3166-1 code in lower case, for example gb; got ${JSON.stringify(country.slice(0, 40))}.`,
    );
  }
  if (typeof carrier === 'string' && !isCarrier(carrier)) {
    throw wrong(
      'carrier',
      `The carrier must be a slug of lower-case letters, digits and dashes, for example vodafone; got ${JSON.stringify(carrier.slice(0, 60))}.`,
    );
  }
}

function refuseNothingToRemove(before: Known, { number, country, carrier }: SimChange): void {
  if (number === null && before.numberSet === null) {
    throw wrong(
      'number',
      before.numberRead === null
        ? 'This SIM has no number yet: type the one it has.'
        : `${before.numberRead} is what the SIM itself tells, so it cannot be removed: type another to correct it, or pause the SIM to take it off sale.`,
    );
  }
  if (country === null && before.countrySet === null) {
    throw wrong('country', 'The country follows from the number, so it cannot be removed: type another to correct it.');
  }
  if (carrier === null && before.carrierSet === null) {
    throw wrong('carrier', 'The carrier follows from the card (IMSI), so it cannot be removed: type another to correct it.');
  }
}

function wrong(field: 'number' | 'country' | 'carrier', message: string): Refusal {
  return new Refusal('validation', message, { errors: [{ field, message }] });
}
