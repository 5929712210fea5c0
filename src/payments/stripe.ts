import { minorDigits } from '../lib/money.ts';
import {
  askProvider,
  checkoutUrl,
  type PaymentEvent,
  type PaymentNews,
  type PaymentProvider,
  ProviderError,
  parsed,
  recordOf,
  textOf,
  type Verified,
} from './provider.ts';
import { isHmac } from './signature.ts';

/** How far a webhook's time may be from ours: what was overheard cannot be sent again later. Each retry is signed anew. */
export const TOLERANCE_SECONDS = 300;
const SIGNATURES_MAX = 10;
/** Currencies that Stripe counts in whole units, and in thousandths (of which the last digit must be 0); all others in hundredths. */
const ZERO_DECIMAL = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ');
const THREE_DECIMAL = 'BHD JOD KWD OMR TND'.split(' ');
/** Counted in hundredths by Stripe although they have none in use: whole units alone. */
const WHOLE_ONLY = ['ISK', 'UGX'];

const NEWS: Record<string, PaymentNews> = {
  'checkout.session.completed': 'paid',
  'checkout.session.async_payment_succeeded': 'paid',
  'checkout.session.async_payment_failed': 'invalid',
  'checkout.session.expired': 'expired',
  // Of a charge: it carries our id as its payment intent did.
  'charge.refunded': 'given_back',
  'charge.dispute.created': 'given_back',
};

export interface StripeSettings {
  secretKey: string;
  webhookSecret: string;
  apiUrl: string;
}

/** Stripe Checkout: a session in `payment` mode for one line, and its signed webhooks (`Stripe-Signature: t=…,v1=…`). */
export function stripeProvider(settings: StripeSettings, nowMs: () => number): PaymentProvider {
  return {
    name: 'stripe',
    label: 'Card and more, by Stripe',
    refuses(amountMinor, currency) {
      const amount = toStripe(amountMinor, currency);
      return amount === null ? 'Card payments take only rounder amounts of this currency.' : null;
    },
    async createCheckout({ id, amountMinor, currency, returnUrl }) {
      const amount = toStripe(amountMinor, currency);
      if (amount === null) throw new ProviderError('the amount is none that Stripe takes');
      const answer = await askProvider(`${settings.apiUrl}/v1/checkout/sessions`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${settings.secretKey}`,
          'idempotency-key': id,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({
          mode: 'payment',
          success_url: returnUrl,
          cancel_url: returnUrl,
          client_reference_id: id,
          'metadata[payment]': id,
          'payment_intent_data[metadata][payment]': id,
          'line_items[0][quantity]': '1',
          'line_items[0][price_data][currency]': currency.toLowerCase(),
          'line_items[0][price_data][unit_amount]': String(amount),
          'line_items[0][price_data][product_data][name]': 'Top-up of the balance',
        }).toString(),
      });
      const [url, providerRef] = [checkoutUrl(answer['url']), textOf(answer['id'])];
      if (url === null || providerRef === null) throw new ProviderError('the answer names no session and no address');
      return { url, providerRef };
    },
    async verifyWebhook(headers, rawBody) {
      const why = signatureProblem(settings.webhookSecret, headers.get('stripe-signature'), rawBody, nowMs());
      return why === null ? readEvent(rawBody) : { ok: false, why };
    },
  };
}

function signatureProblem(
  secret: string,
  header: string | null,
  rawBody: Uint8Array,
  nowMs: number,
): 'unsigned' | 'forged' | 'too_old' | null {
  if (header === null) return 'unsigned';
  const items = header
    .slice(0, 4000)
    .split(',')
    .map((item) => item.trim().split('=', 2));
  const time = items.find(([name]) => name === 't')?.[1] ?? '';
  const signatures = items.flatMap(([name, value]) => (name === 'v1' && value !== undefined ? [value] : [])).slice(0, SIGNATURES_MAX);
  if (!/^\d{1,12}$/.test(time) || signatures.length === 0) return 'unsigned';
  // More than one while the secret is being changed.
  if (!signatures.some((signature) => isHmac(secret, [`${time}.`, rawBody], signature))) return 'forged';
  return Math.abs(nowMs / 1000 - Number(time)) > TOLERANCE_SECONDS ? 'too_old' : null;
}

function readEvent(rawBody: Uint8Array): Verified {
  const body = recordOf(parsed(new TextDecoder().decode(rawBody)));
  const session = recordOf(recordOf(body?.['data'])?.['object']);
  const [id, type, providerRef] = [textOf(body?.['id']), textOf(body?.['type']), textOf(session?.['id'])];
  if (id === null || type === null || session === null || providerRef === null) return { ok: false, why: 'unreadable' };
  const currency = textOf(session['currency'])?.toUpperCase() ?? null;
  const told = NEWS[type] ?? 'other';
  // A completed session whose money is still under way says so, and is told of again.
  const news = told === 'paid' && session['payment_status'] !== 'paid' ? 'other' : told;
  const total = news === 'given_back' ? (session['amount_refunded'] ?? session['amount']) : session['amount_total'];
  const event: PaymentEvent = {
    ...{ id, type, news, providerRef, currency, isPartial: false, isOver: false },
    paymentId: textOf(session['client_reference_id']) ?? textOf(recordOf(session['metadata'])?.['payment']),
    amountMinor: currency === null || typeof total !== 'number' ? null : fromStripe(total, currency),
  };
  return { ok: true, event };
}

/** An amount as Stripe counts it, or null for one it does not take. */
export function toStripe(amountMinor: number, currency: string): number | null {
  const amount = amountMinor * 10 ** (stripeDigits(currency) - minorDigits(currency));
  const step = WHOLE_ONLY.includes(currency) ? 100 : THREE_DECIMAL.includes(currency) ? 10 : 1;
  return Number.isSafeInteger(amount) && amount % step === 0 ? amount : null;
}

/** An amount of Stripe's in our minor units, or null for what they cannot hold. */
export function fromStripe(amount: number, currency: string): number | null {
  if (!/^[A-Z]{3}$/.test(currency)) return null;
  const minor = amount / 10 ** (stripeDigits(currency) - minorDigits(currency));
  return Number.isSafeInteger(minor) && minor >= 0 ? minor : null;
}

function stripeDigits(currency: string): number {
  return ZERO_DECIMAL.includes(currency) ? 0 : THREE_DECIMAL.includes(currency) ? 3 : 2;
}
