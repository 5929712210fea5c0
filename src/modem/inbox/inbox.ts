import { messageOf } from '../../lib/log.ts';
import type { AtChannel, AtLine } from '../at/channel.ts';
import { acknowledge } from '../at/commands.ts';
import type { ReadHow, ReadPart, SimIdentity } from '../source.ts';
import { type JobQueue, Priority } from './jobs.ts';
import { Kept } from './kept.ts';
import { type Entry, fits, isOutgoing } from './listing.ts';
import { Owners } from './owners.ts';
import { Proof } from './proof.ts';
import { listStorage, readIndex } from './reading.ts';
import { Removals } from './removals.ts';
import type { Listing } from './room.ts';
import type { Storages } from './storages.ts';
import { Storing, type StoringDeps } from './storing.ts';

export type { SourceHooks } from './storing.ts';

export interface InboxDeps extends StoringDeps {
  sim: SimIdentity;
  channel: AtChannel;
  jobs: JobQueue;
  storages: Storages;
  /** True when this modem waits for AT+CNMA after a message it pushed (AT+CSMS service 1). */
  acknowledges: boolean;
  /** Whether no other card than this SIM can have received what lies in the modem's own storage. */
  isOnlyCard: boolean;
  /** Every storage was read and what was found is stored: makes durable that what comes to lie there from now on is this SIM's. */
  readWhole(): Promise<void>;
  /** Asks for a sweep soon: something may lie unread. */
  wantSweep(reason: string): void;
}

interface Found {
  entry: Entry;
  storage: string;
  how: ReadHow;
  /** See `Removals.age`: the place may hold another message by the time this one is stored, or it was never this place's. */
  age: number;
}

/** At this fill what would stay for a while (outgoing messages, damaged ones) is deleted at once. */
const CROWDED = 0.8;

/**
 * Takes the messages of one SIM off its modem: reads them, has them stored, and deletes only what is stored. Nothing here waits for a
 * commit before it reads the next message.
 */
export class Inbox {
  private readonly deps: InboxDeps;
  private readonly removals: Removals;
  private readonly proof: Proof;
  private readonly owners: Owners;
  private readonly kept: Kept;
  private readonly storing: Storing;
  private ended = false;
  private listing: Listing | null = null;
  /** Announcements whose message is not read yet: a listing under way may show it first. */
  private readonly announcements = new Map<string, AtLine>();
  private announcementCount = 0;
  private surprises = 0;

  constructor(deps: InboxDeps) {
    this.deps = deps;
    this.storing = new Storing(deps);
    this.kept = new Kept(deps);
    this.owners = new Owners(deps.sim.iccid, deps.isOnlyCard);
    this.proof = new Proof(deps.channel, deps.storages);
    this.removals = new Removals({ ...deps, proof: this.proof });
  }

  /** What the last sweep found in the storage new messages come to; null when it could not be listed. */
  get received(): Listing | null {
    return this.listing;
  }

  /** How many announcements came, with or without a usable place. */
  get announcementsSeen(): number {
    return this.announcementCount;
  }

  /** How many messages the last sweep found that nobody had announced. */
  get unannounced(): number {
    return this.surprises;
  }

  /** +CMTI: reads at once. `announcedAt` is when the announcement's last octet came. */
  announced(storage: string | null, index: number | null, announcedAt: AtLine): void {
    const { names } = this.deps.storages;
    this.announcementCount++;
    if (index === null || storage === null || !names.includes(storage)) {
      return this.deps.wantSweep('a message was announced without a usable place');
    }
    // The place is in use again, so a delete still waiting for it would hit the wrong message.
    this.removals.cancel(storage, index);
    const place = placeOf(storage, index);
    this.announcements.set(place, announcedAt);
    void this.readAnnounced(storage, index, announcedAt).finally(() => {
      if (this.announcements.get(place) === announcedAt) this.announcements.delete(place);
    });
  }

