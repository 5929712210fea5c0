/** What providers tell of a payment besides that it was paid: late, over, given back. */
import { afterAll, expect, test } from 'bun:test';
import { topUp } from '../../src/ledger/ledger.ts';
import { paymentScene } from './scene.ts';
import { btcpayEvent, btcpayServer, stripeEvent, stripeServer } from './servers.ts';

const stripe = stripeServer();
const btcpay = btcpayServer();
afterAll(() => Promise.all([stripe.stop(), btcpay.stop()]));
const scene = () => paymentScene(stripe, btcpay);

test.each(['charge.refunded', 'charge.dispute.created'])(
  '%s of Stripe takes nothing by itself and is shown to the operator',
  async (type) => {
    const s = scene();
    const { id, ref } = await s.pay('stripe');
    await s.tellStripe(stripeEvent({ id: ref, client_reference_id: id, amount_total: 1250 }));
    const body = stripeEvent(
      { id: 'ch_1', object: 'charge', metadata: { payment: id }, payment_intent: 'pi_1', amount: 1250, amount_refunded: 500 },
      type,
    );
    expect(await s.tellStripe(body)).toBe(200);
    expect(await s.tellStripe(body)).toBe(200);
    expect([s.available(), s.state(id)]).toEqual([1250, 'paid']);
    const html = await (await s.get('/admin/payments')).text();
    expect(html).toContain('data-outcome="given_back"');
    expect(html).toContain(id);
  },
);

test('the id of ours goes along to the charge, by which a refund is known again', async () => {
  const s = scene();
  const { id } = await s.pay('stripe');
  expect(new URLSearchParams(stripe.asked.at(-1)?.body).get('payment_intent_data[metadata][payment]')).toBe(id);
});

test('more than was asked for credits what was asked for, and the rest is shown to the operator', async () => {
  const s = scene();
  const { id, ref } = await s.pay('btcpay');
  Object.assign(btcpay.invoices.get(ref) ?? {}, { status: 'Settled', additionalStatus: 'PaidOver' });
  expect(await s.tellBtcpay(btcpayEvent('InvoiceSettled', ref, { overPaid: true }))).toBe(200);
  expect([s.available(), s.state(id)]).toEqual([1250, 'paid']);
  expect(await (await s.get('/admin/payments')).text()).toContain('data-outcome="overpaid"');
});

test.each([
  ['InvoicePaidAfterExpiration', {}],
  ['InvoiceReceivedPayment', { afterExpiration: true }],
  ['InvoicePaymentSettled', { afterExpiration: true }],
])('%s for an invoice that has expired credits nothing by itself and is shown; marked as settled it is credited', async (type, more) => {
  const s = scene();
  const { id, ref, path } = await s.pay('btcpay');
  await s.tellBtcpay(btcpayEvent('InvoiceExpired', ref));
  Object.assign(btcpay.invoices.get(ref) ?? {}, { status: 'Expired', additionalStatus: 'PaidLate' });
  expect(await s.tellBtcpay(btcpayEvent(type, ref, more))).toBe(200);
  expect(s.available()).toBe(0);
  expect(await (await s.get('/admin/payments')).text()).toContain('data-outcome="paid_late"');
  expect(await s.text(path)).toContain('The time to pay ran out.');
  Object.assign(btcpay.invoices.get(ref) ?? {}, { status: 'Settled', additionalStatus: 'Marked' });
  expect(await s.tellBtcpay(btcpayEvent('InvoiceSettled', ref, { manuallyMarked: true }))).toBe(200);
  expect([s.available(), s.state(id)]).toEqual([1250, 'paid']);
});

test('a payment in time that is told of early is nothing to look at', async () => {
  const s = scene();
  const { ref } = await s.pay('btcpay');
  await s.tellBtcpay(btcpayEvent('InvoiceReceivedPayment', ref, { afterExpiration: false }));
  expect(await (await s.get('/admin/payments')).text()).not.toContain('data-outcome');
});

test.each(['Expired', 'Invalid'])('an invoice that was settled and is %s when it is looked up is shown to the operator', async (status) => {
  const s = scene();
  const { ref } = await s.pay('btcpay');
  Object.assign(btcpay.invoices.get(ref) ?? {}, { status });
  expect(await s.tellBtcpay(btcpayEvent('InvoiceSettled', ref))).toBe(200);
  expect(s.available()).toBe(0);
  expect(await (await s.get('/admin/payments')).text()).toContain('data-outcome="unsettled"');
});

test('what an operator credited under the name of the payment already is not credited again, whatever the amount, and the provider is answered', async () => {
  const s = scene();
  const { ref } = await s.pay('stripe');
  s.house.write((tx) => topUp(tx, s.house.terms, { userId: s.userId, amountMinor: 1000, reference: `stripe:${ref}` }));
  expect(await s.tellStripe(stripeEvent({ id: ref, amount_total: 1250 }))).toBe(200);
  expect(s.available()).toBe(1000);
  expect(await (await s.get('/admin/payments')).text()).toContain('data-outcome="credited_otherwise"');
});

test('what was dealt with is marked as done with a note, leaves the list, and comes back when that is undone', async () => {
  const s = scene();
  const eventId = 'evt_look';
  await s.tellStripe(stripeEvent({ id: 'cs_unknown', amount_total: 999 }, undefined, eventId));
  const html = async () => (await s.get('/admin/payments')).text();
  const mark = (more: Record<string, string>) => s.post('/admin/payments/mark', { provider: 'stripe', event: eventId, ...more });
  const refused = await mark({ note: '  ' });
  expect([refused.status, (await refused.text()).includes('Write what was done about it')]).toEqual([422, true]);
  expect((await mark({ note: 'Refunded <b>' })).status).toBe(303);
  expect(await html()).toContain('Nothing. Payments that fit no top-up come here.');
  expect(await html()).toContain('Refunded &lt;b&gt;');
  expect((await mark({ note: 'again' })).status).toBe(303);
  expect((await mark({ do: 'undo' })).status).toBe(303);
  expect(await html()).not.toContain('Nothing. Payments that fit');
  expect((await s.post('/admin/payments/mark', { provider: 'stripe', event: 'evt_none', note: 'x' })).status).toBe(404);
  expect((await s.post('/admin/payments/mark', { provider: 'stripe', event: eventId, note: 'x' }, { cookie: s.cookie })).status).toBe(403);
  const audit = s.house.db.query<{ action: string }, []>("SELECT action FROM audit WHERE action LIKE 'payment_event%' ORDER BY id").all();
  expect(audit.map(({ action }) => action)).toEqual(['payment_event_done', 'payment_event_undone']);
});
