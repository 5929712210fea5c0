/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { FormView, PageContext } from '../model.ts';
import { FieldError, FormError } from '../parts/field.tsx';
import { attr, Foreign } from '../parts/text.tsx';
import { rulePath } from '../paths.ts';
import { CodeFields, ExampleFields, Lines, NameFields, Select } from './editor-fields.tsx';
import { RulesFrame } from './frame.tsx';
import type { EditorView } from './model.ts';
import { Preview } from './preview.tsx';

/** The rules of one service, and beside them what the draft makes of messages; with JavaScript as one types, without by the button. */
export function EditorPage({ page, view }: { page: PageContext; view: EditorView }): JSX.Element {
  return (
    <RulesFrame page={page} view={view} tab={null} title={`Rules of ${view.name}`}>
      <Standing view={view} />
      <form
        method="post"
        action={attr(rulePath(view.slug))}
        class="rule-editor"
        hx-post={attr(rulePath(view.slug, 'preview'))}
        hx-trigger="input delay:400ms"
        hx-target="#rule-preview"
        hx-sync="this:replace"
      >
        <div class="rule-preview">
          <TryFields form={view.form} />
          <div id="rule-preview">
            <Preview view={view.preview} />
          </div>
        </div>
        <div class="rule-fields">
          <FormError form={view.form} />
          {Object.keys(view.form.errors).some((field) => field !== '') ? (
            <p class="problem" role="alert">
              Not kept: see the fields that are marked below.
            </p>
          ) : null}
          <Fields form={view.form} own={view.own} />
          <ExampleFields form={view.form} places={view.places} shipped={view.shipped} />
          <p class="rule-actions">
            <button type="submit">Keep in draft</button>{' '}
            <button type="submit" class="secondary" formaction={attr(rulePath(view.slug, 'preview'))}>
              Preview
            </button>
          </p>
        </div>
      </form>
      <Ways view={view} />
    </RulesFrame>
  );
}

function Standing({ view }: { view: EditorView }): JSX.Element {
  if (view.isDraftChange)
    return <p class="muted">In your draft it differs from what is published. Nothing is judged by a draft until you publish it.</p>;
  if (view.isPublishedChange) return <p class="muted">What is published differs from the rules that come with the program.</p>;
  return <p class="muted">These are the rules that come with the program.</p>;
}

function Fields({ form, own }: { form: FormView; own: boolean }): JSX.Element {
  return (
    <>
      <fieldset class="panel">
        <legend>Who it is</legend>
        <NameFields form={form} own={own} />
        <Lines
          form={form}
          name="aliases"
          hint="Other spellings, scripts and product names, one a line. A name alone is enough to begin with."
        />
        <Lines
          form={form}
          name="common"
          rows={2}
          hint="Names that mean something else too (Signal, Line): found only as written, and only where a sender's name stands."
        />
        <Lines form={form} name="notKeywords" rows={2} hint="A text with one of them is not of this service: sister brands, for example." />
        <Lines form={form} name="sisters" rows={2} hint="Slugs of services whose codes count for an order of this one." />
      </fieldset>
      <fieldset class="panel">
        <legend>How its messages come</legend>
        <Lines form={form} name="senders" hint="As they are shown, one a line; * stands for anything: ACME*, *-ACME-S." />
        <Lines form={form} name="blockedSenders" rows={2} hint="Senders that are never this service, whatever the text says." />
        <Lines
          form={form}
          name="domains"
          rows={2}
          hint="Hosts in its links and in lines like @example.com #123456; each with what stands below it."
        />
        <Lines form={form} name="appHashes" rows={2} hint="The 11 characters at the end by which an Android app finds its message." />
        <Lines
          form={form}
          name="templates"
          rows={4}
          hint="Whole wordings, one a line: {code} where the code stands, {brand} for any name of it, {any} for anything, {line} for a line break."
        />
      </fieldset>
      <CodeFields form={form} />
      <details
        class="panel rule-group"
        open={form.values['acceptWeak'] === 'no' || ['minConfidence', 'denied'].some((name) => form.values[name] || form.errors[name])}
      >
        <summary>What is enough</summary>
        <Select
          form={form}
          name="acceptWeak"
          options={[
            ['yes', 'Deliver'],
            ['no', 'Ask the operator'],
          ]}
          hint="When a text only mentions it, or names nobody on a SIM with one order."
        />
        <label>
          Least confidence
          <input
            name="minConfidence"
            inputmode="decimal"
            value={attr(form.values['minConfidence'] ?? '')}
            maxlength={6}
            placeholder="0"
            aria-invalid={form.errors['minConfidence'] ? 'true' : undefined}
          />
        </label>
        <small class="hint">From 0 to 1; below it the operator decides.</small>
        <FieldError form={form} name="minConfidence" />
        <Select
          form={form}
          name="denied"
          options={[
            ['', 'Not denied'],
            ['bank', 'a bank'],
            ['payment', 'a payment service'],
            ['government', 'a government office'],
            ['health', 'a health service'],
            ['insurance', 'an insurer'],
          ]}
          hint="Such a service is neither sold nor delivered unless [access] allow in the configuration names the kind."
        />
      </details>
    </>
  );
}

function TryFields({ form }: { form: FormView }): JSX.Element {
  return (
    <fieldset class="panel">
      <legend>Try it on an SMS</legend>
      <label>
        Text
        <textarea name="try_text" rows="3" maxlength={2000} dir="auto" safe>
          {form.values['try_text'] ?? ''}
        </textarea>
      </label>
      <label>
        Sender
        <input name="try_sender" value={attr(form.values['try_sender'] ?? '')} maxlength={40} autocomplete="off" />
      </label>
    </fieldset>
  );
}

/** Ways back, apart from the form. */
function Ways({ view }: { view: EditorView }): JSX.Element {
  return (
    <div class="rule-actions">
      {view.isDraftChange ? (
        <form method="post" action={attr(rulePath(view.slug, 'drop'))}>
          <button type="submit" class="secondary small">
            Take it out of the draft
          </button>
        </form>
      ) : null}
      {view.isPublishedChange || (view.own && view.isDraftChange) ? (
        <details class="confirm">
          <summary safe>{view.own ? 'Remove this service…' : 'Back to the built-in rules…'}</summary>
          <form method="post" action={attr(rulePath(view.slug, 'reset'))}>
            <p class="muted">
              In your draft; it takes effect when you publish. <Foreign text={view.name} />{' '}
              {view.own ? 'will be recognised by its slug alone.' : 'will be judged as the program ships it.'}
            </p>
            <button type="submit" class="small" safe>
              {view.own ? 'Remove in the draft' : 'Bring back in the draft'}
            </button>
          </form>
        </details>
      ) : null}
    </div>
  );
}
