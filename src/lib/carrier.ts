import networks from 'mcc-mnc-list/mcc-mnc-list.json';

/** MCC 001 is nobody's: networks for trying out, and the virtual bank (TS 23.003 2.2, ITU-T E.212). */
const TEST_MCC = '001';
const TEST_CARRIER = 'test';

const BY_NETWORK = new Map<string, string>();
for (const { mcc, mnc, brand, operator, status } of networks) {
  const slug = carrierSlug(brand || operator || '');
  // A network code is given out again: the one that is on the air stands last.
  if (slug !== '' && (status === 'Operational' || !BY_NETWORK.has(`${mcc}${mnc}`))) BY_NETWORK.set(`${mcc}${mnc}`, slug);
}

/** A carrier as offers and SIMs name it: lower-case letters, digits and dashes. `any` is none: it stands for all of them. */
export function isCarrier(slug: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,39}$/.test(slug) && slug !== 'any';
}

/** The slug of a carrier's name: `Vodafone Fiji` is `vodafone-fiji`; '' when nothing of it can be written so. */
export function carrierSlug(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const slug = plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 41)
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return isCarrier(slug) ? slug : '';
}

/** The home carrier of an IMSI (or MCC and MNC alone), by the brand it is known under in its country, or null when it is in no list. */
export function carrierOfNetwork(imsi: string | null): string | null {
  if (imsi === null) return null;
  if (imsi.startsWith(TEST_MCC)) return TEST_CARRIER;
  // Whether an MNC has three digits or two is a matter of its network; where both are in the list, the longer one is meant.
  return BY_NETWORK.get(imsi.slice(0, 6)) ?? BY_NETWORK.get(imsi.slice(0, 5)) ?? null;
}
