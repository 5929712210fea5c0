/** Numbers that look random and are always the same for the same seed (Marsaglia's xorshift32 over a mixed seed). */
export class Random {
  private state: number;

  /** Seeds may be neighbours: each is mixed first, so that 1 and 2 give unlike runs. */
  constructor(seed: number) {
    const mixed = Math.imul((seed ^ (seed >>> 16)) + 0x9e3779b9, 0x85ebca6b);
    this.state = (mixed ^ (mixed >>> 13)) >>> 0 || 1;
    for (let warm = 0; warm < 4; warm++) this.next();
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both possible. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** One of a list; throws a RangeError when there is none. */
  pick<T>(items: readonly T[]): T {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** The list in another order (Fisher and Yates). */
  shuffled<T>(items: readonly T[]): T[] {
    const left = [...items];
    return items.map(() => {
      const [taken] = left.splice(this.between(0, left.length - 1), 1);
      if (taken === undefined) throw new RangeError('nothing left to take');
      return taken;
    });
  }

  /** A waiting time until something that happens `perMs` times a millisecond on average (exponential). */
  gapMs(perMs: number): number {
    return -Math.log(1 - this.next()) / perMs;
  }
}
