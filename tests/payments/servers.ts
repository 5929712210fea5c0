/** Local servers that speak what the providers document, and their signatures: for tests without the providers. */
import { createHmac } from 'node:crypto';

export const STRIPE_KEY = 'sk_test_51secret';
export const STRIPE_SECRET = 'whsec_test_secret';
export const BTCPAY_KEY = 'btcpay-api-key';
export const BTCPAY_SECRET = 'btcpay-webhook-secret';
export const STORE = 'store-1';

export interface Asked {
  method: string;
  path: string;
  headers: Headers;
  body: string;
}

interface Provider {
  url: string;
  asked: Asked[];
  /** The next answers are this instead. */
  fail: (() => Response) | null;
  stop(): Promise<void>;
}

function serve(answer: (asked: Asked) => Response): Provider {
  const asked: Asked[] = [];
  const provider: Provider = { url: '', asked, fail: null, stop: () => server.stop(true) };
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const one = { method: request.method, path: new URL(request.url).pathname, headers: request.headers, body: await request.text() };
      asked.push(one);
      return provider.fail?.() ?? answer(one);
    },
  });
  provider.url = `http://127.0.0.1:${server.port}`;
  return provider;
}

/** `POST /v1/checkout/sessions`, form-encoded; the same Idempotency-Key gives the same session. */
export function stripeServer(): Provider {
  const sessions = new Map<string, string>();
  return serve(({ method, path, headers }) => {
    if (headers.get('authorization') !== `Bearer ${STRIPE_KEY}`)
      return Response.json(
        { error: { message: `Invalid API Key provided: ${STRIPE_KEY}`, type: 'invalid_request_error' } },
        { status: 401 },
      );
    if (method !== 'POST' || path !== '/v1/checkout/sessions')
      return Response.json({ error: { message: 'Unrecognized request' } }, { status: 404 });
    const key = headers.get('idempotency-key') ?? '';
    const id = sessions.get(key) ?? `cs_test_${sessions.size + 1}`;
    sessions.set(key, id);
    return Response.json({
      id,
      object: 'checkout.session',
      url: `https://checkout.stripe.com/c/pay/${id}`,
      payment_status: 'unpaid',
      status: 'open',
    });
  });
}

export interface Invoice {
  id: string;
  storeId: string;
  amount: string;
  currency: string;
  status: string;
  metadata: Record<string, unknown>;
  checkoutLink: string;
}

/** `POST /api/v1/stores/:id/invoices` and the GET of one. */
export function btcpayServer(): Provider & { invoices: Map<string, Invoice> } {
  const invoices = new Map<string, Invoice>();
  const server = serve(({ method, path, headers, body }) => {
    if (headers.get('authorization') !== `token ${BTCPAY_KEY}`)
      return Response.json({ code: 'unauthenticated', message: 'Authentication is required' }, { status: 401 });
    const base = `/api/v1/stores/${STORE}/invoices`;
    if (method === 'POST' && path === base) {
      const { amount, currency, metadata } = JSON.parse(body) as Invoice;
      const id = `Inv${invoices.size + 1}`;
      const invoice = { id, storeId: STORE, amount, currency, metadata, status: 'New', checkoutLink: `https://btcpay.example.org/i/${id}` };
      invoices.set(id, invoice);
      return Response.json(invoice);
    }
    const found = path.startsWith(`${base}/`) ? invoices.get(path.slice(base.length + 1)) : undefined;
    return found
      ? Response.json(found)
      : Response.json({ code: 'invoice-not-found', message: 'The invoice was not found' }, { status: 404 });
  });
  return Object.assign(server, { invoices });
}

const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex');

export function stripeSignature(body: string, atMs: number, secret = STRIPE_SECRET): string {
  const time = Math.floor(atMs / 1000);
  return `t=${time},v1=${hmac(secret, `${time}.${body}`)},v0=${'0'.repeat(64)}`;
}

export const btcpaySignature = (body: string, secret = BTCPAY_SECRET): string => `sha256=${hmac(secret, body)}`;

let events = 0;

/** A webhook of Stripe about a session. */
export function stripeEvent(session: Record<string, unknown>, type = 'checkout.session.completed', id = `evt_${++events}`): string {
  const object = { object: 'checkout.session', currency: 'usd', payment_status: 'paid', mode: 'payment', ...session };
  return JSON.stringify({ id, object: 'event', api_version: '2025-09-30', created: 1, type, data: { object } });
}

/** A webhook of BTCPay Server about an invoice. */
export function btcpayEvent(type: string, invoiceId: string, more: Record<string, unknown> = {}): string {
  const delivery = `delivery-${++events}`;
  return JSON.stringify({
    ...{ deliveryId: delivery, webhookId: 'hook-1', originalDeliveryId: delivery, isRedelivery: false },
    ...{ type, timestamp: 1, storeId: STORE, invoiceId, ...more },
  });
}
