import type { Database } from 'bun:sqlite';
import { expect, setDefaultTimeout, test } from 'bun:test';
import { type Door, openDoor } from '../../src/db/write.ts';
import { encodeDeliver } from '../../src/gsm/encode.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { Timers } from '../../src/lib/timers.ts';
import { openInbox } from '../../src/messages/listener.ts';
import { listUnmatched } from '../../src/messages/messages.ts';
import { startBank } from '../../src/modem/bank.ts';
import { Emulator } from '../../src/modem/virtual/emulator.ts';
import { virtualIdentity, virtualImei } from '../../src/modem/virtual/numbers.ts';
import { cardMemory } from '../../src/sims/memory.ts';
import { listSims } from '../../src/sims/sims.ts';
import { BenchLine, QUICK, until } from '../modem/bench.ts';
import { makeHouse } from '../support/house.ts';

setDefaultTimeout(120_000);

const [A, B, C] = [virtualIdentity(1), virtualIdentity(2), virtualIdentity(3)];
const noTimers = { set() {}, onJump() {} } as unknown as Timers;

/** A modem and a database: what outlives a kill of the server. */
function scene(imei = virtualImei(7)) {
  const emulator = new Emulator({ identity: A, imei });
  const { db, terms } = makeHouse();
  return { emulator, db, terms };
}
type Scene = ReturnType<typeof scene>;

/** What may be killed at: a write to the database, before or after it is there, or a command about messages, before the modem has it. */
type Moment = `${'before' | 'after'} write` | 'command';

/** A server on the scene, which dies at the `killAt`-th moment: then nothing more is written, neither to the database nor to the modem. */
function serve({ emulator, db, terms }: Scene, { killAt = Number.POSITIVE_INFINITY, slot = 'tcp://bank:1' } = {}) {
  const moments: Moment[] = [];
  let isDead = false;
  const lines: BenchLine[] = [];
  const dead = Promise.withResolvers<void>();
  const dies = (moment: Moment): boolean => {
    if (!isDead) moments.push(moment);
    if (moments.length < killAt || isDead) return isDead;
    isDead = true;
    for (const line of lines) line.silent = true;
    dead.resolve();
    return true;
  };
  const real = openDoor(db, Date.now, silentLog);
  const door: Door = {
    ...real,
    async write(verb) {
      if (dies('before write')) return new Promise(() => {});
      const value = await real.write(verb);
      return dies('after write') ? new Promise(() => {}) : value;
    },
  };
  const inbox = openInbox({ db, door, timers: noTimers, log: silentLog, terms, sims: [], onReady: () => {} });
  const heard: string[] = [];
  const bank = startBank(
    { ports: [slot], discover: false, sweepSeconds: 3600, sims: [] },
    {
      clock: systemClock,
      log: silentLog,
      listener: {
        ...inbox.listener,
        ready: async (sim) => {
          await inbox.listener.ready(sim);
          heard.push(sim.iccid);
        },
      },
      memory: cardMemory(db, door),
      timing: QUICK,
      openSerial: async () => {
        if (isDead) return new Promise(() => {});
        const line = new BenchLine(emulator);
        line.override = (command) => (/^AT\+(CMG[LDR]|CPMS=)/.test(command) && dies('command') ? '' : null);
        lines.push(line);
        return { ok: true, line };
      },
    },
  );
  return {
    bank,
    moments,
    dead: dead.promise,
    line: () => lines.at(-1) as BenchLine,
    ready: (iccid: string, times = 1) => until(`${iccid} ready`, () => heard.filter((one) => one === iccid).length >= times, 15_000),
    /** It is settled, too, that what comes to lie in the modem now is the present card's. */
    settled: () => until('settled', () => db.query('SELECT 1 FROM modem_cards GROUP BY modem HAVING count(*) > 1').get() === null, 15_000),
    /** Nothing lies on the modem any more. */
    empty: () => until('emptied', () => emulator.storages.SM.used + emulator.storages.ME.used === 0, 15_000),
  };
}

