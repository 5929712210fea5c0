// Made from the API document by `bun run client:types`. Do not edit.
import { type HttpOptions } from './http.ts';
import { Orders } from './orders.ts';
import { EventStream, type SocketMaker, type StreamOptions } from './stream.ts';
import type { components, operations } from './types.ts';
import { verify } from './webhooks.ts';
export { ApiError, ConnectionError, type Problem } from './http.ts';
export { type Code, CodeTimeoutError, type Message, type Order, type OrderBatch, OrderEndedError, type ReuseQuote, type WaitOptions, } from './orders.ts';
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
type Signal = {
    signal?: AbortSignal;
};
/**
 * A client of an SMSPin server.
 *
 *     const smspin = new SmsPin({ baseUrl: 'https://pin.example.org', apiKey: 'smspin_…' });
 *     const order = await smspin.orders.create({ country: 'gb', service: 'telegram' });
 *     const { code } = await smspin.orders.waitForCode(order.id, { timeout: 60_000 });
 */
export declare class SmsPin {
    #private;
    readonly orders: Orders;
    constructor(options: SmsPinOptions);
    readonly offers: {
        /** What can be rented: price, window and stock by country and service. */
        list: (filter?: NonNullable<operations["listOffers"]["parameters"]["query"]> & Signal) => Promise<Offer[]>;
    };
    readonly messages: {
        /** The messages of your orders, newest first. */
        list: (filter?: {
            order_id?: string;
            limit?: number;
        } & Signal) => AsyncGenerator<{
            code: string | null;
            id: string;
            network_time: string | null;
            order_id: string | null;
            reason: string;
            received_at: string;
            rental_id: string | null;
            sender: string;
            text: string;
        }, void, void>;
    };
    readonly balance: {
        get: (options?: Signal) => Promise<Balance>;
        /** Every movement of your money, newest first. */
        ledger: (filter?: {
            limit?: number;
        } & Signal) => AsyncGenerator<{
            available: number;
            available_after: number;
            created_at: string;
            held: number;
            held_after: number;
            id: string;
            kind: "top_up" | "debit" | "hold" | "capture" | "refund" | "partial_refund";
            order_id: string | null;
            reason: string | null;
            reference: string | null;
            rental_id: string | null;
        }, void, void>;
    };
    /** Your events as they happen. Close it, or let the signal end it. */
    stream(options?: StreamOptions): EventStream;
}
/** Checks the requests that the server sends to your webhooks. */
export declare const webhooks: {
    verify: typeof verify;
};
