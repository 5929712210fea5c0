import { ApiError, type Http } from './http.ts';
import { pages } from './pages.ts';
import type { components, operations } from './types.ts';

export type Order = components['schemas']['Order'];
export type OrderBatch = components['schemas']['OrderBatch'];
export type ReuseQuote = components['schemas']['ReuseQuote'];
type OrderRequest = operations['createOrder']['requestBody']['content']['application/json'];
type OrderReport = NonNullable<operations['reportOrder']['requestBody']>['content']['application/json'];
export type Message = components['schemas']['Message'];

/** The order ended (expired, canceled, reported, finished) without the code that was waited for. */
export class OrderEndedError extends Error {
  readonly order: Order;
  constructor(order: Order) {
    super(`The order ${order.id} is ${order.status} (${order.reason}): no code will come.`);
    this.name = 'OrderEndedError';
    this.order = order;
  }
}

/** No code came in the time given; the order is still open. */
export class CodeTimeoutError extends Error {
  readonly order: Order;
  constructor(order: Order, timeoutMs: number) {
    super(`No code came for ${order.number} within ${timeoutMs} ms.`);
    this.name = 'CodeTimeoutError';
    this.order = order;
  }
}

export interface WaitOptions {
  /** At most this many milliseconds; default: until the order's window ends. */
  timeout?: number;
  /** Only a code that came after this event, such as `last_event` of the answer before: never one that you already have. */
  after?: string;
  signal?: AbortSignal;
}

export interface Code {
  code: string;
  /** The message that brought it; null when so many came after it that the order does not show it any more. */
  message: Message | null;
  /** As it is now; its `last_event` is the `after` of the next wait. */
  order: Order;
}

/** One request waits this long at most: below what proxies usually cut. */
const WAIT_SECONDS = 25;

type Signal = { signal?: AbortSignal | undefined };

export class Orders {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Rents a number. Carries an Idempotency-Key, your own or a new one, so that trying again orders once. */
  async create(order: Omit<OrderRequest, 'count' | 'fill'>, options: Signal & { idempotencyKey?: string } = {}): Promise<Order> {
    const idempotencyKey = options.idempotencyKey ?? crypto.randomUUID();
    return await this.#http.call<Order>('POST', '/orders', { body: order, idempotencyKey, signal: options.signal });
  }

  /** Rents several different numbers in one step: all of them or none, or with `fill: 'available'` as many as there are. */
  async createMany(
    order: Omit<OrderRequest, 'count'> & { count: number },
    options: Signal & { idempotencyKey?: string } = {},
  ): Promise<OrderBatch> {
    const idempotencyKey = options.idempotencyKey ?? crypto.randomUUID();
    return await this.#http.call<OrderBatch>('POST', '/orders', { body: order, idempotencyKey, signal: options.signal });
  }

  /** What the number of an ended order costs now: give its price as `maxPrice` to reuse(). */
  quoteReuse(id: string, options: Signal = {}): Promise<ReuseQuote> {
    return this.#http.call<ReuseQuote>('GET', `${path(id)}/reuse`, { signal: options.signal });
  }

  /** Rents the number of an ended order again, for the same service. */
  async reuse(id: string, options: Signal & { idempotencyKey?: string; maxPrice?: number } = {}): Promise<Order> {
    const idempotencyKey = options.idempotencyKey ?? crypto.randomUUID();
    const body = options.maxPrice === undefined ? {} : { max_price: options.maxPrice };
    return await this.#http.call<Order>('POST', `${path(id)}/reuse`, { body, idempotencyKey, signal: options.signal });
  }

  /** Changes the note or the tags of an order; what is absent stays. */
  label(id: string, labels: { note?: string | null; tags?: string[] }, options: Signal = {}): Promise<Order> {
    return this.#http.call<Order>('PATCH', path(id), { body: labels, signal: options.signal });
  }

  /** Extends the window of an open order, once, where the operator offers that. */
  extend(id: string, options: Signal = {}): Promise<Order> {
    return this.#http.call<Order>('POST', `${path(id)}/extend`, { signal: options.signal });
  }

  /** Says that you asked the service for another code; wait for it with `waitForCode(id, { after: order.last_event })`. */
  another(id: string, options: Signal = {}): Promise<Order> {
    return this.#http.call<Order>('POST', `${path(id)}/another`, { signal: options.signal });
  }

  async get(id: string, options: Signal = {}): Promise<Order> {
    return await this.#http.call<Order>('GET', path(id), { signal: options.signal });
  }

  /** All your orders, newest first, page after page as you go on: `for await (const order of smspin.orders.list())`. */
  list(filter: { status?: Order['status']; tag?: string; limit?: number } & Signal = {}): AsyncGenerator<Order, void, void> {
    const { signal, ...query } = filter;
    return pages<Order>(this.#http, '/orders', query, signal);
  }

  /** Gives a pending order back for a full refund. */
  cancel(id: string, options: Signal = {}): Promise<Order> {
    return this.#act(id, 'cancel', 'canceled', options);
  }

  /** Says that you have what you came for. */
  finish(id: string, options: Signal = {}): Promise<Order> {
    return this.#act(id, 'finish', 'finished', options);
  }

  /** Says that the number of a pending order does not work; full refund. */
  report(id: string, options: Signal & OrderReport = {}): Promise<Order> {
    const { signal, ...body } = options;
    return this.#act(id, 'report', 'reported', { signal }, body);
  }

  /**
   * The next code of an order, the moment it arrives. Without `after` that is the newest one if there is one already; with it only one that came later.
   * Throws OrderEndedError when none can come any more, CodeTimeoutError when none came in time, the signal's reason when it is aborted.
   */
  async waitForCode(id: string, options: WaitOptions = {}): Promise<Code> {
    const { timeout = Number.POSITIVE_INFINITY, signal } = options;
    const deadlineMs = Date.now() + timeout;
    let { after } = options;
    for (;;) {
      signal?.throwIfAborted();
      const leftMs = Math.max(0, deadlineMs - Date.now());
      const wait = Math.min(WAIT_SECONDS, Math.ceil(leftMs / 1000));
      const asked = { query: { wait, after }, waitMs: wait * 1000, signal };
      const order = await this.#http.call<Order>('GET', path(id), asked);
      if (order.code !== null) return { code: order.code, message: order.messages.find((one) => one.code === order.code) ?? null, order };
      if (order.status !== 'pending' && order.status !== 'received') throw new OrderEndedError(order);
      if (Date.now() >= deadlineMs) throw new CodeTimeoutError(order, timeout);
      // Something happened that is no code: what is waited for now must be newer than that.
      if (after !== undefined || order.status === 'received') after = order.last_event;
    }
  }

  /** Done already, perhaps by a try whose answer was lost: then the order as it is, is the answer. */
  async #act(id: string, verb: string, becomes: Order['status'], { signal }: Signal, body?: object): Promise<Order> {
    try {
      return await this.#http.call<Order>('POST', `${path(id)}/${verb}`, { signal, ...(body && { body }) });
    } catch (thrown) {
      if (thrown instanceof ApiError && thrown.status === 409 && thrown.problem['order_status'] === becomes) return this.get(id);
      throw thrown;
    }
  }
}

function path(id: string): string {
  return `/orders/${encodeURIComponent(id)}`;
}
