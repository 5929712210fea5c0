/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Elysia } from 'elysia';
import { AdminWaitingPage } from '../../views/admin/waiting.tsx';
import { paths } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import { pageContext } from '../http/context.ts';
import { page } from '../http/page.ts';
import { adminWaitingView, type WaitingSources } from './present.ts';

/** `/admin/waiting`: who waits for what. */
export function waitingAdminRoutes({ guard, ...sources }: WaitingSources & { guard: Guard }) {
  return new Elysia({ detail: { hide: true } })
    .use(guard)
    .get(
      paths.adminWaiting,
      ({ request, user }) => page(<AdminWaitingPage page={pageContext(sources.db, request, user)} view={adminWaitingView(sources)} />),
      { operator: true },
    );
}