  /** +CMT or +CDS: stored as it came, acknowledged only afterwards. `isOurs`: it came while this SIM was in the modem, not perhaps before. */
  pushed(pdu: string | null, length: number | null, line: AtLine, isOurs = true): void {
    if (pdu === null) return this.deps.wantSweep('a pushed message was damaged');
    const sound = length !== null && fits(pdu, length);
    const { atMs, monotonicMs } = line;
    const part = this.part({ index: 0, stat: null, pdu, length: sound ? length : null, atMs, monotonicMs }, null, 'direct');
    void this.keepPushed({ ...part, index: null, iccid: isOurs ? part.iccid : null });
  }

  /**
   * Reads every storage, stores what is there and queues its deletion. True when all storages were read and everything is stored, what was
   * announced before or pushed meanwhile included. What becomes of the deletions shows in `removed()`.
   */
  async sweep(): Promise<boolean> {
    this.listing = null;
    this.surprises = 0;
    const { ownerlessFound } = this.owners;
    // All listings queue at once, so that no delete gets between them. The storage new messages come to is listed last, so that it stays
    // selected for the next announcement.
    const { doubts } = this.removals;
    const swept = await Promise.all(this.deps.storages.names.toReversed().map((name) => this.sweepStorage(name)));
    if (this.removals.doubts !== doubts || !(await this.storing.settled()) || this.storing.unstored > 0 || swept.includes(false))
      return false;
    this.deps.status.update({ lastSweepAtMs: this.deps.clock.nowMs() });
    await this.settleOwners(this.owners.ownerlessFound - ownerlessFound);
    return true;
  }

  /** Resolves when no delete waits any more. */
  removed(): Promise<void> {
    return this.removals.idle();
  }

  /** Drops the deletes that wait: after a fault the modem is listed again before anything is deleted. */
  distrust(): void {
    this.removals.cancelAll();
  }

  /** The SIM's time is over: nothing is deleted any more. Resolves when what was being stored is stored or refused. */
  async end(): Promise<void> {
    this.ended = true;
    this.removals.cancelAll();
    await this.storing.idle();
  }

  /**
   * After a whole reading that found nothing of unknown owner, what comes is the present SIM's; one that found some is followed by another, since a line of
   * a listing may get lost. What was found is known by the house for ever, also where its delete fails.
   */
  private async settleOwners(ownerless: number): Promise<void> {
    if (this.ended || this.owners.areCertain) return;
    if (ownerless > 0) return this.deps.wantSweep('messages of an unknown card were found');
    try {
      await this.deps.readWhole();
      this.owners.whole();
    } catch (thrown) {
      this.deps.log.error('modem.owner_not_kept', { slot: this.deps.sim.slot, error: messageOf(thrown) });
      this.deps.wantSweep('whose messages come from now on could not be written down');
    }
  }

  private async readAnnounced(storage: string, index: number, announcedAt: AtLine): Promise<void> {
    const { jobs, channel, storages } = this.deps;
    const read = await jobs.add(Priority.read, async () => {
      const age = this.removals.age(storage, index);
      return { outcome: await readIndex(channel, storages, storage, index), age };
    });
    if (read === null || this.ended) return;
    const { outcome, age } = read;
    // Nothing there: an earlier sweep took it, or the modem named another place than it meant.
    if (!outcome.ok)
      return this.deps.wantSweep(outcome.gone ? 'an announced message was not there' : 'an announced message could not be read');
    const { atMs, monotonicMs } = announcedAt;
    const alone = this.deps.storages.profile.deletesWholeMessage;
    await this.keep([{ entry: { ...outcome.entry, atMs, monotonicMs }, storage, how: 'urc', age }], alone);
    // Here a delete takes the other parts along, so all of them are stored first.
    if (alone) this.deps.wantSweep('a message was read by itself');
  }

  /** A pushed message lies nowhere on the modem, so what could not be stored is tried again from here. */
  private async keepPushed(part: ReadPart): Promise<void> {
    await this.storing.persist(part, () => this.deps.wantSweep('messages could not be stored'));
    if (this.deps.acknowledges && !this.ended) await this.deps.jobs.command(Priority.read, this.deps.channel, acknowledge);
  }

