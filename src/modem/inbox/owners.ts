import type { ReadHow } from '../source.ts';
import { type Entry, isOutgoing } from './listing.ts';

/** The one storage that leaves with the SIM. */
const SIM_STORAGE = 'SM';

/**
 * Whose messages lie in which storage. The SIM's own storage is the SIM's; what the modem's own storage holds before the present SIM was
 * read whole is the former SIM's, and stays so at every later reading until it is gone: a delete may fail.
 */
export class Owners {
  private readonly present: string;
  private readonly former: string | null;
  /** The former SIM's messages seen and not yet gone: PDU by index, by storage. */
  private readonly foreign = new Map<string, Map<number, string>>();
  private readWhole = false;

  constructor(present: string, former: string | null) {
    this.present = present;
    this.former = former;
  }

  /** The ICCID this entry came for. Without a storage it was pushed, live. */
  ownerOf(entry: Entry, storage: string | null, how: ReadHow): string {
    const { former, present } = this;
    if (former === null || storage === null || storage === SIM_STORAGE) return present;
    const known = this.foreign.get(storage) ?? new Map<number, string>();
    if (known.get(entry.index) === entry.pdu) return former;
    if (how !== 'sweep' || this.readWhole) return present;
    // What this side once wrote waits for nobody and may stay for ever, so nothing waits for it to go.
    if (!isOutgoing(entry)) this.foreign.set(storage, known.set(entry.index, entry.pdu));
    return former;
  }

  /** The whole storage was listed: what is not there any more is gone. */
  listed(storage: string, entries: readonly Entry[]): void {
    const present = new Map(entries.map(({ index, pdu }) => [index, pdu]));
    for (const [index, pdu] of this.foreign.get(storage) ?? []) {
      if (present.get(index) !== pdu) this.gone(storage, index);
    }
  }

  gone(storage: string, index: number): void {
    this.foreign.get(storage)?.delete(index);
  }

  /** Every storage was read and stored: what comes from now on is the present SIM's. */
  whole(): void {
    this.readWhole = true;
  }

  /** True when all was read and nothing of the former SIM is left. */
  get settled(): boolean {
    return this.readWhole && [...this.foreign.values()].every((places) => places.size === 0);
  }
}
