/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { money, moneyChange } from '../format.ts';
import { Day } from '../parts/field.tsx';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { orderPagePath, paths, receiptPath, rentalPath } from '../paths.ts';
import type { BalancePageView, MovementView } from './model.ts';

/** What a kind of movement is called; one the pages do not know yet goes by its own name. */
const KIND_WORDS: Record<string, string> = {
  top_up: 'Top-up',
  hold: 'Set aside',
  capture: 'Charged',
  refund: 'Returned',
  partial_refund: 'Returned in part',
  debit: 'Taken back',
};

/** The movements that the filter leaves, with the balance after each. */
export function Ledger({ view }: { view: BalancePageView }): JSX.Element {
  const { kind, from, to } = view.filter;
  const filtered = kind !== null || from !== '' || to !== '';
  return (
    <>
      <Filter filter={view.filter} />
      {view.movements.length === 0 ? (
        <p class="empty">
          {filtered || view.cursor !== null ? (
            <>
              No movement matches. <a href={paths.balance}>Show all</a>
            </>
          ) : (
            'Nothing has moved yet. Your first top-up appears here.'
          )}
        </p>
      ) : (
        <table class="ledger">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col" class="amount">
                Change
              </th>
              <th scope="col" class="amount">
                Balance after
              </th>
            </tr>
          </thead>
          <tbody>
            {view.movements.map((movement) => (
              <Movement movement={movement} currency={view.balance.currency} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Filter({ filter: { kind, from, to, problem } }: { filter: BalancePageView['filter'] }): JSX.Element {
  return (
    <form method="get" action={paths.balance} class="filter ledger-filter" aria-label="Find movements">
      <div class="field">
        <label for="kind">Kind</label>
        <select id="kind" name="kind">
          <option value="">All</option>
          {Object.entries(KIND_WORDS).map(([one, word]) => (
            <option value={one} selected={one === kind} safe>
              {word}
            </option>
          ))}
        </select>
      </div>
      <Day name="from" label="From" value={from} errorId={problem === null ? null : 'period-error'} />
      <Day name="to" label="To" value={to} errorId={problem === null ? null : 'period-error'} />
      <button type="submit" class="secondary">
        Show
      </button>
      {problem === null ? null : (
        <p id="period-error" class="field-error" role="alert" safe>
          {problem}
        </p>
      )}
    </form>
  );
}

function Movement({ movement, currency }: { movement: MovementView; currency: string }): JSX.Element {
  const { kind, orderId, availableMinor, heldMinor, availableAfterMinor, heldAfterMinor } = movement;
  return (
    <tr data-transaction-id={attr(movement.id)} data-kind={attr(kind)}>
      <td>
        <b safe>{KIND_WORDS[kind] ?? kind}</b> <About movement={movement} />{' '}
        {kind === 'top_up' ? <a href={attr(receiptPath(movement.id))}>Receipt</a> : null}{' '}
        {orderId === null ? null : <a href={attr(orderPagePath(orderId))}>Order</a>}
        {movement.rentalId === null ? null : <a href={attr(rentalPath(movement.rentalId))}>Rental</a>}
        <small class="when">
          <Time atMs={movement.createdAtMs} />
        </small>
      </td>
      <td class="amount mono">
        <span data-change-minor={availableMinor} safe>
          {moneyChange(availableMinor, currency)}
        </span>
        <small safe>{heldMinor === 0 ? '' : `held ${moneyChange(heldMinor, currency)}`}</small>
      </td>
      <td class="amount mono">
        <span data-after-minor={availableAfterMinor} safe>
          {money(availableAfterMinor, currency)}
        </span>
        <small safe>{heldAfterMinor === 0 ? '' : `held ${money(heldAfterMinor, currency)}`}</small>
      </td>
    </tr>
  );
}

function About({ movement }: { movement: MovementView }): JSX.Element {
  if (movement.voucherEnd !== null) {
    return (
      <span class="mono" safe>
        {`Voucher …${movement.voucherEnd}`}
      </span>
    );
  }
  return movement.reference === null ? '' : <Foreign text={movement.reference} />;
}
