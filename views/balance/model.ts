import type { LedgerKind } from '../../src/ledger/ledger.ts';
import type { BalanceView, FormView } from '../model.ts';
import type { PayView } from './pay-form.tsx';

/** What a movement was about, where it leads. */
export interface MovementView {
  id: string;
  kind: string;
  orderId: string | null;
  rentalId: string | null;
  /** The end of the code of the voucher it came by. */
  voucherEnd: string | null;
  /** As the operator wrote it; null when it is one of the house's own. */
  reference: string | null;
  availableMinor: number;
  heldMinor: number;
  availableAfterMinor: number;
  heldAfterMinor: number;
  createdAtMs: number;
}

export interface BalancePageView {
  balance: BalanceView;
  movements: MovementView[];
  /** As typed; `problem` says what of it is wrong, and then nothing is left out. */
  filter: { kind: LedgerKind | null; from: string; to: string; problem: string | null };
  cursor: string | null;
  nextCursor: string | null;
  redeem: FormView;
  /** What was typed as the mark and refused. */
  low: FormView;
  /** Below this the balance is low; 0: no mark. */
  lowMinor: number;
  pay: PayView;
}
