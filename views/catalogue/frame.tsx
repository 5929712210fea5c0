/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from '@elysiajs/html';
import { BankStyle } from '../admin/style.tsx';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { attr, Foreign } from '../parts/text.tsx';
import { paths, priceChangePath } from '../paths.ts';
import type { CatalogueHead, Paged } from './model.ts';

type Tab = 'services' | 'prices' | 'files' | 'rules' | 'changes';

const TABS: readonly (readonly [tab: Tab, path: string, label: string])[] = [
  ['services', paths.catalogue, 'Services'],
  ['prices', paths.prices, 'Prices'],
  ['files', paths.priceFiles, 'Price lists'],
  ['rules', paths.priceRules, 'Price rules'],
  ['changes', paths.priceChanges, 'Changes'],
];

/** What all pages of the catalogue share: the way between them, and what was done last, with the way back. */
export function CatalogueFrame({
  page,
  view,
  tab,
  title,
  children,
}: PropsWithChildren<{ page: PageContext; view: CatalogueHead; tab: Tab; title: string }>): JSX.Element {
  return (
    <Layout page={page} title={title} head={CatalogueStyle}>
      <h1 safe>{title}</h1>
      <nav class="tabs" aria-label="Catalogue">
        {TABS.map(([one, path, label]) => (
          <a href={path} aria-current={one === tab ? 'page' : undefined}>
            <span safe>{label}</span>
            {one === 'changes' && view.scheduled > 0 ? (
              <>
                {' '}
                <span class="count mono">{view.scheduled}</span>
                <span class="sr-only"> to come</span>
              </>
            ) : null}
          </a>
        ))}
      </nav>
      {view.done === null ? null : <Done view={view} done={view.done} />}
      {children}
    </Layout>
  );
}

/** What was just done, and the way back while it is there. */
function Done({ view: { undoable }, done }: { view: CatalogueHead; done: string }): JSX.Element {
  return (
    <div class="notice done-line" role="status">
      <p>
        <Foreign text={done} />
      </p>
      {undoable === null ? null : <UndoForm id={undoable.id} label={`Undo: ${undoable.title}`} />}
    </div>
  );
}

export function UndoForm({ id, label }: { id: string; label: string }): JSX.Element {
  return (
    <form method="post" action={attr(priceChangePath(id, 'undo'))}>
      <button type="submit" class="secondary outline small" aria-label={attr(label)}>
        Undo
      </button>
    </form>
  );
}

/** The way through a long list; nothing where one page holds it. `to` is the address of a page. */
export function Pages({ page, to, what }: { page: Paged; to: (number: number) => string; what: string }): JSX.Element {
  if (page.count <= 1) return '';
  return (
    <nav class="list-pages" aria-label={attr(`Pages of ${what}`)}>
      {page.number > 1 ? (
        <a rel="prev" href={attr(to(page.number - 1))}>
          Previous
        </a>
      ) : null}
      <span class="muted" safe>{`Page ${page.number} of ${page.count}`}</span>
      {page.number < page.count ? (
        <a rel="next" href={attr(to(page.number + 1))}>
          Next
        </a>
      ) : null}
    </nav>
  );
}

/** What an operator without any price is told to do first. */
export function FirstSteps(): JSX.Element {
  return (
    <div class="empty first-prices">
      <p>
        <strong>No offers yet.</strong> Customers see a service once it has a price in a country.
      </p>
      <p class="actions">
        <a class="button" href={`${paths.prices}#new-price`}>
          Set the first price
        </a>{' '}
        <a class="button secondary" href={paths.priceFiles}>
          Import a price list
        </a>
      </p>
    </div>
  );
}

function CatalogueStyle(): JSX.Element {
  return (
    <>
      <BankStyle />
      <link rel="stylesheet" href="/static/catalogue.css" />
    </>
  );
}
