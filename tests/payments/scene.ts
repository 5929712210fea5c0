/** A house with both providers, a customer who is signed in, and what tests do with them. */
import { balanceOf } from '../../src/ledger/ledger.ts';
import type { Log } from '../../src/lib/log.ts';
import { adminHouse } from '../support/admin-house.ts';
import { BTCPAY_KEY, BTCPAY_SECRET, btcpaySignature, STORE, STRIPE_KEY, STRIPE_SECRET, stripeSignature } from './servers.ts';

let forms = 0;

export function paymentScene(stripe: { url: string }, btcpay: { url: string }) {
  const lines: string[] = [];
  const note = (...line: unknown[]) => void lines.push(JSON.stringify(line));
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const s = adminHouse({
    log,
    env: {
      ...{ SMSPIN_STRIPE_SECRET_KEY: STRIPE_KEY, SMSPIN_STRIPE_WEBHOOK_SECRET: STRIPE_SECRET, SMSPIN_STRIPE_API_URL: stripe.url },
      ...{ SMSPIN_BTCPAY_URL: `${btcpay.url}/`, SMSPIN_BTCPAY_STORE_ID: STORE, SMSPIN_BTCPAY_API_KEY: BTCPAY_KEY },
      SMSPIN_BTCPAY_WEBHOOK_SECRET: BTCPAY_SECRET,
    },
  });
  const cookie = s.signIn('customer');
  const { db, clock } = s.house;
  const userId = db.query<{ id: string }, []>("SELECT id FROM users WHERE role = 'customer'").get()?.id ?? '';
  const pay = async (provider: string, amount = '12.50', form_key = `form-${++forms}`) => {
    const answer = await s.post('/dashboard/balance/pay', { provider, amount, form_key }, { cookie });
    const path = answer.headers.get('location') ?? '';
    const id = path.split('/').at(-1) ?? '';
    const ref =
      db.query<{ ref: string | null }, { id: string }>('SELECT provider_ref AS ref FROM payments WHERE id = $id').get({ id })?.ref ?? '';
    return { status: answer.status, path, id, ref, answer };
  };
  const hook = async (provider: string, body: string, headers: Record<string, string>) => {
    const request = new Request(`http://localhost/payments/webhooks/${provider}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return s.app.handle(request);
  };
  const tellStripe = async (body: string) =>
    (await hook('stripe', body, { 'stripe-signature': stripeSignature(body, clock.nowMs()) })).status;
  const tellBtcpay = async (body: string) => (await hook('btcpay', body, { 'btcpay-sig': btcpaySignature(body) })).status;
  const available = () => balanceOf(db, userId, 'USD').availableMinor;
  const state = (id: string) => db.query<{ state: string }, { id: string }>('SELECT state FROM payments WHERE id = $id').get({ id })?.state;
  const text = async (path: string) => (await s.get(path, { cookie })).text();
  return { ...s, cookie, userId, pay, hook, tellStripe, tellBtcpay, available, state, text, lines };
}
