import type { FaultParameters } from './fault-set.ts';
import { FAULTS, type FaultName, faultNamed } from './faults.ts';
import { Random } from './random.ts';

/** A fault that begins, and for how long. */
export interface Strike {
  /** Since the one before. */
  afterMs: number;
  /** Which modem, from 0. */
  modem: number;
  fault: FaultName;
  /** When it ends again; 0 for what merely happens. */
  forMs: number;
  parameters: FaultParameters;
}

/** A fault of the chaos as it began or ended. */
export interface StrikeReport {
  port: string;
  fault: FaultName;
  on: boolean;
  forMs: number;
}

/** What chaos does to a modem. */
export interface Struck {
  readonly port: string;
  readonly faults: readonly FaultName[];
  fault(name: FaultName, on: boolean, parameters: FaultParameters): void;
}

const LEAST_MS = 1_000;
const MOST_MS = 8_000;
const MINUTE_MS = 60_000;
/** Faults that need longer to be noticed than the others. */
const SLOW: readonly FaultName[] = ['slow_9600', 'slow_115200', 'lost_part', 'silent', 'deaf', 'pin', 'wrong_pin'];
const SLOW_FACTOR = 3;

/**
 * Faults without end over a bank, the same for the same seed: exponential gaps, each at any modem, of any kind, for 1 to 8 seconds (three
 * times that for what is noticed slowly). `rate`: faults a minute and modem.
 */
export function* strikes(options: { seed: number; rate: number; modems: number; faults?: readonly FaultName[] }): Generator<Strike, never> {
  const { seed, rate, modems, faults = FAULTS.map(({ name }) => name) } = options;
  const random = new Random(seed);
  const perMs = (rate * modems) / MINUTE_MS;
  for (;;) {
    const afterMs = random.gapMs(perMs);
    const modem = random.between(0, modems - 1);
    const fault = random.pick(faults);
    const lastsMs = random.between(LEAST_MS, MOST_MS) * (SLOW.includes(fault) ? SLOW_FACTOR : 1);
    const parameters: FaultParameters = fault === 'reboot' ? { mid: random.between(0, 1) } : {};
    yield { afterMs, modem, fault, forMs: faultNamed(fault)?.momentary === true ? 0 : lastsMs, parameters };
  }
}

/** Random faults over all modems of a bank. Each ends by itself, so that the bank always heals. */
export class Chaos {
  private readonly modems: readonly Struck[];
  private readonly report: (strike: StrikeReport) => void;
  private next: ReturnType<typeof setTimeout> | null = null;
  private readonly ends = new Map<ReturnType<typeof setTimeout>, () => void>();

  constructor(modems: readonly Struck[], report: (strike: StrikeReport) => void) {
    this.modems = modems;
    this.report = report;
  }

  start({ seed, rate, faults }: { seed: number; rate: number; faults?: readonly FaultName[] }): void {
    this.stop();
    this.await(strikes({ seed, rate, modems: this.modems.length, ...(faults === undefined ? {} : { faults }) }));
  }

  /** No more faults, and those that last end now. */
  stop(): void {
    if (this.next !== null) clearTimeout(this.next);
    this.next = null;
    for (const [timer, end] of [...this.ends]) {
      clearTimeout(timer);
      end();
    }
  }

  private await(coming: Generator<Strike, never>): void {
    const strike = coming.next().value;
    this.next = setTimeout(() => {
      this.strike(strike);
      this.await(coming);
    }, strike.afterMs);
  }

  /** One that is on already, by hand or by chance, is left as it is. */
  private strike({ modem: at, fault, forMs, parameters }: Strike): void {
    const modem = this.modems[at];
    if (modem === undefined || modem.faults.includes(fault)) return;
    modem.fault(fault, true, parameters);
    this.report({ port: modem.port, fault, on: true, forMs });
    if (forMs === 0) return;
    const end = () => {
      this.ends.delete(timer);
      modem.fault(fault, false, {});
      this.report({ port: modem.port, fault, on: false, forMs });
    };
    const timer = setTimeout(end, forMs);
    this.ends.set(timer, end);
  }
}
