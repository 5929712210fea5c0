/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { money } from '../format.ts';
import { ids } from '../ids.ts';
import { attr, Time } from '../parts/text.tsx';
import { rentalPath } from '../paths.ts';
import { Labelled, priceOfQuote, TermFields } from './form.tsx';
import { type InboxView, UNITS } from './model.ts';
import { rentQuoteOf } from './quote.ts';
import { termInWords } from './words.ts';

interface ActionProps {
  view: InboxView;
}

/** Extend the rental: how long, what it costs, until when it then runs. */
export function ExtendForm({ view }: ActionProps): JSX.Element {
  const { rental, extend } = view;
  const offered = UNITS.some((unit) => extend.prices[unit] !== null);
  const live = {
    'hx-get': attr(rentalPath(rental.id, 'quote')),
    'hx-include': 'closest form',
    'hx-target': `#${ids.extendLine}`,
    'hx-swap': 'outerHTML',
    'hx-sync': 'closest form:replace',
  };
  return (
    <section class="panel buy" aria-labelledby="extend-title">
      <h2 id="extend-title">Extend</h2>
      {offered ? (
        <form method="post" action={attr(rentalPath(rental.id, 'extend'))}>
          <input type="hidden" name="idempotency_key" value={attr(extend.key)} />
          <TermFields prefix="extend" values={extend.values} live={live} />
          <ExtendLine view={view} />
          <noscript>
            <button type="submit" class="secondary outline" formmethod="get" formaction={attr(rentalPath(rental.id))} formnovalidate>
              Show the price of this choice
            </button>
          </noscript>
        </form>
      ) : (
        <p class="empty">Numbers of this country are not rented out any more: it cannot be extended.</p>
      )}
    </section>
  );
}

export function ExtendLine({ view }: ActionProps): JSX.Element {
  const { rental, extend, balance } = view;
  const price = priceOfQuote(extend.quote);
  const { unit, periods } = extend.values;
  const untilMs = Math.max(rental.endsAtMs, view.nowMs) + periods * { hour: 3_600_000, day: 86_400_000, week: 604_800_000 }[unit];
  return (
    <div id={ids.extendLine} class="offer-line">
      <input type="hidden" name="quote" value={attr(rentQuoteOf({ country: rental.country, ...extend.values }, extend.quote))} />
      {price === null ? null : (
        <p class="hint">
          Then until <Time atMs={untilMs} />.
        </p>
      )}
      {'whyNot' in extend.quote ? (
        <p class="hint warn" safe>
          {extend.quote.whyNot}
        </p>
      ) : null}
      <button type="submit" id="extend-button" disabled={price === null} safe>
        {price === null ? 'Not to be had' : `Extend by ${termInWords(unit, periods)} · ${money(price, rental.currency)}`}
      </button>
      {price !== null && price > balance.availableMinor ? (
        <p class="hint warn" safe>{`Your balance is ${money(price - balance.availableMinor, balance.currency)} short of this price.`}</p>
      ) : null}
      <ExtendTerms isCharged={rental.money === 'captured'} />
    </div>
  );
}

/** When an extension is paid. Pushed by itself: the form around it is left alone while somebody types. */
export function ExtendTerms({ isCharged }: { isCharged: boolean }): JSX.Element {
  return (
    <p id={ids.extendTerms} class="hint" safe>
      {isCharged ? 'Charged at once, since a message has come already.' : 'Held with the rest, charged with the first message.'}
    </p>
  );
}

/** End it early, with what comes back said before; once opened it stays so while fresh markup comes in. */
export function EndForm({ view }: ActionProps): JSX.Element {
  const { rental, backMinor, policy } = view;
  const back = money(backMinor, rental.currency);
  const isBooked = rental.status === 'scheduled';
  const why =
    rental.money === 'held'
      ? 'No message came, so all of it comes back.'
      : policy.refundUnused
        ? 'Periods that have begun are used; whole ones that have not come back.'
        : 'What is paid does not come back.';
  return (
    <section id={ids.rentalEnd} class="panel" aria-labelledby="end-title">
      <h2 id="end-title">{isBooked ? 'Cancel' : 'End early'}</h2>
      <form method="post" action={attr(rentalPath(rental.id, 'end'))}>
        <input type="hidden" name="min_returned" value={String(backMinor)} />
        <p>
          <strong data-back-minor={backMinor} safe>
            {backMinor === 0 ? 'Nothing comes back.' : `${back} comes back to your balance.`}
          </strong>{' '}
          <span safe>{isBooked ? 'It has not begun.' : why}</span>
        </p>
        {isBooked ? null : <p class="hint">The number is lost to you then: what arrives later nobody shows you.</p>}
        <details class="sure">
          <summary>{isBooked ? 'Cancel the booking…' : 'End it now…'}</summary>
          <button type="submit" class="secondary" safe>
            {`${isBooked ? 'Cancel it' : 'End it'}, ${backMinor === 0 ? 'nothing' : back} back`}
          </button>
        </details>
      </form>
    </section>
  );
}

/** Extensions by themselves, with the most they may cost in all. */
export function AutoForm({ view }: ActionProps): JSX.Element {
  const { rental } = view;
  const isOn = rental.autoCapMinor !== null;
  return (
    <section class="panel" aria-labelledby="auto-title">
      <h2 id="auto-title">Extend by itself</h2>
      <p class="hint" safe>
        {isOn
          ? `On: ${money(rental.autoSpentMinor, rental.currency)} of at most ${money(rental.autoCapMinor ?? 0, rental.currency)} spent so far.`
          : 'Off: it ends when its time is over.'}
      </p>
      <form method="post" action={attr(rentalPath(rental.id, 'auto'))} class="rental-auto">
        <Labelled
          id="cap"
          label={`At most, in ${rental.currency}, in all`}
          hint="A minute before the end, one more period of the unit bought last, at the price then shown, as long as limit and balance allow."
        >
          <input id="cap" name="cap" inputmode="decimal" maxlength={20} aria-describedby="cap-hint" placeholder="40" />
        </Labelled>
        <div class="actions">
          <button type="submit" name="do" value="on" class="secondary outline small">
            {isOn ? 'Change the limit' : 'Switch on'}
          </button>
          {isOn ? (
            <button type="submit" name="do" value="off" class="secondary outline small">
              Switch off
            </button>
          ) : null}
        </div>
      </form>
    </section>
  );
}

export function NameForm({ view: { rental } }: ActionProps): JSX.Element {
  return (
    <section class="panel" aria-labelledby="name-title">
      <h2 id="name-title">Name</h2>
      <form method="post" action={attr(rentalPath(rental.id, 'name'))}>
        <Labelled id="name" label="Yours to tell rentals apart">
          <input id="name" name="name" maxlength={60} value={attr(rental.name)} />
        </Labelled>
        <button type="submit" class="secondary outline small">
          Save
        </button>
      </form>
    </section>
  );
}
