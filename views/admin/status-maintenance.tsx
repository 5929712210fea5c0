/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { FormView } from '../model.ts';
import { FieldError, FormError } from '../parts/field.tsx';
import { attr } from '../parts/text.tsx';
import { adminMaintenancePath, paths } from '../paths.ts';
import type { MaintenanceView, SurfaceName } from '../status/model.ts';
import { Maintenance } from '../status/parts.tsx';
import { minutesText, SURFACE_NAMES } from '../status/words.ts';

const SURFACES: readonly SurfaceName[] = ['ordering', 'dashboard', 'delivery'];

/** A window that is ahead or runs, and what can still be done about it. */
export function MaintenanceForms({
  window,
  nowMs,
  form,
  lateMinutes,
}: {
  window: MaintenanceView;
  nowMs: number;
  form: FormView;
  lateMinutes: number;
}): JSX.Element {
  const isRunning = nowMs >= window.startsAtMs;
  const typed = Object.keys(form.values).length > 0;
  const values = typed ? form.values : valuesOf(window);
  return (
    <div class="item">
      <Maintenance window={window} nowMs={nowMs} />
      {isRunning ? null : (
        <details open={typed}>
          <summary>Change it…</summary>
          <PlanForm
            action={adminMaintenancePath(window.id)}
            id={window.id}
            form={{ ...form, values }}
            lateMinutes={lateMinutes}
            button="Change and tell everybody"
          />
        </details>
      )}
      <details class="sure">
        <summary>{isRunning ? 'End it now…' : 'Withdraw it…'}</summary>
        <form method="post" action={attr(adminMaintenancePath(window.id, 'end'))}>
          <p class="muted">
            {isRunning ? 'From the next minute on, downtime counts again.' : 'It stays on the page as withdrawn, and everybody is told.'}
          </p>
          <button type="submit" class="secondary outline small">
            {isRunning ? 'End it now' : 'Withdraw it'}
          </button>
        </form>
      </details>
    </div>
  );
}

export function NewMaintenance({ form, lateMinutes }: { form: FormView; lateMinutes: number }): JSX.Element {
  const isFresh = Object.keys(form.values).length === 0;
  const values = isFresh ? { ordering: 'yes', dashboard: 'yes', delivery: 'yes' } : form.values;
  return (
    <section class="panel" aria-labelledby="announce-title">
      <h2 id="announce-title">Announce maintenance</h2>
      <p class="muted">
        At least 24 hours ahead, its minutes do not count as downtime. Later it can be announced too, and counts: the page says so to
        everybody.
      </p>
      <PlanForm
        action={`${paths.adminStatus}/maintenance`}
        id="new"
        form={{ ...form, values }}
        lateMinutes={lateMinutes}
        button="Announce it"
      />
    </section>
  );
}

function PlanForm({
  action,
  id,
  form,
  lateMinutes,
  button,
}: {
  action: string;
  id: string;
  form: FormView;
  lateMinutes: number;
  button: string;
}): JSX.Element {
  const { values } = form;
  return (
    <form method="post" action={attr(action)}>
      <FormError form={form} />
      {lateMinutes > 0 ? (
        <p class="problem" role="alert">
          <strong>Counts as downtime:</strong> less than 24 hours are left before it begins, so <span safe>{minutesText(lateMinutes)}</span>{' '}
          will count. Send it again to announce it all the same, or choose a later time.
        </p>
      ) : null}
      {lateMinutes > 0 ? <input type="hidden" name="sure" value="yes" /> : null}
      <Labelled id={id} name="title" label="Title" form={form}>
        <input id={attr(`${id}-title`)} name="title" maxlength={120} required value={attr(values['title'] ?? '')} />
      </Labelled>
      <div class="when">
        <Labelled id={id} name="starts" label="Begins (UTC)" form={form}>
          <input id={attr(`${id}-starts`)} name="starts" type="datetime-local" required value={attr(values['starts'] ?? '')} />
        </Labelled>
        <Labelled id={id} name="ends" label="Ends (UTC)" form={form}>
          <input id={attr(`${id}-ends`)} name="ends" type="datetime-local" required value={attr(values['ends'] ?? '')} />
        </Labelled>
      </div>
      <fieldset>
        <legend>Affects</legend>
        {SURFACES.map((surface) => (
          <label>
            <input type="checkbox" name={surface} value="yes" checked={values[surface] === 'yes'} />{' '}
            <span safe>{SURFACE_NAMES[surface]}</span>
          </label>
        ))}
        <FieldError form={form} name="surfaces" />
      </fieldset>
      <Labelled id={id} name="text" label="What everybody reads (may be empty)" form={form}>
        <textarea id={attr(`${id}-text`)} name="text" rows="3" maxlength={2000} safe>
          {values['text'] ?? ''}
        </textarea>
      </Labelled>
      <button type="submit" class="secondary" safe>
        {lateMinutes > 0 ? `${button}, though it counts as downtime` : button}
      </button>
    </form>
  );
}

/** A label, its field and what is wrong with it; several forms on the page have the same names. */
export function Labelled({
  id,
  name,
  label,
  form,
  children,
}: {
  id: string;
  name: string;
  label: string;
  form: FormView;
  children: JSX.Element;
}): JSX.Element {
  return (
    <div class="field">
      <label for={attr(`${id}-${name}`)} safe>
        {label}
      </label>
      {children}
      <FieldError form={form} name={name} />
    </div>
  );
}

function valuesOf({ title, text, surfaces, startsAtMs, endsAtMs }: MaintenanceView): Record<string, string> {
  const local = (atMs: number): string => new Date(atMs).toISOString().slice(0, 16);
  return {
    title,
    text,
    starts: local(startsAtMs),
    ends: local(endsAtMs),
    ...Object.fromEntries(surfaces.map((surface) => [surface, 'yes'])),
  };
}
