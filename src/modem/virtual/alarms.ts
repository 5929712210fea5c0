/** Timers that end together, as when the power goes. */
export class Alarms {
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();

  after(ms: number, ring: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      ring();
    }, ms);
    this.timers.add(timer);
  }

  clear(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}
