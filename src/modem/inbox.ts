import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { AtChannel, AtLine } from './at.ts';
import { acknowledge } from './commands.ts';
import { type JobQueue, Priority } from './jobs.ts';
import { type Entry, fits, isOutgoing } from './listing.ts';
import { listStorage, readIndex } from './reading.ts';
import { Removals } from './removals.ts';
import type { ReadHow, ReadPart, SimIdentity, SourceListener } from './source.ts';
import type { ModemStatus } from './status.ts';
import type { Storages } from './storages.ts';

/** Called between reading and storing, and between storing and deleting: where a test can stop the process. */
export interface SourceHooks {
  afterRead?(): void | Promise<void>;
  afterCommit?(): void | Promise<void>;
}

export interface InboxDeps {
  sim: SimIdentity;
  channel: AtChannel;
  jobs: JobQueue;
  storages: Storages;
  listener: SourceListener;
  status: ModemStatus;
  clock: Clock;
  log: Log;
  hooks: SourceHooks;
  /** True when this modem waits for AT+CNMA after a message it pushed (AT+CSMS service 1). */
  acknowledges: boolean;
  /** The SIM that was in this modem before, if another: what the modem's own storage holds at the start is that one's. */
  formerIccid: string | null;
  /** Asks for a sweep soon: something may lie unread. */
  wantSweep(reason: string): void;
}

interface Found {
  entry: Entry;
  storage: string;
  how: ReadHow;
  /** How often this place had been emptied when the entry was read: the place may hold another message by the time it is stored. */
  emptied: number;
}

/** At this fill outgoing messages, which nobody waits for, are deleted too. */
const CROWDED = 0.8;
/** The one storage that leaves with the SIM. */
const SIM_STORAGE = 'SM';
const PUSHED_RETRY_MS = 1_000;

/**
 * Takes the messages of one SIM off its modem: reads them, has them stored, and deletes only what is stored. Nothing here waits for a
 * commit before it reads the next message.
 */
export class Inbox {
  private readonly deps: InboxDeps;
  private readonly removals: Removals;
  /** Entries that stay on the modem (damaged, outgoing) and are stored already: place to PDU. */
  private readonly kept = new Map<string, string>();
  private reading = 0;
  private storing = 0;
  /** Something announced is still on the modem, unread or unstored, until a sweep has been through. */
  private owed = false;
  private ended = false;
  private sweptOnce = false;
  private settling: (() => void)[] = [];

  constructor(deps: InboxDeps) {
    this.deps = deps;
    this.removals = new Removals(deps);
  }

  /** +CMTI: reads at once. `announcedAt` is when the announcement's last octet came. */
  announced(storage: string | null, index: number | null, announcedAt: AtLine): void {
    const { names } = this.deps.storages;
    if (index === null || storage === null || !names.includes(storage)) return this.owe('a message was announced without a usable place');
    // The place is in use again, so a delete still waiting for it would hit the wrong message.
    this.removals.cancel(storage, index);
    this.reading++;
    void this.readAnnounced(storage, index, announcedAt).finally(() => {
      this.reading--;
      this.checkSettled();
    });
  }

  /** +CMT or +CDS: stored as it came, acknowledged only afterwards. */
  pushed(pdu: string | null, length: number | null, line: AtLine): void {
    if (pdu === null) return this.owe('a pushed message was damaged');
    const sound = length !== null && fits(pdu, length);
    const { atMs, monotonicMs } = line;
    const part = this.part({ index: 0, stat: null, pdu, length: sound ? length : null, atMs, monotonicMs }, null, 'direct');
    void this.keepPushed({ ...part, index: null });
  }

  /**
   * Reads every storage, stores what is there and queues its deletion. True when all storages were read and stored. What becomes of the
   * deletions shows in `removed()`.
   */
  async sweep(): Promise<boolean> {
    const wasOwed = this.owed;
    this.owed = false;
    let complete = true;
    // The storage new messages come to is listed last, so that it stays selected for the next announcement.
    for (const name of this.deps.storages.names.toReversed()) {
      if (this.ended || !(await this.sweepStorage(name))) complete = false;
    }
    if (complete) {
      this.sweptOnce = true;
      this.deps.status.update({ lastSweepAtMs: this.deps.clock.nowMs() });
    } else if (wasOwed) {
      this.owed = true;
    }
    this.checkSettled();
    return complete;
  }

  /** Resolves when no delete waits any more. */
  removed(): Promise<void> {
    return this.removals.idle();
  }

  /** Drops the deletes that wait: after a fault the modem is listed again before anything is deleted. */
  distrust(): void {
    this.removals.cancelAll();
  }

  /** Resolves when no announced message is unread or unstored; at once when none is, or when this SIM's time is over. */
  settled(): Promise<void> {
    if (this.isSettled()) return Promise.resolve();
    return new Promise((resolve) => {
      this.settling.push(resolve);
    });
  }

  /** The SIM's time is over: nothing is deleted any more. Resolves when what was being stored is stored or refused. */
  async end(): Promise<void> {
    this.ended = true;
    this.removals.cancelAll();
    this.checkSettled();
    while (this.storing > 0) await new Promise<void>((resolve) => this.settling.push(resolve));
  }

