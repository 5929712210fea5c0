/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { attr, Foreign, ForeignBlock, Time } from '../parts/text.tsx';
import { incidentPath } from '../paths.ts';
import type { IncidentView, MaintenanceView, SurfaceState } from './model.ts';
import { lastedText, minutesText, STATE_WORDS, SURFACE_NAMES } from './words.ts';

const LEVELS: Record<SurfaceState, string> = { operational: 'good', degraded: 'busy', down: 'bad', maintenance: 'busy', unknown: 'idle' };

/** A state as a word; the colour only repeats it. */
export function StateBadge({ state }: { state: SurfaceState }): JSX.Element {
  return (
    <span class="badge" data-level={LEVELS[state]} safe>
      {STATE_WORDS[state]}
    </span>
  );
}

export function Affects({ surfaces }: { surfaces: readonly (keyof typeof SURFACE_NAMES)[] }): JSX.Element {
  return <span safe>{surfaces.map((surface) => SURFACE_NAMES[surface]).join(', ')}</span>;
}

/** An incident with all that was said of it, the newest first. */
export function Incident({ incident, nowMs, level = 3 }: { incident: IncidentView; nowMs: number; level?: 1 | 3 }): JSX.Element {
  const { severity, surface, startedAtMs, endedAtMs } = incident;
  const title = <Foreign text={incident.title} />;
  return (
    <article class="incident" id={attr(incident.id)} data-open={endedAtMs === null ? 'yes' : 'no'}>
      {level === 1 ? (
        <h1>{title}</h1>
      ) : (
        <h3>
          <a href={attr(incidentPath(incident.id))}>{title}</a>
        </h3>
      )}
      <p class="muted">
        <span class="badge" data-level={endedAtMs === null ? (severity === 'major' ? 'bad' : 'busy') : 'idle'}>
          {endedAtMs === null ? 'Going on' : 'Over'}
        </span>{' '}
        {severity === 'major' ? 'Outage' : 'Partial'} · <span safe>{surface === null ? 'Everything' : SURFACE_NAMES[surface]}</span> ·{' '}
        <Time atMs={startedAtMs} />
        {endedAtMs === null ? (
          <span safe>{`, for ${lastedText(startedAtMs, nowMs)}`}</span>
        ) : (
          <>
            {' to '}
            <Time atMs={endedAtMs} />
            <span safe>{` (${lastedText(startedAtMs, endedAtMs)})`}</span>
          </>
        )}
      </p>
      <ol class="updates">
        {incident.updates.map((update) => (
          <li>
            <p class="muted">
              <Time atMs={update.atMs} /> · {update.isAutomatic ? 'by the checks' : 'by the operator'}
            </p>
            <ForeignBlock text={update.text} />
          </li>
        ))}
      </ol>
    </article>
  );
}

/** A window with when it was announced, since that decides whether it counts. */
export function Maintenance({ window, nowMs }: { window: MaintenanceView; nowMs: number }): JSX.Element {
  const { startsAtMs, endsAtMs, announcedAtMs, lateMinutes, isCanceled } = window;
  const state = isCanceled ? 'Withdrawn' : nowMs < startsAtMs ? 'Announced' : nowMs < endsAtMs ? 'Running' : 'Over';
  return (
    <article class="incident" id={attr(window.id)}>
      <h3>
        <Foreign text={window.title} />
      </h3>
      <p class="muted">
        <span class="badge" data-level={state === 'Running' ? 'busy' : 'idle'}>
          {state}
        </span>{' '}
        <Affects surfaces={window.surfaces} /> · <Time atMs={startsAtMs} />
        {isCanceled ? null : (
          <>
            {' to '}
            <Time atMs={endsAtMs} />
            <span safe>{` (${lastedText(startsAtMs, endsAtMs)})`}</span>
          </>
        )}
      </p>
      {window.text === '' ? null : <ForeignBlock text={window.text} />}
      <p class="muted">
        Announced <Time atMs={announcedAtMs} />
        {isCanceled ? '.' : lateMinutes === 0 ? ', at least 24 hours ahead: it does not count as downtime.' : '.'}
      </p>
      {lateMinutes > 0 && !isCanceled ? (
        <p class="late">
          <strong>Announced too late:</strong> <span safe>{minutesText(lateMinutes)}</span> of it count as downtime if the service is away.
        </p>
      ) : null}
    </article>
  );
}
