/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { alarmWords } from '../../src/lib/alarm-kinds.ts';
import { agoInWords } from '../format.ts';
import { ids } from '../ids.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { paths, withQuery } from '../paths.ts';
import { Chart, Legend } from './chart.tsx';
import {
  codesPanel,
  deliveryPanel,
  moneyPanel,
  ordersPanel,
  type Panel,
  placedPanel,
  rangeInWords,
  stockPanel,
} from './overview-charts.ts';
import { type OverviewView, RANGES, type Range } from './overview-model.ts';

const RANGE_WORDS: Record<Range, string> = { hour: 'Hour', day: '24 hours', week: '7 days' };
const ALARMS_SHOWN = 6;
const PANELS = [stockPanel, ordersPanel, placedPanel, codesPanel, deliveryPanel, moneyPanel];

/** The operator's day at a glance. Everything on it links to where something can be done about it. */
export function OverviewPage({ page, view }: { page: PageContext; view: OverviewView }): JSX.Element {
  return (
    <Layout page={page} title="Overview" head={OverviewStyle} nowMs={view.nowMs}>
      <div class="overview-head">
        <h1>Overview</h1>
        <nav class="ranges" aria-label="Time shown">
          <ul>
            {RANGES.map((range) => (
              <li>
                <a href={withQuery(paths.admin, { range })} aria-current={range === view.range ? 'true' : undefined} safe>
                  {RANGE_WORDS[range]}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </div>
      <Overview view={view} />
    </Layout>
  );
}

function OverviewStyle(): JSX.Element {
  return <link rel="stylesheet" href="/static/overview.css" />;
}

/** The part that is fetched again every few seconds. */
export function Overview({ view }: { view: OverviewView }): JSX.Element {
  return (
    <div
      id={ids.overview}
      class="overview"
      hx-get={withQuery(paths.adminNow, { range: view.range })}
      hx-trigger="every 5s"
      hx-swap="outerMorph"
    >
      <Standing view={view} />
      {view.now.simsKnown === 0 ? <NoSims /> : null}
      <div class="charts">
        {PANELS.map((panelOf) => (
          <ChartPanel panel={panelOf(view)} view={view} />
        ))}
      </div>
      <p class="hint">
        {`All times are UTC. `}
        <span safe>{`Each step of the charts is ${rangeInWords(view.minutesPerStep)}; a gap is time the server was not running. `}</span>
        As of <Time atMs={view.nowMs} nowMs={view.nowMs} />.
      </p>
    </div>
  );
}

function NoSims(): JSX.Element {
  return (
    <p class="empty">
      <strong>No SIM was seen yet.</strong> Plug in a modem with a SIM: it appears on the <a href={paths.bank}>modem bank</a> within
      seconds, and the charts fill by themselves.
    </p>
  );
}

/** Alarms, modems and days that come near: what needs somebody now. */
function Standing({ view }: { view: OverviewView }): JSX.Element {
  const { alarms, modems, due, now } = view;
  return (
    <section class="panel standing" aria-labelledby="standing-title" data-alarms={alarms.length}>
      <h2 id="standing-title" safe>
        {alarms.length === 0 ? 'No alarm stands' : alarms.length === 1 ? 'One alarm stands' : `${alarms.length} alarms stand`}
      </h2>
      {alarms.length === 0 ? null : (
        <ul class="alarm-lines">
          {alarms.slice(0, ALARMS_SHOWN).map((alarm) => (
            <li>
              <b safe>{alarmWords(alarm).title}</b>
              <span class="what">
                <Foreign text={alarm.text} />
              </span>
              <a class="mono" href={attr(alarm.href)}>
                <Foreign text={alarm.place ?? 'the house'} />
              </a>
              <small safe>{agoInWords(alarm.sinceMs, view.nowMs)}</small>
            </li>
          ))}
        </ul>
      )}
      <ul class="facts-line">
        {alarms.length > ALARMS_SHOWN ? (
          <li>
            <a href={paths.alarms}>All {alarms.length} alarms</a>
          </li>
        ) : null}
        <li>
          <a href={paths.bank} safe>
            {modems.all === 0 ? 'No modem' : `${modems.ready} of ${modems.all} modems ready`}
          </a>
        </li>
        <li>
          <a href={paths.prices} safe>
            {now.offers === 0
              ? 'No offer yet'
              : now.soldOut === 0
                ? `All ${now.offers} offers in stock`
                : `${now.soldOut} of ${now.offers} offers sold out`}
          </a>
        </li>
        <li>
          <a href={withQuery(paths.sims, { due: 'yes', sort: 'due' })} safe>
            {due.count === 0
              ? 'No SIM is due'
              : `${due.count} ${due.count === 1 ? 'day' : 'days'} of SIMs near or past, first ${due.nearest ?? ''}`}
          </a>
        </li>
      </ul>
    </section>
  );
}

function ChartPanel({ panel, view }: { panel: Panel; view: OverviewView }): JSX.Element {
  const { id, title, figure, beside, series, isEmpty, empty } = panel;
  return (
    <section class="panel chart-panel" aria-labelledby={`${id}-title`} data-chart={id}>
      <h2 id={`${id}-title`} safe>
        {title}
      </h2>
      <p class="now-figure">
        <strong class="mono" safe>
          {figure}
        </strong>{' '}
        <span safe>{beside}</span>
      </p>
      <Chart {...panel} stepsMs={view.steps.map(({ atMs }) => atMs)} />
      <Legend series={series} />
      {isEmpty ? (
        <p class="hint" safe>
          {empty}
        </p>
      ) : null}
      <details class="as-table">
        <summary>As a table</summary>
        <section class="table-scroll" tabindex="0" aria-label={attr(`${title}, as a table`)}>
          <table>
            <thead>
              <tr>
                <th scope="col">From (UTC)</th>
                {panel.columns.map(({ name }) => (
                  <th scope="col" safe>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {view.steps.toReversed().map((step) => (
                <tr>
                  <th scope="row">
                    <Time atMs={step.atMs} nowMs={view.nowMs} />
                  </th>
                  {panel.columns.map(({ value }) => (
                    <td class="mono" safe>
                      {step.minutes === 0 ? '–' : value(step)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </section>
  );
}
