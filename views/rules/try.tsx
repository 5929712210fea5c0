/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { PageContext } from '../model.ts';
import { FieldError } from '../parts/field.tsx';
import { attr, Foreign } from '../parts/text.tsx';
import { paths, rulePath, withQuery } from '../paths.ts';
import { Explanation } from './explained.tsx';
import { RulesFrame } from './frame.tsx';
import type { TryView } from './model.ts';

/** Paste an SMS and see how it is judged, and why. Nothing of it is stored. */
export function TryPage({ page, view }: { page: PageContext; view: TryView }): JSX.Element {
  const { form, next } = view;
  return (
    <RulesFrame page={page} view={view} tab="try" title="Try an SMS">
      <form method="post" action={paths.rulesTry} class="panel try-form">
        <label>
          Text of the SMS
          <textarea name="text" rows="5" maxlength={2000} dir="auto" required safe>
            {form.values['text'] ?? ''}
          </textarea>
        </label>
        <FieldError form={form} name="text" />
        <div class="rule-row">
          <label>
            Sender
            <input name="sender" value={attr(form.values['sender'] ?? '')} maxlength={40} autocomplete="off" />
          </label>
          <label>
            Ordered service
            <input
              name="service"
              value={attr(form.values['service'] ?? '')}
              list="rule-services"
              maxlength={60}
              autocomplete="off"
              placeholder="any"
            />
          </label>
        </div>
        <label class="inline">
          <input type="checkbox" name="alone" value="1" checked={form.values['alone'] !== ''} /> It is the only order on its SIM
        </label>
        <button type="submit">Explain</button>
      </form>
      <datalist id="rule-services">
        <option value="any">Any service</option>
        {view.services.map(({ slug, name }) => (
          <option value={attr(slug)} safe>
            {name}
          </option>
        ))}
      </datalist>
      {view.explanation === null ? (
        <p class="muted">It is judged as by the rules in force. Nothing of it is stored or delivered.</p>
      ) : (
        <>
          <OpenThen view={view} />
          <Explanation view={view.explanation} title="Judged by the rules in force" />
          {next === null ? (
            <p>
              No rules are written for that service. <a href={paths.rulesNew}>Write some</a>
            </p>
          ) : (
            <EditWith view={view} next={next} />
          )}
        </>
      )}
    </RulesFrame>
  );
}

/** Several orders were open on the SIM when the message came: for which of them it is judged is the operator's choice. */
function OpenThen({ view: { messageId, orders } }: { view: TryView }): JSX.Element {
  if (messageId === null || orders.length < 2) return '';
  return (
    <nav aria-label="Orders of its SIM then" class="muted">
      Ordered on its SIM when it came:{' '}
      {orders.map(({ slug, name, shown }) => (
        <>
          <a href={attr(withQuery(paths.rulesTry, { message: messageId, service: slug }))} aria-current={shown ? 'true' : undefined}>
            <Foreign text={name} />
          </a>{' '}
        </>
      ))}
    </nav>
  );
}

/** A stored message goes along by its id; one that was typed by a form, since a text belongs in no address. */
function EditWith({ view, next }: { view: TryView; next: { slug: string; name: string } }): JSX.Element {
  if (view.messageId !== null) {
    return (
      <p>
        <a class="button secondary" href={attr(withQuery(rulePath(next.slug), { message: view.messageId }))}>
          Edit the rules of <Foreign text={next.name} /> with this message
        </a>
      </p>
    );
  }
  return (
    <form method="post" action={attr(rulePath(next.slug, 'with'))}>
      <input type="hidden" name="try_text" value={attr(view.form.values['text'] ?? '')} />
      <input type="hidden" name="try_sender" value={attr(view.form.values['sender'] ?? '')} />
      <button type="submit" class="secondary">
        Edit the rules of <Foreign text={next.name} /> with this message
      </button>
    </form>
  );
}
