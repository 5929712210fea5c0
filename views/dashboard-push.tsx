import { Html } from '@elysiajs/html';
import { Balance, OpenOrders, RecentOrders } from './dashboard/lists.tsx';
import { ids } from './ids.ts';
import type { BalanceView, LiveView } from './model.ts';
import { markup } from './parts/text.tsx';

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
      <hx-partial hx-target={`#${ids.recentOrders}`} hx-swap="outerMorph">
        <RecentOrders view={view} />
      </hx-partial>
      <hx-partial hx-target={`#${ids.balance}`} hx-swap="outerMorph">
        <Balance balance={view.balance} />
      </hx-partial>
    </>,
  );
}

/** The balance alone, after a movement that belongs to no order. */
export function pushBalance(balance: BalanceView): string {
  return markup(
    <hx-partial hx-target={`#${ids.balance}`} hx-swap="outerMorph">
      <Balance balance={balance} />
    </hx-partial>,
  );
}

/**
 * A sign of life that changes nothing on the page: JSON without `content` is not swapped. Once static/live.js has seen one it takes a socket
 * silent for 45 s as dead and polls, so send one every 15 to 20 s or never.
 */
export function pushHeartbeat(nowMs: number): string {
  return JSON.stringify({ nowMs });
}
