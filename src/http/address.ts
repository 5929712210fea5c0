import ipaddr from 'ipaddr.js';

/** What Elysia hands a handler of the listening server; null when a test calls the app without one. */
interface Listening {
  requestIP(request: Request): { address: string } | null;
}

/**
 * The address a request came from; `unknown` when there is no listening server. X-Forwarded-For is believed only from proxies the operator
 * trusts, and only back to the last address that is none of them: what stands before it, anybody could have written.
 */
export function clientAddress(server: Listening | null, request: Request, trustedProxies: readonly string[]): string {
  const peer = plain(server?.requestIP(request)?.address ?? 'unknown');
  if (!trustedProxies.includes(peer)) return peer;
  const forwarded = (request.headers.get('x-forwarded-for') ?? '').split(',').map((one) => plain(one.trim()));
  return forwarded.findLast((one) => one !== '' && !trustedProxies.includes(one)) ?? peer;
}

/**
 * Under which name limits count an address: IPv6 by its /64, since whoever has one address there has all of them (RFC 6177); IPv4 whole. Lists of allowed
 * addresses need the address itself.
 */
export function networkOf(address: string): string {
  if (!address.includes(':') || !ipaddr.isValid(address)) return address;
  const read = ipaddr.process(address);
  if (!(read instanceof ipaddr.IPv6)) return read.toString();
  return `${new ipaddr.IPv6([...read.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}

/** An IPv4 address that came over an IPv6 socket, as IPv4. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
