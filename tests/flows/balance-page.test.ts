/** Money as people meet it: the operator makes vouchers, a customer redeems one, reads the ledger and prints the receipt; a card payment beside it. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import {
  BTCPAY_KEY,
  BTCPAY_SECRET,
  btcpayServer,
  STORE,
  STRIPE_KEY,
  STRIPE_SECRET,
  stripeEvent,
  stripeServer,
  stripeSignature,
} from '../payments/servers.ts';
import { launchChromium, noteProblems } from '../support/chromium.ts';
import { customer, expectOk } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { choose } from '../support/visit.ts';

setDefaultTimeout(120_000);

const PASSWORD = 'a password for money';
const stripe = stripeServer();
const btcpay = btcpayServer();
let server: Server;
let browser: Browser;
const problems: string[] = [];

beforeAll(async () => {
  server = await startServer({
    env: {
      ...{ SMSPIN_MODEMS_DISCOVER: 'false', SMSPIN_MODEMS_VIRTUAL: '1' },
      ...{ SMSPIN_OPERATOR_NAME: 'Example Numbers Ltd', SMSPIN_OPERATOR_ADDRESS: '1 Example Street', SMSPIN_OPERATOR_TAX_PERCENT: '19' },
      ...{ SMSPIN_STRIPE_SECRET_KEY: STRIPE_KEY, SMSPIN_STRIPE_WEBHOOK_SECRET: STRIPE_SECRET, SMSPIN_STRIPE_API_URL: stripe.url },
      ...{ SMSPIN_BTCPAY_URL: btcpay.url, SMSPIN_BTCPAY_STORE_ID: STORE, SMSPIN_BTCPAY_API_KEY: BTCPAY_KEY },
      SMSPIN_BTCPAY_WEBHOOK_SECRET: BTCPAY_SECRET,
    },
  });
  await customer(server, 'anna@example.org', 0);
  await expectOk(server.run(['user', 'add', 'olga@example.org', '--operator']));
  for (const email of ['anna@example.org', 'olga@example.org'])
    await expectOk(server.run(['user', 'password', email, '--password-stdin'], `${PASSWORD}\n`));
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await Promise.all([stripe.stop(), btcpay.stop()]);
});

async function openAs(email: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, ...options });
  const page = await context.newPage();
  // A code that is none is answered 422, as it should be.
  noteProblems(page, problems, /status of 422/);
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/(dashboard|admin)$/);
  return page;
}
const fits = (page: Page) => page.locator('html').evaluate((html) => html.scrollWidth <= html.clientWidth);

test('voucher, balance, receipt', async () => {
  const operator = await openAs('olga@example.org');
  await choose(operator, 'Money', 'Vouchers');
  await operator.getByLabel('How many').fill('4');
  await operator.getByLabel(/^Worth of each/).fill('11.90');
  await operator.getByRole('button', { name: 'Make the vouchers' }).click();
  const code = (await operator.locator('[data-voucher-code]').first().textContent())?.trim() ?? '';
  expect(await operator.locator('[data-voucher-code]').count()).toBe(4);
  expect(await fits(operator)).toBe(true);
  await operator.emulateMedia({ media: 'print' });
  expect(await operator.getByText('Print these now').isVisible()).toBe(false);
  expect(await operator.locator('[data-voucher-code]').first().isVisible()).toBe(true);

  const anna = await openAs('anna@example.org');
  await anna.getByRole('link', { name: 'Balance' }).click();
  await anna.getByText('Nothing has moved yet.').waitFor();
  await anna.getByLabel('Voucher code').fill('7K3M-0000');
  await anna.getByRole('button', { name: 'Redeem' }).click();
  await anna.getByText('No voucher has this code.').waitFor();
  expect(await anna.getByLabel('Voucher code').inputValue()).toBe('7K3M-0000');
  await anna.getByLabel('Voucher code').fill(code.toLowerCase().replaceAll('-', ' '));
  await anna.getByRole('button', { name: 'Redeem' }).click();
  await anna.getByText('Redeemed. The money is on your balance.').waitFor();
  expect(await anna.locator('[data-available-minor]').textContent()).toContain('$11.90');
  expect(await fits(anna)).toBe(true);
  await anna.getByRole('link', { name: 'Receipt' }).click();
  await anna.getByRole('heading', { name: /^Receipt R-\d{6}$/ }).waitFor();
  await anna.getByText('Example Numbers Ltd').waitFor();
  await anna.getByText('$1.90').waitFor();
  expect(await fits(anna)).toBe(true);
  await anna.emulateMedia({ media: 'print' });
  expect(await anna.getByRole('navigation', { name: 'Main' }).isVisible()).toBe(false);
  expect(problems).toEqual([]);
});

test('a card payment: asked, waited for, credited by the signed webhook without a reload', async () => {
  const anna = await openAs('anna@example.org');
  await anna.goto(`${server.url}/dashboard/balance`);
  await anna.getByLabel(/^Amount/).fill('20');
  await anna.getByRole('button', { name: 'Card and more, by Stripe' }).click();
  const link = await anna.getByRole('link', { name: 'Go on and pay' }).getAttribute('href');
  const ref = link?.split('/').at(-1) ?? '';
  const body = stripeEvent({ id: ref, amount_total: 2000 });
  const told = (signature: string) =>
    fetch(`${server.url}/payments/webhooks/stripe`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
    });
  expect((await told(stripeSignature(body, Date.now(), 'whsec_other'))).status).toBe(400);
  expect((await told(stripeSignature(body, Date.now()))).status).toBe(200);
  await anna.getByText('Paid. The money is on your balance.').waitFor();
  expect(await anna.locator('[hx-get]').count()).toBe(0);
  expect(server.output()).not.toContain(STRIPE_KEY);
  expect(problems).toEqual([]);
});

test('without JavaScript it is the same', async () => {
  const anna = await openAs('anna@example.org', { javaScriptEnabled: false });
  const code = (await expectOk(server.run(['voucher', 'create', '--count', '1', '--amount', '500']))).trim();
  await anna.goto(`${server.url}/dashboard/balance`);
  await anna.getByLabel('Voucher code').fill(code);
  await anna.getByRole('button', { name: 'Redeem' }).click();
  await anna.getByText('Redeemed. The money is on your balance.').waitFor();
  await anna.getByLabel('Kind').selectOption('top_up');
  await anna.getByRole('button', { name: 'Show' }).click();
  expect(await anna.locator('tr[data-kind]').count()).toBeGreaterThanOrEqual(2);
});
