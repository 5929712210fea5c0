/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { OrderPage } from '../../views/order.tsx';
import { paths } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import { orderView } from '../dashboard/present.ts';
import { documentResponse } from '../exports/download.ts';
import type { KeyRing } from '../exports/signing-key.ts';
import { pageContext } from '../http/context.ts';
import { documented } from '../http/documented.ts';
import { page } from '../http/page.ts';
import { problems } from '../http/schema.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { OrderPath } from '../orders/schema.ts';
import { findOrder, type Order } from '../orders/view.ts';
import { evidenceName, evidenceOf, timelineJson } from './present.ts';
import type { Pushes } from './pushes.ts';
import { timelineOf } from './timeline.ts';

export interface EvidenceRouteDeps {
  db: Database;
  clock: Clock;
  terms: OrderTerms;
  guard: Guard;
  keys: KeyRing;
  publicUrl: string;
  pushes: Pushes;
}

const EntryBody = type({
  at: 'string',
  kind: "'status' | 'network_time' | 'part_read' | 'part_stored' | 'judged' | 'event' | 'pushed' | 'attempt' | 'seen'",
  clock: "'network' | 'ours'",
  text: 'string',
  message_id: 'string | null',
  event_id: 'string | null',
  channel: 'string | null',
  detail: 'object',
});
const TimelineBody = documented(
  type({
    order_id: 'string',
    entries: EntryBody.array(),
    shortened: 'boolean',
    figures: type({
      network_to_push_ms: 'number.integer | null',
      read_to_push_ms: 'number.integer | null',
      first_channel: 'string | null',
    }),
  }),
  {
    shortened: { description: 'True when only the newest messages and events are told.' },
    figures: { description: 'Of the first code: from the network, and from the serial line, to the first time it went out.' },
  },
  'Timeline',
);
/** One page shows no more orders than this. */
const SeenForm = type({ event: 'string <= 2000' });
const SEEN_MAX = 50;

/** What happened to an order: its page, `/api/v1/orders/:id/timeline`, and the signed evidence. */
export function evidenceRoutes({ db, clock, terms, guard, keys, publicUrl, pushes }: EvidenceRouteDeps) {
  const own = (id: string, userId: string): Order => {
    const order = findOrder(db, id, userId);
    if (!order) throw new Refusal('not_found', 'You have no order with this id.');
    return order;
  };
  const evidence = async (id: string, userId: string): Promise<Response> => {
    const order = own(id, userId);
    // What went out a moment ago is in it.
    await pushes.flush();
    const document = evidenceOf(db, order, { key: keys.current(), issuer: publicUrl, nowMs: clock.nowMs() });
    return documentResponse(document, evidenceName(order));
  };
  return new Elysia({ name: 'evidence' })
    .use(guard)
    .get(
      `${paths.orders}/:id`,
      async ({ request, user, params }) => {
        const order = own(params.id, user.id);
        pushes.note('page', [order.lastEvent]);
        await pushes.flush();
        const nowMs = clock.nowMs();
        const view = { nowMs, order: orderView(db, terms, order, nowMs), timeline: timelineOf(db, order) };
        return page(<OrderPage page={pageContext(db, request, user)} view={view} />);
      },
      { customer: true, detail: { hide: true } },
    )
    .get(`${paths.orders}/:id/evidence.json`, ({ user, params }) => evidence(params.id, user.id), {
      customer: true,
      detail: { hide: true },
    })
    .post(
      paths.seen,
      ({ user, body }) => {
        const ids = body.event.split(',').slice(0, SEEN_MAX);
        const known = db.query('SELECT 1 FROM events WHERE id = $id AND user_id = $userId');
        pushes.note(
          'seen',
          ids.filter((id) => known.get({ id, userId: user.id }) !== null),
        );
        return new Response(null, { status: 204 });
      },
      { customer: true, body: SeenForm, detail: { hide: true } },
    )
    .get(
      '/api/v1/orders/:id/timeline',
      async ({ user, params }) => {
        const order = own(params.id, user.id);
        await pushes.flush();
        return timelineJson(order.id, timelineOf(db, order));
      },
      {
        scope: 'orders:read',
        params: OrderPath,
        response: { 200: TimelineBody, ...problems(404) },
        detail: {
          operationId: 'getOrderTimeline',
          summary: 'All that happened to an order, from the order to what its receivers acknowledged',
          tags: ['orders'],
        },
      },
    )
    .get('/api/v1/orders/:id/evidence', ({ user, params }) => evidence(params.id, user.id), {
      scope: 'orders:read',
      params: OrderPath,
      detail: {
        operationId: 'getOrderEvidence',
        summary: 'The order with its timeline as a signed document, for `smspin verify`',
        tags: ['orders'],
      },
    });
}
