import { afterAll, afterEach, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { auditLedger, ledgerOf } from '../../src/ledger/ledger.ts';
import { fromDecimal, toDecimal } from '../../src/payments/btcpay.ts';
import { checkoutUrl } from '../../src/payments/provider.ts';
import { fromStripe, toStripe } from '../../src/payments/stripe.ts';
import { adminHouse } from '../support/admin-house.ts';
import { paymentScene } from './scene.ts';
import {
  BTCPAY_KEY,
  BTCPAY_SECRET,
  btcpayEvent,
  btcpayServer,
  btcpaySignature,
  STRIPE_KEY,
  STRIPE_SECRET,
  stripeEvent,
  stripeServer,
  stripeSignature,
} from './servers.ts';

const stripe = stripeServer();
const btcpay = btcpayServer();
afterEach(() => {
  stripe.fail = null;
  btcpay.fail = null;
});
afterAll(() => Promise.all([stripe.stop(), btcpay.stop()]));

const scene = () => paymentScene(stripe, btcpay);

describe('Stripe Checkout', () => {
  test('is asked by a form with key and Idempotency-Key, and its webhook credits once', async () => {
    const s = scene();
    expect(await s.text('/dashboard/balance')).toContain('Card and more, by Stripe');
    const { path, id, ref } = await s.pay('stripe');
    const asked = stripe.asked.at(-1);
    expect([asked?.headers.get('idempotency-key'), asked?.headers.get('content-type')]).toEqual([id, 'application/x-www-form-urlencoded']);
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toMatchObject({
      ...{ mode: 'payment', client_reference_id: id, 'line_items[0][price_data][unit_amount]': '1250' },
      ...{ 'line_items[0][price_data][currency]': 'usd', success_url: `http://localhost:8080${path}` },
    });
    expect(await s.text(path)).toContain(`href="https://checkout.stripe.com/c/pay/${ref}"`);
    const body = stripeEvent({ id: ref, client_reference_id: id, amount_total: 1250 });
    expect(await s.tellStripe(body)).toBe(200);
    expect(await s.tellStripe(body)).toBe(200);
    expect(await s.tellStripe(stripeEvent({ id: ref, amount_total: 1250 }, 'checkout.session.async_payment_succeeded'))).toBe(200);
    expect([s.available(), s.state(id)]).toEqual([1250, 'paid']);
    expect(await s.text(path)).toContain('/dashboard/balance/receipts/txn_');
    expect(ledgerOf(s.house.db, s.userId, { limit: 9, cursor: null })).toMatchObject([{ reference: `stripe:${ref}` }]);
    expect(auditLedger(s.house.db)).toEqual([]);
  });

  test('credits when the money came, not when the page was finished before it', async () => {
    const s = scene();
    const { ref } = await s.pay('stripe');
    await s.tellStripe(stripeEvent({ id: ref, amount_total: 1250, payment_status: 'unpaid' }));
    expect(s.available()).toBe(0);
    await s.tellStripe(stripeEvent({ id: ref, amount_total: 1250 }, 'checkout.session.async_payment_succeeded'));
    expect(s.available()).toBe(1250);
  });

  test('whose webhook overtakes the answer to our own question is known by our id', async () => {
    const s = scene();
    stripe.fail = () => new Response('bad gateway', { status: 502 });
    const { id, path } = await s.pay('stripe');
    expect(s.state(id)).toBe('failed');
    expect(await s.text(path)).toContain('The provider did not answer as it should');
    await s.tellStripe(stripeEvent({ id: 'cs_late', client_reference_id: id, amount_total: 1250 }));
    expect([s.available(), s.state(id)]).toEqual([1250, 'paid']);
  });

  test('money that comes after the end is money, and an end after the money is none', async () => {
    const s = scene();
    const [late, early] = [await s.pay('stripe'), await s.pay('stripe')];
    await s.tellStripe(stripeEvent({ id: late.ref, payment_status: 'unpaid' }, 'checkout.session.expired'));
    expect(s.state(late.id)).toBe('expired');
    await s.tellStripe(stripeEvent({ id: late.ref, amount_total: 1250 }));
    await s.tellStripe(stripeEvent({ id: early.ref, amount_total: 1250 }));
    await s.tellStripe(stripeEvent({ id: early.ref, payment_status: 'unpaid' }, 'checkout.session.expired'));
    expect([s.state(late.id), s.state(early.id), s.available()]).toEqual(['paid', 'paid', 2500]);
  });

  test.each([
    ['another amount', { amount_total: 1249 }],
    ['another currency', { amount_total: 1250, currency: 'eur' }],
    ['no amount', {}],
    ['an amount that is none', { amount_total: '1250' }],
  ])('with %s credits nothing and is shown to the operator', async (_, session) => {
    const s = scene();
    const { id, ref, path } = await s.pay('stripe');
    expect(await s.tellStripe(stripeEvent({ id: ref, ...session }))).toBe(200);
    expect([s.available(), s.state(id)]).toEqual([0, 'differs']);
    expect(await s.text(path)).toContain('Another amount arrived');
    expect(await (await s.get('/admin/payments')).text()).toContain('data-outcome="amount_differs"');
  });

  test('a payment for no known top-up is kept and shown to the operator', async () => {
    const s = scene();
    expect(await s.tellStripe(stripeEvent({ id: 'cs_<b>', client_reference_id: 'pay_none', amount_total: 999 }))).toBe(200);
    const html = await (await s.get('/admin/payments')).text();
    expect(html).toContain('data-outcome="unknown_payment"');
    expect(html).toContain('cs_&lt;b&gt;');
    expect(html).toContain('$9.99');
    expect(s.available()).toBe(0);
  });

  test('believes only its own signature over these very octets, within five minutes', async () => {
    const s = scene();
    const { id, ref } = await s.pay('stripe');
    const body = stripeEvent({ id: ref, amount_total: 1250 });
    const nowMs = s.house.clock.nowMs();
    const good = stripeSignature(body, nowMs);
    const refused: [string, Record<string, string>][] = [
      [body, {}],
      [body, { 'stripe-signature': '' }],
      [body, { 'stripe-signature': 't=1' }],
      [body, { 'stripe-signature': good.replace(/v1=../, 'v1=zz') }],
      [body, { 'stripe-signature': good.replace('v1=', 'v0=') }],
      [body, { 'stripe-signature': stripeSignature(body, nowMs, 'whsec_other') }],
      [body, { 'stripe-signature': good.replace(/t=\d+/, 't=1') }],
      [`${body} `, { 'stripe-signature': good }],
      [body.replace('1250', '9950'), { 'stripe-signature': good }],
      [body, { 'stripe-signature': stripeSignature(body, nowMs - 301_000) }],
      [body, { 'stripe-signature': stripeSignature(body, nowMs + 302_000) }],
      ['{}', { 'stripe-signature': stripeSignature('{}', nowMs) }],
      ['not json', { 'stripe-signature': stripeSignature('not json', nowMs) }],
    ];
    for (const [sent, headers] of refused) expect((await s.hook('stripe', sent, headers)).status).toBe(400);
    expect([s.available(), s.state(id)]).toEqual([0, 'open']);
    // While the secret is being changed there are two signatures.
    const both = `${stripeSignature(body, nowMs, 'whsec_old').replace(/,v0.*/, '')},v1=${/v1=(\w+)/.exec(good)?.[1]}`;
    expect((await s.hook('stripe', body, { 'stripe-signature': both })).status).toBe(200);
    expect(s.available()).toBe(1250);
  });
});

describe('BTCPay Server', () => {
  test('makes an invoice and credits it once when it is settled, whatever is delivered again', async () => {
    const s = scene();
    const { path, id, ref } = await s.pay('btcpay');
    expect(JSON.parse(btcpay.asked.at(-1)?.body ?? '')).toMatchObject({ amount: '12.50', currency: 'USD', metadata: { orderId: id } });
    expect(await s.text(path)).toContain(`href="https://btcpay.example.org/i/${ref}"`);
    const invoice = btcpay.invoices.get(ref);
    if (!invoice) throw new Error('no invoice');
    expect(await s.tellBtcpay(btcpayEvent('InvoiceProcessing', ref))).toBe(200);
    expect(s.available()).toBe(0);
    invoice.status = 'Settled';
    invoice.amount = '12.500';
    const body = btcpayEvent('InvoiceSettled', ref);
    for (const sent of [body, body, btcpayEvent('InvoiceSettled', ref)]) expect(await s.tellBtcpay(sent)).toBe(200);
    expect([s.available(), s.state(id)]).toEqual([1250, 'paid']);
    expect(await s.tellBtcpay(btcpayEvent('InvoiceInvalid', ref, { manuallyMarked: true }))).toBe(200);
    expect([s.available(), s.state(id)]).toEqual([1250, 'paid']);
    expect(await (await s.get('/admin/payments')).text()).toContain('data-outcome="invalid_after_paid"');
    expect(auditLedger(s.house.db)).toEqual([]);
  });

  test('that cannot be asked about a settled invoice is told to tell again', async () => {
    const s = scene();
    const { ref } = await s.pay('btcpay');
    const invoice = btcpay.invoices.get(ref);
    if (!invoice) throw new Error('no invoice');
    const body = btcpayEvent('InvoiceSettled', ref);
    expect(await s.tellBtcpay(body)).toBe(503);
    invoice.status = 'Settled';
    btcpay.fail = () => new Response('', { status: 500 });
    expect(await s.tellBtcpay(body)).toBe(503);
    btcpay.fail = null;
    expect(await s.tellBtcpay(body)).toBe(200);
    expect(s.available()).toBe(1250);
  });

  test('tells of ends, which the customer sees, and of parts, which the operator sees', async () => {
    const s = scene();
    const [expired, invalid] = [await s.pay('btcpay'), await s.pay('btcpay')];
    await s.tellBtcpay(btcpayEvent('InvoiceExpired', expired.ref, { partiallyPaid: true }));
    await s.tellBtcpay(btcpayEvent('InvoiceInvalid', invalid.ref, { manuallyMarked: false }));
    expect(await s.text(expired.path)).toContain('The time to pay ran out.');
    expect(await s.text(invalid.path)).toContain('The payment did not come through.');
    expect(await (await s.get('/admin/payments')).text()).toContain('data-outcome="partly_paid"');
  });

  test.each([
    ['another amount', { amount: '12.49' }],
    ['another currency', { currency: 'EUR' }],
    ['more decimals than the currency has', { amount: '12.501' }],
  ])('an invoice of %s credits nothing', async (_, changes) => {
    const s = scene();
    const { ref, id } = await s.pay('btcpay');
    Object.assign(btcpay.invoices.get(ref) ?? {}, { status: 'Settled', ...changes });
    expect(await s.tellBtcpay(btcpayEvent('InvoiceSettled', ref))).toBe(200);
    expect([s.available(), s.state(id)]).toEqual([0, 'differs']);
  });

  test('believes only its own signature and its own store', async () => {
    const s = scene();
    const { ref } = await s.pay('btcpay');
    Object.assign(btcpay.invoices.get(ref) ?? {}, { status: 'Settled' });
    const body = btcpayEvent('InvoiceSettled', ref);
    const foreign = btcpayEvent('InvoiceSettled', ref, { storeId: 'store-2' });
    const refused: [string, string | null][] = [
      [body, null],
      [body, ''],
      [body, btcpaySignature(body).replace('sha256=', '')],
      [body, btcpaySignature(body).replace('sha256=', 'sha1=')],
      [body, btcpaySignature(body, 'other-secret')],
      [`${body}\n`, btcpaySignature(body)],
      [foreign, btcpaySignature(foreign)],
    ];
    for (const [sent, signature] of refused)
      expect((await s.hook('btcpay', sent, signature === null ? {} : { 'btcpay-sig': signature })).status).toBe(400);
    expect(s.available()).toBe(0);
  });
});

describe('paying', () => {
  test('sent twice asks the provider once', async () => {
    const s = scene();
    const before = stripe.asked.length;
    const [one, two] = [await s.pay('stripe', '5', 'form-same'), await s.pay('stripe', '5', 'form-same')];
    expect(one.path).toBe(two.path);
    expect(stripe.asked.length - before).toBe(1);
  });

  test.each([
    ['stripe', 'ten', 'Write an amount of USD above zero'],
    ['stripe', '0', 'Write an amount of USD above zero'],
    ['stripe', '-5', 'Write an amount of USD above zero'],
    ['stripe', '1.005', 'Write an amount of USD above zero'],
    ['paypal', '5', 'Choose one of the ways to pay.'],
  ])('%s of %s is refused with what would be right', async (provider, amount, says) => {
    const s = scene();
    const { answer } = await s.pay(provider, amount);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(says);
  });

  test('is not there for others, and without a provider nothing is offered', async () => {
    const s = scene();
    const { path } = await s.pay('stripe');
    expect((await s.get(path)).status).toBe(404);
    const bare = adminHouse();
    const cookie = bare.signIn('customer');
    expect(await (await bare.get('/dashboard/balance', { cookie })).text()).not.toContain('pay-title');
    expect(await (await bare.get('/admin/payments')).text()).toContain('No provider is set up');
    const posted = await bare.app.handle(new Request('http://localhost/payments/webhooks/stripe', { method: 'POST', body: '{}' }));
    expect(posted.status).toBe(404);
    expect((await bare.get('/admin/payments', { cookie })).status).toBe(403);
  });

  test('keeps secrets out of logs and pages, also when the provider repeats them', async () => {
    const s = scene();
    stripe.fail = () => Response.json({ error: { message: `Invalid API Key provided: ${STRIPE_KEY}` } }, { status: 401 });
    const { path } = await s.pay('stripe');
    await s.hook('stripe', '{}', { 'stripe-signature': 't=1,v1=00' });
    const said = [await s.text(path), await s.text('/dashboard/balance'), await (await s.get('/admin/payments')).text(), ...s.lines].join(
      '\n',
    );
    expect(said).toContain('payment_provider_failed');
    expect(said).toContain('payment_webhook_refused');
    for (const secret of [STRIPE_KEY, STRIPE_SECRET, BTCPAY_KEY, BTCPAY_SECRET]) expect(said).not.toContain(secret);
  });

  test('a body that is too long, with and without a length, is refused', async () => {
    const s = scene();
    const body = ' '.repeat(300_000);
    expect((await s.hook('stripe', body, {})).status).toBe(413);
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(body));
        controller.close();
      },
    });
    const chunked = new Request('http://localhost/payments/webhooks/stripe', {
      method: 'POST',
      body: stream,
      headers: { 'content-type': 'application/json' },
    });
    expect((await s.app.handle(chunked)).status).toBe(413);
  });
});

