/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { FormView } from '../../views/model.ts';
import { paths } from '../../views/paths.ts';
import { ExportList, ExportsPage } from '../../views/settings/exports.tsx';
import type { ExportsView } from '../../views/settings/exports-model.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import { Refusal } from '../lib/errors.ts';
import { readDays } from '../lib/period.ts';
import { cancelExport, createExport, listExports, withdrawExport } from './exports.ts';
import { EXPORT_FORMATS, EXPORT_KINDS } from './kinds.ts';
import { linksOf } from './link.ts';
import type { ExportRouteDeps } from './routes.tsx';

const SHOWN_MAX = 50;
const NO_FORM: FormView = { values: {}, errors: {} };

const ExportForm = type({
  'kind?': 'string <= 20',
  'format?': 'string <= 20',
  'bom?': 'string <= 10',
  'from?': 'string <= 40',
  'to?': 'string <= 40',
});

/** The customer's page of exports: form, list, progress. */
export function exportPageRoutes({ db, door, clock, random, guard, room }: ExportRouteDeps) {
  const view = (userId: string, form: FormView): ExportsView => ({
    nowMs: clock.nowMs(),
    form,
    keepHours: room.limits.keepHours,
    exports: listExports(db, userId, { limit: SHOWN_MAX, cursor: null }).map((found) => ({
      ...{ id: found.id, kind: found.kind, format: found.format, status: found.status, detail: found.detail },
      ...{ fromMs: found.fromMs, toMs: found.toMs, createdAtMs: found.createdAtMs, expiresAtMs: found.expiresAtMs },
      ...{ rows: found.rows, octets: found.octets, progress: room.maker.progress(found.id), links: linksOf(found, room) },
    })),
  });
  const ask = async (userId: string, values: Record<string, string | undefined>): Promise<void> => {
    const kind = EXPORT_KINDS.find((one) => one === values['kind']);
    const format = EXPORT_FORMATS.find((one) => one === values['format']);
    if (!kind || !format) throw refusal(kind ? 'format' : 'kind', 'Choose one of these.');
    const period = readDays({ from: values['from'], to: values['to'] });
    await door.write((tx) => createExport(tx, { userId, kind, format, bom: values['bom'] !== undefined, ...period }, room.limits, random));
    room.maker.look();
  };

  return new Elysia({ name: 'export-pages', detail: { hide: true } })
    .use(guard)
    .get(paths.exports, ({ request, user }) => page(<ExportsPage page={pageContext(db, request, user)} view={view(user.id, NO_FORM)} />), {
      customer: true,
    })
    .get(`${paths.exports}/list`, ({ user }) => page(<ExportList view={view(user.id, NO_FORM)} />), { customer: true })
    .post(
      paths.exports,
      async ({ request, user, body }) => {
        try {
          await ask(user.id, body);
          return seeOther(request, `${paths.exports}?notice=export-queued`);
        } catch (thrown) {
          if (!(thrown instanceof Refusal)) throw thrown;
          const form = formOf(body, thrown);
          return page(<ExportsPage page={pageContext(db, request, user)} view={view(user.id, form)} />, { status: thrown.status });
        }
      },
      { customer: true, body: ExportForm },
    )
    .post(
      `${paths.exports}/:id/revoke`,
      async ({ request, user, params }) => {
        const found = await door.write((tx) => withdrawExport(tx, params.id, user.id));
        room.withdrawn(found);
        return seeOther(request, `${paths.exports}?notice=export-${found.status === 'canceled' ? 'canceled' : 'revoked'}`);
      },
      { customer: true },
    )
    .post(
      `${paths.exports}/:id/cancel`,
      async ({ request, user, params }) => {
        room.withdrawn(await door.write((tx) => cancelExport(tx, params.id, user.id)));
        return seeOther(request, `${paths.exports}?notice=export-canceled`);
      },
      { customer: true },
    );
}

function refusal(field: string, message: string): Refusal {
  return new Refusal('validation', message, { errors: [{ field, message }] });
}

/** What was typed and what is wrong with it, where it is wrong. */
function formOf(values: Record<string, string | undefined>, { detail, extra }: Refusal): FormView {
  const errors = Array.isArray(extra['errors']) ? (extra['errors'] as { field: string; message: string }[]) : [];
  const typed = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    values: Object.fromEntries(typed),
    errors: errors.length > 0 ? Object.fromEntries(errors.map(({ field, message }) => [field, message])) : { '': detail },
  };
}
