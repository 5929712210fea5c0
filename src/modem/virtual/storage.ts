/** A message as it lies in a virtual modem or waits in its network. */
export interface StoredPdu {
  /** Upper-case hex, service centre first. */
  pdu: string;
  length: number;
  /** <stat> of TS 27.005: 0 unread, 1 read. */
  stat: number;
}

/** A message storage of a virtual modem: numbered places, of which the lowest free one is used next. */
export class MessageStorage {
  readonly capacity: number;
  private readonly places = new Map<number, StoredPdu>();

  constructor(capacity: number, messages: readonly (readonly [number, StoredPdu])[] = []) {
    this.capacity = capacity;
    for (const [index, message] of messages) this.places.set(index, { ...message });
  }

  get used(): number {
    return this.places.size;
  }

  /** The index it was put at, or null when all places are taken. */
  add(message: StoredPdu): number | null {
    for (let index = 1; index <= this.capacity; index++) {
      if (this.places.has(index)) continue;
      this.places.set(index, { ...message });
      return index;
    }
    return null;
  }

  get(index: number): StoredPdu | undefined {
    return this.places.get(index);
  }

  delete(index: number): void {
    this.places.delete(index);
  }

  /** Index and message, by index. */
  entries(): [number, StoredPdu][] {
    return [...this.places.entries()].toSorted(([left], [right]) => left - right);
  }

  isValid(index: number): boolean {
    return Number.isInteger(index) && index >= 1 && index <= this.capacity;
  }
}
