import { describe, expect, test } from 'bun:test';
import { SilenceWatch } from '../../src/modem/inbox/silence.ts';
import { DialogueRecorder } from '../../src/modem/recorder.ts';
import { Timeouts } from '../../src/modem/timeouts.ts';
import { ResetBudget, type Step, Watchdog } from '../../src/modem/watchdog.ts';
import { TestClock } from '../support/house.ts';

const MINUTE_MS = 60_000;

describe('the ladder', () => {
  const mute = { answered: true, served: false, mute: true };
  const steps = (ends: Parameters<Watchdog['ended']>[0][], usbPower: boolean): Step[] => {
    const watchdog = new Watchdog();
    return ends.map((end) => watchdog.ended(end, usbPower));
  };

  test('opening again comes first, then the modem’s own reset, then the bus, then the power', () => {
    expect(steps(new Array(10).fill(mute), true)).toEqual([
      'reopen',
      'reopen',
      'reset',
      'reset',
      'reset',
      'reauthorise',
      'reauthorise',
      'reauthorise',
      'cycle_power',
      'cycle_power',
    ]);
  });

  test('without leave to touch the USB it stays with the reset', () => {
    expect(steps(new Array(10).fill(mute), false).slice(2)).toEqual(new Array(8).fill('reset'));
  });

  test('a modem that says nothing at all cannot be told to restart', () => {
    const silent = { answered: false, served: false, mute: true };
    expect(steps(new Array(4).fill(silent), false)).toEqual(['reopen', 'reopen', 'reopen', 'reopen']);
    expect(steps(new Array(4).fill(silent), true)).toEqual(['reopen', 'reopen', 'reauthorise', 'reauthorise']);
  });

  test('an unplugged modem is no trouble, and one that served in between starts anew', () => {
    const unplugged = { answered: true, served: true, mute: false };
    expect(steps([mute, mute, unplugged, mute, mute, mute], true)).toEqual(['reopen', 'reopen', 'reopen', 'reopen', 'reopen', 'reset']);
    const servedThenMute = { answered: true, served: true, mute: true };
    expect(steps([mute, mute, servedThenMute, mute, mute], true)).toEqual(['reopen', 'reopen', 'reopen', 'reopen', 'reset']);
  });
});

describe('the budget of restarts', () => {
  test('one modem once in ten minutes', () => {
    const clock = new TestClock();
    const budget = new ResetBudget(clock, () => false);
    expect(budget.take('a')).toEqual({ ok: true });
    clock.pass(9 * MINUTE_MS);
    expect(budget.take('a')).toMatchObject({ ok: false, detail: expect.stringContaining('9 minutes ago') });
    clock.pass(MINUTE_MS);
    expect(budget.take('a')).toEqual({ ok: true });
  });

  test('not two neighbours within a minute', () => {
    const clock = new TestClock();
    const budget = new ResetBudget(clock, (slot, other) => slot[0] === other[0]);
    expect(budget.take('a1')).toEqual({ ok: true });
    expect(budget.take('a2')).toMatchObject({ ok: false, detail: expect.stringContaining('a1') });
    expect(budget.take('b1')).toEqual({ ok: true });
    clock.pass(MINUTE_MS);
    expect(budget.take('a2')).toEqual({ ok: true });
  });

  test('three of the whole bank within a minute', () => {
    const clock = new TestClock();
    const budget = new ResetBudget(clock, () => false);
    const taken = ['a', 'b', 'c', 'd'].map((slot) => budget.take(slot).ok);
    expect(taken).toEqual([true, true, true, false]);
    clock.pass(MINUTE_MS);
    expect(budget.take('d')).toEqual({ ok: true });
  });
});

test('ten answers staying out within ten minutes are too many, and then the count begins anew', () => {
  const clock = new TestClock();
  const timeouts = new Timeouts(clock);
  const note = (times: number) => Array.from({ length: times }, () => timeouts.tooMany());
  expect(note(9)).toEqual(new Array(9).fill(false));
  clock.pass(11 * MINUTE_MS);
  expect(note(10)).toEqual([...new Array(9).fill(false), true]);
  expect(note(1)).toEqual([false]);
});

describe('announcements that stay out', () => {
  test('two sweeps in a row that find what nobody announced', () => {
    const watch = new SilenceWatch();
    expect(watch.swept(1, 0)).toBe('unknown');
    expect(watch.swept(0, 0)).toBe('unknown');
    expect(watch.swept(2, 0)).toBe('silent');
  });

  test('an announcement in between ends the silence', () => {
    const watch = new SilenceWatch();
    expect([watch.swept(1, 0), watch.swept(1, 1), watch.swept(1, 1), watch.swept(1, 1)]).toEqual(['unknown', 'heard', 'unknown', 'silent']);
  });
});

describe('the record of the dialogue', () => {
  test('keeps the last lines, oldest first, without secrets', () => {
    const recorder = new DialogueRecorder(new TestClock());
    for (let n = 0; n < 500; n++) recorder.add('<', `line ${n}\r`);
    recorder.add('>', 'AT+CPIN="1234"\r');
    const lines = recorder.lines();
    expect(lines.length).toBe(400);
    expect(lines[0]?.text).toBe('line 101');
    expect(lines.at(-1)?.text).not.toContain('1234');
    expect(lines.at(-2)?.text).toBe('line 499');
  });

  test('control characters are named', () => {
    const recorder = new DialogueRecorder(new TestClock());
    recorder.add('>', '\u001b\r');
    expect(recorder.lines()[0]?.text).toBe('\\u{1b}');
  });

  test('neither the text of a message nor a code in a network answer of several lines is kept', () => {
    const recorder = new DialogueRecorder(new TestClock());
    for (const line of [
      '+CMT: "+447700900123",,"26/11/22"',
      'Your code is 48213',
      '+CUSD: 0,"Hello',
      'PIN 4711 of today',
      'bye 1234",15',
      'OK',
    ])
      recorder.add('<', line);
    recorder.add('>', 'AT+CIMI\r');
    recorder.add('<', '001010123456789');
    expect(recorder.lines().map(({ text }) => text)).toEqual([
      '+CMT: "+447700900123",,"26/11/22"',
      '<text, 18 characters>',
      '+CUSD: 0,"Hello',
      'PIN **** of today',
      'bye ****",15',
      'OK',
      'AT+CIMI',
      '00101********89',
    ]);
  });

  test('a message of several lines, of digits alone, or behind noise is told by its length', () => {
    const recorder = new DialogueRecorder(new TestClock());
    const said = [
      '+CMT: "Telegram",,"x"',
      'Telegram',
      'Your code is 482913',
      '739204',
      'OK',
      'x+cmt: "A",,"x"',
      'C8F71D149',
      '+CMTI: "SM",1',
    ];
    for (const line of [...said, '^HCMT: 1', '482913', 'OK', '+CUSD: 0,Your code 482913,15']) recorder.add('<', line);
    const text = recorder.lines().map((line) => line.text);
    expect(text.join('\n')).not.toMatch(/482913|739204|C8F71D149/);
    expect(text).toEqual([
      ...['+CMT: "Telegram",,"x"', '<text, 8 characters>', '<text, 19 characters>', '<text, 6 characters>', 'OK'],
      ...[
        'x+cmt: "A",,"x"',
        '<text, 9 characters>',
        '+CMTI: "SM",1',
        '^HCMT: 1',
        '<text, 6 characters>',
        'OK',
        '+CUSD: 0,Your code ****,15',
      ],
    ]);
  });
});
