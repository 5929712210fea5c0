/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { PageContext } from '../model.ts';
import { Copy } from '../parts/marks.tsx';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { paths, webhookPath } from '../paths.ts';
import { SettingsFrame } from './frame.tsx';
import type { WebhookSecretView, WebhooksView, WebhookView } from './webhooks-model.ts';
import { SuccessRate, WebhookBadge, WebhookFields, WebhookStyle, WebhookTrouble } from './webhooks-parts.tsx';

/** A customer's endpoints and the form for another one. */
export function WebhooksPage({ page, view }: { page: PageContext; view: WebhooksView }): JSX.Element {
  return (
    <SettingsFrame page={page} title="Webhooks" head={WebhookStyle}>
      <div class="webhook">
        <p class="muted">
          Your server is told of every event the moment it happens, at least once and signed. What fails is tried again for three days.
        </p>
        {view.webhooks.length === 0 ? (
          <p class="empty">
            <strong>No endpoint yet.</strong> Give an address below, and codes arrive there by themselves.
          </p>
        ) : (
          <ul class="history webhooks">
            {view.webhooks.map((webhook) => (
              <WebhookItem webhook={webhook} nowMs={view.nowMs} />
            ))}
          </ul>
        )}
        <section class="panel" aria-labelledby="new-title">
          <h2 id="new-title">Add an endpoint</h2>
          {view.webhooks.length >= view.most ? (
            <p safe>{`You have ${view.most}, the most an account can have. Delete one to add another.`}</p>
          ) : (
            <form method="post" action={paths.webhooks}>
              <WebhookFields form={view.form} eventTypes={view.eventTypes} rentals={view.rentals} />
              <button type="submit">Add endpoint</button>
            </form>
          )}
        </section>
      </div>
    </SettingsFrame>
  );
}

function WebhookItem({ webhook, nowMs }: { webhook: WebhookView; nowMs: number }): JSX.Element {
  const { events, rentals, lastDeliveredAtMs, success } = webhook;
  return (
    <li class="panel" data-webhook-id={attr(webhook.id)} data-state={webhook.state}>
      <div class="history-line">
        <WebhookBadge webhook={webhook} />
        <a class="webhook-url" href={attr(webhookPath(webhook.id))}>
          <Foreign text={webhook.url} />
        </a>
      </div>
      {webhook.description === '' ? null : (
        <p>
          <Foreign text={webhook.description} />
        </p>
      )}
      <WebhookTrouble webhook={webhook} nowMs={nowMs} />
      <dl class="facts">
        <div>
          <dt>Events</dt>
          <dd safe>
            {`${events === null ? 'all' : events.join(', ')}${rentals === null ? '' : `; of ${rentals.length === 1 ? 'one rental' : `${rentals.length} rentals`} only`}`}
          </dd>
        </div>
        <div>
          <dt>Last delivery</dt>
          <dd>{lastDeliveredAtMs === null ? <span class="muted">none yet</span> : <Time atMs={lastDeliveredAtMs} nowMs={nowMs} />}</dd>
        </div>
        <div>
          <dt>Delivered</dt>
          <dd>
            <SuccessRate success={success} />
          </dd>
        </div>
        <div>
          <dt>Waiting</dt>
          <dd class="mono">{success.waiting}</dd>
        </div>
      </dl>
    </li>
  );
}

/** The answer to making an endpoint or rotating its secret: the only place where a secret is shown, once. */
export function WebhookSecretPage({ page, view }: { page: PageContext; view: WebhookSecretView }): JSX.Element {
  const { webhook, secret, isNew } = view;
  return (
    <SettingsFrame page={page} title={isNew ? 'The endpoint is ready' : 'The new secret'} head={WebhookStyle}>
      <div class="webhook">
        <section class="panel">
          <p>
            <Foreign text={webhook.url} />
          </p>
          <p>
            <strong>This secret is shown only now.</strong> Your server needs it to verify the signatures.
          </p>
          <p class="secret">
            <code class="mono" data-secret safe>
              {secret}
            </code>{' '}
            <Copy value={secret} label="Copy the secret" />
          </p>
          {isNew ? null : webhook.overlapUntilMs === null ? (
            <p>The secret before does not sign any more.</p>
          ) : (
            <p>
              Until <Time atMs={webhook.overlapUntilMs} /> events are signed with the secret before as well: put the new one in place by
              then.
            </p>
          )}
          <a class="button" href={attr(webhookPath(webhook.id))}>
            I have it
          </a>
        </section>
      </div>
    </SettingsFrame>
  );
}
