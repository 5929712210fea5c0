/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { agoInWords } from '../format.ts';
import type { AlarmView } from '../model.ts';
import { attr, Foreign } from '../parts/text.tsx';
import { alarmWords } from './states.ts';

/** The alarms of a modem, in plain words and with what to do. */
export function Alarms({ alarms, nowMs }: { alarms: readonly AlarmView[]; nowMs: number }): JSX.Element {
  if (alarms.length === 0) return '';
  return (
    <ul class="alarms" aria-label="Alarms">
      {alarms.map((alarm) => {
        const { title, todo } = alarmWords(alarm);
        return (
          <li data-alarm={attr(alarm.code)}>
            <b safe>{title}</b> <small safe>{agoInWords(alarm.sinceMs, nowMs)}</small>
            <p>
              <Foreign text={alarm.text} />
            </p>
            <p class="todo" safe>
              {todo}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
