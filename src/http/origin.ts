import { Elysia } from 'elysia';
import { Refusal } from '../lib/errors.ts';
import { isApi, pathOf } from './request-id.ts';

/** What a program of somebody's mail provider posts to (RFC 8058), from wherever: the signed link says it all, and no cookie is looked at. */
const FROM_ANYWHERE = /^(?:\/status)?\/unsubscribe\/[^/]+$/;

/**
 * Refuses writes and WebSocket upgrades that a browser sends on behalf of another site. Browsers say where a request came from in Sec-Fetch-Site
 * or Origin and pages cannot forge either; a request with neither comes from no browser and carries no stolen cookie. Its own pages are those at
 * `public_url`, and at the addresses it listens on itself: never simply what Host says, which is whatever name somebody made lead here. Pages of `apiOrigins` may call the API
 * by key, never with a cookie, and open its stream, which asks for a key or a ticket whatever cookies a browser sends along.
 */
export function originCheck(
  { publicUrl, host, port }: { publicUrl: string; host: string; port: number },
  apiOrigins: readonly string[] = [],
  statusHost = '',
) {
  const publicOrigin = new URL(publicUrl).origin;
  // Of its own name, at which nothing but the status page is.
  const statusOrigins = statusHost === '' ? [] : [`http://${statusHost}`, `https://${statusHost}`];
  const served = servedOrigins(host);
  return new Elysia({ name: 'origin' }).onRequest(({ request, server }) => {
    const isUpgrade = request.headers.get('upgrade')?.toLowerCase() === 'websocket';
    if (!isUpgrade && (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS')) return;
    if (request.method === 'POST' && FROM_ANYWHERE.test(new URL(request.url).pathname)) return;
    if (
      !isOwn(request, (origin) => origin === publicOrigin || statusOrigins.includes(origin) || served(server?.port ?? port).has(origin)) &&
      !isApiCall(request, apiOrigins, isUpgrade)
    ) {
      throw new Refusal(
        'cross_site',
        `The request came from another site. Open SMSPin itself at ${publicOrigin} and try there; server.public_url must be the address you use.`,
      );
    }
  });
}

function isApiCall(request: Request, apiOrigins: readonly string[], isUpgrade: boolean): boolean {
  if (!apiOrigins.includes(request.headers.get('origin') ?? '')) return false;
  if (isUpgrade) return pathOf(request) === '/api/v1/stream';
  return isApi(request) && request.headers.has('authorization') && !request.headers.has('cookie');
}

function isOwn(request: Request, isOwnOrigin: (origin: string) => boolean): boolean {
  const origin = request.headers.get('origin');
  if (origin !== null) return isOwnOrigin(origin);
  const site = request.headers.get('sec-fetch-site');
  return site === null || site === 'same-origin' || site === 'none';
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
const ALL_ADDRESSES = ['0.0.0.0', '::'];

/** The origins at which a server that listens on `host` is reached without a proxy, by its port. */
function servedOrigins(host: string): (port: number) => ReadonlySet<string> {
  const written = host.includes(':') ? `[${host}]` : host;
  const names = ALL_ADDRESSES.includes(host) || LOOPBACK.includes(written) ? LOOPBACK : [written];
  let known: { port: number; origins: ReadonlySet<string> } | null = null;
  return (port) => {
    if (known?.port !== port)
      known = { port, origins: new Set(names.flatMap((name) => URL.parse(`http://${name}:${port}`)?.origin ?? [])) };
    return known.origins;
  };
}
