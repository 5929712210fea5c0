import type { ModemEvent } from '../modem/source.ts';

/** An event that may have come more than once: `atMs` is the last time. */
export interface FoldedEvent extends ModemEvent {
  firstAtMs: number;
  count: number;
}

/** Gathers events in the order of their last time; equal ones become one that counts them. */
export class EventFold {
  #events = new Map<string, FoldedEvent>();

  add(event: ModemEvent & Partial<FoldedEvent>): void {
    const key = keyOf(event);
    const before = this.#events.get(key);
    // Anew at the end: what happens still is the newest.
    this.#events.delete(key);
    this.#events.set(key, {
      ...event,
      firstAtMs: before?.firstAtMs ?? event.firstAtMs ?? event.atMs,
      count: (before?.count ?? 0) + (event.count ?? 1),
    });
  }

  /** Everything gathered, which is then forgotten. */
  take(): FoldedEvent[] {
    const all = [...this.#events.values()];
    this.#events = new Map();
    return all;
  }

  /** Puts back what was taken and could not be written, before what came since, and keeps the newest `most`; returns how many events were lost. */
  putBack(taken: readonly FoldedEvent[], most: number): number {
    const all = new EventFold();
    for (const event of [...taken, ...this.take()]) all.add(event);
    const events = all.take();
    const lost = events.splice(0, Math.max(0, events.length - most));
    for (const event of events) this.add(event);
    return lost.reduce((sum, { count }) => sum + count, 0);
  }
}

function keyOf({ kind, slot, imei, iccid, detail, alarm }: ModemEvent): string {
  return JSON.stringify([kind, slot, imei, iccid, detail, alarm]);
}
