/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { FormView } from '../model.ts';
import { attr } from './text.tsx';

interface FieldProps {
  form: FormView;
  name: string;
  label: string;
  type?: 'text' | 'email' | 'password' | 'date';
  hint?: string;
  autocomplete?: string;
  minlength?: number;
  maxlength?: number;
  required?: boolean;
}

/** A labelled input with its hint and, after a refusal, what is wrong with it. */
export function Field(props: FieldProps): JSX.Element {
  const { form, name, label, type = 'text', hint, required = true } = props;
  const error = form.errors[name];
  const describedBy = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={name} safe>
        {label}
      </label>
      <input
        id={name}
        name={name}
        type={type}
        required={required}
        value={type === 'password' ? undefined : attr(form.values[name] ?? '')}
        autocomplete={props.autocomplete}
        minlength={props.minlength}
        maxlength={props.maxlength}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={describedBy || undefined}
      />
      {hint ? (
        <small id={`${name}-hint`} safe>
          {hint}
        </small>
      ) : null}
      <FieldError form={form} name={name} />
    </div>
  );
}

interface DayProps {
  name: string;
  label: string;
  value: string;
  /** What is wrong with the days of the form stands there; null: nothing is. */
  errorId: string | null;
}

/** A day in the form of a filter, which may be left out. */
export function Day({ name, label, value, errorId }: DayProps): JSX.Element {
  return (
    <div class="field">
      <label for={name} safe>
        {label}
      </label>
      <input
        id={name}
        name={name}
        type="date"
        value={attr(value)}
        aria-invalid={errorId === null ? undefined : 'true'}
        aria-describedby={errorId ?? undefined}
      />
    </div>
  );
}

/** What is wrong with one field, or nothing. */
export function FieldError({ form, name }: { form: FormView; name: string }): JSX.Element {
  const error = form.errors[name];
  if (!error) return '';
  return (
    <small id={`${name}-error`} class="field-error" safe>
      {error}
    </small>
  );
}

/** What is wrong with the form as a whole, read out at once, or nothing. */
export function FormError({ form }: { form: FormView }): JSX.Element {
  const error = form.errors[''];
  if (!error) return '';
  return (
    <p class="problem" role="alert" safe>
      {error}
    </p>
  );
}
