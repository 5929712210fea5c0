/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { alarmWords } from '../../src/lib/alarm-kinds.ts';
import { ids } from '../ids.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { FieldError, FormError } from '../parts/field.tsx';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { alarmPath, paths, withQuery } from '../paths.ts';
import { SEVERITY_WORDS, SeverityBadge, StandingAlarm, Subject } from './alarm-item.tsx';
import type { AlarmItem, AlarmPageView, AlarmsNowView, AlarmsView } from './alarms-model.ts';

function AlarmStyle(): JSX.Element {
  return <link rel="stylesheet" href="/static/alarms.css" />;
}

/** Everything the operator should look at: what stands, looked at anew every five seconds, and what is over. */
export function AlarmsPage({ page, view }: { page: PageContext; view: AlarmsView }): JSX.Element {
  return (
    <Layout page={page} title="Alarms" head={AlarmStyle} nowMs={view.nowMs}>
      <div class="dash-head">
        <h1>Alarms</h1>
        <noscript>
          <p class="connection">
            <a href={paths.alarms}>Look again</a>
          </p>
        </noscript>
      </div>
      {view.mail === 'on' ? null : (
        <p class="notice">
          {view.mail === 'none'
            ? 'No mail server is set up, so alarms are told here and by webhooks alone. '
            : 'You get no mails about alarms. '}
          <a href={paths.notifications}>{view.mail === 'none' ? 'About mail' : 'Turn them on'}</a>
        </p>
      )}
      <div hx-get={paths.alarmsNow} hx-trigger="every 5s" hx-target={`#${ids.alarms}`} hx-swap="outerMorph">
        <AlarmsNow view={view} />
      </div>
      <Watched view={view} />
      <PastAlarms view={view} />
    </Layout>
  );
}

/** What stands; the answer of …/now, merged into the page. */
export function AlarmsNow({ view: { standing, nowMs } }: { view: AlarmsNowView }): JSX.Element {
  const waiting = standing.filter(({ acknowledgedAtMs }) => acknowledgedAtMs === null).length;
  const says =
    standing.length === waiting ? `${standing.length} open` : `${standing.length} open, ${standing.length - waiting} acknowledged`;
  return (
    <section id={ids.alarms} aria-labelledby="standing-title">
      <h2 id="standing-title">
        Now{' '}
        {standing.length === 0 ? null : (
          <span class="count mono" role="status" safe>
            {says}
          </span>
        )}
      </h2>
      {standing.length === 0 ? (
        <p class="empty">
          <strong>Nothing needs you.</strong> Modems, SIMs, stock, delivery, disk, clock and books are watched all the time; what goes wrong
          appears here by itself.
        </p>
      ) : (
        <div class="alarm-list">
          {standing.map((alarm) => (
            <StandingAlarm alarm={alarm} nowMs={nowMs} />
          ))}
        </div>
      )}
    </section>
  );
}

