import type { Alarms } from './alarms.ts';
import type { Emulator } from './emulator.ts';

/** Nobody talks to the modem any more: it stops repeating itself. */
const ALONE_MS = 60_000;

export interface ChatterDeps {
  emulator: Emulator;
  alarms: Alarms;
  nowMs(): number;
  say(line: string): void;
}

/** The lines some families repeat all the time, one each turn, as long as somebody talks to the modem. */
export class Chatter {
  private readonly deps: ChatterDeps;
  private heardAtMs = 0;
  private going = false;

  constructor(deps: ChatterDeps) {
    this.deps = deps;
  }

  /** Somebody talked to the modem. */
  heard(): void {
    this.heardAtMs = this.deps.nowMs();
    if (!this.going && this.deps.emulator.flood !== null) this.turn(0);
  }

  /** The power is gone, and its timers with it. */
  stop(): void {
    this.going = false;
  }

  private turn(at: number): void {
    const { emulator, alarms, nowMs, say } = this.deps;
    const { flood } = emulator;
    this.going = flood !== null && nowMs() - this.heardAtMs <= ALONE_MS;
    if (flood === null || !this.going) return;
    say(flood.lines[at % flood.lines.length] ?? '');
    alarms.after(flood.everyMs, () => this.turn(at + 1));
  }
}
