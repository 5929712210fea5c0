/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { numberGrouped } from '../format.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { attr, Time } from '../parts/text.tsx';
import { paths, withQuery } from '../paths.ts';

interface RetiredRow {
  number: string;
  service: string;
  serviceName: string;
  reason: 'number_unusable' | 'already_registered';
  retiredAtMs: number;
  liftedAtMs: number | null;
  email: string;
  reports: number;
  customers: number;
}

export interface RetiredView {
  nowMs: number;
  /** Only of this one; null: of all. */
  service: string | null;
  counts: { service: string; serviceName: string; count: number }[];
  numbers: RetiredRow[];
  shownMax: number;
  lifted: RetiredRow[];
  often: { days: number; reports: number; percent: number };
  reporters: { email: string; reports: number; retiring: number; orders: number }[];
}

const WHY = { number_unusable: 'refused as invalid or banned', already_registered: 'has an account there already' } as const;

/** Numbers that are not sold for a service because customers reported that it refuses them. */
export function RetiredPage({ page, view }: { page: PageContext; view: RetiredView }): JSX.Element {
  return (
    <Layout page={page} title="Retired numbers">
      <h1>Retired numbers</h1>
      <p class="muted">
        A customer reported that the service refuses the number. It is sold to nobody for that service until you lift it; other services are
        not touched.
      </p>
      <Reporters view={view} />
      {view.counts.length === 0 ? <p class="empty">No number is retired.</p> : <Counts view={view} />}
      {view.numbers.length === 0 ? null : (
        <ul class="retired" aria-label="Retired numbers">
          {view.numbers.map((row) => (
            <Row row={row} nowMs={view.nowMs} />
          ))}
        </ul>
      )}
      {view.numbers.length >= view.shownMax ? (
        <p class="muted" safe>{`Only the first ${view.shownMax} are shown: choose a service above.`}</p>
      ) : null}
      {view.lifted.length === 0 ? null : (
        <section aria-labelledby="lifted-title">
          <h2 id="lifted-title">Lifted lately</h2>
          <ul class="retired">
            {view.lifted.map((row) => (
              <Row row={row} nowMs={view.nowMs} />
            ))}
          </ul>
        </section>
      )}
    </Layout>
  );
}

function Counts({ view }: { view: RetiredView }): JSX.Element {
  return (
    <ul class="tags" aria-label="By service">
      {view.counts.map(({ service, serviceName, count }) => (
        <li>
          <a
            href={attr(withQuery(paths.retired, { service: service === view.service ? null : service }))}
            aria-current={service === view.service ? 'true' : undefined}
            safe
          >
            {`${serviceName} · ${count}`}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Row({ row, nowMs }: { row: RetiredRow; nowMs: number }): JSX.Element {
  const lifted = row.liftedAtMs !== null;
  return (
    <li class="panel" data-number={attr(row.number)} data-service={attr(row.service)}>
      <p>
        <b class="mono" safe>
          {numberGrouped(row.number)}
        </b>{' '}
        <span safe>{row.serviceName}</span>: <span safe>{WHY[row.reason]}</span>
      </p>
      <p class="muted">
        <span safe>
          {row.reports === 1
            ? '1 report'
            : `${row.reports} reports of ${row.customers === 1 ? 'one customer' : `${row.customers} customers`}`}
        </span>
        , first by <bdi safe>{row.email}</bdi> <Time atMs={row.retiredAtMs} nowMs={nowMs} />
        {row.liftedAtMs === null ? null : (
          <>
            ; lifted <Time atMs={row.liftedAtMs} nowMs={nowMs} />
          </>
        )}
      </p>
      <form method="post" action={`${paths.retired}/${lifted ? 'again' : 'lift'}`}>
        <input type="hidden" name="number" value={attr(row.number)} />
        <input type="hidden" name="service" value={attr(row.service)} />
        <button
          type="submit"
          class="secondary outline small"
          aria-label={attr(`${lifted ? 'Retire' : 'Lift'} ${row.number} for ${row.serviceName}`)}
        >
          {lifted ? 'Retire again' : 'Lift'}
        </button>
      </form>
    </li>
  );
}

function Reporters({ view: { reporters, often } }: { view: RetiredView }): JSX.Element {
  if (reporters.length === 0) return '';
  return (
    <section class="problem" aria-labelledby="reporters-title">
      <h2 id="reporters-title">Customers who report often</h2>
      <p
        safe
      >{`At least ${often.reports} reports in ${often.days} days, and ${often.percent} % of their orders. Judge for yourself whether they are unlucky.`}</p>
      <ul>
        {reporters.map(({ email, reports, retiring, orders }) => (
          <li>
            <bdi safe>{email}</bdi>: <span safe>{`${reports} of ${orders} orders reported, ${retiring} of them retiring a number`}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
