/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { alarmWords } from '../../src/lib/alarm-kinds.ts';
import { numberGrouped } from '../format.ts';
import { modemCardId } from '../ids.ts';
import type { ModemView } from '../model.ts';
import { attr, Foreign } from '../parts/text.tsx';
import { slotPath } from '../paths.ts';
import { Signal } from './signal.tsx';
import { needsAttention, STATES } from './states.ts';

/** One modem in two lines, for banks of many; the whole tile leads to its slot. */
export function ModemTile({ modem }: { modem: ModemView }): JSX.Element {
  const state = STATES[modem.state];
  const [alarm] = modem.alarms;
  return (
    <article
      id={attr(modemCardId(modem.slot))}
      class="panel tile"
      data-state={modem.state}
      data-attention={needsAttention(modem) ? 'yes' : undefined}
    >
      <a href={attr(slotPath(modem.slot))} class="tile-link mono">
        {modem.number === null ? <Foreign text={modem.slot} /> : <span safe>{numberGrouped(modem.number)}</span>}
      </a>
      <span class="badge" data-level={alarm && state.level === 'good' ? 'busy' : state.level} safe>
        {alarm && state.level === 'good' ? alarmWords(alarm).title : state.word}
      </span>
      <span class="tile-figures">
        <Signal signalDbm={modem.signalDbm} />
        {modem.storage === null ? null : (
          <span class="mono" title={attr(`Storage ${modem.storage.name}`)} safe>
            {`${modem.storage.used}/${modem.storage.total}`}
          </span>
        )}
      </span>
    </article>
  );
}
