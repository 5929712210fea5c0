/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { attr, Foreign } from '../parts/text.tsx';
import { DeskStyle } from './parts.tsx';

export interface ConfirmView {
  title: string;
  /** To whom or what it happens, as a stranger named it. */
  subject: string;
  /** What will be so afterwards, each in a sentence. */
  facts: readonly string[];
  /** Where it is done, and what was typed. */
  action: string;
  fields: Record<string, string>;
  button: string;
  back: string;
}

/** What is about to be done, before it is done: for everything that costs, or that cannot be taken back. */
export function ConfirmPage({ page, view }: { page: PageContext; view: ConfirmView }): JSX.Element {
  return (
    <Layout page={page} title={view.title} head={DeskStyle}>
      <section class="panel narrow confirm" aria-labelledby="confirm-title">
        <h1 id="confirm-title" safe>
          {view.title}
        </h1>
        <p>
          <Foreign text={view.subject} />
        </p>
        <ul class="facts-list">
          {view.facts.map((fact) => (
            <li>
              <Foreign text={fact} />
            </li>
          ))}
        </ul>
        <form method="post" action={attr(view.action)}>
          {Object.entries({ ...view.fields, confirm: 'yes' }).map(([name, value]) => (
            <input type="hidden" name={attr(name)} value={attr(value)} />
          ))}
          <p class="actions">
            <button type="submit" safe>
              {view.button}
            </button>
            <a class="button secondary" href={attr(view.back)}>
              Back
            </a>
          </p>
        </form>
      </section>
    </Layout>
  );
}
