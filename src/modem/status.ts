import { type Log, messageOf } from '../lib/log.ts';
import type { ModemSnapshot, SourceListener } from './source.ts';

const MODEM_UNKNOWN = {
  virtual: false,
  imei: null,
  manufacturer: null,
  model: null,
  firmware: null,
} as const;

const SIM_UNKNOWN = {
  iccid: null,
  imsi: null,
  number: null,
  carrier: null,
  registration: null,
  signalDbm: null,
  storage: null,
} as const;

/** What is known of the modem in one slot; tells the listener of each change. Counters live as long as the slot, not as a session. */
export class ModemStatus {
  private state: ModemSnapshot;
  private readonly listener: SourceListener;
  private readonly log: Log;

  constructor(slot: string, port: string, listener: SourceListener, log: Log) {
    this.listener = listener;
    this.log = log;
    this.state = {
      slot,
      port,
      state: 'opening',
      detail: null,
      ...MODEM_UNKNOWN,
      ...SIM_UNKNOWN,
      partsByUrc: 0,
      partsBySweep: 0,
      errors: 0,
      lastError: null,
      lastSweepAtMs: null,
      lastPartAtMs: null,
    };
  }

  snapshot(): ModemSnapshot {
    return { ...this.state };
  }

  update(patch: Partial<ModemSnapshot>): void {
    const before = this.state;
    this.state = { ...before, ...patch };
    if (JSON.stringify(before) === JSON.stringify(this.state)) return;
    try {
      this.listener.changed(this.snapshot());
    } catch (thrown) {
      this.log.error('modem.listener_failed', { slot: this.state.slot, error: messageOf(thrown) });
    }
  }

  /** Counts a fault and keeps its text. */
  fault(text: string): void {
    this.log.warn('modem.fault', { slot: this.state.slot, fault: text });
    this.update({ errors: this.state.errors + 1, lastError: text });
  }

  forgetSim(): void {
    this.update(SIM_UNKNOWN);
  }

  forgetModem(): void {
    this.update({ ...MODEM_UNKNOWN, ...SIM_UNKNOWN });
  }
}
