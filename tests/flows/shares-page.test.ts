/** Journeys of two people over one rental, and of a booking by one click, in a browser. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { expectOk } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { root } from '../support/tools.ts';
import { openAs as openPage, sendSms } from '../support/visit.ts';

setDefaultTimeout(120_000);

const artifacts = resolve(root, 'tests/.artifacts');
let server: Server;
let browser: Browser;
const problems: string[] = [];
let shared = '';

beforeAll(async () => {
  server = await startServer({
    env: {
      SMSPIN_MODEMS_DISCOVER: 'false',
      SMSPIN_MODEMS_VIRTUAL: '3',
      SMSPIN_ORDERS_QUARANTINE_MINUTES: '1',
      SMSPIN_MONEY_LOW_BALANCE: '900000',
    },
  });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const signInOf = (role: 'operator' | 'customer') => new RegExp(`as ${role} +(\\S+@\\S+) +(\\S+)`).exec(server.output())?.slice(1, 3) ?? [];

const openAs = (role: 'operator' | 'customer', options: Parameters<Browser['newContext']>[0] = {}) =>
  openPage({ server, browser, problems, expected: /WebSocket connection|ERR_CONNECTION|status of 422/ }, role, options);

test('the inbox of a rental is shared by a link, read live by who accepted, and not after the end', async () => {
  const { page, context } = await openAs('customer');
  const { page: reader, context: other } = await openAs('operator');
  await page.goto(`${server.url}/dashboard/rentals?country=gb&periods=1&unit=day`);
  await page.locator('#rent-button').click();
  await page.waitForURL('**/dashboard/rentals/rnt_*');
  await page.getByLabel('E-mail address').fill(signInOf('operator')[0] ?? '');
  await page.getByRole('button', { name: 'Invite' }).click();
  await page.getByText('Invited. Nothing is shown to them before they accept.').waitFor();
  const link = (await page.locator('[data-share-state="invited"] [data-copy]').getAttribute('data-copy')) ?? '';
  shared = `/dashboard/shared/${new URL(page.url()).pathname.split('/').at(-1)}`;
  expect((await reader.request.get(`${server.url}${shared}`)).status()).toBe(404);
  await reader.goto(`${server.url}${new URL(link).pathname}`);
  await reader.getByRole('button', { name: 'Accept' }).click();
  await reader.getByText('No message came yet.').waitFor();
  const number = (await reader.locator('.number').innerText()).replaceAll(/\s/g, '');
  await sendSms(await other.newPage(), { server }, number, 'Mum', 'Dinner <b>at eight</b>?');
  await reader.getByText('Dinner <b>at eight</b>?').waitFor();
  await reader.goto(`${server.url}/dashboard/shared`);
  await reader.getByRole('link', { name: '+44' }).waitFor();
  await context.close();
  await other.close();
});

test.each([
  ['light', 360],
  ['dark', 360],
  ['light', 1280],
  ['dark', 1280],
] as const)('%s at %d px: nothing is wider than the page', async (colorScheme, width) => {
  const shots = async (page: Page, paths: string[]) => {
    for (const path of paths) {
      await page.goto(`${server.url}${path}`);
      const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      const name = path
        .slice(1)
        .replaceAll('/', '-')
        .replace(/rnt_.*/, 'one');
      await page.screenshot({ path: `${artifacts}/shares-${colorScheme}-${width}-${name}.png`, fullPage: true });
      expect([path, overflow]).toEqual([path, 0]);
    }
  };
  const viewport = { width, height: 800 };
  const { page, context } = await openAs('customer', { colorScheme, viewport });
  await shots(page, [shared.replace('shared', 'rentals'), '/dashboard/balance', '/settings/webhooks', '/settings/notifications']);
  await context.close();
  const { page: reader, context: other } = await openAs('operator', { colorScheme, viewport });
  await shots(reader, ['/dashboard/shared', shared, '/admin/payments']);
  await other.close();
});

test('the renter ends it, and it is gone for the reader', async () => {
  const { page, context } = await openAs('customer');
  const { page: reader, context: other } = await openAs('operator');
  await page.goto(`${server.url}${shared.replace('shared', 'rentals')}`);
  await page.getByRole('button', { name: 'End the share with' }).click();
  await page.getByText('Ended: they read it no longer.').waitFor();
  expect((await reader.request.get(`${server.url}${shared}`)).status()).toBe(404);
  await context.close();
  await other.close();
});

test('when no number is free the next free time is booked by one click, also without JavaScript', async () => {
  const { page, context } = await openAs('customer', { javaScriptEnabled: false });
  const form = `${server.url}/dashboard/rentals?country=gb&periods=1&unit=hour`;
  for (let tries = 0; tries < 5; tries++) {
    await page.goto(form);
    if (!(await page.locator('#rent-button').isEnabled())) break;
    await page.locator('#rent-button').click();
  }
  await page.goto(form);
  await page.getByText('The next one is free at').waitFor();
  await page.getByRole('button', { name: /^Book 1 hour from then on/ }).click();
  await page.waitForURL('**/dashboard/rentals/rnt_**notice=booked');
  await page.getByText('Begins').first().waitFor();
  await context.close();
  expect(problems).toEqual([]);
  await expectOk(server.run(['rate', 'list', '--json']));
});
