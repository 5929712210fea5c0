import { decodePdu } from '../../gsm/deliver.ts';
import type { Dialect, StorageName } from './dialect.ts';
import type { FaultSet } from './fault-set.ts';
import { MessageStorage, type StoredPdu } from './storage.ts';
import { strangers } from './strangers.ts';

/** The messages of one modem as they survive its process. */
export interface MailMemory {
  sm: [number, StoredPdu][];
  me: [number, StoredPdu][];
  sr?: [number, StoredPdu][];
  /** Messages the network still holds because no place was free, the modem was off, or they are late. */
  network: StoredPdu[];
}

/** What the mailbox must know of its modem. */
export interface MailSettings {
  notification: readonly number[];
  service: number;
  /** The storage new messages go to. */
  receiving: StorageName;
  /** The network reaches the modem. */
  reachable: boolean;
  /** Announcements come out on this port. */
  heard: boolean;
}

export interface MailboxOptions {
  dialect: Dialect;
  faults: FaultSet;
  smCapacity: number;
  meCapacity: number;
  memory?: MailMemory;
  settings(): MailSettings;
  nowMs(): number;
  onChange(): void;
}

interface Waiting {
  message: StoredPdu;
  /** It was pushed before and nobody acknowledged it: this time it is stored. */
  again: boolean;
}

/** Waiting until a time; `again`: pushed and not acknowledged yet. */
interface Held extends Waiting {
  dueAtMs: number;
}

const STORED = 1;
const PUSHED = 2;
const REPORTS_CAPACITY = 20;
/** So long the network waits for the acknowledgement of a pushed message before it delivers it again, to be stored. */
const AGAIN_MS = 5_000;
const OTHER_STORAGE: Record<StorageName, StorageName> = { SM: 'ME', ME: 'SM', SR: 'SM' };

/**
 * The storages of a modem and the network's queue before them. No accepted message ever gets lost here: it lies in a storage, or waits in the
 * queue, until the reader deletes it (AT+CMGD) or acknowledges it (AT+CNMA). A pushed message nobody acknowledged comes again, stored.
 */
export class Mailbox {
  storages: Record<StorageName, MessageStorage>;
  private network: Waiting[];
  private held: Held[] = [];
  private readonly options: MailboxOptions;

  constructor(options: MailboxOptions) {
    const { dialect, memory, smCapacity, meCapacity } = options;
    this.options = options;
    this.storages = {
      SM: new MessageStorage(smCapacity, memory?.sm, dialect.indexBase),
      ME: new MessageStorage(meCapacity, memory?.me, dialect.indexBase),
      SR: new MessageStorage(REPORTS_CAPACITY, memory?.sr, dialect.indexBase),
    };
    this.network = (memory?.network ?? []).map((message) => ({ message, again: false }));
  }

  /** A message arrives from the network. What the modem says about it (empty when it says nothing), and where it went. */
  deliver(message: StoredPdu): { announcement: string; where: StorageName | 'network' } {
    const { reachable, receiving } = this.options.settings();
    const waiting: Waiting = { message, again: false };
    const announcement = reachable && this.network.length === 0 ? this.take(waiting) : null;
    if (announcement === null) this.network.push(waiting);
    this.options.onChange();
    if (announcement === null) return { announcement: '', where: 'network' };
    return { announcement, where: this.held.some((entry) => entry.message === message) ? 'network' : receiving };
  }

  /** Leaves a message in the network, as for a modem that is switched off; with `dueAtMs` until then whatever happens. */
  holdBack(message: StoredPdu, dueAtMs?: number): void {
    if (dueAtMs === undefined) this.network.push({ message, again: false });
    else this.held.push({ message, dueAtMs, again: false });
    this.options.onChange();
  }

  /** Delivers what the network holds as far as there is room; the announcements. */
  release(): string {
    let announcements = '';
    while (this.options.settings().reachable) {
      const [first] = this.network;
      const said = first === undefined ? null : this.take(first);
      if (said === null) break;
      this.network.shift();
      announcements += said;
      this.options.onChange();
    }
    return announcements;
  }

