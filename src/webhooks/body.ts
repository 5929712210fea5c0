import type { StoredEvent } from '../db/events.ts';
import { rfc3339 } from '../lib/clock.ts';

/** What is sent of an event: `type`, `timestamp` and `data` as Standard Webhooks recommends, and the `id` that the header has too. The same octets at every attempt. */
export function bodyOf(event: StoredEvent): string {
  const head = JSON.stringify({ id: event.id, type: event.type, timestamp: rfc3339(event.createdAtMs) });
  return `${head.slice(0, -1)},"data":${event.data}}`;
}
