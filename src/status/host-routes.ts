import { Elysia } from 'elysia';
import { paths } from '../../views/paths.ts';
import { pathOf } from '../http/request-id.ts';
import { Refusal } from '../lib/errors.ts';

/** What is there under the status page's own name. */
const SERVED = /^\/(status(\.json|\.atom|\/.*)?|static\/[^/]+)$/;

/**
 * Requests whose Host is `host` (`[status] host`) get the status pages and their style alone, whoever sends them: no page of the house, no API, no socket. Empty: there is
 * no such name. Use it before any route.
 */
export function statusHost(host: string) {
  return new Elysia({ name: 'status-host' }).onRequest(({ request }) => {
    if (host === '' || hostOf(request) !== host) return;
    const path = pathOf(request);
    if (path === '/') return new Response(null, { status: 302, headers: { location: paths.status } });
    if (!SERVED.test(path)) throw new Refusal('not_found', `Only the status page is here: ${paths.status}.`);
    return;
  });
}

function hostOf(request: Request): string {
  const host = request.headers.get('host') ?? URL.parse(request.url)?.host ?? '';
  return host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
}
