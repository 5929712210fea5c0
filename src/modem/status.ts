import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { AlarmCode, ModemEventKind, ModemSnapshot, SourceListener } from './source.ts';

const MODEM_UNKNOWN = {
  virtual: false,
  imei: null,
  manufacturer: null,
  model: null,
  firmware: null,
  profile: null,
  baud: null,
  roundTripMs: null,
} as const;

const SIM_UNKNOWN = {
  iccid: null,
  lockedCard: null,
  imsi: null,
  number: null,
  carrier: null,
  registration: null,
  signalDbm: null,
  radio: null,
  plmn: null,
  storage: null,
} as const;

/** Alarms that end with the SIM's time; those about device, power and cable stay. */
const ABOUT_THE_SIM: readonly AlarmCode[] = [
  ...(['pin', 'puk', 'denied', 'storage_filling', 'storage_full', 'damaged_message', 'unlistable', 'silent_announcements'] as const),
];

/** What is known of the modem in one slot; tells the listener of each change. Counters live as long as the slot, not as a session. */
export class ModemStatus {
  private state: ModemSnapshot;
  private readonly listener: SourceListener;
  private readonly log: Log;
  private readonly clock: Clock;

  constructor(slot: string, port: string, deps: { listener: SourceListener; log: Log; clock: Clock }) {
    this.listener = deps.listener;
    this.log = deps.log;
    this.clock = deps.clock;
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
      disconnects: 0,
      resets: 0,
      alarms: [],
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
    this.happened('fault', text);
  }

  /** Writes a line of history. `detail` holds no PIN, no code and no text of a message. */
  happened(kind: ModemEventKind, detail: string, alarm?: AlarmCode): void {
    const { slot, port, imei, iccid } = this.state;
    try {
      const event = { atMs: this.clock.nowMs(), kind, slot, port, imei, iccid, detail };
      this.listener.happened(alarm === undefined ? event : { ...event, alarm });
    } catch (thrown) {
      this.log.error('modem.listener_failed', { slot, error: messageOf(thrown) });
    }
  }

  /** Raises an alarm, or keeps it with the new text; the time it was raised first stays. */
  raise(code: AlarmCode, text: string): void {
    const standing = this.state.alarms.find((alarm) => alarm.code === code);
    if (standing?.text === text) return;
    const alarm = { code, text, sinceMs: standing?.sinceMs ?? this.clock.nowMs() };
    this.update({ alarms: [...this.state.alarms.filter((other) => other.code !== code), alarm] });
    if (standing === undefined) {
      this.log.warn('modem.alarm', { slot: this.state.slot, alarm: code, text });
      this.happened('alarm_raised', text, code);
    }
  }

  clear(code: AlarmCode): void {
    const standing = this.state.alarms.find((alarm) => alarm.code === code);
    if (standing === undefined) return;
    this.update({ alarms: this.state.alarms.filter((alarm) => alarm !== standing) });
    this.happened('alarm_cleared', standing.text, code);
  }

  /** What was known of the SIM, and what was wrong with it, is not known any more. */
  forgetSim(): void {
    this.update(SIM_UNKNOWN);
    for (const code of ABOUT_THE_SIM) this.clear(code);
  }

  forgetModem(): void {
    this.forgetSim();
    this.update(MODEM_UNKNOWN);
  }
}
