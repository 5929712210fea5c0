import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../src/db/migrate.ts';
import { openDatabase } from '../src/db/open.ts';
import { openDoor } from '../src/db/write.ts';
import { withCheckDigit } from '../src/lib/iccid.ts';
import { silentLog } from '../src/lib/log.ts';
import type { SimIdentity } from '../src/modem/source.ts';
import { setSim } from '../src/sims/correct.ts';
import { cardMemory } from '../src/sims/memory.ts';
import { listSims, simIdentified, simOffline, simOnline } from '../src/sims/sims.ts';
import { TestClock, testSim } from './support/house.ts';

const folder = mkdtempSync(join(tmpdir(), 'smspin-memory-'));
const paths: string[] = [];
const clock = new TestClock();
const opened: { close(): void }[] = [];

afterAll(() => {
  for (const db of opened) db.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a database on the disk, a new one or that of a house before, as after a kill. */
function house(path = join(folder, `${paths.length}.db`)) {
  paths.push(path);
  const db = openDatabase(path);
  opened.push(db);
  migrate(db);
  const door = openDoor(db, clock.nowMs, silentLog);
  const identify = async (sim: SimIdentity) => {
    await door.write((tx) => simIdentified(tx, sim, undefined));
    await door.write((tx) => simOnline(tx, sim));
  };
  return { db, door, memory: cardMemory(db, door), identify, again: () => house(path) };
}

const BARE = '894401000000000001';
const PRINTED = withCheckDigit(BARE);
const card = (iccid: string, changes: Partial<SimIdentity> = {}): SimIdentity => ({ ...testSim(1), iccid, ...changes });

describe('PINs sent', () => {
  test('are remembered after a restart, with how they ended', async () => {
    const { memory, again } = house();
    await memory.pinStarted(BARE, '1111');
    await memory.pinEnded(BARE, '1111', 'wrong');
    expect(memory.unprovenPins(BARE)).toBe(1);
    await memory.pinStarted(BARE, '1234');
    await memory.pinEnded(BARE, '1234', 'accepted');
    const after = again().memory;
    expect(['1111', '1234', '9999'].map((pin) => after.pinHistory(BARE, pin))).toEqual(['wrong', 'accepted', 'never']);
    expect([after.unprovenPins(BARE), after.unprovenPins('894401000000000002')]).toEqual([0, 0]);
  });

  test('count as sent when a crash came before the answer, also after a good one', async () => {
    const { memory, again } = house();
    await memory.pinStarted(BARE, '1234');
    await memory.pinEnded(BARE, '1234', 'accepted');
    await memory.pinStarted(BARE, '1234');
    const after = again().memory;
    expect([after.pinHistory(BARE, '1234'), after.unprovenPins(BARE)]).toEqual(['started', 1]);
  });

  test('stay wrong when a later attempt has no end', async () => {
    const { memory } = house();
    await memory.pinStarted(BARE, '1111');
    await memory.pinEnded(BARE, '1111', 'wrong');
    await memory.pinStarted(BARE, '1111');
    expect([memory.pinHistory(BARE, '1111'), memory.unprovenPins(BARE)]).toEqual(['wrong', 2]);
  });

  test('count anew once the card was seen open, and a wrong PIN stays wrong', async () => {
    const { memory, identify, again } = house();
    for (const pin of ['1111', '2222']) await memory.pinStarted(BARE, pin);
    await memory.pinEnded(BARE, '1111', 'wrong');
    expect(memory.unprovenPins(BARE)).toBe(2);
    await identify(card(BARE));
    const after = again().memory;
    expect([after.unprovenPins(BARE), after.pinHistory(BARE, '1111'), after.pinHistory(BARE, '2222')]).toEqual([0, 'wrong', 'started']);
    await after.pinStarted(BARE, '3333');
    expect(after.unprovenPins(BARE)).toBe(1);
  });

  test.each([
    [2, 1],
    [3, 0],
  ])('count from what a person stated: %i tries left', async (atLeast, spent) => {
    const { memory, again } = house();
    for (const pin of ['1111', '2222']) await memory.pinStarted(BARE, pin);
    await memory.triesStated(PRINTED, atLeast);
    expect(again().memory.unprovenPins(BARE)).toBe(spent);
    await memory.pinStarted(BARE, '3333');
    expect(memory.unprovenPins(BARE)).toBe(spent + 1);
    await memory.pinEnded(BARE, '3333', 'accepted');
    expect(memory.unprovenPins(BARE)).toBe(0);
  });

  test('belong to the card, whichever form of its ICCID a modem tells', async () => {
    const { memory } = house();
    await memory.pinStarted(BARE, '1111');
    await memory.pinEnded(BARE, '1111', 'wrong');
    expect(memory.knownAs(PRINTED)).toBe(BARE);
    expect([memory.pinHistory(PRINTED, '1111'), memory.unprovenPins(PRINTED)]).toEqual(['wrong', 1]);
  });

  test('do not stand in the database as they are', async () => {
    const { memory, db } = house();
    await memory.pinStarted(BARE, '87654321');
    const rows = db.query<Record<string, unknown>, []>('SELECT * FROM sim_pin_attempts').all();
    expect(rows.length).toBe(1);
    expect(JSON.stringify(rows)).not.toContain('87654321');
  });

  test('an end without a beginning is refused', async () => {
    const { memory } = house();
    await expect(memory.pinEnded(BARE, '1234', 'accepted')).rejects.toThrow('never started');
  });
});

describe('a card', () => {
  test('is one SIM in every form, from the first on', async () => {
    const { memory, identify, again } = house();
    expect(memory.knownAs(BARE)).toBeNull();
    await identify(card(PRINTED));
    const after = again().memory;
    expect([BARE, PRINTED, withCheckDigit(PRINTED)].map((form) => after.knownAs(form))).toEqual([PRINTED, PRINTED, PRINTED]);
    expect(after.knownAs('894401000000000002')).toBeNull();
  });

  test('known in two forms is what it was told as', async () => {
    const { memory, identify } = house();
    await identify(card(PRINTED));
    await identify(card(BARE));
    expect([memory.knownAs(BARE), memory.knownAs(PRINTED)]).toEqual([BARE, PRINTED]);
  });
});

describe('a number learned', () => {
  test('is kept with its source, and what the network told outlasts the card’s own entry', async () => {
    const { memory, identify, again } = house();
    await identify(card(BARE, { number: '+447700900001', numberSource: 'phone_book' }));
    expect(memory.learnedNumber(BARE)).toEqual({ number: '+447700900001', source: 'phone_book' });
    await memory.numberLearned(BARE, { number: '+12025550123', source: 'ussd' });
    await identify(card(BARE, { number: '+447700900001', numberSource: 'cnum' }));
    const after = again();
    expect(after.memory.learnedNumber(PRINTED)).toEqual({ number: '+12025550123', source: 'ussd' });
    expect(listSims(after.db)[0]).toMatchObject({ number: '+12025550123', country: 'us' });
  });

  test('stays when a later reading finds none', async () => {
    const { memory, identify } = house();
    await identify(card(BARE, { number: '+447700900001', numberSource: 'ef_msisdn' }));
    await identify(card(BARE, { number: null, numberSource: null }));
    expect(memory.learnedNumber(BARE)).toEqual({ number: '+447700900001', source: 'ef_msisdn' });
  });

  test('never overrules the operator', async () => {
    const { memory, identify, db, door } = house();
    await identify(card(BARE));
    await door.write((tx) => setSim(tx, BARE, { number: '+447700900999' }));
    await memory.numberLearned(BARE, { number: '+12025550123', source: 'ussd' });
    expect(listSims(db)[0]).toMatchObject({ number: '+447700900999', country: 'gb' });
  });

  test('needs a known card and an E.164 number', async () => {
    const { memory, identify } = house();
    await expect(memory.numberLearned(BARE, { number: '+12025550123', source: 'ussd' })).rejects.toThrow('was ever seen');
    await identify(card(BARE));
    await expect(memory.numberLearned(BARE, { number: '07700900123', source: 'ussd' })).rejects.toThrow('E.164');
    expect(memory.learnedNumber('894401000000000002')).toBeNull();
  });
});

test('when the network was asked is remembered, the last time only', async () => {
  const { memory, again } = house();
  expect(memory.ussdAskedAtMs(BARE)).toBeNull();
  await memory.ussdAsked(BARE);
  clock.pass(1000);
  await memory.ussdAsked(BARE);
  expect(again().memory.ussdAskedAtMs(BARE)).toBe(clock.nowMs());
});

describe('an IMEI that two modems tell', () => {
  const imei = '356938035643809';
  const [one, other] = [card(BARE, { imei, slot: 'usb:1' }), card('894401000000000002', { imei, slot: 'usb:2' })];

  test('leaves both readable, each by its slot', async () => {
    const { memory, identify, db, door, again } = house();
    await identify(one);
    await memory.noteCloned(imei);
    await identify(other);
    const online = () => Object.fromEntries(listSims(db).map((sim) => [sim.iccid, sim.online]));
    expect(online()).toEqual({ [one.iccid]: true, [other.iccid]: true });
    await door.write((tx) => simOffline(tx, one));
    expect(online()).toEqual({ [one.iccid]: false, [other.iccid]: true });
    await door.write((tx) => simOnline(tx, one));
    expect(online()).toEqual({ [one.iccid]: true, [other.iccid]: true });
    const after = again().memory;
    expect([after.isCloned(imei), after.isCloned('356938035643817')]).toEqual([true, false]);
  });

  test('is noted once', async () => {
    const { memory, identify, db } = house();
    await identify(one);
    await memory.noteCloned(imei);
    await identify(one);
    await memory.noteCloned(imei);
    expect(listSims(db)[0]).toMatchObject({ online: true, slot: 'usb:1', imei: 'slot usb:1' });
  });

  test('may be one never seen before', async () => {
    const { memory, identify, db } = house();
    await memory.noteCloned(imei);
    await identify(one);
    await identify(other);
    expect(listSims(db).map((sim) => sim.online)).toEqual([true, true]);
  });
});
