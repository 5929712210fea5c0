/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';

/** The style sheet of balance, receipts and vouchers, for a document's head. */
export function BalanceStyle(): JSX.Element {
  return <link rel="stylesheet" href="/static/balance.css" />;
}
