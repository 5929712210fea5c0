import type { SlotVerb } from '../../views/admin/slot-verbs.ts';
import { Refusal } from '../lib/errors.ts';

/** What is being done in a slot, or was done last. */
export interface Doing {
  /** Names it in addresses; of this process alone. */
  id: string;
  verb: SlotVerb['name'];
  startedAtMs: number;
  /** `done`: the audit entry `auditId` tells what came of it · `unwritten`: it ended, but that could not be written down. */
  state: 'running' | 'done' | 'unwritten';
  auditId: string | null;
}

/**
 * Actions at slots that take longer than somebody waits for a page (asking the network for a number: up to a minute). They go on when the browser is
 * gone, one at a time in a slot, and whoever asks later learns what came of the last one.
 */
export class UnderWay {
  readonly #nowMs: () => number;
  readonly #last = new Map<string, Doing>();
  #count = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  of(slot: string): Doing | null {
    return this.#last.get(slot) ?? null;
  }

  /**
   * Begins `work`, which resolves with the id of its audit entry, and waits for it at most `patienceMs`. Rejects with what `work` rejects with in that
   * time; refuses while something else is under way in the slot.
   */
  async begin(slot: string, verb: SlotVerb['name'], work: () => Promise<string>, patienceMs: number): Promise<Doing> {
    const before = this.of(slot);
    if (before?.state === 'running') {
      const seconds = Math.max(0, Math.round((this.#nowMs() - before.startedAtMs) / 1000));
      throw new Refusal('too_early', `Something is being done in this slot since ${seconds} s; wait for its result.`);
    }
    const doing: Doing = { id: String(++this.#count), verb, startedAtMs: this.#nowMs(), state: 'running', auditId: null };
    this.#last.set(slot, doing);
    const ended = work().then(
      (auditId) => void Object.assign(doing, { state: 'done', auditId }),
      (thrown: unknown) => {
        doing.state = 'unwritten';
        throw thrown;
      },
    );
    await Promise.race([ended, Bun.sleep(patienceMs)]);
    // Nobody waits any more: the page that asks later says that it could not be written down.
    ended.catch(() => {});
    return doing;
  }
}
