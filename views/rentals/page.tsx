/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Balance } from '../dashboard/lists.tsx';
import { money, numberGrouped } from '../format.ts';
import { ids, rentalRowId } from '../ids.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { Country } from '../parts/marks.tsx';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { paths, rentalPath, withQuery } from '../paths.ts';
import { SOCKET } from '../socket.ts';
import { RentalBadge, RentalCard } from './card.tsx';
import { RentForm } from './form.tsx';
import type { RentalListView, RentalsPageView, RentalView } from './model.ts';
import { RentalStyle } from './style.tsx';
import { rentalEndInWords, serviceInWords } from './words.ts';

/** The customer's rentals: those that run or are to come, the form for another one, and those of before. */
export function RentalsPage({ page, view }: { page: PageContext; view: RentalsPageView }): JSX.Element {
  return (
    <Layout page={page} title="Rentals" nowMs={view.nowMs} head={RentalStyle}>
      <div class="dash-head">
        <h1>Rentals</h1>
        <a href={paths.shared}>Shared with me</a>
        <p id={ids.connection} class="connection" role="status" data-connection="connecting">
          connecting
        </p>
      </div>
      <div
        id={ids.live}
        class="dash"
        hx-ws:connect={paths.rentalsLive}
        hx-config={SOCKET}
        data-poll={paths.rentalsPoll}
        data-page={paths.rentals}
      >
        <CurrentRentals view={view} />
        <div class="rail">
          <Balance balance={view.balance} />
          <RentForm view={view.form} />
        </div>
        <PastRentals view={view} />
      </div>
    </Layout>
  );
}

export function CurrentRentals({ view }: { view: RentalListView }): JSX.Element {
  const { current, nowMs } = view;
  return (
    <section id={ids.currentRentals} class="open-orders" aria-labelledby="current-rentals-title" data-now-ms={nowMs}>
      <h2 id="current-rentals-title">
        Active and booked <span class="count mono">{current.length}</span>
      </h2>
      {current.length === 0 ? (
        <div class="empty">
          <p>
            <strong>No rentals.</strong> Rent a whole number for hours, days or weeks: whatever is sent to it arrives here, as long as it is
            yours. For a single code an <a href={paths.dashboard}>order</a> is enough.
          </p>
        </div>
      ) : (
        current.map((rental) => <RentalCard rental={rental} nowMs={nowMs} />)
      )}
    </section>
  );
}

export function PastRentals({ view }: { view: RentalListView }): JSX.Element {
  return (
    <section id={ids.pastRentals} class="recent" aria-labelledby="past-rentals-title">
      <h2 id="past-rentals-title">Ended</h2>
      {view.past.length === 0 ? (
        <p class="muted">Rentals that ended are listed here, with their inboxes.</p>
      ) : (
        <ul class="rows">
          {view.past.map((rental) => (
            <PastRental rental={rental} />
          ))}
        </ul>
      )}
      {view.nextCursor ? (
        <p class="pager">
          <a class="button secondary" rel="next" href={attr(withQuery(paths.rentals, { cursor: view.nextCursor }))}>
            Older
          </a>
        </p>
      ) : null}
    </section>
  );
}

function PastRental({ rental }: { rental: RentalView }): JSX.Element {
  return (
    <li id={attr(rentalRowId(rental.id))} data-status={rental.status} title={attr(rentalEndInWords(rental) ?? '')}>
      <RentalBadge status={rental.status} />
      <span class="what">
        <a href={attr(rentalPath(rental.id))}>
          <b>{rental.name === '' ? <span safe>{numberGrouped(rental.number)}</span> : <Foreign text={rental.name} />}</b>
        </a>{' '}
        <Country country={rental.country} />
      </span>
      <span safe>{serviceInWords(rental.serviceName)}</span>
      <span class="mono row-price">
        <span safe>{money(rental.priceMinor, rental.currency)}</span>
        <span safe>
          {rental.money === 'refunded'
            ? ' returned'
            : rental.returnedMinor > 0
              ? `, ${money(rental.returnedMinor, rental.currency)} back`
              : ''}
        </span>
      </span>
      <Time atMs={rental.endedAtMs ?? rental.startsAtMs} />
    </li>
  );
}
