// Made from the API document by `bun run client:types`. Do not edit.
export interface paths {
    "/api/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your API keys that were not revoked, newest first */
        get: operations["listKeys"];
        put?: never;
        /**
         * Make an API key
         * @description The key itself is in this answer and in no other. It can do no more than the key that makes it: no scope, no address and no day longer.
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API key, at once and for good */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alarms that stand, or that are over (operators only) */
        get: operations["listAlarms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One alarm (operators only) */
        get: operations["getAlarm"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/{id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that you see to it: it is not told again (operators only)
         * @description It stays in the list until it is over. `already_exists` when somebody did already, `too_late` when it is over.
         */
        post: operations["acknowledgeAlarm"];
        /** Take an acknowledgement back (operators only) */
        delete: operations["unacknowledgeAlarm"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/offers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What can be rented: price, window, stock and delivery by country, service and carrier */
        get: operations["listOffers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your orders, newest first */
        get: operations["listOrders"];
        put?: never;
        /**
         * Rent a number, or several at once
         * @description The number is yours from this answer on. The price is held, and goes back by itself unless a valid code arrives in the window. Send an `Idempotency-Key`: a repeated request then orders once. With `count` several different numbers are rented in one step.
         */
        post: operations["createOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One order
         * @description Cheap to poll (ETag), and can wait: `?wait=25`.
         */
        get: operations["getOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the note or the tags of an order
         * @description Also of one that ended. Nobody but your account is shown them.
         */
        patch: operations["labelOrder"];
        trace?: never;
    };
    "/api/v1/orders/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a pending order back for a full refund */
        post: operations["cancelOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that you have what you came for */
        post: operations["finishOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Extend the window of an open order, free and once, where that is offered
         * @description Refused as `cannot_extend`, with `why`: `not_offered`, `already_extended`, `ended` or `booked`.
         */
        post: operations["extendOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/another": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that you asked the service for another code
         * @description Free: `awaiting_more` is true until it comes. Wait for it with `?wait=25&after=` and the `last_event` of this answer.
         */
        post: operations["awaitAnotherCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say why the number of a pending order does not work; full refund */
        post: operations["reportOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/reuse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the number of an ended order costs now, and whether it can be had */
        get: operations["quoteReuse"];
        put?: never;
        /**
         * Rent the number of an ended order again for the same service
         * @description Ask for the price first (`GET`) and send it as `max_price`.
         */
        post: operations["reuseOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/waiting": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your places in waiting lists, newest first */
        get: operations["listWaiting"];
        put?: never;
        /**
         * Wait for a number of an offer without stock
         * @description First come, first served: nobody who orders gets a number in front of you. With `mode: "buy"` and stock the answer is `served` at once. A price above `max_price`, or a balance that is short, is no refusal: `obstacle` names it, and you are passed over while it lasts. Nothing is held while you wait.
         */
        post: operations["joinWaitingList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/waiting/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One place in a waiting list */
        get: operations["getWaiting"];
        put?: never;
        post?: never;
        /**
         * Give a place up
         * @description Refused as `too_late` when it has ended.
         */
        delete: operations["leaveWaitingList"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/waiting/{id}/rejoin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take leaving back, within ten minutes
         * @description The place in the line is the one you had.
         */
        post: operations["rejoinWaitingList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a whole number costs by country: an hour, a day, a week; null where it is not rented so */
        get: operations["listRates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rentals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your rentals, newest first */
        get: operations["listRentals"];
        put?: never;
        /**
         * Rent a whole number for hours, days or weeks
         * @description The price is held, charged when the first message arrives, and goes back when none arrives at all. `out_of_stock` names the next free time, where it is known, as `next_free_at`.
         */
        post: operations["createRental"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rentals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One rental
         * @description Can wait: `?wait=25`.
         */
        get: operations["getRental"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Name a rental, or switch its extensions by themselves on or off */
        patch: operations["updateRental"];
        trace?: never;
    };
    "/api/v1/rentals/{id}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Extend an active rental, at the price of now */
        post: operations["extendRental"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rentals/{id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End an active rental, or cancel a scheduled one
         * @description Without a single message everything goes back. Otherwise nothing goes back.
         */
        post: operations["endRental"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rentals/{id}/shares": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who reads the inbox of a rental, or is invited to */
        get: operations["listRentalShares"];
        put?: never;
        /**
         * Invite somebody to read the inbox of a rental
         * @description They read all its messages from when they accept until you or they end it, and can do nothing else with it. Inviting an address twice is one share.
         */
        post: operations["shareRental"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rentals/{id}/shares/{share}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a share, or take an invitation back */
        delete: operations["endRentalShare"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shared-rentals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rentals of others that are shared with you */
        get: operations["listSharedRentals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shared-rentals/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The messages of a rental that is shared with you, newest first */
        get: operations["listSharedRentalMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shared-rentals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Read a rental that is shared with you no longer */
        delete: operations["leaveSharedRental"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that happened to an order, from the order to what its receivers acknowledged */
        get: operations["getOrderTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The order with its timeline as a signed document, for `smspin verify` */
        get: operations["getOrderEvidence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stream/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A ticket for the stream, for browsers: they send no headers with a WebSocket */
        post: operations["createStreamTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The messages of your orders and rentals, newest first */
        get: operations["listMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that the code of a message is wrong, or that it is not of your service
         * @description Once for each message. An operator looks at it; money is not touched by it.
         */
        post: operations["reportMessage"];
        /** Take a report back, within five minutes */
        delete: operations["withdrawMessageReport"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/balance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your balance */
        get: operations["getBalance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every movement of your money, newest first; amounts are signed changes, and what the balance was after each */
        get: operations["listLedger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your endpoints */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Have events sent to an address
         * @description The answer holds the secret that signs them, this once. The key must be able to read what is sent: `orders:read` for the types of orders, `rentals:read` for those of rentals, `balance:read` for `balance.changed`, all three for all.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One endpoint */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /** Delete an endpoint; what still waits for it is not sent any more */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Change, pause or switch on again
         * @description For another address or other events the key must be able to read what is sent, as for a new endpoint.
         */
        patch: operations["changeWebhook"];
        trace?: never;
    };
    "/api/v1/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event, once
         * @description Look at the delivery to see what came of it.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new secret; the present one goes on signing beside it for a day */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Deliveries to an endpoint, newest first, of the last 30 days */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send again everything that failed since a time */
        post: operations["replayWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One delivery with its attempts and what was sent
         * @description The key must be able to read what was sent: `orders:read`, `rentals:read`, or `balance:read` for `balance.changed`. The list of deliveries tells how each went without it.
         */
        get: operations["getWebhookDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/deliveries/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a delivery again, under the same event id */
        post: operations["replayWebhookDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your exports, newest first */
        get: operations["listExports"];
        put?: never;
        /**
         * Have a file made of your orders, messages or money
         * @description It is made in the background, from one moment of the database. Poll the export until it is `ready`, then fetch `url`. The key must be able to read what is exported: `orders:read`, `messages:read`, or `balance:read` for the ledger.
         */
        post: operations["createExport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One export */
        get: operations["getExport"];
        put?: never;
        post?: never;
        /** Revoke an export: its link ends and its file is deleted; one that is not ready yet is canceled */
        delete: operations["revokeExport"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel an export that waits or is being made */
        post: operations["cancelExport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/balance/vouchers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redeem a voucher to your balance
         * @description Works once for each voucher; with an `Idempotency-Key` the same request again within a day gets the first answer. Codes that are refused are limited: 10 an hour for an account, 30 for an address.
         */
        post: operations["redeemVoucher"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    event: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * An event of yours
         * @description Sent to your webhooks, signed by Standard Webhooks, and as JSON over the stream. Answer 2xx within the time limit. The same event may come twice: tell by its `id`.
         */
        post: operations["onEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        Alarm: {
            /**
             * Format: date-time
             * @example null
             */
            acknowledged_at: string | null;
            /**
             * @description The e-mail address of the operator.
             * @example null
             */
            acknowledged_by: string | null;
            /**
             * Format: date-time
             * @description Null while it stands.
             * @example null
             */
            cleared_at: string | null;
            /**
             * @description What to branch on; docs/alarms.md lists them.
             * @example modem_down
             */
            code: string;
            /** @example alm_01kanq7x2g0s8w2m4p6t8v0x2z */
            id: string;
            /**
             * @description The incident of the status page that it opened.
             * @example null
             */
            incident_id: string | null;
            /** @example  */
            note: string;
            /**
             * Format: date-time
             * @description When that had lasted long enough.
             * @example 2026-11-22T14:03:22.000Z
             */
            raised_at: string;
            /**
             * @example warning
             * @enum {string}
             */
            severity: "critical" | "warning" | "notice";
            /**
             * Format: date-time
             * @description Since when it is so.
             * @example 2026-11-22T14:01:22.000Z
             */
            since: string;
            /**
             * @description What it is about: a slot, an ICCID, an offer, an endpoint; empty for the house itself.
             * @example 1-1.4:1.0
             */
            subject: string;
            /**
             * @description What was found, in plain words.
             * @example It is unplugged.
             */
            text: string;
            /**
             * @description What it is held against.
             * @example 2
             */
            threshold: number | null;
            /** @example Modem is down */
            title: string;
            /**
             * @description What to do about it.
             * @example Look at power, cable and hub.
             */
            todo: string;
            /** @example minutes */
            unit: string | null;
            /**
             * @description The last figure, in `unit`.
             * @example 3
             */
            value: number | null;
        };
        ApiKey: {
            /**
             * @description Addresses and CIDR ranges from which it may be used; none: from everywhere.
             * @example [
             *       "203.0.113.0/24",
             *       "2001:db8::/32"
             *     ]
             */
            allowed_addresses: string[];
            /**
             * Format: date-time
             * @example 2026-11-22T14:03:22.000Z
             */
            created_at: string;
            /**
             * @description Null: it holds until it is revoked.
             * @example null
             */
            expires_at: string | null;
            /** @example key_01kanq7x2fq3v8b1c6d9e4g5h7 */
            id: string;
            /**
             * @description From where.
             * @example 203.0.113.7
             */
            last_used_address: string | null;
            /**
             * @description To the minute; null while it was never used.
             * @example 2026-11-22T14:10:00.000Z
             */
            last_used_at: string | null;
            /** @example nightly tests */
            name: string;
            /**
             * @description Its first characters, to tell keys apart.
             * @example smspin_x3k9
             */
            prefix: string;
            /**
             * @description What it may do.
             * @example [
             *       "orders:read",
             *       "orders:write"
             *     ]
             */
            scopes: ("offers:read" | "orders:read" | "orders:write" | "rentals:read" | "rentals:write" | "messages:read" | "balance:read" | "balance:write" | "webhooks:read" | "webhooks:write" | "exports:write" | "keys:write" | "alarms:read" | "alarms:write" | "metrics:read")[];
        };
        Balance: {
            /**
             * @description What you may spend, in minor units.
             * @example 9955
             */
            available: number;
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            /**
             * @description What open orders and rentals hold back.
             * @example 45
             */
            held: number;
            /**
             * @description Below this much `available` is low; absent while there is no mark. Set on the balance page.
             * @example 500
             */
            low_below?: number;
        };
        Event: {
            /**
             * Format: date-time
             * @example 2026-11-22T14:03:22.000Z
             */
            created_at: string;
            /**
             * @description With `order.…` the order as it was then, with `rental.…` the rental, with `waiting.…` the place in a waiting list, with `balance.changed` the balance.
             * @example {
             *       "currency": "USD",
             *       "available": 9955,
             *       "held": 45
             *     }
             */
            data: {
                [key: string]: unknown;
            };
            /**
             * @description The same in every channel and every retry.
             * @example evt_01kanq7x2g0s8w2m4p6t8v0x2z
             */
            id: string;
            /**
             * @description `order.created`: You got a number. `order.received`: A code or a further message came. `order.unsure`: A message came that may be yours; the operator looks at it, or has decided. `order.extended`: The window of an order got longer: you asked for it, or its modem had been away. `order.awaiting`: You said that you asked the service for another code. `order.noted`: You changed the note or the tags of an order. `order.finished`: An order ended with its code delivered. `order.expired`: No valid SMS came in time; the money is back. `order.canceled`: An order was canceled; the money is back. `order.reported`: You reported a number; the money is back. `order.late`: Reserved for a message that comes late for an ended order; not sent yet. `rental.booked`: You booked a long rent that begins later. `rental.started`: A long rent began. `rental.message`: A rented number got a message. `rental.extended`: The end of a long rent moved: bought, by itself, or for an outage. `rental.ending`: A long rent ends in some hours, or could not be extended by itself. `rental.ended`: A long rent ended, or was canceled before it began. `waiting.joined`: You wait for a number of an offer without stock. `waiting.served`: The number you waited for was bought; `order_id` names the order. `waiting.available`: There is stock of what you wanted to be told of. `waiting.passed_over`: Others went before you, or there is no offer any more; `obstacle` says why. You keep your place. `waiting.expired`: Your time in a waiting list is over. `waiting.left`: You left a waiting list. `balance.changed`: Your balance changed. `alarm.raised`: Operators only, and only where it is asked for by name: something is to be looked at, or still is and nobody acknowledged it. `alarm.cleared`: Operators only, and only where it is asked for by name: an alarm is over.
             * @example balance.changed
             * @enum {string}
             */
            type: "order.created" | "order.received" | "order.unsure" | "order.extended" | "order.awaiting" | "order.noted" | "order.finished" | "order.expired" | "order.canceled" | "order.reported" | "order.late" | "rental.booked" | "rental.started" | "rental.message" | "rental.extended" | "rental.ending" | "rental.ended" | "waiting.joined" | "waiting.served" | "waiting.available" | "waiting.passed_over" | "waiting.expired" | "waiting.left" | "balance.changed" | "alarm.raised" | "alarm.cleared" | "webhook.test";
        };
        Export: {
            bom: boolean;
            /** @description Size of the file; null until it is ready. */
            bytes: number | null;
            created_at: string;
            detail: string | null;
            /**
             * Format: date-time
             * @description Then the link ends and the file is deleted.
             */
            expires_at: string;
            /** @enum {unknown} */
            format: "csv" | "json";
            /** @description Rows made at this time or later; null: from the first. */
            from: string | null;
            /** @example exp_01kanq7x2fq3v8b1c6d9e4g5h7 */
            id: string;
            /** @enum {unknown} */
            kind: "ledger" | "messages" | "orders";
            made_at: string | null;
            /** @description The signed manifest: rows, bytes, SHA-256. `smspin verify` checks it. */
            manifest_url: string | null;
            /** @description While it runs, once its rows were counted. */
            progress: {
                rows_done: number;
                rows_estimated: number;
            } | null;
            /** @description Why it failed: `disk_full`, `too_large`, `too_busy`, `interrupted`, `internal`. */
            reason: string | null;
            rows: number | null;
            sha256: string | null;
            /**
             * @description Poll until it is neither `queued` nor `running`.
             * @example ready
             * @enum {unknown}
             */
            status: "canceled" | "expired" | "failed" | "queued" | "ready" | "revoked" | "running";
            /** @description Rows made before this time; null: up to the moment of the snapshot. */
            to: string | null;
            /** @description Where the file is, for whoever has this address; known at once, answers 409 `too_early` until the file is ready, and takes Range. Null when it is over, and for a key that lacks the scope of what was exported. */
            url: string | null;
        };
        LedgerLine: {
            /**
             * @description Change of what you may spend, in minor units.
             * @example -45
             */
            available: number;
            /**
             * @description What you could spend after it.
             * @example 9955
             */
            available_after: number;
            /**
             * Format: date-time
             * @example 2026-11-22T14:03:22.000Z
             */
            created_at: string;
            /**
             * @description Change of what is held back.
             * @example 45
             */
            held: number;
            /**
             * @description What was held back after it.
             * @example 45
             */
            held_after: number;
            /** @example txn_01kanq7x2fq3v8b1c6d9e4g5h7 */
            id: string;
            /**
             * @description What happened.
             * @example hold
             * @enum {string}
             */
            kind: "top_up" | "debit" | "hold" | "capture" | "refund" | "partial_refund";
            /**
             * @description The order it is about; null for a top-up.
             * @example ord_01kanq7x2fq3v8b1c6d9e4g5h7
             */
            order_id: string | null;
            /**
             * @description Why the operator took money back, of a debit.
             * @example null
             */
            reason: string | null;
            /**
             * @description The operator’s reference of a top-up.
             * @example null
             */
            reference: string | null;
            /**
             * @description The rental it is about.
             * @example null
             */
            rental_id: string | null;
        };
        Message: {
            /**
             * @description What to type, or null when the message holds no code.
             * @example 48213
             */
            code: string | null;
            /** @example msg_01kanq8h5y2m7c4t9x1z3b6d8f */
            id: string;
            /**
             * @description When the network took it, by the network’s clock; null when that is impossible.
             * @example 2026-11-22T14:03:22.000Z
             */
            network_time: string | null;
            /**
             * @description The order it came for; null when it is a rental’s.
             * @example ord_01kanq7x2fq3v8b1c6d9e4g5h7
             */
            order_id: string | null;
            /**
             * @description Why it is this order’s, in plain words.
             * @example The text names Telegram and holds one code.
             */
            reason: string;
            /**
             * Format: date-time
             * @description When it was stored here.
             * @example 2026-11-22T14:03:22.000Z
             */
            received_at: string;
            /**
             * @description The rental it came to.
             * @example null
             */
            rental_id: string | null;
            /**
             * @description As the network sent it: a name or a number, of which anybody can make any.
             * @example Telegram
             */
            sender: string;
            /**
             * @description As it was sent. It is a stranger’s: escape it where you show it.
             * @example Telegram code: 48213
             */
            text: string;
        };
        NewApiKey: {
            /**
             * @description Addresses and CIDR ranges from which it may be used; none: from everywhere.
             * @example [
             *       "203.0.113.0/24",
             *       "2001:db8::/32"
             *     ]
             */
            allowed_addresses: string[];
            /**
             * Format: date-time
             * @example 2026-11-22T14:03:22.000Z
             */
            created_at: string;
            /**
             * @description Null: it holds until it is revoked.
             * @example null
             */
            expires_at: string | null;
            /** @example key_01kanq7x2fq3v8b1c6d9e4g5h7 */
            id: string;
            /**
             * @description The key itself, shown this once.
             * @example smspin_x3k9mzq4v8b1c6d9e4g5h7j2k4m6n8p0
             */
            key: string;
            /**
             * @description From where.
             * @example 203.0.113.7
             */
            last_used_address: string | null;
            /**
             * @description To the minute; null while it was never used.
             * @example 2026-11-22T14:10:00.000Z
             */
            last_used_at: string | null;
            /** @example nightly tests */
            name: string;
            /**
             * @description Its first characters, to tell keys apart.
             * @example smspin_x3k9
             */
            prefix: string;
            /**
             * @description What it may do.
             * @example [
             *       "orders:read",
             *       "orders:write"
             *     ]
             */
            scopes: ("offers:read" | "orders:read" | "orders:write" | "rentals:read" | "rentals:write" | "messages:read" | "balance:read" | "balance:write" | "webhooks:read" | "webhooks:write" | "exports:write" | "keys:write" | "alarms:read" | "alarms:write" | "metrics:read")[];
        };
        Offer: {
            /**
             * @description The home carrier of its SIMs, or null: any.
             * @example vodafone
             */
            carrier: string | null;
            /**
             * @description ISO 3166-1 alpha-2, lower case.
             * @example gb
             */
            country: string;
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            /**
             * @description How its last orders went. Null while fewer than 5 tell.
             * @example {
             *       "median_seconds": 14.2,
             *       "success_rate": 0.97,
             *       "sample": 100
             *     }
             */
            delivery: {
                /** @description From the order to its code, of those that got one; null when none did. */
                median_seconds: number | null;
                /** @description Share of the sample that got a code, 0 to 1. */
                success_rate: number;
                /** @description How many orders this is of: the newest that say something, at most 100. */
                sample: number;
            } | null;
            /**
             * @description Minor units of the currency.
             * @example 45
             */
            price: number;
            /**
             * @description `any` takes every sender.
             * @example telegram
             */
            service: string;
            /**
             * @description How many numbers could be rented this moment.
             * @example 12
             */
            stock: number;
            /**
             * @description How long the number waits for a code.
             * @example 20
             */
            window_minutes: number;
        };
        Order: {
            /**
             * @description You said that you asked the service for another code: `code` is the old one until the next comes.
             * @example false
             */
            awaiting_more: boolean;
            /**
             * @description Since when; null when it is not awaited.
             * @example null
             */
            awaiting_since: string | null;
            /**
             * @description From when it can be canceled; null when it cannot be any more.
             * @example 2026-11-22T14:03:22.000Z
             */
            cancelable_at: string | null;
            /**
             * @description The home carrier that was asked for, or null: any.
             * @example null
             */
            carrier: string | null;
            /**
             * @description The newest code, or null while there is none.
             * @example 48213
             */
            code: string | null;
            /**
             * @description ISO 3166-1 alpha-2, lower case.
             * @example gb
             */
            country: string;
            /**
             * Format: date-time
             * @example 2026-11-22T14:03:22.000Z
             */
            created_at: string;
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            /**
             * Format: date-time
             * @description The end of the window.
             * @example 2026-11-22T14:23:22.000Z
             */
            expires_at: string;
            /**
             * @description By how much you had the window extended; `expires_at` has it in it.
             * @example 0
             */
            extended_seconds: number;
            /** @example ord_01kanq7x2fq3v8b1c6d9e4g5h7 */
            id: string;
            /**
             * @description Send it as `after` to wait for what comes next.
             * @example evt_01kanq7x2g0s8w2m4p6t8v0x2z
             */
            last_event: string;
            /** @description The newest messages, newest first, at most 50. */
            messages: components["schemas"]["Message"][];
            /**
             * @description Your own words. They are a text of yours: escape it where you show it.
             * @example Test account 7
             */
            note: string | null;
            /**
             * @description E.164.
             * @example +447700900123
             */
            number: string;
            /**
             * @description What was added to the window because its modem was away; `expires_at` has it in it.
             * @example 0
             */
            outage_seconds: number;
            /**
             * @description Minor units of the currency.
             * @example 45
             */
            price: number;
            /**
             * @description Why it has this status, machine-readable.
             * @example code_received
             */
            reason: string;
            /**
             * @description What you said of the number; null while nothing.
             * @example null
             */
            report: {
                /** @enum {string} */
                reason: "number_unusable" | "already_registered" | "no_sms" | "other";
                text: string | null;
            } | null;
            /** @example telegram */
            service: string;
            /**
             * @example received
             * @enum {string}
             */
            status: "pending" | "received" | "finished" | "expired" | "canceled" | "reported";
            /**
             * @description Your own tags, in alphabetical order.
             * @example [
             *       "qa",
             *       "signup"
             *     ]
             */
            tags: string[];
            /**
             * @description How many messages came that the rules are not sure about, and since when; an operator looks at them. Null when there is none.
             * @example null
             */
            unsure: {
                count: number;
                /** Format: date-time */
                since: string;
            } | null;
        };
        OrderBatch: {
            data: components["schemas"]["Order"][];
            /**
             * @description Less than `requested` only with `fill: "available"`.
             * @example 3
             */
            got: number;
            /** @example 5 */
            requested: number;
        };
        Problem: {
            /**
             * @description What was wrong this time and what would be right.
             * @example No number is free for telegram in gb right now.
             */
            detail: string;
            /**
             * @description Quote it when you ask the operator.
             * @example req_01kanq7x2fq3v8b1c6d9e4g5h7
             */
            request_id: string;
            /** @example 409 */
            status: number;
            /**
             * @description The same sentence for every problem of this type.
             * @example No number is free.
             */
            title: string;
            /**
             * @description What to branch on; stable.
             * @example out_of_stock
             * @enum {string}
             */
            type: "validation" | "malformed" | "unauthorized" | "forbidden" | "read_only" | "cross_site" | "not_found" | "method_not_allowed" | "payload_too_large" | "unsupported_media_type" | "insufficient_balance" | "in_stock" | "out_of_stock" | "price_above_max" | "idempotency_conflict" | "order_not_pending" | "order_not_received" | "rental_not_active" | "order_still_open" | "cannot_extend" | "too_early" | "too_late" | "upgrade_required" | "webhook_not_active" | "limit_reached" | "already_exists" | "reference_conflict" | "rules_changed" | "prices_changed" | "rules_fail" | "service_denied" | "link_ended" | "voucher_unknown" | "voucher_used" | "voucher_revoked" | "voucher_expired" | "unavailable" | "internal";
            /**
             * @description Seconds to wait, with `limit_reached` and `unavailable`.
             * @example 3
             */
            retry_after?: number;
            /**
             * @description With `validation`: each field that is wrong.
             * @example [
             *       {
             *         "field": "country",
             *         "message": "country must be an ISO 3166-1 code in lower case, such as gb"
             *       }
             *     ]
             */
            errors?: {
                field: string;
                message: string;
            }[];
        };
        Rate: {
            /** @example gb */
            country: string;
            /** @example USD */
            currency: string;
            /**
             * @description A day of 24 hours.
             * @example 400
             */
            day: number | null;
            /**
             * @description What an hour costs, in minor units; null where it is not offered.
             * @example 80
             */
            hour: number | null;
            /**
             * @description How many whole numbers are free now.
             * @example 3
             */
            stock: number;
            /** @example 1500 */
            week: number | null;
        };
        RedeemedVoucher: {
            /**
             * @description What the voucher was worth, in minor units.
             * @example 2000
             */
            amount: number;
            /**
             * @description The balance after it.
             * @example 4500
             */
            available: number;
            /** @example USD */
            currency: string;
            /** @example 0 */
            held: number;
            /**
             * @description The top-up, as the ledger lists it.
             * @example txn_01kanq7x2fq3v8b1c6d9e4g5h7
             */
            transaction_id: string;
        };
        Rental: {
            /**
             * @description What extensions by themselves may cost in all, and have cost; null when off.
             * @example null
             */
            auto_extend: {
                max_total: number;
                spent: number;
            } | null;
            /**
             * @description What was bought: the first time and each extension.
             * @example [
             *       {
             *         "number": 1,
             *         "unit": "day",
             *         "periods": 2,
             *         "price": 800,
             *         "automatic": false,
             *         "created_at": "2026-11-22T14:03:22.000Z"
             *       }
             *     ]
             */
            charges: {
                number: number;
                /** @enum {string} */
                unit: "hour" | "day" | "week";
                periods: number;
                price: number;
                automatic: boolean;
                /** Format: date-time */
                created_at: string;
            }[];
            /** @example gb */
            country: string;
            /**
             * Format: date-time
             * @example 2026-11-22T14:03:22.000Z
             */
            created_at: string;
            /** @example USD */
            currency: string;
            /** @example null */
            ended_at: string | null;
            /**
             * Format: date-time
             * @description With extensions and what was added for outages.
             * @example 2026-11-24T14:03:22.000Z
             */
            ends_at: string;
            /**
             * @description When the first message earned the price; null while it is held.
             * @example null
             */
            first_message_at: string | null;
            /** @example rnt_01kanq7x2fq3v8b1c6d9e4g5h7 */
            id: string;
            /**
             * @description Send it as `after` to wait for what comes next.
             * @example evt_01kanq7x2g0s8w2m4p6t8v0x2z
             */
            last_event: string;
            /** @description The newest ones; `GET /api/v1/messages?rental_id=` pages through all. */
            messages: components["schemas"]["Message"][];
            /** @example QA phone */
            name: string;
            /**
             * @description E.164. Of a scheduled one it may still change at its start.
             * @example +447700900123
             */
            number: string;
            /**
             * @description Time that was added because the modem was out.
             * @example 0
             */
            outage_seconds: number;
            /**
             * @description Of all charges, in minor units, before anything went back.
             * @example 800
             */
            price: number;
            /**
             * @description Why it has this status, machine-readable.
             * @example started
             */
            reason: string;
            /**
             * @description What went back to the balance.
             * @example 0
             */
            returned: number;
            /**
             * @description The only service whose codes it gets; null for everything that arrives.
             * @example null
             */
            service: string | null;
            /**
             * Format: date-time
             * @example 2026-11-22T14:03:22.000Z
             */
            starts_at: string;
            /**
             * @example active
             * @enum {unknown}
             */
            status: "active" | "canceled" | "ended" | "scheduled";
        };
        RentalShare: {
            /**
             * Format: date-time
             * @example 2026-11-22T14:03:22.000Z
             */
            accept_until: string;
            /** @example null */
            accepted_at: string | null;
            /** @example ben@example.org */
            email: string;
            /** @example shr_01kanq7x2fq3v8b1c6d9e4g5h7 */
            id: string;
            /**
             * Format: date-time
             * @example 2026-11-22T14:03:22.000Z
             */
            invited_at: string;
            /**
             * @description invited: nothing is shown to them yet. accepted: they read the inbox.
             * @enum {unknown}
             */
            state: "accepted" | "invited";
            /** @description The link of the invitation, as it is mailed to the address; null once accepted. It works only for who signs in with that address. */
            url: string | null;
        };
        ReuseQuote: {
            /** @description It can be rented this moment. */
            available: boolean;
            country: string;
            currency: string;
            /** @description The same in plain words. */
            detail: string | null;
            number: string;
            order_id: string;
            /**
             * @description Of now: send it as `max_price`. Null when it is not offered.
             * @example 45
             */
            price: number | null;
            service: string;
            /** @description Machine-readable; null when it is available. */
            why_not: "not_free" | "not_offered" | "order_still_open" | "retired" | null;
            window_minutes: number | null;
        };
        SharedRental: {
            accepted_at: string;
            country: string;
            ended_at: string | null;
            ends_at: string;
            /**
             * @description Of the rental.
             * @example rnt_01kanq7x2fq3v8b1c6d9e4g5h7
             */
            id: string;
            name: string;
            /** @example +447700900123 */
            number: string;
            service: string | null;
            /**
             * @description Whose rental it is.
             * @example anna@example.org
             */
            shared_by: string;
            starts_at: string;
            status: string;
        };
        StreamTicket: {
            /**
             * Format: date-time
             * @example 2026-11-22T14:04:22.000Z
             */
            expires_at: string;
            /**
             * @description The newest event of the account. Connect with `after` this id (null: `after=start`), and nothing from this moment on is left out.
             * @example evt_01kanq7x2g0s8w2m4p6t8v0x2z
             */
            last_event: string | null;
            /**
             * @description Good once: WS /api/v1/stream?ticket=…
             * @example 9d2m4k6p8r0t2v4x6z8b0d2f4h6j8k0m
             */
            ticket: string;
        };
        Timeline: {
            entries: {
                at: string;
                channel: string | null;
                /** @enum {unknown} */
                clock: "network" | "ours";
                detail: Record<string, never>;
                event_id: string | null;
                /** @enum {unknown} */
                kind: "attempt" | "event" | "judged" | "network_time" | "part_read" | "part_stored" | "pushed" | "seen" | "status";
                message_id: string | null;
                text: string;
            }[];
            /** @description Of the first code: from the network, and from the serial line, to the first time it went out. */
            figures: {
                first_channel: string | null;
                network_to_push_ms: number | null;
                read_to_push_ms: number | null;
            };
            order_id: string;
            /** @description True when only the newest messages and events are told. */
            shortened: boolean;
        };
        WaitingPlace: {
            /**
             * @description The home carrier of the SIM, or null: any.
             * @example null
             */
            carrier: string | null;
            /** @example gb */
            country: string;
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            /** @example null */
            ended_at: string | null;
            /**
             * Format: date-time
             * @example 2026-11-23T14:03:22.000Z
             */
            expires_at: string;
            /** @example wai_01kanq7x2fq3v8b1c6d9e4g5h7 */
            id: string;
            /**
             * Format: date-time
             * @example 2026-11-22T14:03:22.000Z
             */
            joined_at: string;
            /** @example evt_01kanq7x2g0s8w2m4p6t8v0x2z */
            last_event: string;
            /**
             * @description How many those are.
             * @example 7
             */
            length: number | null;
            /**
             * @description The most the number may cost, in minor units; null with `notify`.
             * @example 60
             */
            max_price: number | null;
            /**
             * @example buy
             * @enum {string}
             */
            mode: "notify" | "buy";
            /**
             * @description When the next number of the offer is expected to be free as things stand, RFC 3339; no promise: orders end sooner, are extended, or get a code, and others may wait before you. Null: not known, there is one now, or the place has ended. Not in events.
             * @example 2026-11-22T15:10:00.000Z
             */
            next_free_at: string | null;
            /**
             * @description Your own words, which the order gets.
             * @example Test account 7
             */
            note: string | null;
            /**
             * @description What would make you be passed over now: `price_above_max`, `insufficient_balance`, `not_offered` or `service_denied`; in `waiting.passed_over` the type of any refusal. Null: nothing but stock is missing.
             * @example null
             */
            obstacle: string | null;
            /**
             * @description The order that was bought, with `served`.
             * @example null
             */
            order_id: string | null;
            /**
             * @description The how-manieth you are of those who wait for the same offer in the same mode; null when it has ended.
             * @example 3
             */
            position: number | null;
            /**
             * @description What it costs now; null when it is not offered, and when the place has ended.
             * @example 45
             */
            price: number | null;
            /** @example telegram */
            service: string;
            /**
             * @description `served`: the number was bought. `available`: you were told that there is stock, and wait no more.
             * @example waiting
             * @enum {string}
             */
            status: "waiting" | "served" | "available" | "expired" | "left";
            /**
             * @description Your own tags, which the order gets.
             * @example [
             *       "qa"
             *     ]
             */
            tags: string[];
        };
        Webhook: {
            /**
             * Format: date-time
             * @example 2026-11-22T14:03:22.000Z
             */
            created_at: string;
            description: string;
            disabled_at: string | null;
            /** @description gone: it answered 410. failing: nothing reached it for days. */
            disabled_reason: "failing" | "gone" | null;
            /** @description Empty: all. */
            events: string[];
            failing_since: string | null;
            /** @description Failed attempts since the last success. */
            failures: number;
            /** @example whk_01kanq7x2fq3v8b1c6d9e4g5h7 */
            id: string;
            last_delivered_at: string | null;
            /** @description Until then the secret before the last rotation signs too. */
            previous_secret_until: string | null;
            /** @description Whose `rental.` events are sent; empty: those of all. */
            rentals: string[];
            /**
             * @description disabled: switched off by the server; `paused: false` switches it on again.
             * @enum {unknown}
             */
            state: "active" | "disabled" | "paused";
            url: string;
        };
        WebhookDelivery: {
            attempts: number;
            created_at: string;
            ended_at: string | null;
            event_id: string;
            id: string;
            last_attempt_at: string | null;
            /** @description HTTP status of the newest attempt; null when there was no answer. */
            last_status: number | null;
            next_attempt_at: string | null;
            /** @enum {unknown} */
            state: "delivered" | "failed" | "waiting";
            type: string;
            webhook_id: string;
        };
        WebhookWithSecret: {
            /**
             * Format: date-time
             * @example 2026-11-22T14:03:22.000Z
             */
            created_at: string;
            description: string;
            disabled_at: string | null;
            /** @description gone: it answered 410. failing: nothing reached it for days. */
            disabled_reason: "failing" | "gone" | null;
            /** @description Empty: all. */
            events: string[];
            failing_since: string | null;
            /** @description Failed attempts since the last success. */
            failures: number;
            /** @example whk_01kanq7x2fq3v8b1c6d9e4g5h7 */
            id: string;
            last_delivered_at: string | null;
            /** @description Until then the secret before the last rotation signs too. */
            previous_secret_until: string | null;
            /** @description Whose `rental.` events are sent; empty: those of all. */
            rentals: string[];
            /**
             * @description For verifying signatures. Shown this once.
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret: string;
            /**
             * @description disabled: switched off by the server; `paused: false` switches it on again.
             * @enum {unknown}
             */
            state: "active" | "disabled" | "paused";
            url: string;
        };
    };
    responses: {
        /** @description Bad Request: `malformed` */
        Problem400: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "malformed",
                 *       "title": "The request could not be read.",
                 *       "status": 400,
                 *       "detail": "What was wrong this time, and what would be right.",
                 *       "request_id": "req_01kanq7x2fq3v8b1c6d9e4g5h7"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unauthorized: `unauthorized` */
        Problem401: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "unauthorized",
                 *       "title": "Sign in or send a valid API key.",
                 *       "status": 401,
                 *       "detail": "What was wrong this time, and what would be right.",
                 *       "request_id": "req_01kanq7x2fq3v8b1c6d9e4g5h7"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Payment Required: `insufficient_balance` */
        Problem402: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "insufficient_balance",
                 *       "title": "The balance is too low.",
                 *       "status": 402,
                 *       "detail": "What was wrong this time, and what would be right.",
                 *       "request_id": "req_01kanq7x2fq3v8b1c6d9e4g5h7"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Forbidden: `forbidden`, `read_only`, `cross_site`, `service_denied` */
        Problem403: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "forbidden",
                 *       "title": "This is not allowed for you.",
                 *       "status": 403,
                 *       "detail": "What was wrong this time, and what would be right.",
                 *       "request_id": "req_01kanq7x2fq3v8b1c6d9e4g5h7"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not Found: `not_found`, `voucher_unknown` */
        Problem404: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "not_found",
                 *       "title": "There is no such thing here.",
                 *       "status": 404,
                 *       "detail": "What was wrong this time, and what would be right.",
                 *       "request_id": "req_01kanq7x2fq3v8b1c6d9e4g5h7"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Conflict: `in_stock`, `out_of_stock`, `price_above_max`, `idempotency_conflict`, `order_not_pending`, `order_not_received`, `rental_not_active`, `order_still_open`, `cannot_extend`, `too_early`, `too_late`, `webhook_not_active`, `already_exists`, `reference_conflict`, `rules_changed`, `prices_changed`, `rules_fail`, `voucher_used` */
        Problem409: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "in_stock",
                 *       "title": "Numbers are free.",
                 *       "status": 409,
                 *       "detail": "What was wrong this time, and what would be right.",
                 *       "request_id": "req_01kanq7x2fq3v8b1c6d9e4g5h7"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Gone: `link_ended`, `voucher_revoked`, `voucher_expired` */
        Problem410: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "link_ended",
                 *       "title": "This link does not lead anywhere any more.",
                 *       "status": 410,
                 *       "detail": "What was wrong this time, and what would be right.",
                 *       "request_id": "req_01kanq7x2fq3v8b1c6d9e4g5h7"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Payload Too Large: `payload_too_large` */
        Problem413: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "payload_too_large",
                 *       "title": "The request is too large.",
                 *       "status": 413,
                 *       "detail": "What was wrong this time, and what would be right.",
                 *       "request_id": "req_01kanq7x2fq3v8b1c6d9e4g5h7"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unsupported Media Type: `unsupported_media_type` */
        Problem415: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "unsupported_media_type",
                 *       "title": "The request is of a media type that is not taken here.",
                 *       "status": 415,
                 *       "detail": "What was wrong this time, and what would be right.",
                 *       "request_id": "req_01kanq7x2fq3v8b1c6d9e4g5h7"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unprocessable Entity: `validation` */
        Problem422: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "validation",
                 *       "title": "Something in the request is not as it must be.",
                 *       "status": 422,
                 *       "detail": "What was wrong this time, and what would be right.",
                 *       "request_id": "req_01kanq7x2fq3v8b1c6d9e4g5h7"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too Many Requests: `limit_reached` */
        Problem429: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "limit_reached",
                 *       "title": "A limit is reached.",
                 *       "status": 429,
                 *       "detail": "What was wrong this time, and what would be right.",
                 *       "request_id": "req_01kanq7x2fq3v8b1c6d9e4g5h7"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Internal Server Error: `internal` */
        Problem500: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "internal",
                 *       "title": "The server failed.",
                 *       "status": 500,
                 *       "detail": "What was wrong this time, and what would be right.",
                 *       "request_id": "req_01kanq7x2fq3v8b1c6d9e4g5h7"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Service Unavailable: `unavailable` */
        Problem503: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "unavailable",
                 *       "title": "The server cannot do this right now.",
                 *       "status": 503,
                 *       "detail": "What was wrong this time, and what would be right.",
                 *       "request_id": "req_01kanq7x2fq3v8b1c6d9e4g5h7"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description Your own `X-Request-Id`, or a new one. Quote it when you ask the operator. */
        "X-Request-Id": string;
        /** @description What is left of each quota, and in how many seconds it is whole again (draft-ietf-httpapi-ratelimit-headers-10). */
        RateLimit: string;
        /** @description The quotas: how many requests in how many seconds. */
        "RateLimit-Policy": string;
        /** @description Send it as `If-None-Match`: 304 while nothing changed. */
        ETag: string;
        /** @description Seconds to wait before the next try. */
        "Retry-After": number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "allowed_addresses": [
                     *             "203.0.113.0/24",
                     *             "2001:db8::/32"
                     *           ],
                     *           "created_at": "2026-11-22T14:03:22.000Z",
                     *           "expires_at": null,
                     *           "id": "key_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "last_used_address": "203.0.113.7",
                     *           "last_used_at": "2026-11-22T14:10:00.000Z",
                     *           "name": "nightly tests",
                     *           "prefix": "smspin_x3k9",
                     *           "scopes": [
                     *             "orders:read",
                     *             "orders:write"
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["ApiKey"][];
                    };
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "nightly tests",
                 *       "scopes": [
                 *         "orders:read",
                 *         "orders:write"
                 *       ],
                 *       "allowed_addresses": [
                 *         "203.0.113.0/24"
                 *       ],
                 *       "expires_at": "2027-01-31T00:00:00Z"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description For people.
                     * @example nightly tests
                     */
                    name: string;
                    /**
                     * @description None that the key which asks lacks.
                     * @example [
                     *       "orders:read",
                     *       "orders:write"
                     *     ]
                     */
                    scopes: ("alarms:read" | "alarms:write" | "balance:read" | "balance:write" | "exports:write" | "keys:write" | "messages:read" | "metrics:read" | "offers:read" | "orders:read" | "orders:write" | "rentals:read" | "rentals:write" | "webhooks:read" | "webhooks:write")[];
                    /**
                     * @description Addresses and CIDR ranges. Default: those of the key which asks.
                     * @example [
                     *       "203.0.113.0/24"
                     *     ]
                     */
                    allowed_addresses?: string[];
                    /**
                     * Format: date-time
                     * @description Default: that of the key which asks.
                     * @example 2027-01-31T00:00:00Z
                     */
                    expires_at?: string;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "allowed_addresses": [
                     *         "203.0.113.0/24",
                     *         "2001:db8::/32"
                     *       ],
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "expires_at": null,
                     *       "id": "key_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "key": "smspin_x3k9mzq4v8b1c6d9e4g5h7j2k4m6n8p0",
                     *       "last_used_address": "203.0.113.7",
                     *       "last_used_at": "2026-11-22T14:10:00.000Z",
                     *       "name": "nightly tests",
                     *       "prefix": "smspin_x3k9",
                     *       "scopes": [
                     *         "orders:read",
                     *         "orders:write"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a key.
                 * @example key_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listAlarms: {
        parameters: {
            query?: {
                /** @description Only of this kind. */
                code?: "alarm_watch" | "backup" | "backup_old" | "clock_off" | "cloned_imei" | "damaged_message" | "deaf" | "delivery_slow" | "denied" | "disk" | "disk_low" | "history" | "history_thinning" | "house_minutes" | "ledger_unequal" | "mail_stuck" | "modem_down" | "pin" | "price_schedule" | "puk" | "review_old" | "same_number" | "silent_announcements" | "sim_expiring" | "sim_missing" | "sim_reminders" | "status_record" | "stock_out" | "storage_filling" | "storage_full" | "unlistable" | "unplugging" | "unresponsive" | "virtual_bank" | "waiting_list" | "webhook_disabled" | "work_failing" | "writes";
                /** @description `next_cursor` of the page before, as it was given. */
                cursor?: string;
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only as bad as this. */
                severity?: "critical" | "notice" | "warning";
                /** @description `open` (the default): what stands, the worst first. `over`: what is over, the newest first. */
                state?: "open" | "over";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "acknowledged_at": null,
                     *           "acknowledged_by": null,
                     *           "cleared_at": null,
                     *           "code": "modem_down",
                     *           "id": "alm_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *           "incident_id": null,
                     *           "note": "",
                     *           "raised_at": "2026-11-22T14:03:22.000Z",
                     *           "severity": "warning",
                     *           "since": "2026-11-22T14:01:22.000Z",
                     *           "subject": "1-1.4:1.0",
                     *           "text": "It is unplugged.",
                     *           "threshold": 2,
                     *           "title": "Modem is down",
                     *           "todo": "Look at power, cable and hub.",
                     *           "unit": "minutes",
                     *           "value": 3
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Alarm"][];
                        /** @description Null on the last page. Open ones come on one page. */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getAlarm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an alarm. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "acknowledged_at": null,
                     *       "acknowledged_by": null,
                     *       "cleared_at": null,
                     *       "code": "modem_down",
                     *       "id": "alm_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "incident_id": null,
                     *       "note": "",
                     *       "raised_at": "2026-11-22T14:03:22.000Z",
                     *       "severity": "warning",
                     *       "since": "2026-11-22T14:01:22.000Z",
                     *       "subject": "1-1.4:1.0",
                     *       "text": "It is unplugged.",
                     *       "threshold": 2,
                     *       "title": "Modem is down",
                     *       "todo": "Look at power, cable and hub.",
                     *       "unit": "minutes",
                     *       "value": 3
                     *     }
                     */
                    "application/json": components["schemas"]["Alarm"];
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    acknowledgeAlarm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an alarm. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "note": "text"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description For other operators.
                     * @example New hub is ordered.
                     */
                    note?: string;
                } | {
                    note?: string;
                } | unknown | null;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "acknowledged_at": null,
                     *       "acknowledged_by": null,
                     *       "cleared_at": null,
                     *       "code": "modem_down",
                     *       "id": "alm_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "incident_id": null,
                     *       "note": "",
                     *       "raised_at": "2026-11-22T14:03:22.000Z",
                     *       "severity": "warning",
                     *       "since": "2026-11-22T14:01:22.000Z",
                     *       "subject": "1-1.4:1.0",
                     *       "text": "It is unplugged.",
                     *       "threshold": 2,
                     *       "title": "Modem is down",
                     *       "todo": "Look at power, cable and hub.",
                     *       "unit": "minutes",
                     *       "value": 3
                     *     }
                     */
                    "application/json": components["schemas"]["Alarm"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    unacknowledgeAlarm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an alarm. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "acknowledged_at": null,
                     *       "acknowledged_by": null,
                     *       "cleared_at": null,
                     *       "code": "modem_down",
                     *       "id": "alm_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "incident_id": null,
                     *       "note": "",
                     *       "raised_at": "2026-11-22T14:03:22.000Z",
                     *       "severity": "warning",
                     *       "since": "2026-11-22T14:01:22.000Z",
                     *       "subject": "1-1.4:1.0",
                     *       "text": "It is unplugged.",
                     *       "threshold": 2,
                     *       "title": "Modem is down",
                     *       "todo": "Look at power, cable and hub.",
                     *       "unit": "minutes",
                     *       "value": 3
                     *     }
                     */
                    "application/json": components["schemas"]["Alarm"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listOffers: {
        parameters: {
            query?: {
                /**
                 * @description Only this carrier; `any`: only offers that name none.
                 * @example vodafone
                 */
                carrier?: string;
                /**
                 * @description Only this country.
                 * @example gb
                 */
                country?: string;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
                /** @description `true`: only what can be rented this moment. */
                in_stock?: "false" | "true";
                /** @description At most so many, then a `next_cursor`. Left out: all of them. */
                limit?: number;
                /**
                 * @description Only this service.
                 * @example telegram
                 */
                service?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "carrier": "vodafone",
                     *           "country": "gb",
                     *           "currency": "USD",
                     *           "delivery": {
                     *             "median_seconds": 14.2,
                     *             "success_rate": 0.97,
                     *             "sample": 100
                     *           },
                     *           "price": 45,
                     *           "service": "telegram",
                     *           "stock": 12,
                     *           "window_minutes": 20
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Offer"][];
                        /**
                         * @description Send it as `cursor` for the next page; null on the last.
                         * @example null
                         */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listOrders: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before, as it was given. */
                cursor?: string;
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only orders of this status. */
                status?: "pending" | "received" | "finished" | "expired" | "canceled" | "reported";
                /** @description Only orders with this tag. */
                tag?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "awaiting_more": false,
                     *           "awaiting_since": null,
                     *           "cancelable_at": "2026-11-22T14:03:22.000Z",
                     *           "carrier": null,
                     *           "code": "48213",
                     *           "country": "gb",
                     *           "created_at": "2026-11-22T14:03:22.000Z",
                     *           "currency": "USD",
                     *           "expires_at": "2026-11-22T14:23:22.000Z",
                     *           "extended_seconds": 0,
                     *           "id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *           "messages": [
                     *             {
                     *               "code": "48213",
                     *               "id": "msg_01kanq8h5y2m7c4t9x1z3b6d8f",
                     *               "network_time": "2026-11-22T14:03:22.000Z",
                     *               "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *               "reason": "The text names Telegram and holds one code.",
                     *               "received_at": "2026-11-22T14:03:22.000Z",
                     *               "rental_id": null,
                     *               "sender": "Telegram",
                     *               "text": "Telegram code: 48213"
                     *             }
                     *           ],
                     *           "note": "Test account 7",
                     *           "number": "+447700900123",
                     *           "outage_seconds": 0,
                     *           "price": 45,
                     *           "reason": "code_received",
                     *           "report": null,
                     *           "service": "telegram",
                     *           "status": "received",
                     *           "tags": [
                     *             "qa",
                     *             "signup"
                     *           ],
                     *           "unsure": null
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Order"][];
                        /**
                         * @description Send it as `cursor` for the next page; null on the last.
                         * @example null
                         */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    createOrder: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key with the same request within a day gives the first answer again; with another request it is refused.
                 * @example 0b8f7c9e-5f0e-4d6e-9a43-2f5d1c1f7a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "service": "telegram",
                 *       "country": "gb",
                 *       "max_price": 100,
                 *       "note": "Test account 7",
                 *       "tags": [
                 *         "qa",
                 *         "signup"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /**
                     * @description A service of GET /api/v1/offers; `any` takes every sender.
                     * @example telegram
                     */
                    service: string;
                    /** @description Only SIMs of this carrier, at its price. Left out or `any`: the offer for any carrier; with `pick`, any offer. */
                    carrier?: string;
                    /** @description So many different numbers at once. With it the answer is `{data, requested, got}`, also for 1; without it the order. */
                    count?: number;
                    /**
                     * @description ISO 3166-1 alpha-2, lower case. With `pick` it may be left out: any country.
                     * @example gb
                     */
                    country?: string;
                    /**
                     * @description With `count`: `all` of them or none, or as many as are `available` and your balance covers, at least one.
                     * @default all
                     * @enum {string}
                     */
                    fill?: "all" | "available";
                    /**
                     * @description Refuse rather than pay more than this for a number, in minor units.
                     * @example 100
                     */
                    max_price?: number;
                    /**
                     * @description Your own words, for yourself.
                     * @example Test account 7
                     */
                    note?: string;
                    /**
                     * @description Take the `cheapest` offer in stock, or the one with the `best_delivery`: the highest success rate of those with at least 5 samples.
                     * @enum {string}
                     */
                    pick?: "cheapest" | "best_delivery";
                    /**
                     * @description Your own tags, by which lists can be filtered.
                     * @example [
                     *       "qa",
                     *       "signup"
                     *     ]
                     */
                    tags?: string[];
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "awaiting_more": false,
                     *       "awaiting_since": null,
                     *       "cancelable_at": "2026-11-22T14:03:22.000Z",
                     *       "carrier": null,
                     *       "code": "48213",
                     *       "country": "gb",
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "currency": "USD",
                     *       "expires_at": "2026-11-22T14:23:22.000Z",
                     *       "extended_seconds": 0,
                     *       "id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "messages": [
                     *         {
                     *           "code": "48213",
                     *           "id": "msg_01kanq8h5y2m7c4t9x1z3b6d8f",
                     *           "network_time": "2026-11-22T14:03:22.000Z",
                     *           "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "reason": "The text names Telegram and holds one code.",
                     *           "received_at": "2026-11-22T14:03:22.000Z",
                     *           "rental_id": null,
                     *           "sender": "Telegram",
                     *           "text": "Telegram code: 48213"
                     *         }
                     *       ],
                     *       "note": "Test account 7",
                     *       "number": "+447700900123",
                     *       "outage_seconds": 0,
                     *       "price": 45,
                     *       "reason": "code_received",
                     *       "report": null,
                     *       "service": "telegram",
                     *       "status": "received",
                     *       "tags": [
                     *         "qa",
                     *         "signup"
                     *       ],
                     *       "unsure": null
                     *     }
                     */
                    "application/json": components["schemas"]["Order"] | components["schemas"]["OrderBatch"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getOrder: {
        parameters: {
            query?: {
                /** @description An event id, such as `last_event` of an order: only what came after it is shown, so a code you already have is never returned again. */
                after?: string;
                /** @description Answer when the order is not pending any more (or, with `after`, has a newer event), at most this many seconds later. */
                wait?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The id of an order.
                 * @example ord_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "awaiting_more": false,
                     *       "awaiting_since": null,
                     *       "cancelable_at": "2026-11-22T14:03:22.000Z",
                     *       "carrier": null,
                     *       "code": "48213",
                     *       "country": "gb",
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "currency": "USD",
                     *       "expires_at": "2026-11-22T14:23:22.000Z",
                     *       "extended_seconds": 0,
                     *       "id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "messages": [
                     *         {
                     *           "code": "48213",
                     *           "id": "msg_01kanq8h5y2m7c4t9x1z3b6d8f",
                     *           "network_time": "2026-11-22T14:03:22.000Z",
                     *           "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "reason": "The text names Telegram and holds one code.",
                     *           "received_at": "2026-11-22T14:03:22.000Z",
                     *           "rental_id": null,
                     *           "sender": "Telegram",
                     *           "text": "Telegram code: 48213"
                     *         }
                     *       ],
                     *       "note": "Test account 7",
                     *       "number": "+447700900123",
                     *       "outage_seconds": 0,
                     *       "price": 45,
                     *       "reason": "code_received",
                     *       "report": null,
                     *       "service": "telegram",
                     *       "status": "received",
                     *       "tags": [
                     *         "qa",
                     *         "signup"
                     *       ],
                     *       "unsure": null
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    labelOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of an order.
                 * @example ord_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "note": "Test account 7",
                 *       "tags": [
                 *         "qa",
                 *         "signup"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Your own words; null or empty takes them away. Absent: as it was.
                     * @example Test account 7
                     */
                    note?: string | null;
                    /**
                     * @description All of its tags from now on. Absent: as they were.
                     * @example [
                     *       "qa",
                     *       "signup"
                     *     ]
                     */
                    tags?: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "awaiting_more": false,
                     *       "awaiting_since": null,
                     *       "cancelable_at": "2026-11-22T14:03:22.000Z",
                     *       "carrier": null,
                     *       "code": "48213",
                     *       "country": "gb",
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "currency": "USD",
                     *       "expires_at": "2026-11-22T14:23:22.000Z",
                     *       "extended_seconds": 0,
                     *       "id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "messages": [
                     *         {
                     *           "code": "48213",
                     *           "id": "msg_01kanq8h5y2m7c4t9x1z3b6d8f",
                     *           "network_time": "2026-11-22T14:03:22.000Z",
                     *           "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "reason": "The text names Telegram and holds one code.",
                     *           "received_at": "2026-11-22T14:03:22.000Z",
                     *           "rental_id": null,
                     *           "sender": "Telegram",
                     *           "text": "Telegram code: 48213"
                     *         }
                     *       ],
                     *       "note": "Test account 7",
                     *       "number": "+447700900123",
                     *       "outage_seconds": 0,
                     *       "price": 45,
                     *       "reason": "code_received",
                     *       "report": null,
                     *       "service": "telegram",
                     *       "status": "received",
                     *       "tags": [
                     *         "qa",
                     *         "signup"
                     *       ],
                     *       "unsure": null
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    cancelOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of an order.
                 * @example ord_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "awaiting_more": false,
                     *       "awaiting_since": null,
                     *       "cancelable_at": "2026-11-22T14:03:22.000Z",
                     *       "carrier": null,
                     *       "code": "48213",
                     *       "country": "gb",
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "currency": "USD",
                     *       "expires_at": "2026-11-22T14:23:22.000Z",
                     *       "extended_seconds": 0,
                     *       "id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "messages": [
                     *         {
                     *           "code": "48213",
                     *           "id": "msg_01kanq8h5y2m7c4t9x1z3b6d8f",
                     *           "network_time": "2026-11-22T14:03:22.000Z",
                     *           "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "reason": "The text names Telegram and holds one code.",
                     *           "received_at": "2026-11-22T14:03:22.000Z",
                     *           "rental_id": null,
                     *           "sender": "Telegram",
                     *           "text": "Telegram code: 48213"
                     *         }
                     *       ],
                     *       "note": "Test account 7",
                     *       "number": "+447700900123",
                     *       "outage_seconds": 0,
                     *       "price": 45,
                     *       "reason": "code_received",
                     *       "report": null,
                     *       "service": "telegram",
                     *       "status": "received",
                     *       "tags": [
                     *         "qa",
                     *         "signup"
                     *       ],
                     *       "unsure": null
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    finishOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of an order.
                 * @example ord_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "awaiting_more": false,
                     *       "awaiting_since": null,
                     *       "cancelable_at": "2026-11-22T14:03:22.000Z",
                     *       "carrier": null,
                     *       "code": "48213",
                     *       "country": "gb",
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "currency": "USD",
                     *       "expires_at": "2026-11-22T14:23:22.000Z",
                     *       "extended_seconds": 0,
                     *       "id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "messages": [
                     *         {
                     *           "code": "48213",
                     *           "id": "msg_01kanq8h5y2m7c4t9x1z3b6d8f",
                     *           "network_time": "2026-11-22T14:03:22.000Z",
                     *           "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "reason": "The text names Telegram and holds one code.",
                     *           "received_at": "2026-11-22T14:03:22.000Z",
                     *           "rental_id": null,
                     *           "sender": "Telegram",
                     *           "text": "Telegram code: 48213"
                     *         }
                     *       ],
                     *       "note": "Test account 7",
                     *       "number": "+447700900123",
                     *       "outage_seconds": 0,
                     *       "price": 45,
                     *       "reason": "code_received",
                     *       "report": null,
                     *       "service": "telegram",
                     *       "status": "received",
                     *       "tags": [
                     *         "qa",
                     *         "signup"
                     *       ],
                     *       "unsure": null
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    extendOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of an order.
                 * @example ord_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "awaiting_more": false,
                     *       "awaiting_since": null,
                     *       "cancelable_at": "2026-11-22T14:03:22.000Z",
                     *       "carrier": null,
                     *       "code": "48213",
                     *       "country": "gb",
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "currency": "USD",
                     *       "expires_at": "2026-11-22T14:23:22.000Z",
                     *       "extended_seconds": 0,
                     *       "id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "messages": [
                     *         {
                     *           "code": "48213",
                     *           "id": "msg_01kanq8h5y2m7c4t9x1z3b6d8f",
                     *           "network_time": "2026-11-22T14:03:22.000Z",
                     *           "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "reason": "The text names Telegram and holds one code.",
                     *           "received_at": "2026-11-22T14:03:22.000Z",
                     *           "rental_id": null,
                     *           "sender": "Telegram",
                     *           "text": "Telegram code: 48213"
                     *         }
                     *       ],
                     *       "note": "Test account 7",
                     *       "number": "+447700900123",
                     *       "outage_seconds": 0,
                     *       "price": 45,
                     *       "reason": "code_received",
                     *       "report": null,
                     *       "service": "telegram",
                     *       "status": "received",
                     *       "tags": [
                     *         "qa",
                     *         "signup"
                     *       ],
                     *       "unsure": null
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    awaitAnotherCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of an order.
                 * @example ord_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "awaiting_more": false,
                     *       "awaiting_since": null,
                     *       "cancelable_at": "2026-11-22T14:03:22.000Z",
                     *       "carrier": null,
                     *       "code": "48213",
                     *       "country": "gb",
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "currency": "USD",
                     *       "expires_at": "2026-11-22T14:23:22.000Z",
                     *       "extended_seconds": 0,
                     *       "id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "messages": [
                     *         {
                     *           "code": "48213",
                     *           "id": "msg_01kanq8h5y2m7c4t9x1z3b6d8f",
                     *           "network_time": "2026-11-22T14:03:22.000Z",
                     *           "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "reason": "The text names Telegram and holds one code.",
                     *           "received_at": "2026-11-22T14:03:22.000Z",
                     *           "rental_id": null,
                     *           "sender": "Telegram",
                     *           "text": "Telegram code: 48213"
                     *         }
                     *       ],
                     *       "note": "Test account 7",
                     *       "number": "+447700900123",
                     *       "outage_seconds": 0,
                     *       "price": 45,
                     *       "reason": "code_received",
                     *       "report": null,
                     *       "service": "telegram",
                     *       "status": "received",
                     *       "tags": [
                     *         "qa",
                     *         "signup"
                     *       ],
                     *       "unsure": null
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    reportOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of an order.
                 * @example ord_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "number_unusable",
                 *       "text": "text"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description `number_unusable`: the service says that the number is invalid or banned. `already_registered`: it knows the number already. Both retire it for the service. `no_sms`: the service says that it sent one. `other`: see `text`.
                     * @default other
                     * @enum {string}
                     */
                    reason?: "number_unusable" | "already_registered" | "no_sms" | "other";
                    /** @description More about it, for the operator. */
                    text?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "awaiting_more": false,
                     *       "awaiting_since": null,
                     *       "cancelable_at": "2026-11-22T14:03:22.000Z",
                     *       "carrier": null,
                     *       "code": "48213",
                     *       "country": "gb",
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "currency": "USD",
                     *       "expires_at": "2026-11-22T14:23:22.000Z",
                     *       "extended_seconds": 0,
                     *       "id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "messages": [
                     *         {
                     *           "code": "48213",
                     *           "id": "msg_01kanq8h5y2m7c4t9x1z3b6d8f",
                     *           "network_time": "2026-11-22T14:03:22.000Z",
                     *           "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "reason": "The text names Telegram and holds one code.",
                     *           "received_at": "2026-11-22T14:03:22.000Z",
                     *           "rental_id": null,
                     *           "sender": "Telegram",
                     *           "text": "Telegram code: 48213"
                     *         }
                     *       ],
                     *       "note": "Test account 7",
                     *       "number": "+447700900123",
                     *       "outage_seconds": 0,
                     *       "price": 45,
                     *       "reason": "code_received",
                     *       "report": null,
                     *       "service": "telegram",
                     *       "status": "received",
                     *       "tags": [
                     *         "qa",
                     *         "signup"
                     *       ],
                     *       "unsure": null
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    quoteReuse: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of an order.
                 * @example ord_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "available": true,
                     *       "country": "text",
                     *       "currency": "text",
                     *       "detail": "text",
                     *       "number": "text",
                     *       "order_id": "text",
                     *       "price": 45,
                     *       "service": "text",
                     *       "why_not": "not_free",
                     *       "window_minutes": 1
                     *     }
                     */
                    "application/json": components["schemas"]["ReuseQuote"];
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    reuseOrder: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key with the same request within a day gives the first answer again; with another request it is refused.
                 * @example 0b8f7c9e-5f0e-4d6e-9a43-2f5d1c1f7a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The id of an order.
                 * @example ord_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "max_price": 1
                 *     }
                 */
                "application/json": {
                    /** @description Refuse rather than pay more than this, in minor units: the price of the quote. */
                    max_price?: number;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "awaiting_more": false,
                     *       "awaiting_since": null,
                     *       "cancelable_at": "2026-11-22T14:03:22.000Z",
                     *       "carrier": null,
                     *       "code": "48213",
                     *       "country": "gb",
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "currency": "USD",
                     *       "expires_at": "2026-11-22T14:23:22.000Z",
                     *       "extended_seconds": 0,
                     *       "id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "messages": [
                     *         {
                     *           "code": "48213",
                     *           "id": "msg_01kanq8h5y2m7c4t9x1z3b6d8f",
                     *           "network_time": "2026-11-22T14:03:22.000Z",
                     *           "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "reason": "The text names Telegram and holds one code.",
                     *           "received_at": "2026-11-22T14:03:22.000Z",
                     *           "rental_id": null,
                     *           "sender": "Telegram",
                     *           "text": "Telegram code: 48213"
                     *         }
                     *       ],
                     *       "note": "Test account 7",
                     *       "number": "+447700900123",
                     *       "outage_seconds": 0,
                     *       "price": 45,
                     *       "reason": "code_received",
                     *       "report": null,
                     *       "service": "telegram",
                     *       "status": "received",
                     *       "tags": [
                     *         "qa",
                     *         "signup"
                     *       ],
                     *       "unsure": null
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listWaiting: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before, as it was given. */
                cursor?: string;
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only places of this status. */
                status?: "waiting" | "served" | "available" | "expired" | "left";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "carrier": null,
                     *           "country": "gb",
                     *           "currency": "USD",
                     *           "ended_at": null,
                     *           "expires_at": "2026-11-23T14:03:22.000Z",
                     *           "id": "wai_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "joined_at": "2026-11-22T14:03:22.000Z",
                     *           "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *           "length": 7,
                     *           "max_price": 60,
                     *           "mode": "buy",
                     *           "next_free_at": "2026-11-22T15:10:00.000Z",
                     *           "note": "Test account 7",
                     *           "obstacle": null,
                     *           "order_id": null,
                     *           "position": 3,
                     *           "price": 45,
                     *           "service": "telegram",
                     *           "status": "waiting",
                     *           "tags": [
                     *             "qa"
                     *           ]
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["WaitingPlace"][];
                        /**
                         * @description Send it as `cursor` for the next page; null on the last.
                         * @example null
                         */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    joinWaitingList: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key with the same request within a day gives the first answer again; with another request it is refused.
                 * @example 0b8f7c9e-5f0e-4d6e-9a43-2f5d1c1f7a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "country": "gb",
                 *       "mode": "buy",
                 *       "service": "telegram",
                 *       "hours": 24,
                 *       "max_price": 60,
                 *       "note": "Test account 7",
                 *       "tags": [
                 *         "qa",
                 *         "signup"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /**
                     * @description ISO 3166-1 alpha-2, lower case.
                     * @example gb
                     */
                    country: string;
                    /**
                     * @description `buy`: the first number that comes free when it is your turn is bought for you. `notify`: you are told once that there is stock.
                     * @example buy
                     * @enum {string}
                     */
                    mode: "notify" | "buy";
                    /** @example telegram */
                    service: string;
                    /** @description Only SIMs of this carrier. Left out or `any`: the offer for any carrier. */
                    carrier?: string;
                    /**
                     * @description For how long you wait, at most what the operator allows; a day if left out.
                     * @example 24
                     */
                    hours?: number;
                    /**
                     * @description With `buy`: the most the number may cost, in minor units.
                     * @example 60
                     */
                    max_price?: number;
                    /**
                     * @description Your own words, for yourself.
                     * @example Test account 7
                     */
                    note?: string;
                    /**
                     * @description Your own tags, by which lists can be filtered.
                     * @example [
                     *       "qa",
                     *       "signup"
                     *     ]
                     */
                    tags?: string[];
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "carrier": null,
                     *       "country": "gb",
                     *       "currency": "USD",
                     *       "ended_at": null,
                     *       "expires_at": "2026-11-23T14:03:22.000Z",
                     *       "id": "wai_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "joined_at": "2026-11-22T14:03:22.000Z",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "length": 7,
                     *       "max_price": 60,
                     *       "mode": "buy",
                     *       "next_free_at": "2026-11-22T15:10:00.000Z",
                     *       "note": "Test account 7",
                     *       "obstacle": null,
                     *       "order_id": null,
                     *       "position": 3,
                     *       "price": 45,
                     *       "service": "telegram",
                     *       "status": "waiting",
                     *       "tags": [
                     *         "qa"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WaitingPlace"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getWaiting: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a place in a waiting list.
                 * @example wai_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "carrier": null,
                     *       "country": "gb",
                     *       "currency": "USD",
                     *       "ended_at": null,
                     *       "expires_at": "2026-11-23T14:03:22.000Z",
                     *       "id": "wai_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "joined_at": "2026-11-22T14:03:22.000Z",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "length": 7,
                     *       "max_price": 60,
                     *       "mode": "buy",
                     *       "next_free_at": "2026-11-22T15:10:00.000Z",
                     *       "note": "Test account 7",
                     *       "obstacle": null,
                     *       "order_id": null,
                     *       "position": 3,
                     *       "price": 45,
                     *       "service": "telegram",
                     *       "status": "waiting",
                     *       "tags": [
                     *         "qa"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WaitingPlace"];
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    leaveWaitingList: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a place in a waiting list.
                 * @example wai_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "carrier": null,
                     *       "country": "gb",
                     *       "currency": "USD",
                     *       "ended_at": null,
                     *       "expires_at": "2026-11-23T14:03:22.000Z",
                     *       "id": "wai_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "joined_at": "2026-11-22T14:03:22.000Z",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "length": 7,
                     *       "max_price": 60,
                     *       "mode": "buy",
                     *       "next_free_at": "2026-11-22T15:10:00.000Z",
                     *       "note": "Test account 7",
                     *       "obstacle": null,
                     *       "order_id": null,
                     *       "position": 3,
                     *       "price": 45,
                     *       "service": "telegram",
                     *       "status": "waiting",
                     *       "tags": [
                     *         "qa"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WaitingPlace"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    rejoinWaitingList: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a place in a waiting list.
                 * @example wai_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "carrier": null,
                     *       "country": "gb",
                     *       "currency": "USD",
                     *       "ended_at": null,
                     *       "expires_at": "2026-11-23T14:03:22.000Z",
                     *       "id": "wai_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "joined_at": "2026-11-22T14:03:22.000Z",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "length": 7,
                     *       "max_price": 60,
                     *       "mode": "buy",
                     *       "next_free_at": "2026-11-22T15:10:00.000Z",
                     *       "note": "Test account 7",
                     *       "obstacle": null,
                     *       "order_id": null,
                     *       "position": 3,
                     *       "price": 45,
                     *       "service": "telegram",
                     *       "status": "waiting",
                     *       "tags": [
                     *         "qa"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WaitingPlace"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listRates: {
        parameters: {
            query?: {
                /**
                 * @description Only this country.
                 * @example gb
                 */
                country?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "country": "gb",
                     *           "currency": "USD",
                     *           "day": 400,
                     *           "hour": 80,
                     *           "stock": 3,
                     *           "week": 1500
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Rate"][];
                    };
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listRentals: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before, as it was given. */
                cursor?: string;
                /** @description How many rows at most. */
                limit?: number;
                /**
                 * @description Only rentals of this status.
                 * @example active
                 */
                status?: "active" | "canceled" | "ended" | "scheduled";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "auto_extend": null,
                     *           "charges": [
                     *             {
                     *               "number": 1,
                     *               "unit": "day",
                     *               "periods": 2,
                     *               "price": 800,
                     *               "automatic": false,
                     *               "created_at": "2026-11-22T14:03:22.000Z"
                     *             }
                     *           ],
                     *           "country": "gb",
                     *           "created_at": "2026-11-22T14:03:22.000Z",
                     *           "currency": "USD",
                     *           "ended_at": null,
                     *           "ends_at": "2026-11-24T14:03:22.000Z",
                     *           "first_message_at": null,
                     *           "id": "rnt_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *           "messages": [
                     *             {
                     *               "code": "48213",
                     *               "id": "msg_01kanq8h5y2m7c4t9x1z3b6d8f",
                     *               "network_time": "2026-11-22T14:03:22.000Z",
                     *               "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *               "reason": "The text names Telegram and holds one code.",
                     *               "received_at": "2026-11-22T14:03:22.000Z",
                     *               "rental_id": null,
                     *               "sender": "Telegram",
                     *               "text": "Telegram code: 48213"
                     *             }
                     *           ],
                     *           "name": "QA phone",
                     *           "number": "+447700900123",
                     *           "outage_seconds": 0,
                     *           "price": 800,
                     *           "reason": "started",
                     *           "returned": 0,
                     *           "service": null,
                     *           "starts_at": "2026-11-22T14:03:22.000Z",
                     *           "status": "active"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Rental"][];
                        /**
                         * @description Send it as `cursor` for the next page; null on the last.
                         * @example null
                         */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    createRental: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key with the same request within a day gives the first answer again; with another request it is refused.
                 * @example 0b8f7c9e-5f0e-4d6e-9a43-2f5d1c1f7a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "country": "gb",
                 *       "auto_extend": {
                 *         "max_total": 4000
                 *       },
                 *       "days": 1,
                 *       "hours": 1,
                 *       "max_price": 1000,
                 *       "name": "text",
                 *       "service": "telegram",
                 *       "starts_at": "text",
                 *       "weeks": 1
                 *     }
                 */
                "application/json": {
                    /**
                     * @description ISO 3166-1 alpha-2, lower case; `GET /api/v1/rates` lists the countries.
                     * @example gb
                     */
                    country: string;
                    /**
                     * @description Extend by itself, by one period of the unit bought last, a minute before the end, for at most `max_total` minor units in all.
                     * @example {
                     *       "max_total": 4000
                     *     }
                     */
                    auto_extend?: {
                        max_total: number;
                    } | null;
                    /** @description Exactly one of hours, days and weeks. */
                    days?: number;
                    /** @description Exactly one of hours, days and weeks. */
                    hours?: number;
                    /**
                     * @description Refuse rather than pay more than this, in minor units.
                     * @example 1000
                     */
                    max_price?: number;
                    /** @description Yours to tell rentals apart. */
                    name?: string;
                    /**
                     * @description Only the codes of this service; left away, everything that arrives is yours.
                     * @example telegram
                     */
                    service?: string;
                    /** @description When it begins, at most 30 days ahead; left away, at once. */
                    starts_at?: string;
                    /** @description Exactly one of hours, days and weeks. */
                    weeks?: number;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "auto_extend": null,
                     *       "charges": [
                     *         {
                     *           "number": 1,
                     *           "unit": "day",
                     *           "periods": 2,
                     *           "price": 800,
                     *           "automatic": false,
                     *           "created_at": "2026-11-22T14:03:22.000Z"
                     *         }
                     *       ],
                     *       "country": "gb",
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "currency": "USD",
                     *       "ended_at": null,
                     *       "ends_at": "2026-11-24T14:03:22.000Z",
                     *       "first_message_at": null,
                     *       "id": "rnt_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "messages": [
                     *         {
                     *           "code": "48213",
                     *           "id": "msg_01kanq8h5y2m7c4t9x1z3b6d8f",
                     *           "network_time": "2026-11-22T14:03:22.000Z",
                     *           "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "reason": "The text names Telegram and holds one code.",
                     *           "received_at": "2026-11-22T14:03:22.000Z",
                     *           "rental_id": null,
                     *           "sender": "Telegram",
                     *           "text": "Telegram code: 48213"
                     *         }
                     *       ],
                     *       "name": "QA phone",
                     *       "number": "+447700900123",
                     *       "outage_seconds": 0,
                     *       "price": 800,
                     *       "reason": "started",
                     *       "returned": 0,
                     *       "service": null,
                     *       "starts_at": "2026-11-22T14:03:22.000Z",
                     *       "status": "active"
                     *     }
                     */
                    "application/json": components["schemas"]["Rental"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getRental: {
        parameters: {
            query?: {
                /** @description An event id: only messages that came after it are shown. */
                after?: string;
                /** @description Answer when the first message has come (or, with `after`, at a newer event) or it has ended, at most this many seconds later. */
                wait?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The id of a rental.
                 * @example rnt_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "auto_extend": null,
                     *       "charges": [
                     *         {
                     *           "number": 1,
                     *           "unit": "day",
                     *           "periods": 2,
                     *           "price": 800,
                     *           "automatic": false,
                     *           "created_at": "2026-11-22T14:03:22.000Z"
                     *         }
                     *       ],
                     *       "country": "gb",
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "currency": "USD",
                     *       "ended_at": null,
                     *       "ends_at": "2026-11-24T14:03:22.000Z",
                     *       "first_message_at": null,
                     *       "id": "rnt_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "messages": [
                     *         {
                     *           "code": "48213",
                     *           "id": "msg_01kanq8h5y2m7c4t9x1z3b6d8f",
                     *           "network_time": "2026-11-22T14:03:22.000Z",
                     *           "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "reason": "The text names Telegram and holds one code.",
                     *           "received_at": "2026-11-22T14:03:22.000Z",
                     *           "rental_id": null,
                     *           "sender": "Telegram",
                     *           "text": "Telegram code: 48213"
                     *         }
                     *       ],
                     *       "name": "QA phone",
                     *       "number": "+447700900123",
                     *       "outage_seconds": 0,
                     *       "price": 800,
                     *       "reason": "started",
                     *       "returned": 0,
                     *       "service": null,
                     *       "starts_at": "2026-11-22T14:03:22.000Z",
                     *       "status": "active"
                     *     }
                     */
                    "application/json": components["schemas"]["Rental"];
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    updateRental: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a rental.
                 * @example rnt_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "auto_extend": {
                 *         "max_total": 4000
                 *       },
                 *       "name": "text"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Extend by itself, by one period of the unit bought last, a minute before the end, for at most `max_total` minor units in all.
                     * @example {
                     *       "max_total": 4000
                     *     }
                     */
                    auto_extend?: {
                        max_total: number;
                    } | null;
                    /** @description Yours to tell rentals apart. */
                    name?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "auto_extend": null,
                     *       "charges": [
                     *         {
                     *           "number": 1,
                     *           "unit": "day",
                     *           "periods": 2,
                     *           "price": 800,
                     *           "automatic": false,
                     *           "created_at": "2026-11-22T14:03:22.000Z"
                     *         }
                     *       ],
                     *       "country": "gb",
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "currency": "USD",
                     *       "ended_at": null,
                     *       "ends_at": "2026-11-24T14:03:22.000Z",
                     *       "first_message_at": null,
                     *       "id": "rnt_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "messages": [
                     *         {
                     *           "code": "48213",
                     *           "id": "msg_01kanq8h5y2m7c4t9x1z3b6d8f",
                     *           "network_time": "2026-11-22T14:03:22.000Z",
                     *           "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "reason": "The text names Telegram and holds one code.",
                     *           "received_at": "2026-11-22T14:03:22.000Z",
                     *           "rental_id": null,
                     *           "sender": "Telegram",
                     *           "text": "Telegram code: 48213"
                     *         }
                     *       ],
                     *       "name": "QA phone",
                     *       "number": "+447700900123",
                     *       "outage_seconds": 0,
                     *       "price": 800,
                     *       "reason": "started",
                     *       "returned": 0,
                     *       "service": null,
                     *       "starts_at": "2026-11-22T14:03:22.000Z",
                     *       "status": "active"
                     *     }
                     */
                    "application/json": components["schemas"]["Rental"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    extendRental: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key with the same request within a day gives the first answer again; with another request it is refused.
                 * @example 0b8f7c9e-5f0e-4d6e-9a43-2f5d1c1f7a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The id of a rental.
                 * @example rnt_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "days": 1,
                 *       "hours": 1,
                 *       "max_price": 1000,
                 *       "weeks": 1
                 *     }
                 */
                "application/json": {
                    /** @description Exactly one of hours, days and weeks. */
                    days?: number;
                    /** @description Exactly one of hours, days and weeks. */
                    hours?: number;
                    /**
                     * @description Refuse rather than pay more than this, in minor units.
                     * @example 1000
                     */
                    max_price?: number;
                    /** @description Exactly one of hours, days and weeks. */
                    weeks?: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "auto_extend": null,
                     *       "charges": [
                     *         {
                     *           "number": 1,
                     *           "unit": "day",
                     *           "periods": 2,
                     *           "price": 800,
                     *           "automatic": false,
                     *           "created_at": "2026-11-22T14:03:22.000Z"
                     *         }
                     *       ],
                     *       "country": "gb",
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "currency": "USD",
                     *       "ended_at": null,
                     *       "ends_at": "2026-11-24T14:03:22.000Z",
                     *       "first_message_at": null,
                     *       "id": "rnt_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "messages": [
                     *         {
                     *           "code": "48213",
                     *           "id": "msg_01kanq8h5y2m7c4t9x1z3b6d8f",
                     *           "network_time": "2026-11-22T14:03:22.000Z",
                     *           "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "reason": "The text names Telegram and holds one code.",
                     *           "received_at": "2026-11-22T14:03:22.000Z",
                     *           "rental_id": null,
                     *           "sender": "Telegram",
                     *           "text": "Telegram code: 48213"
                     *         }
                     *       ],
                     *       "name": "QA phone",
                     *       "number": "+447700900123",
                     *       "outage_seconds": 0,
                     *       "price": 800,
                     *       "reason": "started",
                     *       "returned": 0,
                     *       "service": null,
                     *       "starts_at": "2026-11-22T14:03:22.000Z",
                     *       "status": "active"
                     *     }
                     */
                    "application/json": components["schemas"]["Rental"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    endRental: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a rental.
                 * @example rnt_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "min_returned": 1
                 *     }
                 */
                "application/json": {
                    /** @description Refuse rather than get back less than this, in minor units. */
                    min_returned?: unknown;
                } | {
                    min_returned?: number;
                } | unknown;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "auto_extend": null,
                     *       "charges": [
                     *         {
                     *           "number": 1,
                     *           "unit": "day",
                     *           "periods": 2,
                     *           "price": 800,
                     *           "automatic": false,
                     *           "created_at": "2026-11-22T14:03:22.000Z"
                     *         }
                     *       ],
                     *       "country": "gb",
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "currency": "USD",
                     *       "ended_at": null,
                     *       "ends_at": "2026-11-24T14:03:22.000Z",
                     *       "first_message_at": null,
                     *       "id": "rnt_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "messages": [
                     *         {
                     *           "code": "48213",
                     *           "id": "msg_01kanq8h5y2m7c4t9x1z3b6d8f",
                     *           "network_time": "2026-11-22T14:03:22.000Z",
                     *           "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "reason": "The text names Telegram and holds one code.",
                     *           "received_at": "2026-11-22T14:03:22.000Z",
                     *           "rental_id": null,
                     *           "sender": "Telegram",
                     *           "text": "Telegram code: 48213"
                     *         }
                     *       ],
                     *       "name": "QA phone",
                     *       "number": "+447700900123",
                     *       "outage_seconds": 0,
                     *       "price": 800,
                     *       "reason": "started",
                     *       "returned": 0,
                     *       "service": null,
                     *       "starts_at": "2026-11-22T14:03:22.000Z",
                     *       "status": "active"
                     *     }
                     */
                    "application/json": components["schemas"]["Rental"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listRentalShares: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a rental.
                 * @example rnt_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "accept_until": "2026-11-22T14:03:22.000Z",
                     *           "accepted_at": null,
                     *           "email": "ben@example.org",
                     *           "id": "shr_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "invited_at": "2026-11-22T14:03:22.000Z",
                     *           "state": "accepted",
                     *           "url": "text"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["RentalShare"][];
                    };
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    shareRental: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a rental.
                 * @example rnt_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ben@example.org"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Whom to invite. The answer is the same whether or not somebody here has this address.
                     * @example ben@example.org
                     */
                    email: string;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accept_until": "2026-11-22T14:03:22.000Z",
                     *       "accepted_at": null,
                     *       "email": "ben@example.org",
                     *       "id": "shr_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "invited_at": "2026-11-22T14:03:22.000Z",
                     *       "state": "accepted",
                     *       "url": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["RentalShare"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    endRentalShare: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a rental. */
                id: string;
                /** @description The id of a share. */
                share: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listSharedRentals: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before, as it was given. */
                cursor?: string;
                /** @description How many rows at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "accepted_at": "text",
                     *           "country": "text",
                     *           "ended_at": "text",
                     *           "ends_at": "text",
                     *           "id": "rnt_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "name": "text",
                     *           "number": "+447700900123",
                     *           "service": "text",
                     *           "shared_by": "anna@example.org",
                     *           "starts_at": "text",
                     *           "status": "text"
                     *         }
                     *       ],
                     *       "next_cursor": "text"
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["SharedRental"][];
                        next_cursor: string | null;
                    };
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listSharedRentalMessages: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before, as it was given. */
                cursor?: string;
                /** @description How many rows at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The id of a rental.
                 * @example rnt_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "code": "48213",
                     *           "id": "msg_01kanq8h5y2m7c4t9x1z3b6d8f",
                     *           "network_time": "2026-11-22T14:03:22.000Z",
                     *           "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "reason": "The text names Telegram and holds one code.",
                     *           "received_at": "2026-11-22T14:03:22.000Z",
                     *           "rental_id": null,
                     *           "sender": "Telegram",
                     *           "text": "Telegram code: 48213"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Message"][];
                        /**
                         * @description Send it as `cursor` for the next page; null on the last.
                         * @example null
                         */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    leaveSharedRental: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a rental.
                 * @example rnt_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getOrderTimeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of an order.
                 * @example ord_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "entries": [
                     *         {
                     *           "at": "text",
                     *           "channel": "text",
                     *           "clock": "network",
                     *           "detail": {},
                     *           "event_id": "text",
                     *           "kind": "attempt",
                     *           "message_id": "text",
                     *           "text": "text"
                     *         }
                     *       ],
                     *       "figures": {
                     *         "first_channel": "text",
                     *         "network_to_push_ms": 1,
                     *         "read_to_push_ms": 1
                     *       },
                     *       "order_id": "text",
                     *       "shortened": true
                     *     }
                     */
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getOrderEvidence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of an order.
                 * @example ord_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    createStreamTicket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expires_at": "2026-11-22T14:04:22.000Z",
                     *       "last_event": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                     *       "ticket": "9d2m4k6p8r0t2v4x6z8b0d2f4h6j8k0m"
                     *     }
                     */
                    "application/json": components["schemas"]["StreamTicket"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listMessages: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before, as it was given. */
                cursor?: string;
                /**
                 * @description With `rental_id`: from this time on, or this date in UTC.
                 * @example 2026-11-01
                 */
                from?: string;
                /** @description How many rows at most. */
                limit?: number;
                /**
                 * @description Only those of this order.
                 * @example ord_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                order_id?: string;
                /** @description With `rental_id`: only those with this in sender, text or code, in small letters or capitals. */
                q?: string;
                /**
                 * @description Only those of this rental.
                 * @example rnt_01kanq7x2fq3v8b1c6d9e4g5h7
                 */
                rental_id?: string;
                /** @description With `rental_id`: before this time. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "code": "48213",
                     *           "id": "msg_01kanq8h5y2m7c4t9x1z3b6d8f",
                     *           "network_time": "2026-11-22T14:03:22.000Z",
                     *           "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "reason": "The text names Telegram and holds one code.",
                     *           "received_at": "2026-11-22T14:03:22.000Z",
                     *           "rental_id": null,
                     *           "sender": "Telegram",
                     *           "text": "Telegram code: 48213"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Message"][];
                        /**
                         * @description Send it as `cursor` for the next page; null on the last.
                         * @example null
                         */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    reportMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a message of yours. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "not_my_service",
                 *       "expected": "text"
                 *     }
                 */
                "application/json": {
                    /** @description What is wrong with the message. */
                    reason: "not_my_service" | "wrong_code";
                    /** @description What the code or the service should be, if you know. */
                    expected?: string;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expected": "text",
                     *       "message_id": "text",
                     *       "reason": "not_my_service",
                     *       "reported_at": "text",
                     *       "undo_until": "2026-11-22T14:03:22.000Z"
                     *     }
                     */
                    "application/json": {
                        expected: string | null;
                        message_id: string;
                        reason: "not_my_service" | "wrong_code";
                        reported_at: string;
                        /**
                         * Format: date-time
                         * @description Until then DELETE takes it back, unless the operator has seen it.
                         */
                        undo_until: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    withdrawMessageReport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a message of yours. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getBalance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "available": 9955,
                     *       "currency": "USD",
                     *       "held": 45,
                     *       "low_below": 500
                     *     }
                     */
                    "application/json": components["schemas"]["Balance"];
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listLedger: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before, as it was given. */
                cursor?: string;
                /** @description Only from then on: RFC 3339, or a date, which is its beginning in UTC. */
                from?: string;
                /** @description Only movements of this kind. */
                kind?: "capture" | "debit" | "hold" | "partial_refund" | "refund" | "top_up";
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only before then. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "available": -45,
                     *           "available_after": 9955,
                     *           "created_at": "2026-11-22T14:03:22.000Z",
                     *           "held": 45,
                     *           "held_after": 45,
                     *           "id": "txn_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "kind": "hold",
                     *           "order_id": "ord_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "reason": null,
                     *           "reference": null,
                     *           "rental_id": null
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["LedgerLine"][];
                        /**
                         * @description Send it as `cursor` for the next page; null on the last.
                         * @example null
                         */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "created_at": "2026-11-22T14:03:22.000Z",
                     *           "description": "text",
                     *           "disabled_at": "text",
                     *           "disabled_reason": "failing",
                     *           "events": [
                     *             "text"
                     *           ],
                     *           "failing_since": "text",
                     *           "failures": 1,
                     *           "id": "whk_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "last_delivered_at": "text",
                     *           "previous_secret_until": "text",
                     *           "rentals": [
                     *             "text"
                     *           ],
                     *           "state": "active",
                     *           "url": "text"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Webhook"][];
                    };
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.org/hooks/smspin",
                 *       "description": "text",
                 *       "events": [
                 *         "order.created"
                 *       ],
                 *       "rentals": [
                 *         "text"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /**
                     * @description http or https, on the public internet.
                     * @example https://example.org/hooks/smspin
                     */
                    url: string;
                    description?: string;
                    /** @description Which types of events to send; none (or null) means all, also those to come. */
                    events?: ("order.created" | "order.received" | "order.unsure" | "order.extended" | "order.awaiting" | "order.noted" | "order.finished" | "order.expired" | "order.canceled" | "order.reported" | "order.late" | "rental.booked" | "rental.started" | "rental.message" | "rental.extended" | "rental.ending" | "rental.ended" | "waiting.joined" | "waiting.served" | "waiting.available" | "waiting.passed_over" | "waiting.expired" | "waiting.left" | "balance.changed" | "alarm.raised" | "alarm.cleared")[] | null;
                    /** @description Limits the `rental.` events to those of these rentals of yours; none (or null) means all. Other types come as `events` says. */
                    rentals?: string[] | null;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "description": "text",
                     *       "disabled_at": "text",
                     *       "disabled_reason": "failing",
                     *       "events": [
                     *         "text"
                     *       ],
                     *       "failing_since": "text",
                     *       "failures": 1,
                     *       "id": "whk_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "last_delivered_at": "text",
                     *       "previous_secret_until": "text",
                     *       "rentals": [
                     *         "text"
                     *       ],
                     *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                     *       "state": "active",
                     *       "url": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an endpoint. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "description": "text",
                     *       "disabled_at": "text",
                     *       "disabled_reason": "failing",
                     *       "events": [
                     *         "text"
                     *       ],
                     *       "failing_since": "text",
                     *       "failures": 1,
                     *       "id": "whk_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "last_delivered_at": "text",
                     *       "previous_secret_until": "text",
                     *       "rentals": [
                     *         "text"
                     *       ],
                     *       "state": "active",
                     *       "url": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an endpoint. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    changeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an endpoint. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "description": "text",
                 *       "events": [
                 *         "order.created"
                 *       ],
                 *       "paused": true,
                 *       "rentals": [
                 *         "text"
                 *       ],
                 *       "url": "https://example.org/hooks/smspin"
                 *     }
                 */
                "application/json": {
                    description?: string;
                    /** @description Which types of events to send; none (or null) means all, also those to come. */
                    events?: ("order.created" | "order.received" | "order.unsure" | "order.extended" | "order.awaiting" | "order.noted" | "order.finished" | "order.expired" | "order.canceled" | "order.reported" | "order.late" | "rental.booked" | "rental.started" | "rental.message" | "rental.extended" | "rental.ending" | "rental.ended" | "waiting.joined" | "waiting.served" | "waiting.available" | "waiting.passed_over" | "waiting.expired" | "waiting.left" | "balance.changed" | "alarm.raised" | "alarm.cleared")[] | null;
                    /** @description While true nothing is queued, and what waits is held. False also switches on what was switched off. */
                    paused?: boolean;
                    /** @description Limits the `rental.` events to those of these rentals of yours; none (or null) means all. Other types come as `events` says. */
                    rentals?: string[] | null;
                    /**
                     * @description http or https, on the public internet.
                     * @example https://example.org/hooks/smspin
                     */
                    url?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "description": "text",
                     *       "disabled_at": "text",
                     *       "disabled_reason": "failing",
                     *       "events": [
                     *         "text"
                     *       ],
                     *       "failing_since": "text",
                     *       "failures": 1,
                     *       "id": "whk_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "last_delivered_at": "text",
                     *       "previous_secret_until": "text",
                     *       "rentals": [
                     *         "text"
                     *       ],
                     *       "state": "active",
                     *       "url": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an endpoint. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attempts": 1,
                     *       "created_at": "text",
                     *       "ended_at": "text",
                     *       "event_id": "text",
                     *       "id": "text",
                     *       "last_attempt_at": "text",
                     *       "last_status": 1,
                     *       "next_attempt_at": "text",
                     *       "state": "delivered",
                     *       "type": "text",
                     *       "webhook_id": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an endpoint. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "overlap_hours": 1
                 *     }
                 */
                "application/json": {
                    /**
                     * @description How long the present secret goes on signing beside the new one; 0 for a secret that leaked.
                     * @default 24
                     */
                    overlap_hours?: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created_at": "2026-11-22T14:03:22.000Z",
                     *       "description": "text",
                     *       "disabled_at": "text",
                     *       "disabled_reason": "failing",
                     *       "events": [
                     *         "text"
                     *       ],
                     *       "failing_since": "text",
                     *       "failures": 1,
                     *       "id": "whk_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "last_delivered_at": "text",
                     *       "previous_secret_until": "text",
                     *       "rentals": [
                     *         "text"
                     *       ],
                     *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                     *       "state": "active",
                     *       "url": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before, as it was given. */
                cursor?: string;
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only deliveries in this state. */
                state?: "delivered" | "failed" | "waiting";
            };
            header?: never;
            path: {
                /** @description The id of an endpoint. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "attempts": 1,
                     *           "created_at": "text",
                     *           "ended_at": "text",
                     *           "event_id": "text",
                     *           "id": "text",
                     *           "last_attempt_at": "text",
                     *           "last_status": 1,
                     *           "next_attempt_at": "text",
                     *           "state": "delivered",
                     *           "type": "text",
                     *           "webhook_id": "text"
                     *         }
                     *       ],
                     *       "next_cursor": "text"
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["WebhookDelivery"][];
                        next_cursor: string | null;
                    };
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    replayWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an endpoint. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "since": "2026-11-22T14:03:22.000Z",
                 *       "missed": true
                 *     }
                 */
                "application/json": {
                    /**
                     * Format: date-time
                     * @description Within the last 30 days.
                     * @example 2026-11-22T14:03:22.000Z
                     */
                    since: string;
                    /** @description Also events that were never queued: while it was paused or switched off, or before it was made. */
                    missed?: boolean;
                };
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "more": true,
                     *       "queued": 1
                     *     }
                     */
                    "application/json": {
                        /** @description One request queues at most 1000; true when another one would queue more. */
                        more: boolean;
                        queued: number;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getWebhookDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a delivery. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attempts": 1,
                     *       "created_at": "text",
                     *       "ended_at": "text",
                     *       "event_id": "text",
                     *       "id": "text",
                     *       "last_attempt_at": "text",
                     *       "last_status": 1,
                     *       "log": [
                     *         {
                     *           "detail": "text",
                     *           "duration_ms": 1,
                     *           "number": 1,
                     *           "outcome": "delivered",
                     *           "started_at": "text",
                     *           "status": 1
                     *         }
                     *       ],
                     *       "next_attempt_at": "text",
                     *       "payload": "text",
                     *       "state": "delivered",
                     *       "type": "text",
                     *       "webhook_id": "text"
                     *     }
                     */
                    "application/json": {
                        attempts: number;
                        created_at: string;
                        ended_at: string | null;
                        event_id: string;
                        id: string;
                        last_attempt_at: string | null;
                        /** @description HTTP status of the newest attempt; null when there was no answer. */
                        last_status: number | null;
                        /** @description Every attempt, the oldest first; `detail` is what the receiver said, cut, or why there was no answer. */
                        log: {
                            detail: string;
                            duration_ms: number;
                            number: number;
                            /** @enum {unknown} */
                            outcome: "delivered" | "failed" | "retry";
                            started_at: string;
                            status: number | null;
                        }[];
                        next_attempt_at: string | null;
                        /** @description The body that is sent, to the octet; null when the event is not kept any more. */
                        payload: string | null;
                        /** @enum {unknown} */
                        state: "delivered" | "failed" | "waiting";
                        type: string;
                        webhook_id: string;
                    };
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    replayWebhookDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a delivery. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attempts": 1,
                     *       "created_at": "text",
                     *       "ended_at": "text",
                     *       "event_id": "text",
                     *       "id": "text",
                     *       "last_attempt_at": "text",
                     *       "last_status": 1,
                     *       "next_attempt_at": "text",
                     *       "state": "delivered",
                     *       "type": "text",
                     *       "webhook_id": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listExports: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before, as it was given. */
                cursor?: string;
                /** @description How many rows at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "bom": true,
                     *           "bytes": 1,
                     *           "created_at": "text",
                     *           "detail": "text",
                     *           "expires_at": "2026-11-22T14:03:22.000Z",
                     *           "format": "csv",
                     *           "from": "text",
                     *           "id": "exp_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *           "kind": "ledger",
                     *           "made_at": "text",
                     *           "manifest_url": "text",
                     *           "progress": {
                     *             "rows_done": 1,
                     *             "rows_estimated": 1
                     *           },
                     *           "reason": "text",
                     *           "rows": 1,
                     *           "sha256": "text",
                     *           "status": "ready",
                     *           "to": "text",
                     *           "url": "text"
                     *         }
                     *       ],
                     *       "next_cursor": "text"
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Export"][];
                        next_cursor: string | null;
                    };
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    createExport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "format": "csv",
                 *       "kind": "ledger",
                 *       "bom": false,
                 *       "from": "2026-11-01",
                 *       "to": "2026-12-01T00:00:00Z"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description `csv` (RFC 4180) or `json`, one object a line (NDJSON).
                     * @example csv
                     * @enum {string}
                     */
                    format: "csv" | "json";
                    /**
                     * @example ledger
                     * @enum {string}
                     */
                    kind: "orders" | "messages" | "ledger";
                    /**
                     * @description Begin a CSV file with a byte order mark, for spreadsheets that would not take it for UTF-8.
                     * @example false
                     */
                    bom?: boolean;
                    /**
                     * @description RFC 3339, inclusive; a date is its beginning in UTC.
                     * @example 2026-11-01
                     */
                    from?: string;
                    /**
                     * @description RFC 3339, exclusive; a date is its beginning in UTC.
                     * @example 2026-12-01T00:00:00Z
                     */
                    to?: string;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "bom": true,
                     *       "bytes": 1,
                     *       "created_at": "text",
                     *       "detail": "text",
                     *       "expires_at": "2026-11-22T14:03:22.000Z",
                     *       "format": "csv",
                     *       "from": "text",
                     *       "id": "exp_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "kind": "ledger",
                     *       "made_at": "text",
                     *       "manifest_url": "text",
                     *       "progress": {
                     *         "rows_done": 1,
                     *         "rows_estimated": 1
                     *       },
                     *       "reason": "text",
                     *       "rows": 1,
                     *       "sha256": "text",
                     *       "status": "ready",
                     *       "to": "text",
                     *       "url": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["Export"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getExport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an export. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "bom": true,
                     *       "bytes": 1,
                     *       "created_at": "text",
                     *       "detail": "text",
                     *       "expires_at": "2026-11-22T14:03:22.000Z",
                     *       "format": "csv",
                     *       "from": "text",
                     *       "id": "exp_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "kind": "ledger",
                     *       "made_at": "text",
                     *       "manifest_url": "text",
                     *       "progress": {
                     *         "rows_done": 1,
                     *         "rows_estimated": 1
                     *       },
                     *       "reason": "text",
                     *       "rows": 1,
                     *       "sha256": "text",
                     *       "status": "ready",
                     *       "to": "text",
                     *       "url": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["Export"];
                };
            };
            /** @description Nothing changed since the ETag you sent */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    revokeExport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an export. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "bom": true,
                     *       "bytes": 1,
                     *       "created_at": "text",
                     *       "detail": "text",
                     *       "expires_at": "2026-11-22T14:03:22.000Z",
                     *       "format": "csv",
                     *       "from": "text",
                     *       "id": "exp_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "kind": "ledger",
                     *       "made_at": "text",
                     *       "manifest_url": "text",
                     *       "progress": {
                     *         "rows_done": 1,
                     *         "rows_estimated": 1
                     *       },
                     *       "reason": "text",
                     *       "rows": 1,
                     *       "sha256": "text",
                     *       "status": "ready",
                     *       "to": "text",
                     *       "url": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["Export"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    cancelExport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an export. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "bom": true,
                     *       "bytes": 1,
                     *       "created_at": "text",
                     *       "detail": "text",
                     *       "expires_at": "2026-11-22T14:03:22.000Z",
                     *       "format": "csv",
                     *       "from": "text",
                     *       "id": "exp_01kanq7x2fq3v8b1c6d9e4g5h7",
                     *       "kind": "ledger",
                     *       "made_at": "text",
                     *       "manifest_url": "text",
                     *       "progress": {
                     *         "rows_done": 1,
                     *         "rows_estimated": 1
                     *       },
                     *       "reason": "text",
                     *       "rows": 1,
                     *       "sha256": "text",
                     *       "status": "ready",
                     *       "to": "text",
                     *       "url": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["Export"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    redeemVoucher: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key with the same request within a day gives the first answer again; with another request it is refused.
                 * @example 0b8f7c9e-5f0e-4d6e-9a43-2f5d1c1f7a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "7K3M-P2QX-9TBA-4WZ6"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description As it is printed; hyphens, spaces and letter case do not matter.
                     * @example 7K3M-P2QX-9TBA-4WZ6
                     */
                    code: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "amount": 2000,
                     *       "available": 4500,
                     *       "currency": "USD",
                     *       "held": 0,
                     *       "transaction_id": "txn_01kanq7x2fq3v8b1c6d9e4g5h7"
                     *     }
                     */
                    "application/json": components["schemas"]["RedeemedVoucher"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            410: components["responses"]["Problem410"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    onEvent: {
        parameters: {
            query?: never;
            header: {
                /** @description The id of the event, the same in every attempt. */
                "webhook-id": string;
                /** @description Seconds since 1970 of this attempt. */
                "webhook-timestamp": string;
                /** @description `v1,` and the signature in base 64; several, separated by spaces, while a secret is rotated. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "created_at": "2026-11-22T14:03:22.000Z",
                 *       "data": {
                 *         "currency": "USD",
                 *         "available": 9955,
                 *         "held": 45
                 *       },
                 *       "id": "evt_01kanq7x2g0s8w2m4p6t8v0x2z",
                 *       "type": "balance.changed"
                 *     }
                 */
                "application/json": components["schemas"]["Event"];
            };
        };
        responses: {
            /** @description Taken */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
