/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { FormView, PageContext } from '../model.ts';
import { Field, FormError } from '../parts/field.tsx';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { paths, rulePath, ruleVersionPath } from '../paths.ts';
import { Diffs } from './diff.tsx';
import { RulesFrame } from './frame.tsx';
import type { VersionRowView, VersionsView, VersionView } from './model.ts';

/** All that was published, the newest first. */
export function VersionsPage({ page, view }: { page: PageContext; view: VersionsView }): JSX.Element {
  return (
    <RulesFrame page={page} view={view} tab="versions" title="Versions of the rules">
      {view.versions.length === 0 ? (
        <p class="empty">
          <strong>Nothing was published yet.</strong> Messages are judged by the rules that come with the program.
        </p>
      ) : (
        <>
          <ul class="history">
            {view.versions.map((row) => (
              <li class="panel" data-version={row.number}>
                <VersionLine row={row} nowMs={view.nowMs} />
              </li>
            ))}
          </ul>
          <FormError form={view.form} />
          <details class="confirm">
            <summary>Bring back the rules that come with the program…</summary>
            <Restore number={0} current={view.number} form={view.form} />
          </details>
        </>
      )}
    </RulesFrame>
  );
}

/** One version: what it changed, and the way back to it. */
export function VersionPage({ page, view }: { page: PageContext; view: VersionView }): JSX.Element {
  const { row } = view;
  return (
    <RulesFrame page={page} view={view} tab={null} title={`Version ${row.number} of the rules`}>
      <p class="crumbs">
        <a href={paths.rulesVersions}>Versions</a>
      </p>
      <div class="panel">
        <VersionLine row={row} nowMs={view.nowMs} />
      </div>
      <h2 safe>{row.number === 1 ? 'Against the rules that come with the program' : `Against version ${row.number - 1}`}</h2>
      {view.diffs.length === 0 ? <p class="muted">No difference.</p> : <Diffs diffs={view.diffs} link={rulePath} />}
      <FormError form={view.form} />
      {row.isCurrent ? null : (
        <>
          <h2>Bring it back</h2>
          <Restore number={row.number} current={view.number} form={view.form} />
        </>
      )}
    </RulesFrame>
  );
}

function VersionLine({ row, nowMs }: { row: VersionRowView; nowMs: number }): JSX.Element {
  return (
    <>
      <p class="history-line">
        <a href={attr(ruleVersionPath(row.number))} safe>{`Version ${row.number}`}</a>
        {row.isCurrent ? (
          <span class="badge" data-level="good">
            in force
          </span>
        ) : null}
        {row.restores === null ? null : <span class="badge" safe>{`brings back ${row.restores}`}</span>}
        <Time atMs={row.atMs} nowMs={nowMs} />
        <Foreign text={row.email} />
        <small class="mono" safe>
          {row.hash}
        </small>
      </p>
      <p class="why">
        <Foreign text={row.note} />
      </p>
      <p class="why" safe>
        {row.changed.length === 0 ? 'No service differs from the version before.' : `Services: ${row.changed.join(', ')}`}
      </p>
    </>
  );
}

function Restore({ number, current, form }: { number: number; current: number; form: FormView }): JSX.Element {
  return (
    <form method="post" action={attr(ruleVersionPath(number, 'restore'))} class="panel narrow">
      <p class="muted">It is published again as version {current + 1}; nothing of the history is lost.</p>
      <input type="hidden" name="base" value={String(current)} />
      <Field form={form} name="note" label="Why" maxlength={500} />
      <button type="submit">Publish it as version {current + 1}</button>
    </form>
  );
}
