/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { PageContext } from '../model.ts';
import { Field, FieldError, FormError } from '../parts/field.tsx';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { paths, rulePath, ruleVersionPath } from '../paths.ts';
import { Diffs } from './diff.tsx';
import { RulesFrame } from './frame.tsx';
import type { DraftView, RerunView } from './model.ts';
import { Compared, Failing } from './preview.tsx';

/** What an operator would publish: what differs, whether all examples pass, what it would change of what came in, and the way to publish it. */
export function DraftPage({ page, view }: { page: PageContext; view: DraftView }): JSX.Element {
  return (
    <RulesFrame page={page} view={view} tab="draft" title="Your draft">
      {view.behind === null ? null : <Behind behind={view.behind} nowMs={view.nowMs} />}
      {view.diffs.length === 0 ? (
        <p class="empty">
          <strong>Nothing is changed.</strong> Open a <a href={paths.rules}>service</a>, change its rules and keep them: they come here, and
          take effect when you publish.
        </p>
      ) : (
        <>
          <section aria-labelledby="draft-diff">
            <h2 id="draft-diff">What would change in the rules</h2>
            <Diffs diffs={view.diffs} link={rulePath} />
          </section>
          {view.problems.map(({ slug, name, words }) => (
            <p class="problem" role="alert">
              <a href={attr(rulePath(slug))}>
                <Foreign text={name} />
              </a>{' '}
              <Foreign text={words.join(' ')} />
            </p>
          ))}
          <section aria-labelledby="draft-trials">
            <h2 id="draft-trials">Examples</h2>
            <p class="muted" data-trials={view.failing.length === 0 ? 'pass' : 'fail'} safe>
              {view.failing.length === 0
                ? `All ${view.trials} examples of all services pass.`
                : `${view.failing.length} of ${view.trials} examples fail. Nothing can be published until all pass.`}
            </p>
            <Failing failing={view.failing} />
          </section>
          <section aria-labelledby="draft-rerun">
            <h2 id="draft-rerun">On what came in before</h2>
            <p class="muted">It only reads: orders, money and what customers see stay as they are.</p>
            <StartRerun />
            <Rerun rerun={view.rerun} nowMs={view.nowMs} />
          </section>
          <Publish view={view} />
        </>
      )}
    </RulesFrame>
  );
}

function Behind({ behind, nowMs }: { behind: NonNullable<DraftView['behind']>; nowMs: number }): JSX.Element {
  return (
    <section class="panel" role="alert">
      <p>
        <a href={attr(ruleVersionPath(behind.number))} safe>{`Version ${behind.number}`}</a> was published by{' '}
        <Foreign text={behind.email} /> <Time atMs={behind.atMs} nowMs={nowMs} /> after you began: <Foreign text={behind.note} />
      </p>
      <form method="post" action={`${paths.rulesDraft}/rebase`}>
        <button type="submit" class="small">
          Put my changes on top of it
        </button>
      </form>
    </section>
  );
}

function StartRerun(): JSX.Element {
  return (
    <form method="post" action={`${paths.rulesDraft}/rerun`} class="rule-filter">
      <label>
        Messages of
        <select name="days">
          <option value="7">the last 7 days</option>
          <option value="30" selected>
            the last 30 days
          </option>
          <option value="365">the last year</option>
          <option value="">all time</option>
        </select>
      </label>
      <button type="submit" class="secondary small">
        Run again
      </button>
    </form>
  );
}

/** How far a trial on history is and what it found; fetched again while it runs. */
export function Rerun({ rerun, nowMs }: { rerun: RerunView | null; nowMs: number }): JSX.Element {
  if (rerun === null) return <div id="rerun"></div>;
  const running = rerun.state === 'running';
  const { counts } = rerun;
  const how = { running: 'Running', done: 'Done', canceled: 'Canceled', failed: 'It failed; the log says why. Run it again.' }[rerun.state];
  return (
    <div
      id="rerun"
      data-rerun={rerun.state}
      {...(running
        ? { 'hx-get': `${paths.rulesDraft}/rerun`, 'hx-trigger': 'load delay:700ms', 'hx-target': '#rerun', 'hx-swap': 'outerHTML' }
        : {})}
    >
      <p role="status">
        <b safe>{how}</b>{' '}
        <span safe>{`${rerun.done} of ${rerun.total} messages, ${rerun.days === null ? 'all time' : `the last ${rerun.days} days`}`}</span>,{' '}
        begun <Time atMs={rerun.startedAtMs} nowMs={nowMs} />.
      </p>
      {running ? (
        <>
          <progress max={String(Math.max(1, rerun.total))} value={String(rerun.done)} aria-label="Messages judged"></progress>
          <form method="post" action={`${paths.rulesDraft}/rerun/cancel`}>
            <button type="submit" class="secondary small">
              Cancel
            </button>
          </form>
          <noscript>
            <a href={paths.rulesDraft}>See how far it is</a>
          </noscript>
        </>
      ) : null}
      {rerun.isFresh ? null : <p class="warn">The draft or the rules in force have changed since: run it again.</p>}
      <dl class="facts rerun-counts">
        {(
          [
            ['would change', counts.changed],
            ['newly delivered', counts.gained],
            ['no longer delivered', counts.lost],
            ['another verdict', counts.verdict],
            ['another code', counts.code],
            ['another service', counts.service],
          ] as const
        ).map(([label, n]) => (
          <div>
            <dt safe>{label}</dt>
            <dd class="mono" data-count={attr(label)}>
              {n}
            </dd>
          </div>
        ))}
      </dl>
      {counts.changed > rerun.changes.length ? <p class="muted" safe>{`The first ${rerun.changes.length} are shown.`}</p> : null}
      {rerun.changes.length === 0 && rerun.state !== 'done' ? null : (
        <Compared title="What would change" messages={rerun.changes} empty="Every message would be judged as now." />
      )}
    </div>
  );
}

function Publish({ view }: { view: DraftView }): JSX.Element {
  const { rerun } = view;
  const tried = rerun?.isFresh === true && rerun.state === 'done';
  return (
    <section aria-labelledby="draft-publish">
      <h2 id="draft-publish">Publish</h2>
      <FormError form={view.form} />
      <form method="post" action={`${paths.rulesDraft}/publish`} class="panel">
        <p safe>
          {`${view.diffs.length} ${view.diffs.length === 1 ? 'service changes' : 'services change'}. ${
            tried && rerun
              ? `Of ${rerun.done} messages ${rerun.counts.changed} would have been judged otherwise: ${rerun.counts.gained} newly delivered, ${rerun.counts.lost} no longer.`
              : 'It was not tried on what came in before.'
          } Messages from then on are judged by the new version; you can bring a former one back at any time.`}
        </p>
        <input type="hidden" name="seen" value={attr(view.seen)} />
        <Field form={view.form} name="note" label="What changes, and why" maxlength={500} />
        {tried ? null : (
          <>
            <label class="inline">
              <input type="checkbox" name="untried" value="1" /> Publish without trying it on what came in before
            </label>
            <FieldError form={view.form} name="untried" />
          </>
        )}
        <button type="submit" disabled={view.failing.length > 0 || view.problems.length > 0 || view.behind !== null}>
          Publish version {view.number + 1}
        </button>
      </form>
      <details class="confirm">
        <summary>Throw the draft away…</summary>
        <form method="post" action={`${paths.rulesDraft}/discard`}>
          <p class="muted">All that differs from the rules in force is lost. This cannot be undone.</p>
          <button type="submit" class="small">
            Throw it away
          </button>
        </form>
      </details>
    </section>
  );
}
