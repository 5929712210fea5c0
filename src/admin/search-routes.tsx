/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { Elysia } from 'elysia';
import { Results, SearchPage } from '../../views/admin/search.tsx';
import type { Guard } from '../accounts/guard.ts';
import { pageContext } from '../http/context.ts';
import { page } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { QUERY_CHARACTERS_MAX, searchHouse } from './search.ts';

/** `/admin/search`: jump anywhere, as a page, and as what the box over every page of the console is filled with. */
export function searchRoutes({ db, clock, guard }: { db: Database; clock: Clock; guard: Guard }) {
  return new Elysia({ detail: { hide: true } }).use(guard).get(
    '/search',
    ({ request, user, query }) => {
      const text = (query['q'] ?? '').trim().slice(0, QUERY_CHARACTERS_MAX);
      const view = { nowMs: clock.nowMs(), query: text, ...searchHouse(db, text) };
      return page(
        request.headers.has('hx-request') ? <Results view={view} /> : <SearchPage page={pageContext(db, request, user)} view={view} />,
      );
    },
    { operator: true },
  );
}
