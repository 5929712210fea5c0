/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { LedgerLine } from '../../src/ledger/ledger.ts';
import { money, moneyChange } from '../format.ts';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { customerPath, deskOrderPath, paths, withQuery } from '../paths.ts';
import { Rows } from './parts.tsx';

export type DeskLedgerLine = LedgerLine & { userId?: string; email?: string; availableAfterMinor?: number; heldAfterMinor?: number };

interface LedgerRowsProps {
  lines: readonly DeskLedgerLine[];
  currency: string;
  nowMs: number;
  /** What the customer had after each; only where all of one customer's are shown. */
  withBalances?: boolean;
}

export const KIND_WORDS: Record<LedgerLine['kind'], string> = {
  top_up: 'top-up',
  debit: 'taken back',
  hold: 'hold',
  capture: 'capture',
  refund: 'refund',
  partial_refund: 'partial refund',
};

/** Movements of money, what each did to the customer's two accounts, and what it is about. */
export function LedgerRows({ lines, currency, nowMs, withBalances = false }: LedgerRowsProps): JSX.Element {
  const third = withBalances ? { amount: 'After it' } : 'Customer';
  const heads = ['When', 'Movement', third, { amount: 'Available' }, { amount: 'Held' }];
  return (
    <Rows label="Movements" heads={heads}>
      {lines.map((line) => (
        <tr data-transaction-id={attr(line.id)}>
          <th scope="row">
            <Time atMs={line.createdAtMs} nowMs={nowMs} />
          </th>
          <td data-head="Movement">
            <span class="tag" safe>
              {KIND_WORDS[line.kind]}
            </span>
            <About line={line} />
          </td>
          {withBalances ? (
            <td data-head="After it" class="mono amount" safe>
              {money(line.availableAfterMinor ?? 0, currency)}
            </td>
          ) : (
            <td data-head="Customer">
              <a href={attr(customerPath(line.userId ?? ''))}>
                <Foreign text={line.email ?? ''} />
              </a>
            </td>
          )}
          <td data-head="Available" class="mono amount" safe>
            {moneyChange(line.availableMinor, currency)}
          </td>
          <td data-head="Held" class="mono amount" safe>
            {moneyChange(line.heldMinor, currency)}
          </td>
        </tr>
      ))}
    </Rows>
  );
}

function About({ line }: { line: LedgerLine }): JSX.Element {
  if (line.orderId !== null) {
    return (
      <a class="mono" href={attr(deskOrderPath(line.orderId))} safe>
        {line.orderId}
      </a>
    );
  }
  if (line.rentalId !== null)
    return (
      <a class="mono" href={attr(withQuery(paths.deskLedger, { q: line.rentalId }))} safe>
        {line.rentalId}
      </a>
    );
  const said = line.reference ?? line.reason;
  return said === null ? '' : <Foreign text={said} />;
}
