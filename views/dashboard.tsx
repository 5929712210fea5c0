/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { BuyForm } from './dashboard/buy.tsx';
import { Balance, OpenOrders, RecentOrders } from './dashboard/lists.tsx';
import { ids } from './ids.ts';
import { Layout } from './layout.tsx';
import type { DashboardView, PageContext } from './model.ts';
import { attr, Foreign, Time } from './parts/text.tsx';
import { paths, webhookPath } from './paths.ts';
import { SOCKET } from './socket.ts';
import { WaitingStyle } from './waiting/page.tsx';
import { Places } from './waiting/places.tsx';

export { BuyForm } from './dashboard/buy.tsx';
export { Balance, OpenOrders, RecentOrders } from './dashboard/lists.tsx';
export { OrderCard } from './dashboard/order-card.tsx';
export { quotedPriceMinor } from './dashboard/quote.ts';

/** The customer's main page. What changes by itself is inside `#live`; the connection's state stands outside of every swap. */
export function DashboardPage({ page, view }: { page: PageContext; view: DashboardView }): JSX.Element {
  return (
    <Layout page={page} title="Dashboard" nowMs={view.nowMs} head={view.openOrders.length > 0 ? ReloadingHead : WaitingStyle}>
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
      {view.disabledWebhooks.map((webhook) => (
        <DisabledWebhook webhook={webhook} nowMs={view.nowMs} />
      ))}
      <div id={ids.live} class="dash" hx-ws:connect={paths.live} hx-config={SOCKET} data-poll={paths.poll} data-page={paths.dashboard}>
        <OpenOrders view={view} />
        <Places places={view.places} nowMs={view.nowMs} />
        <div class="rail">
          <Balance balance={view.balance} />
          <BuyForm view={view} />
        </div>
        <RecentOrders view={view} />
      </div>
    </Layout>
  );
}

function DisabledWebhook({ webhook, nowMs }: { webhook: DashboardView['disabledWebhooks'][number]; nowMs: number }): JSX.Element {
  return (
    <p class="problem" data-disabled-webhook={attr(webhook.id)}>
      Your webhook to <Foreign text={webhook.url} /> was switched off <Time atMs={webhook.disabledAtMs} nowMs={nowMs} />: events do not
      reach it. <a href={attr(webhookPath(webhook.id))}>See why</a>
    </p>
  );
}

function ReloadingHead(): JSX.Element {
  return (
    <>
      <WaitingStyle />
      <ReloadWithoutScript />
    </>
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
