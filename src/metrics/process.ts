import { collectDefaultMetrics, Registry } from 'prom-client';
import { VERSION } from '../lib/version.ts';
import type { Meters } from './meters.ts';

/**
 * Of what the library tells of a process, what is true under Bun. Left out: handles, requests and resources (always 0), garbage collection (Bun reports none), heap
 * spaces (there is one), the lag of the event loop (loop.ts measures it as a histogram), and the virtual memory, most of which is only reserved.
 */
const TRUE_UNDER_BUN = [
  'process_cpu_user_seconds_total',
  'process_cpu_system_seconds_total',
  'process_cpu_seconds_total',
  'process_start_time_seconds',
  'process_resident_memory_bytes',
  'process_open_fds',
  'process_max_fds',
  'nodejs_heap_size_total_bytes',
  'nodejs_heap_size_used_bytes',
  'nodejs_external_memory_bytes',
];

/** CPU, memory, descriptors and the version of this process. */
export function processMeters(meters: Meters): void {
  const all = new Registry();
  collectDefaultMetrics({ register: all, eventLoopMonitoringPrecision: 1000 });
  meters.adopt(all, TRUE_UNDER_BUN);
  meters.gauge({ name: 'smspin_build_info', help: 'Always 1; the labels tell the versions.', labels: ['version', 'bun'] }, () => [
    [{ version: VERSION, bun: Bun.version }, 1],
  ]);
}
