import type { Log } from './log.ts';

/** Work of the house itself that nobody waits for, and that can fail unseen. */
export type TroubleCode =
  | 'price_schedule'
  | 'history'
  | 'history_thinning'
  | 'virtual_bank'
  | 'status_record'
  | 'alarm_watch'
  | 'waiting_list'
  | 'disk'
  | 'writes'
  | 'backup'
  | 'house_minutes'
  | 'sim_reminders';

/** Something that failed in the background, for as long as it does. */
export interface Trouble {
  code: TroubleCode;
  /** In plain words; never a text of a message, a code or a PIN. */
  text: string;
  sinceMs: number;
}

/** Where background work says that it failed and that it works again, so that the operator sees it (the bank page) and not the log alone. */
export interface Troubles {
  /** It failed (again): the trouble stands with the newest text, from when it began. */
  failed(code: TroubleCode, text: string): void;
  mended(code: TroubleCode): void;
  standing(): readonly Trouble[];
  /** How often each failed since the start. */
  times(code: TroubleCode): number;
  /** All that ever failed since the start. */
  known(): { code: TroubleCode; times: number; isStanding: boolean }[];
}

export function openTroubles(nowMs: () => number): Troubles {
  const standing = new Map<TroubleCode, Trouble>();
  const times = new Map<TroubleCode, number>();
  return {
    failed(code, text) {
      standing.set(code, { code, text, sinceMs: standing.get(code)?.sinceMs ?? nowMs() });
      times.set(code, (times.get(code) ?? 0) + 1);
    },
    mended: (code) => void standing.delete(code),
    standing: () => [...standing.values()],
    times: (code) => times.get(code) ?? 0,
    known: () => [...times].map(([code, count]) => ({ code, times: count, isStanding: standing.has(code) })),
  };
}

/** The same log, and how many errors were written to it: what has no trouble of its own is at least counted where the operator looks. */
export function countErrors(log: Log): { log: Log; errors(): number } {
  let count = 0;
  const error: Log['error'] = (event, fields) => {
    count++;
    log.error(event, fields);
  };
  return { log: { ...log, error }, errors: () => count };
}
