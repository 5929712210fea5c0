/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { numberGrouped } from '../format.ts';
import { Field, FieldError, FormError } from '../parts/field.tsx';
import { attr, Foreign, Time } from '../parts/text.tsx';
import type { EventChoiceView, RentalChoiceView, WebhookDeliveryView, WebhookForm, WebhookView } from './webhooks-model.ts';

/** The style sheet of these pages, for their head. */
export function WebhookStyle(): JSX.Element {
  return <link rel="stylesheet" href="/static/webhooks.css" />;
}

/** How an endpoint does, as a word; the colour only repeats it. */
export function WebhookBadge({ webhook }: { webhook: WebhookView }): JSX.Element {
  const { state, failingSinceMs } = webhook;
  const [word, level] =
    state === 'disabled'
      ? ['Switched off', 'bad']
      : state === 'paused'
        ? ['Paused', undefined]
        : failingSinceMs === null
          ? ['Active', 'good']
          : ['Failing', 'busy'];
  return (
    <span class="badge" data-level={level} safe>
      {word ?? ''}
    </span>
  );
}

/** Why an endpoint is switched off and what to do, or nothing. */
export function WebhookTrouble({ webhook, nowMs }: { webhook: WebhookView; nowMs: number }): JSX.Element {
  const { state, disabledReason, disabledAtMs, failingSinceMs, failures } = webhook;
  if (state === 'disabled' && disabledAtMs !== null) {
    return (
      <p class="problem">
        Switched off <Time atMs={disabledAtMs} nowMs={nowMs} />:{' '}
        {disabledReason === 'gone' ? (
          'it answered 410 Gone, which means that the address is not used any more.'
        ) : (
          <span safe>{`nothing reached it for days, in ${failures} attempts.`}</span>
        )}{' '}
        Put it right, send a test, then switch it on again; what failed can be sent again afterwards.
      </p>
    );
  }
  if (failingSinceMs === null) return '';
  return (
    <p class="muted">
      Failing since <Time atMs={failingSinceMs} nowMs={nowMs} />
      <span safe>{`, ${failures === 1 ? '1 attempt' : `${failures} attempts`}.`}</span>
    </p>
  );
}

/** `97 % of the last 100`, or that there was none yet. */
export function SuccessRate({ success }: { success: WebhookView['success'] }): JSX.Element {
  const { delivered, ended } = success;
  if (ended === 0) return <span class="muted">none yet</span>;
  // Rounded down: 100 % means that none was missed.
  const percent = Math.floor((delivered / ended) * 100);
  return <span safe>{ended === 1 ? `${percent} % of 1` : `${percent} % of the last ${ended}`}</span>;
}

/** How a delivery stands, as a word. */
export function DeliveryBadge({ delivery }: { delivery: Pick<WebhookDeliveryView, 'state' | 'attempts'> }): JSX.Element {
  const { state, attempts } = delivery;
  const [word, level] =
    state === 'delivered'
      ? ['Delivered', 'good']
      : state === 'failed'
        ? ['Failed', 'bad']
        : [attempts === 0 ? 'Waiting' : 'Retrying', 'busy'];
  return (
    <span class="badge" data-level={level} safe>
      {word ?? ''}
    </span>
  );
}

/** Address, description and choice of events: the same for a new endpoint and for one that is there. */
export function WebhookFields({
  form,
  eventTypes,
  rentals,
}: {
  form: WebhookForm;
  eventTypes: readonly EventChoiceView[];
  rentals: readonly RentalChoiceView[];
}): JSX.Element {
  const chosen = (form.values['events'] ?? '').split(' ');
  const isSome = form.values['which'] === 'some';
  return (
    <>
      <FormError form={form} />
      <Field
        form={form}
        name="url"
        label="Address"
        maxlength={2000}
        hint="https://…, reachable from the internet. Each event is sent there as a POST with a signed JSON body."
        autocomplete="off"
      />
      <Field form={form} name="description" label="Description" required={false} maxlength={200} hint="For yourself. May stay empty." />
      <fieldset class="event-choice" aria-describedby={form.errors['events'] ? 'events-error' : undefined}>
        <legend>Events</legend>
        <label>
          <input type="radio" name="which" value="all" checked={!isSome} /> All, also those to come
        </label>
        <label>
          <input type="radio" name="which" value="some" checked={isSome} /> Only these:
        </label>
        <div class="event-list">
          {eventTypes.map(({ type, meaning }) => (
            <label>
              <input type="checkbox" name="events" value={attr(type)} checked={chosen.includes(type)} />
              <span>
                <code safe>{type}</code> <small safe>{meaning}</small>
              </span>
            </label>
          ))}
        </div>
        <FieldError form={form} name="events" />
      </fieldset>
      <RentalChoice form={form} rentals={rentals} />
    </>
  );
}

/** Whose rental events; not asked where there is no rental, and none was chosen. */
function RentalChoice({ form, rentals }: { form: WebhookForm; rentals: readonly RentalChoiceView[] }): JSX.Element {
  if (rentals.length === 0) return '';
  const chosen = (form.values['rentals'] ?? '').split(' ');
  const isSome = form.values['whose'] === 'some';
  return (
    <fieldset class="event-choice" aria-describedby={form.errors['rentals'] ? 'rentals-error' : undefined}>
      <legend>Rentals</legend>
      <label>
        <input type="radio" name="whose" value="all" checked={!isSome} /> Events of all rentals, also those to come
      </label>
      <label>
        <input type="radio" name="whose" value="some" checked={isSome} /> Only of these (orders and balance are not touched by it):
      </label>
      <div class="event-list">
        {rentals.map(({ id, name, number, status }) => (
          <label>
            <input type="checkbox" name="rentals" value={attr(id)} checked={chosen.includes(id)} />
            <span>
              {name === '' ? <span safe>{numberGrouped(number)}</span> : <Foreign text={name} />}{' '}
              <small safe>{`${name === '' ? '' : `${numberGrouped(number)}, `}${status}`}</small>
            </span>
          </label>
        ))}
      </div>
      <FieldError form={form} name="rentals" />
    </fieldset>
  );
}
