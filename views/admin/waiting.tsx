/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { money } from '../format.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { attr, Time } from '../parts/text.tsx';
import { WaitingStyle } from '../waiting/page.tsx';
import { NextFree, PlaceName } from '../waiting/places.tsx';
import { obstacleInShort } from '../waiting/words.ts';

export interface AdminWaitingView {
  nowMs: number;
  /** There are shorter lines, which are not shown. */
  isCut: boolean;
  lines: {
    country: string;
    service: string;
    serviceName: string;
    carrier: string;
    currency: string;
    /** Null: there is no such offer any more. */
    priceMinor: number | null;
    stock: number;
    /** When the next number is expected to be free, as things stand; null when that is not known or there is one. */
    nextFreeAtMs: number | null;
    /** How long a number rests after an order. */
    restMinutes: number;
    buyers: number;
    watchers: number;
    /** The most that one of them would pay. */
    highestMinor: number | null;
    oldestAtMs: number;
    /** The first of them. */
    places: {
      id: string;
      email: string;
      mode: 'notify' | 'buy';
      maxPriceMinor: number | null;
      joinedAtMs: number;
      expiresAtMs: number;
      obstacle: string | null;
    }[];
  }[];
}

/** Who waits for what: which offers want more SIMs, or another price. */
export function AdminWaitingPage({ page, view }: { page: PageContext; view: AdminWaitingView }): JSX.Element {
  return (
    <Layout page={page} title="Waiting" nowMs={view.nowMs} head={WaitingStyle}>
      <h1>Waiting</h1>
      <p class="muted">
        Customers who wait for a number of an offer without stock, the longest lines first. Those who buy are served by themselves, the
        first first.
      </p>
      {view.lines.length === 0 ? (
        <p class="empty">Nobody waits for anything.</p>
      ) : (
        view.lines.map((line) => <LinePanel line={line} nowMs={view.nowMs} />)
      )}
      {view.isCut ? <p class="muted" safe>{`These are the ${view.lines.length} longest lines; there are shorter ones.`}</p> : null}
    </Layout>
  );
}

function LinePanel({ line, nowMs }: { line: AdminWaitingView['lines'][number]; nowMs: number }): JSX.Element {
  const { currency, priceMinor, highestMinor, places } = line;
  const all = line.buyers + line.watchers;
  return (
    <section class="panel waiting-line" data-line={attr(`${line.country}/${line.service}/${line.carrier}`)}>
      <h2 class="place-head">
        <PlaceName place={line} />
      </h2>
      <dl class="facts">
        <Fact name="Would buy" text={String(line.buyers)} />
        <Fact name="Want to be told" text={String(line.watchers)} />
        <Fact name="Price" text={priceMinor === null ? 'not offered' : money(priceMinor, currency)} />
        <Fact name="Highest maximum" text={highestMinor === null ? 'none' : money(highestMinor, currency)} />
        <Fact name="In stock" text={line.stock === 0 ? 'none' : String(line.stock)} />
      </dl>
      {line.stock > 0 || priceMinor === null ? null : <NextFree of={line} nowMs={nowMs} />}
      <details>
        <summary safe>{all === 1 ? 'Who waits' : `Who waits (${all})`}</summary>
        <ol class="places-admin">
          {places.map((place) => (
            <li data-place={attr(place.id)}>
              <bdi safe>{place.email}</bdi>{' '}
              <span safe>
                {place.maxPriceMinor === null ? 'wants to be told' : `buys at up to ${money(place.maxPriceMinor, currency)}`}
              </span>
              , since <Time atMs={place.joinedAtMs} nowMs={nowMs} />, until <Time atMs={place.expiresAtMs} nowMs={nowMs} />
              {place.obstacle === null ? null : <span class="warn" safe>{` · ${obstacleInShort(place.obstacle)}`}</span>}
            </li>
          ))}
        </ol>
        {all > places.length ? <p class="muted" safe>{`and ${all - places.length} more`}</p> : null}
      </details>
    </section>
  );
}

function Fact({ name, text }: { name: string; text: string }): JSX.Element {
  return (
    <div>
      <dt safe>{name}</dt>
      <dd class="mono" safe>
        {text}
      </dd>
    </div>
  );
}
