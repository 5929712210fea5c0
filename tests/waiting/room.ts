import { type Door, openDoor } from '../../src/db/write.ts';
import { auditLedger } from '../../src/ledger/ledger.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { Timers } from '../../src/lib/timers.ts';
import { openTroubles } from '../../src/lib/troubles.ts';
import type { OrderTerms } from '../../src/orders/orders.ts';
import { openStock } from '../../src/stock/stock.ts';
import { servingFirst } from '../../src/waiting/line.ts';
import { type JoinRequest, joinLine } from '../../src/waiting/places.ts';
import { findPlace, type Place } from '../../src/waiting/view.ts';
import { startWaiting } from '../../src/waiting/watch.ts';
import { type House, makeHouse } from '../support/house.ts';

/** A wheel that a test turns by hand. */
export class HandTimers implements Timers {
  readonly set_ = new Map<string, { atMs: number; fire: () => void }>();
  readonly jumps: ((byMs: number) => void)[] = [];
  set = (key: string, atMs: number, fire: () => void): void => void this.set_.set(key, { atMs, fire });
  cancel = (key: string): void => void this.set_.delete(key);
  onJump = (rebuild: (byMs: number) => void): void => void this.jumps.push(rebuild);
  stop = (): void => {};
  get size(): number {
    return this.set_.size;
  }
  /** Fires what is due at `nowMs`; how many there were. */
  turn(nowMs: number): number {
    const due = [...this.set_].filter(([, { atMs }]) => atMs <= nowMs);
    for (const [key] of due) this.set_.delete(key);
    for (const [, { fire }] of due) fire();
    return due.length;
  }
}

/** A house with a stock engine, a door and its waiting list, whose clock and timers the test moves. */
export interface WaitingRoom {
  house: House;
  door: Door;
  terms: OrderTerms;
  timers: HandTimers;
  /** Lets everything happen that is due now; throws when it never ends. */
  settle(): Promise<void>;
  join(userId: string, more?: Partial<JoinRequest>): Promise<Place>;
  place(id: string): Place;
  events(userId: string, prefix?: string): string[];
}

export function makeRoom(terms: Partial<OrderTerms> = {}): WaitingRoom {
  const house = makeHouse({ quarantineMinutes: 0, ...terms });
  const { db, clock } = house;
  const door = openDoor(db, clock.nowMs, silentLog);
  const counted = { ...house.terms, stock: openStock(db, house.terms, door) };
  const sold: OrderTerms = { ...counted, beforeSale: servingFirst(counted) };
  const timers = new HandTimers();
  startWaiting({ db, door, clock, timers, log: silentLog, troubles: openTroubles(clock.nowMs), terms: counted });
  const room: WaitingRoom = {
    ...{ house, door, terms: sold, timers },
    async settle() {
      for (let turns = 0; turns < 200; turns++) {
        const fired = timers.turn(clock.nowMs());
        await door.idle();
        await Promise.resolve();
        if (fired === 0) {
          if (auditLedger(db).length > 0) throw new Error(auditLedger(db).join('\n'));
          return;
        }
      }
      throw new Error('the waiting list turns in circles');
    },
    join: (userId, more = {}) =>
      door.write((tx) =>
        joinLine(tx, sold, { userId, country: 'gb', service: 'telegram', carrier: '', mode: 'buy', maxPriceMinor: 50, ...more }),
      ),
    place(id) {
      const place = findPlace(db, id);
      if (!place) throw new Error(`no place ${id}`);
      return place;
    },
    events: (userId, prefix = 'waiting.') =>
      db
        .query<{ type: string }, [string, string]>('SELECT type FROM events WHERE user_id = ? AND type GLOB ? ORDER BY seq')
        .all(userId, `${prefix}*`)
        .map(({ type }) => type),
  };
  return room;
}
