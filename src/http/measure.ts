import { Elysia } from 'elysia';
import { newId, type RandomBytes } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import { ORDER_CHECK_PATH } from '../status/checker.ts';
import { pathOf, requestIdOf } from './request-id.ts';

interface MeasureDeps {
  log: Log;
  random: RandomBytes;
  nowMs(): number;
  monotonicMs(): number;
  answered(request: { method: string; route: string | null; status: number; ms: number | null }): void;
}

/** What was answered later than this is written down, whatever it was. */
const SLOW_MS = 1000;
const ID_OF_ORDER = /\bord_[0-9a-z]{20,40}\b/;
const ID_OF_RENTAL = /\brnt_[0-9a-z]{20,40}\b/;

const statuses = new WeakMap<Request, number>();

/** Says with which status a request was answered that failed or was refused: the framework does not. */
export function noteStatus(request: Request, status: number): void {
  statuses.set(request, status);
}

/**
 * Measures every request that reaches a route, or none, and writes those down that change something: with the pattern of the route, never the path or anything that
 * was sent, and with the order or rental they are about. The house's own checks are not written down. Use it before anything else.
 */
export function measure(deps: MeasureDeps) {
  const { log, monotonicMs } = deps;
  const begunMs = new WeakMap<Request, number>();
  return new Elysia({ name: 'measure' })
    .onRequest(({ request }) => {
      begunMs.set(request, monotonicMs());
    })
    .onAfterResponse({ as: 'global' }, ({ request, route, set, responseValue }) => {
      const isSocket = request.headers.get('upgrade')?.toLowerCase() === 'websocket';
      const ms = monotonicMs() - (begunMs.get(request) ?? monotonicMs());
      const waits = isSocket || /[?&]wait=/.test(request.url);
      const status = statuses.get(request) ?? statusOf(responseValue, set.status, isSocket);
      const { method } = request;
      const pattern = route === undefined || route === '' ? null : route;
      deps.answered({ method, route: pattern, status, ms: waits ? null : ms });
      const isSlow = !waits && ms >= SLOW_MS;
      const reads = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
      if (!isSlow && (reads || pattern === ORDER_CHECK_PATH)) return;
      log[isSlow ? 'warn' : 'info'](isSlow ? 'slow_request' : 'request', {
        request_id: requestIdOf(request, () => newId('req', deps.nowMs(), deps.random)),
        method: method.slice(0, 20),
        route: pattern,
        status,
        ms: Math.round(ms * 10) / 10,
        ...subjectsOf(request, responseValue),
      });
    });
}

/** The order and the rental that a request names, or that its answer is. */
export function subjectsOf(request: Request, answer: unknown = null): { order?: string; rental?: string } {
  const text = `${pathOf(request)} ${idOf(answer)}`;
  const order = ID_OF_ORDER.exec(text)?.[0];
  const rental = ID_OF_RENTAL.exec(text)?.[0];
  return { ...(order === undefined ? {} : { order }), ...(rental === undefined ? {} : { rental }) };
}

function idOf(answer: unknown): string {
  if (answer instanceof Response) return answer.headers.get('location') ?? answer.headers.get('hx-redirect') ?? '';
  return typeof answer === 'object' && answer !== null && 'id' in answer ? String(answer.id) : '';
}

function statusOf(answer: unknown, set: unknown, isSocket: boolean): number {
  if (answer instanceof Response) return answer.status;
  if (typeof answer === 'object' && answer !== null && 'code' in answer && typeof answer.code === 'number') return answer.code;
  if (isSocket) return 101;
  return typeof set === 'number' ? set : 200;
}
