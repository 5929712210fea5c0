/**
 * The seam between modems and the rest of the house: a source of messages reports what it reads to a `SourceListener` and deletes on the
 * device only what the listener has stored. The local bank is one source; a remote site would be another. This room knows no database.
 */

import type { NumberSource } from './memory.ts';

/** How a part was noticed: announced by +CMTI and read at once, found by a sweep of the storage, or pushed whole by +CMT. */
export type ReadHow = 'urc' | 'sweep' | 'direct';

/** One SMS part as it lay on (or was pushed by) a modem. */
export interface ReadPart {
  /** The card it came for; null where that cannot be told, as after a change of cards: then it is nobody's, and the operator's to see. */
  iccid: string | null;
  imei: string;
  slot: string;
  /** `SM`, `ME` …, or null when the modem pushed it without storing. */
  storage: string | null;
  index: number | null;
  /** The hex line exactly as read, upper case. */
  pdu: string;
  /** The TPDU length in octets from the header line (TS 27.005 <length>), null when the header was damaged. */
  length: number | null;
  /** <stat> of TS 27.005: 0 unread, 1 read, 2 unsent, 3 sent; null when not given. */
  stat: number | null;
  how: ReadHow;
  /** When the last octet of the announcement (urc, direct) or of the listing entry (sweep) was read. */
  arrivedAtMs: number;
  /** The same moment on the monotonic clock, for measuring our own share of the delivery time. */
  arrivedMonotonicMs: number;
}

export type ModemState =
  | 'opening'
  | 'initialising'
  | 'sim_missing'
  | 'pin_required'
  | 'puk_required'
  | 'sweeping'
  | 'ready'
  | 'failed'
  /** The operator took it out of service. */
  | 'paused'
  | 'gone';

/** Registration of TS 27.007 +CREG: `home` and `roaming` can receive. */
export type Registration = 'idle' | 'home' | 'searching' | 'denied' | 'unknown' | 'roaming';

/** Who is in a slot, known before the first message is read. */
export interface SimIdentity {
  slot: string;
  /** The device path or tcp:// address now used to talk to it. */
  port: string;
  imei: string;
  manufacturer: string | null;
  model: string | null;
  firmware: string | null;
  iccid: string;
  imsi: string | null;
  /** E.164 as the SIM or its network tells it, and by which way, or null. */
  number: string | null;
  numberSource: NumberSource | null;
  virtual: boolean;
}

/**
 * Something an operator should look at, for as long as it lasts. `storage_filling`: four fifths of the places are taken · `storage_full`: no
 * SMS can arrive · `damaged_message`: one lies there that cannot be read whole · `unlistable`: the
 * SIM's messages cannot be listed, so none can be read · `silent_announcements`: messages are found by sweeps only ·
 * `denied`: the network refuses the SIM · `pin` and `puk`: the SIM asks for one · `unplugging`: it keeps vanishing (power, cable, hub) ·
 * `unresponsive`: it had to be restarted · `cloned_imei`: another modem tells the same IMEI.
 */
export type AlarmCode =
  | 'storage_filling'
  | 'storage_full'
  | 'damaged_message'
  | 'unlistable'
  | 'silent_announcements'
  | 'denied'
  | 'pin'
  | 'puk'
  | 'unplugging'
  | 'unresponsive'
  | 'cloned_imei';

export interface Alarm {
  code: AlarmCode;
  text: string;
  sinceMs: number;
}

/** What goes into the history of a slot and of the SIM in it. */
export type ModemEventKind =
  | 'opened'
  | 'closed'
  | 'ready'
  | 'lost'
  | 'sim_changed'
  | 'restarted'
  | 'reset'
  | 'fault'
  | 'alarm_raised'
  | 'alarm_cleared'
  | 'pin_sent'
  | 'number_learned'
  | 'repaired'
  | 'paused'
  | 'resumed';

export interface ModemEvent {
  atMs: number;
  kind: ModemEventKind;
  slot: string;
  port: string;
  imei: string | null;
  iccid: string | null;
  /** In plain words; never a PIN, a code or the text of a message. */
  detail: string;
  /** Which alarm, of `alarm_raised` and `alarm_cleared`: an AlarmCode, or one the house found itself. */
  alarm?: string;
}

export interface LockedCard {
  iccid: string;
  /** How many of its three tries may be gone by PINs sent from here; what the modem itself tells counts more. */
  spent: number;
}

/** Everything shown of one modem; sent anew on each change. */
export interface ModemSnapshot {
  slot: string;
  port: string;
  state: ModemState;
  /** Why it is not ready, in plain words, or null. */
  detail: string | null;
  virtual: boolean;
  imei: string | null;
  manufacturer: string | null;
  model: string | null;
  firmware: string | null;
  iccid: string | null;
  /** The card that asks for its PIN, where it tells its ICCID before; else null. */
  lockedCard: LockedCard | null;
  imsi: string | null;
  number: string | null;
  /** Network name, from +COPS?. */
  carrier: string | null;
  registration: Registration | null;
  signalDbm: number | null;
  /** How it is connected: `2G` to `5G`, or `NB-IoT`; null when unknown. Some carriers deliver no SMS over some of them. */
  radio: string | null;
  /** MCC and MNC of the network, as digits, or null. */
  plmn: string | null;
  storage: { name: string; used: number; total: number } | null;
  partsByUrc: number;
  partsBySweep: number;
  /** Timeouts, garbage and refused commands since the port was first opened. */
  errors: number;
  lastError: string | null;
  lastSweepAtMs: number | null;
  lastPartAtMs: number | null;
  /** The name of the quirk profile in use (setup/profiles.json), or null before it is known. */
  profile: string | null;
  /** Baud rate in use, null over TCP and where it means nothing. */
  baud: number | null;
  /** How long the last answered command took, in milliseconds. */
  roundTripMs: number | null;
  /** How often the port went away, and how often the modem was restarted by us, since the start. */
  disconnects: number;
  resets: number;
  alarms: readonly Alarm[];
}

export interface SourceListener {
  /** Called before the first read of a SIM; parts of it follow only after this resolved. */
  identified(sim: SimIdentity): Promise<void>;
  /** Stores the parts durably. Only after it resolves may the source delete them on the device; if it rejects, they stay there. */
  store(parts: readonly ReadPart[]): Promise<void>;
  /**
   * The SIM's whole storage has been read and stored since its port was opened: from here on messages come live. Resolves when the house
   * knows, so that the source may then report `ready`. Called again, without `identified`, when a storage that was full has room once more.
   */
  ready(sim: SimIdentity): Promise<void>;
  /**
   * The SIM cannot be read any more (unplugged, frozen, swapped, closing), or nothing can arrive (its storage is full). `reason` in plain
   * words. Exactly one follows each `ready`, with the identity `ready` had; none comes for a SIM that was identified only.
   */
  lost(sim: SimIdentity, reason: string): Promise<void>;
  /** A state, health or counter changed. Cheap and synchronous. */
  changed(modem: ModemSnapshot): void;
  /** Something for the history happened. Cheap and synchronous; what is written of it is the listener's affair. */
  happened(event: ModemEvent): void;
}
