/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Layout } from './layout.tsx';
import type { PageContext, ProblemView } from './model.ts';
import { paths } from './paths.ts';

/** A refusal or a fault as a page: what happened, what to do, and what to quote when asking for help. */
export function ProblemPage({ page, view }: { page: PageContext; view: ProblemView }): JSX.Element {
  return (
    <Layout page={page} title={view.title}>
      <section class="panel narrow problem-page">
        <p class="mono status-number">{view.status}</p>
        <h1 safe>{view.title}</h1>
        <p safe>{view.detail}</p>
        <p class="actions">
          <a class="button" href={page.viewer ? paths.dashboard : paths.start}>
            {page.viewer ? 'Back to the dashboard' : 'Back to the start'}
          </a>
        </p>
        {view.requestId ? (
          <p class="muted">
            If you ask the operator, quote this:{' '}
            <code class="plain request-id" safe>
              {view.requestId}
            </code>
          </p>
        ) : null}
      </section>
    </Layout>
  );
}
