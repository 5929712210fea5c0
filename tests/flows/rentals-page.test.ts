import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { expectOk } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { root } from '../support/tools.ts';
import { choose, type House, openAs, sendSms } from '../support/visit.ts';

setDefaultTimeout(120_000);

const artifacts = resolve(root, 'tests/.artifacts');
let server: Server;
let browser: Browser;
const problems: string[] = [];

beforeAll(async () => {
  server = await startServer({ env: { SMSPIN_MODEMS_DISCOVER: 'false', SMSPIN_RENTALS_REFUND_UNUSED: 'true' } });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const house = (): House => ({ server, browser, problems, expected: /WebSocket connection|ERR_CONNECTION|status of 422/ });

const HOSTILE = '<img src=x onerror=alert(1)> \u202eשלום\u202c مرحبا <b>bold</b> '.repeat(3);

test('rent with the price moving with the choice, read the inbox live, extend, name, end with what comes back said before', async () => {
  const { page, context } = await openAs(house(), 'customer');
  const { page: operator, context: other } = await openAs(house(), 'operator');
  await page.getByRole('link', { name: 'Rentals' }).click();
  await page.locator('#connection[data-connection="socket"]').waitFor();
  await page.getByText('No rentals.').waitFor();

  // The price follows country and term without a reload.
  await page.locator('#rent-country').selectOption('gb');
  await page.locator('#rent-periods').fill('3');
  await page.getByRole('button', { name: 'Rent for 3 days · $12.00' }).waitFor();
  await page.locator('#rent-unit').selectOption('hour');
  await page.getByRole('button', { name: 'Rent for 3 hours · $2.40' }).waitFor();
  await page.locator('#rent-periods').fill('2');
  await page.locator('#rent-unit').selectOption('day');
  await page.getByRole('button', { name: 'Rent for 2 days · $8.00' }).waitFor();
  await page.screenshot({ path: `${artifacts}/rentals-form-1280.png`, fullPage: true });
  await page.getByRole('button', { name: 'Rent for 2 days · $8.00' }).click();
  await page.waitForURL('**/dashboard/rentals/rnt_*');
  await page.getByText('The number is yours.').waitFor();
  await page.locator('#connection[data-connection="socket"]').waitFor();
  const number = (await page.locator('#rental-head .number').innerText()).replaceAll(/\s|-/g, '');

  await sendSms(operator, house(), number, 'Mum', 'Are you coming to dinner tonight?');
  await page.getByText('Are you coming to dinner tonight?').waitFor();
  await page.locator('#rental-head').getByText('paid').waitFor();
  await sendSms(operator, house(), number, 'Telegram', 'Telegram code: 48213');
  await page.locator('#inbox mark', { hasText: '48213' }).waitFor();
  await sendSms(operator, house(), number, 'Evil<b>', HOSTILE);
  await page.locator('#inbox').getByText('Evil<b>').waitFor();
  expect(await page.locator('#inbox img').count()).toBe(0);
  expect(await page.locator('#inbox-title .count').innerText()).toBe('3');

  // A choice in the other form, while a message comes in, is left alone.
  await page.locator('#extend-unit').selectOption('hour');
  await page.locator('#extend-periods').fill('5');
  await page.getByRole('button', { name: 'Extend by 5 hours · $4.00' }).waitFor();
  await page.screenshot({ path: `${artifacts}/rentals-inbox-1280.png`, fullPage: true });
  await page.getByRole('button', { name: 'Extend by 5 hours · $4.00' }).click();
  await page.waitForURL('**notice=extended');
  await page.locator('#rental-changes').getByText('Extended by 5 hours.').waitFor();

  await page.getByLabel('Yours to tell rentals apart').fill('QA phone');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name: 'QA phone' }).waitFor();
  await page.locator('#cap').fill('nonsense');
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByText('The limit must be an amount').waitFor();
  await page.locator('#cap').fill('9.50');
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByText('of at most $9.50 spent').waitFor();

  await page.getByLabel('Search').fill('dinner');
  await page.getByRole('button', { name: 'Show' }).click();
  expect(await page.locator('.inbox-list > li').count()).toBe(1);
  await page.getByLabel('Search').fill('nothing like it');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByRole('link', { name: 'Show all' }).click();

  // Five hours and one of two days have not begun.
  await page.locator('#rental-end').getByText('$8.00 comes back to your balance.').waitFor();
  await page.getByText('End it now…').click();
  await page.getByRole('button', { name: 'End it, $8.00 back' }).click();
  await page.waitForURL('**notice=rental-ended');
  await page.locator('#rental-head').getByText('$8.00 of it returned').waitFor();
  expect(await page.locator('#rental-end').count()).toBe(0);
  await page.goto(`${server.url}/dashboard/rentals`);
  expect(await page.locator('.balance [data-available-minor]').getAttribute('data-available-minor')).toBe('4600');
  await page.locator('#past-rentals').getByText('QA phone').waitFor();
  await context.close();
  await other.close();
  expect(problems).toEqual([]);
});

