/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Elysia } from 'elysia';
import { Overview, OverviewPage } from '../../views/admin/overview.tsx';
import { paths } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import { pageContext } from '../http/context.ts';
import { page, zippedPage } from '../http/page.ts';
import { type OverviewSources, overviewOf, rangeOf } from './overview.ts';

/** `/admin`: the operator's day at a glance, and the part of it that is fetched again and again. */
export function overviewRoutes(deps: OverviewSources & { guard: Guard }) {
  const viewOf = overviewOf(deps);
  return new Elysia({ detail: { hide: true } })
    .use(deps.guard)
    .get(
      paths.admin,
      ({ request, user, query }) => page(<OverviewPage page={pageContext(deps.db, request, user)} view={viewOf(rangeOf(query))} />),
      { operator: true },
    )
    .get(paths.adminNow, ({ request, query }) => zippedPage(request, <Overview view={viewOf(rangeOf(query))} />), { operator: true });
}
