import { Elysia } from 'elysia';
import { newId, type RandomBytes } from '../lib/ids.ts';

/** What a client may call its request: long enough to mean something, nothing that could break a log line or a header. */
const SANE = /^[A-Za-z0-9._:+/=-]{1,128}$/;

const known = new WeakMap<Request, string>();

/** The id of a request: the client's own X-Request-Id if it is sane, else a new one; the same at every call. */
export function requestIdOf(request: Request, make: () => string): string {
  const id = known.get(request) ?? given(request) ?? make();
  known.set(request, id);
  return id;
}

function given(request: Request): string | null {
  const id = request.headers.get('x-request-id');
  return id !== null && SANE.test(id) ? id : null;
}

/** Puts `X-Request-Id` on every answer, refusals included: what the log calls a request by. */
export function requestIds(deps: { random: RandomBytes; nowMs(): number }) {
  return new Elysia({ name: 'request-ids' }).onRequest(({ request, set }) => {
    set.headers['x-request-id'] = requestIdOf(request, () => newId('req', deps.nowMs(), deps.random));
  });
}

/** The path of a request without making a URL of it, which costs more than the rest of the edge. */
export function pathOf(request: Request): string {
  const { url } = request;
  const from = url.indexOf('/', url.indexOf('://') + 3);
  const to = url.indexOf('?', from);
  return to < 0 ? url.slice(from) : url.slice(from, to);
}

/** True for what programs call: `/api/v1/…`. */
export function isApi(request: Request): boolean {
  return pathOf(request).startsWith('/api/');
}
