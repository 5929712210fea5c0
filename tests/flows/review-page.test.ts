import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startSession } from '../../src/accounts/sessions.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { findOrder } from '../../src/orders/view.ts';
import { type AdminHouse, adminHouse } from '../support/admin-house.ts';
import { launchChromium, noteProblems } from '../support/chromium.ts';
import { until } from '../support/client.ts';
import { seededRandom } from '../support/house.ts';
import { freePort } from '../support/server.ts';
import { root } from '../support/tools.ts';

setDefaultTimeout(120_000);

const artifacts = resolve(root, 'tests/.artifacts');
const problems: string[] = [];
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
});

type Options = NonNullable<Parameters<Browser['newContext']>[0]>;
type Open = (cookie: string, options?: Options) => Promise<{ page: Page; go(path: string): Promise<unknown> }>;

/** The house behind a real port, with an order of Anna's for Telegram and one of Bob's for Google on the same SIM. */
async function served(work: (admin: AdminHouse, open: Open, customers: { anna: string; bob: string }) => Promise<void>): Promise<void> {
  const admin = adminHouse();
  const { house } = admin;
  house.sim(1);
  for (const service of ['telegram', 'google']) house.offer(service, 40);
  const customer = (email: string, service: string, seed: number): string => {
    const userId = house.customer(email);
    house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service, maxPriceMinor: null }));
    return `smspin_session=${house.write((tx) => startSession(tx, seededRandom(seed), userId, 'test'))}`;
  };
  const customers = { anna: customer('anna@example.org', 'telegram', 31), bob: customer('bob@example.org', 'google', 32) };
  const url = `http://127.0.0.1:${freePort()}`;
  admin.app.listen({ hostname: '127.0.0.1', port: Number(new URL(url).port) });
  const contexts: BrowserContext[] = [];
  const open: Open = async (cookie, options = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    contexts.push(context);
    const [name = '', value = ''] = cookie.split('=');
    await context.addCookies([{ name, value, url }]);
    const page = await context.newPage();
    noteProblems(page, problems);
    return { page, go: (path) => page.goto(url + path) };
  };
  try {
    await work(admin, open, customers);
  } finally {
    for (const context of contexts) await context.close();
    await admin.app.stop(true);
  }
}

const TEXT = 'Your verification code is 482913. Room 771204 is yours, as you asked.';

function receive({ house }: AdminHouse, text = TEXT): void {
  const [iccid = ''] = house.db
    .query<{ iccid: string }, []>('SELECT iccid FROM sims')
    .all()
    .map((row) => row.iccid);
  house.clock.pass(1000);
  house.receive({ iccid, sender: 'Acme', text });
}

const orderOf = ({ house }: AdminHouse, service: string) => {
  const row = house.db.query<{ id: string }, [string]>('SELECT id FROM orders WHERE service = ?').get(service);
  return findOrder(house.db, row?.id ?? '');
};

