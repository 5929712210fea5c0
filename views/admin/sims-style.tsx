/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';

export function SimsStyle(): JSX.Element {
  return <link rel="stylesheet" href="/static/sims.css" />;
}
