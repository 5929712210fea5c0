import { Random as Seeded } from '../../src/modem/virtual/random.ts';

/** What a fuzzing run asks of chance besides: the same for the same seed, so that what was found can be found again. */
export class Random extends Seeded {
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return this.between(0, limit - 1);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  octets(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}
