// Made from the API document by `bun run client:types`. Do not edit.
import type { components } from './types.ts';
export type Problem = components['schemas']['Problem'];
/** The server refused a call: an RFC 9457 problem. Branch on `type`. */
export declare class ApiError extends Error {
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
    constructor(status: number, problem: Record<string, unknown>, headers: Headers);
}
/** No answer came, also after all tries; `cause` says why. */
export declare class ConnectionError extends Error {
    constructor(what: string, cause: unknown);
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
/** Calls the API with the key, and tries again where that can help and do no harm. */
export declare function makeHttp(options: HttpOptions): Http;
/** Resolves after `ms`; rejects with the signal's reason when it is aborted before. */
export declare function sleep(ms: number, signal?: AbortSignal | undefined): Promise<void>;
