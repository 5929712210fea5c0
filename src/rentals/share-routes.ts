import type { Database } from 'bun:sqlite';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { Guard } from '../accounts/guard.ts';
import type { Door } from '../db/write.ts';
import { documented } from '../http/documented.ts';
import { apiPage, pageQuery, pageShown, problems } from '../http/schema.ts';
import { type Clock, rfc3339 } from '../lib/clock.ts';
import type { RandomBytes } from '../lib/ids.ts';
import type { MailLinks } from '../mail/links.ts';
import { shareUrl } from '../mail/share-link.ts';
import { MessageListBody } from '../orders/schema.ts';
import { messageJson } from '../orders/view.ts';
import { ownRental } from './rentals.ts';
import { RentalPath } from './schema.ts';
import { endShare, invite, leave, requireShared, type Share, type SharedRental, sharedWith, sharesOf } from './shares.ts';
import { messagesOfRental } from './view.ts';

const Email = type('string <= 300').configure({ message: 'email has at most 300 characters' });
const InviteBody = documented(type({ email: Email, '+': 'reject' }), {
  email: {
    description: 'Whom to invite. The answer is the same whether or not somebody here has this address.',
    example: 'ben@example.org',
  },
});
const ShareType = type({
  id: 'string',
  email: 'string',
  state: "'invited' | 'accepted'",
  invited_at: 'string',
  accept_until: 'string',
  accepted_at: 'string | null',
  url: 'string | null',
});
const AT = '2026-11-22T14:03:22.000Z';
const ShareBody = documented(
  ShareType,
  {
    id: { example: 'shr_01kanq7x2fq3v8b1c6d9e4g5h7' },
    email: { example: 'ben@example.org' },
    state: { description: 'invited: nothing is shown to them yet. accepted: they read the inbox.' },
    invited_at: { format: 'date-time', example: AT },
    accept_until: { format: 'date-time', example: AT },
    accepted_at: { anyOf: [{ type: 'string' }, { type: 'null' }], example: null },
    url: {
      anyOf: [{ type: 'string' }, { type: 'null' }],
      description:
        'The link of the invitation, as it is mailed to the address; null once accepted. It works only for who signs in with that address.',
    },
  },
  'RentalShare',
);
const ShareListBody = documented(type({ data: ShareType.array() }), { data: { type: 'array', items: ShareBody } });
const SharedType = type({
  id: 'string',
  number: 'string',
  name: 'string',
  country: 'string',
  service: 'string | null',
  status: 'string',
  starts_at: 'string',
  ends_at: 'string',
  ended_at: 'string | null',
  shared_by: 'string',
  accepted_at: 'string',
});
const nullable = { anyOf: [{ type: 'string' }, { type: 'null' }] };
const SharedBody = documented(
  SharedType,
  {
    id: { description: 'Of the rental.', example: 'rnt_01kanq7x2fq3v8b1c6d9e4g5h7' },
    number: { example: '+447700900123' },
    service: nullable,
    ended_at: nullable,
    shared_by: { description: 'Whose rental it is.', example: 'anna@example.org' },
  },
  'SharedRental',
);
const SharedListBody = documented(type({ data: SharedType.array(), next_cursor: 'string | null' }), {
  data: { type: 'array', items: SharedBody },
});
const SharePath = documented(type({ id: 'string <= 64', share: 'string <= 64' }), {
  id: { description: 'The id of a rental.' },
  share: { description: 'The id of a share.' },
});
const ListQuery = documented(type({ ...pageQuery }), pageShown);

