/** The life of a rental (DESIGN 2): which status may follow which, and why a rental has the one it has. */

export const RENTAL_STATUSES = ['scheduled', 'active', 'ended', 'canceled'] as const;
export type RentalStatus = (typeof RENTAL_STATUSES)[number];

/** Machine-readable reasons of a status, as `rental.reason`. */
export type RentalReason =
  | 'booked'
  | 'started'
  | 'time_over'
  | 'ended_by_customer'
  /** Its SIM could not be read any more and did not come back. */
  | 'number_lost'
  | 'canceled_by_customer'
  /** At its start no number was free. */
  | 'no_number_at_start';

/** What else is told of in its history: the status stays, the time does not, or might have. */
export type RentalChangeReason =
  | RentalReason
  | 'extended'
  | 'extended_by_itself'
  | 'not_extended_by_itself'
  | 'outage_added'
  | 'share_invited'
  | 'share_accepted'
  | 'share_declined'
  | 'share_left'
  | 'share_ended'
  | 'other_number';

const MOVES: Record<RentalStatus, readonly RentalStatus[]> = {
  scheduled: ['active', 'canceled'],
  active: ['ended'],
  ended: [],
  canceled: [],
};

export function mayMove(from: RentalStatus, to: RentalStatus): boolean {
  return MOVES[from].includes(to);
}

/** Money of each charge of a rental: held until its first message came, then earned; given back when it ends without one. */
export function moneyOf(rental: { status: RentalStatus; firstMessageAtMs: number | null }): 'held' | 'captured' | 'refunded' {
  if (rental.firstMessageAtMs !== null) return 'captured';
  return rental.status === 'scheduled' || rental.status === 'active' ? 'held' : 'refunded';
}
