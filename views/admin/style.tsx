/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';

/** The style sheet that only the operator's pages need. */
export function BankStyle(): JSX.Element {
  return <link rel="stylesheet" href="/static/bank.css" />;
}
