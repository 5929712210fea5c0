/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { Receipt } from '../../src/balance/receipts.ts';
import { day, money } from '../format.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { Foreign } from '../parts/text.tsx';
import { paths } from '../paths.ts';
import { BalanceStyle } from './style.tsx';

export interface ReceiptView {
  receipt: Receipt;
  currency: string;
  /** How the money came, in words. */
  means: string;
}

/** `R-000042`. */
export const receiptNumber = (number: number): string => `R-${String(number).padStart(6, '0')}`;

/** The receipt of one top-up, made to be printed. */
export function ReceiptPage({ page, view }: { page: PageContext; view: ReceiptView }): JSX.Element {
  const { receipt, currency, means } = view;
  const number = receiptNumber(receipt.number);
  const missing = missingOf(receipt);
  return (
    <Layout page={page} title={`Receipt ${number}`} head={BalanceStyle}>
      <p class="crumbs">
        <a href={paths.balance}>Balance</a>
      </p>
      {missing.length === 0 ? null : (
        <p class="warning unprinted" role="note" safe>
          {`The operator of this box has not stated ${inWords(missing)} yet; ask for a full receipt if you need one.`}
        </p>
      )}
      <article class="panel receipt" data-receipt={receipt.number}>
        <header>
          <h1 safe>{`Receipt ${number}`}</h1>
          <time datetime={new Date(receipt.createdAtMs).toISOString()} safe>
            {day(receipt.createdAtMs)}
          </time>
        </header>
        <Parties receipt={receipt} />
        <table>
          <tbody>
            <tr>
              <th scope="row">
                Top-up of the balance
                <small>
                  <Foreign text={means} />
                </small>
              </th>
              <td class="amount mono" safe>
                {money(receipt.amountMinor, currency)}
              </td>
            </tr>
            <Tax receipt={receipt} currency={currency} />
            <tr class="total">
              <th scope="row">Total paid</th>
              <td class="amount mono" safe>
                {money(receipt.amountMinor, currency)}
              </td>
            </tr>
          </tbody>
        </table>
        <p class="muted">
          Transaction <span safe>{receipt.transactionId}</span>
        </p>
      </article>
      <p class="muted unprinted">Print this page, or save it as a PDF, by your browser.</p>
    </Layout>
  );
}

function Parties({ receipt: { operator, email } }: { receipt: Receipt }): JSX.Element {
  return (
    <dl class="parties">
      <div>
        <dt>From</dt>
        <dd>
          {operator.name === '' ? <em>Operator not named</em> : <Foreign text={operator.name} />}
          {operator.address.split('\n').map((line) => (
            <Line text={line} />
          ))}
          {operator.taxId === '' ? null : <Line text={`Tax number ${operator.taxId}`} />}
        </dd>
      </div>
      <div>
        <dt>To</dt>
        <dd>
          <Foreign text={email} />
        </dd>
      </div>
    </dl>
  );
}

function Line({ text }: { text: string }): JSX.Element {
  return (
    <span class="line">
      <Foreign text={text} />
    </span>
  );
}

function Tax({ receipt: { operator, taxMinor }, currency }: { receipt: Receipt; currency: string }): JSX.Element {
  return (
    <tr>
      <th scope="row" safe>
        {taxMinor === null ? 'Tax: none is stated' : `Tax included, ${operator.taxPercent} %`}
      </th>
      <td class="amount mono" safe>
        {taxMinor === null ? '' : money(taxMinor, currency)}
      </td>
    </tr>
  );
}

function inWords(words: readonly string[]): string {
  return [words.slice(0, -1).join(', '), words.at(-1) ?? ''].filter((part) => part !== '').join(' and ');
}

function missingOf({ operator }: Receipt): string[] {
  const wanted: [string, boolean][] = [
    ['a name', operator.name === ''],
    ['an address', operator.address === ''],
    ['a tax number', operator.taxId === ''],
    ['the tax', operator.taxPercent === null],
  ];
  return wanted.filter(([, isMissing]) => isMissing).map(([what]) => what);
}
