import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { expectOk } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { root } from '../support/tools.ts';
import { type House, openAs, sendSms } from '../support/visit.ts';

setDefaultTimeout(120_000);

const artifacts = resolve(root, 'tests/.artifacts');
let server: Server;
let browser: Browser;
const problems: string[] = [];

beforeAll(async () => {
  server = await startServer({
    env: { SMSPIN_MODEMS_DISCOVER: 'false', SMSPIN_ORDERS_EXTEND_MINUTES: '5', SMSPIN_ORDERS_CANCEL_AFTER_SECONDS: '4' },
  });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const house = (): House => ({ server, browser, problems, expected: /WebSocket connection|ERR_CONNECTION|status of (409|422)/ });

const HOSTILE = '<img src=x onerror=alert(1)> "quoted" <hx-a hx-get=/sign-out> \u202eback';

async function widest(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

test('how many are wanted stays as typed while the form of another service is under way', async () => {
  const { page, context } = await openAs(house(), 'customer');
  await page.locator('#connection[data-connection="socket"]').waitFor();
  let isFirst = true;
  let arrived = () => {};
  const asked = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  let goOn = () => {};
  const typed = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await page.route('**/dashboard/offers?*', async (route) => {
    if (isFirst) {
      isFirst = false;
      arrived();
      await typed;
    }
    await route.continue();
  });
  await page.locator('#buy-fewer').check();
  await page.locator('#buy-service').selectOption('signal');
  await asked;
  await page.locator('#buy-count').fill('3');
  // Its answer comes before what was typed is asked for.
  goOn();
  await page.getByRole('button', { name: /^Get 3 numbers · \$/ }).waitFor();
  expect(await page.locator('#buy-service').inputValue()).toBe('signal');
  expect(await page.locator('#buy-count').inputValue()).toBe('3');
  expect(await page.locator('#buy-fewer').isChecked()).toBe(true);
  await context.close();
});

test('several at once with the total said before; a note in place; cancel when it is time; report; extend; the next code; reuse', async () => {
  const { page, context } = await openAs(house(), 'customer');
  const { page: operator, context: other } = await openAs(house(), 'operator');
  await page.locator('#connection[data-connection="socket"]').waitFor();
  await page.locator('#buy-country').selectOption('gb');
  await page.locator('#buy-service').selectOption('telegram');
  await page.locator('#buy-count').fill('2');
  const price = await page.getByRole('button', { name: /^Get 2 numbers · \$/ }).innerText();
  await page.locator('#buy-count').fill('50');
  await page.getByText(/Only \d in stock: tick the box/).waitFor();
  await page.screenshot({ path: `${artifacts}/extras-buy-1280.png`, fullPage: true });
  await page.getByRole('button', { name: /^Get 50 numbers/ }).click();
  await page
    .getByRole('alert')
    .getByText(/Only \d+ of 50 numbers can be had: there are no more. Nothing was charged./)
    .waitFor();
  expect(await page.locator('.order').count()).toBe(0);
  await page.goto(`${server.url}/dashboard`);
  await page.locator('#buy-country').selectOption('gb');
  await page.locator('#buy-service').selectOption('telegram');
  await page.locator('#buy-count').fill('50');
  await page.getByRole('button', { name: /^Get 50 numbers/ }).waitFor();
  await page.getByLabel('Take fewer if there are not as many').check();
  await page.getByRole('button', { name: /^Get 50 numbers/ }).click();
  await page.getByText(/^\d+ of 50 numbers: there are no more\.$/).waitFor();
  const cards = await page.locator('.order').count();
  expect(cards).toBeGreaterThan(1);
  expect(price).toContain('$');

  // Too early to cancel: the button says when, and comes alive without a reload.
  const card = page.locator('.order').last();
  const id = (await card.getAttribute('data-order-id')) ?? '';
  const own = page.locator(`#order-${id}`);
  await page.locator(`#order-${id} button[disabled][data-enable-at-ms]`).waitFor({ timeout: 3000 });
  await page.locator(`#order-${id} button:not([disabled])`, { hasText: 'Cancel' }).waitFor({ timeout: 8000 });

  await own.getByText('Add a note or tags').click();
  await own.getByLabel('Note').fill(HOSTILE);
  await own.getByLabel('Tags').fill('QA, signup');
  await page.screenshot({ path: `${artifacts}/extras-card-1280.png`, fullPage: true });
  await own.getByRole('button', { name: 'Save' }).click();
  await page.waitForURL('**notice=named');
  await own.locator('.order-note').getByText('<img src=x onerror=alert(1)>').waitFor();
  expect(await own.locator('.order-note img').count()).toBe(0);
  expect(await own.locator('.tags').innerText()).toContain('signup');

  await own.getByRole('button', { name: 'Extend by 5 minutes' }).click();
  await own.getByText('Added to the window: 5 minutes as you asked.').waitFor();
  expect(await own.getByRole('button', { name: 'Extend by 5 minutes' }).count()).toBe(0);

  const number = (await own.locator('.number').innerText()).replaceAll(/\s|-/g, '');
  await page.locator('#connection[data-connection="socket"]').waitFor();
  await sendSms(operator, house(), number, 'Telegram', 'Telegram code: 48213');
  await own.locator('.code', { hasText: '48213' }).waitFor();
  await own.getByRole('button', { name: 'I asked for another code' }).click();
  await own.getByText('Waiting for the next code of Telegram').waitFor();
  expect(await own.locator('.code').count()).toBe(0);
  await own.locator('.old-code', { hasText: '48213' }).waitFor();
  await page.screenshot({ path: `${artifacts}/extras-awaiting-1280.png`, fullPage: true });
  await page.locator('#connection[data-connection="socket"]').waitFor();
  await sendSms(operator, house(), number, 'Telegram', 'Telegram code: 77777');
  await own.locator('.code', { hasText: '77777' }).waitFor();
  expect(await own.locator('[data-awaiting]').count()).toBe(0);

  // The price rises between the page that shows it and the confirmation.
  await own.getByRole('button', { name: 'Done' }).click();
  await page.locator(`#order-${id}`).getByRole('link', { name: 'Use this number again' }).click();
  await page.getByRole('heading', { name: 'Use this number again' }).waitFor();
  await expectOk(server.run(['offer', 'set', 'gb', 'telegram', '--price', '99']));
  await page.getByRole('button', { name: /^Use it again/ }).click();
  await page.getByText('The price rose since this page was shown.').waitFor();
  await page.screenshot({ path: `${artifacts}/extras-reuse-1280.png`, fullPage: true });
  await page.getByRole('button', { name: 'Use it again · $0.99' }).click();
  await page.waitForURL('**notice=ordered');

  await page.goto(`${server.url}/dashboard/history?tag=signup`);
  await page.getByText('Only tagged').waitFor();
  expect(await page.locator('.history > li').count()).toBe(1);
  await page.getByLabel('Search').fill('quoted');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  expect(await page.locator('.history > li').count()).toBe(1);

  await page.goto(`${server.url}/dashboard`);
  const bad = page.locator('.order[data-status="pending"]').last();
  await bad.getByText('Number does not work?').click();
  await bad.getByLabel('The service says the number is invalid or banned').check();
  await bad.getByLabel('More about it').fill(HOSTILE);
  await bad.getByRole('button', { name: 'Report and get the money back' }).click();
  await page.getByText('Reported. The money is back on your balance.').waitFor();
  await operator.goto(`${server.url}/admin/retired`);
  await operator.locator('.retired > li').getByText('refused as invalid or banned').waitFor();
  await operator.screenshot({ path: `${artifacts}/extras-retired-1280.png`, fullPage: true });
  await operator.getByRole('button', { name: /^Lift/ }).click();
  await operator.getByText('Lifted: the number is sold for the service again.').waitFor();
  await operator.getByRole('button', { name: /^Retire/ }).click();
  await operator.getByText('Retired again').waitFor();
  await context.close();
  await other.close();
  expect(problems).toEqual([]);
});

test('on a phone, in the dark, nothing is wider than the screen', async () => {
  for (const colorScheme of ['dark', 'light'] as const) {
    const { page, context } = await openAs(house(), 'customer', { viewport: { width: 360, height: 740 }, colorScheme });
    for (const details of await page.locator('.order details.about').all()) await details.locator('summary').click();
    expect(await widest(page)).toBe(0);
    await page.screenshot({ path: `${artifacts}/extras-360-${colorScheme}.png`, fullPage: true });
    await page.goto(`${server.url}/dashboard/history`);
    expect(await widest(page)).toBe(0);
    await page
      .getByRole('link', { name: /^Use this number again:/ })
      .first()
      .click();
    expect(await widest(page)).toBe(0);
    await context.close();
    const { page: operator, context: other } = await openAs(house(), 'operator', { viewport: { width: 360, height: 740 }, colorScheme });
    await operator.goto(`${server.url}/admin/retired`);
    expect(await widest(operator)).toBe(0);
    await operator.screenshot({ path: `${artifacts}/extras-retired-360-${colorScheme}.png`, fullPage: true });
    await other.close();
  }
});

test('without JavaScript: two numbers, a note on the order’s page, a report', async () => {
  const { page, context } = await openAs(house(), 'customer', { javaScriptEnabled: false });
  await page.goto(`${server.url}/dashboard?country=gb&service=google`);
  await page.locator('#buy-count').fill('2');
  await page.locator('#buy-button').click();
  await page.getByText('2 numbers are yours.').waitFor();
  await page
    .locator('.order[data-status="pending"]')
    .first()
    .getByRole('link', { name: /^Details of this/ })
    .click();
  await page.getByText('Add a note or tags').click();
  await page.getByLabel('Note').fill('from the page');
  await page.getByLabel('Tags').fill('no_script');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.order-note', { hasText: 'from the page' }).waitFor();
  expect(page.url()).toContain('/dashboard/orders/ord_');
  await page.getByText('Number does not work?').click();
  await page.getByLabel('Something else').check();
  await page.getByRole('button', { name: 'Report and get the money back' }).click();
  await page.getByText('Reported. The money is back on your balance.').waitFor();
  await context.close();
});
