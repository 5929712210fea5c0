import { expect, test } from 'bun:test';
import { deafDetector } from '../../src/alarms/detect/deaf.ts';
import { type Hearing, hearingOf, judgeHearing, usualGap } from '../../src/alarms/hearing.ts';
import { alarmsOfSims as simAlarms } from '../../src/alarms/of-sims.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { ModemSnapshot } from '../../src/modem/source.ts';
import { simHistory } from '../../src/sims/history.ts';
import { snapshot } from '../support/admin-house.ts';
import { makeHouse } from '../support/house.ts';
import { alarmWatch } from './watch.ts';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

/** In hours. */
const cases: [string, { silent: number | null; ever?: false; gap?: number; hours?: number; heardSince?: boolean }, string][] = [
  ['heard an hour ago', { silent: 1 }, 'keep'],
  ['silent for just the hours', { silent: 24 }, 'keep'],
  ['silent for longer', { silent: 24.1 }, 'raise'],
  ['silent, as it usually is', { silent: 30, gap: 20 }, 'keep'],
  ['silent for more than twice the usual', { silent: 41, gap: 20 }, 'raise'],
  ['a year between two messages, since the clock was set forward', { silent: 61 * 24, gap: 365 * 24 }, 'raise'],
  ['no message ever', { silent: 100, ever: false }, 'keep'],
  ['not listening', { silent: null }, 'keep'],
  ['the watch is off', { silent: 900, hours: 0 }, 'keep'],
  ['deaf and still silent', { silent: 30, heardSince: false }, 'keep'],
  ['deaf and unplugged', { silent: null, heardSince: false }, 'keep'],
  ['deaf, and a message came since', { silent: 0, heardSince: true }, 'clear'],
  ['deaf, and a message came since into another modem', { silent: null, heardSince: true }, 'clear'],
  ['deaf when the watch was turned off', { silent: 100, hours: 0, heardSince: false }, 'clear'],
];

test.each(cases)('%s', (_name, { silent, ever, gap = 2, hours = 24, heardSince }, verdict) => {
  const hearing: Hearing = {
    ...{ silentMs: silent === null ? null : silent * HOUR_MS, heardEver: ever ?? true, usualGapMs: gap * HOUR_MS, deafHours: hours },
    alarm: heardSince === undefined ? null : { heardSince },
  };
  expect(judgeHearing(hearing)).toBe(verdict as 'keep');
});

test.each([
  [[], null],
  [[7], 7],
  [[1, 9, 3], 9],
  [[...Array.from({ length: 19 }, (_, n) => n), 500], 18],
])('of the silences %j the longest usual one is %p', (gaps, usual) => {
  expect(usualGap(gaps)).toBe(usual);
});

function open(options: { deafHours?: number; toggle?: boolean } = {}) {
  const house = makeHouse();
  const iccid = house.sim(1);
  let modems: ModemSnapshot[] = [snapshot(1)];
  const toggled: string[] = [];
  const toggleRadio = async (slot: string) => {
    toggled.push(slot);
    return { ok: true as const, detail: 'The radio was off and is on again.' };
  };
  const detector = () =>
    deafDetector({
      ...{ db: house.db, door: { write: async (verb) => house.write(verb) }, clock: house.clock, log: silentLog, snapshots: () => modems },
      deafHours: options.deafHours ?? 24,
      toggleRadio: options.toggle === true ? toggleRadio : null,
    });
  const detectors = [detector()];
  const { begin, troubles } = alarmWatch(house, detectors);
  const start = () => {
    detectors[0] = detector();
    return begin();
  };
  const hear = () => house.receive({ iccid, sender: 'Telegram', text: `Telegram code: ${10_000 + (house.clock.ms % 89_999)}` });
  const kinds = () => simHistory(house.db, iccid, { limit: 20, cursor: null }).map((row) => row.kind);
  const show = (...shown: ModemSnapshot[]) => {
    modems = shown;
  };
  return { house, iccid, start, hear, kinds, toggled, troubles, show };
}

test('what is usual is told by the stored messages', () => {
  const { house, iccid, hear } = open();
  expect(hearingOf(house.db, iccid)).toEqual({ lastMessageAtMs: null, usualGapMs: null });
  for (const hours of [0, 2, 5, 1]) {
    house.clock.pass(hours * HOUR_MS);
    hear();
  }
  expect(hearingOf(house.db, iccid)).toEqual({ lastMessageAtMs: house.clock.ms, usualGapMs: 5 * HOUR_MS });
});

