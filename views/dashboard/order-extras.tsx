/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { isEnded, minutesInWords, timeLeft } from '../format.ts';
import type { OrderView } from '../model.ts';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { orderPath, paths, withQuery } from '../paths.ts';

export const REPORT_WORDS = {
  number_unusable: 'The service says the number is invalid or banned',
  already_registered: 'The number has an account there already',
  no_sms: 'The service says it sent an SMS, and none came',
  other: 'Something else',
} as const;

interface ExtrasProps {
  order: OrderView;
  nowMs: number;
  /** Where the reader comes back to. */
  back: string;
}

/** The customer's own note and tags, with a form to change them in place, and one to say that the number does not work. */
export function Labels({ order, back }: Omit<ExtrasProps, 'nowMs'>): JSX.Element {
  const { note, tags } = order.extras;
  const id = `label-${order.id}`;
  return (
    <div class="labels">
      {note === '' ? null : (
        <p class="order-note">
          <Foreign text={note} />
        </p>
      )}
      <Tags tags={tags} />
      <details class="about">
        <summary>{note === '' && tags.length === 0 ? 'Add a note or tags' : 'Change note and tags'}</summary>
        <form method="post" action={attr(orderPath(order.id, 'label'))}>
          <input type="hidden" name="back" value={attr(back)} />
          <label for={attr(`${id}-note`)}>Note</label>
          <input id={attr(`${id}-note`)} name="note" maxlength={200} autocomplete="off" value={attr(note)} />
          <label for={attr(`${id}-tags`)}>Tags</label>
          <input
            id={attr(`${id}-tags`)}
            name="tags"
            maxlength={320}
            autocomplete="off"
            autocapitalize="none"
            placeholder="qa signup"
            value={attr(tags.join(' '))}
            aria-describedby={attr(`${id}-hint`)}
          />
          <p id={attr(`${id}-hint`)} class="muted">
            At most 10 tags, apart by spaces: a-z, 0-9, - and _. Only you see note and tags.
          </p>
          <button type="submit" class="secondary outline small">
            Save
          </button>
        </form>
      </details>
      <ReportNumber order={order} />
    </div>
  );
}

/** Tags that lead to all orders with them. */
export function Tags({ tags }: { tags: readonly string[] }): JSX.Element {
  if (tags.length === 0) return '';
  return (
    <ul class="tags" aria-label="Tags">
      {tags.map((tag) => (
        <li>
          <a href={attr(withQuery(paths.history, { tag }))} safe>
            {tag}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Says that the modem of the number is away and how long the window waits, or what was added to it. */
export function WindowNotes({ order, nowMs }: Omit<ExtrasProps, 'back'>): JSX.Element {
  const { away, outageMs, extendedMs } = order.extras;
  const added = [
    ...(extendedMs > 0 ? [`${minutesInWords(Math.max(1, Math.round(extendedMs / 60_000)))} as you asked`] : []),
    ...(outageMs > 0 ? [`${timeLeft(outageMs)} because its modem had been away`] : []),
  ];
  return (
    <>
      {away === null || isEnded(order.status) ? null : (
        <p class="unsure" role="status" data-away>
          The modem of this number is away since <Time atMs={away.sinceMs} nowMs={nowMs} />. The window waits for it
          {order.status === 'pending' ? (
            <>
              , until <Time atMs={away.untilMs} nowMs={nowMs} /> at the latest: then your money comes back by itself.
            </>
          ) : (
            '.'
          )}
        </p>
      )}
      {added.length === 0 ? null : <p class="muted added" safe>{`Added to the window: ${added.join(', ')}.`}</p>}
    </>
  );
}

/** A form to say why the number of a pending order does not work. */
function ReportNumber({ order }: { order: OrderView }): JSX.Element {
  if (order.status !== 'pending') return '';
  const id = `report-${order.id}`;
  return (
    <details class="about report-number">
      <summary>Number does not work?</summary>
      <form method="post" action={attr(orderPath(order.id, 'report'))}>
        <fieldset>
          <legend>What is wrong with it?</legend>
          {Object.entries(REPORT_WORDS).map(([reason, words], index) => (
            <label>
              <input type="radio" name="reason" value={reason} required={index === 0} /> <span safe>{words}</span>
            </label>
          ))}
        </fieldset>
        <label for={attr(`${id}-text`)}>More about it</label>
        <input id={attr(`${id}-text`)} name="text" maxlength={300} autocomplete="off" placeholder="Optional" />
        <button type="submit" class="secondary outline small">
          Report and get the money back
        </button>
      </form>
    </details>
  );
}

/** What the customer may do with an open order besides ending it. */
export function OpenVerbs({ order }: { order: OrderView }): JSX.Element {
  const { extendMinutes, canAsk } = order.extras;
  return (
    <>
      {extendMinutes === null ? null : (
        <form method="post" action={attr(orderPath(order.id, 'extend'))}>
          <button type="submit" class="secondary outline small" title="Free, once" safe>
            {`Extend by ${minutesInWords(extendMinutes)}`}
          </button>
        </form>
      )}
      {canAsk ? (
        <form method="post" action={attr(orderPath(order.id, 'another'))}>
          <button type="submit" class="secondary outline small" title="You asked the service to send another code">
            I asked for another code
          </button>
        </form>
      ) : null}
    </>
  );
}
