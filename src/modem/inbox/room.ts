import type { AtChannel } from '../at/channel.ts';
import { queryStorages } from '../at/commands.ts';
import { type JobQueue, Priority } from './jobs.ts';
import type { Fill, Storages } from './storages.ts';

/** What a sweep found in the storage new messages come to. */
export interface Listing {
  count: number;
  /** Places and PDUs as one text: equal when nothing came and nothing went. */
  content: string;
}

/** `again`: full, but the next sweep may empty it · `unknown`: the modem did not say. */
export type Room = 'free' | 'full' | 'again' | 'unknown';

export interface RoomDeps {
  channel: AtChannel;
  jobs: JobQueue;
  storages: Storages;
  /** Resolves when no delete waits any more. */
  removed(): Promise<void>;
}

/**
 * Notices when the storage new messages come to is full and stays full: then no SMS can arrive, though everything else looks well. A busy
 * modem is full for moments too, so only the same content at two sweeps in a row counts, and only with the modem's own figures: some of
 * them claim to be full and hold nothing.
 */
export class RoomWatch {
  private readonly deps: RoomDeps;
  private before: string | null = null;

  constructor(deps: RoomDeps) {
    this.deps = deps;
  }

  /** Looks after a sweep that found `listing` (null when that storage could not be listed). Asks the modem only when it may be full. */
  async look(listing: Listing | null): Promise<Room> {
    const { channel, jobs, storages, removed } = this.deps;
    if (listing === null) return 'unknown';
    const known = storages.receiveFill();
    if (known === null || listing.count === 0 || !(isFull(known) || listing.count >= known.total)) return this.free();
    await removed();
    const result = await jobs.command(Priority.sweep, channel, queryStorages);
    if (result === null || (!result.ok && result.kind !== 'error')) return 'unknown';
    if (!result.ok) return this.free();
    storages.noteFills(result.lines);
    const fill = storages.receiveFill();
    if (fill === null || !isFull(fill)) return this.free();
    const stuck = this.before === listing.content;
    this.before = listing.content;
    return stuck ? 'full' : 'again';
  }

  private free(): Room {
    this.before = null;
    return 'free';
  }
}

function isFull({ used, total }: Fill): boolean {
  return total > 0 && used >= total;
}
