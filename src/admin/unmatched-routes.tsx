/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { Elysia } from 'elysia';
import { UnmatchedPage } from '../../views/admin/unmatched.tsx';
import type { Guard } from '../accounts/guard.ts';
import { pageContext } from '../http/context.ts';
import { page } from '../http/page.ts';
import { cutPage } from '../http/schema.ts';
import type { Clock } from '../lib/clock.ts';
import { listSetAside, listUnmatched } from '../messages/messages.ts';

const UNMATCHED_PAGE = 50;

/** `/admin/unmatched`: the messages nobody got. */
export function unmatchedRoutes({ db, clock, guard }: { db: Database; clock: Clock; guard: Guard }) {
  return new Elysia({ detail: { hide: true } }).use(guard).get(
    '/unmatched',
    ({ request, user, query }) => {
      const { rows, nextCursor } = cutPage(
        listUnmatched(db, { limit: UNMATCHED_PAGE + 1, cursor: query['cursor'] ?? null }),
        UNMATCHED_PAGE,
      );
      const view = {
        nowMs: clock.nowMs(),
        messages: rows.map(({ storedAtMs, ...message }) => ({ ...message, receivedAtMs: storedAtMs })),
        undecodable: listSetAside(db, UNMATCHED_PAGE).map((part) => ({
          id: String(part.id),
          iccid: part.iccid,
          pdu: part.pdu,
          error: part.reason,
          receivedAtMs: part.storedAtMs,
        })),
        nextCursor,
      };
      return page(<UnmatchedPage page={pageContext(db, request, user)} view={view} />);
    },
    { operator: true },
  );
}
