/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { TalkStyle } from '../contact/style.tsx';
import { majorAmount } from '../format.ts';
import type { FormView, PageContext } from '../model.ts';
import { FieldError, FormError } from '../parts/field.tsx';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { paths } from '../paths.ts';
import { SettingsFrame } from './frame.tsx';
import { MAIL_WORDS } from './mail-words.ts';

export interface NotificationsView {
  nowMs: number;
  email: string;
  currency: string;
  isOperator: boolean;
  /** A mail server is set up. */
  canMail: boolean;
  /** The address is one of those that belong to nobody. */
  isReserved: boolean;
  wanted: {
    code_received: boolean;
    codeInMail: boolean;
    order_expired: boolean;
    low_balance: boolean;
    lowBalanceMinor: number;
    rental_ending: boolean;
    waiting_list: boolean;
    webhook_disabled: boolean;
    alarms: boolean;
    ticket_opened: boolean;
    sim_due: boolean;
  };
  /** What was typed, when it was refused. */
  form: FormView;
  /** What the mail server said for good about the address. */
  address: { refusals: number; lastRefusal: string; lastRefusedAtMs: number; isUndeliverable: boolean } | null;
  recent: { topic: string; state: 'waiting' | 'delivered' | 'failed'; createdAtMs: number; endedAtMs: number | null; attempts: number }[];
  /** For operators: how mail leaves the house. */
  house: { waiting: number; oldestAtMs: number | null } | null;
}

/** Posts what is wanted to /settings/notifications; `test` and `retry` below it send a test mail. */
export function NotificationsPage({ page, view }: { page: PageContext; view: NotificationsView }): JSX.Element {
  return (
    <SettingsFrame page={page} title="Notifications" head={TalkStyle}>
      {view.canMail ? <Mails view={view} /> : <NoMail isOperator={view.isOperator} />}
    </SettingsFrame>
  );
}

function NoMail({ isOperator }: { isOperator: boolean }): JSX.Element {
  return (
    <div class="empty">
      <p>
        <strong>The operator has not set up mail, so nothing is sent by mail.</strong> Codes and changes are in the dashboard, the API, its
        stream and your webhooks.
      </p>
      {isOperator ? (
        <p>
          You can: set <code class="plain">[smtp] url</code> and <code class="plain">from</code> in <code class="plain">smspin.toml</code>{' '}
          and start the server again.
        </p>
      ) : null}
    </div>
  );
}

function Mails({ view }: { view: NotificationsView }): JSX.Element {
  return (
    <>
      <p class="muted">
        Mails go to <Foreign text={view.email} />. Each has a link that ends its kind at once.
      </p>
      {view.isReserved ? <Reserved email={view.email} isOperator={view.isOperator} /> : null}
      {view.address === null ? null : <AddressTrouble address={view.address} />}
      <Wanted view={view} />
      <section class="panel" aria-labelledby="always-title">
        <h2 id="always-title">Always on</h2>
        <p>
          Security notices: a sign-in with a new browser, a changed password, an API key made or revoked. They are few, and the only sign
          you get when somebody else has your password.
        </p>
      </section>
      <Recent view={view} />
      {view.house === null ? null : <House house={view.house} />}
    </>
  );
}

function Reserved({ email, isOperator }: { email: string; isOperator: boolean }): JSX.Element {
  return (
    <p class="problem">
      <Foreign text={email} /> belongs to nobody, so mail cannot reach it.{' '}
      {isOperator ? (
        <>
          <code class="plain">smspin user add EMAIL --operator</code> makes an operator with an address of their own.
        </>
      ) : (
        'Sign up with an address of your own to get mail.'
      )}
    </p>
  );
}

function AddressTrouble({ address }: { address: NonNullable<NotificationsView['address']> }): JSX.Element {
  const { isUndeliverable, refusals, lastRefusal, lastRefusedAtMs } = address;
  return (
    <section class="problem" aria-labelledby="address-title">
      <h2 id="address-title">{isUndeliverable ? 'Your address takes no mail' : 'Your address refused mail'}</h2>
      <p>
        <span safe>
          {isUndeliverable
            ? `It refused ${refusals} mails in a row. Only security notices are still tried.`
            : `It refused ${refusals === 1 ? 'the last mail' : `the last ${refusals} mails`}.`}
        </span>{' '}
        The mail server said at <Time atMs={lastRefusedAtMs} />: <Foreign text={lastRefusal} />
      </p>
      <form method="post" action={`${paths.notifications}/retry`}>
        <button type="submit" class="small secondary">
          It works again: try it
        </button>
      </form>
    </section>
  );
}

