import type { Clock } from '../../lib/clock.ts';
import { type Log, messageOf } from '../../lib/log.ts';
import type { ReadPart, SimIdentity, SourceListener } from '../source.ts';
import type { ModemStatus } from '../status.ts';

/** Called between reading and storing, and between storing and deleting: where a test can stop the process. */
export interface SourceHooks {
  afterRead?(): void | Promise<void>;
  afterCommit?(): void | Promise<void>;
}

export interface StoringDeps {
  sim: Pick<SimIdentity, 'slot'>;
  listener: SourceListener;
  status: ModemStatus;
  clock: Clock;
  log: Log;
  hooks: SourceHooks;
}

const PERSIST_RETRY_MS = 1_000;

/** Hands parts to the listener and knows which of them it has not taken yet. */
export class Storing {
  private readonly deps: StoringDeps;
  private readonly pending = new Set<Promise<boolean>>();
  private refused = 0;

  constructor(deps: StoringDeps) {
    this.deps = deps;
  }

  /** True when the listener has stored the parts; a refusal is counted and logged. Never rejects. */
  store(parts: readonly ReadPart[]): Promise<boolean> {
    const storing: Promise<boolean> = this.tryStore(parts).finally(() => this.pending.delete(storing));
    this.pending.add(storing);
    return storing;
  }

  /** How many parts were refused that are tried on. */
  get unstored(): number {
    return this.refused;
  }

  /** Stores a part that lies nowhere else: what is refused is tried on from here until it is taken, also when the time of its SIM is over. `refused` hears of each refusal. */
  async persist(part: ReadPart, refused: () => void = () => {}): Promise<void> {
    if (await this.store([part])) return;
    this.refused++;
    do {
      refused();
      await Bun.sleep(PERSIST_RETRY_MS);
    } while (!(await this.store([part])));
    this.refused--;
  }

  /** Resolves when what is being stored now is stored (true) or some of it refused. */
  async settled(): Promise<boolean> {
    return !(await Promise.all(this.pending)).includes(false);
  }

  /** Resolves when nothing is being stored any more. */
  async idle(): Promise<void> {
    while (this.pending.size > 0) await this.settled();
  }

  private async tryStore(parts: readonly ReadPart[]): Promise<boolean> {
    const { hooks, listener, status, log, sim } = this.deps;
    try {
      if (hooks.afterRead !== undefined) await hooks.afterRead();
      await listener.store(parts);
      if (hooks.afterCommit !== undefined) await hooks.afterCommit();
      this.count(parts);
      return true;
    } catch (thrown) {
      log.error('modem.store_failed', { slot: sim.slot, parts: parts.length, error: messageOf(thrown) });
      status.fault(`${parts.length} message parts could not be stored: ${messageOf(thrown)}`);
      return false;
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
}
