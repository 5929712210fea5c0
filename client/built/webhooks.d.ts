// Made from the API document by `bun run client:types`. Do not edit.
import type { components } from './types.ts';
export type Event = components['schemas']['Event'];
/** The request was not made by the server that holds the secret, or not lately: answer 400 and do nothing. */
export declare class WebhookVerificationError extends Error {
    constructor(message: string);
}
export interface VerifyOptions {
    /** How far the sender's clock may be from ours; default 300 seconds. */
    toleranceSeconds?: number;
    /** Instead of the clock. */
    nowMs?: number;
}
type HeaderSource = Headers | Record<string, string | string[] | undefined>;
/**
 * The event of a webhook request, if it is genuine (Standard Webhooks 1.0: HMAC-SHA-256 over id, timestamp and body). `payload` is the body exactly as it came,
 * before any parsing. While a secret is rotated give both. Throws WebhookVerificationError.
 */
export declare function verify(payload: string | Uint8Array, headers: HeaderSource, secret: string | readonly string[], options?: VerifyOptions): Promise<Event>;
export {};
