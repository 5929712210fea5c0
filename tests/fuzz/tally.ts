const MOST_VIOLATIONS = 20;

/** What a fuzzing run counts, and what it found wrong, each with the seed that shows it again. */
export class Tally {
  readonly outcomes: Record<string, number> = {};
  readonly violations: string[] = [];
  slowestMs = 0;

  count(outcome: string): void {
    this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1;
  }

  violation(seed: number, what: string): void {
    this.count('violations');
    if (this.violations.length < MOST_VIOLATIONS) this.violations.push(`${what} (dialogue ${seed})`);
  }

  /** Runs one dialogue; one that throws, or is not over after `limitMs`, is a violation. Never rejects. */
  async watch(seed: number, limitMs: number, dialogue: () => Promise<void>): Promise<void> {
    const startedAtMs = performance.now();
    const late = Promise.withResolvers<string>();
    const timer = setTimeout(() => late.resolve(`not over after ${limitMs} ms`), limitMs);
    const ended = dialogue().then(
      () => null,
      (thrown: unknown) => `threw ${thrown instanceof Error ? thrown.stack : String(thrown)}`,
    );
    const wrong = await Promise.race([ended, late.promise]);
    clearTimeout(timer);
    if (wrong !== null) this.violation(seed, wrong);
    this.slowestMs = Math.max(this.slowestMs, performance.now() - startedAtMs);
  }
}
