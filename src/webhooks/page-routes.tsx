/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { FormView } from '../../views/model.ts';
import { paths, webhookDeliveryPath, webhookPath, withQuery } from '../../views/paths.ts';
import { WebhookSecretPage, WebhooksPage } from '../../views/settings/webhooks.tsx';
import { WebhookDeliveryPage } from '../../views/settings/webhooks-delivery.tsx';
import { WebhookPage } from '../../views/settings/webhooks-one.tsx';
import type { User } from '../accounts/users.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import { Refusal } from '../lib/errors.ts';
import { DELIVERY_STATES, ownDelivery } from './deliveries.ts';
import { deliveryPageView, EMPTY_FORM, webhookPageView, webhooksView, webhookView } from './present.ts';
import { queueTest, replayDelivery, replaySince } from './replay.ts';
import { checkedUrl, type WebhookRouteDeps } from './routes.tsx';
import { WEBHOOK_EVENT_TYPES, type WebhookEvent } from './types.ts';
import {
  changeWebhook,
  createWebhook,
  DESCRIPTION_CHARACTERS_MAX,
  deleteWebhook,
  OVERLAP_HOURS,
  ownWebhook,
  rotateSecret,
  secretMark,
  type Webhook,
} from './webhooks.ts';

const EndpointForm = type({
  'url?': 'string <= 4000',
  'description?': 'string <= 1000',
  'which?': 'string <= 10',
  'events?': 'string | string[]',
  'whose?': 'string <= 10',
  'rentals?': 'string | string[]',
});
const RotateForm = type({ 'mark?': 'string <= 80', 'leaked?': 'string <= 10' });
const ReplayForm = type({ 'hours?': 'string.integer.parse', 'missed?': 'string <= 10' });
const HOUR_MS = 3_600_000;
/** So long the page of a test waits to show what came of it; then it shows that it is under way. */
const TEST_WAIT_MS = 4000;
const TEST_LOOK_MS = 50;

/** `/settings/webhooks`: everything the API can do, for people, without JavaScript. */
export function webhookPages(deps: WebhookRouteDeps) {
  const { db, door, clock, random, guard, limits } = deps;
  const listPage = (request: Request, user: User, form: FormView, status = 200) =>
    page(<WebhooksPage page={pageContext(db, request, user)} view={webhooksView(db, user.id, clock.nowMs(), form)} />, { status });
  const onePage = (request: Request, user: User, id: string, form: FormView | null, query: Record<string, string | undefined> = {}) => {
    const filter = DELIVERY_STATES.find((state) => state === query['state']) ?? null;
    const asked = { userId: user.id, id, nowMs: clock.nowMs(), filter, cursor: query['cursor'] ?? null };
    return page(<WebhookPage page={pageContext(db, request, user)} view={webhookPageView(db, asked, form)} />, {
      status: form ? 422 : 200,
    });
  };
  const secretPage = (request: Request, user: User, made: { webhook: Webhook; secret: string }, isNew: boolean) => {
    const webhook = webhookView(db, made.webhook, clock.nowMs());
    return page(<WebhookSecretPage page={pageContext(db, request, user)} view={{ webhook, secret: made.secret, isNew }} />);
  };
  async function firstAttempt(userId: string, deliveryId: string): Promise<void> {
    const untilMs = clock.monotonicMs() + TEST_WAIT_MS;
    while (clock.monotonicMs() < untilMs && ownDelivery(db, userId, deliveryId).attempts === 0) await Bun.sleep(TEST_LOOK_MS);
  }

  return new Elysia({ prefix: paths.webhooks, detail: { hide: true } })
    .use(guard)
    .get('', ({ request, user }) => listPage(request, user, EMPTY_FORM), { customer: true })
    .post(
      '',
      async ({ request, user, body }) => {
        const form = readForm(body);
        try {
          const wanted = await wantedOf(deps, user.id, form);
          const made = await door.write((tx) => createWebhook(tx, random, { userId: user.id, ...wanted }));
          return secretPage(request, user, made, true);
        } catch (thrown) {
          return listPage(request, user, refusedForm(form, thrown), 422);
        }
      },
      { customer: true, body: EndpointForm },
    )
    .get('/:id', ({ request, user, params, query }) => onePage(request, user, params.id, null, query), { customer: true })
    .post(
      '/:id',
      async ({ request, user, params, body }) => {
        const form = readForm(body);
        const before = ownWebhook(db, user.id, params.id);
        try {
          const changes = await wantedOf(deps, user.id, form, before.url);
          await door.write((tx) => changeWebhook(tx, { userId: user.id, id: params.id, changes }));
        } catch (thrown) {
          return onePage(request, user, params.id, refusedForm(form, thrown));
        }
        return seeOther(request, withQuery(webhookPath(params.id), { notice: 'webhook-saved' }));
      },
      { customer: true, body: EndpointForm },
    )
    .post(
      '/:id/test',
      async ({ request, user, params }) => {
        limits.take(user.id);
        const deliveryId = await door.write((tx) => queueTest(tx, random, { userId: user.id, id: params.id }));
        await firstAttempt(user.id, deliveryId);
        return seeOther(request, webhookDeliveryPath(params.id, deliveryId));
      },
      { customer: true },
    )
    .post(
      '/:id/pause',
      async ({ request, user, params }) => {
        await door.write((tx) => changeWebhook(tx, { userId: user.id, id: params.id, changes: { paused: true } }));
        return seeOther(request, withQuery(webhookPath(params.id), { notice: 'webhook-paused' }));
      },
      { customer: true },
    )
    .post(
      '/:id/resume',
      async ({ request, user, params }) => {
        await door.write((tx) => changeWebhook(tx, { userId: user.id, id: params.id, changes: { paused: false } }));
        return seeOther(request, withQuery(webhookPath(params.id), { notice: 'webhook-resumed' }));
      },
      { customer: true },
    )
    .post(
      '/:id/rotate',
      async ({ request, user, params, body }) => {
        const asked = { userId: user.id, id: params.id, overlapHours: body.leaked === undefined ? OVERLAP_HOURS : 0 };
        // The page was sent twice, or another one rotated meanwhile: what it meant has happened.
        const made = await door.write((tx) =>
          secretMark(tx.db, ownWebhook(tx.db, user.id, params.id).id) === body.mark ? rotateSecret(tx, random, asked) : null,
        );
        if (made) return secretPage(request, user, made, false);
        return seeOther(request, withQuery(webhookPath(params.id), { notice: 'webhook-rotated-before' }));
      },
      { customer: true, body: RotateForm },
    )
    .post(
      '/:id/replay',
      async ({ request, user, params, body }) => {
        const sinceMs = clock.nowMs() - (body.hours ?? 0) * HOUR_MS;
        const asked = { userId: user.id, id: params.id, sinceMs, missed: body.missed !== undefined };
        limits.takeReplay(user.id);
        const { queued, more } = await replaySince(door, asked);
        const notice = queued === 0 ? 'webhook-replayed-none' : more ? 'webhook-replayed-more' : 'webhook-replayed';
        return seeOther(request, withQuery(webhookPath(params.id), { notice }));
      },
      { customer: true, body: ReplayForm },
    )
    .post(
      '/:id/delete',
      async ({ request, user, params }) => {
        await door.write((tx) => deleteWebhook(tx, { userId: user.id, id: params.id }));
        return seeOther(request, withQuery(paths.webhooks, { notice: 'webhook-deleted' }));
      },
      { customer: true },
    )
    .get(
      '/:id/deliveries/:delivery',
      ({ request, user, params }) => {
        const view = deliveryPageView(db, user.id, params.delivery, clock.nowMs());
        return page(<WebhookDeliveryPage page={pageContext(db, request, user)} view={view} />);
      },
      { customer: true },
    )
    .post(
      '/:id/deliveries/:delivery/replay',
      async ({ request, user, params }) => {
        limits.takeReplay(user.id);
        await door.write((tx) => replayDelivery(tx, { userId: user.id, id: params.delivery }));
        return seeOther(request, withQuery(webhookDeliveryPath(params.id, params.delivery), { notice: 'webhook-replayed' }));
      },
      { customer: true },
    );
}