let stamps = Date.UTC(2026, 10, 22);

/** An SMS that came to lie in the modem's own storage while nobody listened. */
function leave({ emulator }: Scene, text: string): void {
  stamps += 60_000;
  for (const { pdu, length } of encodeDeliver({ sender: 'Telegram', text, atMs: stamps })) {
    emulator.storages.ME.add({ pdu, length, stat: 0 });
  }
}

/** Every stored message and the card it is kept under; '?' for one nobody knows. */
function stored(db: Database): Record<string, string[]> {
  const rows = db.query<{ text: string; iccid: string }, []>('SELECT text, iccid FROM messages ORDER BY id').all();
  const found: Record<string, string[]> = {};
  for (const { text, iccid } of rows) found[text] = [...(found[text] ?? []), iccid.startsWith('89') ? iccid : '?'];
  return found;
}

/** One run: A is read, then things happen while a server dies at `killAt`; in the end all is stored once, under its own card or under none. */
async function run(killAt: number, then: 'stays' | 'another' | 'back'): Promise<number> {
  const at = scene();
  const first = serve(at);
  await first.ready(A.iccid);
  await first.bank.stop();
  leave(at, 'to A, before the swap');
  at.emulator.insertSim(B);
  leave(at, 'to B, before it was seen');
  const second = serve(at, { killAt });
  const isDead = await Promise.race([
    second.dead.then(() => true),
    second
      .ready(B.iccid)
      .then(() => second.empty())
      .then(() => false),
  ]);
  if (!isDead) await Promise.race([second.dead, second.bank.stop()]);
  leave(at, 'to B, after the kill');
  const last = then === 'stays' ? B : then === 'another' ? C : A;
  at.emulator.insertSim(last);
  leave(at, 'to the last');
  const third = serve(at);
  await third.ready(last.iccid);
  await third.empty();
  const allowed: Record<string, string> = {
    'to A, before the swap': A.iccid,
    'to B, before it was seen': B.iccid,
    'to B, after the kill': B.iccid,
    'to the last': last.iccid,
  };
  const wrong = Object.entries(stored(at.db)).filter(([text, owners]) => owners.length !== 1 || ![allowed[text], '?'].includes(owners[0]));
  expect({ killAt, moment: second.moments.at(-1), then, wrong }).toMatchObject({ wrong: [] });
  expect(Object.keys(stored(at.db)).toSorted()).toEqual(Object.keys(allowed).toSorted());
  await third.bank.stop();
  return second.moments.length;
}

test.each(['stays', 'another', 'back'] as const)('killed at every step after a swap, and then the card %s', async (then) => {
  const steps = await run(Number.POSITIVE_INFINITY, then);
  expect(steps).toBeGreaterThan(15);
  // Killed before the first write the other card was seen by nobody, and put back it leaves no trace: that looks like any restart.
  const points = Array.from({ length: steps }, (_, n) => n + 1).filter((n) => n > 1 || then !== 'back');
  for (let from = 0; from < points.length; from += 8) await Promise.all(points.slice(from, from + 8).map((killAt) => run(killAt, then)));
});

/** A server that reads A, and is gone again. */
async function served(at: Scene, slot?: string): Promise<void> {
  const server = serve(at, slot === undefined ? {} : { slot });
  await server.ready(A.iccid);
  await server.bank.stop();
}

async function readBy(at: Scene, card: typeof A, options: { slot?: string } = {}): Promise<Record<string, string[]>> {
  at.emulator.insertSim(card);
  const server = serve(at, options);
  await server.ready(card.iccid);
  await server.empty();
  await server.settled();
  await server.bank.stop();
  return stored(at.db);
}

test('a card that stayed in keeps what came while nobody listened', async () => {
  const at = scene();
  await served(at);
  leave(at, 'for A');
  expect(await readBy(at, A)).toEqual({ 'for A': [A.iccid] });
});

