/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { ModemView } from '../model.ts';

/** Lower bounds of one to five bars, in dBm of received signal strength (TS 27.007 8.5 reports -113 to -51). */
const BARS_FROM_DBM = [-110, -100, -90, -80, -70];

/** How many of five bars a signal deserves. */
export function barsOf(signalDbm: number): number {
  return BARS_FROM_DBM.filter((fromDbm) => signalDbm >= fromDbm).length;
}

/** Signal strength as bars and as a figure; says so when it is unknown. */
export function Signal({ signalDbm }: { signalDbm: ModemView['signalDbm'] }): JSX.Element {
  if (signalDbm === null) return <span class="muted">unknown</span>;
  const bars = barsOf(signalDbm);
  return (
    <span class="signal">
      <svg viewBox="0 0 20 14" width="20" height="14" role="img" aria-label={`${bars} of 5 bars`}>
        {BARS_FROM_DBM.map((_, index) => (
          <rect class={index < bars ? 'bar on' : 'bar'} x={index * 4} y={10 - index * 2.5} width="3" height={4 + index * 2.5} rx="0.8" />
        ))}
      </svg>{' '}
      <span class="mono">{Math.round(signalDbm)} dBm</span>
    </span>
  );
}
