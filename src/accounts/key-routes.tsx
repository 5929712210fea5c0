/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { KeysPage } from '../../views/settings/keys.tsx';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { documented } from '../http/documented.ts';
import { page, seeOther } from '../http/page.ts';
import { problems } from '../http/schema.ts';
import { type Clock, rfc3339 } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { RandomBytes } from '../lib/ids.ts';
import type { Guard } from './guard.ts';
import { readKeyForm } from './key-form.ts';
import { type KeyBody, KeyListBody, KeyPath, KeyRequestBody, NewKeyBody } from './key-schema.ts';
import { type ApiKey, createKey, listKeys, revokeKey } from './keys.ts';
import type { User } from './users.ts';

const KeyForm = type({
  'name?': 'string <= 200',
  'scope?': 'string <= 40 | string[] <= 40',
  'days?': 'string <= 10',
  'addresses?': 'string <= 5000',
});

/** API keys: `/api/v1/keys`, and the page in the settings. */
export function keyRoutes({
  db,
  door,
  clock,
  random,
  guard,
}: {
  db: Database;
  door: Door;
  clock: Clock;
  random: RandomBytes;
  guard: Guard;
}) {
  const keysPage = (request: Request, user: User, more: Partial<Parameters<typeof KeysPage>[0]['view']>, status = 200) => {
    const form = { values: {}, errors: {} };
    const view = { nowMs: clock.nowMs(), keys: listKeys(db, user.id), form, chosenScopes: null, made: null, ...more };
    return page(<KeysPage page={{ ...pageContext(db, request, user), path: '/settings/keys' }} view={view} />, { status });
  };

  return new Elysia()
    .use(guard)
    .get('/api/v1/keys', ({ user }) => ({ data: listKeys(db, user.id).map(keyJson) }), {
      scope: 'keys:write',
      response: { 200: KeyListBody, ...problems() },
      detail: { tags: ['keys'], operationId: 'listKeys', summary: 'Your API keys that were not revoked, newest first' },
    })
    .post(
      '/api/v1/keys',
      async ({ body, user, key: maker, set }) => {
        const limits = {
          expiresAtMs: body.expires_at === undefined ? null : Date.parse(body.expires_at),
          allowedAddresses: body.allowed_addresses ?? [],
        };
        const made = await door.write((tx) =>
          createKey(tx, random, { userId: user.id, name: body.name, scopes: body.scopes, limits, maker }),
        );
        set.status = 201;
        return { ...keyJson(made.key), key: made.secret };
      },
      {
        scope: 'keys:write',
        body: KeyRequestBody,
        response: { 201: NewKeyBody, ...problems() },
        detail: {
          tags: ['keys'],
          operationId: 'createKey',
          summary: 'Make an API key',
          description:
            'The key itself is in this answer and in no other. It can do no more than the key that makes it: no scope, no address and no day longer.',
        },
      },
    )
    .delete(
      '/api/v1/keys/:id',
      async ({ params, user, set }) => {
        await door.write((tx) => revokeKey(tx, { id: params.id, userId: user.id }));
        set.status = 204;
      },
      {
        scope: 'keys:write',
        params: KeyPath,
        response: { 204: documented(type('undefined')), ...problems(404) },
        detail: { tags: ['keys'], operationId: 'revokeKey', summary: 'Revoke an API key, at once and for good' },
      },
    )
    .get('/settings', ({ request }) => seeOther(request, '/settings/notifications'), { customer: true, detail: { hide: true } })
    .get('/settings/keys', ({ request, user }) => keysPage(request, user, {}), { customer: true, detail: { hide: true } })
    .post(
      '/settings/keys',
      async ({ request, user, body }) => {
        const { wanted, form } = readKeyForm(body, clock.nowMs());
        if (!wanted) return keysPage(request, user, { form, chosenScopes: [body.scope ?? []].flat() }, 422);
        try {
          const made = await door.write((tx) => createKey(tx, random, { userId: user.id, ...wanted }));
          return keysPage(request, user, { made: { secret: made.secret, key: made.key } });
        } catch (thrown) {
          if (!(thrown instanceof Refusal)) throw thrown;
          const refused = { ...form, errors: { '': thrown.detail } };
          return keysPage(request, user, { form: refused, chosenScopes: wanted.scopes }, thrown.status);
        }
      },
      { customer: true, body: KeyForm, detail: { hide: true } },
    )
    .post(
      '/settings/keys/:id/revoke',
      async ({ request, user, params }) => {
        await door.write((tx) => revokeKey(tx, { id: params.id, userId: user.id }));
        return seeOther(request, '/settings/keys?notice=key-revoked');
      },
      { customer: true, params: KeyPath, detail: { hide: true } },
    );
}

function keyJson(key: ApiKey): typeof KeyBody.infer {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes: [...key.scopes],
    created_at: rfc3339(key.createdAtMs),
    last_used_at: key.lastUsedAtMs === null ? null : rfc3339(key.lastUsedAtMs),
    last_used_address: key.lastUsedAddress,
    expires_at: key.expiresAtMs === null ? null : rfc3339(key.expiresAtMs),
    allowed_addresses: [...key.allowedAddresses],
  };
}
