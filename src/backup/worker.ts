/** The thread that makes one backup and ends. Started by `start.ts`; also an entry point of the executable (build.ts). */
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { type BackupJob, type BackupTold, makeBackup } from './make.ts';

/** On Linux this is the priority of the calling thread alone: an SMS always goes first. */
const NICENESS = 19;

const parent = parentPort;
if (parent === null) throw new Error('this file runs only as a worker');
const tell = (told: BackupTold): void => parent.postMessage(told);

parent.on('message', (job: BackupJob) => {
  setPriority(0, NICENESS);
  void makeBackup(job, tell).then((made) => tell({ told: 'end', made }));
});
