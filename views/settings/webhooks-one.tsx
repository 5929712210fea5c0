/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { PageContext } from '../model.ts';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { paths, webhookDeliveryPath, webhookPath, withQuery } from '../paths.ts';
import { SettingsFrame } from './frame.tsx';
import type { WebhookDeliveryView, WebhookPageView, WebhookView } from './webhooks-model.ts';
import { DeliveryBadge, SuccessRate, WebhookBadge, WebhookFields, WebhookStyle, WebhookTrouble } from './webhooks-parts.tsx';

/** One endpoint: how it does, its deliveries, and all that can be done with it. */
export function WebhookPage({ page, view }: { page: PageContext; view: WebhookPageView }): JSX.Element {
  const { webhook, nowMs } = view;
  return (
    <SettingsFrame page={page} title="Webhook endpoint" head={WebhookStyle}>
      <div class="webhook">
        <p>
          <a href={paths.webhooks}>All endpoints</a>
        </p>
        <section class="panel" aria-label="State">
          <div class="history-line">
            <WebhookBadge webhook={webhook} />
            <span class="webhook-url">
              <Foreign text={webhook.url} />
            </span>
          </div>
          <WebhookTrouble webhook={webhook} nowMs={nowMs} />
          <p class="muted">
            Delivered: <SuccessRate success={webhook.success} />. Waiting: {webhook.success.waiting}.{' '}
            {webhook.lastDeliveredAtMs === null ? null : (
              <>
                Last success <Time atMs={webhook.lastDeliveredAtMs} nowMs={nowMs} />.
              </>
            )}
          </p>
          <div class="actions">
            <Act webhook={webhook} verb="test" label="Send a test event" />
            {webhook.state === 'active' ? (
              <Act webhook={webhook} verb="pause" label="Pause" quiet />
            ) : (
              <Act webhook={webhook} verb="resume" label={webhook.state === 'paused' ? 'Resume' : 'Switch on again'} />
            )}
          </div>
          {webhook.state === 'paused' ? (
            <p class="muted">
              Paused: events of now are not queued, what waited before waits on. After resuming, missed ones can be sent below.
            </p>
          ) : null}
        </section>
        <Deliveries view={view} />
        {webhook.state === 'active' ? <ReplaySince webhook={webhook} /> : null}
        <section class="panel" aria-labelledby="change-title">
          <h2 id="change-title">Address and events</h2>
          <form method="post" action={attr(webhookPath(webhook.id))}>
            <WebhookFields form={view.form} eventTypes={view.eventTypes} rentals={view.rentals} />
            <button type="submit">Save</button>
          </form>
        </section>
        <Secret view={view} />
        <section class="panel" aria-labelledby="delete-title">
          <h2 id="delete-title">Delete</h2>
          <details class="confirm">
            <summary>Delete this endpoint…</summary>
            <p>Nothing is sent there any more, what waits included, and the list of its deliveries is gone. This cannot be undone.</p>
            <Act webhook={webhook} verb="delete" label="Delete for good" />
          </details>
        </section>
      </div>
    </SettingsFrame>
  );
}

function Act(props: { webhook: WebhookView; verb: 'test' | 'pause' | 'resume' | 'delete'; label: string; quiet?: boolean }): JSX.Element {
  return (
    <form method="post" action={attr(webhookPath(props.webhook.id, props.verb))}>
      <button type="submit" class={props.quiet ? 'secondary' : undefined} safe>
        {props.label}
      </button>
    </form>
  );
}

const FILTERS: readonly [state: WebhookDeliveryView['state'] | null, label: string][] = [
  [null, 'All'],
  ['waiting', 'Waiting'],
  ['delivered', 'Delivered'],
  ['failed', 'Failed'],
];

