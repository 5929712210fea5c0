/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Layout } from '../layout.tsx';
import type { FormView, PageContext } from '../model.ts';
import { Foreign, Time } from '../parts/text.tsx';
import { paths } from '../paths.ts';
import type { IncidentView, MaintenanceView } from '../status/model.ts';
import { IncidentForms, NewIncident } from './status-incident.tsx';
import { MaintenanceForms, NewMaintenance } from './status-maintenance.tsx';

export interface AdminStatusView {
  nowMs: number;
  maintenance: MaintenanceView[];
  incidents: IncidentView[];
  subscribers: number;
  audit: { atMs: number; email: string; action: string; detail: string }[];
  /** What was typed, and in which form: `new`, `incident`, or the id of what it is about. */
  form: FormView;
  formOf: string | null;
  /** Minutes of the typed plan that would count as downtime: it waits for a second yes. */
  lateMinutes: number;
  done: string | null;
}

const NO_FORM: FormView = { values: {}, errors: {} };

/** Maintenance and incidents, for the operator. */
export function AdminStatusPage({ page, view }: { page: PageContext; view: AdminStatusView }): JSX.Element {
  const { nowMs } = view;
  const formFor = (id: string): FormView => (view.formOf === id ? view.form : NO_FORM);
  const lateFor = (id: string): number => (view.formOf === id ? view.lateMinutes : 0);
  const ahead = view.maintenance.filter(({ endsAtMs, isCanceled }) => !isCanceled && endsAtMs > nowMs);
  return (
    <Layout page={page} title="Status" head={StatusStyle} nowMs={nowMs}>
      <div class="status status-forms">
        <h1>Status</h1>
        <p class="muted">
          What stands on the <a href={paths.status}>status page</a>. The checks open and close incidents by themselves; {view.subscribers}{' '}
          {view.subscribers === 1 ? 'address is' : 'addresses are'} mailed about each. All times are UTC; now it is <Time atMs={nowMs} />.
        </p>
        {view.done ? (
          <p class="notice" role="status" safe>
            {view.done}
          </p>
        ) : null}
        <section class="panel" aria-labelledby="maintenance">
          <h2 id="maintenance">Maintenance</h2>
          {ahead.length === 0 ? <p class="empty">None is announced.</p> : null}
          {ahead.map((window) => (
            <MaintenanceForms window={window} nowMs={nowMs} form={formFor(window.id)} lateMinutes={lateFor(window.id)} />
          ))}
        </section>
        <NewMaintenance form={formFor('new')} lateMinutes={lateFor('new')} />
        <section class="panel" aria-labelledby="incidents">
          <h2 id="incidents">Incidents of 90 days</h2>
          {view.incidents.length === 0 ? <p class="empty">None.</p> : null}
          {view.incidents.map((incident) => (
            <IncidentForms incident={incident} nowMs={nowMs} form={formFor(incident.id)} />
          ))}
        </section>
        <NewIncident form={formFor('incident')} />
        <section class="panel" aria-labelledby="audit">
          <h2 id="audit">What was done here</h2>
          {view.audit.length === 0 ? <p class="empty">Nothing yet.</p> : null}
          <ul>
            {view.audit.map((entry) => (
              <li>
                <Time atMs={entry.atMs} /> · <Foreign text={entry.email} />: <Foreign text={entry.detail} />
              </li>
            ))}
          </ul>
        </section>
      </div>
    </Layout>
  );
}

function StatusStyle(): JSX.Element {
  return <link rel="stylesheet" href="/static/status.css" />;
}
