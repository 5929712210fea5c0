/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { OrderCard } from './dashboard/order-card.tsx';
import { REPORT_WORDS } from './dashboard/order-extras.tsx';
import { Layout } from './layout.tsx';
import type { OrderView, PageContext } from './model.ts';
import { attr, Foreign } from './parts/text.tsx';
import { evidencePath, incidentPath, orderPagePath, paths } from './paths.ts';

interface TimelineEntryView {
  atMs: number;
  kind: string;
  clock: 'network' | 'ours';
  text: string;
  eventId: string | null;
  detail?: Record<string, string | number | null>;
}

export interface OrderPageView {
  nowMs: number;
  order: OrderView;
  timeline: {
    entries: readonly TimelineEntryView[];
    shortened: boolean;
    figures: { networkToPushMs: number | null; readToPushMs: number | null };
  };
}

/** One order with all that happened to it: on the screen and on paper. */
export function OrderPage({ page, view }: { page: PageContext; view: OrderPageView }): JSX.Element {
  const { order, timeline, nowMs } = view;
  return (
    <Layout page={page} title="Order" head={Style} nowMs={nowMs}>
      <p class="back">
        <a href={paths.dashboard}>Dashboard</a> · <a href={paths.history}>History</a>
      </p>
      <h1>Order</h1>
      <p class="mono order-id" safe>
        {order.id}
      </p>
      <h2 class="sr-only">Number and code</h2>
      <OrderCard order={order} nowMs={nowMs} back={orderPagePath(order.id)} />
      {order.extras.report === null ? null : (
        <p class="muted">
          You reported: <span safe>{REPORT_WORDS[order.extras.report.reason].toLowerCase()}</span>
          {order.extras.report.text === '' ? null : (
            <>
              {' '}
              (<Foreign text={order.extras.report.text} />)
            </>
          )}
          .
        </p>
      )}
      <section aria-labelledby="timeline-title">
        <h2 id="timeline-title">What happened</h2>
        <Figures figures={timeline.figures} />
        {timeline.shortened ? <p class="muted">Only the newest messages and events are told here.</p> : null}
        <Entries entries={timeline.entries} />
      </section>
      <p class="actions">
        <a class="button secondary" href={attr(evidencePath(order.id))}>
          Signed evidence
        </a>
        <small class="muted">A JSON file of this page that anybody can check with smspin verify. Print this page for paper.</small>
      </p>
    </Layout>
  );
}

function Style(): JSX.Element {
  return <link rel="stylesheet" href="/static/exports.css" />;
}

function Figures({ figures }: { figures: OrderPageView['timeline']['figures'] }): JSX.Element {
  const { networkToPushMs, readToPushMs } = figures;
  if (readToPushMs === null) return '';
  return (
    <p>
      From the serial line to you: <strong class="mono">{readToPushMs} ms</strong>.
      {networkToPushMs === null ? null : (
        <>
          {' '}
          From the network, whose stamp has whole seconds: <span class="mono" safe>{`${(networkToPushMs / 1000).toFixed(1)} s`}</span>.
        </>
      )}
    </p>
  );
}

function Entries({ entries }: { entries: readonly TimelineEntryView[] }): JSX.Element {
  const first = entries[0]?.atMs ?? 0;
  return (
    <ol class="timeline">
      {entries.map((entry) => (
        <li data-kind={attr(entry.kind)}>
          <time class="mono" datetime={new Date(entry.atMs).toISOString()} safe>
            {entry.clock === 'network' ? wholeSeconds(entry.atMs) : exactly(entry.atMs)}
          </time>
          <span class="mono muted since" safe>
            {`+${((entry.atMs - first) / 1000).toFixed(entry.clock === 'network' ? 0 : 3)} s`}
          </span>
          <span class="what">
            <Foreign text={entry.text} />
            <IncidentLink id={entry.detail?.['incident'] ?? null} />
            {entry.eventId === null ? null : (
              <small class="mono muted" safe>
                {entry.eventId}
              </small>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Of an outage that the status page tells of. */
function IncidentLink({ id }: { id: string | number | null }): JSX.Element {
  if (typeof id !== 'string') return '';
  return (
    <>
      {' '}
      <a href={attr(incidentPath(id))}>the incident</a>
    </>
  );
}

const exactly = (atMs: number): string => `${new Date(atMs).toISOString().replace('T', ' ').replace('Z', '')} UTC`;
const wholeSeconds = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
