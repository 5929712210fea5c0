/** The thread that makes one file and ends. Started by `maker.ts`; also an entry point of the executable (build.ts). */
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import type { Job, Progress, Told } from './job.ts';
import { makeFile } from './make-file.ts';

/** On Linux this is the priority of the calling thread alone: an SMS always goes first. */
const NICENESS = 10;
const TELL_EVERY_MS = 200;

const parent = parentPort;
if (parent === null) throw new Error('this file runs only as a worker');
let isCanceled = false;
let toldAtMs = 0;
const tell = (told: Told): void => parent.postMessage(told);

function progress(done: Progress): void {
  const nowMs = performance.now();
  if (nowMs - toldAtMs < TELL_EVERY_MS) return;
  toldAtMs = nowMs;
  tell({ told: 'progress', ...done });
}

parent.on('message', (said: { job: Job } | 'cancel') => {
  if (said === 'cancel') {
    isCanceled = true;
    return;
  }
  setPriority(0, NICENESS);
  void makeFile(said.job, { progress, isCanceled: () => isCanceled, nowMs: Date.now }).then((made) => tell({ told: 'end', made }));
});
