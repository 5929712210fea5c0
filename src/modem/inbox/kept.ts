import type { Clock } from '../../lib/clock.ts';
import type { ModemStatus } from '../status.ts';
import type { Entry } from './listing.ts';

/** So long a damaged message is left to be read once more: by then the line is sound again, or the modem has it no better. */
const DAMAGED_KEPT_MS = 24 * 3_600_000;

interface Stay {
  pdu: string;
  sinceMs: number;
  isDamaged: boolean;
}

/** The entries that stay on the modem for now (damaged ones, and what this side wrote) and are stored already; tells of damaged ones. */
export class Kept {
  private readonly status: ModemStatus;
  private readonly clock: Clock;
  private readonly stays = new Map<string, Map<number, Stay>>();

  constructor(deps: { status: ModemStatus; clock: Clock }) {
    this.status = deps.status;
    this.clock = deps.clock;
  }

  /** Whether this very entry was stored and left there before. */
  has(storage: string, entry: Entry): boolean {
    return this.stay(storage, entry) !== null;
  }

  /** Whether it was read just the same for so long that it will not be read better. */
  isLong(storage: string, entry: Entry): boolean {
    const stay = this.stay(storage, entry);
    return stay !== null && this.clock.monotonicMs() - stay.sinceMs >= DAMAGED_KEPT_MS;
  }

  add(storage: string, entry: Entry): void {
    if (this.has(storage, entry)) return;
    const stay = { pdu: entry.pdu, sinceMs: this.clock.monotonicMs(), isDamaged: entry.length === null };
    this.of(storage).set(entry.index, stay);
    this.tell();
  }

  delete(storage: string, index: number): void {
    if (this.of(storage).delete(index)) this.tell();
  }

  /** The whole storage was listed: what is not there any more needs no keeping. */
  listed(storage: string, entries: readonly Entry[]): void {
    const present = new Set(entries.map(({ index }) => index));
    for (const index of this.of(storage).keys()) if (!present.has(index)) this.delete(storage, index);
  }

  private stay(storage: string, { index, pdu }: Entry): Stay | null {
    const stay = this.of(storage).get(index);
    return stay?.pdu === pdu ? stay : null;
  }

  private of(storage: string): Map<number, Stay> {
    const known = this.stays.get(storage) ?? new Map<number, Stay>();
    this.stays.set(storage, known);
    return known;
  }

  private tell(): void {
    const count = [...this.stays.values()].flatMap((places) => [...places.values()]).filter(({ isDamaged }) => isDamaged).length;
    if (count === 0) return this.status.clear('damaged_message');
    const what = count === 1 ? 'One message on the modem is' : `${count} messages on the modem are`;
    this.status.raise('damaged_message', `${what} damaged: stored as it came, and left there for a day in case it can be read better`);
  }
}
