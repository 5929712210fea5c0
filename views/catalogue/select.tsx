/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { FormView } from '../model.ts';
import { FieldError } from '../parts/field.tsx';
import { attr } from '../parts/text.tsx';
import type { Choice } from './model.ts';

interface SelectProps {
  form: FormView;
  name: string;
  label: string;
  choices: readonly Choice[];
  /** What an empty choice is called; without it there is none. */
  none?: string;
  id?: string;
}

/** A labelled choice with, after a refusal, what is wrong with it. */
export function Select({ form, name, label, choices, none, id = name }: SelectProps): JSX.Element {
  return (
    <div class="field">
      <label for={attr(id)} safe>
        {label}
      </label>
      <select
        id={attr(id)}
        name={name}
        aria-invalid={form.errors[name] ? 'true' : undefined}
        aria-describedby={form.errors[name] ? `${name}-error` : undefined}
      >
        {none === undefined ? null : (
          <option value="" safe>
            {none}
          </option>
        )}
        {choices.map((choice) => (
          <option value={attr(choice.slug)} selected={choice.slug === form.values[name]} safe>
            {choice.name}
          </option>
        ))}
      </select>
      <FieldError form={form} name={name} />
    </div>
  );
}
