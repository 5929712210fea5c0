/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { PageContext } from '../model.ts';
import { attr, Foreign, ForeignBlock, Time } from '../parts/text.tsx';
import { webhookDeliveryPath, webhookPath } from '../paths.ts';
import { SettingsFrame } from './frame.tsx';
import type { WebhookAttemptView, WebhookDeliveryPageView } from './webhooks-model.ts';
import { DeliveryBadge, WebhookStyle } from './webhooks-parts.tsx';

/** One event on its way to one endpoint: every attempt with what the receiver said, and what was sent. */
export function WebhookDeliveryPage({ page, view }: { page: PageContext; view: WebhookDeliveryPageView }): JSX.Element {
  const { webhook, delivery, attempts, payload, nowMs } = view;
  return (
    <SettingsFrame page={page} title="Delivery" head={WebhookStyle}>
      <div class="webhook">
        <p>
          <a href={attr(webhookPath(webhook.id))}>
            <Foreign text={webhook.url} />
          </a>
        </p>
        <section class="panel" aria-label="State">
          <div class="history-line">
            <DeliveryBadge delivery={delivery} />
            <span class="mono" safe>
              {delivery.type}
            </span>
            <Time atMs={delivery.createdAtMs} nowMs={nowMs} />
          </div>
          <p>
            <code>webhook-id</code>: <code safe>{delivery.eventId}</code>
          </p>
          {delivery.nextAttemptAtMs === null || attempts.length === 0 ? null : (
            <p>
              Next attempt <Time atMs={delivery.nextAttemptAtMs} nowMs={nowMs} />.
            </p>
          )}
          {webhook.state === 'active' ? (
            <form method="post" action={attr(webhookDeliveryPath(webhook.id, delivery.id, 'replay'))}>
              <button type="submit" class="secondary">
                {delivery.state === 'waiting' ? 'Send now' : 'Send again'}
              </button>
            </form>
          ) : (
            <p class="muted">The endpoint is not active: nothing can be sent again now.</p>
          )}
        </section>
        <section aria-labelledby="attempts-title">
          <h2 id="attempts-title">Attempts</h2>
          {attempts.length === 0 ? (
            <p class="empty">
              Not attempted yet. <a href={attr(webhookDeliveryPath(webhook.id, delivery.id))}>Look again</a>
            </p>
          ) : (
            <ul class="history">
              {attempts.map((attempt) => (
                <Attempt attempt={attempt} nowMs={nowMs} />
              ))}
            </ul>
          )}
        </section>
        <section aria-labelledby="payload-title">
          <h2 id="payload-title">What is sent</h2>
          {payload === null ? (
            <p class="empty">The event is not kept any more.</p>
          ) : (
            <>
              <p class="muted">Shown in lines; it is sent without spaces, and the signature is over exactly what is sent.</p>
              <div class="payload panel">
                <ForeignBlock text={inLines(payload)} />
              </div>
            </>
          )}
        </section>
      </div>
    </SettingsFrame>
  );
}

function Attempt({ attempt, nowMs }: { attempt: WebhookAttemptView; nowMs: number }): JSX.Element {
  const { number, outcome, status, detail } = attempt;
  return (
    <li class="panel" data-attempt={number} data-outcome={outcome}>
      <div class="history-line">
        <span class="badge" data-level={outcome === 'delivered' ? 'good' : 'bad'} safe>
          {status === null ? 'No answer' : `HTTP ${status}`}
        </span>
        <span safe>{`Attempt ${number}`}</span>
        <span class="mono muted" safe>
          {`${attempt.durationMs} ms`}
        </span>
        <Time atMs={attempt.startedAtMs} nowMs={nowMs} />
      </div>
      {detail === '' ? <p class="muted">The answer had no body.</p> : <ForeignBlock text={detail} />}
    </li>
  );
}

function inLines(payload: string): string {
  return JSON.stringify(JSON.parse(payload), null, 2);
}