function Deliveries({ view }: { view: WebhookPageView }): JSX.Element {
  const { webhook, deliveries, filter, nextCursor } = view;
  const path = webhookPath(webhook.id);
  return (
    <section aria-labelledby="deliveries-title">
      <h2 id="deliveries-title">Deliveries</h2>
      <p class="muted">
        Of the last 30 days. Events of one order are sent one after another in their order, unless one has to be tried again: then later
        ones may come first.
      </p>
      <nav class="delivery-filter" aria-label="Which deliveries">
        {FILTERS.map(([state, label]) => (
          <a href={attr(withQuery(path, { state }))} aria-current={state === filter ? 'true' : undefined} safe>
            {label}
          </a>
        ))}
      </nav>
      {deliveries.length === 0 ? (
        <p class="empty">{filter === null ? 'Nothing was sent yet. Send a test event to see how it looks.' : 'None.'}</p>
      ) : (
        <ul class="rows deliveries">
          {deliveries.map((delivery) => (
            <DeliveryRow webhook={webhook} delivery={delivery} nowMs={view.nowMs} />
          ))}
        </ul>
      )}
      {nextCursor ? (
        <p class="pager">
          <a class="button secondary" rel="next" href={attr(withQuery(path, { state: filter, cursor: nextCursor }))}>
            Older
          </a>
        </p>
      ) : null}
    </section>
  );
}

function DeliveryRow(props: { webhook: WebhookView; delivery: WebhookDeliveryView; nowMs: number }): JSX.Element {
  const { webhook, delivery, nowMs } = props;
  return (
    <li data-delivery-id={attr(delivery.id)} data-state={delivery.state}>
      <DeliveryBadge delivery={delivery} />
      <a class="mono" href={attr(webhookDeliveryPath(webhook.id, delivery.id))} safe>
        {delivery.type}
      </a>
      <span class="muted" safe>
        {attemptsInWords(delivery)}
      </span>
      {delivery.state === 'waiting' && delivery.attempts > 0 && delivery.nextAttemptAtMs !== null ? (
        <span class="muted">
          next <Time atMs={delivery.nextAttemptAtMs} nowMs={nowMs} />
        </span>
      ) : null}
      <Time atMs={delivery.lastAttemptAtMs ?? delivery.createdAtMs} nowMs={nowMs} />
    </li>
  );
}

function attemptsInWords({ attempts, lastStatus }: WebhookDeliveryView): string {
  if (attempts === 0) return 'not attempted yet';
  return `${lastStatus === null ? 'no answer' : `HTTP ${lastStatus}`}, ${attempts === 1 ? '1 attempt' : `${attempts} attempts`}`;
}

function ReplaySince({ webhook }: { webhook: WebhookView }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="replay-title">
      <h2 id="replay-title">Send again</h2>
      <form method="post" action={attr(webhookPath(webhook.id, 'replay'))}>
        <div class="field">
          <label for="hours">All that failed in the last</label>
          <select id="hours" name="hours">
            <option value="1">hour</option>
            <option value="24" selected>
              24 hours
            </option>
            <option value="72">3 days</option>
            <option value="720">30 days</option>
          </select>
        </div>
        <div class="field">
          <label>
            <input type="checkbox" name="missed" value="yes" /> Also events that were never queued: while it was paused or switched off, or
            before it was made
          </label>
        </div>
        <button type="submit" class="secondary">
          Send again
        </button>
      </form>
    </section>
  );
}

function Secret({ view }: { view: WebhookPageView }): JSX.Element {
  const { webhook, secretMark, nowMs } = view;
  return (
    <section class="panel" aria-labelledby="secret-title">
      <h2 id="secret-title">Secret</h2>
      {webhook.overlapUntilMs === null ? null : (
        <p>
          Two secrets sign until <Time atMs={webhook.overlapUntilMs} nowMs={nowMs} />.
        </p>
      )}
      <details class="confirm">
        <summary>Rotate the secret…</summary>
        <p>
          A new secret is made and shown once. The present one signs beside it for 24 hours, so that nothing is missed while you change it.
        </p>
        <form method="post" action={attr(webhookPath(webhook.id, 'rotate'))}>
          <input type="hidden" name="mark" value={attr(secretMark)} />
          <div class="field">
            <label>
              <input type="checkbox" name="leaked" value="yes" /> It leaked: the present secret shall stop at once
            </label>
          </div>
          <button type="submit">Rotate</button>
        </form>
      </details>
    </section>
  );
}
