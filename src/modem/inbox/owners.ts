import type { ReadHow } from '../source.ts';
import type { Entry } from './listing.ts';

/** The one storage that leaves with the SIM. */
const SIM_STORAGE = 'SM';

/**
 * Whose messages lie in which storage. The SIM's own storage is the SIM's, and so is what the modem announces or pushes while this SIM is in it. What lies
 * in the modem's own storage may have come for any card that was in the modem since that was last read whole: with more than one of them it is nobody's,
 * and stays so at every later reading until it is gone: a delete may fail.
 */
export class Owners {
  private readonly present: string;
  private isOnly: boolean;
  /** What was found to be nobody's and is not gone yet: PDU by index, by storage. */
  private readonly ownerless = new Map<string, Map<number, string>>();
  private found = 0;

  /** `isOnly`: no other card than the present one can have received what lies in the modem's own storage. */
  constructor(present: string, isOnly: boolean) {
    this.present = present;
    this.isOnly = isOnly;
  }

  /** The ICCID this entry came for, or null where that cannot be told. Without a storage it was pushed, live. */
  ownerOf(entry: Entry, storage: string | null, how: ReadHow): string | null {
    if (storage === null || storage === SIM_STORAGE) return this.present;
    const known = this.ownerless.get(storage) ?? new Map<number, string>();
    if (known.get(entry.index) === entry.pdu) return null;
    if (this.isOnly || how === 'urc') return this.present;
    this.ownerless.set(storage, known.set(entry.index, entry.pdu));
    this.found++;
    return null;
  }

  /** The whole storage was listed: what is not there any more is gone. */
  listed(storage: string, entries: readonly Entry[]): void {
    const present = new Map(entries.map(({ index, pdu }) => [index, pdu]));
    const known = this.ownerless.get(storage);
    for (const [index, pdu] of known ?? []) if (present.get(index) !== pdu) known?.delete(index);
  }

  get areCertain(): boolean {
    return this.isOnly;
  }

  /** How many messages were found to be nobody's so far. */
  get ownerlessFound(): number {
    return this.found;
  }

  /** Every storage was read and stored, and nothing more was found to be nobody's: what comes from now on is the present SIM's. */
  whole(): void {
    this.isOnly = true;
  }
}
