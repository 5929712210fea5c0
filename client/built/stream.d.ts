// Made from the API document by `bun run client:types`. Do not edit.
import { type Http } from './http.ts';
import type { Event } from './webhooks.ts';
/** The part of a WebSocket that the stream needs: the browser's own is one. */
export interface Socket {
    onopen: ((event: never) => void) | null;
    onmessage: ((event: {
        data: unknown;
    }) => void) | null;
    onclose: ((event: {
        code: number;
        reason: string;
    }) => void) | null;
    onerror: ((event: never) => void) | null;
    close(code?: number, reason?: string): void;
}
export type SocketMaker = (url: string) => Socket;
export interface StreamOptions {
    /** Begin with what came after this event, or with `start`; default: with what happens from the call on. */
    after?: string;
    onEvent?: (event: Event) => void;
    /** Called when the connection is lost, with how long until the next try. */
    onReconnect?: (why: {
        code: number;
        reason: string;
        inMs: number;
    }) => void;
    signal?: AbortSignal;
}
/** The server can no longer replay what came after the event: read your orders anew, then stream from now. */
export declare class StreamGapError extends Error {
    readonly after: string | undefined;
    constructor(after: string | undefined, reason: string);
}
/** The server closed the stream for good: the key was revoked or has expired (4401), or the account has too many sockets (4429). */
export declare class StreamClosedError extends Error {
    readonly code: number;
    constructor(code: number, reason: string);
}
/**
 * Your events as they happen, each once and in order, over as many connections as it takes: `for await (const event of stream)`, or `onEvent`. Ends by
 * `close()` or the signal. Throws ApiError or StreamClosedError when the server will not have it, StreamGapError when events were lost for good.
 */
export declare class EventStream implements AsyncIterable<Event> {
    #private;
    /** Where the next connection resumes: the newest event that came; before the first, the newest there was at the call, or `start`. */
    lastEventId: string | undefined;
    /** Resolves when the first connection is open, or the stream has ended before. */
    readonly opened: Promise<void>;
    /** Resolves when the stream has ended, rejects with what ended it. */
    readonly closed: Promise<void>;
    constructor(http: Http, make: SocketMaker | undefined, options: StreamOptions);
    close(): void;
    [Symbol.asyncIterator](): AsyncGenerator<Event, void, void>;
}
