/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { FormView, PageContext } from '../model.ts';
import { Field, FieldError, FormError } from '../parts/field.tsx';
import { paths } from '../paths.ts';
import { ExportItem } from './export-item.tsx';
import type { ExportsView } from './exports-model.ts';
import { SettingsFrame } from './frame.tsx';

const LIST_ID = 'exports-list';

/** Files of what is the customer's: a form to have one made, and those there are. */
export function ExportsPage({ page, view }: { page: PageContext; view: ExportsView }): JSX.Element {
  return (
    <SettingsFrame page={page} title="Exports">
      <link rel="stylesheet" href="/static/exports.css" />
      <p class="lead">
        Take your orders, messages or money with you as a file. It is made in the background from one moment of the books, and comes with a
        signed manifest by which anybody can check it.
      </p>
      <ExportForm form={view.form} />
      <h2>Your exports</h2>
      <ExportList view={view} />
    </SettingsFrame>
  );
}

function ExportForm({ form }: { form: FormView }): JSX.Element {
  return (
    <form method="post" action={paths.exports} class="panel export-form" aria-label="New export">
      <FormError form={form} />
      <div class="export-fields">
        <Choice
          form={form}
          name="kind"
          label="What"
          choices={[
            ['orders', 'Orders'],
            ['messages', 'Messages'],
            ['ledger', 'Money (every movement)'],
          ]}
        />
        <Choice
          form={form}
          name="format"
          label="Format"
          choices={[
            ['csv', 'CSV, for spreadsheets'],
            ['json', 'JSON, one object a line'],
          ]}
        />
        <Field form={form} name="from" label="From" type="date" required={false} hint="First day, UTC; empty: from the beginning" />
        <Field form={form} name="to" label="To" type="date" required={false} hint="Last day, included; empty: until now" />
      </div>
      <label class="check">
        <input type="checkbox" name="bom" value="1" checked={form.values['bom'] !== undefined} /> Begin a CSV file with a byte order mark,
        so that Excel reads its letters right
      </label>
      <button type="submit">Make the file</button>
    </form>
  );
}

type ChoiceProps = { form: FormView; name: string; label: string; choices: readonly [string, string][] };

function Choice({ form, name, label, choices }: ChoiceProps): JSX.Element {
  const wrong = form.errors[name] !== undefined;
  return (
    <div class="field">
      <label for={name} safe>
        {label}
      </label>
      <select id={name} name={name} aria-invalid={wrong ? 'true' : undefined} aria-describedby={wrong ? `${name}-error` : undefined}>
        {choices.map(([value, word]) => (
          <option value={value} selected={form.values[name] === value} safe>
            {word}
          </option>
        ))}
      </select>
      <FieldError form={form} name={name} />
    </div>
  );
}

/** The list, which asks for itself anew each second while one is being made. */
export function ExportList({ view }: { view: ExportsView }): JSX.Element {
  const busy = view.exports.some(({ status }) => status === 'queued' || status === 'running');
  return (
    <section id={LIST_ID} aria-label="Your exports">
      {view.exports.length === 0 ? (
        <p class="empty">You have made no export yet. The first one appears here, and can be fetched for {view.keepHours} hours.</p>
      ) : (
        <ul class="exports">
          {view.exports.map((one) => (
            <ExportItem item={one} nowMs={view.nowMs} />
          ))}
        </ul>
      )}
      {busy ? <Poll /> : null}
    </section>
  );
}

/** Gone with the answer in which nothing is being made any more. Merged in, so that the keyboard stays where it is. */
function Poll(): JSX.Element {
  return (
    <div hx-get={`${paths.exports}/list`} hx-trigger="every 1s" hx-target={`#${LIST_ID}`} hx-swap="outerMorph">
      <noscript>
        <a class="button secondary small" href={paths.exports}>
          Show how far it is
        </a>
      </noscript>
    </div>
  );
}
