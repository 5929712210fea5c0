import { afterEach, expect, setDefaultTimeout, test } from 'bun:test';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Claims } from '../../src/modem/claims.ts';
import { forgetfulMemory } from '../../src/modem/memory.ts';
import { Slot, type SlotDeps } from '../../src/modem/slot.ts';
import { ResetBudget } from '../../src/modem/watchdog.ts';
import { inFastTime } from '../fuzz/fast-time.ts';
import { BenchLine, QUICK, Recorder, until } from './bench.ts';

setDefaultTimeout(60_000);

/** A modem that says nothing is waited for, and rested from, for seconds. */
const FASTER = 10;

const slots: Slot[] = [];
afterEach(async () => {
  await Promise.all(slots.splice(0).map((slot) => slot.stop()));
});

/** A slot whose port opens onto a fresh line each time; `prepare` may spoil the line. */
function slotOn(prepare: (line: BenchLine, opened: number) => void = () => {}, changes: Partial<SlotDeps> = {}) {
  const lines: BenchLine[] = [];
  const recorder = new Recorder();
  const slot = new Slot('usb:1-1:02', '/dev/ttyUSB2', {
    open: async () => {
      const line = new BenchLine();
      lines.push(line);
      prepare(line, lines.length);
      return { ok: true, line };
    },
    listener: recorder,
    clock: systemClock,
    log: silentLog,
    hooks: {},
    sims: [],
    memory: forgetfulMemory(() => 0),
    claims: new Claims(),
    budget: { take: () => ({ ok: true }), giveBack: () => {} },
    usbPower: null,
    usbIdOf: () => '2c7c:0125',
    random: () => 0.5,
    sweepSeconds: 3600,
    ussd: false,
    ussdForms: new Map(),
    timing: QUICK,
    ...changes,
  });
  slots.push(slot);
  const kinds = () => recorder.history.map(({ kind }) => kind);
  return { slot, recorder, lines, kinds };
}

test('pausing closes the port and leaves it alone until it is resumed', async () => {
  const { slot, recorder, lines, kinds } = slotOn();
  await until('ready', () => recorder.isReady());
  await slot.pause();
  expect(lines.map(({ closed }) => closed)).toEqual([true]);
  expect(recorder.snapshot).toMatchObject({ state: 'paused', detail: 'paused by the operator', disconnects: 0 });
  expect(recorder.events.at(-1)).toMatch(/^lost .*: paused by the operator$/);
  slot.kick();
  await Bun.sleep(50);
  expect(lines.length).toBe(1);
  slot.resume();
  await until('ready again', () => recorder.isReady(2));
  expect(lines.length).toBe(2);
  expect(kinds()).toEqual(['opened', 'ready', 'lost', 'closed', 'paused', 'resumed', 'opened', 'ready']);
});

test('reconnecting opens the port at once and is no trouble', async () => {
  const { slot, recorder, lines } = slotOn();
  await until('ready', () => recorder.isReady());
  await slot.reconnect();
  await until('ready again', () => recorder.isReady(2));
  expect(lines.length).toBe(2);
  expect(recorder.snapshot).toMatchObject({ disconnects: 0, alarms: [] });
});

test('a modem that vanishes three times within ten minutes raises an alarm', async () => {
  const { recorder, lines } = slotOn();
  for (const times of [1, 2, 3]) {
    await until('ready', () => recorder.isReady(times));
    expect(recorder.snapshot?.alarms).toEqual([]);
    lines.at(-1)?.hangUp();
  }
  await until('alarm', () => recorder.snapshot?.alarms[0]?.code === 'unplugging');
  expect(recorder.snapshot).toMatchObject({ disconnects: 3 });
});

