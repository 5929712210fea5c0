import { minutesInWords } from '../format.ts';
import type { ChangeView, RentalView, Unit } from './model.ts';

/** `1 day`, `3 weeks`. */
export function termInWords(unit: Unit, periods: number): string {
  return `${periods} ${unit}${periods === 1 ? '' : 's'}`;
}

/** How long something is, to the minute: `90 minutes`, `2 hours`, `2 days`. */
export function durationInWords(ms: number): string {
  return minutesInWords(Math.max(1, Math.round(ms / 60_000)));
}

export function serviceInWords(serviceName: string | null): string {
  return serviceName === null ? 'Everything that arrives' : `Codes of ${serviceName}`;
}

export const RENTAL_STATUS_WORDS: Record<RentalView['status'], string> = {
  scheduled: 'Booked',
  active: 'Active',
  ended: 'Ended',
  canceled: 'Canceled',
};

/** How a rental ended, without the money; null while it runs or is to come. */
export function rentalEndInWords({ reason, endedAtMs }: Pick<RentalView, 'reason' | 'endedAtMs'>): string | null {
  if (endedAtMs === null) return null;
  const words: Record<string, string> = {
    time_over: 'Its time was over.',
    ended_by_customer: 'You ended it.',
    number_lost: 'Its SIM could not be read any more.',
    canceled_by_customer: 'You canceled it before it began.',
    no_number_at_start: 'No number was free at its start.',
  };
  return words[reason] ?? 'It has ended.';
}

/** One line of a rental's history. */
export function changeInWords({ reason, detail, addedMs }: ChangeView): string {
  const words: Record<string, string> = {
    booked: 'Booked.',
    started: 'Started.',
    time_over: 'Its time was over.',
    ended_by_customer: 'You ended it.',
    number_lost: 'Its SIM could not be read any more, so it ended. What the outage took came back.',
    canceled_by_customer: 'You canceled it.',
    no_number_at_start: 'No number was free at its start, so it was canceled.',
    extended: `Extended by ${durationInWords(addedMs)}.`,
    extended_by_itself: `Extended by itself, by ${durationInWords(addedMs)}.`,
    not_extended_by_itself: 'Not extended by itself:',
    outage_added: `Its end moved by ${durationInWords(addedMs)} because of an outage.`,
    share_invited: 'You invited to read it:',
    share_accepted: 'Reads it from now on:',
    share_declined: 'Does not want to read it:',
    share_left: 'Reads it no longer, by own choice:',
    share_ended: 'You ended the share with:',
    other_number: 'You got another number:',
  };
  return [words[reason] ?? reason, detail].filter(Boolean).join(' ');
}
