/** Loaded into the server beforehand: writes what is alive after a full collection, one JSON line each time, to the file HEAP_FILE names. */
import { heapStats } from 'bun:jsc';
import { appendFileSync } from 'node:fs';

const EVERY_MS = 10_000;
const file = process.env['HEAP_FILE'];

if (file !== undefined) {
  setInterval(() => {
    Bun.gc(true);
    const { heapSize, objectCount, objectTypeCounts } = heapStats();
    const { rss } = process.memoryUsage();
    appendFileSync(file, `${JSON.stringify({ atMs: performance.now(), heapSize, objectCount, rss, types: objectTypeCounts })}\n`);
  }, EVERY_MS).unref();
}
