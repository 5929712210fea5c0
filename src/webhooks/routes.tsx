import type { Database } from 'bun:sqlite';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { Guard } from '../accounts/guard.ts';
import { type ApiKey, requireReading } from '../accounts/keys.ts';
import type { Door } from '../db/write.ts';
import { documented } from '../http/documented.ts';
import { RateLimit } from '../http/limits.ts';
import { apiPage, problems } from '../http/schema.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { RandomBytes } from '../lib/ids.ts';
import type { Network } from './address.ts';
import { attemptsOf, listDeliveries, ownDelivery, payloadOf } from './deliveries.ts';
import { attemptJson, deliveryJson, webhookJson } from './json.ts';
import { queueTest, replayDelivery, replaySince } from './replay.ts';
import { checkEndpoint, type Resolve } from './resolve.ts';
import {
  DeliveryBody,
  DeliveryListBody,
  DeliveryPath,
  DeliveryQuery,
  NewWebhookBody,
  ReplayBody,
  ReplayedBody,
  RotateBody,
  WebhookBody,
  WebhookListBody,
  WebhookPatchBody,
  WebhookPath,
  WebhookSecretBody,
  WholeDeliveryBody,
} from './schema.ts';
import { readScopesOf, type WebhookEvent } from './types.ts';
import { changeWebhook, createWebhook, deleteWebhook, listWebhooks, OVERLAP_HOURS, ownWebhook, rotateSecret } from './webhooks.ts';

export interface WebhookRouteDeps {
  db: Database;
  door: Door;
  clock: Clock;
  random: RandomBytes;
  guard: Guard;
  limits: WebhookLimits;
  resolve: Resolve;
  allow: readonly Network[];
}

/** What makes this server ask other machines is asked for in moderation; pages and API count together. */
export interface WebhookLimits {
  /** Takes one of what the customer may ask for now, or refuses. */
  take(userId: string): void;
  /** The same for what is sent again: one delivery, or all that failed. */
  takeReplay(userId: string): void;
}

export function webhookLimits(clock: Clock): WebhookLimits {
  const limit = new RateLimit({ burst: 20, refillMs: 60_000, what: 'tests and new addresses of webhook endpoints' });
  const replays = new RateLimit({ burst: 60, refillMs: 60_000, what: 'deliveries sent again' });
  return {
    take: (userId) => limit.take(userId, clock.monotonicMs()),
    takeReplay: (userId) => replays.take(userId, clock.monotonicMs()),
  };
}

/** How long a person waits for a name to be looked up. */
const LOOK_UP_MS = 5000;

/** The address as it is kept, after looking where it leads; refused with the reason at its field. */
export async function checkedUrl({ resolve, allow, limits }: WebhookRouteDeps, userId: string, text: string): Promise<string> {
  limits.take(userId);
  const checked = await checkEndpoint(text.trim(), { resolve, allow, timeoutMs: LOOK_UP_MS });
  if (checked.ok) return checked.url.href;
  const detail = `The address ${checked.why}`;
  throw new Refusal('validation', detail, { errors: [{ field: 'url', message: detail }] });
}

/** A key has no events sent anywhere that it may not read itself; no choice means all. */
function requireEvents(key: ApiKey, events: readonly WebhookEvent[] | null): void {
  const chosen = events === null || events.length === 0 ? null : events;
  const doing = chosen === null ? 'An endpoint that gets all events' : `An endpoint that gets ${chosen.join(', ')}`;
  requireReading(key, readScopesOf(chosen), doing);
}

