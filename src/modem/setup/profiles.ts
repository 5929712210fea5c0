import type { Profile } from './profile.ts';
import { type Match, parseProfiles } from './profile-data.ts';
import data from './profiles.json' with { type: 'json' };

export type { Advice, AnnouncementPort, ListingWay, Note, Profile, SimSettled } from './profile.ts';

/** Who a modem says it is (AT+CGMI, +CGMM, +CGMR) and its `vvvv:pppp` on the USB; null for what is not known. */
export interface ModemIdentity {
  manufacturer: string | null;
  model: string | null;
  firmware: string | null;
  usbId: string | null;
}

const ENTRIES = parseProfiles(data.profiles);

/** Every profile, the most particular first; the last one is for all modems that no other is for. */
export const PROFILES: readonly Profile[] = ENTRIES.map(({ profile }) => profile);

/** For a modem nothing is known of. */
export const GENERIC_PROFILE: Profile = genericProfile();

/**
 * The profile of a modem. What the modem says of itself counts before its USB id: a maker's stick may carry another one's module, and the id
 * alone is asked when nothing it says is known.
 */
export function profileOf(identity: ModemIdentity): Profile {
  const isSaid = ({ manufacturer, model, firmware }: Match) => manufacturer !== null || model !== null || firmware !== null;
  const find = (wanted: (match: Match) => boolean) =>
    ENTRIES.find(({ matches }) => matches.some((match) => wanted(match) && fits(match, identity)))?.profile;
  return find(isSaid) ?? find((match) => !isSaid(match)) ?? GENERIC_PROFILE;
}

function fits(match: Match, identity: ModemIdentity): boolean {
  const found = (pattern: RegExp | null, text: string | null) => pattern === null || (text !== null && pattern.test(text));
  return (
    found(match.manufacturer, identity.manufacturer) &&
    found(match.model, identity.model) &&
    found(match.firmware, identity.firmware) &&
    (match.usb.length === 0 || hasUsbId(match.usb, identity.usbId))
  );
}

function hasUsbId(ids: readonly string[], usbId: string | null): boolean {
  if (usbId === null) return false;
  const id = usbId.toLowerCase();
  return ids.includes(id) || ids.includes(`${id.slice(0, 4)}:*`);
}

function genericProfile(): Profile {
  const last = PROFILES.at(-1);
  if (last === undefined) throw new Error('profiles: there is none');
  return last;
}
