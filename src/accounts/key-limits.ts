import ipaddr from 'ipaddr.js';
import { Refusal } from '../lib/errors.ts';

/** What narrows a key down besides its scopes. */
export interface KeyLimits {
  /** Null: it holds until it is revoked. */
  expiresAtMs: number | null;
  /** Addresses and CIDR ranges from which it may be used; none: from everywhere. */
  allowedAddresses: readonly string[];
}

const RANGES_MAX = 50;
const RANGE_CHARACTERS_MAX = 64;

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Addresses and CIDR ranges as people write them, in their one canonical form (`10.1.2.3/8` is `10.0.0.0/8`). Refuses whatever is neither, and too many. */
export function cleanRanges(typed: readonly string[]): string[] {
  if (typed.length > RANGES_MAX) throw new Refusal('validation', `A key has at most ${RANGES_MAX} addresses or ranges.`);
  return [...new Set(typed.map((one) => shownRange(readRange(one.trim()))))];
}

/** True when nothing narrows the addresses down, or this one is among them. IPv4 over IPv6 counts as IPv4. */
export function isAllowedFrom(allowed: readonly string[], address: string): boolean {
  if (allowed.length === 0) return true;
  if (!ipaddr.isValid(address)) return false;
  const from = ipaddr.process(address);
  return allowed.some((range) => contains(readRange(range), from));
}

/** The limits of a new key, no wider than those of the key that makes it: what it leaves open it inherits. Refuses an expiry that is over. */
export function withinMaker(wanted: KeyLimits, maker: KeyLimits | null, nowMs: number): KeyLimits {
  const expiresAtMs = wanted.expiresAtMs ?? maker?.expiresAtMs ?? null;
  if (expiresAtMs !== null && expiresAtMs <= nowMs) throw new Refusal('validation', 'The expiry must be in the future.');
  if (maker?.expiresAtMs != null && expiresAtMs !== null && expiresAtMs > maker.expiresAtMs)
    throw new Refusal('forbidden', 'A key makes no key that holds longer than itself.');
  const asked = cleanRanges(wanted.allowedAddresses);
  if (!maker || maker.allowedAddresses.length === 0) return { expiresAtMs, allowedAddresses: asked };
  const outside = asked.find((range) => !maker.allowedAddresses.some((wide) => encloses(readRange(wide), readRange(range))));
  if (outside !== undefined)
    throw new Refusal('forbidden', `A key makes no key for addresses from which it may not be used itself: ${outside}.`);
  return { expiresAtMs, allowedAddresses: asked.length > 0 ? asked : maker.allowedAddresses };
}

function readRange(text: string): Range {
  const wrong = () =>
    new Refusal(
      'validation',
      `${JSON.stringify(text.slice(0, RANGE_CHARACTERS_MAX))} is no address or range; write 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32.`,
    );
  // Short and partial forms (10.1, 0x7f.1) mean other things to other programs.
  if (text.length > RANGE_CHARACTERS_MAX || !/^(\d+\.\d+\.\d+\.\d+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(\/\d{1,3})?$/.test(text)) throw wrong();
  try {
    const [base, bits] = text.includes('/') ? ipaddr.parseCIDR(text) : hostRange(ipaddr.parse(text));
    if (base instanceof ipaddr.IPv6 && base.isIPv4MappedAddress()) {
      if (bits < 96) throw wrong();
      return [base.toIPv4Address(), bits - 96];
    }
    return [base, bits];
  } catch {
    throw wrong();
  }
}

function hostRange(address: ipaddr.IPv4 | ipaddr.IPv6): Range {
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function shownRange([base, bits]: Range): string {
  const whole = base.kind() === 'ipv4' ? 32 : 128;
  if (bits === whole) return base.toString();
  const cidr = `${base.toString()}/${bits}`;
  const network = base.kind() === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  return `${network.toString()}/${bits}`;
}

function contains([base, bits]: Range, address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (base instanceof ipaddr.IPv4) return address instanceof ipaddr.IPv4 && address.match(base, bits);
  return address instanceof ipaddr.IPv6 && address.match(base, bits);
}

function encloses(wide: Range, narrow: Range): boolean {
  return narrow[1] >= wide[1] && contains(wide, narrow[0]);
}
