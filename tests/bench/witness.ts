/** A thread that does nothing but look how late its timer is: what it suffers, the machine does to everybody. */
import { parentPort } from 'node:worker_threads';

const TICK_MS = 5;
let lastMs = performance.now();
let worstMs = 0;

setInterval(() => {
  const nowMs = performance.now();
  worstMs = Math.max(worstMs, nowMs - lastMs - TICK_MS);
  lastMs = nowMs;
}, TICK_MS);

/** Asked, it tells the worst since it was last asked. */
parentPort?.on('message', () => {
  parentPort?.postMessage(worstMs);
  worstMs = 0;
});