function readForm({
  url = '',
  description = '',
  which = 'all',
  events = [],
  whose = 'all',
  rentals = [],
}: typeof EndpointForm.infer): FormView {
  const chosen = { events: [events].flat().join(' '), rentals: [rentals].flat().join(' ') };
  return { values: { url: url.trim(), description: description.trim(), which, whose, ...chosen }, errors: {} };
}

/** What the form asks for; refused with the reasons at its fields. An address that stays as it is was looked at when it came. */
async function wantedOf(deps: WebhookRouteDeps, userId: string, { values }: FormView, present?: string) {
  const { url = '', description = '', which, events = '', whose, rentals = '' } = values;
  const ofRentals = rentals.split(' ').filter((one) => one !== '');
  const chosen = events.split(' ').filter((one): one is WebhookEvent => WEBHOOK_EVENT_TYPES.some((type) => type === one));
  const errors = [
    ...(which === 'some' && chosen.length === 0 ? [{ field: 'events', message: 'Tick at least one, or choose all.' }] : []),
    ...(whose === 'some' && ofRentals.length === 0 ? [{ field: 'rentals', message: 'Tick at least one, or choose all.' }] : []),
    ...(description.length > DESCRIPTION_CHARACTERS_MAX
      ? [{ field: 'description', message: `At most ${DESCRIPTION_CHARACTERS_MAX} characters.` }]
      : []),
  ];
  if (errors.length > 0) throw new Refusal('validation', 'The form is not complete.', { errors });
  return {
    url: url === present ? url : await checkedUrl(deps, userId, url),
    description,
    events: which === 'some' ? chosen : null,
    rentals: whose === 'some' ? ofRentals : null,
  };
}

/** The form again with what was wrong; anything but a refusal goes on. */
function refusedForm(form: FormView, thrown: unknown): FormView {
  if (!(thrown instanceof Refusal) || thrown.type === 'not_found') throw thrown;
  const fields = thrown.extra['errors'] as { field: string; message: string }[] | undefined;
  if (fields) return { ...form, errors: Object.fromEntries(fields.map(({ field, message }) => [field, message])) };
  return { ...form, errors: { [thrown.type === 'already_exists' ? 'url' : '']: thrown.detail } };
}
