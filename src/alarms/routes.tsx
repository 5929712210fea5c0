/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { AlarmsView } from '../../views/admin/alarms-model.ts';
import { AlarmPage, AlarmsNow, AlarmsPage } from '../../views/admin/alarms-page.tsx';
import type { FormView } from '../../views/model.ts';
import { markup } from '../../views/parts/text.tsx';
import { alarmPath, paths } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import type { User } from '../accounts/users.ts';
import type { Config } from '../config.ts';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import { cutPage } from '../http/schema.ts';
import { isAlarmCode, SEVERITIES } from '../lib/alarm-kinds.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { mailPreferences } from '../mail/preferences.ts';
import { isMailOn } from '../mail/queue.ts';
import {
  acknowledgeAlarm,
  changesOf,
  NOTE_CHARACTERS_MAX,
  pastAlarms,
  requireAlarm,
  standingAlarms,
  unacknowledgeAlarm,
} from './alarms.ts';
import { watchedKinds } from './watched.ts';

export interface AlarmRouteDeps {
  db: Database;
  door: Door;
  clock: Clock;
  guard: Guard;
  config: Pick<Config, 'alarms' | 'modems'>;
}

const NoteForm = type({ 'note?': 'string <= 5000', 'back?': "'alarm' | 'list'" }).or('undefined | null');
const PAST_SHOWN = 30;
const NO_FORM: FormView = { values: {}, errors: {} };

/** `/admin/alarms`: what stands, what is over, and who has seen it. */
export function alarmRoutes({ db, door, clock, guard, config }: AlarmRouteDeps) {
  const watched = watchedKinds(config);
  const now = () => ({ nowMs: clock.nowMs(), standing: standingAlarms(db) });
  const list = (user: User, query: Record<string, string | undefined>): AlarmsView => {
    const code = isAlarmCode(query['code']) ? query['code'] : null;
    const severity = SEVERITIES.find((one) => one === query['severity']) ?? null;
    const cursor = /^alm_[a-z0-9]{1,40}$/.exec(query['cursor'] ?? '')?.[0] ?? null;
    const { rows, nextCursor } = cutPage(pastAlarms(db, { code, severity, cursor, limit: PAST_SHOWN + 1 }), PAST_SHOWN);
    const mail = !isMailOn(db) ? 'none' : mailPreferences(db, user.id).alarms ? 'on' : 'unwanted';
    return { ...now(), past: rows, filter: { code, severity }, nextCursor, isOlder: cursor !== null, watched, mail };
  };
  const one = (request: Request, user: User, id: string, form: FormView, status = 200) => {
    const view = { nowMs: clock.nowMs(), alarm: requireAlarm(db, id), changes: changesOf(db, id), form, noteMax: NOTE_CHARACTERS_MAX };
    return page(<AlarmPage page={pageContext(db, request, user)} view={view} />, { status });
  };
  /** What it refuses is said on the page of the alarm, with what was typed. */
  const act = async (
    request: Request,
    user: User,
    id: string,
    values: { note?: string; back?: string },
    verb: () => Promise<unknown>,
    notice: string,
  ) => {
    try {
      await verb();
      return seeOther(request, `${values.back === 'alarm' ? alarmPath(id) : paths.alarms}?notice=${notice}`);
    } catch (thrown) {
      if (!(thrown instanceof Refusal) || thrown.type === 'not_found') throw thrown;
      const field = thrown.type === 'validation' ? 'note' : '';
      return one(request, user, id, { values: { note: values.note ?? '' }, errors: { [field]: thrown.detail } }, thrown.status);
    }
  };

  return (
    new Elysia({ prefix: paths.alarms, detail: { hide: true } })
      .use(guard)
      .get('', ({ request, user, query }) => page(<AlarmsPage page={pageContext(db, request, user)} view={list(user, query)} />), {
        operator: true,
      })
      .get('/now', () => page(markup(<AlarmsNow view={now()} />)), { operator: true })
      .get('/:id', ({ request, user, params }) => one(request, user, params.id, NO_FORM), { operator: true })
      // A refused form is shown at its own address, which is then reloaded.
      .get('/:id/:verb', ({ request, params }) => seeOther(request, alarmPath(params.id)), { operator: true })
      .post(
        '/:id/acknowledge',
        ({ request, user, params: { id }, body }) => {
          const asked = { id, userId: user.id, note: body?.note ?? '' };
          return act(request, user, id, body ?? {}, () => door.write((tx) => acknowledgeAlarm(tx, asked)), 'alarm-acknowledged');
        },
        { operator: true, body: NoteForm },
      )
      .post(
        '/:id/unacknowledge',
        ({ request, user, params: { id }, body }) =>
          act(
            request,
            user,
            id,
            body ?? {},
            () => door.write((tx) => unacknowledgeAlarm(tx, { id, userId: user.id })),
            'alarm-unacknowledged',
          ),
        { operator: true, body: NoteForm },
      )
  );
}
