/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';

import { attr, Foreign } from '../parts/text.tsx';
import { reviewPath } from '../paths.ts';
import type { ReviewItemView } from './review-model.ts';

/** What may be done with a message now. What cannot be undone opens a second button first; works without scripts. */
export function Decisions({ item }: { item: ReviewItemView }): JSX.Element {
  if (item.canUndo) {
    return (
      <form method="post" action={attr(reviewPath(item.message.id, 'undo'))}>
        <button type="submit" class="secondary outline small">
          Undo
        </button>
      </form>
    );
  }
  const isOpen = item.state === 'open';
  const mayGive = isOpen || item.state === 'withdrawn' || item.state === null;
  return (
    <div class="decisions">
      {mayGive ? <Deliver item={item} /> : null}
      {isOpen ? <OtherService item={item} /> : null}
      {isOpen ? <NotCode item={item} /> : null}
    </div>
  );
}

function Deliver({ item }: { item: ReviewItemView }): JSX.Element {
  const orders = item.orders.filter(({ whyNot }) => whyNot === null);
  const [only] = orders;
  if (!only) return '';
  return (
    <details class="confirm" name={attr(`decide-${item.message.id}`)}>
      <summary>Deliver…</summary>
      <form method="post" action={attr(reviewPath(item.message.id, 'deliver'))}>
        {orders.length === 1 ? (
          <input type="hidden" name="order" value={attr(only.id)} />
        ) : (
          <fieldset>
            <legend>To which order?</legend>
            {orders.map(({ id, serviceName, email }) => (
              <label>
                <input type="radio" name="order" value={attr(id)} required /> <span safe>{serviceName}</span> <Foreign text={email} />
              </label>
            ))}
          </fieldset>
        )}
        <Codes item={item} />
        <p class="muted">The customer sees the message and the code at once, and the price is captured. This cannot be undone.</p>
        <button type="submit" class="small">
          Deliver now
        </button>
      </form>
    </details>
  );
}

/** The candidates to choose from, or a code to type; what is typed goes first. */
function Codes({ item: { message } }: { item: ReviewItemView }): JSX.Element {
  return (
    <>
      {message.candidates.length === 0 ? null : (
        <fieldset>
          <legend>Which is the code?</legend>
          {message.candidates.map(({ code }, index) => (
            <label>
              <input type="radio" name="code" value={attr(code)} checked={index === 0} />{' '}
              <span class="mono">
                <Foreign text={code} />
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <label>
        {message.candidates.length === 0 ? 'The code, as it stands in the text' : 'Or type it, as it stands in the text'}
        <input name="typed" class="mono" maxlength={32} autocomplete="off" />
      </label>
    </>
  );
}

function OtherService({ item }: { item: ReviewItemView }): JSX.Element {
  return (
    <details class="confirm" name={attr(`decide-${item.message.id}`)}>
      <summary>Other service…</summary>
      <form method="post" action={attr(reviewPath(item.message.id, 'other-service'))}>
        <label>
          Service
          <input name="service" list="services" maxlength={64} required autocomplete="off" />
        </label>
        <Codes item={item} />
        <p class="muted">
          If an order of that service is open on this number, it gets the message, and that cannot be undone. If not, the item is closed.
        </p>
        <button type="submit" class="small secondary">
          It is of this service
        </button>
      </form>
    </details>
  );
}

function NotCode({ item }: { item: ReviewItemView }): JSX.Element {
  return (
    <form method="post" action={attr(reviewPath(item.message.id, 'not-code'))} class="one-line">
      <label>
        <span class="sr-only">Note, for operators only</span>
        <input name="note" maxlength={500} autocomplete="off" placeholder="Note, for operators only" />
      </label>
      <button type="submit" class="small secondary outline">
        Not a code
      </button>
    </form>
  );
}
