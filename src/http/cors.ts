import { Elysia } from 'elysia';
import type { KnownMethods } from './methods.ts';
import { isApi, pathOf } from './request-id.ts';

const ALLOWED_HEADERS = 'Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Request-Id';
const EXPOSED_HEADERS = 'ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id, Location';
/** How long a browser may remember a preflight: Chromium's own limit is two hours. */
const REMEMBER_SECONDS = 7200;

/**
 * Lets pages of these origins call the API from a browser, by key alone: credentials are never allowed, so a cookie opens nothing. Without origins nothing is
 * added to any answer, and browsers keep other sites' pages out.
 */
export function cors(origins: readonly string[], known: KnownMethods) {
  return new Elysia({ name: 'cors' }).onRequest(({ request, set }) => {
    if (!isApi(request)) return;
    const origin = request.headers.get('origin');
    if (origins.length > 0) set.headers['vary'] = 'Origin';
    if (origin === null || !origins.includes(origin)) return;
    set.headers['access-control-allow-origin'] = origin;
    set.headers['access-control-expose-headers'] = EXPOSED_HEADERS;
    if (request.method !== 'OPTIONS' || !request.headers.has('access-control-request-method')) return;
    const methods = known.of(pathOf(request));
    if (methods.length === 0) return;
    return new Response(null, {
      status: 204,
      headers: {
        'access-control-allow-methods': methods.join(', '),
        'access-control-allow-headers': ALLOWED_HEADERS,
        'access-control-max-age': String(REMEMBER_SECONDS),
      },
    });
  });
}
