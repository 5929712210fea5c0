import type { Database } from 'bun:sqlite';
import { messageOf } from '../lib/log.ts';
import { type Ending, type Expiry, type ExpiryDeps, type OpenWindow, startExpiry } from '../orders/expiry.ts';
import { AUTO_LEAD_MS, beginRental, endOfTime, extendAhead } from './life.ts';
import { nextReminderMs, remind } from './reminders.ts';
import type { RentalTerms } from './rentals.ts';
import { findRental, RENTAL_COLUMNS, type Rental } from './view.ts';

/** How soon a start that found no number is tried again, besides at once when a SIM comes back. */
const RETRY_MS = 5000;

/**
 * Starts each booked rental at its time, extends those that are to be shortly before their end, and ends each when it is over, as orders are ended: after its
 * SIM's storage was read once more. A booking whose SIM cannot be had waits for it until the grace has run out; then another is taken.
 */
export function startRentals(deps: ExpiryDeps & { terms: RentalTerms }): Expiry {
  const { db, door, clock, timers, hub, log, terms } = deps;
  const expiry = startExpiry(deps, rentalEnding(terms));
  /** Until when a booking waits for its SIM. On the monotonic clock: a clock that is set must not end a wait. */
  const graceEndsMs = new Map<string, number>();

  async function begin(id: string): Promise<void> {
    const nowMs = clock.monotonicMs();
    const endsMs = graceEndsMs.get(id) ?? nowMs + deps.graceSeconds * 1000;
    graceEndsMs.set(id, endsMs);
    const begun = await door.write((tx) => beginRental(tx, terms, id, nowMs >= endsMs));
    if (begun) log.info('rental_began', { rental: begun.id, status: begun.status });
    if (findRental(db, id)?.status === 'scheduled') {
      timers.set(startKey(id), clock.nowMs() + Math.max(1, Math.min(endsMs - nowMs, RETRY_MS)), () => attempt(id, begin));
    } else graceEndsMs.delete(id);
  }

  async function extend(id: string): Promise<void> {
    if (await door.write((tx) => extendAhead(tx, terms, id))) log.info('rental_extended', { rental: id });
  }

  async function tell(id: string): Promise<void> {
    await door.write((tx) => remind(tx, terms, id));
    const rental = findRental(db, id);
    if (rental) watchReminder(rental);
  }

  const keyOf = new Map([
    [begin, startKey],
    [extend, autoKey],
    [tell, remindKey],
  ]);

  function attempt(id: string, work: (id: string) => Promise<void>): void {
    work(id).catch((thrown: unknown) => {
      log.error('rental_failed', { rental: id, error: messageOf(thrown) });
      timers.set((keyOf.get(work) ?? startKey)(id), clock.nowMs() + RETRY_MS, () => attempt(id, work));
    });
  }

  function watch(rental: Rental): void {
    if (rental.status === 'scheduled') timers.set(startKey(rental.id), rental.startsAtMs, () => attempt(rental.id, begin));
    else timers.cancel(startKey(rental.id));
    if (rental.status === 'active') timers.set(autoKey(rental.id), rental.endsAtMs - AUTO_LEAD_MS, () => attempt(rental.id, extend));
    else timers.cancel(autoKey(rental.id));
    watchReminder(rental);
  }

  function watchReminder(rental: Rental): void {
    const dueMs = nextReminderMs(db, rental, terms.reminderHours);
    if (dueMs === null || dueMs >= rental.endsAtMs) timers.cancel(remindKey(rental.id));
    else timers.set(remindKey(rental.id), dueMs, () => attempt(rental.id, tell));
  }

  function watchAll(): void {
    for (const rental of currentRentals(db)) watch(rental);
  }

  watchAll();
  timers.onJump(watchAll);
  hub.onEvent(({ type, rentalId }) => {
    const rental = rentalId === null || type === 'balance.changed' ? null : findRental(db, rentalId);
    if (rental) watch(rental);
  });
  return {
    simReady(iccid) {
      expiry.simReady(iccid);
      const nowMs = clock.nowMs();
      for (const { id, status, startsAtMs } of currentRentals(db, iccid)) {
        if (status === 'scheduled' && startsAtMs <= nowMs) attempt(id, begin);
      }
    },
  };
}

function rentalEnding(terms: RentalTerms): Ending {
  const active = (db: Database, iccid?: string) => currentRentals(db, iccid).filter(({ status }) => status === 'active');
  return {
    name: 'rental',
    all: (db) => active(db).map(windowOf),
    on: (db, iccid) => active(db, iccid).map(windowOf),
    find: (db, id) => {
      const rental = findRental(db, id);
      return rental?.status === 'active' ? windowOf(rental) : null;
    },
    idOf: ({ type, rentalId }) => (type === 'balance.changed' ? null : rentalId),
    end: (tx, id) => endOfTime(tx, terms, id),
  };
}

function windowOf({ id, iccid, endsAtMs }: Rental): OpenWindow {
  return { id, iccid, expiresAtMs: endsAtMs };
}

function currentRentals(db: Database, iccid: string | null = null): Rental[] {
  const only = iccid === null ? '' : 'iccid = $iccid AND ';
  return db
    .query<Rental, { iccid: string | null }>(`SELECT ${RENTAL_COLUMNS} FROM rentals WHERE ${only}status IN ('scheduled', 'active')`)
    .all({ iccid });
}

function startKey(id: string): string {
  return `rental-start:${id}`;
}

function remindKey(id: string): string {
  return `rental-remind:${id}`;
}

function autoKey(id: string): string {
  return `rental-auto:${id}`;
}
