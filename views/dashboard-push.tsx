/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Balance, OpenOrders, RecentOrders } from './dashboard/lists.tsx';
import { OrderCard } from './dashboard/order-card.tsx';
import { ids, orderCardId } from './ids.ts';
import type { BalanceView, LiveView, OrderView } from './model.ts';
import { attr, markup } from './parts/text.tsx';
import { Places } from './waiting/places.tsx';

/**
 * Everything on the dashboard that changes by itself, as one message for the socket and as the answer to the poll. Whole lists are merged into
 * the page by element id, so it does not matter which messages were missed, in which tab an order was made, or where the focus is.
 */
export function pushDashboard(view: LiveView): string {
  return markup(
    <>
      <hx-partial hx-target={`#${ids.openOrders}`} hx-swap="outerMorph">
        <OpenOrders view={view} />
      </hx-partial>
      <hx-partial hx-target={`#${ids.places}`} hx-swap="outerMorph">
        <Places places={view.places} nowMs={view.nowMs} />
      </hx-partial>
      <hx-partial hx-target={`#${ids.recentOrders}`} hx-swap="outerMorph">
        <RecentOrders view={view} />
      </hx-partial>
      <hx-partial hx-target={`#${ids.balance}`} hx-swap="outerMorph">
        <Balance balance={view.balance} />
      </hx-partial>
    </>,
  );
}

/** Single cards that changed in place, and the balance: what a code costs to show does not grow with the number of open orders. */
export function pushChanged({ orders, balance, nowMs }: { orders: readonly OrderView[]; balance: BalanceView; nowMs: number }): string {
  return markup(
    <>
      {orders.map((order) => (
        <hx-partial hx-target={attr(`#${orderCardId(order.id)}`)} hx-swap="outerMorph">
          <OrderCard order={order} nowMs={nowMs} />
        </hx-partial>
      ))}
      <hx-partial hx-target={`#${ids.balance}`} hx-swap="outerMorph">
        <Balance balance={balance} />
      </hx-partial>
    </>,
  );
}

/**
 * A sign of life that changes nothing on the page: JSON without `content` is not swapped. Once static/live.js has seen one it takes a socket
 * silent for 45 s as dead and polls, so send one every 15 to 20 s or never.
 */
export function pushHeartbeat(nowMs: number): string {
  return JSON.stringify({ nowMs });
}
