import { describe, expect, test } from 'bun:test';
import { systemClock } from '../../src/lib/clock.ts';
import { DialogueRecorder } from '../../src/modem/recorder.ts';
import { virtualIdentity } from '../../src/modem/virtual/numbers.ts';
import { inFastTime } from '../fuzz/fast-time.ts';
import { BenchLine, HELLO, HELLO_LENGTH, Recorder, startSession, until } from './bench.ts';

const ICCID = virtualIdentity(0).iccid;

async function ready(changes: Parameters<typeof startSession>[2] = {}) {
  const line = new BenchLine();
  const recorder = new Recorder();
  const session = startSession(line, recorder, changes);
  await until('ready', () => recorder.isReady());
  return { line, recorder, session };
}

describe('restarting the modem', () => {
  test('ends the SIM’s time first, then sends the family’s command, then sets everything up anew', async () => {
    const { line, recorder, session } = await ready();
    const before = line.commands.length;
    expect(await session.operations.reset()).toMatchObject({ ok: true });
    await until('reset sent', () => line.commands.includes('AT+CFUN=1,1'));
    expect(recorder.events.at(-1)).toMatch(new RegExp(`^lost ${ICCID}: the modem is being restarted`));
    expect(line.commands.slice(before).filter((command) => command.startsWith('AT+CMGD'))).toEqual([]);
    expect(recorder.snapshot?.resets).toBe(1);
    expect(recorder.history.map(({ kind }) => kind)).toContain('reset');
    await session.stop('done');
  });

  test('is refused with the reason when the budget has none left', async () => {
    const { line, session } = await ready({ mayReset: () => ({ ok: false, detail: 'it was restarted 2 minutes ago' }) });
    expect(await session.operations.reset()).toEqual({ ok: false, detail: 'Not restarted: it was restarted 2 minutes ago.' });
    expect(line.commands).not.toContain('AT+CFUN=1,1');
    await session.stop('done');
  });

  test('comes before the set-up when the slot asks for it', async () => {
    const line = new BenchLine();
    const recorder = new Recorder();
    const session = startSession(line, recorder, { resetFirst: 'it stopped answering 3 times in a row' });
    await until('reset sent', () => line.commands.includes('AT+CFUN=1,1'));
    expect(line.commands.filter((command) => /^AT./.test(command))).toEqual(['AT+CFUN=1,1']);
    await session.stop('done');
  });
});

describe('the radio', () => {
  test('is switched off and on', async () => {
    const { line, recorder, session } = await ready();
    // It is given seconds between off and on.
    await inFastTime(10, async () => expect(await session.operations.toggleRadio()).toMatchObject({ ok: true }));
    expect(line.commands.filter((command) => command.startsWith('AT+CFUN='))).toEqual(['AT+CFUN=4', 'AT+CFUN=1']);
    expect(recorder.history.at(-1)).toMatchObject({ kind: 'repaired', iccid: ICCID });
    await session.stop('done');
  });

  test('that does not come back is told', async () => {
    const { line, session } = await ready();
    line.override = (command) => (command === 'AT+CFUN=1' ? '\r\n+CME ERROR: 3\r\n' : null);
    // It is given seconds between off and on.
    await inFastTime(10, async () =>
      expect(await session.operations.toggleRadio()).toMatchObject({ ok: false, detail: expect.stringContaining('+CME ERROR: 3') }),
    );
    await session.stop('done');
  });
});

describe('the console', () => {
  test('sends what is harmless and gives the answer', async () => {
    const { session } = await ready();
    expect(await session.operations.command('AT+CSQ')).toMatchObject({ ok: true, lines: [expect.stringMatching(/^\+CSQ: /)], final: 'OK' });
    expect(await session.operations.command('ATI')).toMatchObject({ ok: true, lines: ['SMSPin', 'Virtual Modem', 'Revision: 1'] });
    expect(await session.operations.command('AT+NOSUCH?')).toMatchObject({ ok: true, lines: [], final: expect.stringMatching(/ERROR/) });
    await session.stop('done');
  });

  test('sends nothing else', async () => {
    const { line, session } = await ready();
    const before = line.commands.length;
    expect(await session.operations.command('AT+CMGD=1,4')).toMatchObject({ ok: false });
    expect(line.commands.length).toBe(before);
    await session.stop('done');
  });
});

describe('announcements', () => {
  test('a message that a listing shows before its announcement is read counts as live', async () => {
    const { line, recorder, session } = await ready();
    // The announcement comes while the listing that already holds the message is under way.
    line.override = (command) => {
      if (command !== 'AT+CMGL=4' || line.emulator.settings.storages[0] !== 'SM') return null;
      line.override = () => null;
      const { announcement } = line.emulator.deliver(HELLO, HELLO_LENGTH);
      return `${announcement}\r\n+CMGL: 1,0,,${HELLO_LENGTH}\r\n${HELLO}\r\n\r\nOK\r\n`;
    };
    expect(await session.readNow()).toBe(true);
    await until('deleted', () => line.held === 0);
    expect(recorder.parts.map(({ how }) => how)).not.toContain('sweep');
    await session.stop('done');
  });

  test('that never come are noticed at the second sweep, repaired once, and the alarm ends with the first that comes', async () => {
    const { line, recorder, session } = await ready({ sweepSeconds: 0.3 });
    const put = () => line.emulator.storages.SM.add({ pdu: HELLO, length: HELLO_LENGTH, stat: 0 });
    put();
    await until('swept', () => line.held === 0);
    put();
    await until('alarm', () => recorder.snapshot?.alarms.some(({ code }) => code === 'silent_announcements') === true);
    await until('tried', () => recorder.history.some(({ kind }) => kind === 'repaired'));
    put();
    await until('swept again', () => line.held === 0);
    expect(recorder.history.filter(({ kind }) => kind === 'repaired').length).toBe(1);
    line.deliver();
    await until('heard', () => recorder.snapshot?.alarms.length === 0);
    expect(recorder.history.at(-1)).toMatchObject({ kind: 'alarm_cleared' });
    await session.stop('done');
  });
});

test('the dialogue is recorded, without the PIN', async () => {
  const dialogue = new DialogueRecorder(systemClock);
  const line = new BenchLine();
  let open = false;
  line.override = (command) => {
    if (command === 'AT+CPIN?') return open ? null : '\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n';
    if (command !== 'AT+CPIN="4711"') return null;
    open = true;
    return '\r\nOK\r\n';
  };
  const recorder = new Recorder();
  const session = startSession(line, recorder, { recorder: dialogue });
  await until('locked', () => recorder.snapshot?.state === 'pin_required');
  expect(recorder.snapshot?.alarms.map(({ code }) => code)).toEqual(['pin']);
  expect(await session.operations.enterPin({ pin: '12' })).toMatchObject({ ok: false });
  expect(await session.operations.enterPin({ pin: '4711' })).toMatchObject({ ok: true });
  await until('ready', () => recorder.isReady());
  expect(recorder.snapshot?.alarms).toEqual([]);
  const said = dialogue.lines().map(({ direction, text }) => `${direction} ${text}`);
  expect(said).toContain('> AT+CPIN?');
  expect(said).toContain('< +CPIN: SIM PIN');
  expect(said.join('\n')).not.toContain('4711');
  expect(recorder.history.find(({ kind }) => kind === 'pin_sent')?.detail).not.toContain('4711');
  await session.stop('done');
});
