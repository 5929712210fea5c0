/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { endInWords, isEnded, isRefunded, money, numberGrouped, numberParts, timeLeft } from '../format.ts';
import { orderCardId } from '../ids.ts';
import type { MessageView, OrderView } from '../model.ts';
import { Copy, Country, StatusBadge } from '../parts/marks.tsx';
import { ServiceMark } from '../parts/service-mark.tsx';
import { attr, Foreign, ForeignBlock, Time } from '../parts/text.tsx';
import { orderPagePath, orderPath, paths } from '../paths.ts';
import { Countdown } from './countdown.tsx';
import { ReportForm } from './message-report.tsx';
import { Labels, OpenVerbs, WindowNotes } from './order-extras.tsx';
import { quoteOf } from './quote.ts';

interface OrderCardProps {
  order: OrderView;
  nowMs: number;
  /** Where its forms lead back to. */
  back?: string;
}

/** One order as the customer works with it: number, code, messages, time left, and how it ended. */
export function OrderCard({ order, nowMs, back = paths.dashboard }: OrderCardProps): JSX.Element {
  const id = orderCardId(order.id);
  return (
    <article
      id={attr(id)}
      class="order"
      data-order-id={attr(order.id)}
      data-status={order.status}
      data-event={attr(order.lastEvent)}
      data-code={order.code === null ? undefined : attr(order.code)}
      data-service-name={attr(order.serviceName)}
      aria-labelledby={attr(`${id}-title`)}
    >
      <header>
        <h3 id={attr(`${id}-title`)}>
          <ServiceMark service={order.service} name={order.serviceName} /> <span safe>{order.serviceName}</span>{' '}
          <Country country={order.country} />
        </h3>
        <StatusBadge status={order.status} />
        <a class="order-more" href={attr(orderPagePath(order.id))} aria-label={attr(`Details of this ${order.serviceName} order`)}>
          Details
        </a>
      </header>
      <NumberLine order={order} />
      <CodeBox order={order} />
      <Unsure order={order} nowMs={nowMs} />
      <WindowNotes order={order} nowMs={nowMs} />
      <Messages order={order} nowMs={nowMs} />
      <Labels order={order} back={back} />
      {isEnded(order.status) ? <End order={order} /> : <OpenFooter order={order} nowMs={nowMs} />}
    </article>
  );
}

function NumberLine({ order }: { order: OrderView }): JSX.Element {
  const parts = numberParts(order.number);
  return (
    <div class="number-line">
      <span class="number mono" safe>
        {numberGrouped(order.number)}
      </span>
      {isRefunded(order.status) ? null : (
        <span class="copies">
          <Copy value={order.number} label={`Copy number ${order.number}`} text="Copy number" />
          {parts ? (
            <Copy value={parts.national} label={`Copy number without ${parts.callingCode}`} text={`without ${parts.callingCode}`} />
          ) : null}
        </span>
      )}
    </div>
  );
}

function CodeBox({ order }: { order: OrderView }): JSX.Element {
  if (order.code === null) return order.status === 'pending' ? <Waiting order={order} /> : '';
  if (order.extras.awaitingSinceMs !== null) return <WaitingForNext order={order} code={order.code} />;
  return (
    <div class="code-box">
      <span class="code-label">Code</span>
      <bdi class="code mono" dir="auto" safe>
        {order.code}
      </bdi>
      <Copy value={order.code} label={`Copy code ${order.code}`} text="Copy code" />
    </div>
  );
}

/** The code that is there is the old one, so it does not stand where the new one will. */
function WaitingForNext({ order, code }: { order: OrderView; code: string }): JSX.Element {
  return (
    <>
      <div class="waiting" data-awaiting>
        <Dots />
        <p safe>{`Waiting for the next code${order.service === 'any' ? '' : ` of ${order.serviceName}`}; it appears here.`}</p>
      </div>
      <p class="muted old-code">
        Old code:{' '}
        <bdi class="mono" dir="auto" safe>
          {code}
        </bdi>
      </p>
    </>
  );
}

function Dots(): JSX.Element {
  return (
    <span class="dots" aria-hidden="true">
      <i></i>
      <i></i>
      <i></i>
    </span>
  );
}

function Waiting({ order: { service, serviceName } }: { order: OrderView }): JSX.Element {
  return (
    <div class="waiting">
      <Dots />
      <p safe>
        {service === 'any'
          ? 'Use the number now; the first SMS appears here.'
          : `Enter the number at ${serviceName} now; the code appears here.`}
      </p>
    </div>
  );
}