test('without JavaScript: what was not shown is not bought; shown, it is; then ended', async () => {
  const { page, context } = await openAs(house(), 'customer', { javaScriptEnabled: false });
  await page.goto(`${server.url}/dashboard/rentals?country=gb`);
  await page.locator('#rent-periods').fill('4');
  await page.locator('#rent-unit').selectOption('hour');
  await page.locator('#rent-button').click();
  await page.getByText('The price of this choice was not shown before.').waitFor();
  await page.getByRole('button', { name: 'Rent for 4 hours · $3.20' }).click();
  await page.waitForURL('**/dashboard/rentals/rnt_*');
  await page.locator('#rental-end').getByText('$3.20 comes back to your balance.').waitFor();
  await page.getByText('End it now…').click();
  await page.getByRole('button', { name: 'End it, $3.20 back' }).click();
  await page.locator('#rental-head').getByText('returned').waitFor();
  await context.close();
});

test('an operator sets rates, is told what is wrong, and sees the rentals of a SIM', async () => {
  const { page, context } = await openAs(house(), 'operator');
  await choose(page, 'Catalogue', 'Rates');
  const fresh = page.locator('section', { hasText: 'Set a country' });
  await fresh.getByLabel('Country').fill('zz');
  await fresh.getByLabel('A day, USD').fill('5');
  await fresh.getByRole('button', { name: 'Save' }).click();
  await page.getByText('must be an ISO 3166-1 code').waitFor();
  await fresh.getByLabel('Country').fill('at');
  await fresh.getByLabel('A day, USD').fill('five');
  await fresh.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The price must be an amount').waitFor();
  await fresh.getByLabel('A day, USD').fill('5.25');
  await fresh.getByRole('button', { name: 'Save' }).click();
  await page.getByText('at: day $5.25.').waitFor();
  await page.screenshot({ path: `${artifacts}/rates-1280.png`, fullPage: true });
  const austria = page.locator('li.panel', { hasText: 'Austria' });
  await austria.getByText('Take Austria off…').click();
  await austria.getByRole('button', { name: 'Rent out no more whole numbers' }).click();
  await page.getByText('at: no whole numbers are rented out any more').waitFor();
  const sims = JSON.parse(await expectOk(server.run(['sim', 'list', '--json']))) as { iccid: string; number: string }[];
  const rented = await Promise.all(
    sims.map(async ({ iccid }) => (await (await page.request.get(`${server.url}/admin/sims/${iccid}`)).text()).includes('rentals-title')),
  );
  expect(rented.some(Boolean)).toBe(true);
  await context.close();
  expect(problems).toEqual([]);
});

test.each([
  ['light', 360],
  ['dark', 360],
  ['dark', 1280],
] as const)('%s at %d px: nothing is wider than the page', async (colorScheme, width) => {
  const { page, context } = await openAs(house(), 'customer', { colorScheme, viewport: { width, height: 800 } });
  await page.goto(`${server.url}/dashboard/rentals`);
  const link = page.locator('#past-rentals .what a').first();
  const pages = ['/dashboard/rentals', (await link.getAttribute('href')) ?? ''];
  await page.goto(`${server.url}/dashboard/rentals?country=${width === 1280 ? 'de' : 'us'}&periods=1&unit=week`);
  await page.locator('#rent-button').click();
  await page.waitForURL('**/dashboard/rentals/rnt_*');
  pages.push(new URL(page.url()).pathname);
  for (const [index, path] of pages.entries()) {
    await page.goto(`${server.url}${path}`);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    await page.screenshot({ path: `${artifacts}/rentals-${colorScheme}-${width}-${index}.png`, fullPage: true });
    expect([path, overflow]).toEqual([path, 0]);
  }
  await page.getByText('End it now…').click();
  await page.getByRole('button', { name: 'back' }).click();
  await page.waitForURL('**notice=rental-ended');
  await context.close();
});
