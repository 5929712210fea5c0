/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Layout } from './layout.tsx';
import type { FormView, PageContext } from './model.ts';
import { Field, FieldError, FormError } from './parts/field.tsx';
import { paths, policyPath } from './paths.ts';
import type { StartView } from './start-model.ts';

interface SignUpProps {
  page: PageContext;
  view: FormView;
  /** Whom the operator lets in. */
  signup: StartView['signup'];
}

/** Posts `email`, `password`, `purpose` and `terms=yes` to /sign-up; with `invite` there is nothing to post. */
export function SignUpPage({ page, view, signup }: SignUpProps): JSX.Element {
  return (
    <Layout page={page} title="Sign up">
      <section class="panel narrow">
        <h1>{signup === 'approval' ? 'Ask for an account' : 'Sign up'}</h1>
        {signup === 'invite' ? <ByInvitation /> : <SignUpForm view={view} signup={signup} />}
        <p class="after muted">
          Have an account? <a href={paths.signIn}>Sign in</a>
        </p>
      </section>
    </Layout>
  );
}

function ByInvitation(): JSX.Element {
  return (
    <p class="notice">
      New accounts here are by invitation. Ask the operator of this box to create one for your e-mail address; then sign in with the
      password you get from them.
    </p>
  );
}

function SignUpForm({ view, signup }: { view: FormView; signup: StartView['signup'] }): JSX.Element {
  return (
    <>
      {signup === 'approval' ? (
        <p class="notice">The operator looks at every request. You can sign in as soon as yours is approved.</p>
      ) : null}
      <FormError form={view} />
      <form method="post" action={paths.signUp}>
        <Field form={view} name="email" label="E-mail" type="email" autocomplete="username" maxlength={254} />
        <Field
          form={view}
          name="password"
          label="Password"
          type="password"
          autocomplete="new-password"
          minlength={10}
          hint="At least 10 characters; a few random words are best."
        />
        <Field
          form={view}
          name="purpose"
          label="What will you use it for?"
          hint="One sentence, for example: testing the sign-up of our own app in four countries."
          maxlength={500}
        />
        <AcceptTerms view={view} />
        <button type="submit">{signup === 'approval' ? 'Send the request' : 'Create the account'}</button>
      </form>
    </>
  );
}

function AcceptTerms({ view }: { view: FormView }): JSX.Element {
  const wrong = Boolean(view.errors['terms']);
  return (
    <div class="field">
      <label for="terms">
        <input
          id="terms"
          name="terms"
          type="checkbox"
          value="yes"
          required
          checked={view.values['terms'] === 'yes'}
          aria-invalid={wrong ? 'true' : undefined}
          aria-describedby={wrong ? 'terms-error' : undefined}
        />
        I accept the <a href={policyPath('terms')}>terms</a>: only accounts I may open under each service's own rules; no banks, payments,
        government or health services; no fraud, no harassment.
      </label>
      <FieldError form={view} name="terms" />
    </div>
  );
}