/** Says that a message waits for the operator, and that the window does not wait for it; nothing of the message itself. */
function Unsure({ order: { unsure, status }, nowMs }: OrderCardProps): JSX.Element {
  if (unsure === null) return '';
  const came = unsure.count === 1 ? 'A message came' : `${unsure.count} messages came`;
  return (
    <p class="unsure" role="status">
      <span safe>{`${came} that we are not sure about; our operator looks at ${unsure.count === 1 ? 'it' : 'them'}.`}</span>{' '}
      {status === 'pending' ? 'The window goes on; if it ends without a code, your money comes back as always. ' : null}
      <small class="unsure-since">
        Since <Time atMs={unsure.sinceMs} nowMs={nowMs} />
      </small>
    </p>
  );
}

function Messages({ order, nowMs }: OrderCardProps): JSX.Element {
  if (order.messages.length === 0) return '';
  return (
    <ul class="messages" aria-label="Messages">
      {order.messages.map((message) => (
        <Message message={message} nowMs={nowMs} back={paths.dashboard} />
      ))}
    </ul>
  );
}

/** One SMS: who, when, what, and a word back about it, after which the reader returns to `back`. */
export function Message({ message, nowMs, back }: { message: MessageView; nowMs: number; back: string }): JSX.Element {
  return (
    <li class="message">
      <p class="message-head">
        <b>
          <Foreign text={message.sender} />
        </b>
        <Time atMs={message.receivedAtMs} nowMs={nowMs} />
      </p>
      <ForeignBlock text={message.text} />
      <ReportForm message={message} nowMs={nowMs} back={back} />
    </li>
  );
}

function OpenFooter({ order, nowMs }: OrderCardProps): JSX.Element {
  return (
    <footer>
      <Countdown order={order} nowMs={nowMs} />
      <span class="held">
        <span class="mono" safe>
          {money(order.priceMinor, order.currency)}
        </span>{' '}
        {order.status === 'pending' ? 'held' : 'paid'}
      </span>
      <OpenVerbs order={order} />
      <CancelForm order={order} nowMs={nowMs} />
      {order.canFinish ? (
        <form method="post" action={attr(orderPath(order.id, 'finish'))}>
          <button type="submit" class="secondary outline small">
            Done
          </button>
        </form>
      ) : null}
    </footer>
  );
}

function CancelForm({ order, nowMs }: OrderCardProps): JSX.Element {
  const waits = !order.canCancel && order.cancelFromMs !== null && order.cancelFromMs < order.expiresAtMs;
  if (!order.canCancel && !waits) return '';
  return (
    <form method="post" action={attr(orderPath(order.id, 'cancel'))}>
      <button
        type="submit"
        class="secondary outline small"
        disabled={waits}
        data-enable-at-ms={waits ? (order.cancelFromMs ?? undefined) : undefined}
      >
        Cancel
      </button>
      {waits ? (
        <span class="muted" data-gone-at-ms={order.cancelFromMs ?? undefined} safe>
          {`possible in ${timeLeft((order.cancelFromMs ?? nowMs) - nowMs)}`}
        </span>
      ) : null}
    </form>
  );
}

function End({ order }: { order: OrderView }): JSX.Element {
  const price = money(order.priceMinor, order.currency);
  return (
    <footer class="end">
      <p>
        <span safe>{endInWords(order) ?? ''}</span>{' '}
        {isRefunded(order.status) ? (
          <strong class="money-back" safe>{`${price} is back on your balance.`}</strong>
        ) : (
          <span safe>{`${price} paid.`}</span>
        )}
      </p>
      {isRefunded(order.status) ? (
        <form method="post" action={paths.orders}>
          <input type="hidden" name="country" value={attr(order.country)} />
          <input type="hidden" name="service" value={attr(order.service)} />
          {order.carrier ? <input type="hidden" name="carrier" value={attr(order.carrier)} /> : null}
          <input type="hidden" name="quote" value={attr(quoteOf(order))} />
          <input type="hidden" name="idempotency_key" value={attr(`again-${order.id}`)} />
          <button type="submit" class="secondary outline small">
            Try another number
          </button>
        </form>
      ) : null}
      {order.extras.canReuse && order.status !== 'reported' ? (
        <a class="button secondary outline small" href={attr(orderPath(order.id, 'reuse'))}>
          Use this number again…
        </a>
      ) : null}
    </footer>
  );
}
