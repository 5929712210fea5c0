/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { ModemView } from '../model.ts';
import { Foreign } from '../parts/text.tsx';

/** From this share on the storage raises an alarm; the gauge has a mark there (bank.css). */
const FILLING = 0.8;

/** How full the storage is, as a gauge and as figures. */
export function Storage({ storage }: { storage: NonNullable<ModemView['storage']> }): JSX.Element {
  const { name, used, total } = storage;
  const places = Math.max(1, total);
  return (
    <>
      <span class="gauge">
        <meter min="0" max={places} high={places * FILLING} value={used} aria-hidden="true"></meter>
      </span>
      <small class="mono">
        <Foreign text={`${name} ${used}/${total}`} />
      </small>
    </>
  );
}
