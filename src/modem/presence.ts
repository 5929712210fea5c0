import { type Log, messageOf } from '../lib/log.ts';
import type { SimIdentity, SourceListener } from './source.ts';

/** Tells the listener when one SIM can be read and when it cannot any more: exactly one `lost` follows each `ready`. */
export class Presence {
  private readonly deps: { sim: SimIdentity; listener: SourceListener; log: Log };
  private told = false;
  private ever = false;

  constructor(deps: { sim: SimIdentity; listener: SourceListener; log: Log }) {
    this.deps = deps;
  }

  get isReady(): boolean {
    return this.told;
  }

  get wasReady(): boolean {
    return this.ever;
  }

  /** Resolves when the listener knows. Rejects when it refuses; `lost` then still follows. */
  async ready(): Promise<void> {
    if (this.told) return;
    this.told = true;
    this.ever = true;
    await this.deps.listener.ready(this.deps.sim);
  }

  /** Says nothing when the listener was not told of the SIM, or was told of its loss already. Never rejects. */
  async lost(reason: string): Promise<void> {
    if (!this.told) return;
    this.told = false;
    const { listener, sim, log } = this.deps;
    try {
      await listener.lost(sim, reason);
    } catch (thrown) {
      log.error('modem.listener_failed', { slot: sim.slot, error: messageOf(thrown) });
    }
  }
}
