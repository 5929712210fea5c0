/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { Batch, Voucher, VoucherState } from '../../src/vouchers/batches.ts';
import { BalanceStyle } from '../balance/style.tsx';
import { day, money } from '../format.ts';
import { Layout } from '../layout.tsx';
import type { FormView, PageContext } from '../model.ts';
import { Field, FieldError, FormError } from '../parts/field.tsx';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { paths, voucherBatchPath, withQuery } from '../paths.ts';

export interface VouchersView {
  nowMs: number;
  batches: Batch[];
  nextCursor: string | null;
  form: FormView;
  currency: string;
  formKey: string;
}

export interface VoucherBatchView {
  nowMs: number;
  batch: Batch;
  vouchers: Voucher[];
  currency: string;
}

export interface VoucherSheetView {
  batch: Batch;
  /** As they are printed. They stand on no other page. */
  codes: string[];
  currency: string;
  /** The page on which a customer redeems one. */
  redeemAt: string;
}

const STATES: Record<VoucherState, { word: string; level: string | undefined }> = {
  open: { word: 'open', level: 'busy' },
  redeemed: { word: 'redeemed', level: 'good' },
  expired: { word: 'expired', level: undefined },
  revoked: { word: 'revoked', level: undefined },
};

/** A form for a new batch, and all batches with what became of them. */
export function VouchersPage({ page, view }: { page: PageContext; view: VouchersView }): JSX.Element {
  return (
    <Layout page={page} title="Vouchers" head={BalanceStyle}>
      <h1>Vouchers</h1>
      <p class="lead">
        Codes that a customer types on their balance page, each once. You see them right after making them, as a sheet to print; later only
        their last characters are known.
      </p>
      <NewBatch view={view} />
      <h2>Batches</h2>
      {view.batches.length === 0 ? (
        <p class="empty">No vouchers were made yet. The first batch appears here.</p>
      ) : (
        <ul class="history">
          {view.batches.map((batch) => (
            <BatchRow batch={batch} currency={view.currency} />
          ))}
        </ul>
      )}
      {view.nextCursor === null ? null : (
        <p class="pager">
          <a class="button secondary" rel="next" href={attr(withQuery(paths.vouchers, { cursor: view.nextCursor }))}>
            Older
          </a>
        </p>
      )}
    </Layout>
  );
}

function NewBatch({ view: { form, currency, formKey } }: { view: VouchersView }): JSX.Element {
  const wrongDay = form.errors['expires'] !== undefined;
  return (
    <form method="post" action={paths.vouchers} class="panel voucher-form" aria-label="New batch">
      <FormError form={form} />
      <input type="hidden" name="form_key" value={formKey} />
      <div class="form-columns">
        <Field form={form} name="count" label="How many" hint="1 to 500" maxlength={6} autocomplete="off" />
        <Field form={form} name="amount" label={`Worth of each, ${currency}`} hint="Such as 10 or 2.50" maxlength={20} autocomplete="off" />
        <div class="field">
          <label for="expires">Last day</label>
          <input
            id="expires"
            name="expires"
            type="date"
            value={attr(form.values['expires'] ?? '')}
            aria-invalid={wrongDay ? 'true' : undefined}
            aria-describedby={wrongDay ? 'expires-hint expires-error' : 'expires-hint'}
          />
          <small id="expires-hint">UTC, included; empty: they do not expire</small>
          <FieldError form={form} name="expires" />
        </div>
        <Field form={form} name="note" label="Note" hint="For you alone" maxlength={200} required={false} autocomplete="off" />
      </div>
      <button type="submit">Make the vouchers</button>
    </form>
  );
}

function BatchRow({ batch, currency }: { batch: Batch; currency: string }): JSX.Element {
  return (
    <li class="panel" data-batch-id={attr(batch.id)}>
      <div class="history-line">
        <a href={attr(voucherBatchPath(batch.id))} safe>
          {worth(batch, currency)}
        </a>
        <Counts batch={batch} />
        <Foreign text={batch.note} />
        <Time atMs={batch.createdAtMs} />
      </div>
      <p class="muted">
        <LastDay batch={batch} />, made by {batch.createdBy === null ? 'a command' : <Foreign text={batch.createdBy} />}
      </p>
    </li>
  );
}

function Counts({ batch }: { batch: Batch }): JSX.Element {
  const states = (Object.keys(STATES) as VoucherState[]).filter((state) => batch.counts[state] > 0);
  return (
    <span class="voucher-counts">
      {states.map((state) => (
        <span class="badge" data-level={STATES[state].level} data-count={state} safe>
          {`${batch.counts[state]} ${STATES[state].word}`}
        </span>
      ))}
    </span>
  );
}

