/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { simPagePath, slotPath, withQuery } from '../paths.ts';
import type { AuditView, PastView } from './model.ts';

const KINDS: Record<string, { word: string; level?: 'good' | 'busy' | 'bad' }> = {
  opened: { word: 'Port opened' },
  closed: { word: 'Port closed' },
  ready: { word: 'Ready', level: 'good' },
  lost: { word: 'Lost', level: 'bad' },
  sim_changed: { word: 'Other SIM', level: 'busy' },
  restarted: { word: 'Restarted by itself', level: 'busy' },
  reset: { word: 'Restarted by us', level: 'busy' },
  fault: { word: 'Fault', level: 'bad' },
  alarm_raised: { word: 'Alarm', level: 'bad' },
  alarm_cleared: { word: 'Alarm over', level: 'good' },
  pin_sent: { word: 'PIN sent', level: 'busy' },
  number_learned: { word: 'Number learned', level: 'good' },
  repaired: { word: 'Mended', level: 'good' },
  paused: { word: 'Out of service', level: 'busy' },
  resumed: { word: 'Back in service', level: 'good' },
};

interface PastProps {
  rows: readonly PastView[];
  nowMs: number;
  /** What each row links to: the SIM in a slot's history, the slot in a SIM's. */
  link: 'sim' | 'slot';
}

/** What happened, newest first. */
export function Past({ rows, nowMs, link }: PastProps): JSX.Element {
  if (rows.length === 0) return <p class="muted">Nothing yet.</p>;
  return (
    <ul class="past">
      {rows.map((row) => (
        <li>
          <Time atMs={row.atMs} nowMs={nowMs} />
          <span class="badge" data-level={KINDS[row.kind]?.level} safe>
            {KINDS[row.kind]?.word ?? row.kind}
          </span>
          <span class="what">
            <Foreign text={row.detail} />
            {row.count > 1 ? <Times row={row} nowMs={nowMs} /> : null}
          </span>
          <PastLink row={row} link={link} />
        </li>
      ))}
    </ul>
  );
}

function Times({ row, nowMs }: { row: PastView; nowMs: number }): JSX.Element {
  return (
    <>
      {' '}
      <small class="times">
        {row.count} times since <Time atMs={row.firstAtMs} nowMs={nowMs} />
      </small>
    </>
  );
}

function PastLink({ row, link }: { row: PastView; link: PastProps['link'] }): JSX.Element {
  if (link === 'sim' && row.iccid === null) return '';
  const [href, text] =
    link === 'slot' || row.iccid === null ? [slotPath(row.slot), row.slot] : [simPagePath(row.iccid), `SIM …${row.iccid.slice(-5)}`];
  return (
    <a class="mono" href={attr(href)}>
      <Foreign text={text} />
    </a>
  );
}

/** A link to what is older, and back to the newest. */
export function PastPager({ path, nextCursor, isOlder }: { path: string; nextCursor: string | null; isOlder: boolean }): JSX.Element {
  if (nextCursor === null && !isOlder) return '';
  return (
    <p class="pager">
      {isOlder ? (
        <a class="button secondary" href={attr(`${path}#history`)}>
          Newest
        </a>
      ) : null}
      {nextCursor === null ? null : (
        <a class="button secondary" rel="next" href={attr(`${withQuery(path, { cursor: nextCursor })}#history`)}>
          Older
        </a>
      )}
    </p>
  );
}

/** What operators did here. */
export function Audit({ entries, nowMs }: { entries: readonly AuditView[]; nowMs: number }): JSX.Element {
  if (entries.length === 0) return '';
  return (
    <section class="panel" aria-labelledby="audit-title">
      <h2 id="audit-title">What operators did</h2>
      <ul class="past">
        {entries.map((entry) => (
          <li>
            <Time atMs={entry.atMs} nowMs={nowMs} />
            <b class="mono" safe>
              {entry.action}
            </b>
            <span class="what">
              <Foreign text={entry.detail} />
            </span>
            <small>
              <Foreign text={entry.email} />
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What came of the last action, read out at once. */
export function Result({ result }: { result: { ok: boolean; text: string } | null }): JSX.Element {
  if (result === null) return '';
  return (
    <p class={result.ok ? 'notice' : 'problem'} role={result.ok ? 'status' : 'alert'}>
      <Foreign text={result.text} />
    </p>
  );
}