test('after two swaps in a row nobody can tell whose it is, also back in the first card', async () => {
  const at = scene();
  await served(at);
  leave(at, 'one');
  at.emulator.insertSim(B);
  // Dies when it has noted the card and listed nothing.
  await serve(at, { killAt: 2 }).dead;
  leave(at, 'two');
  expect(await readBy(at, A)).toEqual({ one: ['?'], two: ['?'] });
  leave(at, 'three');
  expect(await readBy(at, A)).toMatchObject({ three: [A.iccid] });
});

test('a modem pulled out that comes back with another card, to the same server, in the same place or another', async () => {
  const at = scene();
  const server = serve(at);
  await server.ready(A.iccid);
  server.line().hangUp();
  leave(at, 'while it was out');
  at.emulator.insertSim(B);
  await server.ready(B.iccid);
  await server.empty();
  expect(stored(at.db)).toEqual({ 'while it was out': ['?'] });
  await server.settled();
  await server.bank.stop();
  leave(at, 'B alone');
  expect(await readBy(at, B, { slot: 'tcp://bank:2' })).toMatchObject({ 'B alone': [B.iccid] });
  leave(at, 'B or C');
  expect(await readBy(at, C, { slot: 'tcp://bank:3' })).toMatchObject({ 'B or C': ['?'] });
});

test('a modem without a telling IMEI is known by its place alone', async () => {
  const at = scene('000000000000000');
  await served(at);
  leave(at, 'in its place');
  expect(await readBy(at, A)).toEqual({ 'in its place': [A.iccid] });
  leave(at, 'elsewhere');
  expect(await readBy(at, A, { slot: 'tcp://bank:2' })).toMatchObject({ elsewhere: ['?'] });
});

test('in a modem never seen before, a card that was sold elsewhere gets nothing that lay there; a new card does', async () => {
  const at = scene();
  await served(at);
  const other = { ...at, emulator: new Emulator({ identity: A, imei: virtualImei(8) }) };
  leave(other, 'unknown past');
  expect(await readBy(other, A)).toEqual({ 'unknown past': ['?'] });
  const fresh = { ...at, emulator: new Emulator({ identity: C, imei: virtualImei(9) }) };
  leave(fresh, 'first card');
  expect(await readBy(fresh, C)).toMatchObject({ 'first card': [C.iccid] });
});

test('what the modem announces while the new card is in it is the new card’s, and stays so when its delete fails and the card is swapped again', async () => {
  const at = scene();
  await served(at);
  at.emulator.insertSim(B);
  const server = serve(at);
  await server.ready(B.iccid);
  const line = server.line();
  line.override = (command) => (command.startsWith('AT+CMGD') ? '\r\n+CMS ERROR: 500\r\n' : null);
  leave(at, 'live for B');
  line.say('\r\n+CMTI: "ME",1\r\n');
  await until('stored', () => stored(at.db)['live for B'] !== undefined);
  await server.bank.stop();
  expect(await readBy(at, C)).toEqual({ 'live for B': [B.iccid] });
});

test('a message that nobody can attribute goes to no order, uses both numbers up, and is shown to the operator alone', async () => {
  const at = scene();
  await served(at);
  const house = { ...at, now: Date.now() };
  leave(house, 'Telegram code: 48213');
  await readBy(at, B);
  expect(listUnmatched(at.db, { limit: 10, cursor: null })).toMatchObject([
    { number: null, iccid: `unknown card of ${virtualImei(7)}`, reason: expect.stringContaining('nobody can tell for which card') },
  ]);
  const used = at.db.query<{ iccid: string }, []>("SELECT iccid FROM sim_uses WHERE service = 'telegram' ORDER BY iccid").all();
  expect(used.map(({ iccid }) => iccid)).toEqual([A.iccid, B.iccid]);
  expect(
    listSims(at.db)
      .map(({ iccid }) => iccid)
      .toSorted(),
  ).toEqual([A.iccid, B.iccid]);
});
