import type { FaultName } from './faults.ts';

/** Figures and words that shape a fault, as `{"ms": 4000}`; each has a default. */
export type FaultParameters = Readonly<Record<string, number | string>>;

/** The faults switched on at one modem. */
export class FaultSet {
  private readonly switched = new Map<FaultName, { parameters: FaultParameters; timesLeft: number }>();

  isOn(name: FaultName): boolean {
    return this.switched.has(name);
  }

  /** With the parameter `times` it goes off by itself after so many uses. */
  turnOn(name: FaultName, parameters: FaultParameters = {}): void {
    const { times } = parameters;
    this.switched.set(name, { parameters, timesLeft: typeof times === 'number' ? times : Number.POSITIVE_INFINITY });
  }

  turnOff(name: FaultName): void {
    this.switched.delete(name);
  }

  /** True when the fault strikes now; counts against its `times`. */
  strikes(name: FaultName): boolean {
    const fault = this.switched.get(name);
    if (fault === undefined) return false;
    fault.timesLeft -= 1;
    if (fault.timesLeft <= 0) this.switched.delete(name);
    return true;
  }

  /** A figure of a fault that is on, or the default. */
  figure(name: FaultName, key: string, otherwise: number): number {
    const value = this.switched.get(name)?.parameters[key];
    return typeof value === 'number' ? value : otherwise;
  }

  names(): FaultName[] {
    return [...this.switched.keys()];
  }
}