function LastDay({ batch: { expiresAtMs } }: { batch: Batch }): JSX.Element {
  return <span safe>{expiresAtMs === null ? 'Does not expire' : `Last day ${day(expiresAtMs - 1)}`}</span>;
}

/** The codes of a batch just made, as cards to print and cut. */
export function VoucherSheetPage({ page, view }: { page: PageContext; view: VoucherSheetView }): JSX.Element {
  const { batch, codes, currency, redeemAt } = view;
  const value = money(batch.amountMinor, currency);
  return (
    <Layout page={page} title="Voucher sheet" head={BalanceStyle}>
      <div class="unprinted">
        <h1>Print these now</h1>
        <p class="warning" role="status">
          {codes.length === 1 ? 'This code is' : <>These {codes.length} codes are</>} shown this once: after you leave this page nobody can
          read {codes.length === 1 ? 'it' : 'them'} again, only revoke {codes.length === 1 ? 'it' : 'them'}. Print the page (Ctrl+P), or
          save it as a PDF.
        </p>
        <p>
          <a href={attr(voucherBatchPath(batch.id))}>I have them: to the batch</a>
        </p>
      </div>
      <ul class="voucher-sheet" aria-label="Vouchers">
        {codes.map((code) => (
          <li class="voucher">
            <b safe>{value}</b>
            <span class="mono voucher-code" data-voucher-code safe>
              {code}
            </span>
            <small>
              Redeem at <span safe>{redeemAt}</span>
            </small>
            <small>
              <LastDay batch={batch} />. Works once.
            </small>
          </li>
        ))}
      </ul>
    </Layout>
  );
}

/** One batch: each voucher by the end of its code, and what can be revoked. */
export function VoucherBatchPage({ page, view }: { page: PageContext; view: VoucherBatchView }): JSX.Element {
  const { batch, vouchers, currency } = view;
  return (
    <Layout page={page} title="Voucher batch" head={BalanceStyle}>
      <p class="crumbs">
        <a href={paths.vouchers}>Vouchers</a>
      </p>
      <h1 safe>{worth(batch, currency)}</h1>
      <p>
        <Counts batch={batch} /> <Foreign text={batch.note} />
      </p>
      <p class="muted">
        Made <Time atMs={batch.createdAtMs} /> by {batch.createdBy === null ? 'a command' : <Foreign text={batch.createdBy} />}.{' '}
        <LastDay batch={batch} />.
      </p>
      {batch.counts.open === 0 ? null : <RevokeAll batch={batch} />}
      <table class="vouchers">
        <thead>
          <tr>
            <th scope="col">Code ends in</th>
            <th scope="col">State</th>
            <th scope="col">By and when</th>
            <th scope="col">
              <span class="sr-only">Revoke</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {vouchers.map((voucher) => (
            <VoucherRow batch={batch} voucher={voucher} />
          ))}
        </tbody>
      </table>
    </Layout>
  );
}

function RevokeAll({ batch }: { batch: Batch }): JSX.Element {
  return (
    <details class="revoke">
      <summary>Revoke what is unredeemed…</summary>
      <form method="post" action={attr(voucherBatchPath(batch.id, 'revoke'))}>
        <p>
          {batch.counts.open} {batch.counts.open === 1 ? 'voucher' : 'vouchers'} will be worth nothing any more. That cannot be undone; what
          was redeemed stays redeemed.
        </p>
        <button type="submit" class="small secondary">
          Revoke them
        </button>
      </form>
    </details>
  );
}

function VoucherRow({ batch, voucher }: { batch: Batch; voucher: Voucher }): JSX.Element {
  const { word, level } = STATES[voucher.state];
  return (
    <tr data-voucher-id={attr(voucher.id)} data-state={voucher.state}>
      <td class="mono" safe>{`…${voucher.codeEnd}`}</td>
      <td>
        <span class="badge" data-level={level} safe>
          {word}
        </span>
      </td>
      <td class="by">
        {voucher.redeemedBy === null ? null : <Foreign text={voucher.redeemedBy} />}{' '}
        {voucher.endedAtMs === null ? null : <Time atMs={voucher.endedAtMs} />}
      </td>
      <td>
        {voucher.state === 'open' ? (
          <form method="post" action={attr(voucherBatchPath(batch.id, 'revoke'))}>
            <input type="hidden" name="voucher" value={attr(voucher.id)} />
            <button type="submit" class="small quiet" aria-label={attr(`Revoke the voucher ending in ${voucher.codeEnd}`)}>
              Revoke
            </button>
          </form>
        ) : null}
      </td>
    </tr>
  );
}

function worth(batch: Batch, currency: string): string {
  const count = Object.values(batch.counts).reduce((sum, one) => sum + one, 0);
  return `${count} × ${money(batch.amountMinor, currency)}`;
}
