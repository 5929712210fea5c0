/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Copy } from '../parts/marks.tsx';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { paths, rentalPath } from '../paths.ts';
import { Labelled } from './form.tsx';
import type { InboxView } from './model.ts';

/** Who else reads the inbox, and inviting somebody. */
export function ShareForm({ view: { rental, shares } }: { view: InboxView }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="share-title">
      <h2 id="share-title">Share the inbox</h2>
      {shares.length === 0 ? null : (
        <ul class="rental-shares">
          {shares.map((share) => (
            <li data-share-state={share.acceptedAtMs === null ? 'invited' : 'accepted'}>
              <Foreign text={share.email} />{' '}
              <small>
                {share.acceptedAtMs === null ? (
                  <>
                    invited, until <Time atMs={share.untilMs} />
                  </>
                ) : (
                  <>
                    reads since <Time atMs={share.acceptedAtMs} />
                  </>
                )}
              </small>
              <div class="actions">
                {share.url === null ? null : <Copy value={share.url} label={`Copy link for ${share.email}`} text="Copy link" />}
                <form method="post" action={attr(rentalPath(rental.id, 'unshare'))}>
                  <input type="hidden" name="share" value={attr(share.id)} />
                  <button
                    type="submit"
                    class="secondary outline small"
                    aria-label={attr(
                      `${share.acceptedAtMs === null ? 'Take back the invitation of' : 'End the share with'} ${share.email}`,
                    )}
                  >
                    {share.acceptedAtMs === null ? 'Take back' : 'End'}
                  </button>
                </form>
              </div>
            </li>
          ))}
        </ul>
      )}
      {rental.status === 'canceled' ? null : (
        <form method="post" action={attr(rentalPath(rental.id, 'share'))}>
          <Labelled
            id="share-email"
            label="E-mail address"
            hint="They get a link by mail where this box sends mail; you can hand it over yourself. Once they accept, they read all its messages until you end it, and can do nothing else."
          >
            <input
              id="share-email"
              name="email"
              type="email"
              maxlength={254}
              required
              autocomplete="off"
              aria-describedby="share-email-hint"
            />
          </Labelled>
          <button type="submit" class="secondary outline small">
            Invite
          </button>
        </form>
      )}
      <p>
        <a href={paths.shared}>Shared with me</a>
      </p>
    </section>
  );
}
