/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { InventoryRow } from '../../src/sims/inventory.ts';
import { agoInWords, countryName, money, numberGrouped } from '../format.ts';
import { ids } from '../ids.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { Country } from '../parts/marks.tsx';
import { attr, Foreign } from '../parts/text.tsx';
import { paths, simPagePath, slotPath, withQuery } from '../paths.ts';
import { DueMark, Tags } from './sim-days.tsx';
import { BulkBar, ChangesMade } from './sims-bulk.tsx';
import { type InventoryFilter, type InventoryView, inventoryQuery, type SortName } from './sims-model.ts';
import { SimsStyle } from './sims-style.tsx';

const SHOW_WORDS: Record<InventoryFilter['show'], string> = {
  all: 'All',
  selling: 'For sale now',
  paused: 'Paused',
  away: 'Not readable',
  locked: 'Asking for a PIN',
  numberless: 'Without a number',
};
const COLUMNS: readonly (readonly [sort: SortName, label: string])[] = [
  ['number', 'Number'],
  ['country', 'Country'],
  ['carrier', 'Carrier'],
  ['slot', 'Slot'],
  ['message', 'Last message'],
  ['earned', 'Earned'],
  ['due', 'Expiry and top-up'],
];

/** Every card ever seen: found, sorted, and changed together. */
export function SimsPage({ page, view }: { page: PageContext; view: InventoryView }): JSX.Element {
  const mayChange = page.viewer?.isReadOnly !== true;
  return (
    <Layout page={page} title="SIMs" head={SimsStyle} nowMs={view.nowMs}>
      <h1>SIMs</h1>
      {view.isEmpty ? (
        <p class="empty">
          <strong>No SIM was seen yet.</strong> Plug in a modem with a SIM; it appears here once its card was read. The{' '}
          <a href={paths.bank}>modem bank</a> shows what the modems say meanwhile.
        </p>
      ) : (
        <>
          <Filter view={view} />
          <p class="muted" role="status" data-total={view.total} safe>
            {view.total === 1 ? 'One SIM' : `${view.total} SIMs`}
          </p>
          {view.rows.length === 0 ? (
            <p class="empty">
              <strong>No SIM is like this.</strong> <a href={paths.sims}>Show all</a>
            </p>
          ) : mayChange ? (
            <form method="post" action={paths.simChanges}>
              <Table view={view} mayChange={true} />
              <BulkBar view={view} />
            </form>
          ) : (
            <Table view={view} mayChange={false} />
          )}
          <Pages view={view} />
          <ChangesMade changes={view.changes} nowMs={view.nowMs} />
        </>
      )}
    </Layout>
  );
}

function Filter({ view }: { view: InventoryView }): JSX.Element {
  const { filter } = view;
  return (
    <form class="sims-filter panel" method="get" action={paths.sims} aria-label="Find SIMs">
      <div class="field wide">
        <label for="q">Find</label>
        <input id="q" name="q" type="search" maxlength={100} value={attr(filter.q)} placeholder="Number, ICCID, slot, note, tag" />
      </div>
      <Select name="show" label="Which" value={filter.show} options={Object.entries(SHOW_WORDS)} />
      <Select
        name="country"
        label="Country"
        value={filter.country ?? ''}
        options={anyOf(view.countries.map((one) => [one, countryName(one)]))}
      />
      <Select name="carrier" label="Carrier" value={filter.carrier ?? ''} options={anyOf(view.carriers.map((one) => [one, one]))} />
      <Select name="tag" label="Tag" value={filter.tag ?? ''} options={anyOf(view.tags.map((one) => [one, one]))} />
      <Select
        name="due"
        label="Days"
        value={filter.due ? 'yes' : ''}
        options={[
          ['', 'Any'],
          ['yes', 'Near or past'],
        ]}
      />
      {filter.sort === 'number' ? null : <input type="hidden" name="sort" value={filter.sort} />}
      {filter.reversed ? <input type="hidden" name="way" value="back" /> : null}
      <button type="submit" class="secondary">
        Find
      </button>
    </form>
  );
}

function anyOf(options: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  return [['', 'Any'], ...options];
}

interface SelectProps {
  name: string;
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
}

