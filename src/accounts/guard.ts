import type { Database } from 'bun:sqlite';
import { Elysia } from 'elysia';
import { Refusal } from '../lib/errors.ts';
import { keyHolder, type Scope } from './keys.ts';
import { sessionUser } from './sessions.ts';
import type { User } from './users.ts';

export const SESSION_COOKIE = 'smspin_session';

export interface GuardDeps {
  db: Database;
  nowMs(): number;
}

/**
 * Who is asking, as macros: `viewer: true` (a page anybody may see), `customer: true` and `operator: true` (signed in by session cookie), `scope: '…'`
 * (an API key that may do that). Each puts a `user` into the handler's context; what is missing is refused as `unauthorized` or `forbidden`.
 */
export function guard({ db, nowMs }: GuardDeps) {
  const signedIn = (request: Request): User | null => {
    const token = sessionToken(request);
    return token === null ? null : sessionUser(db, token, nowMs());
  };
  const required = (request: Request): User => {
    const user = signedIn(request);
    if (!user) throw new Refusal('unauthorized', 'Sign in first.');
    return user;
  };
  return new Elysia({ name: 'guard' }).macro({
    viewer: { resolve: ({ request }: { request: Request }) => ({ user: signedIn(request) }) },
    customer: { resolve: ({ request }: { request: Request }) => ({ user: required(request) }) },
    operator: {
      resolve: ({ request }: { request: Request }) => {
        const user = required(request);
        if (user.role !== 'operator') throw new Refusal('forbidden', 'Only the operator of this box may see this page.');
        return { user };
      },
    },
    scope: (scope: Scope) => ({
      resolve: ({ request }: { request: Request }) => ({ user: apiUser(db, request, scope) }),
    }),
  });
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
function apiUser(db: Database, request: Request, scope: Scope): User {
  const secret = bearerOf(request);
  if (secret === null) {
    throw new Refusal('unauthorized', 'Send `Authorization: Bearer KEY`; `smspin key create EMAIL` makes a key.');
  }
  const holder = keyHolder(db, secret);
  if (!holder) throw new Refusal('unauthorized', 'The API key is unknown or was revoked.');
  if (!holder.scopes.includes(scope))
    throw new Refusal('forbidden', `This API key lacks the scope ${scope}; it has ${holder.scopes.join(', ')}.`);
  return holder.user;
}

export type Guard = ReturnType<typeof guard>;
