import type { Database } from 'bun:sqlite';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { Guard } from '../accounts/guard.ts';
import { refuseReadOnly } from '../accounts/read-only.ts';
import type { User } from '../accounts/users.ts';
import type { Door } from '../db/write.ts';
import { documented } from '../http/documented.ts';
import { apiPage, pageQuery, pageShown, problems } from '../http/schema.ts';
import { ALARM_CODES, SEVERITIES } from '../lib/alarm-kinds.ts';
import { Refusal } from '../lib/errors.ts';
import { acknowledgeAlarm, NOTE_CHARACTERS_MAX, pastAlarms, requireAlarm, standingAlarms, unacknowledgeAlarm } from './alarms.ts';
import { alarmJson } from './json.ts';

const Severity = type.enumerated(...SEVERITIES).configure({ message: `severity must be one of ${SEVERITIES.join(', ')}` });
const Code = type.enumerated(...ALARM_CODES).configure({ message: `code must be one of ${ALARM_CODES.join(', ')}` });
const State = type.enumerated('open', 'over').configure({ message: 'state must be open or over' });

const AlarmType = type({
  id: 'string',
  code: 'string',
  severity: 'string',
  subject: 'string',
  title: 'string',
  text: 'string',
  todo: 'string',
  value: 'number | null',
  threshold: 'number | null',
  unit: 'string | null',
  since: 'string',
  raised_at: 'string',
  cleared_at: 'string | null',
  acknowledged_at: 'string | null',
  acknowledged_by: 'string | null',
  note: 'string',
  incident_id: 'string | null',
});
const AlarmBody = documented(
  AlarmType,
  {
    id: { example: 'alm_01kanq7x2g0s8w2m4p6t8v0x2z' },
    code: { description: 'What to branch on; docs/alarms.md lists them.', example: 'modem_down' },
    severity: { type: 'string', enum: [...SEVERITIES], example: 'warning' },
    subject: {
      description: 'What it is about: a slot, an ICCID, an offer, an endpoint; empty for the house itself.',
      example: '1-1.4:1.0',
    },
    title: { example: 'Modem is down' },
    text: { description: 'What was found, in plain words.', example: 'It is unplugged.' },
    todo: { description: 'What to do about it.', example: 'Look at power, cable and hub.' },
    value: { type: ['number', 'null'], description: 'The last figure, in `unit`.', example: 3 },
    threshold: { type: ['number', 'null'], description: 'What it is held against.', example: 2 },
    unit: { type: ['string', 'null'], example: 'minutes' },
    since: { format: 'date-time', description: 'Since when it is so.', example: '2026-11-22T14:01:22.000Z' },
    raised_at: { format: 'date-time', description: 'When that had lasted long enough.', example: '2026-11-22T14:03:22.000Z' },
    cleared_at: { type: ['string', 'null'], format: 'date-time', description: 'Null while it stands.', example: null },
    acknowledged_at: { type: ['string', 'null'], format: 'date-time', example: null },
    acknowledged_by: { type: ['string', 'null'], description: 'The e-mail address of the operator.', example: null },
    note: { example: '' },
    incident_id: { type: ['string', 'null'], description: 'The incident of the status page that it opened.', example: null },
  },
  'Alarm',
);
const AlarmListBody = documented(type({ data: AlarmType.array(), next_cursor: 'string | null' }), {
  data: { type: 'array', items: AlarmBody },
  next_cursor: { type: ['string', 'null'], description: 'Null on the last page. Open ones come on one page.' },
});
const AlarmQuery = documented(type({ 'state?': State, 'code?': Code, 'severity?': Severity, ...pageQuery }), {
  state: { description: '`open` (the default): what stands, the worst first. `over`: what is over, the newest first.' },
  code: { description: 'Only of this kind.' },
  severity: { description: 'Only as bad as this.' },
  ...pageShown,
});
const AlarmPath = documented(type({ id: 'string <= 64' }), { id: { description: 'The id of an alarm.' } });
const NoteBody = documented(
  type({ 'note?': 'string', '+': 'reject' }).or('undefined | null').configure({ message: 'the body may hold a note' }),
  { note: { type: 'string', maxLength: NOTE_CHARACTERS_MAX, description: 'For other operators.', example: 'New hub is ordered.' } },
);

/** `/api/v1/alarms`: of operators alone. */
export function alarmApi({ db, door, guard }: { db: Database; door: Door; guard: Guard }) {
  return new Elysia({ prefix: '/api/v1/alarms', tags: ['alarms'] })
    .use(guard)
    .get(
      '',
      ({ query, user }) => {
        requireOperator(user);
        const { state = 'open', code = null, severity = null } = query;
        if (state === 'over') return apiPage(query, ({ limit, cursor }) => pastAlarms(db, { code, severity, cursor, limit }), alarmJson);
        const standing = standingAlarms(db).filter(
          (alarm) => (code ?? alarm.code) === alarm.code && (severity ?? alarm.severity) === alarm.severity,
        );
        return { data: standing.map(alarmJson), next_cursor: null };
      },
      {
        scope: 'alarms:read',
        query: AlarmQuery,
        response: { 200: AlarmListBody, ...problems() },
        detail: { operationId: 'listAlarms', summary: 'Alarms that stand, or that are over (operators only)' },
      },
    )
    .get(
      '/:id',
      ({ params, user }) => {
        requireOperator(user);
        return alarmJson(requireAlarm(db, params.id));
      },
      {
        scope: 'alarms:read',
        params: AlarmPath,
        response: { 200: AlarmBody, ...problems(404) },
        detail: { operationId: 'getAlarm', summary: 'One alarm (operators only)' },
      },
    )
    .post(
      '/:id/acknowledge',
      async ({ params, body, user }) => {
        requireOperator(user);
        refuseReadOnly(db, user.id);
        const asked = { id: params.id, userId: user.id, note: body?.note ?? '' };
        return alarmJson(await door.write((tx) => acknowledgeAlarm(tx, asked)));
      },
      {
        scope: 'alarms:write',
        params: AlarmPath,
        body: NoteBody,
        response: { 200: AlarmBody, ...problems(404, 409) },
        detail: {
          operationId: 'acknowledgeAlarm',
          summary: 'Say that you see to it: it is not told again (operators only)',
          description: 'It stays in the list until it is over. `already_exists` when somebody did already, `too_late` when it is over.',
        },
      },
    )
    .delete(
      '/:id/acknowledge',
      async ({ params, user }) => {
        requireOperator(user);
        refuseReadOnly(db, user.id);
        return alarmJson(await door.write((tx) => unacknowledgeAlarm(tx, { id: params.id, userId: user.id })));
      },
      {
        scope: 'alarms:write',
        params: AlarmPath,
        response: { 200: AlarmBody, ...problems(404, 409) },
        detail: { operationId: 'unacknowledgeAlarm', summary: 'Take an acknowledgement back (operators only)' },
      },
    );
}

function requireOperator({ role }: User): void {
  if (role !== 'operator') throw new Refusal('forbidden', 'Alarms are for the operator of this box; the key belongs to a customer.');
}
