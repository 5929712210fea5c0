/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { FormView } from '../model.ts';
import { FormError } from '../parts/field.tsx';
import { attr } from '../parts/text.tsx';
import { adminIncidentPath, paths } from '../paths.ts';
import type { IncidentView } from '../status/model.ts';
import { Incident } from '../status/parts.tsx';
import { SURFACE_NAMES } from '../status/words.ts';
import { Labelled } from './status-maintenance.tsx';

/** An incident, and what the operator may add to it or change of it. */
export function IncidentForms({ incident, nowMs, form }: { incident: IncidentView; nowMs: number; form: FormView }): JSX.Element {
  const { id, endedAtMs, isAutomatic } = incident;
  const typed = Object.keys(form.errors).length > 0;
  return (
    <div class="item">
      <Incident incident={incident} nowMs={nowMs} />
      <details open={typed}>
        <summary>Tell more, or change it…</summary>
        <FormError form={form} />
        <form method="post" action={attr(adminIncidentPath(id, 'update'))}>
          <Labelled id={id} name="text" label="An update for everybody" form={form}>
            <textarea id={attr(`${id}-text`)} name="text" rows="2" maxlength={2000} required safe>
              {form.values['text'] ?? ''}
            </textarea>
          </Labelled>
          <button type="submit" class="secondary small">
            Publish the update
          </button>
        </form>
        <form method="post" action={attr(adminIncidentPath(id, 'edit'))}>
          <Labelled id={id} name="title" label="Title" form={form}>
            <input id={attr(`${id}-title`)} name="title" maxlength={120} required value={attr(form.values['title'] ?? incident.title)} />
          </Labelled>
          <Severity id={id} severity={incident.severity} />
          <button type="submit" class="secondary small">
            Change
          </button>
        </form>
        {endedAtMs !== null ? null : isAutomatic ? (
          <p class="muted">
            It ends by itself: when two minutes of checks have succeeded, or the alarms that opened it are over. What you write stays as it
            is.
          </p>
        ) : (
          <form method="post" action={attr(adminIncidentPath(id, 'end'))}>
            <input type="hidden" name="text" value="Resolved." />
            <button type="submit" class="secondary outline small">
              It is over
            </button>
          </form>
        )}
      </details>
    </div>
  );
}

export function NewIncident({ form }: { form: FormView }): JSX.Element {
  const { values } = form;
  return (
    <section class="panel" aria-labelledby="new-incident">
      <h2 id="new-incident">Tell of something the checks do not see</h2>
      <p class="muted">It changes no figure: those are measured. It ends when you say so.</p>
      <FormError form={form} />
      <form method="post" action={`${paths.adminStatus}/incidents`}>
        <Labelled id="incident" name="title" label="Title" form={form}>
          <input id="incident-title" name="title" maxlength={120} required value={attr(values['title'] ?? '')} />
        </Labelled>
        <Labelled id="incident" name="surface" label="Affects" form={form}>
          <select id="incident-surface" name="surface">
            <option value="">Everything</option>
            {Object.entries(SURFACE_NAMES).map(([surface, name]) => (
              <option value={surface} selected={values['surface'] === surface} safe>
                {name}
              </option>
            ))}
          </select>
        </Labelled>
        <Severity id="incident" severity={values['severity'] === 'minor' ? 'minor' : 'major'} />
        <Labelled id="incident" name="text" label="What is known" form={form}>
          <textarea id="incident-text" name="text" rows="3" maxlength={2000} required safe>
            {values['text'] ?? ''}
          </textarea>
        </Labelled>
        <button type="submit" class="secondary">
          Publish it
        </button>
      </form>
    </section>
  );
}

function Severity({ id, severity }: { id: string; severity: 'minor' | 'major' }): JSX.Element {
  return (
    <div class="field">
      <label for={attr(`${id}-severity`)}>How bad</label>
      <select id={attr(`${id}-severity`)} name="severity">
        <option value="major" selected={severity === 'major'}>
          Outage
        </option>
        <option value="minor" selected={severity === 'minor'}>
          Partial
        </option>
      </select>
    </div>
  );
}
