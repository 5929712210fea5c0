/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { timeLeft } from '../format.ts';
import type { OrderView } from '../model.ts';

/** Time left of a window, as figures and as a bar. static/live.js moves both every second, by the server's clock. */
export function Countdown({ order, nowMs }: { order: Pick<OrderView, 'createdAtMs' | 'expiresAtMs'>; nowMs: number }): JSX.Element {
  const windowMs = Math.max(1, order.expiresAtMs - order.createdAtMs);
  const leftMs = Math.min(windowMs, Math.max(0, order.expiresAtMs - nowMs));
  return (
    <div class="countdown" data-expires-at-ms={order.expiresAtMs} data-window-ms={windowMs}>
      <span class="mono" role="timer" aria-label="Time left" data-countdown-text safe>
        {timeLeft(leftMs)}
      </span>
      <progress max="1000" value={Math.round((leftMs / windowMs) * 1000)} aria-hidden="true"></progress>
    </div>
  );
}
