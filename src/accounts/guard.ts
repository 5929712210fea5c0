import type { Database } from 'bun:sqlite';
import { Elysia } from 'elysia';
import { Refusal } from '../lib/errors.ts';
import type { ApiAccess } from './api-access.ts';
import type { ApiKey, Scope } from './keys.ts';
import { refuseReadOnly } from './read-only.ts';
import { sessionUser } from './sessions.ts';
import type { User } from './users.ts';

export const SESSION_COOKIE = 'smspin_session';

export interface GuardDeps {
  db: Database;
  access: ApiAccess;
  nowMs(): number;
  /** The customer of the house's own checks, who is in no database (status/checker.ts). */
  checker: { user: User; isVisitor(request: Request, sessionToken: string): boolean };
}

/**
 * Who is asking, as macros: `viewer: true` (a page anybody may see), `customer: true` and `operator: true` (signed in by session cookie; a read-only operator is let in to look alone, refused as `read_only`), `scope: '…'`
 * (an API key that may do that; its `key` too, and the API document says so). Each puts a `user` into the handler's context; what is missing is refused as
 * `unauthorized` or `forbidden`, before anything of the request is read or checked: a stranger is not told what a form or a body should look like.
 */
export function guard({ db, access, nowMs, checker }: GuardDeps) {
  const signedIn = (request: Request): User | null => {
    const token = sessionToken(request);
    if (token === null) return null;
    return checker.isVisitor(request, token) ? checker.user : sessionUser(db, token, nowMs());
  };
  const customer = (request: Request): User => {
    const user = signedIn(request);
    if (!user) throw new Refusal('unauthorized', 'Sign in first.');
    return user;
  };
  const operator = (request: Request): User => {
    const user = customer(request);
    if (user.role !== 'operator') throw new Refusal('forbidden', 'Only the operator of this box may see this page.');
    if (!isSafe(request.method)) refuseReadOnly(db, user.id);
    return user;
  };
  return new Elysia({ name: 'guard' }).macro({
    viewer: { resolve: ({ request }: { request: Request }) => ({ user: signedIn(request) }) },
    customer: early('user', ({ request }) => customer(request)),
    operator: early('user', ({ request }) => operator(request)),
    scope: (scope: Scope) => {
      const { parse, transform } = early('user', ({ request }) => requireScope(access, request, scope).user);
      return {
        ...{ parse, transform, detail: { security: [{ key: [scope] }] } },
        resolve: ({ request }: { request: Request }) => requireScope(access, request, scope),
      };
    },
  });
}

/**
 * The hooks of a guarded route. Elysia checks params, query and body before `resolve`, so who asks is found out before: at `parse`, which runs first
 * where there is a body, and at `transform` on every route. `resolve` hands over what was found, as `name`; each request is looked at once.
 */
export function early<Name extends string, Asks extends object>(name: Name, find: (context: EarlyContext) => Asks) {
  const found = new WeakMap<Request, Asks>();
  const look = (context: EarlyContext): void => {
    if (!found.has(context.request)) found.set(context.request, find(context));
  };
  return {
    parse: look,
    transform: look,
    resolve: (context: EarlyContext) => ({ [name]: found.get(context.request) ?? find(context) }) as Record<Name, Asks>,
  };
}

/** What is known of a request before anything of it was checked. */
export interface EarlyContext {
  request: Request;
  query: Record<string, unknown>;
  /** What the answer will carry. */
  set: { headers: Record<string, string | number | undefined> };
}

/** RFC 9110 9.2.1: asks for no change. */
function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/** The session token of a request's cookie, or null. */
export function sessionToken(request: Request): string | null {
  const cookies = request.headers.get('cookie') ?? '';
  return new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([a-z0-9]{20,64})(?:;|$)`).exec(cookies)?.[1] ?? null;
}

/** The key of `Authorization: Bearer KEY`, or null. */
export function bearerOf(request: Request): string | null {
  return /^Bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
}

/** The customer behind `Authorization: Bearer KEY`, if the key may do `scope`. */
function requireScope(access: ApiAccess, request: Request, scope: Scope): { user: User; key: ApiKey } {
  const holder = access.holderOf(request);
  if (!holder) throw new Refusal('unauthorized', 'Send `Authorization: Bearer KEY`; keys are made in the settings.');
  if (!holder.key.scopes.includes(scope))
    throw new Refusal('forbidden', `This API key lacks the scope ${scope}; it has ${holder.key.scopes.join(', ')}.`);
  return holder;
}

export type Guard = ReturnType<typeof guard>;
