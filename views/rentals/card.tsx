/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Countdown } from '../dashboard/countdown.tsx';
import { money, numberGrouped, numberParts } from '../format.ts';
import { rentalCardId } from '../ids.ts';
import { Copy, Country } from '../parts/marks.tsx';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { rentalPath } from '../paths.ts';
import type { RentalView } from './model.ts';
import { durationInWords, RENTAL_STATUS_WORDS, rentalEndInWords, serviceInWords } from './words.ts';

interface RentalProps {
  rental: RentalView;
  nowMs: number;
}

/** One rental among others: which number, how long, what came, and the way to its inbox. */
export function RentalCard({ rental, nowMs }: RentalProps): JSX.Element {
  const id = rentalCardId(rental.id);
  return (
    <article id={attr(id)} class="order rental" {...announced(rental)} aria-labelledby={attr(`${id}-title`)}>
      <header>
        <h3 id={attr(`${id}-title`)}>
          <a href={attr(rentalPath(rental.id))}>
            {rental.name === '' ? <span safe>{serviceInWords(rental.serviceName)}</span> : <RentalName rental={rental} />}
          </a>
        </h3>
        <RentalBadge status={rental.status} />
      </header>
      <RentalNumber rental={rental} />
      <p class="rental-about">
        {rental.name === '' ? null : <span safe>{`${serviceInWords(rental.serviceName)} · `}</span>}
        <Country country={rental.country} />
      </p>
      <Outage rental={rental} nowMs={nowMs} />
      <footer>
        <RentalTime rental={rental} nowMs={nowMs} />
        <RentalMoney rental={rental} />
        <a class="button secondary small" href={attr(rentalPath(rental.id))} safe>
          {rental.messageCount === 0 ? 'Open inbox' : `Inbox · ${rental.messageCount}`}
        </a>
      </footer>
    </article>
  );
}

/** What static/live.js needs to read a new code out. */
export function announced(rental: RentalView): Record<string, string> {
  return {
    'data-order-id': attr(rental.id),
    'data-status': rental.status,
    'data-event': attr(rental.lastEvent),
    'data-service-name': attr(rental.codeServiceName ?? rental.serviceName ?? 'SMS'),
    ...(rental.code === null ? {} : { 'data-code': attr(rental.code) }),
  };
}

export function RentalName({ rental }: { rental: RentalView }): JSX.Element {
  return rental.name === '' ? <span safe>{numberGrouped(rental.number)}</span> : <Foreign text={rental.name} />;
}

export function RentalBadge({ status }: { status: RentalView['status'] }): JSX.Element {
  return (
    <span class="badge" data-status={status} safe>
      {RENTAL_STATUS_WORDS[status]}
    </span>
  );
}

export function RentalNumber({ rental }: { rental: RentalView }): JSX.Element {
  const parts = numberParts(rental.number);
  return (
    <div class="number-line">
      <span class="number mono" safe>
        {numberGrouped(rental.number)}
      </span>
      {rental.endedAtMs !== null ? null : (
        <span class="copies">
          <Copy value={rental.number} label={`Copy number ${rental.number}`} text="Copy number" />
          {parts ? (
            <Copy value={parts.national} label={`Copy number without ${parts.callingCode}`} text={`without ${parts.callingCode}`} />
          ) : null}
        </span>
      )}
    </div>
  );
}

/** Time left, when it begins, or how it ended. */
export function RentalTime({ rental, nowMs }: RentalProps): JSX.Element {
  if (rental.status === 'active') {
    return (
      <div class="rental-time">
        <Countdown order={{ createdAtMs: rental.startsAtMs, expiresAtMs: rental.endsAtMs }} nowMs={nowMs} />
        <small>
          until <Time atMs={rental.endsAtMs} />
        </small>
      </div>
    );
  }
  if (rental.endedAtMs === null) {
    return (
      <p>
        Begins <Time atMs={rental.startsAtMs} />, ends <Time atMs={rental.endsAtMs} />. The number may still change until then.
      </p>
    );
  }
  return (
    <p>
      <span safe>{rentalEndInWords(rental) ?? ''}</span> <Time atMs={rental.endedAtMs} />
    </p>
  );
}

export function RentalMoney({ rental }: { rental: RentalView }): JSX.Element {
  const price = money(rental.priceMinor, rental.currency);
  const words = { held: 'held', captured: 'paid', refunded: 'returned' }[rental.money];
  return (
    <span class="held">
      <span class="mono" safe>
        {price}
      </span>{' '}
      <span safe>
        {rental.money === 'captured' && rental.returnedMinor > 0
          ? `paid, ${money(rental.returnedMinor, rental.currency)} of it returned`
          : words}
      </span>
    </span>
  );
}

/** That its modem is away now, and what was added for outages before. */
export function Outage({ rental, nowMs }: RentalProps): JSX.Element {
  const isAway = rental.status === 'active' && rental.awaySinceMs !== null;
  if (!isAway && rental.outageMs === 0) return '';
  return (
    <>
      {isAway ? (
        <p class="unsure" role="status">
          Its modem cannot be read since <Time atMs={rental.awaySinceMs ?? nowMs} nowMs={nowMs} />. What is sent meanwhile mostly comes when
          it is back; the time of a longer outage is added by itself.
        </p>
      ) : null}
      {rental.outageMs > 0 ? (
        <p class="rental-outage" safe>{`${durationInWords(rental.outageMs)} were added because its modem could not be read.`}</p>
      ) : null}
    </>
  );
}
