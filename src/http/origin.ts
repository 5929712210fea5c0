import { Elysia } from 'elysia';
import { Refusal } from '../lib/errors.ts';
import { isApi, pathOf } from './request-id.ts';

/** What a program of somebody's mail provider posts to (RFC 8058), from wherever: the signed link says it all, and no cookie is looked at. */
const FROM_ANYWHERE = /^\/unsubscribe\/[^/]+$/;

/**
 * Refuses writes and WebSocket upgrades that a browser sends on behalf of another site. Browsers say where a request came from in Sec-Fetch-Site
 * or Origin and pages cannot forge either; a request with neither comes from no browser and carries no stolen cookie. Pages of `apiOrigins` may call the API
 * by key, never with a cookie, and open its stream, which asks for a key or a ticket whatever cookies a browser sends along.
 */
export function originCheck(publicUrl: string, apiOrigins: readonly string[] = []) {
  const publicOrigin = new URL(publicUrl).origin;
  return new Elysia({ name: 'origin' }).onRequest(({ request }) => {
    const isUpgrade = request.headers.get('upgrade')?.toLowerCase() === 'websocket';
    if (!isUpgrade && (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS')) return;
    if (request.method === 'POST' && FROM_ANYWHERE.test(new URL(request.url).pathname)) return;
    if (!isOwn(request, publicOrigin) && !isApiCall(request, apiOrigins, isUpgrade)) {
      throw new Refusal(
        'cross_site',
        'The request came from another site. Open SMSPin itself and try there; server.public_url must be the address you use.',
      );
    }
  });
}

function isApiCall(request: Request, apiOrigins: readonly string[], isUpgrade: boolean): boolean {
  if (!apiOrigins.includes(request.headers.get('origin') ?? '')) return false;
  if (isUpgrade) return pathOf(request) === '/api/v1/stream';
  return isApi(request) && request.headers.has('authorization') && !request.headers.has('cookie');
}

export function isOwn(request: Request, publicOrigin: string): boolean {
  const origin = request.headers.get('origin');
  if (origin !== null) return origin === publicOrigin || URL.parse(origin)?.host === request.headers.get('host');
  const site = request.headers.get('sec-fetch-site');
  return site === null || site === 'same-origin' || site === 'none';
}
