import { Database } from 'bun:sqlite';
import { addUser } from '../../src/accounts/users.ts';
import { setOffer } from '../../src/catalogue/offers.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openDatabase, withSettings } from '../../src/db/open.ts';
import { type Verb, writeNow } from '../../src/db/write.ts';
import { encodeDeliver } from '../../src/gsm/encode.ts';
import { topUp } from '../../src/ledger/ledger.ts';
import type { Clock } from '../../src/lib/clock.ts';
import type { RandomBytes } from '../../src/lib/ids.ts';
import { type StoredBatch, storeBatch } from '../../src/messages/inbox.ts';
import { decodePart } from '../../src/messages/parts.ts';
import type { ReadHow, SimIdentity } from '../../src/modem/source.ts';
import type { RentalTerms } from '../../src/rentals/rentals.ts';
import { openRules, type PublishedRules } from '../../src/rules/published.ts';
import { simIdentified, simOnline } from '../../src/sims/sims.ts';

export const START_MS = Date.UTC(2026, 10, 22, 12, 0, 0);
export const MINUTE_MS = 60_000;

/** A clock that stands still until a test moves it. */
export class TestClock implements Clock {
  ms = START_MS;
  nowMs = (): number => this.ms;
  #monotonicMs = 0;
  monotonicMs = (): number => this.#monotonicMs;
  /** Time goes by. */
  pass(ms: number): void {
    this.ms += ms;
    this.#monotonicMs += ms;
  }
  /** Somebody sets the wall clock; no time goes by. */
  setForward(ms: number): void {
    this.ms += ms;
  }
}

/** The same octets in every run. */
export function seededRandom(seed = 1): RandomBytes {
  let state = seed;
  return (length) =>
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
}

/** An empty house in memory: no modems, no HTTP, a clock that the test moves. */
export interface House {
  db: Database;
  clock: TestClock;
  terms: RentalTerms;
  rules: PublishedRules;
  /** Runs a verb as the door would, alone. */
  write<T>(verb: Verb<T>): T;
  /** A customer with that much available; returns the id. */
  customer(email: string, availableMinor?: number): string;
  /** A readable SIM; returns its ICCID. */
  sim(n: number, country?: string): string;
  offer(service: string, priceMinor: number, options?: { country?: string; carrier?: string; windowMinutes?: number }): void;
  /** An SMS as a modem hands it over. */
  receive(sms: {
    iccid: string;
    sender: string;
    text: string;
    how?: ReadHow;
    networkAtMs?: number;
    arrivedAtMs?: number;
    ref?: number;
    only?: number[];
  }): StoredBatch;
}

let migrated: Uint8Array | null = null;

/** A copy of an empty database with the whole schema. Its migrations take 20 ms, and a property test has hundreds of houses. */
function migratedInMemory(): Database {
  if (migrated === null) {
    const db = openDatabase(':memory:');
    migrate(db);
    migrated = db.serialize();
    db.close();
  }
  return withSettings(Database.deserialize(migrated, { strict: true }));
}

/** `path`: a database file, for tests in which another connection reads it. */
export function makeHouse(terms: Partial<RentalTerms> = {}, path = ':memory:'): House {
  const db = path === ':memory:' ? migratedInMemory() : openDatabase(path);
  migrate(db);
  const clock = new TestClock();
  const rules = openRules(db);
  const random = seededRandom();
  const all: RentalTerms = {
    currency: 'USD',
    windowMinutes: 20,
    quarantineMinutes: 60,
    reuseDays: 365,
    cancelAfterSeconds: 0,
    extendMinutes: 0,
    outageExtendMinutes: 20,
    waitingPlacesMax: 20,
    waitingHoursMax: 168,
    allow: [],
    rules: rules.current,
    outageMinutes: 10,
    reminderHours: [24, 1],
    refundUnused: true,
    random,
    ...terms,
  };
  const write = <T>(verb: Verb<T>): T => writeNow(db, clock.nowMs(), verb);
  return {
    db,
    clock,
    rules,
    terms: all,
    write,
    customer(email, availableMinor = 1000) {
      const user = write((tx) =>
        addUser(tx, random, { email, passwordHash: null, role: 'customer', state: 'active', purpose: null, acceptedTerms: true }),
      );
      if (availableMinor > 0) write((tx) => topUp(tx, all, { userId: user.id, amountMinor: availableMinor, reference: null }));
      return user.id;
    },
    sim(n, country = 'gb') {
      const sim = testSim(n, country);
      write((tx) => simIdentified(tx, sim, { iccid: sim.iccid, country }));
      write((tx) => simOnline(tx, sim));
      return sim.iccid;
    },
    offer(service, priceMinor, { country = 'gb', carrier = '', windowMinutes } = {}) {
      write((tx) => setOffer(tx, { country, service, carrier, priceMinor, windowMinutes: windowMinutes ?? null }));
    },
    receive({ iccid, sender, text, how = 'urc', networkAtMs, arrivedAtMs, ref, only }) {
      const atMs = networkAtMs ?? clock.nowMs();
      const parts = encodeDeliver({ sender, text, atMs, ...(ref === undefined ? {} : { ref }) })
        .filter((_, index) => only === undefined || only.includes(index))
        .map(({ pdu, length }) =>
          decodePart({
            iccid,
            imei: '001010000000019',
            slot: '/dev/test',
            storage: 'SM',
            index: 1,
            pdu,
            length,
            stat: 0,
            how,
            arrivedAtMs: arrivedAtMs ?? clock.nowMs(),
            arrivedMonotonicMs: clock.monotonicMs(),
          }),
        );
      return write((tx) => storeBatch(tx, all, parts));
    },
  };
}

export function testSim(n: number, country = 'gb'): SimIdentity {
  return {
    slot: `/dev/test${n}`,
    port: `/dev/test${n}`,
    imei: `00101${String(n).padStart(10, '0')}`,
    manufacturer: 'SMSPin',
    model: 'Test',
    firmware: '1',
    iccid: `894401${String(n).padStart(13, '0')}`,
    imsi: `00101${String(n).padStart(10, '0')}`,
    numberSource: 'cnum',
    number: country === 'gb' ? `+447700900${String(n).padStart(3, '0')}` : `+120255501${String(n).padStart(2, '0')}`,
    virtual: true,
  };
}
