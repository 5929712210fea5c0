/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { AdminStatusPage, type AdminStatusView } from '../../views/admin/status.tsx';
import type { FormView } from '../../views/model.ts';
import { paths } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import type { User } from '../accounts/users.ts';
import { auditEntry, listAudit } from '../admin/audit.ts';
import type { Door, Tx } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { RandomBytes } from '../lib/ids.ts';
import { editIncident, endIncident, listIncidents, openIncident, updateIncident } from './incidents.ts';
import { AUDITED, announce, change, end, lateMinutesOf, listMaintenance, type Plan } from './maintenance.ts';
import type { StatusRoom } from './room.ts';
import { countSubscribers } from './subscribers.ts';
import { isSurface, SURFACES } from './surfaces.ts';

export interface StatusAdminDeps {
  db: Database;
  door: Door;
  clock: Clock;
  random: RandomBytes;
  guard: Guard;
  status: StatusRoom;
}

const PlanForm = type({
  'title?': 'string <= 300',
  'text?': 'string <= 4000',
  'starts?': 'string <= 40',
  'ends?': 'string <= 40',
  'ordering?': 'string <= 10',
  'dashboard?': 'string <= 10',
  'delivery?': 'string <= 10',
  'sure?': 'string <= 10',
}).or('undefined | null');
const IncidentForm = type({
  'title?': 'string <= 300',
  'text?': 'string <= 4000',
  'severity?': 'string <= 10',
  'surface?': 'string <= 20',
}).or('undefined | null');
const NO_FORM: FormView = { values: {}, errors: {} };
const SHOWN_MS = 90 * 86_400_000;

/** `/admin/status`: maintenance and incidents. Whatever is done here is in the audit log, and nothing is ever deleted. */
export function statusAdminRoutes(deps: StatusAdminDeps) {
  const { db, door, clock, random, guard, status } = deps;
  const shown = (
    request: Request,
    user: User,
    given: Partial<Pick<AdminStatusView, 'form' | 'formOf' | 'done' | 'lateMinutes'>> = {},
    code = 200,
  ) => {
    const nowMs = clock.nowMs();
    const view: AdminStatusView = {
      ...{ nowMs, form: NO_FORM, formOf: null, done: null, lateMinutes: 0, ...given },
      maintenance: listMaintenance(db, nowMs - SHOWN_MS),
      incidents: listIncidents(db, nowMs - SHOWN_MS, 100),
      subscribers: countSubscribers(db),
      audit: listAudit(db, AUDITED, 20),
    };
    return page(<AdminStatusPage page={pageContext(db, request, user)} view={view} />, { status: code });
  };
  /** Runs a verb, shows what it refused in the form it came from, and goes on to the page with the newest audit entry. */
  const act = async (request: Request, user: User, formOf: string, values: Record<string, string>, verb: (tx: Tx) => void) => {
    try {
      const done = await door.write((tx) => {
        verb(tx);
        return listAudit(tx.db, AUDITED, 1)[0]?.id ?? '';
      });
      status.refresh();
      return seeOther(request, `${paths.adminStatus}?done=${done}`);
    } catch (thrown) {
      if (!(thrown instanceof Refusal) || thrown.type === 'not_found') throw thrown;
      return shown(request, user, { form: { values, errors: { [fieldOf(thrown)]: thrown.detail } }, formOf }, thrown.status);
    }
  };
  /** Announces or changes; what would count as downtime is told first and wants a second yes. */
  const plan = (request: Request, user: User, formOf: string, body: typeof PlanForm.infer, verb: (tx: Tx, plan: Plan) => void) => {
    const values = valuesOf(body);
    const read = readPlan(values);
    if ('errors' in read) return shown(request, user, { form: { values, errors: read.errors }, formOf }, 422);
    const lateMinutes = lateMinutesOf(read, clock.nowMs());
    if (lateMinutes > 0 && read.startsAtMs > clock.nowMs() && values['sure'] !== 'yes')
      return shown(request, user, { form: { values, errors: {} }, formOf, lateMinutes }, 422);
    return act(request, user, formOf, values, (tx) => verb(tx, read));
  };

  return new Elysia({ prefix: paths.adminStatus, detail: { hide: true } })
    .use(guard)
    .get('', ({ request, user, query }) => shown(request, user, { done: auditEntry(db, query['done'] ?? '', AUDITED)?.detail ?? null }), {
      operator: true,
    })
    .post(
      '/maintenance',
      ({ request, user, body }) => plan(request, user, 'new', body, (tx, read) => void announce(tx, random, user.id, read)),
      {
        operator: true,
        body: PlanForm,
      },
    )
    .post(
      '/maintenance/:id',
      ({ request, user, body, params: { id } }) => plan(request, user, id, body, (tx, read) => change(tx, user.id, id, read)),
      {
        operator: true,
        body: PlanForm,
      },
    )
    .post('/maintenance/:id/end', ({ request, user, params: { id } }) => act(request, user, id, {}, (tx) => void end(tx, user.id, id)), {
      operator: true,
    })
    .post(
      '/incidents',
      ({ request, user, body }) => {
        const values = valuesOf(body);
        const { title = '', text = '', severity, surface } = values;
        return act(request, user, 'incident', values, (tx) => {
          const about = isSurface(surface) ? surface : null;
          openIncident(tx, random, {
            surface: about,
            severity: severityOf(severity),
            title,
            text: requireText(text),
            startedAtMs: tx.nowMs,
            userId: user.id,
          });
        });
      },
      { operator: true, body: IncidentForm },
    )
    .post(
      '/incidents/:id/edit',
      ({ request, user, body, params: { id } }) => {
        const values = valuesOf(body);
        return act(request, user, id, values, (tx) =>
          editIncident(tx, user.id, id, { title: values['title'] ?? '', severity: severityOf(values['severity']) }),
        );
      },
      { operator: true, body: IncidentForm },
    )
    .post(
      '/incidents/:id/update',
      ({ request, user, body, params: { id } }) =>
        act(request, user, id, valuesOf(body), (tx) => updateIncident(tx, user.id, id, body?.text ?? '')),
      { operator: true, body: IncidentForm },
    )
    .post(
      '/incidents/:id/end',
      ({ request, user, body, params: { id } }) =>
        act(request, user, id, valuesOf(body), (tx) => endIncident(tx, user.id, id, body?.text ?? '')),
      { operator: true, body: IncidentForm },
    );
}

