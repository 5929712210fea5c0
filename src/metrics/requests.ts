import type { RefusalType } from '../lib/errors.ts';
import { REFUSALS } from '../lib/errors.ts';
import type { Meters } from './meters.ts';

/** How an answer went out. */
export interface Answered {
  method: string;
  /** The pattern that the route was written as, such as `/api/v1/orders/:id`, never the path of the request; null: nothing is there. */
  route: string | null;
  status: number;
  /** From the first look at the request until its answer is handed over to be sent; null for what waits on purpose: `?wait=`, sockets. */
  ms: number | null;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** From a page of memory to a report over years. */
const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Requests by route pattern, and refusals by their code. */
export function requestMeters(meters: Meters) {
  const requests = meters.counter({
    name: 'smspin_http_requests_total',
    help: 'Answered HTTP requests by method, route pattern ("none": no such address) and status.',
    labels: ['method', 'route', 'status'],
  });
  const seconds = meters.histogram({
    name: 'smspin_http_request_duration_seconds',
    help: 'From the first look at a request until its answer is handed over to be sent; without long polls and sockets, which wait on purpose.',
    labels: ['method', 'route'],
    buckets: REQUEST_SECONDS,
  });
  const refusals = meters.counter({
    name: 'smspin_refusals_total',
    help: 'Requests that were refused, by the code of the problem; "internal" is a failure of the server itself.',
    labels: ['type'],
  });
  for (const type of [...Object.keys(REFUSALS), 'internal']) refusals.inc({ type }, 0);
  return {
    answered({ method, route, status, ms }: Answered): void {
      const labels = { method: METHODS.includes(method) ? method : 'other', route: route ?? 'none' };
      requests.inc({ ...labels, status: String(status) });
      if (ms !== null) seconds.observe(labels, ms / 1000);
    },
    refused: (type: RefusalType | 'internal'): void => refusals.inc({ type }),
  };
}
