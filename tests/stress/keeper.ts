import { readFileSync } from 'node:fs';
import type { Random } from '../../src/modem/virtual/random.ts';
import type { Server } from '../support/server.ts';

const SAMPLE_MS = 5_000;
const PAGE_OCTETS = 4096;
const MEGABYTE = 1024 * 1024;

/** Keeps a server running, kills it at random moments, and watches its memory. */
export class Keeper {
  kills = 0;
  private readonly startServer: () => Promise<Server>;
  private server: Server | null = null;
  private readonly samples: { run: number; atMs: number; megabytes: number }[] = [];
  private readonly sampling: ReturnType<typeof setInterval>;

  constructor(start: () => Promise<Server>) {
    this.startServer = start;
    this.sampling = setInterval(() => this.sample(), SAMPLE_MS);
  }

  async start(): Promise<Server> {
    this.server = await this.startServer();
    return this.server;
  }

  /** Ends the server by SIGKILL `kills` times, at random moments, and starts it again at once. */
  async killAtRandom({ kills, durationMs, random }: { kills: number; durationMs: number; random: Random }): Promise<void> {
    for (let n = 0; n < kills; n++) {
      // On the average all of them fit into the time; a moment of its own for each, so that every stage of a start is hit too.
      await Bun.sleep((durationMs / kills) * 2 * random.next());
      await this.server?.kill('SIGKILL');
      this.kills++;
      await this.start();
    }
  }

  /** `first 80 MB, last 90 MB, most 95 MB` of the last run of the server. */
  memoryFigures(): string {
    const run = this.samples.filter((sample) => sample.run === this.kills);
    if (run.length < 4) return 'too short a run to tell';
    const mean = (some: typeof run) => (some.reduce((sum, { megabytes }) => sum + megabytes, 0) / some.length).toFixed(0);
    const quarter = Math.ceil(run.length / 4);
    const parts = [0, 1, 2, 3].map((n) => mean(run.slice(n * quarter, (n + 1) * quarter)));
    return `by quarters of the run ${parts.join(', ')} MB, most ${Math.max(...run.map(({ megabytes }) => megabytes)).toFixed(0)} MB`;
  }

  async stop(): Promise<void> {
    clearInterval(this.sampling);
    await this.server?.stop();
  }

  private sample(): void {
    if (this.server === null) return;
    try {
      const pages = Number(readFileSync(`/proc/${this.server.pid}/statm`, 'utf8').split(' ')[1]);
      this.samples.push({ run: this.kills, atMs: performance.now(), megabytes: (pages * PAGE_OCTETS) / MEGABYTE });
    } catch {
      // It is being killed or started just now.
    }
  }
}