function Wanted({ view }: { view: NotificationsView }): JSX.Element {
  const { wanted, form, currency } = view;
  const threshold = form.values['low_balance_at'] ?? majorAmount(wanted.lowBalanceMinor, currency);
  return (
    <form method="post" action={paths.notifications} class="panel mails">
      <FormError form={form} />
      <fieldset>
        <legend>
          <h2>Mails about your orders</h2>
        </legend>
        <Switch name="code_received" on={wanted.code_received} label="A code has arrived" />
        <div class="sub" role="radiogroup" aria-label="What the mail about a code says">
          <label>
            <input type="radio" name="code_in_mail" value="no" checked={!wanted.codeInMail} />
            Only that it is there
          </label>
          <label>
            <input type="radio" name="code_in_mail" value="yes" checked={wanted.codeInMail} />
            With the code and the SMS
          </label>
          <small>A mail may be read by others on its way, and stays in your mailbox.</small>
        </div>
        <Switch name="order_expired" on={wanted.order_expired} label="An order expired and was refunded" />
      </fieldset>
      <fieldset>
        <legend>
          <h2>Mails about your account</h2>
        </legend>
        <Switch name="low_balance" on={wanted.low_balance} label="The balance is low" />
        <div class="sub field">
          <label for="low_balance_at" safe>
            {`Below this much (${currency})`}
          </label>
          <input
            id="low_balance_at"
            name="low_balance_at"
            inputmode="decimal"
            maxlength={14}
            autocomplete="off"
            value={attr(threshold)}
            aria-invalid={form.errors['low_balance_at'] ? 'true' : undefined}
            aria-describedby={form.errors['low_balance_at'] ? 'low_balance_at-error' : undefined}
          />
          <FieldError form={form} name="low_balance_at" />
        </div>
        <Switch
          name="rental_ending"
          on={wanted.rental_ending}
          label="A rental ends soon"
          hint="Some hours before its end, or when it could not be extended by itself."
        />
        <Switch
          name="waiting_list"
          on={wanted.waiting_list}
          label="News of a waiting list you joined"
          hint="A number was bought, there is stock, others went before you, or your time is over. On from the start: you asked to be told."
        />
        <Switch
          name="webhook_disabled"
          on={wanted.webhook_disabled}
          label="A webhook was switched off because it failed"
          hint="On from the start: what you set up should not stop in silence."
        />
      </fieldset>
      {view.isOperator ? (
        <fieldset>
          <legend>
            <h2>Mails for operators</h2>
          </legend>
          <Switch
            name="alarms"
            on={wanted.alarms}
            label="Alarms"
            hint="A modem is down, a SIM is full, an offer has no stock, the disk fills … The same alarm at most once an hour; what nobody acknowledges is told again."
          />
          <Switch
            name="sim_due"
            on={wanted.sim_due}
            label="A SIM expires or is to be topped up: 14 days before, 3 days before, on the day"
          />
          <Switch name="ticket_opened" on={wanted.ticket_opened} label="Somebody wrote by the contact form" />
        </fieldset>
      ) : null}
      <button type="submit">Keep</button>
    </form>
  );
}

function Switch({ name, on, label, hint }: { name: string; on: boolean; label: string; hint?: string }): JSX.Element {
  return (
    <div class="switch">
      <label>
        <input type="checkbox" name={name} value="yes" checked={on} aria-describedby={hint ? `${name}-hint` : undefined} />
        <span safe>{label}</span>
      </label>
      {hint ? (
        <small id={`${name}-hint`} safe>
          {hint}
        </small>
      ) : null}
    </div>
  );
}

function Recent({ view }: { view: NotificationsView }): JSX.Element {
  const words = { waiting: 'On its way', delivered: 'Sent', failed: 'Not sent' };
  const levels = { waiting: 'busy', delivered: 'good', failed: 'bad' };
  return (
    <section class="panel" aria-labelledby="recent-title">
      <h2 id="recent-title">Last mails to you</h2>
      {view.recent.length === 0 ? (
        <p class="muted">None yet.</p>
      ) : (
        <ul class="rows">
          {view.recent.map(({ topic, state, createdAtMs, attempts }) => (
            <li>
              <span class="what" safe>
                {Object.hasOwn(MAIL_WORDS, topic) ? MAIL_WORDS[topic] : topic}
              </span>
              {state === 'waiting' && attempts > 0 ? <small>tried {attempts === 1 ? 'once' : <>{attempts} times</>}</small> : null}
              <span class="badge" data-level={levels[state]} safe>
                {words[state]}
              </span>
              <Time atMs={createdAtMs} nowMs={view.nowMs} />
            </li>
          ))}
        </ul>
      )}
      <form method="post" action={`${paths.notifications}/test`}>
        <button type="submit" class="small secondary">
          Send me a test mail
        </button>
      </form>
    </section>
  );
}

function House({ house }: { house: NonNullable<NotificationsView['house']> }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="house-title">
      <h2 id="house-title">All mail of this box</h2>
      {house.oldestAtMs === null ? (
        <p>Nothing waits.</p>
      ) : (
        <p>
          {house.waiting} waiting, the oldest since <Time atMs={house.oldestAtMs} />.
        </p>
      )}
    </section>
  );
}
