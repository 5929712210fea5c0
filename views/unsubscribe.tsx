/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Layout } from './layout.tsx';
import type { PageContext } from './model.ts';
import { attr, Foreign } from './parts/text.tsx';
import { paths, signedPath } from './paths.ts';
import { MAIL_WORDS } from './settings/mail-words.ts';

interface UnsubscribeView {
  token: string;
  kind: string;
  email: string;
  /** Such mails are sent now. */
  isOn: boolean;
  /** It was turned off, or on again, just now. */
  done: boolean;
}

/** Where the link of a mail leads: ends one kind of mails, and undoes that. Opening it changes nothing, since programs open links too. */
export function UnsubscribePage({ page, view }: { page: PageContext; view: UnsubscribeView }): JSX.Element {
  const { token, isOn, done } = view;
  return (
    <Layout page={page} title="Mails">
      <section class="panel narrow">
        <h1>{isOn ? (done ? 'Turned on again' : 'No more of these mails?') : 'Turned off'}</h1>
        <p>
          <b safe>{MAIL_WORDS[view.kind] ?? view.kind}</b>, to <Foreign text={view.email} />:{' '}
          {isOn ? 'you get a mail.' : 'you get no more mails of this kind. Other mails stay as they are.'}
        </p>
        <form method="post" action={attr(signedPath('unsubscribe', token, isOn ? undefined : 'undo'))} class="actions">
          {isOn ? <button type="submit">Turn them off</button> : null}
          {isOn ? null : (
            <button type="submit" class="secondary">
              Undo
            </button>
          )}
        </form>
        <p class="after muted">
          <a href={paths.notifications}>All your notifications</a>
        </p>
      </section>
    </Layout>
  );
}

/** A link that was not made here, or not copied whole. */
export function BadUnsubscribePage({ page }: { page: PageContext }): JSX.Element {
  return (
    <Layout page={page} title="Mails">
      <section class="panel narrow">
        <h1>This link does not work</h1>
        <p>It is not whole: copy all of it from the mail, or choose your mails in the settings.</p>
        <p class="actions">
          <a class="button" href={paths.notifications}>
            Open the settings
          </a>
        </p>
      </section>
    </Layout>
  );
}
