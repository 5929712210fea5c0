import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

/** What a receiver answered. */
export interface Answer {
  status: number;
  /** What was read of the body, at most BODY_OCTETS_MAX; invalid UTF-8 as U+FFFD. */
  body: string;
  /** There was more, or the rest did not come. */
  isCut: boolean;
  location: string | null;
  retryAfter: string | null;
}

/** So much of an answer is read; then the connection is closed. */
export const BODY_OCTETS_MAX = 4096;

/**
 * One POST to exactly these addresses, whatever the name means by now; the name still stands in Host and SNI and is what the certificate must be for.
 * Resolves as soon as the status decided and the body ended, was cut at its limit, or `signal` aborted; rejects when there was no status. Follows no redirect,
 * keeps no cookie and no connection, and knows no proxy: node:http has none of these, `fetch` has all (it obeys HTTP_PROXY).
 */
export function post(request: {
  url: URL;
  addresses: readonly string[];
  headers: Record<string, string>;
  body: string;
  signal: AbortSignal;
  /** Certificates trusted beside the system's, for tests. */
  ca?: string;
}): Promise<Answer> {
  const { url, addresses, signal } = request;
  const body = Buffer.from(request.body);
  return new Promise((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? https : http).request(url, {
      method: 'POST',
      agent: false,
      lookup: pinnedTo(addresses),
      headers: { ...request.headers, 'content-length': String(body.length), 'accept-encoding': 'identity', connection: 'close' },
      ...(request.ca === undefined ? {} : { ca: request.ca }),
    });
    let failed: (why: unknown) => void = reject;
    const abort = (): void => {
      reject(signal.reason);
      sent.destroy();
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    sent.on('close', () => signal.removeEventListener('abort', abort));
    sent.on('error', (thrown) => failed(thrown));
    sent.on('upgrade', (_, socket) => {
      reject(new Error('it answered with an upgrade to another protocol'));
      socket.destroy();
    });
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let octets = 0;
      const done = (isCut: boolean): void => {
        signal.removeEventListener('abort', cut);
        const { location, 'retry-after': retryAfter } = response.headers;
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).subarray(0, BODY_OCTETS_MAX).toString(),
          isCut,
          location: location ?? null,
          retryAfter: retryAfter ?? null,
        });
        if (isCut) sent.destroy();
      };
      const cut = (): void => done(true);
      signal.removeEventListener('abort', abort);
      signal.addEventListener('abort', cut, { once: true });
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        octets += chunk.length;
        if (octets > BODY_OCTETS_MAX) cut();
      });
      response.on('end', () => done(false));
      // It said how it went; what the rest of the body would have said is lost.
      failed = cut;
      response.on('error', cut);
      response.on('close', cut);
    });
    sent.end(body);
  });
}

/** A resolver that knows only these. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    const [first] = all;
    if (first === undefined) return callback(new Error('no address'), '', 0);
    if (options.all === true) return callback(null, all);
    callback(null, first.address, first.family);
  };
}