function Watched({ view }: { view: AlarmsView }): JSX.Element {
  return (
    <details class="watched">
      <summary>What is watched, and from when on it is an alarm</summary>
      <dl>
        {view.watched.map(({ title, means, severity, set }) => (
          <div>
            <dt>
              <SeverityBadge severity={severity} /> <span safe>{title}</span>
            </dt>
            <dd>
              <span safe>{means}</span>
              {set.length === 0 ? null : (
                <>
                  {' '}
                  <code class="plain" safe>
                    {set.join(', ')}
                  </code>
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function PastAlarms({ view }: { view: AlarmsView }): JSX.Element {
  const { past, filter, nextCursor, isOlder, nowMs } = view;
  const isFiltered = filter.code !== null || filter.severity !== null;
  return (
    <section id="history" class="panel" aria-labelledby="past-title">
      <h2 id="past-title">Over</h2>
      <form method="get" action={`${paths.alarms}#history`} class="filter">
        <div class="field">
          <label for="code">Kind</label>
          <select id="code" name="code">
            <option value="">All kinds</option>
            {view.watched.map(({ code, title }) => (
              <option value={attr(code)} selected={code === filter.code} safe>
                {title}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="severity">How bad</label>
          <select id="severity" name="severity">
            <option value="">All</option>
            {Object.entries(SEVERITY_WORDS).map(([severity, word]) => (
              <option value={severity} selected={severity === filter.severity} safe>
                {word}
              </option>
            ))}
          </select>
        </div>
        <button type="submit" class="secondary small">
          Show
        </button>
        {isFiltered ? <a href={`${paths.alarms}#history`}>Show all</a> : null}
      </form>
      {past.length === 0 ? (
        <p class="empty">
          <strong>{isFiltered ? 'None of this kind is over.' : isOlder ? 'Nothing older.' : 'No alarm is over yet.'}</strong>{' '}
          {isFiltered || isOlder ? '' : 'Each stays here for a year after its end.'}
        </p>
      ) : (
        <ul class="past alarms-past">
          {past.map((alarm) => (
            <PastAlarm alarm={alarm} nowMs={nowMs} />
          ))}
        </ul>
      )}
      <p class="pager">
        {isOlder ? (
          <a class="button secondary" href={attr(`${withQuery(paths.alarms, filter)}#history`)}>
            Newest
          </a>
        ) : null}
        {nextCursor === null ? null : (
          <a class="button secondary" rel="next" href={attr(`${withQuery(paths.alarms, { ...filter, cursor: nextCursor })}#history`)}>
            Older
          </a>
        )}
      </p>
    </section>
  );
}

function PastAlarm({ alarm, nowMs }: { alarm: AlarmItem; nowMs: number }): JSX.Element {
  const { id, severity, sinceMs, clearedAtMs, clearedText } = alarm;
  return (
    <li data-alarm={attr(alarm.code)}>
      <SeverityBadge severity={severity} />
      <b>
        <a href={attr(alarmPath(id))} safe>
          {alarmWords(alarm).title}
        </a>
      </b>
      <Subject alarm={alarm} />
      <span class="muted">
        <Time atMs={sinceMs} nowMs={nowMs} /> to <Time atMs={clearedAtMs ?? sinceMs} nowMs={nowMs} />
      </span>
      <span class="what">
        <Foreign text={`${alarm.text} ${clearedText ?? ''}`.trim()} />
      </span>
    </li>
  );
}

const CHANGE_WORDS = {
  raised: 'Raised',
  reminded: 'Told again',
  acknowledged: 'Acknowledged',
  unacknowledged: 'Acknowledgement taken back',
  cleared: 'Over',
} as const;

/** One alarm with all that happened to it, and the form that acknowledges it with a note. */
export function AlarmPage({ page, view }: { page: PageContext; view: AlarmPageView }): JSX.Element {
  const { alarm, changes, form, nowMs } = view;
  const stands = alarm.clearedAtMs === null;
  return (
    <Layout page={page} title={alarmWords(alarm).title} head={AlarmStyle} nowMs={nowMs}>
      <p class="crumbs">
        <a href={paths.alarms}>Alarms</a>
      </p>
      <h1 id={attr(`alarm-${alarm.id}`)} safe>
        {alarmWords(alarm).title}
      </h1>
      {stands ? <StandingAlarm alarm={alarm} nowMs={nowMs} isAlone /> : <Over alarm={alarm} nowMs={nowMs} />}
      {stands && alarm.acknowledgedAtMs === null ? <AcknowledgeForm view={view} /> : <FormError form={form} />}
      <section class="panel" aria-labelledby="changes-title">
        <h2 id="changes-title">What happened</h2>
        <ul class="past">
          {changes.map(({ atMs, what, text, email }) => (
            <li>
              <Time atMs={atMs} nowMs={nowMs} />
              <b safe>{CHANGE_WORDS[what]}</b>
              <span class="what">
                <Foreign text={text} />
              </span>
              {email === null ? null : (
                <small>
                  <Foreign text={email} />
                </small>
              )}
            </li>
          ))}
        </ul>
      </section>
    </Layout>
  );
}

function Over({ alarm, nowMs }: { alarm: AlarmItem; nowMs: number }): JSX.Element {
  return (
    <article class="panel alarm" data-severity={alarm.severity} data-acknowledged="yes" aria-labelledby={attr(`alarm-${alarm.id}`)}>
      <header>
        <SeverityBadge severity={alarm.severity} />
        <Subject alarm={alarm} />
        <span class="muted">
          <Time atMs={alarm.sinceMs} nowMs={nowMs} /> to <Time atMs={alarm.clearedAtMs ?? 0} nowMs={nowMs} />
        </span>
      </header>
      <p>
        <Foreign text={alarm.text} />
      </p>
      <p>
        <b>It is over.</b> <Foreign text={alarm.clearedText ?? ''} />
      </p>
    </article>
  );
}

function AcknowledgeForm({ view: { alarm, form, noteMax } }: { view: AlarmPageView }): JSX.Element {
  const error = form.errors['note'];
  return (
    <section class="panel" aria-labelledby="acknowledge-title">
      <h2 id="acknowledge-title">Acknowledge it</h2>
      <p class="muted">It is not told again then, and stays in the list, with your note, until it is over. You can take that back.</p>
      <FormError form={form} />
      <form method="post" action={attr(alarmPath(alarm.id, 'acknowledge'))}>
        <input type="hidden" name="back" value="alarm" />
        <div class="field">
          <label for="note">Note for other operators</label>
          <textarea
            id="note"
            name="note"
            rows="2"
            maxlength={noteMax}
            aria-invalid={error ? 'true' : undefined}
            aria-describedby={error ? 'note-error' : undefined}
            safe
          >
            {form.values['note'] ?? ''}
          </textarea>
          <FieldError form={form} name="note" />
        </div>
        <button type="submit">Acknowledge</button>
      </form>
    </section>
  );
}