test('a modem that never answers is taken off the bus at the third time, where that is allowed and the budget permits it', () =>
  inFastTime(FASTER, async (clock) => {
    const done: string[] = [];
    const usbPower = {
      reauthorise: async (slot: string) => {
        done.push(`reauthorised ${slot}`);
        return { ok: true, detail: 'off the bus and on again' };
      },
      cycle: async () => ({ ok: false, detail: 'not here' }),
    };
    let asked = 0;
    const budget = {
      take: () => {
        asked++;
        return asked === 1 ? ({ ok: false, detail: 'its neighbour was restarted a moment ago' } as const) : ({ ok: true } as const);
      },
      giveBack: () => {},
    };
    const silent = (line: BenchLine): void => {
      line.silent = true;
    };
    const { recorder, kinds } = slotOn(silent, { usbPower, budget, clock });
    await until('reauthorised', () => done.length > 0, 15_000);
    expect(done).toEqual(['reauthorised usb:1-1:02']);
    expect(kinds().filter((kind) => kind === 'opened').length).toBe(4);
    expect(recorder.history.filter(({ kind }) => kind === 'fault').at(-1)?.detail).toContain('its neighbour was restarted');
    await until('told', () => recorder.snapshot?.resets === 1);
    expect(recorder.snapshot?.alarms.map(({ code }) => code)).toEqual(['unresponsive']);
  }));

test('a step on the USB that is refused is no restart: it costs nothing of the budget', () =>
  inFastTime(FASTER, async (clock) => {
    const budget = new ResetBudget(systemClock, () => false);
    const refusal = { ok: false, detail: '3-1 is a serial board' } as const;
    const refused: string[] = [];
    const usbPower = {
      reauthorise: async (slot: string) => {
        refused.push(slot);
        return refusal;
      },
      cycle: async () => refusal,
    };
    const { recorder } = slotOn(
      (line) => {
        line.silent = true;
      },
      { usbPower, budget, clock },
    );
    await until('refused twice', () => refused.length === 2, 30_000);
    await until(
      'told twice',
      () => recorder.history.filter(({ detail }) => detail === 'not restarted: 3-1 is a serial board').length === 2,
    );
    expect(recorder.snapshot?.resets).toBe(0);
    expect(recorder.history.some(({ kind }) => kind === 'reset')).toBe(false);
    expect(budget.take('usb:1-1:02')).toEqual({ ok: true });
  }));

test('a restart that the modem refuses, or that its port does not live to see, costs nothing of the budget', async () => {
  const budget = new ResetBudget(systemClock, () => false);
  const { slot, recorder, lines } = slotOn(
    (line) => {
      line.override = (command) => (command === 'AT+CFUN=1,1' ? '\r\nERROR\r\n' : null);
    },
    { budget },
  );
  await until('ready', () => recorder.isReady());
  expect(await slot.session?.operations.reset()).toMatchObject({ ok: true });
  await until('refused', () => recorder.history.some(({ detail }) => detail === 'not restarted: AT+CFUN=1,1 was answered ERROR'));
  await until('ready again', () => recorder.isReady(2));
  expect(recorder.snapshot?.resets).toBe(0);
  expect(await slot.session?.operations.reset()).toMatchObject({ ok: true });
  lines.at(-1)?.hangUp();
  await until('opened again', () => lines.length === 2 && recorder.isReady(3), 10_000);
  expect(budget.take('usb:1-1:02')).toEqual({ ok: true });
}, 30_000);

test('the profile known from before is used for the restart, and the alarm ends when the SIM is read again', () =>
  inFastTime(FASTER, async (clock) => {
    // Three openings end without an answer although the first probe was answered; the fourth begins with the restart.
    const { recorder, lines } = slotOn(
      (line, opened) => {
        if (opened > 3) return;
        let commands = 0;
        line.override = () => {
          commands++;
          if (commands > 3) line.silent = true;
          return null;
        };
      },
      { timing: { ...QUICK, probes: 1, probeMs: 1_000 }, clock },
    );
    await until('restarted', () => lines.at(3)?.commands.includes('AT+CFUN=1,1') === true, 40_000);
    await until('ready', () => recorder.isReady(), 10_000);
    await until('quiet', () => recorder.snapshot?.alarms.length === 0);
    expect(recorder.history.filter(({ kind }) => kind.startsWith('alarm')).map(({ kind }) => kind)).toEqual([
      'alarm_raised',
      'alarm_cleared',
    ]);
  }));
