/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { MessageRow } from '../../src/desk/message-search.ts';
import type { OrderRow } from '../../src/desk/order-search.ts';
import { cardInWords, money, numberGrouped, STATUS_WORDS } from '../format.ts';
import type { OrderStatus, PageContext } from '../model.ts';
import { attr, Foreign, ForeignBlock, Time } from '../parts/text.tsx';
import { customerPath, deskOrderPath, reviewPath, simPagePath, tryMessagePath } from '../paths.ts';
import { Rows } from './parts.tsx';
import { SearchPage, type SearchView } from './search.tsx';

export interface DeskOrdersView extends SearchView {
  orders: readonly OrderRow[];
}

export interface DeskMessagesView extends SearchView {
  messages: readonly MessageRow[];
}

export const ORDER_LEVELS: Record<OrderStatus, string | undefined> = {
  ...{ pending: 'busy', received: 'good', finished: 'good', expired: undefined, canceled: undefined, reported: 'bad' },
};
const ORDER_STATES = [['', 'All'], ...(Object.entries(STATUS_WORDS) as [OrderStatus, string][])] as const;
export const MESSAGE_STATES = [
  ['', 'All'],
  ['matched', 'went to a customer'],
  ['unmatched', 'went to nobody'],
  ['accept', 'accepted'],
  ['review', 'to review'],
  ['reject', 'rejected'],
] as const;
const VERDICT_LEVELS = { accept: 'good', review: 'busy', reject: 'bad' } as const;

/** Orders of all customers. */
export function DeskOrdersPage({ page, view }: { page: PageContext; view: DeskOrdersView }): JSX.Element {
  const props = { page, view, states: ORDER_STATES, placeholder: 'Number, ord_…, service, country', isEmpty: view.orders.length === 0 };
  return (
    <SearchPage {...props} title="Orders">
      {view.orders.length === 0 ? null : (
        <Rows label="Orders" heads={['Order', 'Customer', 'Number', 'Status', { amount: 'Price' }, 'Made']}>
          {view.orders.map((order) => (
            <tr data-order-id={attr(order.id)}>
              <th scope="row">
                <a href={attr(deskOrderPath(order.id))} safe>
                  {`${order.service}, ${order.country.toUpperCase()}`}
                </a>
              </th>
              <td data-head="Customer">
                <a href={attr(customerPath(order.userId))}>
                  <Foreign text={order.email} />
                </a>
              </td>
              <td data-head="Number" class="mono" safe>
                {numberGrouped(order.number)}
              </td>
              <td data-head="Status">
                <span class="badge" data-level={ORDER_LEVELS[order.status]} safe>
                  {STATUS_WORDS[order.status]}
                </span>
              </td>
              <td data-head="Price" class="mono amount" safe>
                {money(order.priceMinor, order.currency)}
              </td>
              <td data-head="Made">
                <Time atMs={order.createdAtMs} nowMs={view.nowMs} />
              </td>
            </tr>
          ))}
        </Rows>
      )}
    </SearchPage>
  );
}

/** Messages of all SIMs, with what the rules said of each. */
export function DeskMessagesPage({ page, view }: { page: PageContext; view: DeskMessagesView }): JSX.Element {
  const props = {
    page,
    view,
    states: MESSAGE_STATES,
    placeholder: 'Number, msg_…, ord_…, sender, text',
    isEmpty: view.messages.length === 0,
  };
  return (
    <SearchPage {...props} title="Messages">
      {view.messages.length === 0 ? null : (
        <>
          <p class="muted">That you were shown these texts stands in the audit log.</p>
          <ul class="history">
            {view.messages.map((message) => (
              <Message message={message} nowMs={view.nowMs} />
            ))}
          </ul>
        </>
      )}
    </SearchPage>
  );
}

function Message({ message, nowMs }: { message: MessageRow; nowMs: number }): JSX.Element {
  return (
    <li class="panel" data-message-id={attr(message.id)}>
      <div class="history-line">
        <span class="badge" data-level={VERDICT_LEVELS[message.verdict]} safe>
          {message.verdict}
        </span>
        <b>
          <Foreign text={message.sender} />
        </b>
        <a class="mono" href={attr(simPagePath(message.iccid))} safe>
          {message.number === null ? cardInWords(message.iccid) : numberGrouped(message.number)}
        </a>
        <Time atMs={message.storedAtMs} nowMs={nowMs} />
        <a href={attr(reviewPath(message.id))}>Look closer</a>
        <a href={attr(tryMessagePath(message.id))}>Explain</a>
      </div>
      <p class="why">
        <Went message={message} /> <span safe>{message.reason.charAt(0).toUpperCase() + message.reason.slice(1)}</span>{' '}
        <small class="mono" safe>{`(${message.rule})`}</small>
      </p>
      <ForeignBlock text={message.text} />
    </li>
  );
}

function Went({ message }: { message: MessageRow }): JSX.Element {
  if (message.userId === null) return <b>Went to nobody.</b>;
  return (
    <>
      Went to{' '}
      <a href={attr(customerPath(message.userId))}>
        <Foreign text={message.email ?? message.userId} />
      </a>
      {message.orderId === null ? (
        ', for a rental.'
      ) : (
        <>
          , <a href={attr(deskOrderPath(message.orderId))}>the order</a>.
        </>
      )}
    </>
  );
}
