/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { Elysia } from 'elysia';
import { UnmatchedPage } from '../../views/admin/unmatched.tsx';
import type { Guard } from '../accounts/guard.ts';
import { serviceName } from '../codes/judge.ts';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page } from '../http/page.ts';
import { cutPage } from '../http/schema.ts';
import type { Clock } from '../lib/clock.ts';
import { listSetAside, listUnmatched } from '../messages/messages.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { auditReveal } from './reveals.ts';

const UNMATCHED_PAGE = 50;

/** `/admin/unmatched`: the messages nobody got. That their texts were shown, and to whom, goes to the audit trail. */
export function unmatchedRoutes({
  db,
  door,
  clock,
  guard,
  terms,
}: {
  db: Database;
  door: Door;
  clock: Clock;
  guard: Guard;
  terms: OrderTerms;
}) {
  return new Elysia({ detail: { hide: true } }).use(guard).get(
    '/unmatched',
    async ({ request, user, query }) => {
      const { rows, nextCursor } = cutPage(
        listUnmatched(db, { limit: UNMATCHED_PAGE + 1, cursor: query['cursor'] ?? null }),
        UNMATCHED_PAGE,
      );
      const view = {
        nowMs: clock.nowMs(),
        messages: rows.map(({ storedAtMs, ...message }) => ({
          ...message,
          service: message.service === null ? null : serviceName(message.service, terms.rules()),
          receivedAtMs: storedAtMs,
        })),
        undecodable: listSetAside(db, UNMATCHED_PAGE).map((part) => ({
          id: String(part.id),
          iccid: part.iccid,
          pdu: part.pdu,
          error: part.reason,
          receivedAtMs: part.storedAtMs,
        })),
        nextCursor,
      };
      await auditReveal(door, {
        userId: user.id,
        messageIds: view.messages.map(({ id }) => id),
        partIds: view.undecodable.map(({ id }) => id),
        where: 'in the list of unmatched messages',
      });
      return page(<UnmatchedPage page={pageContext(db, request, user)} view={view} />);
    },
    { operator: true },
  );
}
