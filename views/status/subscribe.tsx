/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { FormView } from '../model.ts';
import { Field, FormError } from '../parts/field.tsx';
import { attr, Foreign } from '../parts/text.tsx';
import { paths, statusLinkPath } from '../paths.ts';
import { StatusFrame } from './frame.tsx';
import type { StatusFrameView } from './model.ts';

const NO_FORM: FormView = { values: {}, errors: {} };

/** By mail, or by the feed. */
export function Subscribe({ canMail, form = NO_FORM }: { canMail: boolean; form?: FormView }): JSX.Element {
  return (
    <section class="panel narrow" aria-labelledby="subscribe">
      <h2 id="subscribe">Be told</h2>
      {canMail ? (
        <form method="post" action={`${paths.status}/subscribe`}>
          <FormError form={form} />
          <Field
            form={form}
            name="email"
            label="E-mail"
            type="email"
            autocomplete="email"
            maxlength={254}
            hint="A mail asks you to confirm it. Every later one has a link that ends them."
          />
          <button type="submit" class="secondary">
            Tell me of maintenance and incidents
          </button>
        </form>
      ) : (
        <p class="muted">There are no mails here: the operator has not set up a mail server.</p>
      )}
      <p class="muted">
        Or follow the <a href={paths.statusAtom}>Atom feed</a>.
      </p>
    </section>
  );
}

/** The form again, with what was wrong. */
export function SubscribePage({ frame, form, isVirtual }: { frame: StatusFrameView; form: FormView; isVirtual: boolean }): JSX.Element {
  return (
    <StatusFrame frame={frame} title="Be told" isVirtual={isVirtual}>
      <Subscribe canMail form={form} />
    </StatusFrame>
  );
}

/** What came of a form or a link. */
export function SaidPage({
  frame,
  title,
  text,
  isVirtual,
}: {
  frame: StatusFrameView;
  title: string;
  text: string;
  isVirtual: boolean;
}): JSX.Element {
  return (
    <StatusFrame frame={frame} title={title} isVirtual={isVirtual}>
      <section class="panel narrow">
        <h1 safe>{title}</h1>
        <p safe>{text}</p>
        <p class="actions">
          <a class="button" href={paths.status}>
            Open the status page
          </a>
        </p>
      </section>
    </StatusFrame>
  );
}

/** Where the link of a mail leads. Opening it changes nothing, since programs open links too. */
export function LinkPage({
  frame,
  view,
  isVirtual,
}: {
  frame: StatusFrameView;
  view: { verb: 'confirm' | 'unsubscribe'; token: string; email: string };
  isVirtual: boolean;
}): JSX.Element {
  const isConfirm = view.verb === 'confirm';
  return (
    <StatusFrame frame={frame} title={isConfirm ? 'Confirm' : 'No more mails'} isVirtual={isVirtual}>
      <section class="panel narrow">
        <h1>{isConfirm ? 'Send mails about the status?' : 'No more mails about the status?'}</h1>
        <p>
          To <Foreign text={view.email} />: maintenance when it is announced, incidents when they begin and end.
        </p>
        <form method="post" action={attr(statusLinkPath(view.verb, view.token))} class="actions">
          <button type="submit">{isConfirm ? 'Yes, send them' : 'End them and forget the address'}</button>
        </form>
      </section>
    </StatusFrame>
  );
}