/** `/api/v1/rentals/:id/shares` for the customer of a rental, `/api/v1/shared-rentals` for those it is shared with. Accepting is a person's act, on its page. */
export function shareApi(deps: { db: Database; door: Door; clock: Clock; random: RandomBytes; guard: Guard; links: MailLinks }) {
  const { db, door, clock, random, guard, links } = deps;
  const json = (share: Share) => ({
    id: share.id,
    email: share.email,
    state: share.state as 'invited' | 'accepted',
    invited_at: rfc3339(share.invitedAtMs),
    accept_until: rfc3339(share.untilMs),
    accepted_at: share.acceptedAtMs === null ? null : rfc3339(share.acceptedAtMs),
    url: share.state === 'invited' ? shareUrl(links, share) : null,
  });
  return new Elysia({ prefix: '/api/v1', tags: ['rentals'] })
    .use(guard)
    .get(
      '/rentals/:id/shares',
      ({ params, user }) => ({ data: sharesOf(db, ownRental({ db }, params.id, user.id).id, clock.nowMs()).map(json) }),
      {
        scope: 'rentals:read',
        params: RentalPath,
        response: { 200: ShareListBody, ...problems(404) },
        detail: { operationId: 'listRentalShares', summary: 'Who reads the inbox of a rental, or is invited to' },
      },
    )
    .post(
      '/rentals/:id/shares',
      async ({ params, body, user, set }) => {
        set.status = 201;
        return json(await door.write((tx) => invite(tx, random, { userId: user.id, rentalId: params.id, email: body.email })));
      },
      {
        scope: 'rentals:write',
        params: RentalPath,
        body: InviteBody,
        response: { 201: ShareBody, ...problems(404, 409, 429) },
        detail: {
          operationId: 'shareRental',
          summary: 'Invite somebody to read the inbox of a rental',
          description:
            'They read all its messages from when they accept until you or they end it, and can do nothing else with it. Inviting an address twice is one share.',
        },
      },
    )
    .delete(
      '/rentals/:id/shares/:share',
      async ({ params, user, set }) => {
        await door.write((tx) => endShare(tx, { userId: user.id, rentalId: params.id, shareId: params.share }));
        set.status = 204;
      },
      {
        scope: 'rentals:write',
        params: SharePath,
        response: { 204: documented(type('undefined')), ...problems(404) },
        detail: { operationId: 'endRentalShare', summary: 'End a share, or take an invitation back' },
      },
    )
    .get(
      '/shared-rentals',
      ({ query, user }) =>
        apiPage(
          query,
          (page) => sharedWith(db, user.id, page),
          (shared) => sharedJson(shared),
        ),
      {
        scope: 'rentals:read',
        query: ListQuery,
        response: { 200: SharedListBody, ...problems() },
        detail: { operationId: 'listSharedRentals', summary: 'Rentals of others that are shared with you' },
      },
    )
    .get(
      '/shared-rentals/:id/messages',
      ({ params, query, user }) => {
        const { rental } = requireShared(db, params.id, user.id);
        return apiPage(query, (page) => messagesOfRental(db, rental.id, page), messageJson);
      },
      {
        scope: 'messages:read',
        params: RentalPath,
        query: ListQuery,
        response: { 200: MessageListBody, ...problems(404) },
        detail: { operationId: 'listSharedRentalMessages', summary: 'The messages of a rental that is shared with you, newest first' },
      },
    )
    .delete(
      '/shared-rentals/:id',
      async ({ params, user, set }) => {
        await door.write((tx) => leave(tx, { userId: user.id, rentalId: params.id }));
        set.status = 204;
      },
      {
        scope: 'rentals:write',
        params: RentalPath,
        response: { 204: documented(type('undefined')), ...problems(404) },
        detail: { operationId: 'leaveSharedRental', summary: 'Read a rental that is shared with you no longer' },
      },
    );
}

function sharedJson({ rental, share, owner }: SharedRental) {
  return {
    id: rental.id,
    number: rental.number,
    name: rental.name,
    country: rental.country,
    service: rental.service,
    status: rental.status,
    starts_at: rfc3339(rental.startsAtMs),
    ends_at: rfc3339(rental.endsAtMs),
    ended_at: rental.endedAtMs === null ? null : rfc3339(rental.endedAtMs),
    shared_by: owner,
    accepted_at: rfc3339(share.acceptedAtMs ?? share.invitedAtMs),
  };
}
