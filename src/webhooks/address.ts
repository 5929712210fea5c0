import ipaddr from 'ipaddr.js';
import { invariant } from '../lib/errors.ts';

/** A network of the operator's own to which webhooks may go although it is not public, such as 10.0.0.0/8. */
export type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Ports one may be sent to on the public internet: those of the web. In a network that the operator allows, any. */
export const PUBLIC_PORTS: readonly number[] = [80, 443, 8080, 8443];
export const URL_CHARACTERS_MAX = 2000;

/** The public address at which every Azure machine finds its host's control service. */
const AZURE_HOST = '168.63.129.16';
const IPV6_GLOBAL: Network = [ipaddr.IPv6.parse('2000::'), 3];

export type Checked = { ok: true; url: URL } | { ok: false; why: string };

const NOT_PUBLIC =
  'is not on the public internet, and webhooks go only there. Whoever runs SMSPin can allow a private network: [webhooks] allow in smspin.toml';

/** `10.0.0.0/8`, `fd00::/8` or a single address as a network, or null. */
function parseNetwork(text: string): Network | null {
  if (ipaddr.isValidCIDR(text) && (text.includes(':') || ipaddr.IPv4.isValidCIDRFourPartDecimal(text))) return ipaddr.parseCIDR(text);
  if (!ipaddr.isValid(text) || (!text.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(text))) return null;
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** The networks of `[webhooks] allow`, which the configuration has checked. */
export function networksOf(allow: readonly string[]): Network[] {
  return allow.map((text) => {
    const network = parseNetwork(text);
    invariant(network, `webhooks.allow holds ${text}, which is no network`);
    return network;
  });
}

/**
 * Whether an address (no name) is one of the public internet. Everything else that ever had a meaning of its own is refused: private, shared (CGNAT),
 * loopback, link-local (cloud metadata), multicast, documentation, benchmarks; and IPv6 that carries an IPv4 address (mapped, NAT64, 6to4, Teredo), whatever it carries.
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address) || address === AZURE_HOST) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(IPV6_GLOBAL);
}

/** Whether an address lies in one of the networks; never by a mapping between IPv4 and IPv6. */
export function isIn(address: string, networks: readonly Network[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  return networks.some((network) => network[0].kind() === parsed.kind() && parsed.match(network));
}

/**
 * Reads the address of an endpoint as a person typed it and refuses what cannot be one. A name passes: where it leads is decided by `refusedAddress`, at each
 * sending anew. `why` is a sentence for the person, after "The address ".
 */
export function parseEndpoint(text: string, allow: readonly Network[]): Checked {
  const no = (why: string): Checked => ({ ok: false, why });
  if (text === '') return no('is missing. Write it as https://example.org/path.');
  if (text.length > URL_CHARACTERS_MAX) return no(`has more than ${URL_CHARACTERS_MAX} characters.`);
  // The parser of URLs drops or repairs much of this, so that a person and a program would read different addresses.
  if (!/^https?:\/\/[\x21-\x7e]+$/i.test(text) || text.includes('\\'))
    return no(
      'must be like https://example.org/path: http or https, in ASCII, without spaces; names in other letters are written as xn--….',
    );
  if (text.includes('#')) return no('has a #fragment, which is never sent. Leave it out.');
  const [authority = ''] = text.slice(text.indexOf('//') + 2).split(/[/?]/);
  if (authority.includes('@')) return no('contains a user name or password. Verify the signature instead; nothing else is needed.');
  const url = URL.parse(text);
  const address = url && literalAddress(url);
  // What the parser made of the host must be what stands there: percent signs, missing hosts, numbers in other bases.
  if (url === null || (!url.hostname.startsWith('[') && !authority.toLowerCase().startsWith(url.hostname)) || authority === '') {
    return no(
      address === null
        ? 'cannot be read. Write it as https://example.org/path.'
        : 'writes its IPv4 address in an unusual way. Write four decimal numbers without leading zeros.',
    );
  }
  if (address === null) return isPort(url) || allow.length > 0 ? { ok: true, url } : no(portRefusal());
  const refused = refusedAddress(url, [address], allow);
  return refused === null ? { ok: true, url } : no(refused);
}

/**
 * Why none may be sent to these addresses of the URL's host, or null when one may. All of them are looked at: one that is refused refuses the host, for the
 * connection could go to any.
 */
export function refusedAddress(url: URL, addresses: readonly string[], allow: readonly Network[]): string | null {
  if (addresses.length === 0) return 'has a host without an address. Is it spelled right?';
  const others = addresses.filter((address) => !isIn(address, allow));
  if (!others.every(isPublic)) return `${NOT_PUBLIC}.`;
  return others.length === 0 || isPort(url) ? null : portRefusal();
}

/** The IP address that stands in a URL instead of a name, or null. */
export function literalAddress(url: URL): string | null {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(host) ? host : null;
}

function isPort(url: URL): boolean {
  return url.port === '' || PUBLIC_PORTS.includes(Number(url.port));
}

function portRefusal(): string {
  return `names a port that is not of the web. Use ${PUBLIC_PORTS.slice(0, -1).join(', ')} or ${PUBLIC_PORTS.at(-1)}.`;
}
