/** A message as it lies in a virtual modem or waits in its network. */
export interface StoredPdu {
  /** Upper-case hex, service centre first. */
  pdu: string;
  length: number;
  /** <stat> of TS 27.005: 0 unread, 1 read. */
  stat: number;
  /** Put there by a fault and sent by nobody: it may vanish when the fault ends. */
  foreign?: true;
}

/** A message storage of a virtual modem: numbered places, of which the lowest free one is used next. */
export class MessageStorage {
  readonly capacity: number;
  /** The number of the first place: 0 or 1, by modem. */
  readonly base: number;
  private readonly places = new Map<number, StoredPdu>();

  constructor(capacity: number, messages: readonly (readonly [number, StoredPdu])[] = [], base = 1) {
    this.capacity = capacity;
    this.base = base;
    for (const [index, message] of messages) this.places.set(index, { ...message });
  }

  get used(): number {
    return this.places.size;
  }

  /** The index it was put at, or null when all places are taken. */
  add(message: StoredPdu): number | null {
    if (this.places.size >= this.capacity) return null;
    const index = this.firstFree();
    if (index !== null) this.places.set(index, { ...message });
    return index;
  }

  /** The lowest free place, or null. */
  firstFree(): number | null {
    for (let index = this.base; index < this.base + this.capacity; index++) if (!this.places.has(index)) return index;
    return null;
  }

  get(index: number): StoredPdu | undefined {
    return this.places.get(index);
  }

  delete(index: number): void {
    this.places.delete(index);
  }

  /** Takes out what a fault had put in. */
  deleteForeign(): void {
    for (const [index, message] of this.places) if (message.foreign === true) this.places.delete(index);
  }

  /** Index and message, by index. */
  entries(): [number, StoredPdu][] {
    return [...this.places.entries()].toSorted(([left], [right]) => left - right);
  }

  isValid(index: number): boolean {
    return Number.isInteger(index) && index >= this.base && index < this.base + this.capacity;
  }
}