  private isSettled(): boolean {
    return this.storing === 0 && (this.ended || (this.reading === 0 && !this.owed));
  }

  private checkSettled(): void {
    if (!this.isSettled()) return;
    const settling = this.settling;
    this.settling = [];
    for (const resolve of settling) resolve();
  }

  private owe(reason: string): void {
    this.owed = true;
    this.deps.wantSweep(reason);
  }

  private async readAnnounced(storage: string, index: number, announcedAt: AtLine): Promise<void> {
    const { jobs, channel, storages } = this.deps;
    const read = await jobs.add(Priority.read, async () => {
      const outcome = await readIndex(channel, storages, storage, index);
      return { outcome, emptied: this.removals.emptied(storage, index) };
    });
    if (read === null || this.ended) return;
    const { outcome, emptied } = read;
    // Nothing there: an earlier sweep took it, or the modem named another place than it meant.
    if (!outcome.ok) return this.owe(outcome.gone ? 'an announced message was not there' : 'an announced message could not be read');
    const { atMs, monotonicMs } = announcedAt;
    await this.keep([{ entry: { ...outcome.entry, atMs, monotonicMs }, storage, how: 'urc', emptied }]);
  }

  /** A pushed message lies nowhere on the modem, so what could not be stored is tried again from here. */
  private async keepPushed(part: ReadPart): Promise<void> {
    this.reading++;
    let stored = await this.store([part]);
    while (!stored && !this.ended) {
      await Bun.sleep(PUSHED_RETRY_MS);
      stored = await this.store([part]);
    }
    this.reading--;
    this.checkSettled();
    if (stored && this.deps.acknowledges && !this.ended) await this.deps.jobs.command(Priority.read, this.deps.channel, acknowledge);
  }

  private async sweepStorage(storage: string): Promise<boolean> {
    const { jobs, channel, storages } = this.deps;
    const found = await jobs.add(Priority.sweep, async () => {
      const outcome = await listStorage(channel, storages, storage);
      if (!outcome.ok) return null;
      return outcome.entries.map(
        (entry): Found => ({ entry, storage, how: 'sweep', emptied: this.removals.emptied(storage, entry.index) }),
      );
    });
    return found !== null && !this.ended && this.keep(found);
  }

  /** Stores what was found and queues the deletion of what may go. True when stored (or nothing was new). */
  private async keep(found: readonly Found[]): Promise<boolean> {
    const fresh = found.filter(({ entry, storage }) => this.kept.get(placeOf(storage, entry.index)) !== entry.pdu);
    if (fresh.length > 0 && !(await this.store(fresh.map(({ entry, storage, how }) => this.part(entry, storage, how))))) return false;
    if (this.ended) return true;
    for (const item of found) this.dispose(item);
    return true;
  }

  private dispose({ entry, storage, emptied }: Found): void {
    const { storages, status } = this.deps;
    const fill = storages.fill(storage);
    const crowded = fill !== null && fill.total > 0 && fill.used / fill.total >= CROWDED;
    const damaged = entry.length === null;
    if (damaged || (isOutgoing(entry) && !crowded)) {
      const place = placeOf(storage, entry.index);
      if (damaged && this.kept.get(place) !== entry.pdu) status.fault(`${storage} ${entry.index} is damaged; it was kept on the modem`);
      this.kept.set(place, entry.pdu);
      return;
    }
    this.kept.delete(placeOf(storage, entry.index));
    if (this.removals.emptied(storage, entry.index) === emptied) this.removals.add(storage, entry.index);
  }

  private async store(parts: ReadPart[]): Promise<boolean> {
    const { hooks, listener, status, log, sim } = this.deps;
    this.storing++;
    try {
      if (hooks.afterRead !== undefined) await hooks.afterRead();
      await listener.store(parts);
      if (hooks.afterCommit !== undefined) await hooks.afterCommit();
      this.count(parts);
      return true;
    } catch (thrown) {
      log.error('modem.store_failed', { slot: sim.slot, parts: parts.length, error: messageOf(thrown) });
      status.fault(`${parts.length} message parts could not be stored: ${messageOf(thrown)}`);
      this.owe('messages could not be stored');
      return false;
    } finally {
      this.storing--;
      this.checkSettled();
    }
  }

  private count(parts: readonly ReadPart[]): void {
    const { status, clock } = this.deps;
    const { partsByUrc, partsBySweep } = status.snapshot();
    const swept = parts.filter((part) => part.how === 'sweep').length;
    status.update({
      partsByUrc: partsByUrc + parts.length - swept,
      partsBySweep: partsBySweep + swept,
      lastPartAtMs: clock.nowMs(),
    });
  }

  private part(entry: Entry, storage: string | null, how: ReadHow): ReadPart {
    const { iccid: present, imei, slot } = this.deps.sim;
    const iccid =
      storage === null || storage === SIM_STORAGE || how !== 'sweep' || this.sweptOnce ? present : (this.deps.formerIccid ?? present);
    const { index, pdu, length, stat, atMs, monotonicMs } = entry;
    return { iccid, imei, slot, storage, index, pdu, length, stat, how, arrivedAtMs: atMs, arrivedMonotonicMs: monotonicMs };
  }
}

function placeOf(storage: string, index: number): string {
  return `${storage} ${index}`;
}
