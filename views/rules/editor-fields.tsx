/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { FormView } from '../model.ts';
import { FieldError } from '../parts/field.tsx';
import { attr, ForeignBlock } from '../parts/text.tsx';
import { fieldLabel } from './fields.ts';
import type { EditorView } from './model.ts';

/** A list, one entry a line. */
export function Lines({ form, name, hint, rows = 3 }: { form: FormView; name: string; hint: string; rows?: number }): JSX.Element {
  return (
    <div class="field">
      <label for={attr(name)} safe>
        {fieldLabel(name)}
      </label>
      <textarea
        id={attr(name)}
        name={attr(name)}
        rows={String(rows)}
        maxlength={8000}
        dir="auto"
        spellcheck="false"
        aria-invalid={form.errors[name] ? 'true' : undefined}
        aria-describedby={attr(`${name}-hint${form.errors[name] ? ` ${name}-error` : ''}`)}
        safe
      >
        {form.values[name] ?? ''}
      </textarea>
      <small id={attr(`${name}-hint`)} class="hint" safe>
        {hint}
      </small>
      <FieldError form={form} name={name} />
    </div>
  );
}

/** A choice of few. */
export function Select({
  form,
  name,
  options,
  hint,
}: {
  form: FormView;
  name: string;
  options: readonly (readonly [value: string, label: string])[];
  hint?: string;
}): JSX.Element {
  return (
    <div class="field">
      <label for={attr(name)} safe>
        {fieldLabel(name)}
      </label>
      <select id={attr(name)} name={attr(name)} aria-invalid={form.errors[name] ? 'true' : undefined}>
        {options.map(([value, label]) => (
          <option value={attr(value)} selected={(form.values[name] ?? '') === value} safe>
            {label}
          </option>
        ))}
      </select>
      {hint === undefined ? null : (
        <small class="hint" safe>
          {hint}
        </small>
      )}
      <FieldError form={form} name={name} />
    </div>
  );
}

export function NameFields({ form, own }: { form: FormView; own: boolean }): JSX.Element {
  return (
    <>
      <Line form={form} name="name" maxlength={60} />
      {own ? <Line form={form} name="category" maxlength={30} /> : null}
    </>
  );
}

function Line({ form, name, maxlength, hint }: { form: FormView; name: string; maxlength: number; hint?: string }): JSX.Element {
  return (
    <div class="field">
      <label for={attr(name)} safe>
        {fieldLabel(name)}
      </label>
      <input
        id={attr(name)}
        name={attr(name)}
        value={attr(form.values[name] ?? '')}
        maxlength={maxlength}
        autocomplete="off"
        aria-invalid={form.errors[name] ? 'true' : undefined}
      />
      {hint === undefined ? null : (
        <small class="hint" safe>
          {hint}
        </small>
      )}
      <FieldError form={form} name={name} />
    </div>
  );
}

/** What its codes look like and what is typed of them. */
export function CodeFields({ form }: { form: FormView }): JSX.Element {
  return (
    <details
      class="panel rule-group"
      open={['shortest', 'longest', 'codePrefix', 'keptPrefix', 'separators'].some((name) => form.values[name])}
    >
      <summary>Its codes</summary>
      <div class="rule-row">
        <Line form={form} name="shortest" maxlength={2} />
        <Line form={form} name="longest" maxlength={2} />
        <Select
          form={form}
          name="alphabet"
          options={[
            ['digits', 'digits'],
            ['alnum', 'letters and digits'],
            ['letters', 'letters'],
          ]}
        />
      </div>
      <small class="hint">
        Helps to choose between two; codes of another form are still taken. Empty: not known. Three digits or letters alone need a template.
      </small>
      <div class="rule-row">
        <Line form={form} name="codePrefix" maxlength={6} hint="G for G-123456, typed 123456." />
        <Line form={form} name="keptPrefix" maxlength={6} hint="FB for FB-12345, typed so." />
        <Select
          form={form}
          name="separators"
          options={[
            ['', 'as usual: 123-456 is typed 123456'],
            ['strip', 'never typed'],
            ['keep', 'typed as printed'],
          ]}
        />
      </div>
    </details>
  );
}

/** Messages that must come out as said before the rules may be published. */
export function ExampleFields({ form, places, shipped }: { form: FormView; places: number; shipped: EditorView['shipped'] }): JSX.Element {
  return (
    <fieldset class="panel">
      <legend>Examples</legend>
      <small class="hint">
        All of them must come out as you say before anything is published: some that must be delivered, some that must not. After keeping,
        there is room for more. They are judged as on a SIM with orders of other services too.
      </small>
      {Array.from({ length: places }, (_, at) => (
        <Example form={form} at={at} />
      ))}
      <FieldError form={form} name="examples" />
      {shipped.length === 0 ? null : (
        <details>
          <summary>{shipped.length} that come with the program</summary>
          {shipped.map(({ text, expected, code }) => (
            <div class="shipped">
              <ForeignBlock text={text} />
              <small
                class="muted"
                safe
              >{`must be ${expected === 'not_accept' ? 'anything but accept' : expected}${code === null ? '' : `, code ${code}`}`}</small>
            </div>
          ))}
        </details>
      )}
    </fieldset>
  );
}

function Example({ form, at }: { form: FormView; at: number }): JSX.Element {
  const value = (part: string) => form.values[`e${at}_${part}`] ?? '';
  return (
    <fieldset class="example">
      <legend class="sr-only">Example {at + 1}</legend>
      <label>
        Text of example {at + 1}
        <textarea name={`e${at}_text`} rows="2" maxlength={1000} dir="auto" safe>
          {value('text')}
        </textarea>
      </label>
      <div class="rule-row">
        <label>
          Sender
          <input name={`e${at}_sender`} value={attr(value('sender'))} maxlength={40} autocomplete="off" />
        </label>
        <label>
          Must be
          <select name={`e${at}_verdict`}>
            {['accept', 'review', 'reject'].map((verdict) => (
              <option value={attr(verdict)} selected={value('verdict') === verdict} safe>
                {verdict}
              </option>
            ))}
          </select>
        </label>
        <label>
          Code
          <input name={`e${at}_code`} class="mono" value={attr(value('code'))} maxlength={32} autocomplete="off" />
        </label>
      </div>
      <FieldError form={form} name={`e${at}`} />
    </fieldset>
  );
}
