import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { type ApiClient, customer, expectOk } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { root } from '../support/tools.ts';
import { type House, openAs } from '../support/visit.ts';

setDefaultTimeout(120_000);

const artifacts = resolve(root, 'tests/.artifacts');
let server: Server;
let browser: Browser;
let stranger: ApiClient;
const problems: string[] = [];

/** The numbers of a country for a service, all ordered by somebody else. */
async function sellOut(service: string): Promise<string[]> {
  const { body } = await stranger.call<{ data: { id: string }[] }>('POST', '/orders', {
    country: 'gb',
    service,
    count: 50,
    fill: 'available',
  });
  return body.data.map(({ id }) => id);
}

beforeAll(async () => {
  server = await startServer({ env: { SMSPIN_MODEMS_DISCOVER: 'false', SMSPIN_ORDERS_QUARANTINE_MINUTES: '0' } });
  browser = await launchChromium();
  stranger = await customer(server, 'stranger@example.org', 100_000);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const house = (): House => ({ server, browser, problems, expected: /WebSocket connection|ERR_CONNECTION|status of (409|422)/ });
const widest = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
const connected = (page: Page) => page.locator('#connection[data-connection="socket"]').waitFor();

test('out of stock: wait with buy, position moves up live, the number comes free and its order appears; leave and take it back; be told', async () => {
  const [first = '', second = ''] = await sellOut('telegram');
  const other = await customer(server, 'other@example.org', 10_000);
  const { body: before } = await other.call<{ id: string }>('POST', '/waiting', {
    country: 'gb',
    service: 'telegram',
    mode: 'buy',
    max_price: 100,
  });
  const { page, context } = await openAs(house(), 'customer');
  await page.goto(`${server.url}/dashboard/waiting`);
  await page.getByText('You wait for nothing.').waitFor();
  await page.goto(`${server.url}/dashboard?country=gb&service=telegram`);
  await connected(page);
  await page.getByText('One customer waits before you.').waitFor();
  await page.screenshot({ path: `${artifacts}/waiting-form-1280.png`, fullPage: true });
  await page.getByLabel('At most (USD)').fill('nothing');
  await page.getByRole('button', { name: 'Buy when available' }).click();
  await page.getByRole('alert').getByText('Type the most you would pay in USD, such as 0.50.').waitFor();
  expect(await page.getByLabel('At most (USD)').inputValue()).toBe('nothing');
  await page.getByLabel('At most (USD)').fill('0.90');
  await page.getByLabel('For', { exact: true }).selectOption('6');
  await page.getByRole('button', { name: 'Buy when available' }).click();
  await page.waitForURL('**/dashboard/waiting?notice=waiting-joined');
  const place = page.locator('.places > li').first();
  await place.getByText('2nd of 2').waitFor();
  await place.getByText(/Bought for you at up to \$0.90, \$0.45 now/).waitFor();
  await page.screenshot({ path: `${artifacts}/waiting-page-1280.png`, fullPage: true });

  // Who is in front leaves: the page hears it though nothing happened to its customer.
  await connected(page);
  await other.call('DELETE', `/waiting/${before.id}`);
  await place.getByText('1st of 1').waitFor();
  await place.getByText('Leave…').click();
  await place.getByRole('button', { name: 'Leave the line' }).click();
  await page.getByText('You left the line. You can take that back for ten minutes.').waitFor();
  await page.getByRole('button', { name: /^Take it back/ }).click();
  await page.locator('.places > li[data-status="waiting"]', { hasText: '1st of 1' }).waitFor();

  await page.goto(`${server.url}/dashboard`);
  await connected(page);
  await page.locator('#waiting-places').getByText('1st of 1').waitFor();
  await page.screenshot({ path: `${artifacts}/waiting-dashboard-1280.png`, fullPage: true });
  await stranger.call('POST', `/orders/${first}/cancel`);
  await page.locator('.order[data-status="pending"]').waitFor();
  expect(await page.locator('#waiting-places').isHidden()).toBe(true);
  expect(await page.locator('[data-held-minor]').getAttribute('data-held-minor')).toBe('45');

  await page.goto(`${server.url}/dashboard?country=gb&service=telegram`);
  await page.getByRole('button', { name: 'Tell me' }).click();
  await page.waitForURL('**/dashboard/waiting?notice=waiting-joined');
  await connected(page);
  await stranger.call('POST', `/orders/${second}/cancel`);
  await page.getByText('There is stock. Nothing is kept back for you.').first().waitFor();
  await page.getByText('It was your turn: the number was bought.').waitFor();
  await page.getByRole('link', { name: 'Get a number' }).click();
  await page.getByRole('button', { name: /^Get a number/ }).waitFor();
  await context.close();
  expect(problems).toEqual([]);
});

test('without JavaScript: wait, leave, take it back; and the operator sees who waits', async () => {
  await sellOut('signal');
  const { page, context } = await openAs(house(), 'customer', { javaScriptEnabled: false });
  await page.goto(`${server.url}/dashboard?country=gb&service=signal`);
  await page.getByLabel('At most (USD)').fill('0.10');
  await page.getByRole('button', { name: 'Buy when available' }).click();
  await page.getByText('You wait in line.').waitFor();
  await page.getByText('The price is above the most you would pay. You would be passed over now, and keep your place.').waitFor();
  await page.getByText('Leave…').click();
  await page.getByRole('button', { name: 'Leave the line' }).click();
  await page.getByRole('button', { name: /^Take it back/ }).click();
  await page.locator('.places > li[data-status="waiting"]').waitFor();
  await context.close();
  const { page: operator, context: other } = await openAs(house(), 'operator');
  await operator.goto(`${server.url}/admin/waiting`);
  const line = operator.locator('[data-line="gb/signal/"]');
  await line.getByText('Who waits').click();
  await line.getByText(/buys at up to \$0.10/).waitFor();
  await operator.screenshot({ path: `${artifacts}/waiting-admin-1280.png`, fullPage: true });
  await other.close();
});

test('on a phone, in the dark and in the light, nothing is wider than the screen', async () => {
  await expectOk(server.run(['user', 'credit', 'stranger@example.org', '1000']));
  for (const colorScheme of ['dark', 'light'] as const) {
    const { page, context } = await openAs(house(), 'customer', { viewport: { width: 360, height: 740 }, colorScheme });
    await page.goto(`${server.url}/dashboard?country=gb&service=${colorScheme === 'dark' ? 'google' : 'discord'}`);
    await sellOut(colorScheme === 'dark' ? 'google' : 'discord');
    await page.reload();
    await page.getByRole('button', { name: 'Buy when available' }).waitFor();
    expect(await widest(page)).toBe(0);
    await page.screenshot({ path: `${artifacts}/waiting-form-360-${colorScheme}.png`, fullPage: true });
    await page.goto(`${server.url}/dashboard/waiting`);
    await page.getByText('Leave…').first().click();
    expect(await widest(page)).toBe(0);
    await page.screenshot({ path: `${artifacts}/waiting-page-360-${colorScheme}.png`, fullPage: true });
    await context.close();
    const { page: operator, context: other } = await openAs(house(), 'operator', { viewport: { width: 360, height: 740 }, colorScheme });
    await operator.goto(`${server.url}/admin/waiting`);
    expect(await widest(operator)).toBe(0);
    await operator.screenshot({ path: `${artifacts}/waiting-admin-360-${colorScheme}.png`, fullPage: true });
    await other.close();
  }
});
