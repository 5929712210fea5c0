import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium, noteProblems } from '../support/chromium.ts';
import { expectOk } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { root } from '../support/tools.ts';
import { type Receiver, startReceiver, verified } from './receiver.ts';

setDefaultTimeout(120_000);
const artifacts = resolve(root, 'tests/.artifacts');
const HOSTILE = '<script>alert(1)</script><hx-get=/sign-out> \u202etxet';
let server: Server;
let browser: Browser;
let receiver: Receiver;
let status = 200;
const problems: string[] = [];

beforeAll(async () => {
  receiver = startReceiver(() => new Response(HOSTILE, { status }));
  const config = '[modems]\ndiscover = false\nvirtual = 1\n[webhooks]\nallow = ["127.0.0.1"]\nretry_seconds = [3600]\n';
  server = await startServer({ config });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await receiver?.stop();
});

/** A customer of his own, signed in. */
async function signIn(email: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  await expectOk(server.run(['user', 'add', email, '--password-stdin'], 'correct horse battery'));
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  noteProblems(page, problems, /status of (422|404)/);
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/dashboard');
  return page;
}

async function add(page: Page, url: string): Promise<string> {
  await page.goto(`${server.url}/settings/webhooks`);
  await page.getByLabel('Address').fill(url);
  await page.getByRole('button', { name: 'Add endpoint' }).click();
  const secret = await page.locator('[data-secret]').innerText();
  expect(secret).toMatch(/^whsec_/);
  return secret;
}

const shot = (page: Page, name: string) => page.screenshot({ path: resolve(artifacts, `${name}.png`), fullPage: true });
const narrow = async (page: Page) => {
  const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  expect(wide).toBe(0);
};

