/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { DeskDelivery } from '../../src/desk/deliveries.ts';
import type { StoryEntry, StoryKind } from '../../src/desk/story.ts';
import type { Order, OrderMessage } from '../../src/orders/view.ts';
import { countryName, money, numberGrouped, STATUS_WORDS } from '../format.ts';
import { Layout } from '../layout.tsx';
import type { FormView, PageContext } from '../model.ts';
import { Field, FormError } from '../parts/field.tsx';
import { attr, Foreign, ForeignBlock, Time } from '../parts/text.tsx';
import { customerPath, deskOrderPath, paths, reviewPath, simPagePath, supportPath, withQuery } from '../paths.ts';
import { ORDER_LEVELS } from './orders.tsx';
import { DeskStyle, Fact, mayAct, Rows } from './parts.tsx';

export interface DeskOrderView {
  nowMs: number;
  order: Order;
  email: string;
  serviceName: string;
  messages: readonly OrderMessage[];
  story: { entries: readonly StoryEntry[]; shortened: boolean };
  deliveries: readonly DeskDelivery[];
  tickets: readonly { id: string; number: string; state: string }[];
  isGivenBack: boolean;
  form: FormView;
}

const KIND_WORDS: Record<StoryKind, string> = {
  ...{
    order: 'order',
    message: 'SMS',
    other_message: 'other SMS',
    money: 'money',
    outage: 'outage',
    channel: 'told',
    operator: 'operator',
  },
};

/** One order with everything around it, for an operator who answers its customer. */
export function DeskOrderPage({ page, view }: { page: PageContext; view: DeskOrderView }): JSX.Element {
  const { order, nowMs, story } = view;
  return (
    <Layout page={page} title={`Order of ${view.email}`} head={DeskStyle} nowMs={nowMs}>
      <p class="crumbs">
        <a href={paths.deskOrders}>Orders</a>
      </p>
      <h1 safe>{`${view.serviceName}, ${countryName(order.country)}`}</h1>
      <FormError form={view.form} />
      <Facts view={view} />
      {mayAct(page) ? <Actions view={view} /> : null}
      <section aria-labelledby="messages-title">
        <h2 id="messages-title">Its messages</h2>
        {view.messages.length === 0 ? (
          <p class="muted">None.</p>
        ) : (
          <>
            <p class="muted">That you were shown these texts stands in the audit log.</p>
            <ul class="history">
              {view.messages.map((message) => (
                <li class="panel" data-message-id={attr(message.id)}>
                  <div class="history-line">
                    <b>
                      <Foreign text={message.sender} />
                    </b>
                    {message.code === null ? null : (
                      <span class="mono">
                        <Foreign text={message.code} />
                      </span>
                    )}
                    <Time atMs={message.storedAtMs} nowMs={nowMs} />
                    <a href={attr(reviewPath(message.id))}>Look closer</a>
                  </div>
                  <p class="why" safe>
                    {message.reason}
                  </p>
                  <ForeignBlock text={message.text} />
                </li>
              ))}
            </ul>
          </>
        )}
      </section>
      <section aria-labelledby="story-title">
        <h2 id="story-title">What happened</h2>
        {story.shortened ? <p class="muted">Only a part of the messages and events is told here.</p> : null}
        <ol class="story">
          {story.entries.map((entry) => (
            <Entry entry={entry} />
          ))}
        </ol>
      </section>
    </Layout>
  );
}

function Facts({ view }: { view: DeskOrderView }): JSX.Element {
  const { order, nowMs } = view;
  return (
    <dl class="facts panel">
      <Fact name="Status">
        <span class="badge" data-level={ORDER_LEVELS[order.status]} safe>
          {STATUS_WORDS[order.status]}
        </span>{' '}
        <small safe>{order.reason.replaceAll('_', ' ')}</small>
      </Fact>
      <Fact name="Customer">
        <a href={attr(customerPath(order.userId))}>
          <Foreign text={view.email} />
        </a>
      </Fact>
      <Fact name="Number">
        <a class="mono" href={attr(simPagePath(order.iccid))} safe>
          {numberGrouped(order.number)}
        </a>
      </Fact>
      <Fact name="Price">
        <span class="mono" safe>
          {money(order.priceMinor, order.currency)}
        </span>
        {view.isGivenBack ? ' (given back as a credit)' : ''}
      </Fact>
      <Fact name="Made">
        <Time atMs={order.createdAtMs} nowMs={nowMs} />
      </Fact>
      <Fact name={order.endedAtMs === null ? 'Window ends' : 'Ended'}>
        <Time atMs={order.endedAtMs ?? order.expiresAtMs} nowMs={nowMs} />
      </Fact>
      <Fact name="Id">
        <code class="plain" safe>
          {order.id}
        </code>
      </Fact>
      {order.reportReason === null ? null : (
        <Fact name="Reported">
          <Foreign text={`${order.reportReason.replaceAll('_', ' ')} ${order.reportText}`} />
        </Fact>
      )}
      {view.tickets.length === 0 ? null : (
        <Fact name="Tickets">
          {view.tickets.map((ticket) => (
            <>
              <a class="mono" href={attr(supportPath(ticket.id))} safe>
                {ticket.number}
              </a>{' '}
              <span safe>{ticket.state}</span>{' '}
            </>
          ))}
        </Fact>
      )}
      <Fact name="All around it">
        <a href={attr(withQuery(paths.deskMessages, { q: order.number }))}>Messages of the number</a>
      </Fact>
    </dl>
  );
}