test('whatever providers tell, in whatever order and how often, each payment is credited at most once and the books agree', async () => {
  const kinds = ['paid', 'unpaid', 'async', 'expired', 'failed', 'short', 'unknown'] as const;
  const told = fc.array(fc.record({ which: fc.nat(2), kind: fc.constantFrom(...kinds), again: fc.boolean() }), { maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(told, async (steps) => {
      const s = scene();
      const payments = [await s.pay('stripe'), await s.pay('stripe'), await s.pay('stripe')];
      const credited = new Set<number>();
      for (const { which, kind, again } of steps) {
        const ref = kind === 'unknown' ? `cs_unknown_${which}` : (payments[which]?.ref ?? '');
        const type =
          kind === 'expired'
            ? 'checkout.session.expired'
            : kind === 'failed'
              ? 'checkout.session.async_payment_failed'
              : kind === 'async'
                ? 'checkout.session.async_payment_succeeded'
                : 'checkout.session.completed';
        const isPaid = kind === 'paid' || kind === 'async' || kind === 'short' || kind === 'unknown';
        const body = stripeEvent({ id: ref, amount_total: kind === 'short' ? 1 : 1250, payment_status: isPaid ? 'paid' : 'unpaid' }, type);
        if (kind === 'paid' || kind === 'async') credited.add(which);
        for (let n = 0; n < (again ? 2 : 1); n++) expect(await s.tellStripe(body)).toBe(200);
        expect(s.available()).toBe(credited.size * 1250);
      }
      expect(auditLedger(s.house.db)).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

test.each([
  ['https://checkout.stripe.com/c/pay/cs_1', true],
  ['http://btcpay.local:23001/i/1', true],
  ['javascript:alert(1)', false],
  ['data:text/html,x', false],
  ['/dashboard', false],
  ['', false],
  [7, false],
  [`https://example.org/${'x'.repeat(2000)}`, false],
])('a customer is sent to %p: %p', (url, taken) => expect(checkoutUrl(url) !== null).toBe(taken));

describe('amounts', () => {
  test.each([
    [1250, 'USD', 1250],
    [500, 'JPY', 500],
    [1230, 'KWD', 1230],
    [1234, 'KWD', null],
  ])('%d of %s are %p for Stripe', (minor, currency, amount) => expect(toStripe(minor, currency)).toBe(amount));

  test('go to the providers and back unchanged, in every currency they take them in', () => {
    const currency = fc.constantFrom('USD', 'JPY', 'KWD', 'ISK', 'UGX', 'HUF', 'TWD', 'MGA', 'CLP');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), currency, (minor, code) => {
        const stripes = toStripe(minor, code);
        if (stripes !== null) expect(fromStripe(stripes, code)).toBe(minor);
        expect(fromDecimal(toDecimal(minor, code), code)).toBe(minor);
        expect(toDecimal(minor, code)).toMatch(/^\d+(\.\d{1,3})?$/);
      }),
    );
    expect([toDecimal(5, 'USD'), toDecimal(5, 'KWD'), toDecimal(5, 'JPY')]).toEqual(['0.05', '0.005', '5']);
  });
});
