/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { agoInWords, numberGrouped } from '../format.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { paths, simChangePath, simPagePath, withQuery } from '../paths.ts';
import {
  type InventoryView,
  type ItemOutcome,
  inventoryQuery,
  SIM_VERBS,
  type SimChangeLine,
  type SimChangeView,
  VERB_WORDS,
} from './sims-model.ts';
import { SimsStyle } from './sims-style.tsx';

const OUTCOMES: Record<ItemOutcome, { word: string; level: 'good' | 'busy' | 'bad' }> = {
  waiting: { word: 'Will change', level: 'busy' },
  changed: { word: 'Changed', level: 'good' },
  same: { word: 'Stays as it is', level: 'good' },
  refused: { word: 'Refused', level: 'bad' },
  undone: { word: 'Taken back', level: 'good' },
  kept: { word: 'Not taken back', level: 'bad' },
};
const STATE_WORDS: Record<SimChangeLine['state'], string> = {
  planned: 'planned',
  running: 'begun, not ended',
  done: 'made',
  undoing: 'being taken back',
  undone: 'taken back',
};

/** What to do with many cards, below the table they are ticked in. Nothing is changed before the next page. */
export function BulkBar({ view }: { view: InventoryView }): JSX.Element {
  return (
    <fieldset class="bulk panel" id="bulk">
      <legend class="sr-only">Change many SIMs</legend>
      {view.error === null ? null : (
        <p class="problem" role="alert" safe>
          {view.error}
        </p>
      )}
      <input type="hidden" name="filter" value={attr(withQuery('', inventoryQuery(view.filter)))} />
      <div class="field">
        <label for="which">Which</label>
        <select id="which" name="which">
          <option value="ticked">Those ticked above</option>
          <option value="all" safe>{`All ${view.total} that the filter shows`}</option>
        </select>
      </div>
      <div class="field">
        <label for="verb">What</label>
        <select id="verb" name="verb">
          {SIM_VERBS.map((verb) => (
            <option value={verb} safe>
              {VERB_WORDS[verb].label}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="value">Tag, or day</label>
        <input
          id="value"
          name="value"
          maxlength={40}
          autocomplete="off"
          placeholder="2027-03-31, or empty for none"
          aria-describedby="value-hint"
        />
        <small id="value-hint" class="sr-only">
          Where the change needs one; an empty day takes it away.
        </small>
      </div>
      <button type="submit">Preview</button>
    </fieldset>
  );
}

export function ChangesMade({ changes, nowMs }: { changes: readonly SimChangeLine[]; nowMs: number }): JSX.Element {
  if (changes.length === 0) return '';
  return (
    <section class="panel" aria-labelledby="changes-title">
      <h2 id="changes-title">Changes of many SIMs</h2>
      <ul class="changes">
        {changes.map((change) => (
          <li>
            <a href={attr(simChangePath(change.id))} safe>
              {titleOf(change)}
            </a>{' '}
            <small>
              <span safe>{`${STATE_WORDS[change.state]}, ${agoInWords(change.createdAtMs, nowMs)}, by `}</span>
              <Foreign text={change.email} />
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A change before it is made (what it would do, and to which cards not), and after (what it did, and the way back). */
export function SimChangePage({ page, view }: { page: PageContext; view: SimChangeView }): JSX.Element {
  const outcomes = (Object.keys(OUTCOMES) as ItemOutcome[]).filter((outcome) => view.counts[outcome] > 0);
  return (
    <Layout page={page} title={titleOf(view)} head={SimsStyle} nowMs={view.nowMs}>
      <p class="crumbs">
        <a href={paths.sims}>SIMs</a>
      </p>
      <h1 safe>{titleOf(view)}</h1>
      <p class="muted">
        <Foreign text={view.email} /> · <Time atMs={view.createdAtMs} nowMs={view.nowMs} /> · <span safe>{STATE_WORDS[view.state]}</span>
      </p>
      <Steps view={view} />
      {outcomes.map((outcome) => (
        <section class="panel" aria-labelledby={`${outcome}-title`} data-outcome={outcome} data-count={view.counts[outcome]}>
          <h2 id={`${outcome}-title`}>
            <span class="badge" data-level={OUTCOMES[outcome].level} safe>
              {OUTCOMES[outcome].word}
            </span>{' '}
            <span class="mono">{view.counts[outcome]}</span>
          </h2>
          <ul class="changes">
            {view.items
              .filter((item) => item.outcome === outcome)
              .map((item) => (
                <li>
                  <a class="mono" href={attr(simPagePath(item.iccid))} safe>
                    {item.number === null ? item.iccid : numberGrouped(item.number)}
                  </a>
                  {item.before === '' ? null : (
                    <span safe>{outcome === 'undone' ? `${item.after} → ${item.before}` : `${item.before} → ${item.after}`}</span>
                  )}
                  {item.detail === '' ? null : (
                    <small>
                      <Foreign text={item.detail} />
                    </small>
                  )}
                </li>
              ))}
          </ul>
          {view.counts[outcome] > view.itemsMax ? <p class="muted" safe>{`… and ${view.counts[outcome] - view.itemsMax} more.`}</p> : null}
        </section>
      ))}
    </Layout>
  );
}

function Steps({ view }: { view: SimChangeView }): JSX.Element {
  const { state, counts, id } = view;
  if (state === 'planned' && counts.waiting === 0) {
    return (
      <p class="notice" role="status">
        Nothing would change: see why below. <a href={paths.sims}>Back to the SIMs</a>
      </p>
    );
  }
  if (state === 'planned' || state === 'running') {
    return (
      <form method="post" action={attr(simChangePath(id, 'confirm'))} class="actions change-steps">
        <button type="submit" safe>
          {`${state === 'planned' ? 'Change' : 'Go on with'} ${counts.waiting} ${counts.waiting === 1 ? 'SIM' : 'SIMs'}`}
        </button>
        <a class="button secondary" href={paths.sims}>
          Leave it
        </a>
      </form>
    );
  }
  if (counts.changed === 0) return '';
  return (
    <form method="post" action={attr(simChangePath(id, 'undo'))} class="actions change-steps">
      <button type="submit" class="secondary" safe>
        {`Take it back on ${counts.changed} ${counts.changed === 1 ? 'SIM' : 'SIMs'}`}
      </button>
      <small>Only where nobody changed it again since.</small>
    </form>
  );
}

function titleOf({ verb, value, cards }: Pick<SimChangeLine, 'verb' | 'value' | 'cards'>): string {
  const of = cards === 1 ? 'one SIM' : `${cards} SIMs`;
  const what = VERB_WORDS[verb].label.split(':')[0];
  return `${what}${value === '' ? (VERB_WORDS[verb].value === 'day' ? ' to none' : '') : ` ${value}`}: ${of}`;
}
