import type { Job, Made, Progress, Told } from './job.ts';

/** A worker thread on its way. */
export interface Making {
  /** Resolves with how it ended; never rejects. */
  ended: Promise<Made>;
  /** Asks it to stop; it does within a page of rows, and is ended for good when it does not. */
  cancel(): void;
  /** Ends the thread at once; what it had written stays until the next start. */
  kill(): void;
}

const CANCEL_MS = 5000;

/** Inside the executable the worker is found by its place under src/, in a checkout by its file. */
const WORKER = import.meta.path.startsWith('/$bunfs') ? './exports/worker.ts' : new URL('./worker.ts', import.meta.url).href;

/** Makes the file of a job in a thread of its own, with its own connection to the database. */
export function startWorker(job: Job, progress: (done: Progress) => void): Making {
  const worker = new Worker(WORKER);
  const { promise, resolve } = Promise.withResolvers<Made>();
  const failed = (detail: string): void => resolve({ ok: false, reason: 'internal', detail });
  worker.addEventListener('message', ({ data }: MessageEvent<Told>) => {
    if (data.told === 'progress') return progress(data);
    resolve(data.made);
    worker.terminate();
  });
  worker.addEventListener('error', (event) => failed(event.message));
  worker.addEventListener('close', () => failed('the worker ended without a word'));
  worker.postMessage({ job });
  return {
    ended: promise,
    cancel() {
      worker.postMessage('cancel');
      const timer = setTimeout(() => {
        resolve({ ok: false, reason: 'canceled', detail: 'It was canceled.' });
        worker.terminate();
      }, CANCEL_MS);
      void promise.then(() => clearTimeout(timer));
    },
    kill() {
      resolve({ ok: false, reason: 'interrupted', detail: 'The server was stopped.' });
      worker.terminate();
    },
  };
}
