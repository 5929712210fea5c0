/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { agoInWords, countryName, numberGrouped } from '../format.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { attr, Foreign } from '../parts/text.tsx';
import { paths } from '../paths.ts';
import { type Found, KINDS, pagesFor, placeOf, type SearchView } from './found.ts';

/** The search of the console as a page: what the box over other pages leads to, and all there is without scripts. */
export function SearchPage({ page, view }: { page: PageContext; view: SearchView }): JSX.Element {
  return (
    <Layout page={page} title="Search" nowMs={view.nowMs}>
      <h1>Search</h1>
      <form class="search-form" action={paths.search} method="get" aria-label="Search">
        <input
          type="search"
          name="q"
          value={attr(view.query)}
          aria-label="Search pages, customers, orders, SIMs, messages, rentals"
          placeholder="Page, e-mail, order, number, ICCID, slot …"
          autocomplete="off"
          maxlength="100"
        />
        <button type="submit">Search</button>
      </form>
      <section class="panel found" aria-label="What was found">
        <Results view={view} />
      </section>
    </Layout>
  );
}

/** What was found, in groups. `data-for` says for which query, so that Enter never goes where an earlier one led. */
export function Results({ view }: { view: SearchView }): JSX.Element {
  const { query, found, isCut } = view;
  const pages = pagesFor(query);
  const groups = KINDS.map((group) => ({ ...group, found: found.filter(({ kind }) => kind === group.kind) })).filter(
    (group) => group.found.length > 0,
  );
  return (
    <div data-for={attr(query)}>
      {query === '' ? <Hint /> : null}
      {query !== '' && pages.length + found.length === 0 ? <Nothing query={query} /> : null}
      {groups.map((group) => (
        <>
          <h2 safe>{group.label}</h2>
          {group.found.map((one) => (
            <a href={attr(placeOf(one))}>
              <Line found={one} nowMs={view.nowMs} />
            </a>
          ))}
        </>
      ))}
      {pages.length > 0 ? (
        <>
          <h2>Pages</h2>
          {pages.map(({ path, label, group }) => (
            <a href={path}>
              <span safe>{label}</span>
              <small safe>{group}</small>
            </a>
          ))}
        </>
      ) : null}
      {isCut ? <p class="none">There are more. Type more of it to see them.</p> : null}
    </div>
  );
}

function Hint(): JSX.Element {
  return (
    <p class="none">
      Type the beginning of an e-mail address, of an id (order, rental, message) or of a number; the last digits of a number or an ICCID; a
      slot; or the name of a page.
    </p>
  );
}

function Nothing({ query }: { query: string }): JSX.Element {
  return (
    <p class="none">
      Nothing begins like “<Foreign text={query} />
      ”. E-mail addresses and ids are found by their beginning, numbers and ICCIDs by beginning or end.
    </p>
  );
}

function Line({ found, nowMs }: { found: Found; nowMs: number }): JSX.Element {
  const [title, detail] = wordsOf(found, nowMs);
  return (
    <>
      <span class={found.kind === 'customer' ? undefined : 'mono'}>
        <Foreign text={title} />
      </span>
      <small>
        <Foreign text={detail} />
      </small>
    </>
  );
}

function wordsOf(found: Found, nowMs: number): [title: string, detail: string] {
  switch (found.kind) {
    case 'customer':
      return [found.email, found.state === 'active' ? 'customer' : found.state];
    case 'order':
      return [found.id, `${found.service}, ${countryName(found.country)}, ${found.status}`];
    case 'rental':
      return [found.id, `${numberGrouped(found.number)}, ${found.status}`];
    case 'sim':
      return [
        found.number === null ? found.iccid : numberGrouped(found.number),
        [found.number === null ? null : found.iccid, found.slot, found.state === 'paused' ? 'paused' : null].filter(Boolean).join(', '),
      ];
    case 'slot':
      return [found.slot, `SIM ${found.iccid}`];
    case 'message':
      return [found.id, `SIM …${found.iccid.slice(-5)}, ${agoInWords(found.storedAtMs, nowMs)}`];
  }
}