/** `/api/v1/webhooks`. */
export function webhookRoutes(deps: WebhookRouteDeps) {
  const { db, door, clock, random, guard, limits } = deps;
  const json = (webhook: Parameters<typeof webhookJson>[0]) => webhookJson(webhook, clock.nowMs());
  return new Elysia({ prefix: '/api/v1/webhooks', tags: ['webhooks'] })
    .use(guard)
    .post(
      '',
      async ({ body, user, key, set }) => {
        requireEvents(key, body.events ?? null);
        const url = await checkedUrl(deps, user.id, body.url);
        const wanted = {
          userId: user.id,
          url,
          description: body.description ?? '',
          events: body.events ?? null,
          rentals: body.rentals ?? null,
        };
        const { webhook, secret } = await door.write((tx) => createWebhook(tx, random, wanted));
        set.status = 201;
        return { ...json(webhook), secret };
      },
      {
        scope: 'webhooks:write',
        body: NewWebhookBody,
        response: { 201: WebhookSecretBody, ...problems(409, 429) },
        detail: {
          operationId: 'createWebhook',
          summary: 'Have events sent to an address',
          description:
            'The answer holds the secret that signs them, this once. The key must be able to read what is sent: `orders:read` for the types of orders, `rentals:read` for those of rentals, `balance:read` for `balance.changed`, all three for all.',
        },
      },
    )
    .get('', ({ user }) => ({ data: listWebhooks(db, user.id).map(json) }), {
      scope: 'webhooks:read',
      response: { 200: WebhookListBody, ...problems() },
      detail: { operationId: 'listWebhooks', summary: 'Your endpoints' },
    })
    .get('/:id', ({ params, user }) => json(ownWebhook(db, user.id, params.id)), {
      scope: 'webhooks:read',
      params: WebhookPath,
      response: { 200: WebhookBody, ...problems(404) },
      detail: { operationId: 'getWebhook', summary: 'One endpoint' },
    })
    .patch(
      '/:id',
      async ({ params, body, user, key }) => {
        const before = ownWebhook(db, user.id, params.id);
        const { url, ...rest } = body;
        if (url !== undefined || body.events !== undefined) requireEvents(key, body.events === undefined ? before.events : body.events);
        const changes = { ...rest, ...(url === undefined ? {} : { url: await checkedUrl(deps, user.id, url) }) };
        return json(await door.write((tx) => changeWebhook(tx, { userId: user.id, id: params.id, changes })));
      },
      {
        scope: 'webhooks:write',
        params: WebhookPath,
        body: WebhookPatchBody,
        response: { 200: WebhookBody, ...problems(404, 409, 429) },
        detail: {
          operationId: 'changeWebhook',
          summary: 'Change, pause or switch on again',
          description: 'For another address or other events the key must be able to read what is sent, as for a new endpoint.',
        },
      },
    )
    .delete(
      '/:id',
      async ({ params, user, set }) => {
        await door.write((tx) => deleteWebhook(tx, { userId: user.id, id: params.id }));
        set.status = 204;
      },
      {
        scope: 'webhooks:write',
        params: WebhookPath,
        response: { 204: documented(type('undefined')), ...problems(404) },
        detail: { operationId: 'deleteWebhook', summary: 'Delete an endpoint; what still waits for it is not sent any more' },
      },
    )
    .post(
      '/:id/test',
      async ({ params, user, set }) => {
        limits.take(user.id);
        const id = await door.write((tx) => queueTest(tx, random, { userId: user.id, id: params.id }));
        set.status = 202;
        return deliveryJson(ownDelivery(db, user.id, id));
      },
      {
        scope: 'webhooks:write',
        params: WebhookPath,
        response: { 202: DeliveryBody, ...problems(404, 429) },
        detail: {
          operationId: 'testWebhook',
          summary: 'Send a test event, once',
          description: 'Look at the delivery to see what came of it.',
        },
      },
    )
    .post(
      '/:id/rotate',
      async ({ params, body, user }) => {
        const asked = { userId: user.id, id: params.id, overlapHours: body?.overlap_hours ?? OVERLAP_HOURS };
        const { webhook, secret } = await door.write((tx) => rotateSecret(tx, random, asked));
        return { ...json(webhook), secret };
      },
      {
        scope: 'webhooks:write',
        params: WebhookPath,
        body: RotateBody,
        response: { 200: WebhookSecretBody, ...problems(404) },
        detail: { operationId: 'rotateWebhookSecret', summary: 'A new secret; the present one goes on signing beside it for a day' },
      },
    )
    .get(
      '/:id/deliveries',
      ({ params, query, user }) => {
        const { id } = ownWebhook(db, user.id, params.id);
        return apiPage(query, (page) => listDeliveries(db, id, { ...page, state: query.state ?? null }), deliveryJson);
      },
      {
        scope: 'webhooks:read',
        params: WebhookPath,
        query: DeliveryQuery,
        response: { 200: DeliveryListBody, ...problems(404) },
        detail: { operationId: 'listWebhookDeliveries', summary: 'Deliveries to an endpoint, newest first, of the last 30 days' },
      },
    )
    .post(
      '/:id/replay',
      async ({ params, body, user, set }) => {
        const asked = { userId: user.id, id: params.id, sinceMs: body.since.getTime(), missed: body.missed ?? false };
        limits.takeReplay(user.id);
        set.status = 202;
        return replaySince(door, asked);
      },
      {
        scope: 'webhooks:write',
        params: WebhookPath,
        body: ReplayBody,
        response: { 202: ReplayedBody, ...problems(404, 409, 429) },
        detail: { operationId: 'replayWebhook', summary: 'Send again everything that failed since a time' },
      },
    )
    .get(
      '/deliveries/:id',
      ({ params, user, key }) => {
        const delivery = ownDelivery(db, user.id, params.id);
        requireReading(key, readScopesOf([delivery.type]), `Seeing what was sent as ${delivery.type}`);
        return { ...deliveryJson(delivery), log: attemptsOf(db, delivery.id).map(attemptJson), payload: payloadOf(db, delivery.id) };
      },
      {
        scope: 'webhooks:read',
        params: DeliveryPath,
        response: { 200: WholeDeliveryBody, ...problems(404) },
        detail: {
          operationId: 'getWebhookDelivery',
          summary: 'One delivery with its attempts and what was sent',
          description:
            'The key must be able to read what was sent: `orders:read`, `rentals:read`, or `balance:read` for `balance.changed`. The list of deliveries tells how each went without it.',
        },
      },
    )
    .post(
      '/deliveries/:id/replay',
      async ({ params, user, set }) => {
        limits.takeReplay(user.id);
        await door.write((tx) => replayDelivery(tx, { userId: user.id, id: params.id }));
        set.status = 202;
        return deliveryJson(ownDelivery(db, user.id, params.id));
      },
      {
        scope: 'webhooks:write',
        params: DeliveryPath,
        response: { 202: DeliveryBody, ...problems(404, 409, 429) },
        detail: { operationId: 'replayWebhookDelivery', summary: 'Send a delivery again, under the same event id' },
      },
    );
}
