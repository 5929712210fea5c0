import { minorDigits, parseMajor } from '../lib/money.ts';
import {
  askProvider,
  checkoutUrl,
  type PaymentNews,
  type PaymentProvider,
  ProviderError,
  parsed,
  recordOf,
  textOf,
  type Verified,
} from './provider.ts';
import { isHmac } from './signature.ts';

const NEWS: Record<string, PaymentNews> = {
  ...{ InvoiceSettled: 'paid', InvoiceExpired: 'expired', InvoiceInvalid: 'invalid' },
  InvoicePaidAfterExpiration: 'late',
};
/** Each payment to an invoice is told of too; only those that come after it expired say anything that its end does not. */
const ONE_PAYMENT = ['InvoiceReceivedPayment', 'InvoicePaymentSettled'];

export interface BtcpaySettings {
  url: string;
  storeId: string;
  apiKey: string;
  webhookSecret: string;
}

/**
 * BTCPay Server by its Greenfield API: an invoice of the store, and its signed webhooks (`BTCPay-Sig: sha256=…` over the exact body). A webhook names
 * the invoice and no amount: when one is settled it is looked up, so what counts is what the server itself says of amount, currency and status.
 */
export function btcpayProvider(settings: BtcpaySettings): PaymentProvider {
  const invoices = `${settings.url}/api/v1/stores/${encodeURIComponent(settings.storeId)}/invoices`;
  const headers = { authorization: `token ${settings.apiKey}`, 'content-type': 'application/json' };

  async function withInvoice(event: Extract<Verified, { ok: true }>['event']): Promise<Verified> {
    const invoice = await askProvider(`${invoices}/${encodeURIComponent(event.providerRef)}`, { headers });
    const { status } = invoice;
    // What it told of is not to be seen yet: it shall tell again.
    if (status === 'New' || status === 'Processing') throw new ProviderError(`the invoice of a settled event is ${status}`);
    const currency = textOf(invoice['currency'])?.toUpperCase() ?? null;
    return {
      ok: true,
      event: {
        ...event,
        currency,
        news: status === 'Settled' ? 'paid' : 'unsettled',
        isOver: event.isOver || invoice['additionalStatus'] === 'PaidOver',
        paymentId: textOf(recordOf(invoice['metadata'])?.['orderId']) ?? event.paymentId,
        amountMinor: currency === null ? null : fromDecimal(String(invoice['amount']), currency),
      },
    };
  }

  return {
    name: 'btcpay',
    label: 'Bitcoin, by BTCPay Server',
    refuses: () => null,
    async createCheckout({ id, amountMinor, currency, returnUrl }) {
      const answer = await askProvider(invoices, {
        method: 'POST',
        headers,
        body: JSON.stringify({
          amount: toDecimal(amountMinor, currency),
          currency,
          metadata: { orderId: id, itemDesc: 'Top-up of the balance' },
          checkout: { redirectURL: returnUrl, redirectAutomatically: false },
        }),
      });
      const [url, providerRef] = [checkoutUrl(answer['checkoutLink']), textOf(answer['id'])];
      if (url === null || providerRef === null) throw new ProviderError('the answer names no invoice and no address');
      return { url, providerRef };
    },
    async verifyWebhook(given, rawBody) {
      const signature = /^sha256=(\S+)$/.exec(given.get('btcpay-sig') ?? '')?.[1];
      if (signature === undefined) return { ok: false, why: 'unsigned' };
      if (!isHmac(settings.webhookSecret, [rawBody], signature)) return { ok: false, why: 'forged' };
      const body = recordOf(parsed(new TextDecoder().decode(rawBody)));
      const id = textOf(body?.['originalDeliveryId']) ?? textOf(body?.['deliveryId']);
      const [type, providerRef] = [textOf(body?.['type']), textOf(body?.['invoiceId'])];
      // Events of a store's other things name no invoice; nor are those of another store ours.
      if (body === null || id === null || type === null || providerRef === null || body['storeId'] !== settings.storeId)
        return { ok: false, why: 'unreadable' };
      const news = ONE_PAYMENT.includes(type) && body['afterExpiration'] === true ? 'late' : (NEWS[type] ?? 'other');
      const event = {
        ...{ id, type, news, providerRef, amountMinor: null, currency: null },
        paymentId: textOf(recordOf(body['metadata'])?.['orderId']),
        isPartial: body['partiallyPaid'] === true,
        isOver: body['overPaid'] === true,
      };
      return event.news === 'paid' ? withInvoice(event) : { ok: true, event };
    },
  };
}

/** 1250 USD → `12.50`. */
export function toDecimal(amountMinor: number, currency: string): string {
  const digits = minorDigits(currency);
  const text = String(amountMinor).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** `12.5` and `12.500` USD → 1250; null for what our minor units cannot hold. */
export function fromDecimal(text: string, currency: string): number | null {
  if (!/^[A-Z]{3}$/.test(currency)) return null;
  return parseMajor(text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text, currency);
}