test('the operator decides by keyboard; the customer’s page shows the code at once, and nothing before', async () => {
  await served(async (admin, open, { anna }) => {
    const customer = await open(anna);
    await customer.go('/dashboard');
    await customer.page.locator('#connection[data-connection="socket"]').waitFor({ state: 'attached' });
    await customer.page.evaluate('document.body.setAttribute("data-same-page", "yes")');
    receive(admin);
    // No modem and no door in between: what a commit does is done by hand.
    admin.hub.drain();
    await customer.page.locator('.unsure').waitFor();
    expect(await customer.page.locator('main').innerText()).not.toContain('482913');

    const { page, go } = await open(admin.operator);
    await go('/admin/reviews');
    expect(await page.locator('[data-review-count]').innerText()).toBe('1');
    expect(await page.locator('.review mark').allInnerTexts()).toContain('482913');
    await page.locator('summary', { hasText: 'Deliver' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('input[name="order"]').first().focus();
    await page.locator('label', { hasText: 'anna@example.org' }).locator('input').focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Deliver now' }).focus();
    await page.screenshot({ path: resolve(artifacts, 'reviews.png'), fullPage: true });
    await page.keyboard.press('Enter');
    await page.getByText('Delivered: the customer has it.').waitFor();
    expect(await page.locator('[data-review-count]').count()).toBe(0);
    await until(() => orderOf(admin, 'telegram')?.code === '482913', 'the order has its code');
    await customer.page.locator('.code', { hasText: '482913' }).waitFor();
    expect(await customer.page.locator('body').getAttribute('data-same-page')).toBe('yes');
    expect(await customer.page.locator('.unsure').count()).toBe(0);
    expect(orderOf(admin, 'google')?.status).toBe('pending');
  });
});

test('without scripts: closed, undone, refused in words, and a customer’s report seen', async () => {
  await served(async (admin, open, { anna }) => {
    receive(admin);
    const { page, go } = await open(admin.operator, { javaScriptEnabled: false });
    await go('/admin/reviews');
    await page.getByPlaceholder('Note, for operators only').fill('An advertisement.');
    await page.getByRole('button', { name: 'Not a code' }).click();
    await page.getByText('An advertisement.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Open again.').waitFor();
    await page.locator('summary', { hasText: 'Deliver' }).click();
    await page.locator('label', { hasText: 'anna@example.org' }).locator('input').check();
    await page.getByLabel('Or type it').first().fill('999999');
    await page.getByRole('button', { name: 'Deliver now' }).click();
    await page.locator('[role="alert"]').getByText('as it stands in the text').waitFor();
    await page.locator('summary', { hasText: 'Deliver' }).click();
    await page.locator('label', { hasText: 'anna@example.org' }).locator('input').check();
    await page.getByRole('button', { name: 'Deliver now' }).click();
    await page.getByText('Delivered: the customer has it.').waitFor();

    const customer = await open(anna, { javaScriptEnabled: false });
    await customer.go('/dashboard/history');
    await customer.page.locator('summary', { hasText: '1 message' }).click();
    await customer.page.locator('summary', { hasText: 'Not right?' }).click();
    await customer.page.getByLabel('The code is wrong').check();
    await customer.page.getByLabel('What should it be?').fill('771204');
    await customer.page.getByRole('button', { name: 'Tell the operator' }).click();
    await customer.page.getByText('Nothing changes about your money.').waitFor();
    await page.getByRole('link', { name: 'Reported by customers' }).click();
    await page.getByText('It should be:').waitFor();
    await page.getByRole('button', { name: 'Seen' }).click();
    await page.getByText('Marked as seen.').waitFor();
  });
});

test.each([
  ['phone', 360, 'light'],
  ['phone', 360, 'dark'],
  ['desktop', 1280, 'dark'],
] as const)('the pages fit a %s of %i pixels in %s', async (name, width, colorScheme) => {
  await served(async (admin, open, { anna }) => {
    receive(admin);
    receive(admin, `Your verification code is 551204. ${'w'.repeat(120)} ${'https://example.org/'.repeat(4)}`);
    const operator = await open(admin.operator, { viewport: { width, height: 800 }, colorScheme });
    const customer = await open(anna, { viewport: { width, height: 800 }, colorScheme });
    const overflow = (page: Page) => page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    await operator.go('/admin/reviews');
    for (const word of ['Deliver', 'Other service'])
      await operator.page
        .locator('summary', { hasText: word })
        .nth(word === 'Deliver' ? 0 : 1)
        .click();
    await operator.page.screenshot({ path: resolve(artifacts, `reviews-${name}-${colorScheme}.png`), fullPage: true });
    expect(await overflow(operator.page)).toBe(0);
    await customer.go('/dashboard');
    await customer.page.locator('.unsure').waitFor();
    await customer.page.screenshot({ path: resolve(artifacts, `unsure-${name}-${colorScheme}.png`), fullPage: true });
    expect(await overflow(customer.page)).toBe(0);
  });
});

test('no page complained', () => {
  expect(problems.filter((problem) => !/status of 409/.test(problem))).toEqual([]);
});
