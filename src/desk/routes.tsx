/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { ConfirmPage } from '../../views/desk/confirm.tsx';
import { DeskOrderPage } from '../../views/desk/order.tsx';
import { DeskMessagesPage, DeskOrdersPage } from '../../views/desk/orders.tsx';
import type { FormView } from '../../views/model.ts';
import { type DeskOrderVerb, deskOrderPath, paths } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import type { User } from '../accounts/users.ts';
import { auditReveal } from '../admin/reveals.ts';
import { serviceName } from '../codes/judge.ts';
import { requireCustomer } from '../customers/profile.ts';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { formatMinor } from '../lib/money.ts';
import { breather } from '../lib/slices.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { ORDER_STATUSES } from '../orders/state.ts';
import { messagesOfOrder, type Order } from '../orders/view.ts';
import { ticketsOfOrder } from '../support/tickets.ts';
import { deepen, NOTHING_FOUND } from './bounded.ts';
import { deliveriesOfOrder } from './deliveries.ts';
import { type MessageSearch, searchMessages, type Verdict } from './message-search.ts';
import { type OrderSearch, searchOrders } from './order-search.ts';
import { type Read, readSearch, type Typed, typedOf } from './query.ts';
import { storyOf } from './story.ts';
import { cancelForCustomer, finishForCustomer, giveBack, isGivenBack, requireOrder, resendWebhook } from './verbs.ts';

export interface DeskDeps {
  db: Database;
  door: Door;
  clock: Clock;
  guard: Guard;
  terms: OrderTerms;
}

const Form = type({ '[string]': 'string <= 1000' }).or('undefined | null');
const PAGE = 25;
const NO_FORM: FormView = { values: {}, errors: {} };
const VERDICTS: readonly Verdict[] = ['accept', 'review', 'reject'];

/** `/admin/orders` and `/admin/messages`: everybody's, searched, and one order with all that happened around it. */
export function deskRoutes({ db, door, clock, guard, terms }: DeskDeps) {
  const show = async (request: Request, user: User, id: string, form: FormView = NO_FORM, status = 200) => {
    const order = requireOrder({ db }, id);
    const messages = messagesOfOrder(db, id);
    await auditReveal(door, { userId: user.id, messageIds: messages.map((one) => one.id), where: 'on the page of its order' });
    const view = {
      ...{ nowMs: clock.nowMs(), order, messages, form, email: requireCustomer(db, order.userId).email },
      ...{ serviceName: serviceName(order.service, terms.rules()), story: storyOf(db, order), deliveries: deliveriesOfOrder(db, id) },
      ...{ tickets: ticketsOfOrder(db, id), isGivenBack: isGivenBack({ db }, order) },
    };
    return page(<DeskOrderPage page={pageContext(db, request, user)} view={view} />, { status });
  };
  const orders = (search: OrderSearch) => deepen(search, (slice) => searchOrders(db, slice), breather(clock));
  const messages = (search: MessageSearch) => deepen(search, (slice) => searchMessages(db, slice), breather(clock));
  return new Elysia({ name: 'desk', detail: { hide: true } })
    .use(guard)
    .get(
      paths.deskOrders,
      async ({ request, user, query }) => {
        const typed = typedOf(query);
        const read = readSearch(db, typed, /^ord_\w{1,40}$/);
        const found = read.problem === null ? await orders(orderSearch(read, typed, query['cursor'])) : NOTHING_FOUND;
        const view = { nowMs: clock.nowMs(), typed, problem: read.problem, ...found, orders: found.rows };
        return page(<DeskOrdersPage page={pageContext(db, request, user)} view={view} />);
      },
      { operator: true },
    )
    .get(
      paths.deskMessages,
      async ({ request, user, query }) => {
        const typed = typedOf(query);
        const read = readSearch(db, typed, /^(msg|ord)_\w{1,40}$/);
        const found = read.problem === null ? await messages(messageSearch(read, typed, query['cursor'])) : NOTHING_FOUND;
        await auditReveal(door, { userId: user.id, messageIds: found.rows.map(({ id }) => id), where: 'in a search of messages' });
        const view = { nowMs: clock.nowMs(), typed, problem: read.problem, ...found, messages: found.rows };
        return page(<DeskMessagesPage page={pageContext(db, request, user)} view={view} />);
      },
      { operator: true },
    )
    .get(`${paths.deskOrders}/:id`, ({ request, user, params }) => show(request, user, params.id), { operator: true })
    .get(`${paths.deskOrders}/:id/:verb`, ({ request, params }) => seeOther(request, deskOrderPath(params.id)), { operator: true })
    .post(
      `${paths.deskOrders}/:id/:verb`,
      async ({ request, user, params: { id, verb }, body }) => {
        const order = requireOrder({ db }, id);
        const asked = { operatorId: user.id, orderId: id };
        const reason = (body?.['reason'] ?? '').trim();
        const act = ACTS[verb as DeskOrderVerb];
        if (act === undefined) throw new Refusal('not_found', 'There is nothing of this name to do about an order.');
        if (verb === 'give-back' && (reason === '' || reason.length > 200)) {
          return show(request, user, id, { values: { reason }, errors: { reason: 'Say why, in 1 to 200 characters.' } }, 422);
        }
        if (act.confirm !== null && body?.['confirm'] !== 'yes') {
          const { title, button, facts } = act.confirm(order);
          const fields: Record<string, string> = reason === '' ? {} : { reason };
          const view = { title, button, facts, fields, subject: requireCustomer(db, order.userId).email };
          const where = { action: deskOrderPath(id, verb as DeskOrderVerb), back: deskOrderPath(id) };
          return page(<ConfirmPage page={pageContext(db, request, user)} view={{ ...view, ...where }} />);
        }
        try {
          await door.write((tx) => {
            if (verb === 'cancel') cancelForCustomer(tx, terms, asked);
            else if (verb === 'finish') finishForCustomer(tx, terms, asked);
            else if (verb === 'give-back') giveBack(tx, terms, { ...asked, reason });
            else resendWebhook(tx, { ...asked, deliveryId: body?.['delivery'] ?? '' });
          });
        } catch (thrown) {
          if (!(thrown instanceof Refusal)) throw thrown;
          return show(request, user, id, { values: { reason }, errors: { '': thrown.detail } }, thrown.status);
        }
        return seeOther(request, `${deskOrderPath(id)}?notice=${act.notice}`);
      },
      { operator: true, body: Form },
    );
}

