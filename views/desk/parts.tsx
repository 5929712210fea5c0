/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from '@elysiajs/html';
import type { PageContext } from '../model.ts';
import { attr } from '../parts/text.tsx';
import { withQuery } from '../paths.ts';

/** The style sheet of the operator's desk, for a document's head. */
export function DeskStyle(): JSX.Element {
  return <link rel="stylesheet" href="/static/desk.css" />;
}

/** A read-only operator sees everything and is offered nothing: the guard refuses it anyway. */
export function mayAct({ viewer }: PageContext): boolean {
  return viewer?.role === 'operator' && viewer.isReadOnly !== true;
}

/** The way to older rows, or nothing. */
export function Older({ path, query, cursor, label = 'Older' }: OlderProps): JSX.Element {
  if (cursor === null) return '';
  return (
    <p class="pager">
      <a class="button secondary" rel="next" href={attr(withQuery(path, { ...query, cursor }))} safe>
        {label}
      </a>
    </p>
  );
}

interface OlderProps {
  path: string;
  query: Record<string, string | null>;
  cursor: string | null;
  label?: string;
}

interface SelectProps {
  name: string;
  label: string;
  value: string;
  /** Value and word; the first stands for all. */
  options: readonly (readonly [string, string])[];
}

/** A choice in the form of a filter. */
export function Choice({ name, label, value, options }: SelectProps): JSX.Element {
  return (
    <div class="field">
      <label for={name} safe>
        {label}
      </label>
      <select id={name} name={name}>
        {options.map(([option, word]) => (
          <option value={attr(option)} selected={option === value} safe>
            {word}
          </option>
        ))}
      </select>
    </div>
  );
}

interface TypedProps {
  name: string;
  label: string;
  value: string;
  placeholder?: string;
  problem?: string | undefined;
}

/** Something to search for, in the form of a filter. */
export function Typed({ name, label, value, placeholder, problem }: TypedProps): JSX.Element {
  return (
    <div class="field grow">
      <label for={name} safe>
        {label}
      </label>
      <input
        id={name}
        name={name}
        type="search"
        maxlength={100}
        value={attr(value)}
        placeholder={placeholder}
        autocomplete="off"
        aria-invalid={problem === undefined ? undefined : 'true'}
        aria-describedby={problem === undefined ? undefined : `${name}-problem`}
      />
      {problem === undefined ? null : (
        <small id={`${name}-problem`} class="field-error" safe>
          {problem}
        </small>
      )}
    </div>
  );
}

/** The head of a column of words, or of one of amounts, which stand to the right. */
type Head = string | { amount: string };

/** A table that becomes a list of cards where the screen is narrow; it scrolls by itself where even that is too wide. */
export function Rows({ label, heads, children }: PropsWithChildren<{ label: string; heads: readonly Head[] }>): JSX.Element {
  return (
    <table class="rows" aria-label={attr(label)}>
      <thead>
        <tr>
          {heads.map((head) =>
            typeof head === 'string' ? (
              <th scope="col" safe>
                {head}
              </th>
            ) : (
              <th scope="col" class="amount" safe>
                {head.amount}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

/** One fact of a list of them. */
export function Fact({ name, children }: PropsWithChildren<{ name: string }>): JSX.Element {
  return (
    <div>
      <dt safe>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
