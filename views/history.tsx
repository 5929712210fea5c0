/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Message } from './dashboard/order-card.tsx';
import { Tags } from './dashboard/order-extras.tsx';
import { endInWords, isRefunded, money, numberGrouped, STATUS_WORDS } from './format.ts';
import { Layout } from './layout.tsx';
import type { HistoryView, OrderStatus, OrderView, PageContext } from './model.ts';
import { Copy, Country, StatusBadge } from './parts/marks.tsx';
import { ServiceMark } from './parts/service-mark.tsx';
import { attr, Foreign, Time } from './parts/text.tsx';
import { orderPagePath, orderPath, paths, withQuery } from './paths.ts';

interface HistoryProps {
  page: PageContext;
  view: HistoryView;
}

/** All orders of a customer, newest first. The form is a GET with `status` and `q`; `cursor` leads to older ones. */
export function HistoryPage({ page, view }: HistoryProps): JSX.Element {
  const { status, query, tag = null } = view.filter;
  const filtered = status !== null || query !== '' || tag !== null;
  return (
    <Layout page={page} title="History">
      <h1>History</h1>
      <FilterForm view={view} />
      {view.orders.length === 0 ? (
        <p class="empty">
          {filtered ? (
            <>
              {view.searchedToMs === null ? 'No order matches.' : 'No order matches so far.'} <a href={paths.history}>Show all</a>
            </>
          ) : (
            <>
              You have no orders yet. <a href={paths.dashboard}>Get a number</a>
            </>
          )}
        </p>
      ) : (
        <ul class="history">
          {view.orders.map((order) => (
            <HistoryItem order={order} nowMs={view.nowMs} />
          ))}
        </ul>
      )}
      {view.searchedToMs === null ? null : (
        <p class="hint">
          Searched back to <Time atMs={view.searchedToMs} />; older orders were not looked at yet.
        </p>
      )}
      {view.nextCursor ? (
        <p class="pager">
          <a class="button secondary" rel="next" href={attr(withQuery(paths.history, { status, q: query, tag, cursor: view.nextCursor }))}>
            {view.searchedToMs === null ? 'Older' : 'Search older orders'}
          </a>
        </p>
      ) : null}
    </Layout>
  );
}

function FilterForm({ view }: { view: HistoryView }): JSX.Element {
  const statuses = Object.entries(STATUS_WORDS) as [OrderStatus, string][];
  return (
    <form method="get" action={paths.history} class="filter" aria-label="Find orders">
      <div class="field">
        <label for="status">Status</label>
        <select id="status" name="status">
          <option value="">All</option>
          {statuses.map(([status, word]) => (
            <option value={status} selected={view.filter.status === status} safe>
              {word}
            </option>
          ))}
        </select>
      </div>
      <div class="field grow">
        <label for="q">Search</label>
        <input
          id="q"
          name="q"
          type="search"
          value={attr(view.filter.query)}
          placeholder="Number, service, code, text, note or tag"
          maxlength={100}
        />
      </div>
      {view.filter.tag ? (
        <p class="tag-filter">
          <input type="hidden" name="tag" value={attr(view.filter.tag)} />
          Only tagged <b safe>{view.filter.tag}</b>.{' '}
          <a href={attr(withQuery(paths.history, { status: view.filter.status, q: view.filter.query }))}>Show all tags</a>
        </p>
      ) : null}
      <button type="submit" class="secondary">
        Show
      </button>
    </form>
  );
}

function HistoryItem({ order, nowMs }: { order: OrderView; nowMs: number }): JSX.Element {
  return (
    <li class="panel" data-order-id={attr(order.id)} data-status={order.status}>
      <div class="history-line">
        <StatusBadge status={order.status} />
        <span class="what">
          <ServiceMark service={order.service} name={order.serviceName} /> <b safe>{order.serviceName}</b>{' '}
          <Country country={order.country} />
        </span>
        <span class="mono" safe>
          {numberGrouped(order.number)}
        </span>
        <span class="mono row-price">
          <span safe>{money(order.priceMinor, order.currency)}</span>
          {isRefunded(order.status) ? ' returned' : ''}
        </span>
        <a href={attr(orderPagePath(order.id))}>
          <Time atMs={order.createdAtMs} />
          <span class="sr-only" safe>{`: all about the order of ${numberGrouped(order.number)}`}</span>
        </a>
      </div>
      {order.code === null ? null : (
        <p class="history-code">
          Code{' '}
          <bdi class="mono row-code" dir="auto" safe>
            {order.code}
          </bdi>{' '}
          <Copy value={order.code} label={`Copy code ${order.code}`} />
        </p>
      )}
      {order.extras.note === '' ? null : (
        <p class="order-note">
          <Foreign text={order.extras.note} />
        </p>
      )}
      <Tags tags={order.extras.tags} />
      <HistoryMessages order={order} nowMs={nowMs} />
      {order.extras.canReuse && order.status !== 'reported' ? (
        <p class="reuse">
          <a href={attr(orderPath(order.id, 'reuse'))} aria-label={attr(`Use this number again: ${numberGrouped(order.number)}`)}>
            Use this number again…
          </a>
        </p>
      ) : null}
    </li>
  );
}

function HistoryMessages({ order, nowMs }: { order: OrderView; nowMs: number }): JSX.Element {
  if (order.messages.length === 0) {
    return (
      <p class="muted" safe>
        {endInWords(order) ?? 'No SMS yet.'}
      </p>
    );
  }
  return (
    <details>
      <summary>{order.messages.length === 1 ? '1 message' : <>{order.messages.length} messages</>}</summary>
      <ul class="messages">
        {order.messages.map((message) => (
          <Message message={message} nowMs={nowMs} back={paths.history} />
        ))}
      </ul>
    </details>
  );
}