  private async sweepStorage(storage: string): Promise<boolean> {
    const { jobs, channel, storages } = this.deps;
    const found = await jobs.add(Priority.sweep, async () => {
      const { doubts } = this.removals;
      const outcome = await listStorage(channel, storages, storage);
      if (!outcome.ok || this.removals.doubts !== doubts) return null;
      // The last listing answers for all: an answer that came a command late shows nothing where something lies.
      if (storage === storages.names[0] && !(await this.proof.holds())) return null;
      this.noteListing(storage, outcome.entries);
      return outcome.entries.map((entry) => this.listed(entry, storage));
    });
    return found !== null && !this.ended && this.keep(found);
  }

  /** One entry of a listing. What was announced meanwhile came live, though the listing shows it first. */
  private listed(entry: Entry, storage: string): Found {
    const announcedAt = this.announcements.get(placeOf(storage, entry.index));
    const age = this.removals.age(storage, entry.index);
    if (announcedAt === undefined) return { entry, storage, how: 'sweep', age };
    const { atMs, monotonicMs } = announcedAt;
    return { entry: { ...entry, atMs, monotonicMs }, storage, how: 'urc', age };
  }

  private noteListing(storage: string, entries: readonly Entry[]): void {
    this.owners.listed(storage, entries);
    this.kept.listed(storage, entries);
    if (storage !== this.deps.storages.receives) return;
    this.listing = { count: entries.length, content: entries.map(({ index, pdu }) => `${index} ${pdu}`).join('\n') };
  }

  /** Stores what was found and queues the deletion of what may go. True when stored (or nothing was new). */
  private async keep(found: readonly Found[], leave = false): Promise<boolean> {
    const fresh = found.filter(({ storage, entry }) => !this.kept.has(storage, entry));
    this.surprises += fresh.filter(({ how, entry }) => how === 'sweep' && !isOutgoing(entry)).length;
    if (fresh.length > 0 && !(await this.store(fresh.map(({ entry, storage, how }) => this.part(entry, storage, how))))) return false;
    if (this.ended || leave) return true;
    for (const item of found) this.dispose(item, found.length);
    return true;
  }

  /**
   * What was stored may go, but a damaged entry only after a day in which it was read just the same: the line may be bad for hours, damage by
   * the firmware stays for ever and would fill the storage for good.
   */
  private dispose(item: Found, found: number): void {
    const { entry, storage, age } = item;
    const { kept, removals, deps } = this;
    const isDamaged = entry.length === null;
    if (isDamaged && !kept.has(storage, entry)) deps.status.fault(`${storage} ${entry.index} is damaged; it was stored as it is`);
    const stays = isDamaged ? !kept.isLong(storage, entry) : isOutgoing(entry);
    if (stays && !this.isCrowded(storage, found)) return kept.add(storage, entry);
    kept.delete(storage, entry.index);
    if (removals.age(storage, entry.index) === age) removals.add(storage, entry.index);
  }

  private isCrowded(storage: string, found: number): boolean {
    const fill = this.deps.storages.fill(storage);
    return fill !== null && fill.total > 0 && Math.max(fill.used, found) / fill.total >= CROWDED;
  }

  private async store(parts: readonly ReadPart[]): Promise<boolean> {
    const stored = await this.storing.store(parts);
    if (!stored) this.deps.wantSweep('messages could not be stored');
    return stored;
  }

  private part(entry: Entry, storage: string | null, how: ReadHow): ReadPart {
    const { imei, slot } = this.deps.sim;
    const iccid = this.owners.ownerOf(entry, storage, how);
    const { index, pdu, length, stat, atMs, monotonicMs } = entry;
    return { iccid, imei, slot, storage, index, pdu, length, stat, how, arrivedAtMs: atMs, arrivedMonotonicMs: monotonicMs };
  }
}

function placeOf(storage: string, index: number): string {
  return `${storage} ${index}`;
}
