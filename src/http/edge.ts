import { Elysia } from 'elysia';
import { Refusal } from '../lib/errors.ts';
import { isApi } from './request-id.ts';

/** Who calls the API: lets a request in or throws a Refusal, and puts headers on the answer either way. */
interface Access {
  admit(request: Request, address: string, headers: Record<string, string>): void;
  /** Null: nobody was let in by a key. */
  holderOf(request: Request): object | null;
}

type AddressOf = (server: { requestIP(request: Request): { address: string } | null } | null, request: Request) => string;

/**
 * The doorstep of the API, before anything is routed or read: who asks and how often, then that the body is JSON. GET answers get an ETag of their content unless
 * they have one, and a client that has just that gets 304.
 */
export function apiEdge(deps: { access: Access; addressOf: AddressOf }) {
  return new Elysia({ name: 'api-edge' })
    .onRequest(({ request, server, set }) => {
      if (!isApi(request)) return;
      const headers = set.headers as Record<string, string>;
      headers['cache-control'] = 'no-store';
      deps.access.admit(request, deps.addressOf(server, request), headers);
      // A stranger is told nothing but that he is one.
      if (deps.access.holderOf(request) !== null) refuseForeignBody(request);
    })
    .mapResponse({ as: 'global' }, ({ request, response, set }) => {
      const isAnswer = set.status === undefined || set.status === 200;
      if (request.method !== 'GET' || !isAnswer || !isPlain(response) || !isApi(request)) return undefined;
      return withEtag(request, JSON.stringify(response), set.headers as Record<string, string | undefined>);
    });
}

function refuseForeignBody({ method, headers }: Request): void {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return;
  const hasBody = Number(headers.get('content-length') ?? 0) > 0 || headers.has('transfer-encoding');
  if (hasBody && !/^application\/json\s*(;|$)/i.test(headers.get('content-type') ?? '')) {
    throw new Refusal('unsupported_media_type', 'The API takes JSON: send the body with Content-Type: application/json.');
  }
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function withEtag(request: Request, text: string, headers: Record<string, string | undefined>): Response {
  const etag = headers['etag'] ?? `W/"${Bun.hash(text).toString(36)}"`;
  const own = { etag, 'cache-control': 'private, no-cache' };
  if (matches(request.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers: own });
  return new Response(text, { headers: { ...own, 'content-type': 'application/json' } });
}

/** RFC 9110 13.1.2: a list of tags or `*`, compared weakly. */
function matches(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  const bare = etag.replace(/^W\//, '');
  return ifNoneMatch.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === bare);
}