  /** Late messages whose time has come go to the end of the queue; `all`: every one. Then as `release`. */
  releaseDue(all = false): string {
    const nowMs = this.options.nowMs();
    const due = this.held.filter((entry) => all || entry.dueAtMs <= nowMs);
    this.held = this.held.filter((entry) => !due.includes(entry));
    this.network.push(...due);
    return this.release();
  }

  /** When the next late message is due, or null. */
  get nextDueAtMs(): number | null {
    return this.held.length === 0 ? null : Math.min(...this.held.map(({ dueAtMs }) => dueAtMs));
  }

  /** AT+CNMA: the oldest pushed message is the reader's now; false when there is none to acknowledge. */
  acknowledge(): boolean {
    const at = this.options.settings().service === 1 ? this.held.findIndex(({ again }) => again) : -1;
    if (at < 0) return false;
    this.held.splice(at, 1);
    this.options.onChange();
    return true;
  }

  /** Fills the receiving storage with messages of strangers; the notice of it. */
  fill(): string {
    const { receiving } = this.options.settings();
    const storage = this.storages[receiving];
    for (const message of strangers(storage.capacity - storage.used)) storage.add(message);
    this.options.onChange();
    return this.fullNotice(receiving);
  }

  /** Takes the strangers' messages out that are still there. */
  unfill(): string {
    for (const storage of Object.values(this.storages)) storage.deleteForeign();
    this.options.onChange();
    return this.release();
  }

  /** Another SIM: what lay on the old one, and what the network held for its number, went with it. */
  changeSim(): void {
    const { SM } = this.storages;
    this.storages = { ...this.storages, SM: new MessageStorage(SM.capacity, [], SM.base) };
    this.network = [];
    this.held = [];
    this.options.onChange();
  }

  memory(): MailMemory {
    const { SM, ME, SR } = this.storages;
    const network = [...this.network, ...this.held].map(({ message }) => message);
    return { sm: SM.entries(), me: ME.entries(), ...(SR.used === 0 ? {} : { sr: SR.entries() }), network };
  }

  /** Stores or pushes a message; what is said of it, or null when there is no room. */
  private take({ message, again }: Waiting): string | null {
    const { notification, receiving, heard } = this.options.settings();
    const { faults, nowMs } = this.options;
    const pushes = notification[1] === PUSHED || (notification[1] === STORED && faults.isOn('pushed') && this.isForPushing(message));
    if (pushes && heard && !again) {
      this.held.push({ message, again: true, dueAtMs: nowMs() + faults.figure('pushed', 'again_ms', AGAIN_MS) });
      return `\r\n+CMT: ,${message.length}\r\n${message.pdu}\r\n`;
    }
    const storage = this.storages[receiving];
    const index = storage.add(message);
    if (index === null) return null;
    return this.announcement(receiving, index) + (storage.used === storage.capacity ? this.fullNotice(receiving) : '');
  }

  /** With the parameter `class0` only flash messages are pushed, as many modems do it (TS 23.038 4, class 0). */
  private isForPushing({ pdu }: StoredPdu): boolean {
    return this.options.faults.figure('pushed', 'class0', 0) === 0 || decodePdu(pdu, { smsc: 'present' }).messageClass === 0;
  }

  private announcement(receiving: StorageName, index: number): string {
    const { notification, heard } = this.options.settings();
    if (!heard || (notification[1] !== STORED && notification[1] !== PUSHED)) return '';
    const { faults, dialect } = this.options;
    const storage = faults.isOn('wrong_storage') ? OTHER_STORAGE[receiving] : receiving;
    if (faults.isOn('no_index')) return `\r\n+CMTI: ${index % 2 === 0 ? `"${storage}"` : ''},-1\r\n`;
    return `\r\n+CMTI: ${dialect.cmti.replace('{storage}', storage).replace('{index}', String(index))}\r\n`;
  }

  private fullNotice(storage: StorageName): string {
    const { dialect, settings } = this.options;
    return dialect.fullNotice === null || !settings().heard ? '' : `\r\n${dialect.fullNotice.replace('{storage}', storage)}\r\n`;
  }
}
