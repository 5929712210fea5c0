import type { Config } from '../config.ts';
import { btcpayProvider } from './btcpay.ts';
import type { PaymentProvider } from './provider.ts';
import { stripeProvider } from './stripe.ts';

/** The providers that the configuration sets up, in the order in which they are offered. */
export function paymentProviders({ stripe, btcpay }: Config['payments'], nowMs: () => number): PaymentProvider[] {
  return [...(stripe ? [stripeProvider(stripe, nowMs)] : []), ...(btcpay ? [btcpayProvider(btcpay)] : [])];
}