function Select({ name, label, value, options }: SelectProps): JSX.Element {
  return (
    <div class="field">
      <label for={`filter-${name}`} safe>
        {label}
      </label>
      <select id={`filter-${name}`} name={name}>
        {options.map(([one, words]) => (
          <option value={attr(one)} selected={one === value} safe>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

function Table({ view, mayChange }: { view: InventoryView; mayChange: boolean }): JSX.Element {
  const { filter } = view;
  return (
    <div class="sims-scroll">
      <table class="sims" id={ids.simRows}>
        <thead>
          <tr>
            {mayChange ? (
              <th scope="col">
                <span class="sr-only">Tick</span>
              </th>
            ) : null}
            {COLUMNS.map(([sort, label]) => {
              const isSorted = filter.sort === sort;
              const query = inventoryQuery({ ...filter, sort, reversed: isSorted && !filter.reversed });
              return (
                <th scope="col" aria-sort={isSorted ? (filter.reversed ? 'descending' : 'ascending') : undefined}>
                  <a href={attr(withQuery(paths.sims, query))}>
                    <span safe>{label}</span>
                  </a>
                </th>
              );
            })}
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {view.rows.map((row) => (
            <Row row={row} view={view} mayChange={mayChange} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row, view, mayChange }: { row: InventoryRow; view: InventoryView; mayChange: boolean }): JSX.Element {
  const name = row.number === null ? `SIM ${row.iccid}` : numberGrouped(row.number);
  return (
    <tr data-iccid={attr(row.iccid)}>
      {mayChange ? (
        <td class="tick">
          <input type="checkbox" name="iccid" value={attr(row.iccid)} aria-label={attr(name)} />
        </td>
      ) : null}
      <th scope="row">
        <a class="mono" href={attr(simPagePath(row.iccid))} safe>
          {row.number === null ? 'Number unknown' : numberGrouped(row.number)}
        </a>
        <small class="mono iccid">
          <Foreign text={row.iccid} />
        </small>
        <Tags tags={row.tags} />
        {row.note === '' ? null : (
          <small class="note-line">
            <Foreign text={row.note.slice(0, 80)} />
          </small>
        )}
      </th>
      <td data-label="Country">{row.country === null ? <Unknown /> : <Country country={row.country} />}</td>
      <td data-label="Carrier">{row.carrier === null ? <Unknown /> : <span safe>{row.carrier}</span>}</td>
      <td data-label="Slot">
        {row.slot === null ? (
          <span class="muted">none</span>
        ) : (
          <a class="mono" href={attr(slotPath(row.slot))}>
            <Foreign text={row.slot} />
          </a>
        )}
      </td>
      <td data-label="Last message">
        <span safe>{row.lastMessageAtMs === null ? 'none yet' : agoInWords(row.lastMessageAtMs, view.nowMs)}</span>
      </td>
      <td data-label="Earned">
        <span class="mono" safe>
          {money(row.earnedMinor, view.currency)}
        </span>
      </td>
      <td data-label="Expiry and top-up">
        <DueMark what="expires" day={row.expiresOn} nowMs={view.nowMs} /> <DueMark what="top-up" day={row.topUpOn} nowMs={view.nowMs} />
        {row.expiresOn === null && row.topUpOn === null ? <span class="muted">–</span> : null}
      </td>
      <td data-label="State">
        <State row={row} />
      </td>
    </tr>
  );
}

function State({ row }: { row: InventoryRow }): JSX.Element {
  const [word, level] = stateOf(row);
  return (
    <>
      <span class="badge" data-level={level} safe>
        {word}
      </span>
      {row.openOrders > 0 ? <small safe>{row.openOrders === 1 ? ' 1 open order' : ` ${row.openOrders} open orders`}</small> : null}
    </>
  );
}

function stateOf(row: InventoryRow): [word: string, level: 'good' | 'busy' | 'bad'] {
  if (row.pin === 'pin') return ['PIN asked', 'bad'];
  if (row.pin === 'puk') return ['PUK asked', 'bad'];
  if (row.state === 'paused') return ['Paused', 'busy'];
  if (!row.online) return ['Not readable', 'bad'];
  if (row.number === null) return ['No number', 'busy'];
  return row.rented ? ['Rented', 'busy'] : ['For sale', 'good'];
}

function Unknown(): JSX.Element {
  return <span class="muted">unknown</span>;
}

function Pages({ view }: { view: InventoryView }): JSX.Element {
  const { page, pages, filter } = view;
  if (pages < 2) return '';
  const to = (one: number) => attr(withQuery(paths.sims, { ...inventoryQuery(filter), page: one === 1 ? null : String(one) }));
  return (
    <nav class="pager" aria-label="Pages">
      {page > 1 ? (
        <a class="button secondary" rel="prev" href={to(page - 1)}>
          Previous
        </a>
      ) : null}
      <span safe>{`Page ${page} of ${pages}`}</span>
      {page < pages ? (
        <a class="button secondary" rel="next" href={to(page + 1)}>
          Next
        </a>
      ) : null}
    </nav>
  );
}
