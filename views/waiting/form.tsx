/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { majorAmount, minutesInWords, money } from '../format.ts';
import type { OfferView } from '../model.ts';
import { attr } from '../parts/text.tsx';
import { paths } from '../paths.ts';
import type { WaitFormView } from './model.ts';
import { ordinal } from './words.ts';

const HOURS = [1, 6, 24, 72, 168] as const;

/** In the order form, in place of its button: wait for a number of the offer. What is typed outlives the form fetching itself anew, for this offer alone. */
export function WaitForm({ wait, offer }: { wait: WaitFormView; offer: OfferView }): JSX.Element {
  const { own, buyers } = wait;
  if (own !== null) {
    return (
      <div class="wait">
        <p>
          <b>Out of stock.</b>{' '}
          <span safe>
            {own.mode === 'buy'
              ? `You are ${ordinal(own.position ?? 1)} of ${own.length ?? 1} in line: a number is bought for up to ${money(own.maxPriceMinor ?? 0, own.currency)}.`
              : 'You are told when there is stock.'}
          </span>
        </p>
        <p>
          <a href={paths.waiting}>Your waiting list</a>
        </p>
      </div>
    );
  }
  const key = `${offer.country}-${offer.service}-${offer.carrier}`;
  return (
    <fieldset class="wait">
      <legend>Out of stock: wait for one</legend>
      <p class="hint" safe>
        {buyers === 0
          ? 'Nobody waits before you.'
          : buyers === 1
            ? 'One customer waits before you.'
            : `${buyers} customers wait before you.`}
      </p>
      <div class="wait-terms">
        <div class="field">
          <label for={attr(`wait-max-${key}`)} safe>{`At most (${offer.currency})`}</label>
          <input
            id={attr(`wait-max-${key}`)}
            hx-preserve="true"
            name="wait_max"
            inputmode="decimal"
            maxlength={14}
            autocomplete="off"
            value={attr(wait.typed?.max ?? majorAmount(offer.priceMinor, offer.currency))}
          />
        </div>
        <div class="field">
          <label for={attr(`wait-hours-${key}`)}>For</label>
          <select id={attr(`wait-hours-${key}`)} hx-preserve="true" name="wait_hours">
            {hoursOffered(wait.hoursMax).map((hours) => (
              <option value={String(hours)} selected={hours === chosenHours(wait)} safe>
                {minutesInWords(hours * 60)}
              </option>
            ))}
          </select>
        </div>
      </div>
      <button type="submit" formaction={paths.waiting} name="mode" value="buy">
        Buy when available
      </button>
      <button type="submit" class="secondary outline" formaction={paths.waiting} name="mode" value="notify">
        Tell me
      </button>
      <p class="hint">
        First come, first served. Nothing is held while you wait: when it is your turn the number is bought at its price then, if that is
        not above yours and your balance covers it.
      </p>
    </fieldset>
  );
}

function hoursOffered(hoursMax: number): number[] {
  return [...new Set([...HOURS.filter((hours) => hours < hoursMax), hoursMax])];
}

function chosenHours({ typed, hoursMax }: WaitFormView): number {
  return typed === null ? Math.min(24, hoursMax) : Number(typed.hours);
}