function Actions({ view }: { view: DeskOrderView }): JSX.Element {
  const { order, deliveries, form, isGivenBack } = view;
  const isEarned = order.status === 'received' || order.status === 'finished';
  return (
    <section aria-labelledby="act-title">
      <h2 id="act-title">What you can do</h2>
      <div class="desk-columns">
        {order.status === 'pending' ? (
          <form method="post" action={attr(deskOrderPath(order.id, 'cancel'))} class="panel">
            <p class="hint">No code has come. The order ends and the whole price goes back, also before the customer may cancel.</p>
            <button type="submit" class="small">
              Cancel and refund…
            </button>
          </form>
        ) : null}
        {order.status === 'received' ? (
          <form method="post" action={attr(deskOrderPath(order.id, 'finish'))} class="panel">
            <p class="hint">Its code came. Closed, it takes no further message; the money stays earned.</p>
            <button type="submit" class="small secondary">
              Close…
            </button>
          </form>
        ) : null}
        {isEarned && !isGivenBack ? (
          <form method="post" action={attr(deskOrderPath(order.id, 'give-back'))} class="panel">
            <p class="hint">
              A code came, so the price is earned and stays so in the books. What you give back is a credit of its own, once.
            </p>
            <Field
              form={form}
              name="reason"
              label="Give the price back, because"
              hint="For the audit log."
              maxlength={200}
              autocomplete="off"
            />
            <button type="submit" class="small secondary">
              Give back…
            </button>
          </form>
        ) : null}
        {order.status === 'pending' || isEarned ? null : (
          <p class="muted">The order was refunded when it ended: nothing is left to give back.</p>
        )}
      </div>
      {deliveries.length === 0 ? null : <Deliveries order={order} deliveries={deliveries} nowMs={view.nowMs} />}
    </section>
  );
}

const DELIVERY_LEVELS = { waiting: 'busy', delivered: 'good', failed: 'bad' } as const;

function Deliveries({ order, deliveries, nowMs }: { order: Order; deliveries: readonly DeskDelivery[]; nowMs: number }): JSX.Element {
  return (
    <Rows label="Webhooks of this order" heads={['Webhook', 'Event', 'State', 'Queued', 'Again']}>
      {deliveries.map((delivery) => (
        <tr data-delivery-id={attr(delivery.id)}>
          <th scope="row">
            <Foreign text={delivery.url} />
          </th>
          <td data-head="Event" class="mono" safe>
            {delivery.type}
          </td>
          <td data-head="State">
            <span class="badge" data-level={DELIVERY_LEVELS[delivery.state]} safe>
              {delivery.state}
            </span>
            {delivery.lastStatus === null ? null : <small>answered {delivery.lastStatus}</small>}
          </td>
          <td data-head="Queued">
            <Time atMs={delivery.createdAtMs} nowMs={nowMs} />
          </td>
          <td>
            {delivery.state === 'waiting' ? null : (
              <form method="post" action={attr(deskOrderPath(order.id, 'resend'))}>
                <input type="hidden" name="delivery" value={attr(delivery.id)} />
                <button type="submit" class="small quiet" aria-label={attr(`Send again: ${delivery.type} to ${delivery.url}`)}>
                  Send again
                </button>
              </form>
            )}
          </td>
        </tr>
      ))}
    </Rows>
  );
}

function Entry({ entry }: { entry: StoryEntry }): JSX.Element {
  return (
    <li class="desk-line" data-kind={attr(entry.kind)}>
      <time class="mono" datetime={new Date(entry.atMs).toISOString()} safe>
        {new Date(entry.atMs).toISOString().replace('T', ' ').replace('Z', '')}
      </time>
      <div>
        <span class="tag" safe>
          {KIND_WORDS[entry.kind]}
        </span>
        <Foreign text={entry.text} />
        {entry.messageId === null ? null : (
          <>
            {' '}
            <a href={attr(reviewPath(entry.messageId))}>Look closer</a>
          </>
        )}
      </div>
    </li>
  );
}
