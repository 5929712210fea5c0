/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { octetsInWords } from '../format.ts';
import type { PageContext } from '../model.ts';
import { FieldError, FormError } from '../parts/field.tsx';
import { Foreign } from '../parts/text.tsx';
import { paths } from '../paths.ts';
import { CatalogueFrame } from './frame.tsx';
import type { FilesView } from './model.ts';

/** Price lists out and in. */
export function FilesPage({ page, view }: { page: PageContext; view: FilesView }): JSX.Element {
  return (
    <CatalogueFrame page={page} view={view} tab="files" title="Price lists">
      {view.refused === null ? null : <Refused refused={view.refused} />}
      <section class="panel" aria-labelledby="import-title">
        <h2 id="import-title">Import</h2>
        <form method="post" action={paths.priceImport} enctype="multipart/form-data" class="import-form">
          <FormError form={view.form} />
          <div class="field">
            <label for="file">Price list (CSV)</label>
            <input
              id="file"
              name="file"
              type="file"
              accept=".csv,text/csv"
              required
              aria-describedby="file-hint"
              aria-invalid={view.form.errors['file'] ? 'true' : undefined}
            />
            <small
              id="file-hint"
              safe
            >{`UTF-8, separated by commas, semicolons or tabs; at most ${octetsInWords(view.octetsMax)} and ${view.linesMax} lines.`}</small>
            <FieldError form={view.form} name="file" />
          </div>
          <fieldset>
            <legend>What the list is</legend>
            <label>
              <input type="radio" name="mode" value="some" checked={view.form.values['mode'] !== 'whole'} /> Some prices: what is not in it
              stays
            </label>
            <label>
              <input type="radio" name="mode" value="whole" checked={view.form.values['mode'] === 'whole'} /> The whole list: what is not in
              it is taken away
            </label>
          </fieldset>
          <button type="submit">Look what would change</button>
        </form>
        <p class="muted">Nothing changes before you have seen every difference and confirmed it. With any bad line nothing is taken.</p>
      </section>
      <section class="panel" aria-labelledby="export-title">
        <h2 id="export-title">Export</h2>
        {view.prices === 0 ? (
          <p class="muted">There are no prices yet. The file has the header alone: fill it in and import it.</p>
        ) : (
          <p class="muted" safe>{`${view.prices} prices, as an import takes them.`}</p>
        )}
        <p>
          <a class="button secondary" href={paths.priceExport} download="prices.csv">
            Download prices.csv
          </a>
        </p>
      </section>
      <section aria-labelledby="format-title">
        <h2 id="format-title">The file</h2>
        <pre class="panel" tabindex="0">
          <code safe>{`${view.columns.join(',')}\n${view.example}`}</code>
        </pre>
        <p class="muted" safe>
          {view.decimals === 0
            ? `Prices are whole ${view.currency}, which has no decimals.`
            : `Prices are ${view.currency} with at most ${view.decimals} decimals.`}
        </p>
        <p class="muted">
          Empty carrier: SIMs of any. Empty window: the usual one. Without the column <code class="plain">window_minutes</code> windows stay
          as they are. The same on the command line: <code class="plain">smspin offer import prices.csv --dry-run</code>
        </p>
      </section>
    </CatalogueFrame>
  );
}

function Refused({ refused: { name, bad, badCount, lines } }: { refused: NonNullable<FilesView['refused']> }): JSX.Element {
  return (
    <section class="refused-file" aria-labelledby="refused-title">
      <div class="problem" role="alert">
        <h2 id="refused-title">
          <Foreign text={name} />: <span safe>{badCount === 1 ? '1 bad line' : `${badCount} bad lines`}</span>
        </h2>
        <p safe>{`Nothing was changed. ${lines} lines were read; put these right and import again.`}</p>
      </div>
      <ol class="bad-lines">
        {bad.map(({ line, text, problem }) => (
          <li>
            <b class="mono" safe>
              {line === 0 ? 'File' : `Line ${line}`}
            </b>{' '}
            <Foreign text={problem} />
            {text === '' ? null : (
              <small class="muted">
                <Foreign text={text} />
              </small>
            )}
          </li>
        ))}
      </ol>
      {badCount > bad.length ? <p class="muted" safe>{`And ${badCount - bad.length} more.`}</p> : null}
    </section>
  );
}
