import { type } from 'arktype';
import { Elysia } from 'elysia';
import { paths } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import type { Door } from '../db/write.ts';
import { documented } from '../http/documented.ts';
import { ownPath, seeOther } from '../http/page.ts';
import { problems } from '../http/schema.ts';
import { rfc3339 } from '../lib/clock.ts';
import { EXPECTED_CHARACTERS_MAX, type MessageReport, REPORT_REASONS, reportMessage, withdrawReport } from './reports.ts';

const Reason = type.enumerated(...REPORT_REASONS).configure({ message: `reason must be one of ${REPORT_REASONS.join(', ')}` });
const ReportBody = documented(type({ reason: Reason, 'expected?': `string <= ${EXPECTED_CHARACTERS_MAX}`, '+': 'reject' }), {
  reason: { description: 'What is wrong with the message.' },
  expected: { description: 'What the code or the service should be, if you know.' },
});
const ReportedBody = documented(
  type({ message_id: 'string', reason: Reason, expected: 'string | null', reported_at: 'string', undo_until: 'string' }),
  { undo_until: { format: 'date-time', description: 'Until then DELETE takes it back, unless the operator has seen it.' } },
);
const MessagePath = documented(type({ id: 'string <= 64' }), { id: { description: 'The id of a message of yours.' } });
const ReportForm = type({ reason: Reason, 'expected?': 'string <= 200', 'back?': 'string <= 200' });
const BackForm = type({ 'back?': 'string <= 200' }).or('undefined | null');

/** The customer's word on a message: `/api/v1/messages/:id/report`, and the forms of the dashboard and the history. */
export function reportRoutes({ door, guard }: { door: Door; guard: Guard }) {
  const { dashboard } = paths;
  return new Elysia()
    .use(guard)
    .post(
      '/api/v1/messages/:id/report',
      async ({ params, body, user, set }) => {
        const said = { userId: user.id, messageId: params.id, reason: body.reason, expected: body.expected ?? null };
        const report = await door.write((tx) => reportMessage(tx, said));
        set.status = 201;
        return reportJson(report);
      },
      {
        scope: 'orders:write',
        params: MessagePath,
        body: ReportBody,
        response: { 201: ReportedBody, ...problems(404, 409) },
        detail: {
          tags: ['messages'],
          operationId: 'reportMessage',
          summary: 'Say that the code of a message is wrong, or that it is not of your service',
          description: 'Once for each message. An operator looks at it; money is not touched by it.',
        },
      },
    )
    .delete(
      '/api/v1/messages/:id/report',
      async ({ params, user, set }) => {
        await door.write((tx) => withdrawReport(tx, { userId: user.id, messageId: params.id }));
        set.status = 204;
      },
      {
        scope: 'orders:write',
        params: MessagePath,
        response: { 204: documented(type('undefined')), ...problems(404, 409) },
        detail: { tags: ['messages'], operationId: 'withdrawMessageReport', summary: 'Take a report back, within five minutes' },
      },
    )
    .post(
      '/dashboard/messages/:id/report',
      async ({ params, body, user, request }) => {
        const said = { userId: user.id, messageId: params.id, reason: body.reason, expected: body.expected ?? null };
        await door.write((tx) => reportMessage(tx, said));
        return seeOther(request, `${ownPath(body.back, dashboard)}?notice=reported`);
      },
      { customer: true, params: MessagePath, body: ReportForm, detail: { hide: true } },
    )
    .post(
      '/dashboard/messages/:id/unreport',
      async ({ params, body, user, request }) => {
        await door.write((tx) => withdrawReport(tx, { userId: user.id, messageId: params.id }));
        return seeOther(request, `${ownPath(body?.back, dashboard)}?notice=unreported`);
      },
      { customer: true, params: MessagePath, body: BackForm, detail: { hide: true } },
    );
}

function reportJson({ messageId, reason, expected, reportedAtMs, undoUntilMs }: MessageReport) {
  return { message_id: messageId, reason, expected, reported_at: rfc3339(reportedAtMs), undo_until: rfc3339(undoUntilMs) };
}
