import { type HttpOptions, makeHttp } from './http.ts';
import { Orders } from './orders.ts';
import { pages } from './pages.ts';
import { EventStream, type SocketMaker, type StreamOptions } from './stream.ts';
import type { components, operations } from './types.ts';
import { verify } from './webhooks.ts';

export { ApiError, ConnectionError, type Problem } from './http.ts';
export {
  type Code,
  CodeTimeoutError,
  type Message,
  type Order,
  type OrderBatch,
  OrderEndedError,
  type ReuseQuote,
  type WaitOptions,
} from './orders.ts';
export { EventStream, type Socket, type SocketMaker, StreamClosedError, StreamGapError, type StreamOptions } from './stream.ts';
export type { components, operations, paths } from './types.ts';
export { type Event, type VerifyOptions, WebhookVerificationError } from './webhooks.ts';

export type Offer = components['schemas']['Offer'];
export type Balance = components['schemas']['Balance'];
export type LedgerLine = components['schemas']['LedgerLine'];

export interface SmsPinOptions extends HttpOptions {
  /** Makes the sockets of `stream`; default: the global WebSocket, or one on node:http where there is none (Node 20). */
  socket?: SocketMaker;
}

type Signal = { signal?: AbortSignal };

/**
 * A client of an SMSPin server.
 *
 *     const smspin = new SmsPin({ baseUrl: 'https://pin.example.org', apiKey: 'smspin_…' });
 *     const order = await smspin.orders.create({ country: 'gb', service: 'telegram' });
 *     const { code } = await smspin.orders.waitForCode(order.id, { timeout: 60_000 });
 */
export class SmsPin {
  readonly orders: Orders;
  readonly #http: ReturnType<typeof makeHttp>;
  readonly #socket: SocketMaker | undefined;

  constructor(options: SmsPinOptions) {
    if (!/^https?:\/\//.test(options.baseUrl)) throw new TypeError('baseUrl must begin with http:// or https://');
    if (!options.apiKey) throw new TypeError('apiKey is missing');
    this.#http = makeHttp(options);
    this.#socket = options.socket;
    this.orders = new Orders(this.#http);
  }

  readonly offers = {
    /** What can be rented: price, window and stock by country and service. */
    list: async (filter: NonNullable<operations['listOffers']['parameters']['query']> & Signal = {}): Promise<Offer[]> => {
      const { signal, ...query } = filter;
      return (await this.#http.call<{ data: Offer[] }>('GET', '/offers', { query, signal })).data;
    },
  };

  readonly messages = {
    /** The messages of your orders, newest first. */
    list: (filter: { order_id?: string; limit?: number } & Signal = {}) => {
      const { signal, ...query } = filter;
      return pages<components['schemas']['Message']>(this.#http, '/messages', query, signal);
    },
  };

  readonly balance = {
    get: (options: Signal = {}): Promise<Balance> => this.#http.call<Balance>('GET', '/balance', { signal: options.signal }),
    /** Every movement of your money, newest first. */
    ledger: (filter: { limit?: number } & Signal = {}) => {
      const { signal, ...query } = filter;
      return pages<LedgerLine>(this.#http, '/ledger', query, signal);
    },
  };

  /** Your events as they happen. Close it, or let the signal end it. */
  stream(options: StreamOptions = {}): EventStream {
    return new EventStream(this.#http, this.#socket, options);
  }
}

/** Checks the requests that the server sends to your webhooks. */
export const webhooks = { verify };
