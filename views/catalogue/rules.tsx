/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { FormView, PageContext } from '../model.ts';
import { Field, FieldError, FormError } from '../parts/field.tsx';
import { attr } from '../parts/text.tsx';
import { paths, priceRulePath } from '../paths.ts';
import { ToCome } from './changes.tsx';
import { CatalogueFrame } from './frame.tsx';
import type { EffectView, RulesView } from './model.ts';
import { Select } from './select.tsx';
import { CountsLine, Steps } from './steps.tsx';

const CHANGES = [
  { slug: 'percent', name: 'Change by percent' },
  { slug: 'add', name: 'Add an amount' },
  { slug: 'set', name: 'Set to an amount' },
  { slug: 'minimum', name: 'Raise to at least' },
];

/** Rules that change many prices, in their order, with what they would do now. */
export function PriceRulesPage({ page, view }: { page: PageContext; view: RulesView }): JSX.Element {
  return (
    <CatalogueFrame page={page} view={view} tab="rules" title="Price rules">
      <p class="muted">
        Rules are applied one after the other, once: now or at a time. They stay here to be used again. Open orders keep their price.
      </p>
      {view.to.length === 0 ? null : <ToCome changes={view.to} nowMs={view.nowMs} />}
      {view.rules.length === 0 ? (
        <p class="empty">
          <strong>No rules yet.</strong> Add one below, such as messengers in de, by percent, +20.
        </p>
      ) : (
        <ol class="rule-steps">
          {view.rules.map((words, at) => (
            <RuleRow words={words} at={at} last={at === view.rules.length - 1} />
          ))}
        </ol>
      )}
      {view.effect === null ? null : (
        <section class="panel" aria-labelledby="effect-title">
          <h2 id="effect-title">What they would do now</h2>
          <Effect effect={view.effect} />
          <Apply view={view} effect={view.effect} />
        </section>
      )}
      <NewRule view={view} />
    </CatalogueFrame>
  );
}

function RuleRow({ words, at, last }: { words: string; at: number; last: boolean }): JSX.Element {
  return (
    <li>
      <span class="rule-words" safe>
        {words}
      </span>
      <span class="rule-verbs">
        {at === 0 ? null : <RuleVerb at={at} verb="up" word="Up" words={words} />}
        {last ? null : <RuleVerb at={at} verb="down" word="Down" words={words} />}
        <RuleVerb at={at} verb="remove" word="Remove" words={words} />
      </span>
    </li>
  );
}

function RuleVerb({ at, verb, word, words }: { at: number; verb: 'up' | 'down' | 'remove'; word: string; words: string }): JSX.Element {
  return (
    <form method="post" action={attr(priceRulePath(at, verb))}>
      <input type="hidden" name="words" value={attr(words)} />
      <button type="submit" class="secondary outline small" aria-label={attr(`${word}: ${words}`)} safe>
        {word}
      </button>
    </form>
  );
}

/** How many prices become what, and the first of them. */
export function Effect({ effect }: { effect: EffectView }): JSX.Element {
  const total = effect.counts.added + effect.counts.changed + effect.counts.removed;
  return (
    <>
      <CountsLine counts={effect.counts} />
      {total === 0 ? (
        <p class="muted">No price would change.</p>
      ) : (
        <Steps steps={effect.steps} currency={effect.currency} names={effect.names} />
      )}
      {total > effect.steps.length ? <p class="muted" safe>{`And ${total - effect.steps.length} more.`}</p> : null}
    </>
  );
}

function Apply({ view, effect }: { view: RulesView; effect: EffectView }): JSX.Element {
  return (
    <div class="confirm-line">
      {effect.counts.changed > 0 ? (
        <form method="post" action={`${paths.priceRules}/plan`}>
          <button type="submit">See every change and apply</button>
        </form>
      ) : null}
      <form method="post" action={`${paths.priceRules}/schedule`} class="list-filter">
        <FormError form={view.when} />
        <div class="field">
          <label for="at">Or at a time (UTC)</label>
          <input
            id="at"
            name="at"
            type="datetime-local"
            required
            value={attr(view.when.values['at'] ?? '')}
            aria-invalid={view.when.errors['at'] ? 'true' : undefined}
          />
          <FieldError form={view.when} name="at" />
        </div>
        <button type="submit" class="secondary">
          Schedule
        </button>
      </form>
    </div>
  );
}

function NewRule({ view: { form, categories, currency } }: { view: RulesView }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="new-rule-title">
      <h2 id="new-rule-title">Add a rule</h2>
      <form
        method="post"
        action={paths.priceRules}
        class="list-filter"
        hx-get={`${paths.priceRules}/preview`}
        hx-trigger="input changed delay:400ms"
        hx-target="#rule-effect"
        hx-swap="innerHTML"
        hx-sync="this:replace"
      >
        <FormError form={form} />
        <Select form={form} name="category" label="Category" none="All services" choices={categories} />
        <Field form={form} name="service" label="or one service" maxlength={40} required={false} hint="Such as telegram." />
        <Field form={form} name="country" label="Country" maxlength={2} required={false} hint="Empty: all." />
        <Field form={form} name="carrier" label="Carrier" maxlength={40} required={false} hint="Empty: whatever it is." />
        <Select form={form} name="change" label="What" choices={CHANGES} />
        <Field form={form} name="amount" label="How much" maxlength={20} hint={`Percent, or ${currency}: +20, -7.5`} />
        <Field form={form} name="step" label="Rounded to" maxlength={20} required={false} hint={`${currency}; empty: not.`} />
        <button type="submit">Add</button>
      </form>
      <div id="rule-effect" aria-live="polite"></div>
    </section>
  );
}

/** What one rule, not added yet, would do by itself; or what is missing. */
export function RulePreview({ words, effect, form }: { words: string | null; effect: EffectView | null; form: FormView }): JSX.Element {
  if (words === null || effect === null) {
    const [first] = Object.values(form.errors);
    return (
      <p class="muted" safe>
        {first ?? 'Say how much.'}
      </p>
    );
  }
  return (
    <>
      <h3 safe>{`${words}, by itself`}</h3>
      <Effect effect={effect} />
    </>
  );
}
