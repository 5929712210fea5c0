/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { alarmWords } from '../../src/lib/alarm-kinds.ts';
import { agoInWords } from '../format.ts';
import type { AlarmView, ModemView } from '../model.ts';
import { attr, Foreign } from '../parts/text.tsx';

/** What is wrong with a modem: its alarms, and why it is not ready where none of them says so already. */
export function Trouble({ modem, nowMs }: { modem: Pick<ModemView, 'alarms' | 'detail'>; nowMs: number }): JSX.Element {
  const { alarms, detail } = modem;
  return (
    <>
      <Alarms alarms={alarms} nowMs={nowMs} />
      {detail === null || alarms.some(({ text }) => text === detail) ? null : (
        <p class="hint warn">
          <Foreign text={detail} />
        </p>
      )}
    </>
  );
}

/** Alarms of a modem, a SIM or the house, in plain words and with what to do. */
export function Alarms({ alarms, nowMs, label = 'Alarms' }: { alarms: readonly AlarmView[]; nowMs: number; label?: string }): JSX.Element {
  if (alarms.length === 0) return '';
  return (
    <ul class="alarms" aria-label={label}>
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
