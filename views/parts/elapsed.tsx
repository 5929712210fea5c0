/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';

/** Seconds since a moment, counted on by static/live.js; null waits for the moment a request is sent (`htmx:before:request`). */
export function Elapsed({ sinceMs, nowMs }: { sinceMs: number | null; nowMs: number }): JSX.Element {
  return (
    <span class="mono" data-elapsed data-elapsed-since-ms={sinceMs ?? undefined} aria-live="off" safe>
      {`${sinceMs === null ? 0 : Math.max(0, Math.floor((nowMs - sinceMs) / 1000))} s`}
    </span>
  );
}