test('a SIM that falls silent raises one alarm, its radio is switched once, and the next message ends it', async () => {
  const { house, iccid, start, hear, kinds, toggled } = open({ toggle: true });
  hear();
  const { look } = start();
  await look();
  house.clock.pass(24 * HOUR_MS);
  await look();
  expect(simAlarms(house.db)).toEqual([]);
  house.clock.pass(HOUR_MS);
  await look();
  expect(simAlarms(house.db)).toMatchObject([
    { iccid, code: 'deaf', sinceMs: house.clock.ms, text: expect.stringContaining('no message for 25 hours') },
  ]);
  expect(kinds()).toEqual(['repaired', 'alarm_raised']);
  house.clock.pass(30 * HOUR_MS);
  await look();
  await look();
  expect(toggled).toEqual(['/dev/test1']);
  hear();
  await look();
  expect(simAlarms(house.db)).toEqual([]);
  expect(kinds()).toEqual(['alarm_cleared', 'repaired', 'alarm_raised']);
});

test('the radio is left alone unless the configuration says otherwise', async () => {
  const { house, start, hear, kinds, toggled } = open();
  hear();
  const { look } = start();
  await look();
  house.clock.pass(25 * HOUR_MS);
  await look();
  expect(kinds()).toEqual(['alarm_raised']);
  expect(toggled).toEqual([]);
});

test.each([
  ['unplugged', snapshot(1, { state: 'gone', iccid: null, registration: null })],
  ['not registered', snapshot(1, { registration: 'searching' })],
  ['being read again', snapshot(1, { state: 'sweeping' })],
])('a modem that was %s in between listens anew', async (_name, away) => {
  const { house, start, hear, show } = open();
  hear();
  const { look } = start();
  await look();
  house.clock.pass(20 * HOUR_MS);
  show(away);
  await look();
  show(snapshot(1));
  await look();
  house.clock.pass(20 * HOUR_MS);
  await look();
  expect(simAlarms(house.db)).toEqual([]);
  house.clock.pass(5 * HOUR_MS);
  await look();
  expect(simAlarms(house.db)).toHaveLength(1);
});

test('the alarm outlasts a restart, and setting the clock makes nobody deaf', async () => {
  const { house, start, hear } = open();
  hear();
  const before = start();
  await before.look();
  house.clock.setForward(48 * HOUR_MS);
  await before.look();
  expect(simAlarms(house.db)).toEqual([]);
  house.clock.pass(25 * HOUR_MS);
  await before.look();
  const after = start();
  await after.look();
  expect(simAlarms(house.db)).toHaveLength(1);
});

test.each([
  ['forward', YEAR_MS],
  ['back', -YEAR_MS],
])('a clock that is set %s raises no alarm, hides none, and lets none stick', async (_name, by) => {
  const { house, start, hear, kinds } = open();
  const { look } = start();
  await look();
  hear();
  await look();
  // It is set while nobody is deaf …
  house.clock.setForward(by);
  await look();
  expect(simAlarms(house.db)).toEqual([]);
  // … then the SIM falls silent for real …
  house.clock.pass(25 * HOUR_MS);
  await look();
  expect(simAlarms(house.db)).toMatchObject([{ text: expect.stringContaining('25 hours') }]);
  // … the clock is set again, which is no message …
  house.clock.setForward(-by);
  await look();
  house.clock.pass(HOUR_MS);
  await look();
  expect(simAlarms(house.db)).toHaveLength(1);
  // … and one comes.
  house.clock.setForward(2 * by);
  hear();
  await look();
  expect(simAlarms(house.db)).toEqual([]);
  expect(kinds()[0]).toBe('alarm_cleared');
});

test.each([YEAR_MS, -YEAR_MS])('a message ends the alarm also when the server was started anew and the clock set by %i', async (by) => {
  const { house, start, hear } = open();
  hear();
  const before = start();
  await before.look();
  house.clock.pass(25 * HOUR_MS);
  await before.look();
  house.clock.setForward(by);
  const after = start();
  await after.look();
  expect(simAlarms(house.db)).toHaveLength(1);
  hear();
  await after.look();
  expect(simAlarms(house.db)).toEqual([]);
});

test('a watch that fails says so until it works again', async () => {
  const { house, start, troubles } = open();
  const { look } = start();
  await look();
  house.db.run('ALTER TABLE messages RENAME TO elsewhere');
  await look();
  expect(troubles.standing()).toMatchObject([{ code: 'alarm_watch', text: expect.stringContaining('no such table: messages') }]);
  house.db.run('ALTER TABLE elsewhere RENAME TO messages');
  await look();
  expect(troubles.standing()).toEqual([]);
  expect(troubles.times('alarm_watch')).toBe(1);
});
