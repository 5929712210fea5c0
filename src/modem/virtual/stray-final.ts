import type { Emulator, Executed } from './emulator.ts';

/** How many of the answers have a final result too many, and how long after the answer it may come: mostly within the next one's time. */
const RATE = 0.1;
const LATEST_MS = 40;
/** Mostly what looks like a good end. */
const FINALS = ['OK', 'OK', 'OK', 'ERROR'] as const;

/** The fault `stray_final`: now and then a final result that belongs to nothing, before the answer or some time after it. */
export function withStrayFinal(modem: Emulator, executed: Executed): Executed {
  const { faults, random } = modem;
  if (!faults.isOn('stray_final') || random.next() >= faults.figure('stray_final', 'rate', RATE)) return executed;
  const stray = `\r\n${random.pick(FINALS)}\r\n`;
  if (random.next() < 0.5) return { ...executed, answer: stray + executed.answer };
  return { ...executed, later: [...executed.later, { afterMs: random.between(0, LATEST_MS), text: stray }] };
}
