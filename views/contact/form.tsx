/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Layout } from '../layout.tsx';
import type { FormView, PageContext } from '../model.ts';
import { Field, FieldError, FormError } from '../parts/field.tsx';
import { attr, Foreign } from '../parts/text.tsx';
import { paths } from '../paths.ts';
import { TalkStyle } from './style.tsx';
import { TOPIC_WORDS } from './words.ts';

export interface ContactView {
  form: FormView;
  /** Says when the form was handed out. */
  token: string;
  /** Of who is signed in; null asks for one. */
  email: string | null;
  canMail: boolean;
}

/** Posts `email` (when nobody is signed in), `topic`, `order`, `text`, `token` and a field that stays empty to /contact. */
export function ContactPage({ page, view }: { page: PageContext; view: ContactView }): JSX.Element {
  const { form, token, email, canMail } = view;
  return (
    <Layout page={page} title="Contact" head={TalkStyle}>
      <section class="panel talk">
        <h1>Write to the operator</h1>
        {email === null ? null : (
          <p class="muted">
            <a href={paths.tickets}>What you wrote before</a>
          </p>
        )}
        <FormError form={form} />
        <form method="post" action={paths.contact}>
          <input type="hidden" name="token" value={attr(token)} />
          {email === null ? (
            <Field
              form={form}
              name="email"
              label="Your e-mail"
              type="email"
              autocomplete="email"
              maxlength={254}
              hint={
                canMail
                  ? 'The answer goes there, and stands on a page of its own.'
                  : 'This box sends no mail: keep the address of the next page, where the answer will stand.'
              }
            />
          ) : (
            <p>
              From <Foreign text={email} />
            </p>
          )}
          <Topics form={form} />
          <Field
            form={form}
            name="order"
            label="Order id, if it is about one"
            required={false}
            autocomplete="off"
            maxlength={64}
            hint="It begins with ord_ and stands in mails and in the API."
          />
          <TextArea
            form={form}
            label="Your message"
            hint="Never write a password or an API key. Attachments are not taken: describe what they show."
          />
          <Trap />
          <button type="submit">Send</button>
        </form>
      </section>
    </Layout>
  );
}

function Topics({ form }: { form: FormView }): JSX.Element {
  const wrong = Boolean(form.errors['topic']);
  return (
    <div class="field">
      <label for="topic">What is it about?</label>
      <select
        id="topic"
        name="topic"
        required
        aria-invalid={wrong ? 'true' : undefined}
        aria-describedby={wrong ? 'topic-error' : undefined}
      >
        <option value="">Choose…</option>
        {Object.entries(TOPIC_WORDS).map(([topic, words]) => (
          <option value={topic} selected={form.values['topic'] === topic}>
            {words}
          </option>
        ))}
      </select>
      <FieldError form={form} name="topic" />
    </div>
  );
}

/** A field of several lines called `text`, with what is wrong with it. */
export function TextArea({ form, label, hint, rows = '7' }: { form: FormView; label: string; hint?: string; rows?: string }): JSX.Element {
  const describedBy = [hint && 'text-hint', form.errors['text'] && 'text-error'].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for="text" safe>
        {label}
      </label>
      <textarea
        id="text"
        name="text"
        rows={rows}
        maxlength={5000}
        required
        dir="auto"
        aria-invalid={form.errors['text'] ? 'true' : undefined}
        aria-describedby={describedBy || undefined}
        safe
      >
        {form.values['text'] ?? ''}
      </textarea>
      {hint ? (
        <small id="text-hint" safe>
          {hint}
        </small>
      ) : null}
      <FieldError form={form} name="text" />
    </div>
  );
}

/** A field that people do not see and programs fill in. */
function Trap(): JSX.Element {
  return (
    <div class="trap" aria-hidden="true">
      <label for="website">Website: leave this empty</label>
      <input id="website" name="website" type="text" tabindex="-1" autocomplete="off" />
    </div>
  );
}
