/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { agoInWords, numberGrouped } from '../format.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { Country } from '../parts/marks.tsx';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { paths, simPagePath, slotPath } from '../paths.ts';
import { RentalBadge } from '../rentals/card.tsx';
import { serviceInWords } from '../rentals/words.ts';
import { Alarms } from './alarms.tsx';
import type { SimView } from './model.ts';
import { Fact } from './modem-card.tsx';
import { Audit, Past, PastPager, Result } from './past.tsx';
import { CarePanel, EarningsPanel } from './sim-care.tsx';
import { PIN_WORDS } from './sim-days.tsx';
import { SimsStyle } from './sims-style.tsx';
import { SimForm } from './slot-actions.tsx';
import { BankStyle } from './style.tsx';

/** The life of one SIM: where it was, what happened to it, how many messages came. Never the messages. */
export function SimPage({ page, view }: { page: PageContext; view: SimView }): JSX.Element {
  const { iccid, nowMs } = view;
  const here = simPagePath(iccid);
  const mayChange = page.viewer?.isReadOnly !== true;
  return (
    <Layout page={page} title={`SIM ${iccid}`} head={SimStyles} nowMs={nowMs}>
      <p class="crumbs">
        <a href={paths.sims}>SIMs</a> · <a href={paths.bank}>Modem bank</a>
      </p>
      <h1 class="mono slot-title">{view.number === null ? 'Number unknown' : <span safe>{numberGrouped(view.number)}</span>}</h1>
      <Result result={view.result} />
      <section class="panel modem" aria-labelledby="facts-title">
        <h2 id="facts-title">Now</h2>
        <Alarms alarms={view.alarms} nowMs={nowMs} />
        <SimFacts view={view} />
      </section>
      <CarePanel view={view} form={view.form} mayChange={mayChange} />
      <EarningsPanel view={view} />
      {mayChange ? (
        <SimForm
          modem={{
            iccid,
            number: view.number,
            country: view.country,
            homeCarrier: view.carrier,
            simState: view.state,
            rented: view.rented,
          }}
          form={view.form}
          back={here}
        />
      ) : null}
      <Rentals view={view} />
      <Slots view={view} />
      <section id="history" class="panel" aria-labelledby="history-title">
        <h2 id="history-title">History</h2>
        <Past rows={view.history.rows} nowMs={nowMs} link="slot" />
        <PastPager path={here} nextCursor={view.history.nextCursor} isOlder={view.history.isOlder} />
      </section>
      <Audit entries={view.audit} nowMs={nowMs} />
    </Layout>
  );
}

function SimFacts({ view }: { view: SimView }): JSX.Element {
  const { messages } = view;
  return (
    <dl class="facts">
      <Fact name="ICCID" wide>
        <span class="mono">
          <Foreign text={view.iccid} />
        </span>
      </Fact>
      <Fact name="Country">{view.country === null ? <span class="muted">unknown</span> : <Country country={view.country} />}</Fact>
      <Fact name="Carrier">
        {view.carrier === null ? (
          <span class="muted">unknown</span>
        ) : (
          <span class="mono" safe>
            {view.carrier}
          </span>
        )}
      </Fact>
      <Fact name="Readable">{view.online ? 'yes' : 'no'}</Fact>
      <Fact name="PIN">
        <span safe>{pinInWords(view)}</span>
      </Fact>
      <Fact name="Slot">
        {view.slot === null ? (
          <span class="muted">none</span>
        ) : (
          <a class="mono" href={attr(slotPath(view.slot))}>
            <Foreign text={view.slot} />
          </a>
        )}
      </Fact>
      <Fact name="Open orders">
        <span class="mono">{view.openOrders}</span>
      </Fact>
      <Fact name="Rented">{view.rented ? 'yes' : 'no'}</Fact>
      <Fact name="Messages: a day / 30 days / all">
        <span class="mono" safe>
          {`${messages.day} / ${messages.month} / ${messages.all}`}
        </span>
      </Fact>
      <Fact name="Last message">
        <span safe>{view.lastMessageAtMs === null ? 'none yet' : agoInWords(view.lastMessageAtMs, view.nowMs)}</span>
      </Fact>
    </dl>
  );
}

function pinInWords({ pin }: SimView): string {
  const spent = pin.spent === 0 ? '' : `; ${pin.spent} of 3 tries may be gone`;
  return `${PIN_WORDS[pin.state]}${spent}`;
}

function SimStyles(): JSX.Element {
  return (
    <>
      <BankStyle />
      <SimsStyle />
    </>
  );
}

function Rentals({ view }: { view: SimView }): JSX.Element {
  if (view.rentals.length === 0) return '';
  return (
    <section class="panel" aria-labelledby="rentals-title">
      <h2 id="rentals-title">Rentals</h2>
      <ul class="past">
        {view.rentals.map((rental) => (
          <li>
            <RentalBadge status={rental.status} />
            <span class="what">
              <Foreign text={rental.email} /> · <span safe>{serviceInWords(rental.service)}</span>
            </span>
            <span>
              <Time atMs={rental.startsAtMs} nowMs={view.nowMs} /> to <Time atMs={rental.endsAtMs} nowMs={view.nowMs} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Slots({ view }: { view: SimView }): JSX.Element {
  if (view.slots.length === 0) return '';
  const current = view.online ? view.slots.find(({ slot }) => slot === view.slot) : undefined;
  return (
    <section class="panel" aria-labelledby="slots-title">
      <h2 id="slots-title">Slots it was in</h2>
      <ul class="past">
        {view.slots.map((stay) => (
          <li>
            <a class="mono what" href={attr(slotPath(stay.slot))}>
              <Foreign text={stay.slot} />
            </a>
            <span>
              {stay === current ? (
                <>
                  since <Time atMs={stay.firstAtMs} nowMs={view.nowMs} />
                </>
              ) : (
                <>
                  <Time atMs={stay.firstAtMs} nowMs={view.nowMs} /> to <Time atMs={stay.lastAtMs} nowMs={view.nowMs} />
                </>
              )}
            </span>
            <small class="mono" safe>
              {stay.events === 1 ? '1 event' : `${stay.events} events`}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}
