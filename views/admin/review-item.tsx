/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { numberGrouped, timeLeft } from '../format.ts';
import { attr, Foreign, MarkedBlock, Time } from '../parts/text.tsx';
import { reviewPath, simPagePath, tryMessagePath } from '../paths.ts';
import { Decisions } from './review-forms.tsx';
import type { ReviewItemView, ReviewMessageView, ReviewOrderView } from './review-model.ts';

const STATES = {
  open: { word: 'To decide', level: 'busy' },
  delivered: { word: 'Delivered', level: 'good' },
  not_code: { word: 'No code', level: undefined },
  other_service: { word: 'Other service', level: undefined },
  withdrawn: { word: 'Settled by the rules', level: 'good' },
} as const;

/** A message with everything a decision needs, and the forms to decide; `alone` on its own page. */
export function ReviewItem({ item, nowMs, alone = false }: { item: ReviewItemView; nowMs: number; alone?: boolean }): JSX.Element {
  const { message, state } = item;
  const shown = state === null ? null : state === 'open' && item.tooLate ? ({ word: 'Too late', level: 'bad' } as const) : STATES[state];
  return (
    <li class="panel review" data-message-id={attr(message.id)} data-state={state ?? 'none'}>
      <div class="history-line">
        {shown === null ? null : (
          <span class="badge" data-level={shown.level} safe>
            {shown.word}
          </span>
        )}
        <MessageHead message={message} nowMs={nowMs} />
        {alone ? null : <a href={attr(reviewPath(message.id))}>This one alone</a>}
      </div>
      <MarkedBlock text={message.text} marks={message.candidates} />
      <Explanation message={message} nowMs={nowMs} />
      <Orders orders={item.orders} nowMs={nowMs} />
      {item.decision === null ? null : (
        <p class="why">
          <Foreign text={item.decision.text} /> <Foreign text={item.decision.note} />
        </p>
      )}
      <Decisions item={item} />
    </li>
  );
}

/** Sender, number, SIM and when it came. */
export function MessageHead({ message, nowMs }: { message: ReviewMessageView; nowMs: number }): JSX.Element {
  return (
    <>
      <b>
        <Foreign text={message.sender} />
      </b>
      <span class="mono" safe>
        {message.number === null ? 'Number unknown' : numberGrouped(message.number)}
      </span>
      <a class="mono" href={attr(simPagePath(message.iccid))}>
        <Foreign text={`SIM …${message.iccid.slice(-5)}`} />
      </a>
      <Time atMs={message.arrivedAtMs} nowMs={nowMs} />
    </>
  );
}

/** Why it was judged as it was: the words, the rule, its version, when the network took it, and all that was weighed as the code. */
export function Explanation({ message, nowMs }: { message: ReviewMessageView; nowMs: number }): JSX.Element {
  const { candidates } = message;
  return (
    <>
      <p class="why">
        <span safe>{message.reason}</span>{' '}
        <small class="mono" safe>
          {[message.rule && `rule ${message.rule}`, message.ruleVersion && `rules ${message.ruleVersion}`].filter(Boolean).join(', ')}
        </small>
      </p>
      {message.live ? null : (
        <p class="why">
          Found late; the network took it at{' '}
          {message.networkAtMs === null ? 'a time it does not tell' : <Time atMs={message.networkAtMs} nowMs={nowMs} />}.
        </p>
      )}
      {message.incomplete ? <p class="why">Parts of it have not come.</p> : null}
      <p class="why">
        <a href={attr(tryMessagePath(message.id))}>Explain and edit rules</a>
      </p>
      {candidates.length === 0 ? (
        <p class="why">Nothing in it was weighed as a code.</p>
      ) : (
        <ul class="candidates" aria-label="What was weighed as the code">
          {candidates.map(({ text, score }) => (
            <li>
              <span class="mono">
                <Foreign text={text} />
              </span>{' '}
              <small class="mono" safe>
                {score.toFixed(1)}
              </small>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Orders({ orders, nowMs }: { orders: readonly ReviewOrderView[]; nowMs: number }): JSX.Element {
  if (orders.length === 0) return <p class="why">No order is open on this number.</p>;
  return (
    <ul class="review-orders" aria-label="Orders on this number">
      {orders.map((order) => (
        <li data-order-id={attr(order.id)}>
          <b safe>{order.serviceName}</b> <Foreign text={order.email} />{' '}
          {order.endedAtMs === null ? <TimeLeft order={order} nowMs={nowMs} /> : <span safe>{`ended: ${order.status}`}</span>}
          <p class="why">
            <span safe>{order.whyNot ?? order.reason}</span>{' '}
            <small class="mono" safe>
              {`rule ${order.rule}`}
            </small>
          </p>
        </li>
      ))}
    </ul>
  );
}

function TimeLeft({ order, nowMs }: { order: ReviewOrderView; nowMs: number }): JSX.Element {
  return (
    <span data-expires-at-ms={order.expiresAtMs} data-window-ms={Math.max(1, order.expiresAtMs - order.createdAtMs)}>
      <span class="mono" role="timer" aria-label="Time left" data-countdown-text safe>
        {timeLeft(order.expiresAtMs - nowMs)}
      </span>{' '}
      left
    </span>
  );
}
