/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';

/** The style sheet of the pages about rentals. */
export function RentalStyle(): JSX.Element {
  return <link rel="stylesheet" href="/static/rentals.css" />;
}
