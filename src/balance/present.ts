import type { Database } from 'bun:sqlite';
import type { BalancePageView, MovementView } from '../../views/balance/model.ts';
import type { BalanceView, FormView } from '../../views/model.ts';
import { balanceOf, LEDGER_KINDS, type LedgerTerms } from '../ledger/ledger.ts';
import { ledgerWithBalances, type RunningLine } from '../ledger/running.ts';
import { Refusal } from '../lib/errors.ts';
import { type Period, readDays } from '../lib/period.ts';
import { mailPreferences } from '../mail/preferences.ts';
import { codeEndsOf } from '../vouchers/batches.ts';
import { voucherOfReference } from '../vouchers/vouchers.ts';

const MOVEMENTS_PER_PAGE = 50;

/** A customer's balance, and whether it is below the mark: their own, or the operator's where they set none. Whether they want a mail of it is another thing. */
export function balanceView(db: Database, userId: string, currency: string): BalanceView {
  const balance = balanceOf(db, userId, currency);
  const { lowBalanceMinor } = mailPreferences(db, userId);
  return { ...balance, lowBelowMinor: balance.availableMinor < lowBalanceMinor ? lowBalanceMinor : null };
}

/** The balance page as its address asks for it: filter and cursor of `query`. */
export function balancePageView(
  db: Database,
  terms: Pick<LedgerTerms, 'currency'>,
  userId: string,
  query: Record<string, string | undefined>,
  forms: { redeem: FormView; low: FormView },
): Omit<BalancePageView, 'pay'> {
  const kind = LEDGER_KINDS.find((one) => one === query['kind']) ?? null;
  const [from, to] = [(query['from'] ?? '').slice(0, 40), (query['to'] ?? '').slice(0, 40)];
  const cursor = (query['cursor'] ?? '').slice(0, 64) || null;
  const { period, problem } = readFilter(from, to);
  const lines = ledgerWithBalances(db, userId, { limit: MOVEMENTS_PER_PAGE + 1, cursor, kind, ...period });
  const rows = lines.slice(0, MOVEMENTS_PER_PAGE);
  return {
    balance: balanceView(db, userId, terms.currency),
    movements: movementsOf(db, rows),
    filter: { kind, from, to, problem },
    cursor,
    nextCursor: lines.length > MOVEMENTS_PER_PAGE ? (rows.at(-1)?.id ?? null) : null,
    ...forms,
    lowMinor: mailPreferences(db, userId).lowBalanceMinor,
  };
}

/** Days as they were typed; with a problem of them nothing is left out. */
export function readFilter(from: string, to: string): { period: Partial<Period>; problem: string | null } {
  try {
    return { period: readDays({ from, to }), problem: null };
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    return { period: {}, problem: thrown.detail };
  }
}

function movementsOf(db: Database, lines: readonly RunningLine[]): MovementView[] {
  const vouchers = lines.map(({ reference }) => voucherOfReference(reference));
  const ends = codeEndsOf(
    db,
    vouchers.filter((id) => id !== null),
  );
  return lines.map((line, at) => {
    const voucherEnd = ends.get(vouchers[at] ?? '') ?? null;
    return { ...line, voucherEnd, reference: voucherEnd === null ? line.reference : null };
  });
}

/** How a top-up came, in words for its receipt. */
export function meansOf(db: Database, reference: string | null): string {
  const voucher = voucherOfReference(reference);
  const end = voucher === null ? undefined : codeEndsOf(db, [voucher]).get(voucher);
  if (end !== undefined) return `by the voucher ending in ${end}`;
  const provider = /^(stripe|btcpay):/.exec(reference ?? '')?.[1];
  if (provider !== undefined) return `by ${provider === 'stripe' ? 'Stripe' : 'BTCPay Server'}, ${reference?.slice(provider.length + 1)}`;
  return reference === null ? 'by the operator' : `by the operator, reference ${reference}`;
}
