/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { endInWords, isRefunded, money, numberGrouped } from '../format.ts';
import { ids, recentOrderId } from '../ids.ts';
import type { BalanceView, LiveView, OrderView } from '../model.ts';
import { Country, StatusBadge } from '../parts/marks.tsx';
import { ServiceMark } from '../parts/service-mark.tsx';
import { attr, Time } from '../parts/text.tsx';
import { paths } from '../paths.ts';
import { OrderCard } from './order-card.tsx';

/** An order that ended keeps its card this long, so that nobody who looked away misses how it ended. */
export const JUST_ENDED_MS = 3 * 60_000;

type ListsView = Pick<LiveView, 'nowMs' | 'openOrders' | 'recentOrders'>;

function justEnded(order: OrderView, nowMs: number): boolean {
  return order.endedAtMs !== null && nowMs - order.endedAtMs < JUST_ENDED_MS;
}

/** Money the customer can spend and money held for open orders and rentals. */
export function Balance({ balance }: { balance: BalanceView }): JSX.Element {
  return (
    <dl id={ids.balance} class="balance">
      <div>
        <dt>Balance</dt>
        <dd class="mono" data-available-minor={balance.availableMinor} safe>
          {money(balance.availableMinor, balance.currency)}
        </dd>
        {typeof balance.lowBelowMinor === 'number' ? <LowMark balance={balance} belowMinor={balance.lowBelowMinor} /> : null}
      </div>
      <div>
        <dt>Held</dt>
        <dd class="mono" data-held-minor={balance.heldMinor} safe>
          {money(balance.heldMinor, balance.currency)}
        </dd>
      </div>
    </dl>
  );
}

function LowMark({ balance, belowMinor }: { balance: BalanceView; belowMinor: number }): JSX.Element {
  return (
    <dd class="low-mark" data-low-balance>
      <span safe>{`Low: below ${money(belowMinor, balance.currency)}.`}</span> <a href={paths.balance}>Top up</a>
    </dd>
  );
}

/** Cards of all open orders and of those that ended a moment ago, newest first. */
export function OpenOrders({ view }: { view: ListsView }): JSX.Element {
  const { nowMs } = view;
  const shown = [...view.openOrders, ...view.recentOrders.filter((order) => justEnded(order, nowMs))].toSorted(
    (a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : -1),
  );
  const open = view.openOrders.length;
  const ended = shown.length - open;
  return (
    <section id={ids.openOrders} class="open-orders" aria-labelledby="open-orders-title" data-now-ms={nowMs}>
      <h2 id="open-orders-title">
        {ended === 0 ? (
          <>
            Open orders <span class="count mono">{open}</span>
          </>
        ) : (
          <>
            Orders <small safe>{`${open === 0 ? 'none' : open} open, ${ended} just ended`}</small>
          </>
        )}
      </h2>
      {shown.length === 0 ? <NoOrders /> : shown.map((order) => <OrderCard order={order} nowMs={nowMs} />)}
    </section>
  );
}

function NoOrders(): JSX.Element {
  return (
    <div class="empty">
      <p>
        <strong>No open orders.</strong> Choose a country and a service and press <b>Get a number</b>: the number is here at once, and its
        code the moment the SMS arrives.
      </p>
      <p>
        <a href={`#${ids.buy}`} class="to-buy">
          Choose a number
        </a>
      </p>
    </div>
  );
}

/** The last orders that ended, one line each; what still has a card is not repeated. */
export function RecentOrders({ view }: { view: Pick<ListsView, 'nowMs' | 'recentOrders'> }): JSX.Element {
  const shown = view.recentOrders.filter((order) => !justEnded(order, view.nowMs));
  return (
    <section id={ids.recentOrders} class="recent" aria-labelledby="recent-title">
      <h2 id="recent-title">Recent orders</h2>
      {shown.length === 0 ? (
        <p class="muted">
          {view.recentOrders.length === 0
            ? 'Orders that ended are listed here.'
            : 'What just ended is still among the orders above; it is listed here in a few minutes.'}
        </p>
      ) : (
        <ul class="rows">
          {shown.map((order) => (
            <RecentRow order={order} nowMs={view.nowMs} />
          ))}
        </ul>
      )}
      <p>
        <a href={paths.history}>All orders and messages</a> · <a href={paths.waiting}>Waiting list</a>
      </p>
    </section>
  );
}

function RecentRow({ order, nowMs }: { order: OrderView; nowMs: number }): JSX.Element {
  return (
    <li id={attr(recentOrderId(order.id))} data-status={order.status} title={attr(endInWords(order) ?? '')}>
      <StatusBadge status={order.status} />
      <span class="what">
        <ServiceMark service={order.service} name={order.serviceName} /> <b safe>{order.serviceName}</b> <Country country={order.country} />
      </span>
      <span class="mono" safe>
        {numberGrouped(order.number)}
      </span>
      {order.code === null ? null : (
        <bdi class="mono row-code" dir="auto" safe>
          {order.code}
        </bdi>
      )}
      <span class="mono row-price">
        <span safe>{money(order.priceMinor, order.currency)}</span>
        {isRefunded(order.status) ? ' returned' : ''}
      </span>
      <Time atMs={order.createdAtMs} nowMs={nowMs} />
    </li>
  );
}
