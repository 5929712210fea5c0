import type { Clock } from '../lib/clock.ts';

/**
 * What to do about a modem in trouble before its port is opened again: nothing but opening it, restarting it by its own command, taking it
 * off and on the USB bus, or switching the power of its hub's port. Each rung only when the one before did not help.
 */
export type Step = 'reopen' | 'reset' | 'reauthorise' | 'cycle_power';

/** How one session ended. `answered`: the modem spoke at all · `served`: its SIM was ready · `mute`: it ended because answers stayed out. */
export interface Ended {
  answered: boolean;
  served: boolean;
  mute: boolean;
}

/** Troubles in a row at which the rungs begin (modems.md counts three for reopening; ModemManager gives up a port at ten time-outs). */
const RESET_FROM = 3;
const REAUTHORISE_FROM = 6;
const CYCLE_FROM = 9;

/** Counts the troubles of one slot and names the next step. */
export class Watchdog {
  private troubles = 0;

  /** A session ended. One that served its SIM and lost the line otherwise (unplugged, moved) is no trouble. */
  ended({ answered, served, mute }: Ended, usbPower: boolean): Step {
    this.troubles = mute ? (served ? 1 : this.troubles + 1) : 0;
    if (this.troubles < RESET_FROM) return 'reopen';
    if (usbPower && this.troubles >= CYCLE_FROM) return 'cycle_power';
    if (usbPower && (this.troubles >= REAUTHORISE_FROM || !answered)) return 'reauthorise';
    return answered ? 'reset' : 'reopen';
  }

  get troublesInARow(): number {
    return this.troubles;
  }

  get inTrouble(): boolean {
    return this.troubles >= RESET_FROM;
  }
}

export type Permission = { ok: true } | { ok: false; detail: string };

/** One modem is restarted at most once in this time, neighbours on one hub not within that time, and of the whole bank only so many. */
const SAME_MODEM_MS = 10 * 60_000;
const NEIGHBOUR_MS = 60_000;
const BANK_MS = 60_000;
const BANK_MOST = 3;

/** The restarts of a whole bank: a bad hub or a carrier's outage must not end in restarting everything for ever. */
export class ResetBudget {
  private readonly clock: Clock;
  private readonly areNeighbours: (slot: string, other: string) => boolean;
  private taken: { slot: string; atMs: number }[] = [];

  /** `areNeighbours`: whether two slots hang on one hub, where power and bus are shared. */
  constructor(clock: Clock, areNeighbours: (slot: string, other: string) => boolean) {
    this.clock = clock;
    this.areNeighbours = areNeighbours;
  }

  /** Takes one restart of `slot` from the budget, or says why not now. */
  take(slot: string): Permission {
    const nowMs = this.clock.monotonicMs();
    this.taken = this.taken.filter(({ atMs }) => nowMs - atMs < SAME_MODEM_MS);
    const own = this.taken.find((one) => one.slot === slot);
    if (own !== undefined) return { ok: false, detail: `it was restarted ${minutesAgo(nowMs - own.atMs)}; at most once in 10 minutes` };
    const recent = this.taken.filter(({ atMs }) => nowMs - atMs < Math.max(NEIGHBOUR_MS, BANK_MS));
    const neighbour = recent.find((one) => this.areNeighbours(slot, one.slot));
    if (neighbour !== undefined) return { ok: false, detail: `its neighbour on the hub (${neighbour.slot}) was restarted a moment ago` };
    if (recent.length >= BANK_MOST) return { ok: false, detail: `${BANK_MOST} modems were restarted within a minute; the others wait` };
    this.taken.push({ slot, atMs: nowMs });
    return { ok: true };
  }

  /** The restart taken last for this slot did not come about: it was refused, or not possible. */
  giveBack(slot: string): void {
    const at = this.taken.findLastIndex((one) => one.slot === slot);
    if (at >= 0) this.taken.splice(at, 1);
  }
}

function minutesAgo(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 1 ? 'less than a minute ago' : `${minutes} minute${minutes === 1 ? '' : 's'} ago`;
}
