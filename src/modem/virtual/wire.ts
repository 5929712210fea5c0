import type { FaultSet } from './fault-set.ts';
import { Pacer } from './pacer.ts';
import type { Pty } from './pty.ts';
import type { Random } from './random.ts';

export interface WireOptions {
  faults: FaultSet;
  random: Random;
  nowMs(): number;
  /** Octets that reached the modem. */
  heard(octets: Uint8Array): void;
}

/** How likely an octet is followed by a stray one. */
const NOISE_RATE = 0.003;
const FIRST_HIGH = 0x80;

/**
 * The line between a modem and its terminal: noise, and the rate of a real serial line. Without such a fault it is not there.
 *
 * Stray octets are never letters or digits: those could turn one well-formed line into another, which no reader of a line without checksums
 * could see.
 */
export class Wire {
  private readonly options: WireOptions;
  private readonly pty: Pty;
  private readonly outward: Pacer;
  private readonly inward: Pacer;

  constructor(pty: Pty, options: WireOptions) {
    this.options = options;
    this.pty = pty;
    const baud = () => this.baud;
    this.outward = new Pacer((octets) => pty.write(octets), baud, options.nowMs);
    this.inward = new Pacer(
      (octets) => {
        options.heard(octets);
        return Promise.resolve(true);
      },
      baud,
      options.nowMs,
    );
  }

  /** Says octets to the reader; resolves when the last is in the terminal, false when it never will be. */
  write(octets: Uint8Array): Promise<boolean> {
    return this.outward.push(this.options.faults.isOn('noise') ? this.withNoise(octets) : this.asReceived(octets));
  }

  /** Octets the reader wrote. */
  read(octets: Uint8Array): void {
    void this.inward.push(this.asReceived(octets));
  }

  close(): void {
    this.outward.close();
    this.inward.close();
  }

  private get baud(): number | null {
    const { faults } = this.options;
    if (faults.isOn('slow_9600')) return 9_600;
    return faults.isOn('slow_115200') ? 115_200 : null;
  }

  /** Garbage when the two sides sample the line at different rates. */
  private asReceived(octets: Uint8Array): Uint8Array {
    const { baud } = this;
    if (baud === null || this.pty.baud() === baud) return octets;
    return octets.map(() => this.options.random.between(FIRST_HIGH, 0xff));
  }

  private withNoise(octets: Uint8Array): Uint8Array {
    const { faults, random } = this.options;
    const rate = faults.figure('noise', 'rate', NOISE_RATE);
    const noisy: number[] = random.next() < rate ? [random.between(FIRST_HIGH, 0xff)] : [];
    for (const octet of this.asReceived(octets)) {
      noisy.push(octet);
      if (random.next() < rate) noisy.push(random.pick([0x00, 0x07, 0x7e, random.between(FIRST_HIGH, 0xff)]));
    }
    return Uint8Array.from(noisy);
  }
}
