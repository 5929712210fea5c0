/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { agoInWords, utc } from '../format.ts';
import type { FormView, PageContext } from '../model.ts';
import { Field, FieldError, FormError } from '../parts/field.tsx';
import { Copy } from '../parts/marks.tsx';
import { attr, Foreign } from '../parts/text.tsx';
import { keyPath, paths } from '../paths.ts';
import { SettingsFrame } from './frame.tsx';

export interface KeyView {
  id: string;
  name: string;
  prefix: string;
  scopes: readonly string[];
  createdAtMs: number;
  expiresAtMs: number | null;
  allowedAddresses: readonly string[];
  lastUsedAtMs: number | null;
  lastUsedAddress: string | null;
}

export interface KeysView {
  nowMs: number;
  keys: readonly KeyView[];
  form: FormView;
  /** What was ticked before a refusal; null: a fresh form. */
  chosenScopes: readonly string[] | null;
  /** The key that was made just now, shown this once. */
  made: { secret: string; key: KeyView } | null;
}

/** What each scope lets a program do, in the order in which the form asks; the first ones are what most programs need. */
export const SCOPE_WORDS: readonly [scope: string, words: string, usual: boolean][] = [
  ['offers:read', 'See countries, services, prices and stock', true],
  ['orders:read', 'See your orders and their codes', true],
  ['orders:write', 'Order numbers, which costs money; cancel, finish and report', true],
  ['messages:read', 'Read the messages of your orders', true],
  ['rentals:read', 'See your rentals and their messages', false],
  ['rentals:write', 'Rent whole numbers, which costs money; extend and end', false],
  ['balance:read', 'See your balance and its history', false],
  ['balance:write', 'Redeem vouchers to your balance', false],
  ['webhooks:read', 'See your webhooks and their deliveries', false],
  ['webhooks:write', 'Set up webhooks, test and replay them; for what it may see itself', false],
  ['exports:write', 'Export what it may see: orders, messages, balance', false],
  ['keys:write', 'List, make and revoke API keys', false],
];

/** What the key of an operator may do besides. */
export const OPERATOR_SCOPE_WORDS: typeof SCOPE_WORDS = [
  ['alarms:read', 'See alarms, and be told of them in the stream', false],
  ['alarms:write', 'Acknowledge alarms', false],
  ['metrics:read', 'Read the metrics of this box at /metrics', false],
];

/** A customer's API keys: the new one once, the form for another, and those there are. */
export function KeysPage({ page, view }: { page: PageContext; view: KeysView }): JSX.Element {
  return (
    <SettingsFrame page={page} title="API keys" head={KeysStyle}>
      <p class="muted">
        A program sends its key as <code>Authorization: Bearer KEY</code> with every call. The <a href={paths.apiDocs}>API documentation</a>{' '}
        shows the calls.
      </p>
      {view.made ? <Made made={view.made} /> : null}
      <section class="panel" aria-labelledby="keys-title">
        <h2 id="keys-title">Your keys</h2>
        {view.keys.length === 0 ? (
          <p class="empty">You have no API key yet. Make one below; it takes half a minute.</p>
        ) : (
          <ul class="keys">
            {view.keys.map((key) => (
              <Key item={key} nowMs={view.nowMs} />
            ))}
          </ul>
        )}
      </section>
      <NewKey view={view} words={page.viewer?.role === 'operator' ? [...SCOPE_WORDS, ...OPERATOR_SCOPE_WORDS] : SCOPE_WORDS} />
    </SettingsFrame>
  );
}

function KeysStyle(): JSX.Element {
  return <link rel="stylesheet" href="/static/keys.css" />;
}

function Made({ made }: { made: { secret: string; key: KeyView } }): JSX.Element {
  return (
    <section class="panel made" aria-labelledby="made-title" id="made">
      <h2 id="made-title">
        The key <Foreign text={made.key.name} /> is made
      </h2>
      <p role="status">Copy it now and keep it like a password: it is not shown again.</p>
      <p class="secret">
        <code class="mono" id="secret" safe>
          {made.secret}
        </code>
        <Copy value={made.secret} label="Copy the API key" />
      </p>
    </section>
  );
}

function Key({ item, nowMs }: { item: KeyView; nowMs: number }): JSX.Element {
  const expired = item.expiresAtMs !== null && item.expiresAtMs <= nowMs;
  return (
    <li data-key-id={attr(item.id)}>
      <h3>
        <Foreign text={item.name} />{' '}
        <code class="mono muted" safe>
          {`${item.prefix}…`}
        </code>{' '}
        {expired ? <span class="badge">expired</span> : null}
      </h3>
      <dl>
        <dt>May</dt>
        <dd safe>{item.scopes.join(', ')}</dd>
        <dt>Made</dt>
        <dd safe>{utc(item.createdAtMs)}</dd>
        <dt>Last used</dt>
        <dd safe>
          {item.lastUsedAtMs === null
            ? 'never'
            : `${agoInWords(item.lastUsedAtMs, nowMs)}${item.lastUsedAddress === null ? '' : ` from ${item.lastUsedAddress}`}`}
        </dd>
        <dt>Holds until</dt>
        <dd safe>{item.expiresAtMs === null ? 'it is revoked' : utc(item.expiresAtMs)}</dd>
        <dt>From</dt>
        <dd safe>{item.allowedAddresses.length === 0 ? 'any address' : item.allowedAddresses.join(', ')}</dd>
      </dl>
      <details class="confirm" name="revoke">
        <summary>
          Revoke…<span class="sr-only" safe>{` ${item.name}`}</span>
        </summary>
        <p class="muted">Every program that uses it is refused from that moment on. This cannot be undone.</p>
        <form method="post" action={attr(keyPath(item.id, 'revoke'))}>
          <button type="submit" class="small secondary outline">
            Revoke this key
          </button>
        </form>
      </details>
    </li>
  );
}

function NewKey({ view, words: scopes }: { view: KeysView; words: typeof SCOPE_WORDS }): JSX.Element {
  const { form, chosenScopes } = view;
  const error = form.errors['scope'];
  return (
    <section class="panel" aria-labelledby="new-key-title">
      <h2 id="new-key-title">Make a key</h2>
      <form method="post" action={paths.keys} class="new-key" autocomplete="off">
        <FormError form={form} />
        <Field form={form} name="name" label="Name" hint="For you: which program uses it." maxlength={80} />
        <fieldset aria-describedby={error ? 'scope-error' : undefined}>
          <legend>What it may do</legend>
          {scopes.map(([scope, words, usual]) => (
            <label>
              <input type="checkbox" name="scope" value={scope} checked={chosenScopes === null ? usual : chosenScopes.includes(scope)} />
              <span>
                <span safe>{words}</span> <code safe>{scope}</code>
              </span>
            </label>
          ))}
          <FieldError form={form} name="scope" />
        </fieldset>
        <Field
          form={form}
          name="days"
          label="Holds for how many days"
          hint="Leave it empty for a key that holds until it is revoked."
          required={false}
        />
        <Field
          form={form}
          name="addresses"
          label="Only from these addresses"
          hint="IP addresses or ranges such as 203.0.113.0/24, separated by spaces. Leave it empty for any address."
          required={false}
        />
        <button type="submit">Make the key</button>
      </form>
    </section>
  );
}
