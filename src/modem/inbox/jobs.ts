import type { AtChannel, AtCommand, AtResult } from '../at/channel.ts';

/** What goes first when the channel is free: a message just announced, then listings, then tidying up, then curiosity. */
export const Priority = { read: 0, sweep: 1, remove: 2, health: 3 } as const;
export type Priority = (typeof Priority)[keyof typeof Priority];

interface Job {
  run: () => Promise<void>;
  drop: () => void;
}

/**
 * Lets whole exchanges (select a storage, then read) have the channel one after the other, the most urgent first. A job added while nothing
 * runs starts on the same turn, so that an announced message costs no tick of waiting.
 */
export class JobQueue {
  private readonly waiting: Job[][] = [[], [], [], []];
  private running = false;
  private closed = false;

  /** Runs `job` when its turn comes and resolves with its outcome; with null when the queue was closed before. Rejects when the job does. */
  add<T>(priority: Priority, job: () => Promise<T>): Promise<T | null> {
    if (this.closed) return Promise.resolve(null);
    return new Promise<T | null>((resolve, reject) => {
      this.waiting[priority]?.push({ run: () => job().then(resolve, reject), drop: () => resolve(null) });
      this.next();
    });
  }

  /** One command as a job of its own. */
  command(priority: Priority, channel: AtChannel, command: AtCommand): Promise<AtResult | null> {
    return this.add(priority, () => channel.send(command));
  }

  /** Drops what waits and takes nothing more; what runs ends by itself. */
  close(): void {
    this.closed = true;
    for (const jobs of this.waiting) {
      for (const job of jobs.splice(0)) job.drop();
    }
  }

  private next(): void {
    if (this.running) return;
    const job = this.waiting.find((jobs) => jobs.length > 0)?.shift();
    if (job === undefined) return;
    this.running = true;
    void job.run().then(() => {
      this.running = false;
      this.next();
    });
  }
}
