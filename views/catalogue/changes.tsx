/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { ChangeState, PriceChange } from '../../src/catalogue/changes.ts';
import type { StepKind } from '../../src/catalogue/steps.ts';
import type { PageContext } from '../model.ts';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { paths, priceChangePath, withQuery } from '../paths.ts';
import { CatalogueFrame, Pages, UndoForm } from './frame.tsx';
import type { ChangesView, ChangeView } from './model.ts';
import { CountsLine, Steps } from './steps.tsx';

const STATES: Record<ChangeState, { word: string; level: string | undefined }> = {
  planned: { word: 'not applied yet', level: 'busy' },
  scheduled: { word: 'to come', level: 'busy' },
  applied: { word: 'applied', level: 'good' },
  undone: { word: 'taken back', level: undefined },
  canceled: { word: 'canceled', level: undefined },
  failed: { word: 'failed', level: 'bad' },
};
const KINDS: readonly (readonly [StepKind, string])[] = [
  ['changed', 'Changed'],
  ['added', 'New'],
  ['removed', 'Removed'],
];

/** What happened to prices, and what is to come. */
export function ChangesPage({ page, view }: { page: PageContext; view: ChangesView }): JSX.Element {
  return (
    <CatalogueFrame page={page} view={view} tab="changes" title="Changes of prices">
      <p class="muted">The newest change can be taken back, and then the one before. Open orders keep the price they were made at.</p>
      {view.to.length === 0 ? null : <ToCome changes={view.to} nowMs={view.nowMs} />}
      <h2>Done</h2>
      {view.changes.length === 0 ? (
        <p class="empty">Nothing was changed here yet.</p>
      ) : (
        <ul class="change-list">
          {view.changes.map((change) => (
            <ChangeRow change={change} nowMs={view.nowMs} undoable={change.id === view.undoable?.id} />
          ))}
        </ul>
      )}
    </CatalogueFrame>
  );
}

/** Changes that come at a time, each with the way to stop it. */
export function ToCome({ changes, nowMs }: { changes: readonly PriceChange[]; nowMs: number }): JSX.Element {
  return (
    <section aria-labelledby="to-come">
      <h2 id="to-come">To come</h2>
      <ul class="change-list">
        {changes.map((change) => (
          <li data-change={attr(change.id)}>
            <span class="change-what">
              <b>
                <Foreign text={change.title} />
              </b>
              <small class="muted">
                at <Time atMs={change.dueAtMs ?? nowMs} /> by <span safe>{change.by ?? 'the command line'}</span>
              </small>
            </span>
            <form method="post" action={attr(priceChangePath(change.id, 'cancel'))}>
              <button type="submit" class="secondary outline small" aria-label={attr(`Cancel ${change.title}`)}>
                Cancel
              </button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ChangeRow({ change, nowMs, undoable }: { change: PriceChange; nowMs: number; undoable: boolean }): JSX.Element {
  const { word, level } = STATES[change.state];
  return (
    <li data-change={attr(change.id)} data-state={change.state}>
      <span class="change-what">
        <a href={attr(priceChangePath(change.id))}>
          <Foreign text={change.title} />
        </a>{' '}
        <span class="badge" data-level={level} safe>
          {word}
        </span>
        <small class="muted">
          <Time atMs={change.endedAtMs ?? change.createdAtMs} nowMs={nowMs} /> by <span safe>{change.by ?? 'the command line'}</span>
          {' · '}
          <span safe>{`${change.added} new, ${change.changed} changed, ${change.removed} removed`}</span>
          {change.detail === '' ? null : (
            <>
              {' · '}
              <Foreign text={change.detail} />
            </>
          )}
        </small>
      </span>
      {undoable ? <UndoForm id={change.id} label={`Undo: ${change.title}`} /> : null}
    </li>
  );
}

/** One change with every price of it; a plan is confirmed here. */
export function ChangePage({ page, view }: { page: PageContext; view: ChangeView }): JSX.Element {
  const { change } = view;
  const { word, level } = STATES[change.state];
  const of: Record<StepKind, number> = { added: change.added, changed: change.changed, removed: change.removed };
  const total = change.added + change.changed + change.removed;
  const to = (number: number) => withQuery(priceChangePath(change.id), { show: view.kind, page: String(number) });
  return (
    <CatalogueFrame page={page} view={view} tab="changes" title={change.state === 'planned' ? 'What would change' : 'Change of prices'}>
      {view.problem === null ? null : (
        <p class="problem" role="alert" safe>
          {view.problem}
        </p>
      )}
      <p>
        <b>
          <Foreign text={change.title} />
        </b>{' '}
        <span class="badge" data-level={level} safe>
          {word}
        </span>
      </p>
      <CountsLine counts={change} />
      {change.state === 'planned' ? <Confirm change={change} total={total} /> : null}
      {change.id === view.undoable?.id ? <UndoForm id={change.id} label={`Undo: ${change.title}`} /> : null}
      {total > 0 && change.kept ? (
        <>
          <nav class="tabs" aria-label="Kinds of change">
            {KINDS.filter(([kind]) => of[kind] > 0).map(([kind, label]) => (
              <a href={attr(withQuery(priceChangePath(change.id), { show: kind }))} aria-current={kind === view.kind ? 'page' : undefined}>
                <span safe>{label}</span> <span class="count mono">{of[kind]}</span>
              </a>
            ))}
          </nav>
          <Steps steps={view.steps} currency={view.currency} names={view.names} />
          <Pages page={view.page} to={to} what="prices" />
        </>
      ) : null}
      {total > 0 && !change.kept ? <p class="muted">The single prices of this change are not kept any more.</p> : null}
      <p>
        <a href={paths.priceChanges}>All changes</a>
      </p>
    </CatalogueFrame>
  );
}

function Confirm({ change, total }: { change: PriceChange; total: number }): JSX.Element {
  if (total === 0) {
    return (
      <p class="empty">
        <strong>Nothing would change.</strong> Every price is so already.
      </p>
    );
  }
  return (
    <div class="confirm-line">
      <form method="post" action={attr(priceChangePath(change.id, 'confirm'))}>
        <button type="submit" safe>
          {total === 1 ? 'Change this price' : `Change these ${total} prices`}
        </button>
      </form>
      <form method="post" action={attr(priceChangePath(change.id, 'cancel'))}>
        <button type="submit" class="secondary outline">
          Throw away
        </button>
      </form>
      {change.removed > 0 ? (
        <p class="hint warn" safe>{`${change.removed === 1 ? '1 offer is' : `${change.removed} offers are`} taken away.`}</p>
      ) : null}
    </div>
  );
}
