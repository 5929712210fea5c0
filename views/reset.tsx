/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Layout } from './layout.tsx';
import type { FormView, PageContext } from './model.ts';
import { Field, FormError } from './parts/field.tsx';
import { attr } from './parts/text.tsx';
import { paths } from './paths.ts';

/** Posts `email` to /reset. Without a mail server it says whom to ask instead. */
export function ResetPage({ page, view, canMail }: { page: PageContext; view: FormView; canMail: boolean }): JSX.Element {
  return (
    <Layout page={page} title="New password">
      <section class="panel narrow">
        <h1>Forgot your password?</h1>
        {canMail ? <AskForm view={view} /> : <AskTheOperator />}
        <p class="after muted">
          <a href={paths.signIn}>Back to sign-in</a>
        </p>
      </section>
    </Layout>
  );
}

function AskForm({ view }: { view: FormView }): JSX.Element {
  return (
    <>
      <FormError form={view} />
      <form method="post" action={paths.reset}>
        <Field
          form={view}
          name="email"
          label="E-mail"
          type="email"
          autocomplete="username"
          maxlength={254}
          hint="If there is an account for it, we send it a link to set a new password."
        />
        <button type="submit">Send the link</button>
      </form>
    </>
  );
}

function AskTheOperator(): JSX.Element {
  return (
    <>
      <p class="notice">This box sends no mail: the operator has not set it up. Ask the operator for a new password.</p>
      <p class="muted">
        For the operator: <code class="plain">smspin user password EMAIL</code> makes one.
      </p>
    </>
  );
}

/** Posts `password` back to the signed link. */
export function NewPasswordPage({ page, action, view }: { page: PageContext; action: string; view: FormView }): JSX.Element {
  return (
    <Layout page={page} title="New password">
      <section class="panel narrow">
        <h1>Set a new password</h1>
        <FormError form={view} />
        <form method="post" action={attr(action)}>
          <Field
            form={view}
            name="password"
            label="New password"
            type="password"
            autocomplete="new-password"
            minlength={10}
            hint="At least 10 characters; a few random words are best. All sessions of before end."
          />
          <button type="submit">Set the password</button>
        </form>
        <KeysGoOn />
      </section>
    </Layout>
  );
}

/** What a new password does not end, and where to end it. */
export function KeysGoOn(): JSX.Element {
  return (
    <p class="after muted">
      API keys and webhooks go on working. If somebody else may have been in your account, look through{' '}
      <a href={paths.keys}>your API keys</a> and <a href={paths.webhooks}>your webhooks</a> after signing in.
    </p>
  );
}

const WHY = {
  expired: 'The link is older than an hour.',
  used: 'The link was used already, or the password was changed since.',
  forged: 'The link is not whole: copy all of it from the mail.',
} as const;

/** A link to a new password that does not work any more, and what to do. */
export function DeadLinkPage({ page, why }: { page: PageContext; why: keyof typeof WHY }): JSX.Element {
  return (
    <Layout page={page} title="New password">
      <section class="panel narrow">
        <h1>This link does not work any more</h1>
        <p>{WHY[why]}</p>
        <p class="actions">
          <a class="button" href={paths.reset}>
            Ask for a new one
          </a>
        </p>
      </section>
    </Layout>
  );
}
