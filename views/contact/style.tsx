/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';

/** The style sheet of the pages on which people choose mails and write to each other. */
export function TalkStyle(): JSX.Element {
  return <link rel="stylesheet" href="/static/talk.css" />;
}
