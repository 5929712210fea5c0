/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { ALARM_KINDS, alarmFigure, alarmWords, isAlarmCode } from '../../src/lib/alarm-kinds.ts';
import { agoInWords } from '../format.ts';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { alarmPath, incidentPath, paths, simPagePath, slotPath } from '../paths.ts';
import type { AlarmItem } from './alarms-model.ts';

export const SEVERITY_WORDS = { critical: 'Critical', warning: 'Warning', notice: 'Notice' } as const;

/** One that stands: how bad, what, since when, the figure against its threshold, what to do, and who sees to it. */
export function StandingAlarm({ alarm, nowMs, isAlone = false }: { alarm: AlarmItem; nowMs: number; isAlone?: boolean }): JSX.Element {
  const { id, severity, sinceMs, acknowledgedAtMs } = alarm;
  const titleId = `alarm-${id}`;
  return (
    <article
      class="panel alarm"
      data-severity={severity}
      data-alarm={attr(alarm.code)}
      data-acknowledged={acknowledgedAtMs === null ? undefined : 'yes'}
      aria-labelledby={attr(titleId)}
    >
      <header>
        <SeverityBadge severity={severity} />
        {isAlone ? null : (
          <h3 id={attr(titleId)}>
            <a href={attr(alarmPath(id))} safe>
              {alarmWords(alarm).title}
            </a>
          </h3>
        )}
        <Subject alarm={alarm} />
        <span class="since muted">
          since <Time atMs={sinceMs} nowMs={nowMs} /> (<span safe>{agoInWords(sinceMs, nowMs)}</span>)
        </span>
      </header>
      <p>
        <Foreign text={alarm.text} />
        <Figure alarm={alarm} />
      </p>
      <p class="todo">
        <b>What to do:</b> <span safe>{alarmWords(alarm).todo}</span>
      </p>
      {alarm.incidentId === null ? null : (
        <p class="muted">
          Customers see it on the status page: <a href={attr(incidentPath(alarm.incidentId))}>the incident</a>
        </p>
      )}
      {acknowledgedAtMs === null ? (
        isAlone ? null : (
          <form method="post" action={attr(alarmPath(id, 'acknowledge'))} class="row">
            <button type="submit" class="secondary small" aria-label={attr(`Acknowledge: ${alarmWords(alarm).title} ${alarm.subject}`)}>
              Acknowledge
            </button>
            <a href={attr(alarmPath(id))}>with a note…</a>
          </form>
        )
      ) : (
        <Acknowledged alarm={alarm} nowMs={nowMs} />
      )}
    </article>
  );
}

function Acknowledged({ alarm, nowMs }: { alarm: AlarmItem; nowMs: number }): JSX.Element {
  const { id, acknowledgedAtMs, email, note } = alarm;
  return (
    <div class="acknowledged">
      <p>
        Acknowledged by <Foreign text={email ?? 'somebody'} /> <Time atMs={acknowledgedAtMs ?? 0} nowMs={nowMs} />
        {note === '' ? null : (
          <>
            : <Foreign text={note} />
          </>
        )}
      </p>
      <form method="post" action={attr(alarmPath(id, 'unacknowledge'))}>
        <button type="submit" class="secondary outline small" aria-label={attr(`Take back: ${alarmWords(alarm).title} ${alarm.subject}`)}>
          Take back
        </button>
      </form>
    </div>
  );
}

export function SeverityBadge({ severity }: { severity: AlarmItem['severity'] }): JSX.Element {
  return (
    <span class="severity" data-severity={severity} safe>
      {SEVERITY_WORDS[severity]}
    </span>
  );
}

/** What it is about, with a link to where something can be done about it. */
export function Subject({ alarm }: { alarm: Pick<AlarmItem, 'code' | 'subject'> }): JSX.Element {
  const { subject } = alarm;
  const path = pathOf(alarm);
  if (subject === '' && path === null) return '';
  const text = subject === '' ? 'open' : subject;
  if (path === null)
    return (
      <span class="mono subject">
        <Foreign text={text} />
      </span>
    );
  return (
    <a class="mono subject" href={attr(path)}>
      <Foreign text={text} />
    </a>
  );
}

function pathOf({ code, subject }: Pick<AlarmItem, 'code' | 'subject'>): string | null {
  if (code === 'review_old') return paths.reviews;
  if (code === 'mail_stuck') return paths.notifications;
  if (!isAlarmCode(code)) return null;
  switch (ALARM_KINDS[code].about) {
    case 'slot':
      return slotPath(subject);
    case 'sim':
      return simPagePath(subject);
    case 'offer':
      return paths.prices;
    default:
      return null;
  }
}

/** `12.4 s; alarm from 10 s`: the last figure against the threshold. */
function Figure({ alarm: { code, value, threshold } }: { alarm: Pick<AlarmItem, 'code' | 'value' | 'threshold'> }): JSX.Element {
  const unit = isAlarmCode(code) ? ALARM_KINDS[code].unit : null;
  const now = alarmFigure(value, unit);
  if (now === '') return '';
  const bound = alarmFigure(threshold, unit);
  return (
    <span class="figure mono" safe>
      {bound === '' ? now : `${now} · threshold ${bound}`}
    </span>
  );
}
