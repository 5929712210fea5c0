import type { AtChannel } from '../at/channel.ts';
import { deleteMessage } from '../at/commands.ts';
import { ErrorCode } from '../at/finals.ts';
import type { ModemStatus } from '../status.ts';
import { type JobQueue, Priority } from './jobs.ts';
import type { Proof } from './proof.ts';
import type { Storages } from './storages.ts';

export interface RemovalsDeps {
  channel: AtChannel;
  jobs: JobQueue;
  storages: Storages;
  status: ModemStatus;
  /** Whether what was read may be relied on; see Proof. */
  proof: Proof;
  /** Asks for a sweep soon. */
  wantSweep(reason: string): void;
}

interface Place {
  storage: string;
  index: number;
}

/**
 * The deletes that wait for their turn, at most one for a place. Indices are used again at once, so each place counts how often it was
 * emptied: whoever stored what was read before the last emptying must not have it emptied again.
 */
export class Removals {
  private readonly deps: RemovalsDeps;
  private readonly waiting = new Map<string, Place>();
  private doubtTimes = 0;
  private readonly emptiedTimes = new Map<string, number>();
  private running = 0;
  private idlers: (() => void)[] = [];

  constructor(deps: RemovalsDeps) {
    this.deps = deps;
  }

  add(storage: string, index: number): void {
    const key = keyOf(storage, index);
    if (this.waiting.has(key)) return;
    const place = { storage, index };
    this.waiting.set(key, place);
    this.running++;
    void this.deps.jobs
      .add(Priority.remove, () => this.remove(key, place))
      .finally(() => {
        this.running--;
        this.release();
      });
  }

  cancel(storage: string, index: number): void {
    this.waiting.delete(keyOf(storage, index));
  }

  /** Nothing read so far is relied on any more, whether its delete waits already or its storing is still under way. */
  cancelAll(): void {
    this.doubtTimes++;
    this.waiting.clear();
  }

  /**
   * The age of what is read from a place now: what was read at another age may not be deleted any more, since the place was emptied in between,
   * or what was read came into doubt. Take it before the reading.
   */
  age(storage: string, index: number): number {
    return this.doubts + this.emptied(storage, index);
  }

  /** How often what was read had come into doubt. */
  get doubts(): number {
    return this.doubtTimes;
  }

  /** Resolves when every delete has run or was cancelled. */
  idle(): Promise<void> {
    return this.running === 0 ? Promise.resolve() : new Promise((resolve) => this.idlers.push(resolve));
  }

  private emptied(storage: string, index: number): number {
    return this.emptiedTimes.get(keyOf(storage, index)) ?? 0;
  }

  private release(): void {
    if (this.running > 0) return;
    for (const resolve of this.idlers.splice(0)) resolve();
  }

  private async remove(key: string, place: Place): Promise<void> {
    const { channel, storages, status, proof, wantSweep } = this.deps;
    const { storage, index } = place;
    if (!storages.isSelected(storage) && this.waiting.get(key) === place && (await storages.select(storage)) !== null) {
      this.waiting.delete(key);
      return status.fault(`${storage} could not be selected to delete from it`);
    }
    if (this.waiting.get(key) === place && !(await proof.holds())) {
      this.cancelAll();
      return wantSweep('questions and answers were out of step');
    }
    // While the storage was being selected an announcement may have taken the place again.
    if (this.waiting.get(key) !== place) return;
    this.waiting.delete(key);
    this.emptiedTimes.set(key, this.emptied(storage, index) + 1);
    const result = await channel.send(deleteMessage(index));
    if (result.ok || (result.kind === 'error' && result.code === ErrorCode.invalidIndex)) return;
    // It stays, and the next sweep finds it, stores it once more without effect, and deletes it again.
    if (result.kind === 'error') status.fault(`AT+CMGD: ${result.text}`);
  }
}

function keyOf(storage: string, index: number): string {
  return `${storage} ${index}`;
}
