import { lookup } from 'node:dns/promises';
import { messageOf } from '../lib/log.ts';
import { type Checked, literalAddress, type Network, parseEndpoint, refusedAddress } from './address.ts';

/** All addresses of a host name, as the machine's resolver says now. Rejects when it says none. */
export type Resolve = (host: string) => Promise<string[]>;

export const systemResolve: Resolve = async (host) => (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

export type Addresses = { ok: true; addresses: string[] } | { ok: false; why: string; refused: boolean };

/**
 * To which addresses one may connect for this URL, asked now. `refused` when it is known that none may be, not merely unknown. The name is resolved once:
 * what is returned is what the connection must be made to, or a resolver that changes its mind in between would lead it elsewhere.
 */
export async function addressesOf(url: URL, resolve: Resolve, allow: readonly Network[], signal: AbortSignal): Promise<Addresses> {
  let addresses: string[];
  try {
    const literal = literalAddress(url);
    addresses = literal === null ? await orAborted(resolve(url.hostname), signal) : [literal];
  } catch (thrown) {
    const unknown = thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOTFOUND' || thrown.code === 'ENODATA');
    if (unknown) return { ok: false, refused: true, why: 'has a host without an address. Is it spelled right?' };
    return { ok: false, refused: false, why: `could not be looked up (${messageOf(thrown)})` };
  }
  const why = refusedAddress(url, addresses, allow);
  return why === null ? { ok: true, addresses } : { ok: false, refused: true, why };
}

/** Checks an address as typed, where its host leads now included. While the resolver is out of order a name passes: each sending checks again. */
export async function checkEndpoint(
  text: string,
  { resolve, allow, timeoutMs }: { resolve: Resolve; allow: readonly Network[]; timeoutMs: number },
): Promise<Checked> {
  const parsed = parseEndpoint(text, allow);
  if (!parsed.ok) return parsed;
  const found = await addressesOf(parsed.url, resolve, allow, AbortSignal.timeout(timeoutMs));
  return found.ok || !found.refused ? parsed : { ok: false, why: found.why };
}

/** A resolver cannot be told to stop; one can only stop waiting for it. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