interface Act {
  notice: string;
  /** What is said before it is done; null where it is done at once. */
  confirm: ((order: Order) => { title: string; button: string; facts: string[] }) | null;
}

const price = ({ priceMinor, currency }: Order): string => formatMinor(priceMinor, currency);

const ACTS: Record<DeskOrderVerb, Act> = {
  cancel: {
    notice: 'desk-canceled',
    confirm: (order) => ({
      ...{ title: 'Cancel and refund this order?', button: 'Cancel and refund' },
      facts: [
        `${price(order)} goes back to the customer’s balance at once.`,
        'A code that comes later reaches nobody.',
        'It cannot be opened again.',
      ],
    }),
  },
  finish: {
    notice: 'desk-finished',
    confirm: () => ({
      ...{ title: 'Close this order?', button: 'Close it' },
      facts: [
        'It takes no further message of its service, and its SIM is free for others after its rest.',
        'The money stays earned.',
        'It cannot be opened again.',
      ],
    }),
  },
  'give-back': {
    notice: 'desk-given-back',
    confirm: (order) => ({
      ...{ title: 'Give the price back?', button: 'Give back' },
      facts: [
        `${price(order)} is credited to the customer, once for this order.`,
        'The order stays as it is: its money was earned when the code came. In the books the credit is a top-up of yours, with a receipt like every top-up.',
      ],
    }),
  },
  resend: { notice: 'webhook-replayed', confirm: null },
};

function orderSearch({ period, userId, id, numbers, text }: Read, { state }: Typed, cursor: string | undefined) {
  return {
    ...{ ...period, userId, id, text, limit: PAGE, cursor: cursorOf(cursor) },
    numbers: numbers === null ? null : [...new Set(numbers.map(({ number }) => number))],
    status: ORDER_STATUSES.find((one) => one === state) ?? null,
  };
}

function messageSearch({ period, userId, id, numbers, text }: Read, { state, q }: Typed, cursor: string | undefined) {
  const cards = numbers?.flatMap(({ iccid }) => iccid ?? []) ?? [];
  // Digits that are no number of ours may be a code, or stand in a text.
  const byCard = cards.length > 0;
  return {
    ...{ ...period, userId, limit: PAGE, cursor: cursorOf(cursor), cards: byCard ? cards : null },
    text: numbers !== null && !byCard ? q : text,
    id: id?.startsWith('msg_') ? id : null,
    orderId: id?.startsWith('ord_') ? id : null,
    verdict: VERDICTS.find((one) => one === state) ?? null,
    went: (['matched', 'unmatched'] as const).find((one) => one === state) ?? null,
  };
}

function cursorOf(cursor: string | undefined): string | null {
  return /^[\w.]{1,64}$/.exec(cursor ?? '')?.[0] ?? null;
}
