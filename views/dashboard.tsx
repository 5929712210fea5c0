/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { BuyForm } from './dashboard/buy.tsx';
import { Balance, OpenOrders, RecentOrders } from './dashboard/lists.tsx';
import { ids } from './ids.ts';
import { Layout } from './layout.tsx';
import type { DashboardView, PageContext } from './model.ts';
import { paths } from './paths.ts';
import { SOCKET } from './socket.ts';

export { BuyForm } from './dashboard/buy.tsx';
export { Balance, OpenOrders, RecentOrders } from './dashboard/lists.tsx';
export { OrderCard } from './dashboard/order-card.tsx';
export { quotedPriceMinor } from './dashboard/quote.ts';

/** The customer's main page. What changes by itself is inside `#live`; the connection's state stands outside of every swap. */
export function DashboardPage({ page, view }: { page: PageContext; view: DashboardView }): JSX.Element {
  return (
    <Layout page={page} title="Dashboard" nowMs={view.nowMs} {...(view.openOrders.length > 0 && { head: ReloadWithoutScript })}>
      <div class="dash-head">
        <h1>Dashboard</h1>
        {view.openOrders.length > 0 ? (
          <noscript>
            <p class="connection">This page reloads every 5 s while orders are open.</p>
          </noscript>
        ) : null}
        <p id={ids.connection} class="connection" role="status" data-connection="connecting">
          connecting
        </p>
      </div>
      <div id={ids.live} class="dash" hx-ws:connect={paths.live} hx-config={SOCKET} data-poll={paths.poll} data-page={paths.dashboard}>
        <OpenOrders view={view} />
        <div class="rail">
          <Balance balance={view.balance} />
          <BuyForm view={view} />
        </div>
        <RecentOrders view={view} />
      </div>
    </Layout>
  );
}

/** With the address, because the page may also be the answer to a refused order, whose own address takes no GET. */
function ReloadWithoutScript(): JSX.Element {
  return (
    <noscript>
      <meta http-equiv="refresh" content={`5; url=${paths.dashboard}`} />
    </noscript>
  );
}
