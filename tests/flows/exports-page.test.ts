/** The page of exports and the page of an order, as a person uses them. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { launchChromium, noteProblems } from '../support/chromium.ts';
import { customer, expectOk } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';

setDefaultTimeout(120_000);

const PASSWORD = 'a password for exports';
let server: Server;
let browser: Browser;
const problems: string[] = [];

beforeAll(async () => {
  server = await startServer({ env: { SMSPIN_MODEMS_DISCOVER: 'false', SMSPIN_MODEMS_VIRTUAL: '1' } });
  for (const email of ['anna@example.org', 'bob@example.org']) {
    await customer(server, email);
    await expectOk(server.run(['user', 'password', email, '--password-stdin'], `${PASSWORD}\n`));
  }
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function openAs(email: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, ...options });
  const page = await context.newPage();
  // The form that is refused is answered 422, as it should be.
  noteProblems(page, problems, /status of 422/);
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/dashboard');
  await page.goto(`${server.url}/settings/exports`);
  return page;
}

test('from the empty page to a file and back: refused, made, shown by itself, fetched, revoked', async () => {
  const page = await openAs('anna@example.org');
  await page.getByText('You have made no export yet.').waitFor();
  await page.getByLabel('From').fill('2026-11-20');
  await page.getByLabel('To').fill('2026-11-10');
  await page.getByRole('button', { name: 'Make the file' }).click();
  await page.getByText('The last day must not be before the first.').waitFor();
  expect(await page.getByLabel('To').getAttribute('aria-invalid')).toBe('true');
  expect(await page.getByLabel('From').inputValue()).toBe('2026-11-20');

  await page.goto(`${server.url}/settings/exports`);
  await page.getByLabel('What').selectOption('ledger');
  await page.getByRole('button', { name: 'Make the file' }).click();
  await page.waitForURL('**/settings/exports?notice=export-queued');
  // Whatever it was when the page came: it gets ready without a reload, and nothing asks any more.
  await page.locator('.export[data-status="ready"]').waitFor();
  expect(await page.locator('[hx-get]').count()).toBe(0);
  expect(await page.locator('html').evaluate((html) => html.scrollWidth <= html.clientWidth)).toBe(true);

  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download Money, CSV' }).click();
  expect(readFileSync(await (await downloading).path(), 'utf8')).toContain(',top_up,');
  await page.getByRole('button', { name: /^Revoke Money, CSV/ }).click();
  await page.getByText('Revoked: the link leads nowhere any more').waitFor();
  expect(await page.locator('.export').getAttribute('data-status')).toBe('revoked');
  expect(problems).toEqual([]);
});

test('without JavaScript it is the same with a reload', async () => {
  const page = await openAs('bob@example.org', { javaScriptEnabled: false });
  await page.getByLabel('What').selectOption('orders');
  await page.getByLabel('Format').selectOption('json');
  await page.getByRole('button', { name: 'Make the file' }).click();
  await page.waitForURL('**/settings/exports?notice=export-queued');
  for (let n = 0; n < 100 && (await page.locator('.export[data-status="ready"]').count()) === 0; n++) await page.reload();
  await page.getByText('0 rows, 0 B.').waitFor();
  expect(await page.getByRole('link', { name: 'Signed manifest of Orders, JSON' }).getAttribute('href')).toMatch(
    /^\/exports\/exp_.*manifest\.json\?key=/,
  );
});

test('the export of another customer is not there', async () => {
  const page = await openAs('bob@example.org');
  const anna = await openAs('anna@example.org');
  const id = await anna.locator('.export').first().getAttribute('data-export-id');
  for (const verb of ['revoke', 'cancel']) {
    const answer = await page.request.post(`${server.url}/settings/exports/${id}/${verb}`, { headers: { origin: server.url } });
    expect(answer.status()).toBe(404);
  }
});