test('an endpoint is added, tested, watched, rotated, paused and deleted', async () => {
  const page = await signIn('anna@example.org');
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.goto(`${server.url}/settings/webhooks`);
  await page.getByText('No endpoint yet.').waitFor();

  await page.getByLabel('Address').fill('http://10.0.0.1/hook');
  await page.getByLabel('Only these:').check();
  await page.getByRole('button', { name: 'Add endpoint' }).click();
  expect(await page.locator('#events-error').innerText()).toBe('Tick at least one, or choose all.');
  await page.getByLabel('balance.changed').check();
  await page.getByRole('button', { name: 'Add endpoint' }).click();
  expect(await page.locator('#url-error').innerText()).toContain('not on the public internet');
  expect(await page.getByLabel('Address').inputValue()).toBe('http://10.0.0.1/hook');
  expect(await page.getByLabel('balance.changed').isChecked()).toBe(true);
  await shot(page, 'webhooks-refused');

  const secret = await add(page, receiver.url);
  await page.getByRole('button', { name: 'Copy the secret' }).waitFor();
  await shot(page, 'webhooks-secret');
  await page.getByRole('link', { name: 'I have it' }).click();
  expect(await page.content()).not.toContain(secret);
  const endpoint = page.url();
  expect(await page.locator('a[aria-current]').filter({ hasText: 'Webhooks' }).count()).toBe(1);

  await page.getByRole('button', { name: 'Send a test event' }).click();
  await page.waitForURL('**/deliveries/*');
  await page.getByText('HTTP 200').waitFor();
  expect(await page.locator('[data-attempt="1"]').innerText()).toContain('<script>alert(1)</script><hx-get=/sign-out> \ufffdtxet');
  expect(verified(secret, receiver.received[0] as never)).toMatchObject({ type: 'webhook.test' });
  await shot(page, 'webhooks-delivery');

  // A fact of the house, told through the command of another process.
  status = 500;
  await expectOk(server.run(['user', 'credit', 'anna@example.org', '500']));
  await page.goto(endpoint);
  const row = page.locator('.deliveries li').filter({ hasText: 'balance.changed' });
  for (let n = 0; n < 200 && !(await row.innerText()).includes('HTTP 500'); n++) {
    await Bun.sleep(100);
    await page.reload();
  }
  expect(await row.innerText()).toContain('Retrying');
  await page.getByText('Failing since').waitFor();
  status = 200;
  await row.getByRole('link').click();
  await page.getByRole('button', { name: 'Send now' }).click();
  await page.getByText('Queued. It is sent again now.').waitFor();
  for (let n = 0; n < 200 && (await page.locator('[data-attempt]').count()) < 2; n++) {
    await Bun.sleep(100);
    await page.reload();
  }
  expect(await page.locator('[data-attempt]').count()).toBe(2);
  expect(new Set(receiver.received.slice(1).map(({ id }) => id)).size).toBe(1);

  await page.goto(endpoint);
  await page.getByText('Rotate the secret…').click();
  await page.getByRole('button', { name: 'Rotate', exact: true }).click();
  const second = await page.locator('[data-secret]').innerText();
  expect(second).not.toBe(secret);
  await page.goto(endpoint);
  await page.getByText('Two secrets sign until').waitFor();
  await page.getByRole('button', { name: 'Send a test event' }).click();
  await page.waitForURL('**/deliveries/*');
  for (const each of [secret, second]) verified(each, receiver.received.at(-1) as never);

  await page.goto(endpoint);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused: nothing is sent').waitFor();
  expect(await page.getByRole('button', { name: 'Send again' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByText('The endpoint is active.').waitFor();
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.getByText('There was nothing to send again.').waitFor();

  await page.getByLabel('Description').fill('Orders of the shop');
  await page.getByLabel('Only these:').check();
  await page.getByLabel('order.received').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await shot(page, 'webhooks-one');
  await page.setViewportSize({ width: 360, height: 800 });
  await narrow(page);
  await shot(page, 'webhooks-one-narrow');
  await page.goto(`${server.url}/settings/webhooks`);
  await page.getByText('Orders of the shop').waitFor();
  await narrow(page);
  await shot(page, 'webhooks-narrow');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.reload();
  await shot(page, 'webhooks-dark');

  await page.goto(endpoint);
  await page.getByText('Delete this endpoint…').click();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await page.getByText('The endpoint is deleted.').waitFor();
  await page.goto(endpoint);
  await page.getByText('You have no webhook endpoint with this id.').waitFor();
  await page.context().close();
});

test('without JavaScript the same, and a banner stands on the dashboard when the address is gone', async () => {
  const page = await signIn('bert@example.org', { javaScriptEnabled: false });
  const secret = await add(page, `${receiver.url}/bert`);
  await page.getByRole('link', { name: 'I have it' }).click();
  const endpoint = page.url();
  status = 410;
  await expectOk(server.run(['user', 'credit', 'bert@example.org', '500']));
  for (let n = 0; n < 200; n++) {
    await page.goto(`${server.url}/dashboard`);
    if ((await page.locator('[data-disabled-webhook]').count()) > 0) break;
    await Bun.sleep(100);
  }
  await page.getByText('was switched off').waitFor();
  await shot(page, 'webhooks-banner');
  await page.getByRole('link', { name: 'See why' }).click();
  await page.getByText('it answered 410 Gone').waitFor();
  await shot(page, 'webhooks-gone');
  status = 200;
  await page.getByRole('button', { name: 'Send a test event' }).click();
  await page.getByText('HTTP 200').waitFor();
  await page.goto(endpoint);
  await page.getByRole('button', { name: 'Switch on again' }).click();
  await page.getByText('The endpoint is active.').waitFor();
  await page.getByLabel('All that failed in the last').selectOption('1');
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.getByText('Queued. It is sent again now.').waitFor();
  const delivered = page.locator('.deliveries li').filter({ hasText: 'balance.changed' });
  for (let n = 0; n < 200 && (await delivered.count()) === 0; n++) {
    await Bun.sleep(100);
    await page.goto(`${endpoint}?state=delivered`);
  }
  expect(await delivered.count()).toBe(1);
  // Once when it was gone, once when it was replayed: the same event.
  expect(
    new Set(
      receiver.received
        .filter(({ body }) => body.includes('balance.changed'))
        .slice(-2)
        .map(({ id }) => id),
    ).size,
  ).toBe(1);
  verified(secret, receiver.received.at(-1) as never);
  await page.goto(`${server.url}/dashboard`);
  expect(await page.locator('[data-disabled-webhook]').count()).toBe(0);

  // A rotation that is sent twice from the same page happens once.
  await page.goto(endpoint);
  await page.getByText('Rotate the secret…').click();
  await page.getByRole('button', { name: 'Rotate', exact: true }).click();
  await page.locator('[data-secret]').waitFor();
  await page.reload();
  await page.getByText('the secret was not changed again').waitFor();
  await page.context().close();
});

test('the pages make the browser complain about nothing', () => {
  expect(problems).toEqual([]);
});
