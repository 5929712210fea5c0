/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { attr } from '../parts/text.tsx';
import { slotPath } from '../paths.ts';
import type { FaultView } from './model.ts';

/** Switches for what can go wrong with a virtual modem; nothing for a real one. */
export function Faults({ slot, faults }: { slot: string; faults: readonly FaultView[] }): JSX.Element {
  if (faults.length === 0) return '';
  const on = faults.filter((fault) => fault.on).map(({ label }) => label);
  return (
    <section id="faults" class="panel simulation" aria-labelledby="faults-title">
      <h2 id="faults-title">Simulated faults</h2>
      <p class="muted">This modem is virtual: these switches make it, its SIM or its network misbehave. They do nothing to real modems.</p>
      <details open={on.length > 0}>
        <summary safe>{on.length === 0 ? `${faults.length} switches, all off` : `On: ${on.join(', ')}`}</summary>
        <ul class="faults">
          {faults.map((fault) => (
            <li>
              <form method="post" action={attr(slotPath(slot, 'fault'))}>
                <input type="hidden" name="name" value={attr(fault.name)} />
                <input type="hidden" name="on" value={fault.on ? 'no' : 'yes'} />
                <button
                  type="submit"
                  class="small secondary outline"
                  data-fault={attr(fault.name)}
                  aria-pressed={fault.momentary ? undefined : fault.on ? 'true' : 'false'}
                  aria-describedby={attr(`fault-${fault.name}`)}
                  safe
                >
                  {fault.label}
                </button>
              </form>
              <small id={attr(`fault-${fault.name}`)} safe>
                {fault.on ? `On. ${fault.hint}` : fault.hint}
              </small>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
