import { type Key, text } from './kinds.ts';

const secretText = (what: string): Key<string> => ({
  ...text(`${what}, 8 to 300 characters without spaces`, '', (value) => value === '' || /^[\x21-\x7e]{8,300}$/.test(value)),
  secret: true,
});
const httpUrl = (fallback: string, example: string): Key<string> =>
  text(`an http:// or https:// address such as "${example}"`, fallback, (value) => {
    const url = URL.parse(value);
    return (
      value === fallback || (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '' && url.hash === '')
    );
  });

/** Without a key a provider is not offered. */
export const STRIPE_KEYS = {
  secret_key: secretText('the secret or restricted key of Stripe ("sk_…" or "rk_…")'),
  webhook_secret: secretText('the signing secret of the webhook endpoint ("whsec_…")'),
  api_url: httpUrl('https://api.stripe.com', 'https://api.stripe.com'),
};

export const BTCPAY_KEYS = {
  url: httpUrl('', 'https://btcpay.example.org'),
  store_id: text('the id of the store', '', (value) => /^[\w-]{0,100}$/.test(value)),
  api_key: secretText('an API key that may view and create invoices'),
  webhook_secret: secretText("the secret of the store's webhook"),
};

export interface PaymentConfig {
  stripe: { secretKey: string; webhookSecret: string; apiUrl: string } | null;
  btcpay: { url: string; storeId: string; apiKey: string; webhookSecret: string } | null;
}

/** The two providers as they are set, each whole or not at all; a string says what is missing. */
export function paymentConfig(read: (section: 'stripe' | 'btcpay', key: string, spec: Key<string>) => string): PaymentConfig | string {
  const stripe = {
    secretKey: read('stripe', 'secret_key', STRIPE_KEYS.secret_key),
    webhookSecret: read('stripe', 'webhook_secret', STRIPE_KEYS.webhook_secret),
    apiUrl: read('stripe', 'api_url', STRIPE_KEYS.api_url).replace(/\/+$/, ''),
  };
  const btcpay = {
    url: read('btcpay', 'url', BTCPAY_KEYS.url).replace(/\/+$/, ''),
    storeId: read('btcpay', 'store_id', BTCPAY_KEYS.store_id),
    apiKey: read('btcpay', 'api_key', BTCPAY_KEYS.api_key),
    webhookSecret: read('btcpay', 'webhook_secret', BTCPAY_KEYS.webhook_secret),
  };
  const missing = [
    ...missingOf('stripe', { secret_key: stripe.secretKey, webhook_secret: stripe.webhookSecret }),
    ...missingOf('btcpay', { url: btcpay.url, store_id: btcpay.storeId, api_key: btcpay.apiKey, webhook_secret: btcpay.webhookSecret }),
  ][0];
  if (missing !== undefined) return missing;
  return { stripe: stripe.secretKey === '' ? null : stripe, btcpay: btcpay.url === '' ? null : btcpay };
}

function missingOf(section: string, values: Record<string, string>): string[] {
  const empty = Object.keys(values).filter((key) => values[key] === '');
  if (empty.length === Object.keys(values).length) return [];
  return empty.map((key) => `${section}.${key} is missing; [${section}] needs ${Object.keys(values).join(', ')}, or none of them`);
}
