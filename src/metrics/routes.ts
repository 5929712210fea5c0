import type { Database } from 'bun:sqlite';
import { Elysia } from 'elysia';
import type { ApiAccess } from '../accounts/api-access.ts';
import { sessionToken } from '../accounts/guard.ts';
import { isAllowedFrom } from '../accounts/key-limits.ts';
import { sessionUser } from '../accounts/sessions.ts';
import { clientAddress } from '../http/address.ts';
import { Refusal } from '../lib/errors.ts';
import type { Meters } from './meters.ts';

export interface MetricsRouteDeps {
  db: Database;
  access: ApiAccess;
  meters: Meters;
  nowMs(): number;
  /** Addresses and networks that need no key. */
  allow: readonly string[];
  trustedProxies: readonly string[];
}

/**
 * `/metrics`, as OpenMetrics text: for addresses of `metrics.allow`, for an operator's API key with the scope `metrics:read`, and for an operator who is signed in. All
 * others are refused with the way in.
 */
export function metricsRoutes({ db, access, meters, nowMs, allow, trustedProxies }: MetricsRouteDeps) {
  function requireReader(request: Request, address: string, headers: Record<string, string>): void {
    if (allow.length > 0 && isAllowedFrom(allow, address)) return;
    if (request.headers.has('authorization')) return requireKey(request, address, headers);
    const token = sessionToken(request);
    if (token !== null && sessionUser(db, token, nowMs())?.role === 'operator') return;
    throw new Refusal(
      'unauthorized',
      `Metrics are for the operator: send \`Authorization: Bearer KEY\` with a key of an operator that has the scope metrics:read, sign in as operator, or have this address (${address}) put into metrics.allow.`,
    );
  }

  function requireKey(request: Request, address: string, headers: Record<string, string>): void {
    access.admit(request, address, headers);
    const holder = access.holderOf(request);
    if (holder?.user.role === 'operator' && holder.key.scopes.includes('metrics:read')) return;
    throw new Refusal('forbidden', 'Metrics take the key of an operator with the scope metrics:read; this key is another one.');
  }

  return new Elysia({ name: 'metrics', detail: { hide: true } }).get(
    '/metrics',
    async () => new Response(await meters.text(), { headers: { 'content-type': meters.contentType, 'cache-control': 'no-store' } }),
    {
      beforeHandle: ({ request, server, set }) =>
        requireReader(request, clientAddress(server, request, trustedProxies), set.headers as Record<string, string>),
    },
  );
}
