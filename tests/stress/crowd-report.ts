/** What the processes of the crowd tell the program that started them, a JSON line each. */
export interface CrowdReport {
  /** By message: how many received it, and how long after its commit the first and the last did. */
  messages: { receivers: number; firstMs: number; lastMs: number }[];
  errors: number;
}

/** The wall clock with fractions, the same in every process of this machine. */
export const nowMs = () => performance.timeOrigin + performance.now();

/** Counts the receivers of each message. */
export class Receipts {
  errors = 0;
  readonly #seen = new Map<string, CrowdReport['messages'][number]>();

  /** One more has the message, stored at `receivedAt` (RFC 3339), at `atMs`. */
  note(id: string, receivedAt: string, atMs: number): void {
    const afterMs = atMs - Date.parse(receivedAt);
    const one = this.#seen.get(id) ?? { receivers: 0, firstMs: afterMs, lastMs: afterMs };
    one.receivers++;
    one.firstMs = Math.min(one.firstMs, afterMs);
    one.lastMs = Math.max(one.lastMs, afterMs);
    this.#seen.set(id, one);
  }

  say(): void {
    const report: CrowdReport = { messages: [...this.#seen.values()], errors: this.errors };
    process.stdout.write(`${JSON.stringify(report)}\n`);
  }
}

/** Carries out `{start}`, then tells its receipts on `{report}`, until `{stop}`. */
export async function obey<Start>(receipts: Receipts, start: (scene: Start) => Promise<void>): Promise<void> {
  let held = '';
  for await (const chunk of Bun.stdin.stream()) {
    held += new TextDecoder().decode(chunk);
    const lines = held.split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) {
      const command = JSON.parse(line) as { start?: Start; report?: true };
      if (command.start !== undefined) await start(command.start);
      if (command.start !== undefined || command.report) receipts.say();
      else process.exit(0);
    }
  }
}
