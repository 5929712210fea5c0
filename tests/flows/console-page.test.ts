/** The console in a real browser: menu and search by keyboard, the charts that follow, and many SIMs changed without scripts. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { setReadOnly } from '../../src/accounts/read-only.ts';
import { requireUserByEmail } from '../../src/accounts/users.ts';
import { adminHouse, snapshot } from '../support/admin-house.ts';
import { launchChromium, noteProblems } from '../support/chromium.ts';
import { freePort } from '../support/server.ts';
import { choose } from '../support/visit.ts';

setDefaultTimeout(60_000);

const admin = adminHouse();
const { house } = admin;
const url = `http://127.0.0.1:${freePort()}`;
const problems: string[] = [];
const contexts: BrowserContext[] = [];
let browser: Browser;

beforeAll(async () => {
  for (let n = 1; n <= 64; n++) house.sim(n);
  admin.bank.modems = Array.from({ length: 64 }, (_, index) => snapshot(index + 1));
  house.customer('anna@example.org');
  admin.app.listen({ hostname: '127.0.0.1', port: Number(new URL(url).port) });
  browser = await launchChromium();
});
afterAll(async () => {
  for (const context of contexts) await context.close();
  await browser?.close();
  await admin.app.stop(true);
  expect(problems).toEqual([]);
});

async function open(cookie: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  contexts.push(context);
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url }]);
  const page = await context.newPage();
  noteProblems(page, problems);
  return page;
}

const fits = (page: Page) => page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth');
const headOf = (page: Page) => page.locator('header.masthead').evaluate((head) => head.clientHeight);

test('the menu is small, opens and closes by keyboard, and needs no script', async () => {
  const page = await open(admin.operator);
  await page.goto(`${url}/admin`);
  expect(await headOf(page)).toBeLessThan(110);
  await page.locator('.groups summary', { hasText: 'Bank' }).focus();
  await page.keyboard.press('Enter');
  expect(await page.getByRole('link', { name: 'SIMs', exact: true }).isVisible()).toBe(true);
  await page.keyboard.press('Escape');
  expect(await page.locator('.groups details[open]').count()).toBe(0);

  const phone = await open(admin.operator, { viewport: { width: 360, height: 780 }, javaScriptEnabled: false });
  await phone.goto(`${url}/admin`);
  expect(await headOf(phone)).toBeLessThan(150);
  await choose(phone, 'Bank', 'SIMs');
  await phone.getByRole('heading', { name: 'SIMs', exact: true }).waitFor();
  expect(await phone.locator('summary[data-current]').innerText()).toBe('Bank');
});

test('`/` and Ctrl+K search from any page; arrows choose, Enter goes, Escape closes', async () => {
  const page = await open(admin.operator);
  await page.goto(`${url}/admin/bank`);
  await page.keyboard.press('/');
  await page.keyboard.type('anna');
  await page.locator('#jump .found a', { hasText: 'anna@example.org' }).waitFor();
  await page.keyboard.press('Escape');
  expect(await page.locator('#jump').isVisible()).toBe(false);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('44 7700 900033');
  await page.locator('#jump .found a', { hasText: '+44 7700 900033' }).waitFor();
  await page.keyboard.press('ArrowDown');
  expect(await page.evaluate('document.activeElement.textContent')).toContain('+44 7700 900033');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/admin/sims/8944010000000000033');
  await page.keyboard.press('/');
  await page.keyboard.type('vouch');
  await page.locator('#jump .found a', { hasText: 'Vouchers' }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/admin/vouchers');
  // Where somebody types, a slash is a slash.
  await page.getByLabel('How many').focus();
  await page.keyboard.press('/');
  expect(await page.locator('#jump').isVisible()).toBe(false);
});

test('without scripts the search is a page', async () => {
  const page = await open(admin.operator, { javaScriptEnabled: false, viewport: { width: 360, height: 780 } });
  await page.goto(`${url}/admin`);
  await page.getByRole('link', { name: /^Search/ }).click();
  await page.getByRole('searchbox').fill('0064');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('link', { name: /\+44 7700 900064/ }).waitFor();
  expect(await fits(page)).toBe(true);
});

test('the overview follows by itself and keeps the table that was opened', async () => {
  const page = await open(admin.operator);
  await page.goto(`${url}/admin`);
  const stock = page.locator('[data-chart="stock"]');
  await stock.locator('.now-figure strong', { hasText: '64' }).waitFor();
  await stock.locator('summary').click();
  house.db.run("UPDATE sims SET online = 0 WHERE iccid = '8944010000000000001'");
  house.clock.pass(2000);
  await stock.locator('.now-figure strong', { hasText: '63' }).waitFor({ timeout: 15_000 });
  expect(await stock.locator('details').getAttribute('open')).not.toBeNull();
});

test('many SIMs are previewed, changed and changed back without scripts', async () => {
  const page = await open(admin.operator, { javaScriptEnabled: false });
  await page.goto(`${url}/admin/sims?sort=number`);
  for (const number of ['+44 7700 900002', '+44 7700 900003']) await page.getByRole('checkbox', { name: number }).check();
  await page.getByLabel('What').selectOption('tag');
  await page.getByLabel('Tag, or day').fill('spare');
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByText('no tag → tags: spare').first().waitFor();
  await page.getByRole('button', { name: 'Change 2 SIMs' }).click();
  await page.getByRole('button', { name: 'Take it back on 2 SIMs' }).click();
  await page.getByText('Taken back where nobody changed it again since.').waitFor();
});

test('a read-only operator sees the same pages without what changes anything', async () => {
  const reader = admin.signIn('operator', 'reader@example.org');
  house.write((tx) => setReadOnly(tx, requireUserByEmail(tx.db, 'reader@example.org').id, true));
  const page = await open(reader);
  for (const path of ['/admin', '/admin/sims', '/admin/sims/8944010000000000002', '/admin/bank', '/admin/vouchers']) {
    await page.goto(url + path);
    await page.getByText('Read-only: you see everything here').waitFor();
    for (const form of await page.locator('main form[method="post"], main [hx-post]').all()) expect(await form.isVisible()).toBe(false);
  }
});
