import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { type Server, startServer } from '../support/server.ts';
import { root } from '../support/tools.ts';
import { type House, openAs } from '../support/visit.ts';

setDefaultTimeout(120_000);

let server: Server;
let browser: Browser;
const problems: string[] = [];

beforeAll(async () => {
  server = await startServer({ env: { SMSPIN_MODEMS_DISCOVER: 'false' } });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test('without JavaScript an operator finds a customer, credits them after a look, and helps with an order of theirs', async () => {
  const house: House = { server, browser, problems, expected: /WebSocket connection|ERR_CONNECTION/ };
  const buyer = await openAs(house, 'customer');
  await buyer.page.locator('#buy-service').selectOption('telegram');
  await buyer.page.getByRole('button', { name: /Get a number/ }).click();
  await buyer.page.locator('[data-order-id]').first().waitFor();

  const { page, context } = await openAs(house, 'operator', { javaScriptEnabled: false, viewport: { width: 360, height: 800 } });
  await page.goto(`${server.url}/admin/customers?q=demo`);
  await page.locator('[data-customer-id] a').first().click();
  await page.getByLabel(/^Amount/).fill('12.34');
  await page.getByRole('textbox', { name: 'Reason' }).fill('Bank transfer 17');
  await page.getByRole('button', { name: 'Go on…' }).click();
  expect(await page.locator('main').innerText()).toContain('$12.34 is credited');
  await page.getByRole('button', { name: 'Credit' }).click();
  await page.getByText('Credited.', { exact: true }).waitFor();

  await page.getByRole('table', { name: 'Orders' }).getByRole('link').first().click();
  await page.getByRole('button', { name: 'Cancel and refund…' }).click();
  await page.getByRole('button', { name: 'Cancel and refund' }).click();
  await page.getByText('Canceled: the money is back on the customer’s balance.').waitFor();
  expect(await page.locator('.story').innerText()).toContain('order.cancel');
  await buyer.page.goto(`${server.url}/dashboard/history`);
  expect(await buyer.page.locator('main').innerText()).toContain('The operator canceled this order for you.');

  await page.goto(`${server.url}/admin/audit`);
  const log = await page.getByRole('table', { name: 'Audit log' }).innerText();
  for (const action of ['customer.credit', 'order.cancel']) expect(log).toContain(action);
  await page.screenshot({ path: resolve(root, 'tests/.artifacts/desk-audit-360.png'), fullPage: true });
  expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
  for (const one of [context, buyer.context]) await one.close();
  expect(problems).toEqual([]);
});
