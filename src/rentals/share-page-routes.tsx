/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { paths, rentalPath, sharedPath } from '../../views/paths.ts';
import type { SharedInboxView, SharedRentalView } from '../../views/rentals/model.ts';
import { InvitationPage, SharedInbox, SharedInboxPage, SharedPage } from '../../views/rentals/shared.tsx';
import type { Guard } from '../accounts/guard.ts';
import type { User } from '../accounts/users.ts';
import { serviceName } from '../codes/judge.ts';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import type { MailLinks } from '../mail/links.ts';
import { readShareToken } from '../mail/share-link.ts';
import type { RentalTerms } from './rentals.ts';
import { answer, endShare, INVITED_DAYS, leave, openInvitation, requireShared, type SharedRental, sharedWith } from './shares.ts';
import { messagesOfRental } from './view.ts';

const AnswerForm = type({ 'do?': 'string <= 10' });
const EndForm = type({ 'share?': 'string <= 64' });
const LISTED = 50;
const INBOX_PAGE = 50;

/** `/dashboard/shared`: what others let a customer read, and the invitations to it. */
export function sharePages(deps: { db: Database; door: Door; clock: Clock; terms: RentalTerms; guard: Guard; links: MailLinks }) {
  const { db, door, clock, terms, guard, links } = deps;
  const rentalView = ({ rental, owner }: Pick<SharedRental, 'rental' | 'owner'>): SharedRentalView => {
    const { id, name, number, country, service, status, startsAtMs, endsAtMs, endedAtMs } = rental;
    const words = service === null ? null : serviceName(service, terms.rules());
    return { id, name, number, country, status, startsAtMs, endsAtMs, endedAtMs, owner, serviceName: words };
  };
  const inboxView = (user: User, id: string, query: Record<string, string | undefined>): SharedInboxView => {
    const shared = requireShared(db, id, user.id);
    const search = (query['q'] ?? '').slice(0, 100).trim();
    const cursor = (query['cursor'] ?? '').slice(0, 64) || null;
    const messages = messagesOfRental(db, id, { limit: INBOX_PAGE + 1, cursor, search });
    const shown = messages.slice(0, INBOX_PAGE);
    return {
      ...{ nowMs: clock.nowMs(), rental: rentalView(shared), search, isOlder: cursor !== null },
      messages: shown.map(({ id: messageId, sender, text, code, storedAtMs }) => ({
        ...{ id: messageId, sender, text, code, receivedAtMs: storedAtMs },
      })),
      nextCursor: messages.length > INBOX_PAGE ? (shown.at(-1)?.id ?? null) : null,
    };
  };
  /** In the menu they belong to the rentals. */
  const inRentals = (request: Request, user: User) => ({ ...pageContext(db, request, user), path: paths.rentals });
  const shareOf = (token: string) => readShareToken(links.secret, token, clock.nowMs());

  return new Elysia({ name: 'share-pages', detail: { hide: true } })
    .use(guard)
    .get(
      paths.shared,
      ({ request, user, query }) => {
        const rows = sharedWith(db, user.id, { limit: LISTED + 1, cursor: (query['cursor'] ?? '').slice(0, 64) || null });
        const shown = rows.slice(0, LISTED);
        const view = {
          ...{ nowMs: clock.nowMs(), rentals: shown.map(rentalView), invitedDays: INVITED_DAYS },
          nextCursor: rows.length > LISTED ? (shown.at(-1)?.id ?? null) : null,
        };
        return page(<SharedPage page={inRentals(request, user)} view={view} />);
      },
      { customer: true },
    )
    .get(
      `${paths.shared}/invitation/:token`,
      ({ request, user, params: { token } }) => {
        const open = openInvitation(db, { shareId: shareOf(token), email: user.email, nowMs: clock.nowMs() });
        // What is behind it stays with its customer until it is accepted: who invites and to what kind of thing is enough to decide.
        const view = { token, owner: open.owner, country: open.rental.country, untilMs: open.untilMs, nowMs: clock.nowMs() };
        return page(<InvitationPage page={inRentals(request, user)} view={view} />);
      },
      { customer: true },
    )
    .post(
      `${paths.shared}/invitation/:token`,
      async ({ request, user, params: { token }, body }) => {
        const accepts = body.do === 'accept';
        const share = await door.write((tx) => answer(tx, { shareId: shareOf(token), userId: user.id, email: user.email, accepts }));
        return seeOther(request, accepts ? `${sharedPath(share.rentalId)}?notice=share-accepted` : `${paths.shared}?notice=share-declined`);
      },
      { customer: true, body: AnswerForm },
    )
    .get(
      `${paths.shared}/:id`,
      ({ request, user, params, query }) =>
        page(<SharedInboxPage page={inRentals(request, user)} view={inboxView(user, params.id, query)} />),
      { customer: true },
    )
    .get(`${paths.shared}/:id/messages`, ({ user, params }) => page(<SharedInbox view={inboxView(user, params.id, {})} />), {
      customer: true,
    })
    .get(`${paths.shared}/:id/leave`, ({ request, params }) => seeOther(request, sharedPath(params.id)), { customer: true })
    .post(
      `${paths.shared}/:id/leave`,
      async ({ request, user, params }) => {
        await door.write((tx) => leave(tx, { userId: user.id, rentalId: params.id }));
        return seeOther(request, `${paths.shared}?notice=share-left`);
      },
      { customer: true },
    )
    .post(
      '/dashboard/rentals/:id/unshare',
      async ({ request, user, params, body }) => {
        await door.write((tx) => endShare(tx, { userId: user.id, rentalId: params.id, shareId: body.share ?? '' }));
        return seeOther(request, `${rentalPath(params.id)}?notice=share-ended`);
      },
      { customer: true, body: EndForm },
    );
}