function valuesOf(body: Record<string, string | undefined> | null | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(body ?? {}).map(([key, value]) => [key, (value ?? '').trim()]));
}

function readPlan(values: Record<string, string>): Plan | { errors: Record<string, string> } {
  const startsAtMs = momentOf(values['starts']);
  const endsAtMs = momentOf(values['ends']);
  const errors: Record<string, string> = {};
  if (startsAtMs === null) errors['starts'] = 'Type a day and a time in UTC, such as 2026-12-01 03:00.';
  if (endsAtMs === null) errors['ends'] = 'Type a day and a time in UTC, such as 2026-12-01 04:30.';
  if (startsAtMs === null || endsAtMs === null) return { errors };
  return {
    title: values['title'] ?? '',
    text: values['text'] ?? '',
    surfaces: SURFACES.filter((surface) => values[surface] === 'yes'),
    startsAtMs,
    endsAtMs,
  };
}

/** A moment in UTC as the browser's field (`2026-12-01T03:00`) or a person writes it, to the minute. */
function momentOf(text = ''): number | null {
  const read = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::\d{2})?Z?$/.exec(text);
  const atMs = read === null ? Number.NaN : Date.parse(`${read[1]}T${read[2]}:00Z`);
  return Number.isNaN(atMs) || new Date(atMs).toISOString().slice(0, 10) !== read?.[1] ? null : atMs;
}

function severityOf(word: string | undefined): 'minor' | 'major' {
  return word === 'minor' ? 'minor' : 'major';
}

function requireText(text: string): string {
  if (text !== '') return text;
  const message = 'Say what is known.';
  throw new Refusal('validation', message, { errors: [{ field: 'text', message }] });
}

function fieldOf({ extra }: Refusal): string {
  const [error] = Array.isArray(extra['errors']) ? extra['errors'] : [];
  return typeof error?.field === 'string' ? error.field : '';
}
