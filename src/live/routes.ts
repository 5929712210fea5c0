import type { Database } from 'bun:sqlite';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { ApiAccess } from '../accounts/api-access.ts';
import { bearerOf, type EarlyContext, early, type Guard } from '../accounts/guard.ts';
import { isAllowedFrom } from '../accounts/key-limits.ts';
import { newestEventOfUser } from '../db/events.ts';
import type { Pushes } from '../evidence/pushes.ts';
import { documented } from '../http/documented.ts';
import { problems } from '../http/schema.ts';
import { type Clock, rfc3339 } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { RandomBytes } from '../lib/ids.ts';
import type { Hub } from './hub.ts';
import { socketOf } from './socket.ts';
import { placeNow, type Reader, StreamChannel } from './stream.ts';
import { TICKET_SECONDS, Tickets } from './tickets.ts';

const StreamQuery = documented(type({ 'after?': 'string <= 64', 'ticket?': 'string <= 64', 'heartbeat?': "'1' | 'true'" }), {
  after: {
    description:
      'An event id: everything after it is sent first, then what comes. `start`: everything since the first event of the account.',
  },
  ticket: { description: 'Of POST /api/v1/stream/tickets, where no Authorization header can be sent.' },
  heartbeat: { description: 'Also send {type: "heartbeat", created_at} every 15 seconds.' },
});

const TicketBody = documented(
  type({ ticket: 'string', expires_at: 'string', last_event: 'string | null' }),
  {
    ticket: { description: 'Good once: WS /api/v1/stream?ticket=…', example: '9d2m4k6p8r0t2v4x6z8b0d2f4h6j8k0m' },
    expires_at: { format: 'date-time', example: '2026-11-22T14:04:22.000Z' },
    last_event: {
      type: ['string', 'null'],
      description:
        'The newest event of the account. Connect with `after` this id (null: `after=start`), and nothing from this moment on is left out.',
      example: 'evt_01kanq7x2g0s8w2m4p6t8v0x2z',
    },
  },
  'StreamTicket',
);

/** Of the upgrade answer without `after`: where the stream begins, as a place to resume from. */
const PLACE_HEADER = 'x-smspin-last-event';

/** `WS /api/v1/stream`, the JSON stream of an account's events, and the tickets by which browsers reach it. */
export function streamRoutes(deps: {
  db: Database;
  hub: Hub;
  clock: Clock;
  random: RandomBytes;
  guard: Guard;
  access: ApiAccess;
  pushes: Pushes;
}) {
  const { db, hub, clock, random, guard, access, pushes } = deps;
  const tickets = new Tickets(random, clock.monotonicMs);
  const channel = new StreamChannel(db, hub, clock.nowMs, (eventId) => pushes.note('stream', [eventId]));

  function readerOf({ request, query, set }: EarlyContext): Reader {
    const secret = query['ticket'] === undefined ? bearerOf(request) : tickets.redeem(String(query['ticket']));
    if (secret === null)
      throw new Refusal(
        'unauthorized',
        query['ticket'] === undefined
          ? 'Send `Authorization: Bearer KEY`, or `?ticket=` of POST /api/v1/stream/tickets.'
          : 'The ticket is unknown, was used, or is older than a minute. Ask for a new one.',
      );
    const found = access.standing(secret);
    if (!found || !isAllowedFrom(found.key.allowedAddresses, access.addressOf(request)))
      throw new Refusal('unauthorized', 'The API key is unknown, was revoked or has expired, or is not for your address.');
    const { scopes } = found.key;
    if (!scopes.includes('orders:read')) throw new Refusal('forbidden', 'This API key lacks the scope orders:read.');
    const place = placeNow(db, found.user.id);
    if (query['after'] === undefined) set.headers[PLACE_HEADER] = place;
    const seesBalance = scopes.includes('balance:read');
    const seesRentals = scopes.includes('rentals:read');
    const seesAlarms = scopes.includes('alarms:read');
    return {
      userId: found.user.id,
      keyId: found.key.id,
      holds: () => access.standing(secret) !== null,
      sees: (type) => {
        if (type === 'balance.changed') return seesBalance;
        if (type.startsWith('alarm.')) return seesAlarms;
        return seesRentals || !type.startsWith('rental.');
      },
      after: query['after'] === undefined ? place : String(query['after']),
      heartbeat: query['heartbeat'] !== undefined,
    };
  }

  return new Elysia({ prefix: '/api/v1/stream', tags: ['events'] })
    .use(guard)
    .macro({ reader: early('reader', readerOf) })
    .post(
      '/tickets',
      ({ request, set, user }) => {
        set.status = 201;
        const ticket = tickets.issue(bearerOf(request) ?? '', user.id);
        const expiresAtMs = clock.nowMs() + TICKET_SECONDS * 1000;
        return { ticket, expires_at: rfc3339(expiresAtMs), last_event: newestEventOfUser(db, user.id) };
      },
      {
        scope: 'orders:read',
        response: { 201: TicketBody, ...problems() },
        detail: {
          operationId: 'createStreamTicket',
          summary: 'A ticket for the stream, for browsers: they send no headers with a WebSocket',
        },
      },
    )
    .get(
      '',
      () => {
        throw new Refusal('upgrade_required', 'Open it as a WebSocket; GET /api/v1/orders/:id?wait=25 waits by plain HTTP.');
      },
      { detail: { hide: true } },
    )
    .ws('', {
      reader: true,
      query: StreamQuery,
      detail: {
        summary: 'Your events as JSON, as they happen (WebSocket)',
        description:
          'Each frame is one event: `{id, type, created_at, data}`. Reconnect with `?after=` the last id you have; nothing is left out. Without `after`, the upgrade answer says in `x-smspin-last-event` where the stream begins. docs/stream.md lists the close codes.',
      },
      open: (ws) => channel.open(socketOf(ws.raw), ws.data.reader),
      drain: (ws) => channel.drained(ws.data.reader.userId, socketOf(ws.raw)),
      close: (ws) => channel.closed(ws.data.reader.userId, socketOf(ws.raw)),
    });
}
