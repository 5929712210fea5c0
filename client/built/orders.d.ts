// Made from the API document by `bun run client:types`. Do not edit.
import { type Http } from './http.ts';
import type { components, operations } from './types.ts';
export type Order = components['schemas']['Order'];
export type OrderBatch = components['schemas']['OrderBatch'];
export type ReuseQuote = components['schemas']['ReuseQuote'];
type OrderRequest = operations['createOrder']['requestBody']['content']['application/json'];
type OrderReport = NonNullable<operations['reportOrder']['requestBody']>['content']['application/json'];
export type Message = components['schemas']['Message'];
/** The order ended (expired, canceled, reported, finished) without the code that was waited for. */
export declare class OrderEndedError extends Error {
    readonly order: Order;
    constructor(order: Order);
}
/** No code came in the time given; the order is still open. */
export declare class CodeTimeoutError extends Error {
    readonly order: Order;
    constructor(order: Order, timeoutMs: number);
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
type Signal = {
    signal?: AbortSignal | undefined;
};
export declare class Orders {
    #private;
    constructor(http: Http);
    /** Rents a number. Carries an Idempotency-Key, your own or a new one, so that trying again orders once. */
    create(order: Omit<OrderRequest, 'count' | 'fill'>, options?: Signal & {
        idempotencyKey?: string;
    }): Promise<Order>;
    /** Rents several different numbers in one step: all of them or none, or with `fill: 'available'` as many as there are. */
    createMany(order: Omit<OrderRequest, 'count'> & {
        count: number;
    }, options?: Signal & {
        idempotencyKey?: string;
    }): Promise<OrderBatch>;
    /** What the number of an ended order costs now: give its price as `maxPrice` to reuse(). */
    quoteReuse(id: string, options?: Signal): Promise<ReuseQuote>;
    /** Rents the number of an ended order again, for the same service. */
    reuse(id: string, options?: Signal & {
        idempotencyKey?: string;
        maxPrice?: number;
    }): Promise<Order>;
    /** Changes the note or the tags of an order; what is absent stays. */
    label(id: string, labels: {
        note?: string | null;
        tags?: string[];
    }, options?: Signal): Promise<Order>;
    /** Extends the window of an open order, once, where the operator offers that. */
    extend(id: string, options?: Signal): Promise<Order>;
    /** Says that you asked the service for another code; wait for it with `waitForCode(id, { after: order.last_event })`. */
    another(id: string, options?: Signal): Promise<Order>;
    get(id: string, options?: Signal): Promise<Order>;
    /** All your orders, newest first, page after page as you go on: `for await (const order of smspin.orders.list())`. */
    list(filter?: {
        status?: Order['status'];
        tag?: string;
        limit?: number;
    } & Signal): AsyncGenerator<Order, void, void>;
    /** Gives a pending order back for a full refund. */
    cancel(id: string, options?: Signal): Promise<Order>;
    /** Says that you have what you came for. */
    finish(id: string, options?: Signal): Promise<Order>;
    /** Says that the number of a pending order does not work; full refund. */
    report(id: string, options?: Signal & OrderReport): Promise<Order>;
    /**
     * The next code of an order, the moment it arrives. Without `after` that is the newest one if there is one already; with it only one that came later.
     * Throws OrderEndedError when none can come any more, CodeTimeoutError when none came in time, the signal's reason when it is aborted.
     */
    waitForCode(id: string, options?: WaitOptions): Promise<Code>;
}
export {};
