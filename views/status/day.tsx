/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Time } from '../parts/text.tsx';
import { paths, statusDayPath } from '../paths.ts';
import { StatusFrame } from './frame.tsx';
import type { DayDetail, IncidentView, MaintenanceView, StatusFrameView } from './model.ts';
import { Incident, Maintenance } from './parts.tsx';
import { dayText, lastedText, percentText, SURFACE_NAMES } from './words.ts';

export interface DayPageView {
  day: string;
  previous: string | null;
  next: string | null;
  surfaces: DayDetail[];
  incidents: IncidentView[];
  maintenance: MaintenanceView[];
  isVirtual: boolean;
}

const STRETCH_WORDS = { down: 'failed', missing: 'no record', excused: 'announced maintenance' };

/** One day, stretch by stretch. */
export function DayPage({ frame, view }: { frame: StatusFrameView; view: DayPageView }): JSX.Element {
  const { nowMs } = frame;
  return (
    <StatusFrame frame={frame} title={view.day} isVirtual={view.isVirtual}>
      <nav class="day-nav" aria-label="Days">
        {view.previous === null ? <span /> : <a href={statusDayPath(view.previous)} safe>{`← ${view.previous}`}</a>}
        <a href={paths.status}>All days</a>
        {view.next === null ? <span /> : <a href={statusDayPath(view.next)} safe>{`${view.next} →`}</a>}
      </nav>
      <h1>
        <span safe>{view.day}</span> <small class="muted">UTC</small>
      </h1>
      {view.surfaces.map((detail) => (
        <section class="panel" aria-labelledby={detail.surface} data-surface={detail.surface}>
          <h2 id={detail.surface} safe>
            {SURFACE_NAMES[detail.surface]}
          </h2>
          <p>
            <b class="mono" safe>
              {percentText(detail.percent)}
            </b>
            : <span safe>{detail.counts.before === 1440 ? 'before the first start' : dayText(detail.counts)}</span>
            {detail.counts.future > 0 ? <span class="muted"> The day is not over.</span> : null}
          </p>
          <Stretches detail={detail} />
        </section>
      ))}
      {view.incidents.length + view.maintenance.length === 0 ? null : (
        <section class="panel" aria-labelledby="told">
          <h2 id="told">What was told of it</h2>
          {view.maintenance.map((window) => (
            <Maintenance window={window} nowMs={nowMs} />
          ))}
          {view.incidents.map((incident) => (
            <Incident incident={incident} nowMs={nowMs} />
          ))}
        </section>
      )}
    </StatusFrame>
  );
}

function Stretches({ detail: { surface, stretches } }: { detail: DayDetail }): JSX.Element {
  if (stretches === null) return <p class="muted">Of days this old only the sums are kept.</p>;
  if (stretches.length === 0) return '';
  return (
    <table>
      <caption class="sr-only" safe>{`When ${SURFACE_NAMES[surface]} was away`}</caption>
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col">To</th>
          <th scope="col">What</th>
        </tr>
      </thead>
      <tbody>
        {stretches.map(({ fromMs, toMs, what }) => (
          <tr>
            <td>
              <Time atMs={fromMs} nowMs={fromMs} />
            </td>
            <td>
              <Time atMs={toMs} nowMs={fromMs} />
            </td>
            <td safe>{`${STRETCH_WORDS[what]}, ${lastedText(fromMs, toMs)}`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One incident on a page of its own. */
export function IncidentPage({
  frame,
  incident,
  isVirtual,
}: {
  frame: StatusFrameView;
  incident: IncidentView;
  isVirtual: boolean;
}): JSX.Element {
  return (
    <StatusFrame frame={frame} title={incident.title} isVirtual={isVirtual}>
      <p>
        <a href={paths.status}>← Status</a>
      </p>
      <section class="panel">
        <Incident incident={incident} nowMs={frame.nowMs} level={1} />
      </section>
    </StatusFrame>
  );
}
