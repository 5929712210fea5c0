/** The end of something that lives long, and those who wait for it or for something else meanwhile; none of them is kept longer than it waits. */
export class Ending {
  private readonly waiting = new Set<() => void>();
  private over: string | null = null;

  /** Why it ended, or null. */
  get reason(): string | null {
    return this.over;
  }

  /** It has ended; the first reason counts. */
  end(reason: string): void {
    this.over ??= reason;
    for (const wake of [...this.waiting]) wake();
  }

  /** Resolves with what `awaited` resolves with, or with null when the end comes first. Rejects when `awaited` does before. */
  or<T>(awaited: Promise<T>): Promise<T | null> {
    if (this.over !== null) return Promise.resolve(null);
    return new Promise<T | null>((resolve, reject) => {
      const wake = () => {
        this.waiting.delete(wake);
        resolve(null);
      };
      this.waiting.add(wake);
      awaited.then(resolve, reject).finally(() => this.waiting.delete(wake));
    });
  }

  /** Resolves after that time, or when the end comes first. */
  async pause(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await this.or(
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, ms);
      }),
    );
    clearTimeout(timer);
  }
}
