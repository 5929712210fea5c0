/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Layout } from './layout.tsx';
import type { FormView, PageContext } from './model.ts';
import { Field, FormError } from './parts/field.tsx';
import { attr } from './parts/text.tsx';
import { paths } from './paths.ts';
import { KeysGoOn } from './reset.tsx';

/** Posts `email`, `password` and, when the visitor came from a page of ours, `next` to /sign-in. */
export function SignInPage({ page, view, afterReset = false }: { page: PageContext; view: FormView; afterReset?: boolean }): JSX.Element {
  const next = view.values['next'];
  return (
    <Layout page={page} title="Sign in">
      <section class="panel narrow">
        <h1>Sign in</h1>
        <FormError form={view} />
        <form method="post" action={paths.signIn}>
          {next ? <input type="hidden" name="next" value={attr(next)} /> : null}
          <Field form={view} name="email" label="E-mail" type="email" autocomplete="username" maxlength={254} />
          <Field form={view} name="password" label="Password" type="password" autocomplete="current-password" />
          <button type="submit">Sign in</button>
        </form>
        {afterReset ? <KeysGoOn /> : null}
        <p class="after muted">
          <a href={paths.reset}>Forgot your password?</a>
        </p>
        {page.canSignUp ? (
          <p class="muted">
            No account yet? <a href={paths.signUp}>Sign up</a>
          </p>
        ) : (
          <p class="muted">No account yet? Accounts here are made by the operator; ask for one.</p>
        )}
      </section>
    </Layout>
  );
}
