/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { orderPagePath, orderPath, paths } from '../../views/paths.ts';
import { ReusePage } from '../../views/reuse.tsx';
import type { Guard } from '../accounts/guard.ts';
import { newSecret } from '../accounts/secrets.ts';
import type { User } from '../accounts/users.ts';
import { balanceView } from '../balance/present.ts';
import { serviceName } from '../codes/judge.ts';
import { once } from '../db/idempotency.ts';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { ownPath, page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { awaitAnother, extendOrder } from '../orders/extend.ts';
import { labelOrder, tagsTyped } from '../orders/labels.ts';
import { cancelOrder, finishOrder, type OrderTerms } from '../orders/orders.ts';
import { reportOrder } from '../orders/reports.ts';
import { quoteReuse, reuseOrder, whyNotReused } from '../orders/reuse.ts';
import { REPORT_REASONS } from '../orders/state.ts';
import { findOrder } from '../orders/view.ts';

const LabelForm = type({ 'note?': 'string <= 1000', 'tags?': 'string <= 1000', 'back?': 'string <= 200' });
const ReportForm = type({ 'reason?': 'string <= 40', 'text?': 'string <= 2000' }).or('undefined | null');
const ReuseForm = type({ 'max_price?': 'string <= 12', 'idempotency_key?': 'string <= 100' });

/** `/dashboard/orders/:id/…`: the forms of an order's card and page. */
export function orderPages(deps: { db: Database; door: Door; clock: Clock; guard: Guard; terms: OrderTerms }) {
  const { db, door, clock, guard, terms } = deps;
  const act = async (verb: typeof cancelOrder, notice: string, request: Request, user: User, orderId: string) => {
    await door.write((tx) => verb(tx, terms, { userId: user.id, orderId }));
    return seeOther(request, `${paths.dashboard}?notice=${notice}`);
  };
  const reusePage = (request: Request, user: User, orderId: string, refused: { status: number; problem: string } | null) => {
    const order = findOrder(db, orderId, user.id);
    if (!order) throw new Refusal('not_found', 'You have no order with this id.');
    const quote = quoteReuse(db, terms, order, clock.nowMs());
    const view = {
      ...{ orderId, number: order.number, country: order.country, serviceName: serviceName(order.service, terms.rules()) },
      ...{ currency: terms.currency, priceMinor: quote.priceMinor, windowMinutes: quote.windowMinutes },
      whyNot: quote.whyNot === null ? null : whyNotReused(quote),
      problem: refused?.problem ?? null,
      balance: balanceView(db, user.id, terms.currency),
      formKey: newSecret('form-', terms.random),
    };
    return page(<ReusePage page={pageContext(db, request, user)} view={view} />, { status: refused?.status ?? 200 });
  };

  return new Elysia({ name: 'order-pages', detail: { hide: true } })
    .use(guard)
    .post('/dashboard/orders/:id/cancel', ({ request, user, params }) => act(cancelOrder, 'canceled', request, user, params.id), {
      customer: true,
    })
    .post('/dashboard/orders/:id/finish', ({ request, user, params }) => act(finishOrder, 'finished', request, user, params.id), {
      customer: true,
    })
    .post('/dashboard/orders/:id/extend', ({ request, user, params }) => act(extendOrder, 'window-extended', request, user, params.id), {
      customer: true,
    })
    .post('/dashboard/orders/:id/another', ({ request, user, params }) => act(awaitAnother, 'awaiting', request, user, params.id), {
      customer: true,
    })
    .post(
      '/dashboard/orders/:id/label',
      async ({ request, user, params, body }) => {
        const labels = { note: body.note ?? '', tags: tagsTyped(body.tags ?? '') };
        await door.write((tx) => labelOrder(tx, terms, { userId: user.id, orderId: params.id, labels }));
        return seeOther(request, `${ownPath(body.back, orderPagePath(params.id))}?notice=named`);
      },
      { customer: true, body: LabelForm },
    )
    .post(
      '/dashboard/orders/:id/report',
      async ({ request, user, params, body }) => {
        const reason = REPORT_REASONS.find((one) => one === body?.reason);
        if (reason === undefined) throw new Refusal('validation', 'Choose what is wrong with the number.');
        await door.write((tx) => reportOrder(tx, terms, { userId: user.id, orderId: params.id, reason, text: body?.text ?? null }));
        return seeOther(request, `${paths.dashboard}?notice=number-reported`);
      },
      { customer: true, body: ReportForm },
    )
    .get('/dashboard/orders/:id/reuse', ({ request, user, params }) => reusePage(request, user, params.id, null), { customer: true })
    .post(
      '/dashboard/orders/:id/reuse',
      async ({ request, user, params, body }) => {
        const { max_price: shown = '', idempotency_key: key } = body;
        if (!/^\d{1,10}$/.test(shown)) return seeOther(request, orderPath(params.id, 'reuse'));
        const asked = { userId: user.id, orderId: params.id, maxPriceMinor: Number(shown) };
        try {
          await door.write((tx) =>
            once(tx, { userId: user.id, key: key || null, request: ['form-reuse', asked] }, () => reuseOrder(tx, terms, asked)),
          );
          return seeOther(request, `${paths.dashboard}?notice=ordered`);
        } catch (thrown) {
          if (!(thrown instanceof Refusal) || thrown.type === 'not_found') throw thrown;
          const changed =
            thrown.type === 'price_above_max' ? 'The price rose since this page was shown. Look at it again before you order.' : null;
          return reusePage(request, user, params.id, { status: thrown.status, problem: changed ?? thrown.detail });
        }
      },
      { customer: true, body: ReuseForm },
    );
}
