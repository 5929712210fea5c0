/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { countryName } from '../format.ts';
import { Time } from '../parts/text.tsx';
import { Bars } from './bars.tsx';
import { StatusFrame } from './frame.tsx';
import type { DeliveryFigure, StatusFrameView, StatusView, SurfaceView } from './model.ts';
import { Incident, Maintenance, StateBadge } from './parts.tsx';
import { Subscribe } from './subscribe.tsx';
import { percentText, SURFACE_HINTS, SURFACE_NAMES, secondsText } from './words.ts';

const MONTHS_SHOWN = 6;

/** How the house does and did: for everybody, without signing in and without scripts. */
export function StatusPage({ frame, view }: { frame: StatusFrameView; view: StatusView }): JSX.Element {
  const { nowMs } = frame;
  const open = view.incidents.filter(({ endedAtMs }) => endedAtMs === null);
  const past = view.incidents.filter(({ endedAtMs }) => endedAtMs !== null);
  const ahead = view.maintenance.filter(({ endsAtMs, isCanceled }) => !isCanceled && endsAtMs > nowMs);
  const before = view.maintenance.filter((window) => !ahead.includes(window)).toReversed();
  return (
    <StatusFrame frame={frame} title="Status" isVirtual={view.isVirtual}>
      <h1 safe>{headline(view)}</h1>
      <p class="muted">
        As of <Time atMs={view.madeAtMs} />. <Since view={view} />
      </p>
      {open.length === 0 ? null : (
        <section class="panel" aria-labelledby="open">
          <h2 id="open">Going on now</h2>
          {open.map((incident) => (
            <Incident incident={incident} nowMs={nowMs} />
          ))}
        </section>
      )}
      {ahead.length === 0 ? null : (
        <section class="panel" aria-labelledby="ahead">
          <h2 id="ahead">Maintenance ahead</h2>
          {ahead.map((window) => (
            <Maintenance window={window} nowMs={nowMs} />
          ))}
        </section>
      )}
      {view.surfaces.map((surface) => (
        <Surface view={surface} />
      ))}
      <Delivery delivery={view.delivery} />
      <section class="panel" aria-labelledby="past">
        <h2 id="past">Past incidents</h2>
        {past.length === 0 ? (
          <p class="empty">None in the last 90 days.</p>
        ) : (
          past.map((incident) => <Incident incident={incident} nowMs={nowMs} />)
        )}
      </section>
      {before.length === 0 ? null : (
        <section class="panel" aria-labelledby="before">
          <h2 id="before">Past maintenance</h2>
          {before.map((window) => (
            <Maintenance window={window} nowMs={nowMs} />
          ))}
        </section>
      )}
      <Subscribe canMail={view.canMail} />
    </StatusFrame>
  );
}

/** The worst of the surfaces, as a sentence. */
function headline({ surfaces }: StatusView): string {
  const bad = surfaces.filter(({ state }) => state === 'down');
  if (bad.length === surfaces.length) return 'Nothing works right now';
  if (bad.length > 0)
    return `${bad.map(({ surface }) => SURFACE_NAMES[surface]).join(' and ')} ${bad.length === 1 ? 'does' : 'do'} not work right now`;
  if (surfaces.some(({ state }) => state === 'maintenance')) return 'Maintenance is running';
  if (surfaces.some(({ state }) => state === 'degraded')) return 'Everything works, a part of it less well';
  return surfaces.some(({ state }) => state === 'unknown') ? 'Just started: the first checks are being made' : 'Everything works';
}

function Since({ view }: { view: StatusView }): JSX.Element {
  if (view.sinceMs === null) return <span>Nothing is recorded yet.</span>;
  return (
    <span>
      Each surface is checked every ten seconds, since <Time atMs={view.sinceMs} />.
      {view.unwrittenMinutes > 0 ? (
        <b safe>{` The last ${view.unwrittenMinutes} minutes are measured but cannot be written yet; they are not in these figures.`}</b>
      ) : null}
    </span>
  );
}

function Surface({ view }: { view: SurfaceView }): JSX.Element {
  const { surface, state, detail, latencyMs, months } = view;
  return (
    <section class="panel surface" aria-labelledby={surface} data-surface={surface} data-state={state}>
      <div class="surface-head">
        <h2 id={surface} safe>
          {SURFACE_NAMES[surface]}
        </h2>
        <StateBadge state={state} />
      </div>
      <p class="muted" safe>
        {SURFACE_HINTS[surface]}
      </p>
      {detail === null ? null : (
        <p class="late" safe>
          {`${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`}
        </p>
      )}
      {latencyMs === null ? null : <p class="muted" safe>{`The last check took ${latencyMs} ms.`}</p>}
      <Bars surface={surface} days={view.days} />
      <Months view={{ ...view, months: months.slice(0, MONTHS_SHOWN) }} />
    </section>
  );
}

function Months({ view }: { view: SurfaceView }): JSX.Element {
  return (
    <section class="table-scroll" tabindex="0" aria-label={`${SURFACE_NAMES[view.surface]} by month`}>
      <table class="months">
        <caption class="sr-only" safe>{`${SURFACE_NAMES[view.surface]} by month; the target is 99.9 %`}</caption>
        <thead>
          <tr>
            <th scope="col">Month</th>
            <th scope="col" class="figure">
              Uptime
            </th>
            <th scope="col" class="figure">
              Minutes down
            </th>
            <th scope="col" class="figure">
              Budget left
            </th>
          </tr>
        </thead>
        <tbody>
          {view.months.map(({ month, percent, counts, budget }) => (
            <tr data-month={month}>
              <th scope="row" class="mono" safe>
                {month}
              </th>
              <td class="figure mono" safe>
                {percentText(percent)}
              </td>
              <td class="figure mono">{counts.down + counts.missing}</td>
              <td class="figure mono" safe>
                {budget.left < 0 ? `${Math.abs(budget.left)} min over` : `${budget.left} of ${budget.minutes} min`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Delivery({ delivery }: { delivery: StatusView['delivery'] }): JSX.Element {
  const { all, countries, days } = delivery;
  return (
    <section class="panel" aria-labelledby="delivery-times">
      <h2 id="delivery-times">Delivery times</h2>
      <p class="muted" safe>
        {`From the network's own time stamp (whole seconds) to the moment we pushed the message to a customer who was connected, in the last ${days} days. Fewer than 5 messages give no figure.`}
      </p>
      {all.sample === 0 ? (
        <p class="empty">No message was delivered to a connected customer in this time.</p>
      ) : (
        <table>
          <caption class="sr-only">Delivery times by country</caption>
          <thead>
            <tr>
              <th scope="col">Country</th>
              <th scope="col" class="figure">
                Median
              </th>
              <th scope="col" class="figure">
                95 %
              </th>
              <th scope="col" class="figure">
                Messages
              </th>
            </tr>
          </thead>
          <tbody>
            <FigureRow name="All" figure={all} />
            {countries.map(({ country, ...figure }) => (
              <FigureRow name={countryName(country)} figure={figure} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function FigureRow({ name, figure }: { name: string; figure: DeliveryFigure }): JSX.Element {
  return (
    <tr>
      <th scope="row" safe>
        {name}
      </th>
      <td class="figure mono" safe>
        {secondsText(figure.medianMs)}
      </td>
      <td class="figure mono" safe>
        {secondsText(figure.p95Ms)}
      </td>
      <td class="figure mono">{figure.sample}</td>
    </tr>
  );
}
