import type { components } from './types.ts';

export type Problem = components['schemas']['Problem'];

/** The server refused a call: an RFC 9457 problem. Branch on `type`. */
export class ApiError extends Error {
  readonly type: Problem['type'] | 'unknown';
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Quote it when you ask the operator. */
  readonly requestId: string | null;
  /** Seconds the server asks to wait, or null. */
  readonly retryAfterSeconds: number | null;
  /** All members of the problem, e.g. `price` and `available` of `insufficient_balance`. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(status: number, problem: Record<string, unknown>, headers: Headers) {
    const text = (name: string): string => (typeof problem[name] === 'string' ? problem[name] : '');
    super(text('detail') || `The server answered ${status}.`);
    this.name = 'ApiError';
    this.status = status;
    this.type = (text('type') || 'unknown') as Problem['type'] | 'unknown';
    this.title = text('title');
    this.detail = text('detail');
    this.requestId = text('request_id') || headers.get('x-request-id');
    const seconds = Number(headers.get('retry-after') ?? Number.NaN);
    this.retryAfterSeconds = Number.isFinite(seconds) ? seconds : null;
    this.problem = problem;
  }
}

/** No answer came, also after all tries; `cause` says why. */
export class ConnectionError extends Error {
  constructor(what: string, cause: unknown) {
    super(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'ConnectionError';
  }
}

export interface HttpOptions {
  /** Where the server is, such as `https://pin.example.org`. */
  baseUrl: string;
  /** `smspin_…` */
  apiKey: string;
  /** Instead of the global `fetch`. */
  fetch?: typeof globalThis.fetch;
  /** How often a call is tried again after a network failure, 429 or 503; default 4. */
  retries?: number;
  /** How long one try may take, besides the time it waits on purpose; default 30,000 ms. */
  timeoutMs?: number;
}

export interface Call {
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal | undefined;
  /** Milliseconds this call waits on purpose. */
  waitMs?: number;
}

export interface Http {
  readonly baseUrl: string;
  /** The body of the answer. Throws ApiError for a refusal, ConnectionError when no answer came. */
  call<T>(method: string, path: string, call?: Call): Promise<T>;
}

const RETRIES = 4;
const TIMEOUT_MS = 30_000;
const BACKOFF_MS = 250;
const BACKOFF_MAX_MS = 8000;
/** Longer than this nobody waits without being asked. */
const RETRY_AFTER_SECONDS_MAX = 60;

/** Calls the API with the key, and tries again where that can help and do no harm. */
export function makeHttp(options: HttpOptions): Http {
  const send = options.fetch ?? globalThis.fetch.bind(globalThis);
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const retries = options.retries ?? RETRIES;

  async function attempt<T>(method: string, url: string, call: Call): Promise<T> {
    const timeout = AbortSignal.timeout((options.timeoutMs ?? TIMEOUT_MS) + (call.waitMs ?? 0));
    const response = await send(url, {
      method,
      headers: {
        authorization: `Bearer ${options.apiKey}`,
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
      },
      credentials: 'omit',
      signal: call.signal ? AbortSignal.any([call.signal, timeout]) : timeout,
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new ApiError(response.status, parsedObject(text), response.headers);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  return {
    baseUrl,
    async call<T>(method: string, path: string, call: Call = {}): Promise<T> {
      const url = `${baseUrl}/api/v1${path}${queryOf(call.query)}`;
      for (let tries = 0; ; tries++) {
        try {
          return await attempt<T>(method, url, call);
        } catch (thrown) {
          call.signal?.throwIfAborted();
          const waitMs = tries < retries ? retryInMs(thrown, tries) : null;
          if (waitMs === null) throw thrown instanceof ApiError ? thrown : new ConnectionError(`${method} ${path} got no answer`, thrown);
          await sleep(waitMs, call.signal);
        }
      }
    },
  };
}

/** How long to wait before the next try, or null when none can help. */
function retryInMs(thrown: unknown, tries: number): number | null {
  const backoffMs = Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** tries) * (0.5 + Math.random() / 2);
  if (!(thrown instanceof ApiError)) return backoffMs;
  const { status, retryAfterSeconds } = thrown;
  // A limit that does not pass by itself, such as the number of keys, names no time.
  if (status === 429 && retryAfterSeconds === null) return null;
  if (status !== 429 && status !== 502 && status !== 503 && status !== 504) return null;
  if ((retryAfterSeconds ?? 0) > RETRY_AFTER_SECONDS_MAX) return null;
  return Math.max(backoffMs, (retryAfterSeconds ?? 0) * 1000);
}

/** Resolves after `ms`; rejects with the signal's reason when it is aborted before. */
export function sleep(ms: number, signal?: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', leave);
      resolve();
    }, ms);
    if (signal?.aborted) leave();
    else signal?.addEventListener('abort', leave, { once: true });
  });
}

function queryOf(query: Call['query'] = {}): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  const text = given.toString();
  return text === '' ? '' : `?${text}`;
}

function parsedObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
