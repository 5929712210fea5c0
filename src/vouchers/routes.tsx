/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { VoucherBatchPage, VoucherSheetPage, VouchersPage } from '../../views/admin/vouchers.tsx';
import type { FormView } from '../../views/model.ts';
import { paths, voucherBatchPath } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import { newSecret } from '../accounts/secrets.ts';
import type { User } from '../accounts/users.ts';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { LedgerTerms } from '../ledger/ledger.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { parseMajor } from '../lib/money.ts';
import { listBatches, requireBatch, vouchersOf } from './batches.ts';
import { printedCode } from './codes.ts';
import { endOfDay } from './expiry.ts';
import { createBatch, revokeVouchers } from './vouchers.ts';

const BatchForm = type({
  'count?': 'string <= 20',
  'amount?': 'string <= 40',
  'expires?': 'string <= 40',
  'note?': 'string <= 1000',
  'form_key?': 'string <= 100',
});
const RevokeForm = type({ 'voucher?': 'string <= 64' }).or('undefined | null');
const SHOWN_MAX = 50;
const NO_FORM: FormView = { values: {}, errors: {} };

/** `/admin/vouchers`: the operator makes batches, sees them once as a sheet to print, and revokes what is not redeemed. */
export function voucherRoutes(deps: {
  db: Database;
  door: Door;
  clock: Clock;
  log: Log;
  guard: Guard;
  terms: LedgerTerms;
  publicUrl: string;
}) {
  const { db, door, clock, log, guard, terms } = deps;
  const list = (request: Request, user: User, form: FormView, cursor: string | null, status = 200) => {
    const rows = listBatches(db, clock.nowMs(), { limit: SHOWN_MAX + 1, cursor });
    const batches = rows.slice(0, SHOWN_MAX);
    const view = {
      ...{ nowMs: clock.nowMs(), batches, form, currency: terms.currency, formKey: newSecret('form-', terms.random) },
      nextCursor: rows.length > SHOWN_MAX ? (batches.at(-1)?.id ?? null) : null,
    };
    return page(<VouchersPage page={pageContext(db, request, user)} view={view} />, { status });
  };
  return new Elysia({ prefix: paths.vouchers, detail: { hide: true } })
    .use(guard)
    .get('', ({ request, user, query }) => list(request, user, NO_FORM, (query['cursor'] ?? '').slice(0, 64) || null), { operator: true })
    .post(
      '',
      async ({ request, user, body }) => {
        const read = readBatch(body, terms.currency);
        if (!read.ok) return list(request, user, { values: read.values, errors: read.errors }, null, 422);
        const formKey = body.form_key || null;
        try {
          const { id, codes } = await door.write((tx) => createBatch(tx, terms, { ...read.batch, createdBy: user.id, formKey }));
          log.info('voucher_batch_created', { batch: id, count: codes.length });
          const view = {
            ...{ batch: requireBatch(db, clock.nowMs(), id), codes: codes.map(printedCode), currency: terms.currency },
            redeemAt: `${deps.publicUrl}${paths.balance}`,
          };
          return page(<VoucherSheetPage page={pageContext(db, request, user)} view={view} />);
        } catch (thrown) {
          if (!(thrown instanceof Refusal)) throw thrown;
          const wrong = (thrown.extra['errors'] as { field: string; message: string }[] | undefined) ?? [
            { field: '', message: thrown.detail },
          ];
          const errors = Object.fromEntries(wrong.map(({ field, message }) => [field, message]));
          return list(request, user, { values: read.values, errors }, null, thrown.status);
        }
      },
      { operator: true, body: BatchForm },
    )
    .get(
      '/:id',
      ({ request, user, params: { id } }) => {
        const nowMs = clock.nowMs();
        const view = { nowMs, batch: requireBatch(db, nowMs, id), vouchers: vouchersOf(db, nowMs, id), currency: terms.currency };
        return page(<VoucherBatchPage page={pageContext(db, request, user)} view={view} />);
      },
      { operator: true },
    )
    .get('/:id/revoke', ({ request, params }) => seeOther(request, voucherBatchPath(params.id)), { operator: true })
    .post(
      '/:id/revoke',
      async ({ request, user, params: { id }, body }) => {
        const revoked = await door.write((tx) => revokeVouchers(tx, user.id, id, body?.voucher || null));
        log.info('vouchers_revoked', { batch: id, revoked });
        return seeOther(request, `${voucherBatchPath(id)}?notice=${revoked > 0 ? 'vouchers-revoked' : 'vouchers-none-open'}`);
      },
      { operator: true, body: RevokeForm },
    );
}

type ReadBatch =
  | { ok: true; values: Record<string, string>; batch: { count: number; amountMinor: number; expiresAtMs: number | null; note: string } }
  | { ok: false; values: Record<string, string>; errors: Record<string, string> };

/** What the operator typed, or what is wrong with each field of it. The verb checks the bounds. */
function readBatch(body: typeof BatchForm.infer, currency: string): ReadBatch {
  const { count = '', amount = '', expires = '', note = '' } = body;
  const values = { count, amount, expires, note };
  const errors: Record<string, string> = {};
  if (!/^\d{1,6}$/.test(count.trim())) errors['count'] = 'Write how many vouchers you want, such as 20.';
  const amountMinor = parseMajor(amount.trim(), currency);
  if (amountMinor === null) errors['amount'] = `Write what each is worth in ${currency}, such as 10.`;
  const expiresAtMs = expires === '' ? null : endOfDay(expires);
  if (expires !== '' && expiresAtMs === null) errors['expires'] = 'Write the last day as 2027-01-31, or leave it empty.';
  if (amountMinor === null || Object.keys(errors).length > 0) return { ok: false, values, errors };
  return { ok: true, values, batch: { count: Number(count), amountMinor, expiresAtMs, note } };
}
