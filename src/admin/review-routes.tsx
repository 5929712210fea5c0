/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { ReportsPage } from '../../views/admin/review-reports.tsx';
import { ReviewPage, ReviewsPage } from '../../views/admin/reviews.tsx';
import { paths } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import type { User } from '../accounts/users.ts';
import type { Door, Tx } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { type Decided, deliverReview, dismissReview, relabelReview, undoReview } from '../reviews/decisions.ts';
import { seeReport } from '../reviews/reports.ts';
import { listAudit } from './audit.ts';
import { auditReveal } from './reveals.ts';
import { reportListView, reviewListView, reviewPageView } from './review-present.ts';

const AUDIT_SHOWN = 20;
const DeliverForm = type({ 'order?': 'string <= 64', 'code?': 'string <= 64', 'typed?': 'string <= 64' });
const ServiceForm = type({ 'service?': 'string <= 64', 'code?': 'string <= 64', 'typed?': 'string <= 64' });
const NoteForm = type({ 'note?': 'string <= 2000' }).or('undefined | null');

/** `/admin/reviews`: messages the rules are not sure about and what customers reported, with the operator's decisions. */
export function reviewRoutes(deps: { db: Database; door: Door; clock: Clock; guard: Guard; terms: OrderTerms }) {
  const { db, door, clock, guard, terms } = deps;
  const sources = { db, terms, nowMs: clock.nowMs };
  const decide = async (request: Request, user: User, messageId: string, notice: string, verb: (tx: Tx) => Decided) => {
    const decided = await door.write(verb);
    if (decided.ok) return seeOther(request, `${paths.reviews}?notice=${notice}`);
    return one(request, user, messageId, decided.problem);
  };
  const one = async (request: Request, user: User, messageId: string, problem: string | null) => {
    const view = reviewPageView(sources, messageId, problem);
    await auditReveal(door, { userId: user.id, messageIds: [messageId], where: 'on its own page' });
    const audit = listAudit(db, messageId, AUDIT_SHOWN);
    return page(<ReviewPage page={pageContext(db, request, user)} view={{ ...view, audit }} />, { status: problem === null ? 200 : 409 });
  };
  return (
    new Elysia({ prefix: paths.reviews, detail: { hide: true } })
      .use(guard)
      .get(
        '',
        async ({ request, user, query }) => {
          const context = pageContext(db, request, user);
          const shown = (items: readonly { message: { id: string } }[], where: string) =>
            auditReveal(door, { userId: user.id, messageIds: items.map(({ message }) => message.id), where });
          if (query['tab'] === 'reported') {
            const view = reportListView(sources);
            await shown(view.reports, 'in the list of reported messages');
            return page(<ReportsPage page={context} view={view} />);
          }
          const view = reviewListView(sources);
          await shown([...view.open, ...view.late, ...view.decided], 'in the list of reviews');
          return page(<ReviewsPage page={context} view={view} />);
        },
        { operator: true },
      )
      .get('/:id', ({ request, user, params }) => one(request, user, params.id, null), { operator: true })
      // A refused decision is answered at its own address, which is then reloaded.
      .get('/:id/:verb', ({ request, params }) => seeOther(request, `${paths.reviews}/${encodeURIComponent(params.id)}`), {
        operator: true,
      })
      .post(
        '/:id/deliver',
        ({ request, user, params: { id }, body }) => {
          const code = body.typed?.trim() || body.code || '';
          const asked = { operatorId: user.id, messageId: id, orderId: body.order ?? '', code };
          return decide(request, user, id, 'review-delivered', (tx) => deliverReview(tx, terms, asked));
        },
        { operator: true, body: DeliverForm },
      )
      .post(
        '/:id/not-code',
        ({ request, user, params: { id }, body }) =>
          decide(request, user, id, 'review-closed', (tx) =>
            dismissReview(tx, terms, { operatorId: user.id, messageId: id, note: body?.note ?? '' }),
          ),
        { operator: true, body: NoteForm },
      )
      .post(
        '/:id/other-service',
        ({ request, user, params: { id }, body }) => {
          const code = body.typed?.trim() || body.code || '';
          const asked = { operatorId: user.id, messageId: id, service: body.service ?? '', code };
          return decide(request, user, id, 'review-decided', (tx) => relabelReview(tx, terms, asked));
        },
        { operator: true, body: ServiceForm },
      )
      .post(
        '/:id/undo',
        ({ request, user, params: { id } }) =>
          decide(request, user, id, 'review-reopened', (tx) => undoReview(tx, terms, { operatorId: user.id, messageId: id })),
        { operator: true },
      )
      .post(
        '/:id/seen',
        async ({ request, user, params: { id }, body }) => {
          await door.write((tx) => seeReport(tx, { operatorId: user.id, messageId: id, note: body?.note ?? '' }));
          return seeOther(request, `${paths.reviews}?tab=reported&notice=report-seen`);
        },
        { operator: true, body: NoteForm },
      )
  );
}
