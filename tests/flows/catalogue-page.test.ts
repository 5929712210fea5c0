import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium, noteProblems } from '../support/chromium.ts';
import { type Server, startServer } from '../support/server.ts';
import { root } from '../support/tools.ts';
import { choose } from '../support/visit.ts';

setDefaultTimeout(120_000);

const artifacts = resolve(root, 'tests/.artifacts');
let server: Server;
let browser: Browser;
const problems: string[] = [];

beforeAll(async () => {
  // No modem at all: the first start of an operator, who has no price yet.
  server = await startServer({ env: { SMSPIN_MODEMS_DISCOVER: 'false', SMSPIN_MODEMS_VIRTUAL: '0' } });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function operator(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  noteProblems(page, problems, /status of 4(22|09)/);
  const [, email = '', password = ''] = /as operator +(\S+@\S+) +(\S+)/.exec(server.output()) ?? [];
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/admin');
  return page;
}

const file = (text: string) => ({ name: 'prices.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });

test('the first price, a list with its difference, a rule with its preview, undo, hide: what an operator does', async () => {
  const page = await operator();
  await choose(page, 'Catalogue', 'Catalogue');
  await page.getByText('No offers yet.').waitFor();
  await page.getByRole('link', { name: 'Set the first price' }).click();
  const first = page.locator('#new-price');
  await first.getByLabel('Country').fill('gb');
  await first.getByLabel('Service').fill('telegram');
  await first.getByLabel('Price, USD').fill('0.455');
  await first.getByRole('button', { name: 'Set' }).click();
  await first.getByText('at most 2 decimals').waitFor();
  expect(await first.getByLabel('Service').inputValue()).toBe('telegram');
  await first.getByLabel('Price, USD').fill('0.45');
  await page.keyboard.press('Enter');
  await page.getByText('telegram in gb: 1 new').waitFor();
  const row = page.locator('[data-price="gb/telegram/"]');
  expect(await row.locator('img.flag').evaluate((flag) => (flag as unknown as { naturalWidth: number }).naturalWidth > 0)).toBe(true);

  // Changed where it stands, and back.
  await row.getByLabel('Price, USD').fill('0.60');
  await row.getByRole('button', { name: 'Save' }).click();
  await page.getByText('1 changed').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('telegram in gb: taken back.').waitFor();

  // A list: refused by line, put right, looked at, confirmed.
  await page.getByRole('link', { name: 'Price lists' }).click();
  await page.locator('#file').setInputFiles(file('country,service,price_usd\nuk,telegram,0.50\n'));
  await page.getByRole('button', { name: 'Look what would change' }).click();
  await page.getByText('Line 2').waitFor();
  await page.locator('#file').setInputFiles(file('country,service,price_usd\ngb,telegram,0.50\nde,whatsapp,0.40\nde,uber,0.30\n'));
  await page.getByRole('button', { name: 'Look what would change' }).click();
  await page.getByText('+11.1 %').waitFor();
  await page.screenshot({ path: resolve(artifacts, 'catalogue-plan.png'), fullPage: true });
  await page.getByRole('button', { name: 'Change these 3 prices' }).click();
  await page.getByText('prices.csv: 2 new, 1 changed').waitFor();

  // A rule, seen while it is typed, then applied.
  await page.getByRole('link', { name: 'Price rules' }).click();
  await page.getByLabel('Category').selectOption('messengers');
  await page.locator('#country').fill('de');
  await page.getByLabel('How much').fill('+20');
  await page.getByText('Messengers in Germany +20 %, by itself').waitFor();
  await page.locator('#rule-effect').getByText('$0.48').waitFor();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'See every change and apply' }).click();
  await page.getByRole('button', { name: 'Change this price' }).click();
  await page.getByText('Messengers in Germany +20 %: 0 new, 1 changed').waitFor();
  await page.getByRole('link', { name: 'Price rules' }).click();
  await page.getByLabel('Or at a time (UTC)').fill('2026-01-01T10:00');
  await page.getByRole('button', { name: 'Schedule' }).click();
  await page.getByText('that lies ahead').waitFor();

  // Off sale, and on again.
  await page.goto(`${server.url}/admin/catalogue?q=telegram`);
  await page.getByRole('button', { name: 'Hide Telegram' }).click();
  await page.getByText('telegram: hidden').waitFor();
  await page.getByRole('button', { name: 'Show Telegram' }).click();
  await page.getByText('telegram: shown').waitFor();
  await page.context().close();
  expect(problems).toEqual([]);
});

test('every page fits 360 px, light and dark, and works without JavaScript', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await operator({ viewport: { width: 360, height: 780 }, colorScheme, javaScriptEnabled: colorScheme === 'light' });
    for (const path of ['', '/prices', '/files', '/rules', '/changes']) {
      await page.goto(`${server.url}/admin/catalogue${path}`);
      const width = await page.locator('html').evaluate((html) => html.scrollWidth);
      expect([path, width]).toEqual([path, 360]);
      await page.screenshot({ path: resolve(artifacts, `catalogue${path.replace('/', '-')}-${colorScheme}.png`), fullPage: true });
    }
    await page
      .getByRole('link', { name: /^(gb|telegram) in|telegram in gb|prices.csv/ })
      .first()
      .click();
    await page.waitForURL('**/changes/chg_*');
    const width = await page.locator('html').evaluate((html) => html.scrollWidth);
    expect(width).toBe(360);
    await page.context().close();
  }
  expect(problems).toEqual([]);
});
