import { ApiError, type Http, sleep } from './http.ts';
import { nodeSocket } from './node-socket.ts';
import type { components } from './types.ts';
import type { Event } from './webhooks.ts';

/** The part of a WebSocket that the stream needs: the browser's own is one. */
export interface Socket {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: ((event: never) => void) | null;
  close(code?: number, reason?: string): void;
}
export type SocketMaker = (url: string) => Socket;

export interface StreamOptions {
  /** Begin with what came after this event, or with `start`; default: with what happens from the call on. */
  after?: string;
  onEvent?: (event: Event) => void;
  /** Called when the connection is lost, with how long until the next try. */
  onReconnect?: (why: { code: number; reason: string; inMs: number }) => void;
  signal?: AbortSignal;
}

/** The server can no longer replay what came after the event: read your orders anew, then stream from now. */
export class StreamGapError extends Error {
  readonly after: string | undefined;
  constructor(after: string | undefined, reason: string) {
    super(reason || 'The server can no longer tell what came after that event.');
    this.name = 'StreamGapError';
    this.after = after;
  }
}

type StreamTicket = Pick<components['schemas']['StreamTicket'], 'ticket'> & Partial<components['schemas']['StreamTicket']>;

/** Before the first event of an account. */
const START = 'start';
/** Close codes after which coming back would change nothing: the key ended, the place to resume from is gone, too many sockets. */
const CLOSE_UNAUTHORIZED = 4401;
const CLOSE_GAP = 4410;
const CLOSE_TOO_MANY = 4429;
const BACKOFF_MS = 500;
const BACKOFF_MAX_MS = 30_000;
/** The server sends a heartbeat every 15 seconds; a cable pulled out closes no socket. */
const SILENCE_MS = 45_000;

/** The server closed the stream for good: the key was revoked or has expired (4401), or the account has too many sockets (4429). */
export class StreamClosedError extends Error {
  readonly code: number;
  constructor(code: number, reason: string) {
    super(reason || `The server closed the stream with ${code}.`);
    this.name = 'StreamClosedError';
    this.code = code;
  }
}

/**
 * Your events as they happen, each once and in order, over as many connections as it takes: `for await (const event of stream)`, or `onEvent`. Ends by
 * `close()` or the signal. Throws ApiError or StreamClosedError when the server will not have it, StreamGapError when events were lost for good.
 */
export class EventStream implements AsyncIterable<Event> {
  readonly #http: Http;
  readonly #make: SocketMaker;
  readonly #options: StreamOptions;
  readonly #ended = new AbortController();
  readonly #queue: Event[] = [];
  #wake: (() => void) | null = null;
  #failure: unknown = null;
  /** Where the next connection resumes: the newest event that came; before the first, the newest there was at the call, or `start`. */
  lastEventId: string | undefined;
  /** Resolves when the first connection is open, or the stream has ended before. */
  readonly opened: Promise<void>;
  #isOpen: () => void = () => {};
  /** Resolves when the stream has ended, rejects with what ended it. */
  readonly closed: Promise<void>;

  constructor(http: Http, make: SocketMaker | undefined, options: StreamOptions) {
    this.#http = http;
    this.#make = make ?? defaultSocket;
    this.#options = options;
    this.lastEventId = options.after;
    options.signal?.addEventListener('abort', () => this.close(), { once: true });
    if (options.signal?.aborted) this.#ended.abort();
    this.opened = new Promise((resolve) => (this.#isOpen = resolve));
    this.closed = this.#run().finally(() => {
      this.#ended.abort();
      this.#isOpen();
      this.#wake?.();
    });
    // Whoever iterates gets the failure there.
    this.closed.catch((thrown: unknown) => {
      this.#failure = thrown;
    });
  }

  close(): void {
    this.#ended.abort();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void, void> {
    try {
      for (;;) {
        const next = this.#queue.shift();
        if (next) yield next;
        else if (this.#ended.signal.aborted) break;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
      await Promise.resolve();
      if (this.#failure !== null) throw this.#failure;
    } finally {
      this.close();
    }
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#ended.signal.aborted) {
      const { opened, code, reason } = await this.#connection();
      if (this.#ended.signal.aborted) return;
      if (code === CLOSE_GAP) throw new StreamGapError(this.lastEventId, reason);
      if (code === CLOSE_UNAUTHORIZED || code === CLOSE_TOO_MANY) throw new StreamClosedError(code, reason);
      failures = opened ? 0 : failures + 1;
      const inMs = Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** failures) * (0.5 + Math.random() / 2);
      this.#options.onReconnect?.({ code, reason, inMs });
      await sleep(inMs, this.#ended.signal).catch(() => {});
    }
  }

  /** One connection from its ticket to its end. */
  async #connection(): Promise<{ opened: boolean; code: number; reason: string }> {
    let ticket: string;
    try {
      const answer = await this.#http.call<StreamTicket>('POST', '/stream/tickets', { signal: this.#ended.signal });
      ticket = answer.ticket;
      // A server of an older version does not say it.
      if (answer.last_event !== undefined) this.lastEventId ??= answer.last_event ?? START;
    } catch (thrown) {
      if (this.#ended.signal.aborted) return { opened: false, code: 1000, reason: '' };
      if (thrown instanceof ApiError && thrown.status < 500 && thrown.status !== 429) throw thrown;
      return { opened: false, code: 1006, reason: String(thrown) };
    }
    const query = new URLSearchParams({ ticket, heartbeat: '1', ...(this.lastEventId === undefined ? {} : { after: this.lastEventId }) });
    const socket = this.#make(`${this.#http.baseUrl.replace(/^http/, 'ws')}/api/v1/stream?${query}`);
    return new Promise((resolve) => {
      let opened = false;
      let silence: ReturnType<typeof setTimeout> | undefined;
      const end = (code: number, reason: string): void => {
        clearTimeout(silence);
        this.#ended.signal.removeEventListener('abort', leave);
        resolve({ opened, code, reason });
      };
      const leave = (): void => socket.close(1000);
      const heard = (): void => {
        clearTimeout(silence);
        silence = setTimeout(() => {
          socket.close(4000, 'silence');
          end(4000, 'silence');
        }, SILENCE_MS);
      };
      this.#ended.signal.addEventListener('abort', leave, { once: true });
      heard();
      socket.onopen = () => {
        opened = true;
        this.#isOpen();
        heard();
      };
      socket.onmessage = ({ data }) => {
        heard();
        if (typeof data === 'string') this.#take(data);
      };
      socket.onerror = () => {};
      socket.onclose = ({ code, reason }) => end(code, reason);
      if (this.#ended.signal.aborted) leave();
    });
  }

  /** Heartbeats carry no id: only events do. */
  #take(text: string): void {
    const event = JSON.parse(text) as Partial<Event>;
    if (typeof event.id !== 'string' || typeof event.type !== 'string' || event.id === this.lastEventId) return;
    this.lastEventId = event.id;
    if (this.#options.onEvent) this.#options.onEvent(event as Event);
    else this.#queue.push(event as Event);
    this.#wake?.();
  }
}

function defaultSocket(url: string): Socket {
  return typeof WebSocket === 'function' ? (new WebSocket(url) as unknown as Socket) : nodeSocket(url);
}
