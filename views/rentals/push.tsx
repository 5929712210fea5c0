/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Balance } from '../dashboard/lists.tsx';
import { ids } from '../ids.ts';
import { markup } from '../parts/text.tsx';
import { EndForm, ExtendTerms } from './actions.tsx';
import { Changes, Inbox, RentalHead } from './inbox.tsx';
import type { InboxView, RentalListView } from './model.ts';
import { CurrentRentals, PastRentals } from './page.tsx';

/** Everything on the page of rentals that changes by itself, for the socket and for the poll. */
export function pushRentals(view: RentalListView): string {
  return markup(
    <>
      <hx-partial hx-target={`#${ids.currentRentals}`} hx-swap="outerMorph">
        <CurrentRentals view={view} />
      </hx-partial>
      <hx-partial hx-target={`#${ids.pastRentals}`} hx-swap="outerMorph">
        <PastRentals view={view} />
      </hx-partial>
      <hx-partial hx-target={`#${ids.balance}`} hx-swap="outerMorph">
        <Balance balance={view.balance} />
      </hx-partial>
    </>,
  );
}

/** The same of one rental's page; what somebody may be typing into is left alone. */
export function pushInbox(view: InboxView): string {
  return markup(
    <>
      <hx-partial hx-target={`#${ids.rentalHead}`} hx-swap="outerMorph">
        <RentalHead view={view} />
      </hx-partial>
      <hx-partial hx-target={`#${ids.inbox}`} hx-swap="outerMorph">
        <Inbox view={view} />
      </hx-partial>
      {view.rental.endedAtMs === null ? (
        <>
          <hx-partial hx-target={`#${ids.extendTerms}`} hx-swap="outerMorph">
            <ExtendTerms isCharged={view.rental.money === 'captured'} />
          </hx-partial>
          <hx-partial hx-target={`#${ids.rentalEnd}`} hx-swap="outerMorph">
            <EndForm view={view} />
          </hx-partial>
        </>
      ) : null}
      <hx-partial hx-target={`#${ids.rentalChanges}`} hx-swap="outerMorph">
        <Changes view={view} />
      </hx-partial>
    </>,
  );
}
